//! What a trail took before, it takes afterwards: tried record by record, by a matcher that was
//! written apart from the library, for every category and several types.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeMap;

use cis_fix::{Account, Call, Fix, Options, fix};
use cis_rules::{Kind, Mode, Question};
use serde_json::{Value, json};
use testkit::chance::{Chance as _, Rng};

type Record = BTreeMap<&'static str, String>;

const TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:111122223333:function:bill";
const TABLE: &str = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
const OBJECTS: [&str; 4] = [
    "arn:aws:s3:::payroll/a",
    "arn:aws:s3:::payroll-old/a",
    "arn:aws:s3:::central-logs/AWSLogs/x",
    "arn:aws:s3:::web/index.html",
];

/// Records of every category, with and without a caller's ARN.
fn records() -> Vec<Record> {
    let mut all = Vec::new();
    let mut add = |fields: &[(&'static str, &str)]| {
        for read_only in ["true", "false"] {
            let mut record: Record =
                fields.iter().map(|(field, value)| (*field, (*value).to_owned())).collect();
            record.insert("readOnly", read_only.to_owned());
            all.push(record);
        }
    };
    for source in ["kms.amazonaws.com", "rdsdata.amazonaws.com", "ec2.amazonaws.com"] {
        add(&[("eventCategory", "Management"), ("eventSource", source)]);
        add(&[("eventCategory", "NetworkActivity"), ("eventSource", source)]);
    }
    let resources = OBJECTS
        .iter()
        .map(|arn| ("AWS::S3::Object", *arn))
        .chain([("AWS::Lambda::Function", FUNCTION), ("AWS::DynamoDB::Table", TABLE)])
        .chain([("AWS::Lambda::Function", "arn:aws:lambda:us-east-1:111122223333:function:other")])
        .chain([("AWS::SNS::Topic", "arn:aws:sns:us-east-1:111122223333:topic")]);
    for (kind, arn) in resources {
        for name in ["PutObject", "GetObject"] {
            add(&[
                ("eventCategory", "Data"),
                ("resources.type", kind),
                ("resources.ARN", arn),
                ("eventName", name),
                ("eventSource", "s3.amazonaws.com"),
            ]);
            add(&[
                ("eventCategory", "Data"),
                ("resources.type", kind),
                ("resources.ARN", arn),
                ("eventName", name),
                ("userIdentity.arn", "arn:aws:iam::111122223333:user/ann"),
            ]);
        }
    }
    all
}

/// Whether a basic selector takes a record.
fn basic_takes(selector: &Value, record: &Record) -> bool {
    let is_kind = match selector["ReadWriteType"].as_str().unwrap_or("All") {
        "ReadOnly" => record["readOnly"] == "true",
        "WriteOnly" => record["readOnly"] == "false",
        _ => true,
    };
    let is_taken = match record["eventCategory"].as_str() {
        "Management" => {
            let excluded = selector["ExcludeManagementEventSources"].as_array();
            selector["IncludeManagementEvents"].as_bool().unwrap_or(true)
                && !excluded.is_some_and(|all| all.iter().any(|it| *it == record["eventSource"]))
        }
        "Data" => selector["DataResources"].as_array().into_iter().flatten().any(|resource| {
            let arn = &record["resources.ARN"];
            resource["Type"] == record["resources.type"]
                && resource["Values"].as_array().unwrap().iter().any(|value| {
                    let value = value.as_str().unwrap();
                    let is_all = value.trim_end_matches(':').split(':').count() == 3;
                    let is_object = resource["Type"] == "AWS::S3::Object";
                    is_all || is_object && arn.starts_with(value) || arn == value
                })
        }),
        _ => false,
    };
    is_kind && is_taken
}

/// Whether an advanced selector takes a record. A field that a record lacks is in no list.
fn advanced_takes(selector: &Value, record: &Record) -> bool {
    selector["FieldSelectors"].as_array().unwrap().iter().all(|field| {
        let value = record.get(field["Field"].as_str().unwrap());
        let list = |operator: &str| -> Vec<String> {
            let texts = field[operator].as_array().into_iter().flatten();
            texts.map(|text| text.as_str().unwrap().to_owned()).collect()
        };
        let meets = |prefix: &str| {
            let compared = |operator: &str, compare: fn(&str, &str) -> bool| {
                let name = format!("{prefix}{operator}");
                value.is_some_and(|value| list(&name).iter().any(|text| compare(value, text)))
            };
            compared("Equals", |value, text| value == text)
                || compared("StartsWith", |value, text| value.starts_with(text))
                || compared("EndsWith", |value, text| value.ends_with(text))
        };
        let selects = ["Equals", "StartsWith", "EndsWith"].iter().any(|it| !list(it).is_empty());
        (!selects || meets("")) && !meets("Not")
    })
}

fn takes(response: &Value, record: &Record) -> bool {
    let list = |member: &str| response[member].as_array().cloned().unwrap_or_default();
    list("EventSelectors").iter().any(|selector| basic_takes(selector, record))
        || list("AdvancedEventSelectors").iter().any(|selector| advanced_takes(selector, record))
}

fn some<T: Clone>(chance: &mut Rng, from: &[T]) -> Vec<T> {
    from.iter().filter(|_| chance.once_in(2)).cloned().collect()
}

/// A set of basic selectors that AWS would take.
fn basic_set(chance: &mut Rng) -> Value {
    let count = *chance.pick(&[1, 1, 2, 3, 5]);
    let mut all = Vec::new();
    for _ in 0..count {
        let objects = ["arn:aws:s3:::payroll/", "arn:aws:s3:::web/index"];
        let entries = [
            json!({"Type": "AWS::S3::Object", "Values": [*chance.pick(&objects)]}),
            json!({"Type": "AWS::Lambda::Function", "Values": [*chance.pick(&["arn:aws:lambda", FUNCTION])]}),
            json!({"Type": "AWS::DynamoDB::Table", "Values": [*chance.pick(&["arn:aws:dynamodb", TABLE])]}),
        ];
        let entries = some(chance, &entries);
        let excluded = some(chance, &["kms.amazonaws.com", "rdsdata.amazonaws.com"]);
        all.push(json!({
            "ReadWriteType": *chance.pick(&["All", "ReadOnly", "WriteOnly"]),
            "IncludeManagementEvents": entries.is_empty() || chance.once_in(2),
            "DataResources": entries, "ExcludeManagementEventSources": excluded,
        }));
    }
    json!({ "EventSelectors": all })
}

/// A set of advanced selectors that AWS would take.
fn advanced_set(chance: &mut Rng) -> Value {
    let equals = |field: &str, value: &str| json!({"Field": field, "Equals": [value]});
    let mut all = Vec::new();
    for _ in 0..1 + chance.below(4) {
        let mut fields = match chance.below(4) {
            0 => vec![
                equals("eventCategory", "Management"),
                json!({"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}),
            ],
            1 => vec![
                equals("eventCategory", "NetworkActivity"),
                equals("eventSource", "ec2.amazonaws.com"),
            ],
            2 => vec![
                equals("eventCategory", "Data"),
                equals("resources.type", "AWS::Lambda::Function"),
                json!({"Field": "resources.ARN", "NotEquals": [FUNCTION]}),
            ],
            _ => {
                let operator = *chance.pick(&["NotStartsWith", "StartsWith", "NotEndsWith"]);
                let texts =
                    ["arn:aws:s3:::payroll", "arn:aws:s3:::payroll/", "arn:aws:s3:::central-logs/"];
                let mut fields = vec![
                    equals("eventCategory", "Data"),
                    equals("resources.type", "AWS::S3::Object"),
                    json!({"Field": "resources.ARN", operator: [*chance.pick(&texts)]}),
                ];
                if chance.once_in(3) {
                    fields.push(json!({
                        "Field": "userIdentity.arn", "NotEndsWith": ["user/ann"],
                    }));
                }
                fields
            }
        };
        if chance.once_in(3) {
            fields.push(equals("readOnly", chance.pick::<&str>(&["true", "false"])));
        }
        all.push(json!({ "FieldSelectors": fields }));
    }
    json!({ "AdvancedEventSelectors": all })
}

fn account(chance: &mut Rng) -> Value {
    let set = if chance.once_in(2) { basic_set(chance) } else { advanced_set(chance) };
    json!({
        "schemaVersion": 1, "accountId": "111122223333", "region": "us-east-1",
        "trails": [{
            "trail": {
                "Name": "main", "TrailARN": TRAIL, "HomeRegion": "us-east-1",
                "IsMultiRegionTrail": !chance.once_in(6), "S3BucketName": "central-logs",
                "HasCustomEventSelectors": true,
            },
            "status": {"IsLogging": !chance.once_in(6)},
            "eventSelectors": set,
        }],
    })
}

fn check(label: &str, before: &Value, found: &Fix, records: &[Record]) -> usize {
    let after: Value = serde_json::from_str(&found.after.text()).unwrap();
    let set = |account: &Value| account["trails"][0]["eventSelectors"].clone();
    let (before, after) = (set(before), set(&after));
    let says = found.changes.iter().any(|change| change.why.contains("not sure"));
    let mut taken = 0;
    for record in records.iter().filter(|record| takes(&before, record)) {
        taken += 1;
        assert!(says || takes(&after, record), "{label}: {record:?}\n{before}\n{after}");
    }
    assert!(!says, "{label}: a set that AWS takes loses something: {before}");
    taken
}

#[test]
fn no_record_of_any_category_is_lost() {
    let records = records();
    let (mut taken, mut conversions, mut fixes) = (0, 0, 0);
    for seed in 1..=600 {
        let mut chance = Rng::new(seed);
        let before = account(&mut chance);
        let mut question = Question::new(*chance.pick(&Kind::ALL), *chance.pick(&Mode::ALL));
        if chance.once_in(3) {
            question.allow_unlogged = vec!["payroll".parse().unwrap()];
        }
        let mut questions = vec![question.clone()];
        if chance.once_in(3) {
            questions.push(Question { kind: question.kind.other(), ..question });
        }
        let read = Account::from_json(&before.to_string()).unwrap();
        let first = fix(&read, &questions, &Options::default());
        assert!(first.is_fixed(), "seed {seed}: {:?}", first.warnings);
        taken += check(&format!("seed {seed}"), &before, &first, &records);
        for choice in 1..=first.alternatives.len() {
            let options = Options { choice, ..Options::default() };
            let other = fix(&read, &questions, &options);
            taken += check(&format!("seed {seed}, {choice}"), &before, &other, &records);
            let is_converted = other.changes.iter().any(|change| {
                change.call == Call::PutEventSelectors
                    && change.request.has("AdvancedEventSelectors")
                    && change.undo.iter().any(|undo| undo.request.has("EventSelectors"))
            });
            conversions += usize::from(is_converted);
            fixes += 1;
        }
        fixes += 1;
    }
    println!("{fixes} fixes, {conversions} conversions, {taken} records kept");
    assert!(fixes > 1_000 && conversions > 100 && taken > 10_000);
}
