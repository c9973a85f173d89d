//! Thousands of invocations through a proxy that breaks what it can: never a wrong verdict.
//!
//! `TRAILPROOF_CAMPAIGN` sets the number of invocations and `TRAILPROOF_CAMPAIGN_SEED` the seed. An
//! invocation is the same for the same seed and number, up to the machine's own timing.

use std::collections::{BTreeMap, HashMap};
use std::env;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::cases::{self, Case};
use e2e::event::{RULE_NAME, SENT_AT_SECONDS, scheduled};
use e2e::proxy::{Fault, Plan, Proxy, Random};
use e2e::runtime_api::Answer;
use e2e::servers::{Standin, world_of};
use serde_json::{Value, json};

const INVOCATIONS: u64 = 2_000;
const SEED: u64 = 38;

/// How many functions run at a time, each with its own proxy and stand-in: they wait for most of
/// the time.
const WORKERS: u64 = 8;

/// How many invocations a process serves before it is started anew, with no open connection and
/// its full allowance of retries.
const PER_PROCESS: u64 = 40;

/// The errors that faults may lead to, by the names that do not change.
const ERRORS: [&str; 7] = [
    "DeadlineExceeded",
    "Indeterminate",
    "InvalidSnapshot",
    "PutEvaluationsFailed",
    "ResultsUnreadable",
    "RoleNotAssumed",
    "TrailsUnreadable",
];

/// The role that some accounts are read in.
const ROLE: &str = "audit";

/// One invocation of the campaign: all that its number decides.
struct Invocation<'a> {
    number: u64,
    case: &'a Case,
    kind: &'static str,
    mode: &'static str,
    /// What is put where the account is undecided, for whatever reason.
    on_indeterminate: &'static str,
    report_on: &'static str,
    /// Whether the account is read and reported on in a role.
    in_role: bool,
    plan: Plan,
    timeout: Duration,
}

/// What is stored: the account's compliance, and that of each trail by its id.
#[derive(Debug, Default, PartialEq)]
struct Stored {
    account: Option<String>,
    trails: BTreeMap<String, String>,
}

impl Stored {
    /// What the stand-in has for the rule of this account; an error where it has anything else.
    fn of(rules: &[Value], account: &str) -> Result<Self> {
        let mut stored = Self::default();
        let [rule] = rules else {
            return if rules.is_empty() { Ok(stored) } else { Err("several rules".into()) };
        };
        for evaluation in rule["evaluations"].as_array().ok_or("no evaluations")? {
            let text = |member: &str| evaluation[member].as_str().unwrap_or_default().to_string();
            let (id, compliance) = (text("ComplianceResourceId"), text("ComplianceType"));
            let right_time = evaluation["OrderingTimestamp"] == SENT_AT_SECONDS;
            match text("ComplianceResourceType").as_str() {
                _ if rule["rule"] != RULE_NAME || !right_time => return Err("a strange row".into()),
                "AWS::::Account" if id == account => stored.account = Some(compliance),
                "AWS::CloudTrail::Trail" => drop(stored.trails.insert(id, compliance)),
                _ => return Err("a strange resource".into()),
            }
        }
        Ok(stored)
    }
}

impl<'a> Invocation<'a> {
    fn new(seed: u64, number: u64, cases: &'a [Case]) -> Result<Self> {
        let mut random = Random::new(&[seed, number]);
        let (per_cent, slow, timeout) = match random.below(10) {
            // Nothing happens, and the right verdict must come.
            0 | 1 => (0, false, 60_000),
            // The SDK waits as long as it wants before each retry.
            2 => (10 + random.below(20), false, 60_000),
            // Retries and timeouts are cut to what is left.
            _ => (5 + random.below(45), true, 300 + random.below(1_200)),
        };
        Ok(Self {
            number,
            case: random.choose(cases).ok_or("there are no cases")?,
            kind: random.choose(&["write", "read"]).ok_or("no kind")?,
            mode: random.choose(&["any", "union", "every"]).ok_or("no mode")?,
            on_indeterminate: random
                .choose(&["ERROR", "ERROR", "ERROR", "NOT_APPLICABLE"])
                .ok_or("no choice")?,
            report_on: random
                .choose(&["account", "account", "account", "account+trails"])
                .ok_or("no choice")?,
            in_role: random.below(4) == 0,
            plan: Plan { invocation: number, per_cent, slow },
            timeout: Duration::from_millis(timeout),
        })
    }

    /// The verdict of the account as it is.
    fn right(&self) -> &str {
        self.case.expected(self.kind, self.mode)
    }

    /// The token of this invocation alone, so that nothing of an earlier one is stored for it.
    fn token(&self) -> String {
        format!("campaign-token-{}", self.number)
    }

