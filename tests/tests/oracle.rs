//! The engine against cvc5, a solver from outside that has the rule's meaning from a text of its
//! own (`oracle/`): the same accounts, the same verdict in every mode, and witnesses that it accepts.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::env;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::snapshot::Snapshot;
use e2e::Result;
use e2e::process::python;
use serde_json::{Value, json};
use testkit::chance::Rng;
use testkit::{accounts, question};

/// The command's allocator, so that the engine's time is that of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The seed of the first random account; the others have the next ones.
const SEED: u64 = 1_000_000;

/// How many random accounts are put to both, unless `TRAILPROOF_ORACLE_ACCOUNTS` says otherwise.
const ACCOUNTS: u64 = 5_000;

/// An account and a question, as the engine answers it.
struct Asked {
    name: String,
    snapshot: Value,
    question: Question,
    verdicts: Value,
    witnesses: Vec<Value>,
}

impl Asked {
    fn new(name: String, snapshot: Value, asked: Question, modes: &[Mode]) -> Self {
        let parsed = Snapshot::from_json(&snapshot.to_string()).unwrap();
        let results: Vec<_> = modes
            .iter()
            .map(|mode| evaluate(&parsed, &Question { mode: *mode, ..asked.clone() }))
            .collect();
        let mut verdicts = json!({});
        let mut witnesses = Vec::new();
        for (mode, result) in modes.iter().zip(&results) {
            verdicts[mode.name()] = json!(result.verdict.name());
            let report = serde_json::to_value(result).unwrap();
            let mut add = |trail: &Value, gaps: &Value| {
                for (at, gap) in gaps.as_array().unwrap().iter().enumerate() {
                    let witness =
                        json!({"trail": trail, "record": gap["witness"], "isFirst": at == 0});
                    if !witnesses.contains(&witness) {
                        witnesses.push(witness);
                    }
                }
            };
            add(&Value::Null, &report["gaps"]);
            for trail in report["trails"].as_array().unwrap() {
                add(&trail["arn"], &trail["gaps"]);
            }
        }
        Self { name, snapshot, question: asked, verdicts, witnesses }
    }

    fn line(&self) -> String {
        let mut line = question::to_json(&self.question);
        line["snapshot"] = self.snapshot.clone();
        line["modes"] = json!(self.verdicts.as_object().unwrap().keys().collect::<Vec<_>>());
        line["witnesses"] = json!(self.witnesses);
        format!("{line}\n")
    }
}

/// What both sides said, summed up.
#[derive(Debug, Default)]
struct Agreement {
    accounts: usize,
    verdicts: [usize; 3],
    witnesses: usize,
    queries: u64,
    solver: f64,
    wrong: Vec<String>,
}

/// Puts the questions to cvc5 and compares.
fn compare(asked: &[Asked], file: &str, options: &[&str]) -> Result<Agreement> {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(file);
    fs::write(&path, asked.iter().map(Asked::line).collect::<String>())?;
    let ran = python(&["-m", "oracle"])?.arg(&path).args(options).output()?;
    let errors = String::from_utf8_lossy(&ran.stderr);
    let answers: Vec<Value> = String::from_utf8(ran.stdout)?
        .lines()
        .map(serde_json::from_str)
        .collect::<std::result::Result<_, _>>()?;
    if !ran.status.success() || answers.len() != asked.len() {
        return Err(format!("{} answers to {}: {errors}", answers.len(), asked.len()).into());
    }
    let mut agreement = Agreement { accounts: asked.len(), ..Agreement::default() };
    for (ours, theirs) in asked.iter().zip(&answers) {
        if theirs["verdicts"] != ours.verdicts || theirs["refused"] != json!([]) {
            agreement.wrong.push(format!(
                "{} {:?}: ours {}\n  {theirs}\n  {}",
                ours.name, ours.question, ours.verdicts, ours.snapshot
            ));
        }
        for verdict in ours.verdicts.as_object().unwrap().values() {
            let at = ["COMPLIANT", "NON_COMPLIANT", "INDETERMINATE"].map(|name| verdict == name);
            agreement.verdicts[at.iter().position(|is| *is).unwrap()] += 1;
        }
        agreement.witnesses += ours.witnesses.len();
        agreement.queries += theirs["queries"].as_u64().unwrap_or_default();
        agreement.solver += theirs["seconds"].as_f64().unwrap_or_default();
    }
    Ok(agreement)
}

impl Agreement {
    fn print(&self, what: &str) {
        let [compliant, lost, unknown] = self.verdicts;
        // Past the capture of tests' output, for everyone to see.
        let written = writeln!(
            io::stderr(),
            "{what}: {} accounts, {compliant} verdicts COMPLIANT, {lost} NON_COMPLIANT, {unknown} \
             INDETERMINATE, {} witnesses, {} queries, {} disagreements",
            self.accounts,
            self.witnesses,
            self.queries,
            self.wrong.len(),
        );
        assert!(written.is_ok());
        assert!(self.wrong.is_empty(), "{what}:\n{}", self.wrong.join("\n"));
    }
}

/// Random accounts with a question each. Those with texts near the longest key or the longest
/// name of a bucket are left out: the
/// solver, which knows the limit, does not end on some of them. The core's own tests try them.
fn random(count: u64, modes: Option<&[Mode]>) -> Vec<Asked> {
    let asked = |seed| {
        let mut rng = Rng::new(seed);
        let account = accounts::account(&mut rng);
        let question = question::question(&mut rng);
        let own = [question.mode];
        let is_short = longest_text(&account) < LONG;
        is_short
            .then(|| Asked::new(format!("seed {seed}"), account, question, modes.unwrap_or(&own)))
    };
    (SEED..).filter_map(asked).take(usize::try_from(count).unwrap()).collect()
}

