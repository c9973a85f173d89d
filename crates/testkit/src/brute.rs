//! Verdicts by trying records: every combination of field values that an account's texts can tell
//! apart, put to the naive [model](crate::model).
//!
//! The values are made from the account's texts by cutting, extending and joining them, and of those
//! for which every comparison comes out alike one is kept. So nothing here knows of regions, or of
//! how the search splits them.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::model::{
    Account, Bounds, Coverage, DOCUMENTED_SOURCES, DOCUMENTED_TYPES, Record, is_confirmed,
    is_documented, meets, object_events,
};

/// One comparison that a selector makes: an operator with its values.
struct Comparison {
    operator: String,
    values: Vec<String>,
}

impl Comparison {
    fn new(operator: &str, values: impl IntoIterator<Item = String>) -> Self {
        Self { operator: operator.to_owned(), values: values.into_iter().collect() }
    }

    fn holds(&self, text: &str) -> bool {
        self.values.iter().any(|value| meets(&self.operator, text, value))
    }
}

/// What an account's trails do with the records of a question's scope.
#[derive(Debug)]
pub struct Tried {
    /// Each trail alone.
    pub alone: Vec<Coverage>,
    /// All trails together.
    pub together: Coverage,
    /// The same without the assumption that conditions on ARNs compare the `ARNPrefix` of a record.
    pub without_prefix: (Vec<Coverage>, Coverage),
    /// How many records were tried.
    pub records: usize,
}

/// Comparisons by the field that they are about.
#[derive(Default)]
struct Comparisons(BTreeMap<String, Vec<Comparison>>);

impl Comparisons {
    /// Every comparison in an account's selectors.
    fn of(account: &Value) -> Self {
        let mut all = Self::default();
        for trail in list(&account["trails"]) {
            let response = &trail["eventSelectors"];
            for resource in list(&response["EventSelectors"])
                .flat_map(|selector| list(&selector["DataResources"]))
            {
                for value in texts(&resource["Values"]) {
                    // What stands before a `*` may be compared as well as the whole.
                    let start = value.split('*').next().unwrap_or_default().to_owned();
                    all.add("resources.ARN", Comparison::new("StartsWith", [start]));
                    all.add("resources.ARN", Comparison::new("StartsWith", [value]));
                }
            }
            for field in list(&response["AdvancedEventSelectors"])
                .flat_map(|selector| list(&selector["FieldSelectors"]))
            {
                let name = field["Field"].as_str().unwrap_or_default();
                for (operator, values) in field.as_object().into_iter().flatten() {
                    if operator != "Field" {
                        all.add(name, Comparison::new(operator, texts(values)));
                    }
                }
            }
        }
        all
    }

    fn add(&mut self, field: &str, comparison: Comparison) {
        self.0.entry(field.to_owned()).or_default().push(comparison);
    }

    fn on(&self, field: &str) -> &[Comparison] {
        self.0.get(field).map_or(&[], Vec::as_slice)
    }

    /// The texts that a field is compared with.
    fn texts(&self, field: &str) -> Vec<String> {
        let all = self.on(field).iter().flat_map(|comparison| comparison.values.clone());
        sorted(all.collect())
    }