    fn event(&self) -> Value {
        let mut parameters = Value::Object(self.case.parameters());
        parameters["EventKinds"] = json!(self.kind);
        parameters["TrailMode"] = json!(self.mode);
        parameters["OnIndeterminate"] = json!(self.on_indeterminate);
        parameters["OnUnreadable"] = json!(self.on_indeterminate);
        parameters["ReportOn"] = json!(self.report_on);
        if self.in_role {
            parameters["MemberRoleName"] = json!(ROLE);
        }
        let (account, region) = (self.case.text("accountId"), self.case.text("region"));
        let mut event = scheduled(account, region, self.case.text("partition"), &parameters);
        event["resultToken"] = json!(self.token());
        event
    }

    fn world(&self) -> Value {
        let mut world = world_of(&self.case.snapshot);
        let place = world["tokens"]["token"].take();
        world["tokens"] = json!({self.token(): place});
        let (partition, account) = (self.case.text("partition"), self.case.text("accountId"));
        world["roles"] = json!([format!("arn:{partition}:iam::{account}:role/{ROLE}")]);
        // Two cases show what AWS's own model forbids in an answer.
        world["beyondModel"] = json!(["GetEventSelectors"]);
        world
    }

    /// Whether the trails get rows, which are then there before anything breaks.
    fn has_rows(&self) -> bool {
        self.report_on == "account+trails"
    }

    /// Whether each trail has the row that it had, or the one that is put where it is undecided.
    fn rows_are_right(&self, before: &Stored, stored: &Stored, befallen: bool) -> bool {
        let may_be_undecided = self.on_indeterminate == "NOT_APPLICABLE" && befallen;
        stored.trails.len() == before.trails.len()
            && stored.trails.iter().all(|(id, row)| match before.trails.get(id) {
                None => false,
                Some(was) => row == was || (may_be_undecided && row == "NOT_APPLICABLE"),
            })
    }

    /// What is wrong with this answer and what is stored; nothing where all is well. `before` is
    /// what was stored before, when nothing was broken.
    fn wrong(
        &self,
        answer: &Answer,
        before: &Stored,
        stored: &[Value],
        befallen: bool,
    ) -> Option<String> {
        let stored = match Stored::of(stored, self.case.text("accountId")) {
            Ok(stored) => stored,
            Err(error) => return Some(error.to_string()),
        };
        if self.has_rows() && !self.rows_are_right(before, &stored, befallen) {
            return Some(format!("a trail's row has changed from {before:?}"));
        }
        let right = self.right();
        let undecided = right == "INDETERMINATE";
        let not_applicable = self.on_indeterminate == "NOT_APPLICABLE"
            && (undecided || befallen)
            && stored.account.as_deref() == Some("NOT_APPLICABLE");
        let good = (!undecided && stored.account.as_deref() == Some(right)) || not_applicable;
        match answer {
            Answer::Response(_) if good => None,
            Answer::Response(_) => Some("the invocation succeeded with something else put".into()),
            Answer::Error(error) => {
                let name = error["errorType"].as_str().unwrap_or_default();
                let may_be_stored = matches!(name, "PutEvaluationsFailed" | "DeadlineExceeded");
                if !ERRORS.contains(&name) {
                    Some("the error's name is not known".into())
                } else if !(befallen || (undecided && name == "Indeterminate")) {
                    Some("nothing befell it, and it failed".into())
                } else if !(stored == *before || (may_be_stored && good)) {
                    Some("the invocation failed with something else put".into())
                } else {
                    None
                }
            }
        }
    }
}

/// A function with what is around it.
struct Worker {
    standin: Standin,
    proxy: Proxy,
    bootstrap: Bootstrap,
    served: u64,
    log: String,
}

impl Worker {
    fn new(seed: u64) -> Result<Self> {
        let standin = Standin::start()?;
        let proxy = Proxy::start(standin.port(), seed)?;
        let bootstrap = Self::function(&proxy)?;
        Ok(Self { standin, proxy, bootstrap, served: 0, log: String::new() })
    }

    fn function(proxy: &Proxy) -> Result<Bootstrap> {
        Bootstrap::start_with(&proxy.url(), "us-east-1", &[("AWS_MAX_ATTEMPTS", "3")])
    }

