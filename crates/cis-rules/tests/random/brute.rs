//! The verdict by trying records: every combination of field values that the account's texts can
//! tell apart, put to the plain matcher.
//!
//! The values are made from the account's texts by cutting, extending and joining them, and of those
//! for which every comparison comes out alike one is kept. So nothing here knows of the order of
//! keyless, of regions, or of how the search splits them.

use std::collections::BTreeMap;

use cis_rules::RecordField;
use cis_rules::catalogue::confirmed;
use cis_rules::internals::matching::Match;
use cis_rules::internals::scope::in_scope;
use cis_rules::internals::trail::{Demands, Trail};
use cis_rules::question::{Mode, Question};
use cis_rules::record::Record;
use cis_rules::report::Verdict;
use cis_rules::selector::Operator;
use cis_rules::snapshot::Snapshot;
use serde_json::Value;

/// One comparison that a selector makes: an operator with its values.
struct Test {
    operator: Operator,
    values: Vec<String>,
}

impl Test {
    fn new(operator: Operator, values: impl IntoIterator<Item = String>) -> Self {
        Self { operator, values: values.into_iter().collect() }
    }

    fn holds(&self, string: &str) -> bool {
        self.values.iter().any(|value| self.operator.compares(string, value))
    }
}

/// Every comparison in the account's selectors, by field.
fn tests(account: &Value) -> BTreeMap<String, Vec<Test>> {
    let mut tests: BTreeMap<String, Vec<Test>> = BTreeMap::new();
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let strings = |value: &Value| -> Vec<String> {
        list(value).iter().filter_map(|value| value.as_str().map(str::to_string)).collect()
    };
    for trail in list(&account["trails"]) {
        let bucket = trail["trail"]["S3BucketName"].as_str().unwrap_or("none");
        let arns = tests.entry("resources.ARN".into()).or_default();
        arns.push(Test::new(Operator::StartsWith, [format!("arn:aws:s3:::{bucket}/")]));
        for selector in list(&trail["eventSelectors"]["EventSelectors"]) {
            for resource in list(&selector["DataResources"]) {
                arns.extend(
                    strings(&resource["Values"])
                        .into_iter()
                        .map(|value| Test::new(Operator::StartsWith, [value])),
                );
            }
        }
        for selector in list(&trail["eventSelectors"]["AdvancedEventSelectors"]) {
            for field in list(&selector["FieldSelectors"]) {
                let of_field =
                    tests.entry(field["Field"].as_str().unwrap_or_default().into()).or_default();
                for operator in Operator::ALL {
                    of_field.push(Test::new(operator, strings(&field[operator.name()])));
                }
            }
        }
    }
    tests
}

fn texts(tests: &[Test]) -> Vec<String> {
    let mut texts: Vec<String> = tests.iter().flat_map(|test| test.values.clone()).collect();
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// One string of each way that the tests can answer.
fn distinct(strings: Vec<String>, tests: &[Test]) -> Vec<String> {
    let mut seen: BTreeMap<Vec<bool>, String> = BTreeMap::new();
    for string in strings {
        let answers = tests.iter().map(|test| test.holds(&string)).collect();
        seen.entry(answers).or_insert(string);
    }
    seen.into_values().collect()
}

/// Strings around the texts of tests: each one, shorter, longer, and joined to every other.
fn around(tests: &[Test], given: &[&str]) -> Vec<String> {
    let texts = texts(tests);
    let mut strings: Vec<String> = given.iter().map(|text| (*text).to_string()).collect();
    for text in &texts {
        strings.push(text.clone());
        strings.push(format!("{text}~"));
        strings.push(format!("~{text}"));
        let mut shorter = text.clone();
        shorter.pop();
        strings.push(shorter);
        for other in &texts {
            strings.push(format!("{text}~{other}"));
            strings.push(format!("{text}{other}"));
        }
    }
    strings
}

/// Object ARNs around the texts of tests, with and without a key.
fn arns(tests: &[Test], allowed: &[String]) -> [Vec<String>; 2] {
    let header = "arn:aws:s3:::";
    let mut buckets: Vec<String> = vec!["qqq".into(), "acme-logs".into(), "zeta".into()];
    let mut keys: Vec<String> = vec!["q".into(), "~".into()];
    buckets.extend(allowed.iter().cloned());
    let texts = texts(tests);
    for text in &texts {
        let object = text.strip_prefix(header).unwrap_or(text);
        let (bucket, key) = object.split_once('/').unwrap_or((object, ""));
        let bucket = bucket.rsplit(':').next().unwrap_or_default();
        for rest in ["", "q", "qq", "-prod", "s", "-logs"] {
            buckets.push(format!("{bucket}{rest}"));
            buckets.push(format!("q{bucket}{rest}"));
            buckets.push(format!("acme{rest}{bucket}"));
            buckets.push(format!("zeta{rest}{bucket}"));
        }
        keys.extend([key.to_string(), format!("{key}~"), text.clone(), format!("~{text}")]);
        keys.extend(texts.iter().flat_map(|end| [format!("{key}~{end}"), format!("{key}{end}")]));
    }
    for list in [&mut buckets, &mut keys] {
        list.sort_unstable();
        list.dedup();
    }
    let is_name = |bucket: &&String| {
        (3..=255).contains(&bucket.len())
            && bucket.chars().all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c))
    };
    let (mut with_key, mut without) = (Vec::new(), Vec::new());
    for bucket in buckets.iter().filter(is_name).filter(|bucket| !allowed.contains(bucket)) {
        without.push(format!("{header}{bucket}/"));
        with_key.extend(
            // The longest key has 1,024 bytes.
            keys.iter()
                .filter(|key| (1..=1024).contains(&key.len()))
                .map(|key| format!("{header}{bucket}/{key}")),
        );
    }
    [with_key, without]
}