    /// One text of each way in which a field's comparisons can come out.
    fn distinct(&self, field: &str, candidates: Vec<String>) -> Vec<String> {
        let mut seen: BTreeMap<Vec<bool>, String> = BTreeMap::new();
        for candidate in candidates {
            let answers = self.on(field).iter().map(|each| each.holds(&candidate)).collect();
            seen.entry(answers).or_insert(candidate);
        }
        seen.into_values().collect()
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn texts(value: &Value) -> Vec<String> {
    list(value).filter_map(Value::as_str).map(str::to_owned).collect()
}

fn sorted(mut texts: Vec<String>) -> Vec<String> {
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// Every way in which one text can go on to another: with something between them, and overlapping.
fn joined(start: &str, between: &[&str], end: &str) -> Vec<String> {
    let apart = between.iter().map(|middle| [start, middle, end].concat());
    let overlaps = (1..=end.len()).filter(|at| end.is_char_boundary(*at));
    let overlapping =
        overlaps.filter(|at| start.ends_with(&end[..*at])).map(|at| [start, &end[at..]].concat());
    apart.chain(overlapping).collect()
}

/// Texts around those that a field is compared with: each one, longer, and joined to every other.
fn around(texts: &[String], given: &[&str]) -> Vec<String> {
    let mut parts: Vec<&str> = texts.iter().map(String::as_str).collect();
    parts.push("");
    let mut candidates: Vec<String> = given.iter().map(|text| (*text).to_owned()).collect();
    for start in &parts {
        for end in &parts {
            candidates.extend(joined(start, &["", "~"], end));
        }
    }
    candidates
}

/// Object ARNs around the texts that ARNs are compared with, those with an empty key apart.
fn arns(texts: &[String], buckets: &[String], partition: &str) -> [Vec<String>; 2] {
    let header = format!("arn:{partition}:s3:::");
    let between =
        ["", "~", "q", "qq", "qqq", "/", "/~", "q/", "q/~", "qq/", "qq/~", "qqq/", "qqq/~"];
    let mut starts = vec![header.clone()];
    starts.extend(buckets.iter().map(|bucket| format!("{header}{bucket}/")));
    starts.extend(texts.iter().cloned());
    let mut ends = vec![String::new()];
    ends.extend(texts.iter().cloned());
    let is_object = |arn: &String| {
        let object = arn.strip_prefix(&header).and_then(|object| object.split_once('/'));
        object.is_some_and(|(bucket, key)| {
            (3..=255).contains(&bucket.len())
                && bucket.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(&byte))
                && key.len() <= 1024
        })
    };
    let (mut with_key, mut without) = (Vec::new(), Vec::new());
    for start in sorted(starts) {
        for end in &ends {
            for arn in joined(&start, &between, end).into_iter().filter(is_object) {
                let is_keyless = arn.find('/') == Some(arn.len() - 1);
                if is_keyless { without.push(arn) } else { with_key.push(arn) }
            }
        }
    }
    [with_key, without]
}

/// Tries all combinations of values. With `documented`, values that AWS documents are kept apart
/// from others, so that it is seen whether a documented record is lost; that takes longer.
#[must_use]
pub fn tried(snapshot: &Value, question: &Value, documented: bool) -> Tried {
    let account = Account::new(snapshot, question);
    let mut comparisons = Comparisons::of(snapshot);
    let partition = snapshot["partition"].as_str().unwrap_or("aws");
    let buckets = texts(&question["allowUnlogged"]);
    for bucket in &buckets {
        let start = format!("arn:{partition}:s3:::{bucket}/");
        comparisons.add("resources.ARN", Comparison::new("StartsWith", [start]));
    }
    // Deliveries are told apart by these.
    comparisons.add("eventName", Comparison::new("Equals", ["PutObject".to_owned()]));
    comparisons.add("eventSource", Comparison::new("Equals", ["s3.amazonaws.com".to_owned()]));
    let owned = |texts: Vec<&str>| texts.into_iter().map(str::to_owned).collect::<Vec<_>>();
    if documented {
        let [names, sources, types] = [
            owned(object_events().collect()),
            owned(DOCUMENTED_SOURCES.into()),
            owned(DOCUMENTED_TYPES.into()),
        ];
        comparisons.add("eventName", Comparison::new("Equals", names));
        comparisons.add("eventName", Comparison::new("StartsWith", ["Authenticate".to_owned()]));
        comparisons.add("eventSource", Comparison::new("Equals", sources));
        comparisons.add("eventType", Comparison::new("Equals", types));
    }
    let kind = if question["kind"] == "read" { "true" } else { "false" };
    let base = |arn: &str| Record::of_object(arn).with("readOnly", Some(kind));
    let values = |field: &str, given: &[&str]| {
        comparisons.distinct(field, around(&comparisons.texts(field), given))
    };
    let arns = arns(&comparisons.texts("resources.ARN"), &buckets, partition)
        .map(|arns| comparisons.distinct("resources.ARN", arns))
        .concat();
    // Names of the other kind are no candidates, lest one of them stand for names that are in scope.
    let mut named = around(&comparisons.texts("eventName"), &["Unheard", "CreateSession"]);
    named.extend(object_events().map(str::to_owned));
    named.retain(|name| !is_confirmed(name, question["kind"] != "read"));
    let names = comparisons.distinct("eventName", named);
    let sources = values("eventSource", &DOCUMENTED_SOURCES);
    let types = values("eventType", &DOCUMENTED_TYPES);
    let callers = values("userIdentity.arn", &["arn:aws:iam::1:user/q"]);
    let callers: Vec<Option<&str>> =
        callers.iter().map(|arn| Some(arn.as_str())).chain([None]).collect();
    let mut tried = Tried {
        alone: vec![Coverage::default(); account.trails()],
        together: Coverage::default(),
        without_prefix: (vec![Coverage::default(); account.trails()], Coverage::default()),
        records: 0,
    };
    for arn in &arns {
        for name in &names {
            for source in &sources {
                for event_type in &types {
                    for caller in &callers {
                        for session in [None, Some("true")] {
                            for service in [None, Some("cloudtrail.amazonaws.com")] {
                                let record = base(arn)
                                    .with("eventName", Some(name))
                                    .with("eventSource", Some(source))
                                    .with("eventType", Some(event_type))
                                    .with("userIdentity.arn", *caller)
                                    .with("userIdentity.invokedBy", service)
                                    .with("sessionCredentialFromConsole", session)
                                    // Of a Region that no trail has as its home.
                                    .with("awsRegion", Some("xx-other-1"));
                                if account.in_scope(&record) {
                                    tried.add(&account, &record);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    tried
}

impl Tried {
    fn add(&mut self, account: &Account, record: &Record) {
        self.records += 1;
        let is_documented = is_documented(record);
        let add = |record: &Record, alone: &mut [Coverage], all: &mut Coverage| {
            let mut together = Bounds::LOST;
            for (trail, coverage) in alone.iter_mut().enumerate() {
                let logged = account.counts(trail, record);
                coverage.add(logged, is_documented);
                together = together.or(logged);
            }
            all.add(together, is_documented);
        };
        add(record, &mut self.alone, &mut self.together);
        let (alone, together) = &mut self.without_prefix;
        add(&record.clone().with_open_prefix(), alone, together);
    }
}
