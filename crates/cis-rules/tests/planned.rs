//! Plans: the verdict is that of all completions, and what is said of them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use std::sync::{Arc, Mutex};

use cis_rules::open_values::{Asked, Completions, OpenValues, PlannedBucket, Split, StandIn, Way};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::{AccountResult, Verdict};
use cis_rules::snapshot::Snapshot;
use cis_rules::{evaluate, evaluate_with_account};
use serde_json::{Value, json};

/// A plan of which texts are left open: each is a word in the JSON of its trails.
#[derive(Clone, Debug)]
struct Plan {
    trails: String,
    /// The words that are open, with the texts that each can be; the last one stands for all others
    /// where its word is a name.
    open: Vec<(&'static str, Vec<String>)>,
    buckets: Vec<PlannedBucket>,
}

impl Plan {
    fn of(trails: &[Value], open: &[(&'static str, &[&str])]) -> Self {
        let texts = |texts: &[&str]| texts.iter().map(|text| text.to_string()).collect();
        Self {
            trails: Value::from(trails.to_vec()).to_string(),
            open: open.iter().map(|(word, all)| (*word, texts(all))).collect(),
            buckets: Vec::new(),
        }
    }

    /// As long as a word is open, nothing is known of the trails it stands in.
    fn snapshot(&self) -> Snapshot {
        let trails: Vec<Value> = serde_json::from_str(&self.trails).unwrap();
        let is_open =
            |trail: &Value| self.open.iter().any(|(word, _)| trail.to_string().contains(word));
        let seen = |trail: Value| match is_open(&trail) {
            true => json!({"trail": {"Name": trail["trail"]["Name"]},
                "open": [{"reason": "a word is open", "settledBy": "say it"}]}),
            false => trail,
        };
        let mut snapshot = account::of(&trails.into_iter().map(seen).collect::<Vec<_>>());
        snapshot.name = Some("plan".to_string());
        snapshot.open_values = OpenValues::new(Arc::new(self.clone()));
        snapshot
    }
}

impl Completions for Plan {
    fn buckets(&self) -> Vec<PlannedBucket> {
        self.buckets.clone()
    }

    fn mentions(&self) -> Vec<String> {
        Vec::new()
    }

    fn split(&self, _: &Asked<'_>) -> Option<Split> {
        let (word, texts) = self.open.first()?;
        let way = |text: &String| {
            let mut plan = self.clone();
            plan.open.remove(0);
            plan.trails = plan.trails.replace(word, text);
            for bucket in &mut plan.buckets {
                if bucket.own_name == *word {
                    bucket.name = Some(text.clone());
                }
            }
            let stand_in = text
                .ends_with("-made-up")
                .then(|| StandIn { text: text.clone(), shown: format!("${{{word}}}") });
            let account = Snapshot { name: None, ..plan.snapshot() };
            Way { value: format!("`{text}`"), stand_in, account }
        };
        Some(Split {
            what: format!("word `{word}`"),
            settled_by: format!("say {word}"),
            ways: texts.iter().map(way).collect(),
        })
    }
}

fn trail(name: &str, condition: &Value) -> Value {
    let mut fields = vec![
        json!({"Field": "eventCategory", "Equals": ["Data"]}),
        json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
    ];
    fields.extend((!condition.is_null()).then(|| condition.clone()));
    json!({
        "trail": {
            "Name": name, "TrailARN": format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/{name}"),
            "HomeRegion": "us-east-1", "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
        },
        "status": {"IsLogging": true},
        "eventSelectors": {"AdvancedEventSelectors": [{"FieldSelectors": fields}]},
    })
}

fn arn(operator: &str, text: &str) -> Value {
    json!({"Field": "resources.ARN", operator: [text]})
}

fn write(plan: &Plan) -> AccountResult {
    evaluate(&plan.snapshot(), &Question::new(Kind::Write, Mode::Any))
}

#[test]
fn all_completions_that_are_proved_prove_the_plan_each_with_its_proof() {
    let trails = [trail("OPEN", &Value::Null)];
    let result = write(&Plan::of(&trails, &[("OPEN", &["one", "two"])]));
    assert_eq!(result.verdict, Verdict::Compliant);
    assert_eq!(result.completions.len(), 2);
    assert!(result.completions.iter().all(|completion| completion.proof.is_some()));
    assert_eq!(result.completions[1].values[0].value_of, "word `OPEN`");
    assert_eq!(result.completions[1].values[0].value, "`two`");
    assert!(result.summary.contains("each of 2 ways to complete the plan"), "{}", result.summary);
    assert_eq!(result.name.as_deref(), Some("plan"));
}

#[test]
fn two_completions_that_differ_name_the_value_that_divides_them() {
    // The first word makes no difference: the second does.
    let trails = [trail("FIRST", &arn("StartsWith", "SECOND"))];
    let words: [(&str, &[&str]); 2] =
        [("FIRST", &["one", "two"]), ("SECOND", &["arn:aws:s3:::", "arn:aws:s3:::logs/"])];
    let result = write(&Plan::of(&trails, &words));
    assert_eq!(result.verdict, Verdict::Indeterminate);
    let [unknown] = result.unknowns.as_slice() else { panic!("{:#?}", result.unknowns) };
    assert_eq!(
        unknown.reason,
        "it depends on word `SECOND`: COMPLIANT with `arn:aws:s3:::`, NON_COMPLIANT with \
         `arn:aws:s3:::logs/`"
    );
    assert_eq!(unknown.settled_by, "say SECOND");
    assert!(result.completions.is_empty() && result.gaps.is_empty() && result.proof.is_none());
}

#[test]
fn what_stays_open_in_one_completion_is_what_is_not_known() {
    let open = json!({"Field": "resources.ARN", "Matches": ["x"]});
    let trails = [trail("OPEN", &Value::Null), trail("other", &open)];
    let question = Question::new(Kind::Write, Mode::Every);
    let result = evaluate(&Plan::of(&trails, &[("OPEN", &["one"])]).snapshot(), &question);
    assert_eq!(result.verdict, Verdict::Indeterminate);
    assert!(!result.unknowns.is_empty());
    assert!(!result.unknowns.iter().any(|unknown| unknown.reason.contains("a word is open")));
}

#[test]
fn a_witness_holds_for_every_completion_where_one_does() {
    let trails = [trail("main", &arn("StartsWith", "arn:aws:s3:::OPEN/"))];
    let result = write(&Plan::of(&trails, &[("OPEN", &["payroll", "open-made-up"])]));
    assert_eq!(result.verdict, Verdict::NonCompliant);
    let gap = &result.gaps[0];
    assert!(!gap.description.contains("where"), "{}", gap.description);
    for completion in &result.completions {
        let bucket = completion.values[0].value.replace('`', "");
        assert!(!gap.witness.arn().contains(&format!(":::{bucket}/")), "{}", gap.witness.arn());
        assert!(!completion.gaps.is_empty() && completion.proof.is_none());
    }
}

#[test]
fn a_witness_of_some_completions_says_of_which() {
    let trails = [trail("main", &arn("NotStartsWith", "arn:aws:s3:::OPEN/"))];
    let made_up = write(&Plan::of(&trails, &[("OPEN", &["payroll", "open-made-up"])]));
    assert_eq!(made_up.gaps[0].description, "every write event on objects in bucket `${OPEN}`");
    assert!(made_up.gaps[0].witness.arn().contains("open-made-up"));
    assert_eq!(made_up.completions[1].values[0].value, "`open-made-up`, here `open-made-up`");
    let known = write(&Plan::of(&trails, &[("OPEN", &["payroll", "billing"])]));
    assert_eq!(
        known.gaps[0].description,
        "every write event on objects in bucket `payroll`, where word `OPEN` is `payroll`"
    );
}

#[test]
fn more_completions_than_are_looked_at_leave_the_plan_open() {
    // Each word doubles them; a trail that is always there keeps all of them undecided till the end.
    const WORDS: [&str; 13] =
        ["W01", "W02", "W03", "W04", "W05", "W06", "W07", "W08", "W09", "W10", "W11", "W12", "W13"];
    let of = |count: usize| {
        let words = &WORDS[..count];
        let trails = [trail(&words.concat(), &Value::Null)];
        let open: Vec<(&str, &[&str])> =
            words.iter().map(|word| (*word, &["a", "b"][..])).collect();
        write(&Plan::of(&trails, &open))
    };
    let at_the_bound = of(12);
    assert_eq!(at_the_bound.verdict, Verdict::Compliant);
    assert_eq!(at_the_bound.completions.len(), 4096);
    let beyond = of(13);
    assert_eq!(beyond.verdict, Verdict::Indeterminate);
    assert_eq!(
        beyond.unknowns[0].reason,
        "the plan leaves too much open: only 4096 ways to fill it in were tried"
    );
}

#[test]
fn a_value_that_no_text_can_be_decides_nothing() {
    let trails = [trail("OPEN", &Value::Null)];
    let result = write(&Plan::of(&trails, &[("OPEN", &[])]));
    assert_eq!(result.verdict, Verdict::Indeterminate);
    assert_eq!(result.unknowns[0].settled_by, "say it");
}

#[test]
fn a_plans_own_name_of_a_bucket_is_taken_before_a_bucket_of_that_name() {
    let trails = [trail("main", &arn("NotStartsWith", "arn:aws:s3:::OPEN/"))];
    let mut plan = Plan::of(&trails, &[("OPEN", &["payroll", "open-made-up"])]);
    let name = |own_name: &str, name: Option<&str>| PlannedBucket {
        own_name: own_name.to_string(),
        name: name.map(str::to_string),
    };
    plan.buckets = vec![name("OPEN", None), name("Known", Some("billing"))];
    let mut question = Question::new(Kind::Write, Mode::Any);
    question.allow_unlogged = vec!["OPEN".parse().unwrap()];
    let result = evaluate(&plan.snapshot(), &question);
    assert_eq!(result.verdict, Verdict::Compliant);
    assert_eq!(result.allow_unlogged, question.allow_unlogged);
    question.allow_unlogged = vec!["Known".parse().unwrap()];
    assert_eq!(evaluate(&plan.snapshot(), &question).verdict, Verdict::NonCompliant);
    // What is lost may be the bucket that may be: nothing is decided without its name.
    let lost = [trail("main", &arn("NotStartsWith", "arn:aws:s3:::billing/"))];
    let mut unnamed = Plan::of(&lost, &[]);
    unnamed.buckets = vec![name("OPEN", None)];
    question.allow_unlogged = vec!["OPEN".parse().unwrap()];
    let result = evaluate(&unnamed.snapshot(), &question);
    assert_eq!(result.verdict, Verdict::Indeterminate);
    assert_eq!(result.unknowns[0].reason, "the name of bucket `OPEN` is not known");
}

#[test]
fn the_account_of_an_answer_is_the_completion_that_its_trails_are_of() {
    let trails = [trail("OPEN", &Value::Null)];
    let plan = Plan::of(&trails, &[("OPEN", &["one"])]);
    let question = Question::new(Kind::Write, Mode::Any);
    let (result, account) = evaluate_with_account(&plan.snapshot(), &question);
    let account = account.unwrap();
    assert_eq!(account.trails.as_ref().unwrap()[0].trail.arn.as_ref(), Some(&result.trails[0].arn));
    assert_eq!(account.name.as_deref(), Some("plan"));
    assert_eq!(evaluate(&account, &question).verdict, result.verdict);
    assert!(evaluate_with_account(&account, &question).1.is_none());
}

/// A plan that keeps what it was asked, and tells nothing.
#[derive(Debug, Default)]
struct Listener {
    log_buckets: Mutex<Vec<bool>>,
}

impl Completions for Listener {
    fn buckets(&self) -> Vec<PlannedBucket> {
        Vec::new()
    }

    fn mentions(&self) -> Vec<String> {
        Vec::new()
    }

    fn split(&self, asked: &Asked<'_>) -> Option<Split> {
        self.log_buckets.lock().unwrap().push(asked.log_buckets);
        None
    }
}

/// Only then can the name of a log bucket make a difference.
#[test]
fn log_buckets_are_asked_for_where_only_some_are_trusted() {
    for trusted in [vec![], vec!["central-logs".parse().unwrap()]] {
        let listener = Arc::new(Listener::default());
        let open = json!({"trail": {"Name": "main"},
            "open": [{"reason": "a word is open", "settledBy": "say it"}]});
        let mut snapshot = account::of(&[open]);
        snapshot.open_values = OpenValues::new(Arc::<Listener>::clone(&listener));
        let is_asked = !trusted.is_empty();
        let question =
            Question { trusted_log_buckets: trusted, ..Question::new(Kind::Write, Mode::Any) };
        assert_eq!(evaluate(&snapshot, &question).verdict, Verdict::Indeterminate);
        assert_eq!(*listener.log_buckets.lock().unwrap(), [is_asked]);
    }
}