/// The shortest text that counts as near the longest.
const LONG: usize = 200;

fn longest_text(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(longest_text).max().unwrap_or(0),
        Value::Object(members) => members.values().map(longest_text).max().unwrap_or(0),
        _ => 0,
    }
}

#[test]
fn random_accounts() -> Result {
    let count = env::var("TRAILPROOF_ORACLE_ACCOUNTS").map_or(Ok(ACCOUNTS), |text| text.parse())?;
    let asked = random(count, Some(&Mode::ALL));
    let agreement = compare(&asked, "oracle-random.jsonl", &[])?;
    agreement.print(&format!("cvc5 on random accounts from seed {SEED}"));
    let least = asked.len() * 3 / 50;
    assert!(agreement.verdicts.iter().all(|count| *count > least), "{:?}", agreement.verdicts);
    Ok(())
}

#[test]
fn worked_cases() -> Result {
    let mut asked = Vec::new();
    for case in e2e::cases::all()? {
        for kind in Kind::ALL {
            let names = case.allow_unlogged.iter().map(|name| name.parse());
            let allow_unlogged = names.collect::<std::result::Result<_, _>>()?;
            let deliveries = case.deliveries.parse()?;
            let question =
                Question { allow_unlogged, deliveries, ..Question::new(kind, Mode::Any) };
            asked.push(Asked::new(case.id.clone(), case.snapshot.clone(), question, &Mode::ALL));
        }
    }
    compare(&asked, "oracle-cases.jsonl", &[])?.print("cvc5 on the worked cases");
    Ok(())
}

/// A record that a trail logs is no witness, and one that is out of scope is none either.
#[test]
fn wrong_witnesses_are_refused() -> Result {
    let case = e2e::cases::all()?.into_iter().find(|case| case.id == "arn-07-three-way-hole");
    let snapshot = case.ok_or("the case is gone")?.snapshot;
    let question = Question::new(Kind::Write, Mode::Any);
    let mut asked = Asked::new("altered".into(), snapshot, question, &Mode::ALL);
    let right = asked.witnesses[0].clone();
    let mut alter = |member: &str, value: &str| {
        let mut wrong = right.clone();
        wrong["record"][member] = json!(value);
        asked.witnesses.push(wrong);
    };
    alter("resources.ARN", "arn:aws:s3:::acme/logged");
    alter("resources.ARN", "arn:aws:s3:::ac/short");
    alter("resources.ARN", "arn:aws-cn:s3:::acl/elsewhere");
    alter("eventName", "GetObject");
    alter("readOnly", "true");
    alter("sessionCredentialFromConsole", "false");
    alter("resources.ARN", &format!("arn:aws:s3:::acl/{}", "\u{e9}".repeat(513)));
    alter("userIdentity.invokedBy", "cloudtrail.amazonaws.com");
    let wrong = asked.witnesses[asked.witnesses.len() - 8..].to_vec();
    let agreement = compare(&[asked], "oracle-wrong.jsonl", &[])?;
    let said: Value = serde_json::from_str(agreement.wrong[0].lines().nth(1).unwrap_or_default())?;
    let mut refused = said["refused"].clone();
    for witness in refused.as_array_mut().ok_or("no list")? {
        let because = witness.as_object_mut().and_then(|witness| witness.remove("because"));
        assert!(because.is_some_and(|because| because.is_string()));
    }
    assert_eq!(refused, json!(wrong));
    Ok(())
}

/// The processor time of this thread so far, or the time of day where the system does not tell.
fn thread_time() -> Duration {
    let told = fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = told.and_then(|text| text.split(' ').next()?.parse().ok());
    nanoseconds.map_or_else(
        || SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
        Duration::from_nanos,
    )
}

/// How much faster the engine is: one question about each account, by processor time.
///
/// The engine's time holds everything that a report says, evidence included; cvc5's is that of its
/// queries alone. The engine is measured before and after the solver, for a machine may be slow for
/// some seconds.
#[test]
#[ignore = "measures time: `cargo xtask oracle-ratio`"]
fn ratio() -> Result {
    const PASSES: u32 = 20;
    let asked = random(1_000, None);
    let problems: Vec<(Snapshot, Question)> = asked
        .iter()
        .map(|asked| {
            let snapshot = Snapshot::from_json(&asked.snapshot.to_string()).unwrap();
            (snapshot, asked.question.clone())
        })
        .collect();
    let passes = || {
        let start = thread_time();
        for _ in 0..PASSES {
            for (snapshot, question) in &problems {
                black_box(evaluate(black_box(snapshot), black_box(question)));
            }
        }
        thread_time() - start
    };
    let before = passes();
    let agreement = compare(&asked, "oracle-ratio.jsonl", &["--processes", "1"])?;
    agreement.print("one question about each account");
    let engine = ((before + passes()) / (2 * PASSES)).as_secs_f64();
    let (solver, ratio) = (agreement.solver, agreement.solver / engine);
    println!("cvc5 {solver:.2} s, the engine {engine:.5} s: {ratio:.0} times faster");
    assert!(ratio >= 1_000.0, "the engine is less than 1,000 times faster");
    Ok(())
}