/// What one trail does with the records of the scope: whether it surely logs all, and each record
/// it surely loses.
pub(crate) struct Tried {
    pub(crate) verdict: Verdict,
    pub(crate) records: usize,
}

/// The account's verdict from all combinations of values.
pub(crate) fn verdict(account: &Value, snapshot: &Snapshot, question: &Question) -> Tried {
    let mut tests = tests(account);
    let mut of = |field: &str| tests.remove(field).unwrap_or_default();
    let allowed: Vec<String> = question.allow_unlogged.iter().map(ToString::to_string).collect();
    let arn_tests = of("resources.ARN");
    let arns = arns(&arn_tests, &allowed).map(|arns| distinct(arns, &arn_tests)).concat();
    let mut name_tests = of("eventName");
    name_tests.push(Test::new(Operator::Equals, ["PutObject".to_string()]));
    let known = [
        "Unheard",
        "GetObject",
        "CreateSession",
        "GetBucketAcl",
        "CreateBucket",
        "DeleteObject",
        "DeleteObjects",
    ];
    let is_other = |name: &String| confirmed(question.kind.other()).any(|other| other == name);
    let names = around(&name_tests, &known).into_iter().filter(|name| !is_other(name)).collect();
    let names = distinct(names, &name_tests);
    let mut values = |field: &str, given: &str| {
        let tests = of(field);
        distinct(around(&tests, &[given]), &tests)
    };
    let mut sources = values("eventSource", "s3.amazonaws.com");
    sources.push("s3.amazonaws.com".to_string());
    let types = values("eventType", "AwsApiCall");
    let mut identities: Vec<Option<String>> =
        values("userIdentity.arn", "arn:aws:iam::1:user/q").into_iter().map(Some).collect();
    identities.push(None);
    let observed = snapshot.trails.clone().unwrap_or_default();
    let trails: Vec<Trail<'_>> =
        observed.iter().map(|trail| Trail::new(trail, snapshot, Demands::of(question))).collect();
    let mut surely = vec![true; trails.len()];
    let mut lost = vec![false; trails.len()];
    let (mut all_surely, mut any_lost, mut records) = (true, false, 0);
    for arn in &arns {
        for name in &names {
            for source in &sources {
                for event_type in &types {
                    for identity in &identities {
                        for session in [None, Some("true")] {
                            for service in [None, Some("cloudtrail.amazonaws.com")] {
                                let record = Record::of_object(arn.as_str())
                                    .with(RecordField::ReadOnly, question.kind.read_only())
                                    .with(RecordField::EventName, name.as_str())
                                    .with(RecordField::EventSource, source.as_str())
                                    .with(RecordField::EventType, event_type.as_str())
                                    .with(RecordField::UserIdentityArn, identity.as_deref())
                                    .with(RecordField::InvokedBy, service)
                                    .with(RecordField::SessionCredentialFromConsole, session)
                                    // Of a Region that no trail has as its home.
                                    .with(RecordField::AwsRegion, "xx-other-1");
                                if !in_scope(&record, question, &snapshot.partition) {
                                    continue;
                                }
                                records += 1;
                                let mut best = Match::No;
                                for (position, trail) in trails.iter().enumerate() {
                                    let answer = trail.logs(&record);
                                    surely[position] &= answer == Match::Surely;
                                    lost[position] |= answer == Match::No;
                                    best = best.max(answer);
                                }
                                all_surely &= best == Match::Surely;
                                any_lost |= best == Match::No;
                            }
                        }
                    }
                }
            }
        }
    }
    let verdict = match question.mode {
        Mode::Any if surely.contains(&true) => Verdict::Compliant,
        Mode::Any if lost.iter().all(|lost| *lost) => Verdict::NonCompliant,
        Mode::Union if all_surely => Verdict::Compliant,
        Mode::Union if any_lost => Verdict::NonCompliant,
        Mode::Every if lost.is_empty() || lost.contains(&true) => Verdict::NonCompliant,
        Mode::Every if surely.iter().all(|surely| *surely) => Verdict::Compliant,
        _ => Verdict::Indeterminate,
    };
    Tried { verdict, records }
}