    fn run(&mut self, invocation: &Invocation<'_>, tally: &Mutex<Tally>) -> Result {
        if self.served > 0 && self.served.is_multiple_of(PER_PROCESS) {
            self.log.push_str(&self.bootstrap.log());
            self.bootstrap = Self::function(&self.proxy)?;
        }
        self.served += 1;
        self.standin.set_world(&invocation.world())?;
        let mut before = Stored::default();
        if invocation.has_rows() {
            self.proxy.begin(Plan::default());
            // Where the account is undecided, this fails, and there are no rows.
            let answer = self.bootstrap.invoke(&invocation.event())?;
            let stored = self.standin.evaluations()?;
            before = Stored::of(&stored, invocation.case.text("accountId"))?;
            if let Some(wrong) = invocation.wrong(&answer, &before, &stored, false) {
                return Err(
                    format!("{}, before anything is broken: {wrong}", invocation.case.id).into()
                );
            }
        }
        self.proxy.begin(invocation.plan);
        let answer = self.bootstrap.invoke_within(&invocation.event(), invocation.timeout)?;
        let struck = self.proxy.struck();
        let stored = self.standin.evaluations()?;
        // Where timeouts are short, a busy machine is a fault like any other.
        let befallen = !struck.is_empty() || invocation.plan.slow;
        let mut tally = tally.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wrong) = invocation.wrong(&answer, &before, &stored, befallen) {
            tally.wrong.push(format!(
                "invocation {}: {wrong}\n  case {} {} {}, right: {}\n  answer: {answer:?}\n  \
                 stored: {stored:?}\n  struck: {struck:?}",
                invocation.number,
                invocation.case.id,
                invocation.kind,
                invocation.mode,
                invocation.right(),
            ));
        }
        tally.count(invocation, &answer, &struck, &stored);
        Ok(())
    }
}

/// What the whole campaign came to.
#[derive(Default)]
struct Tally {
    outcomes: BTreeMap<String, u64>,
    faults: HashMap<Fault, u64>,
    lost_replies: u64,
    wrong: Vec<String>,
    log: String,
}

impl Tally {
    fn count(
        &mut self,
        invocation: &Invocation<'_>,
        answer: &Answer,
        struck: &[(String, Fault)],
        stored: &[Value],
    ) {
        let compliance = stored.first().map(|rule| &rule["evaluations"][0]["ComplianceType"]);
        let outcome = match answer {
            Answer::Response(_) => compliance.and_then(Value::as_str).unwrap_or_default(),
            Answer::Error(error) => {
                self.lost_replies += u64::from(compliance.is_some() && !invocation.has_rows());
                error["errorType"].as_str().unwrap_or_default()
            }
        };
        *self.outcomes.entry(outcome.to_string()).or_default() += 1;
        for (_, fault) in struck {
            *self.faults.entry(*fault).or_default() += 1;
        }
    }
}

fn from_environment(name: &str, default: u64) -> Result<u64> {
    match env::var(name) {
        Ok(text) => text.parse().map_err(|_| format!("{name}: `{text}` is no number").into()),
        Err(_) => Ok(default),
    }
}

#[test]
fn no_fault_makes_a_wrong_verdict() -> Result {
    let invocations = from_environment("TRAILPROOF_CAMPAIGN", INVOCATIONS)?;
    let seed = from_environment("TRAILPROOF_CAMPAIGN_SEED", SEED)?;
    let cases = cases::all()?;
    let tally = Mutex::new(Tally::default());
    let work = |first: u64| -> Result {
        let mut worker = Worker::new(seed)?;
        for number in (first..invocations).step_by(usize::try_from(WORKERS)?) {
            let invocation = Invocation::new(seed, number, &cases)?;
            worker
                .run(&invocation, &tally)
                .map_err(|error| format!("invocation {number} of seed {seed}: {error}"))?;
        }
        let log = worker.log + &worker.bootstrap.log();
        tally.lock().unwrap_or_else(PoisonError::into_inner).log.push_str(&log);
        Ok(())
    };
    thread::scope(|scope| -> Result {
        let workers: Vec<_> = (0..WORKERS).map(|first| scope.spawn(move || work(first))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| "a worker panicked")?)
    })?;

    let tally = tally.into_inner().unwrap_or_else(PoisonError::into_inner);
    eprintln!(
        "campaign: seed {seed}, {invocations} invocations: {:?}; {} faults; {} errors whose \
         evaluation was stored all the same, and right",
        tally.outcomes,
        tally.faults.values().sum::<u64>(),
        tally.lost_replies,
    );
    let wrong = &tally.wrong;
    assert!(wrong.is_empty(), "seed {seed}: {} wrong:\n{}", wrong.len(), wrong.join("\n"));
    for secret in ["arn:", "campaign-token"] {
        let line = tally.log.lines().find(|line| line.contains(secret));
        assert_eq!(line, None, "`{secret}` is logged");
    }
    if invocations >= INVOCATIONS {
        for fault in Fault::ALL {
            assert!(tally.faults.contains_key(&fault), "{fault:?} befell nothing");
        }
        for outcome in ["COMPLIANT", "NON_COMPLIANT", "NOT_APPLICABLE", "Indeterminate"] {
            assert!(tally.outcomes.contains_key(outcome), "no {outcome}: {:?}", tally.outcomes);
        }
    }
    Ok(())
}
