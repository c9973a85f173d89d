//! What is nearly a document is none: the schemas refuse what the library does not read, and more.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cases;

use cis_rules::diff::Difference;
use cis_rules::explain::Explanations;
use cis_rules::report::Report;
use cis_rules::snapshot::Snapshot;
use schema_check::{accepts, check};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The case of this name: its account, and its report.
fn case(id: &str) -> (Value, Value) {
    let (_, account, allowed) = cases::accounts().into_iter().find(|case| case.0 == id).unwrap();
    let report = serde_json::to_value(cases::report(&account, &allowed)).unwrap();
    (account, report)
}

/// The first result with this verdict in a report.
fn result<'a>(report: &'a mut Value, verdict: &str) -> &'a mut Value {
    let mut results = report["results"].as_array_mut().unwrap().iter_mut();
    results.find(|result| result["verdict"] == verdict).unwrap()
}

#[test]
fn a_report_that_breaks_a_rule_is_refused() {
    type Change = fn(&mut Value);
    let cases: [(&str, &str, Change); 19] = [
        ("a missing member", "NON_COMPLIANT", |it| drop(members(it).remove("summary"))),
        ("a missing member that may be null", "NON_COMPLIANT", |it| {
            drop(members(it).remove("name"));
        }),
        ("a wrong type", "NON_COMPLIANT", |it| it["trails"][0]["counts"] = json!("yes")),
        ("an unknown verdict", "NON_COMPLIANT", |it| it["verdict"] = json!("COMPLIENT")),
        ("an unknown verdict of a trail", "NON_COMPLIANT", |it| {
            it["trails"][0]["verdict"] = json!("UNKNOWN");
        }),
        ("an unknown kind", "NON_COMPLIANT", |it| it["kind"] = json!("delete")),
        ("an unknown assumption", "COMPLIANT", |it| it["assumptions"] = json!(["luck"])),
        ("no bucket", "NON_COMPLIANT", |it| it["allowUnlogged"] = json!(["logs-*"])),
        ("a summary that is too long", "NON_COMPLIANT", |it| {
            it["summary"] = json!("x".repeat(257));
        }),
        ("COMPLIANT without a proof", "COMPLIANT", |it| it["proof"] = Value::Null),
        ("a proof without steps", "COMPLIANT", |it| it["proof"]["steps"] = json!([])),
        ("a step that is two", "COMPLIANT", |it| {
            it["proof"]["steps"][0]["each"] = json!([1]);
        }),
        ("COMPLIANT with gaps", "COMPLIANT", |it| {
            it["gaps"] = json!([{"description": "x", "witness": {}}]);
        }),
        ("NON_COMPLIANT without gaps", "NON_COMPLIANT", |it| {
            it["gaps"] = json!([]);
            it["trails"][0]["verdict"] = json!("COMPLIANT");
            it["trails"][0]["gaps"] = json!([]);
        }),
        ("a trail that loses nothing", "NON_COMPLIANT", |it| it["trails"][0]["gaps"] = json!([])),
        ("NON_COMPLIANT with a proof", "NON_COMPLIANT", |it| it["proof"] = json!({"steps": []})),
        ("a witness without a field", "NON_COMPLIANT", |it| {
            drop(members(&mut it["gaps"][0]["witness"]).remove("eventType"));
        }),
        ("a witness without a bucket", "NON_COMPLIANT", |it| {
            it["gaps"][0]["witness"]["resources.ARN"] = json!("arn:aws:s3:::a");
        }),
        ("INDETERMINATE without unknowns", "INDETERMINATE", |it| it["unknowns"] = json!([])),
    ];
    let reports = ["arn-05-partition-list-hole", "arn-04-partition-list", "unk-01-unknown-field"]
        .map(|id| case(id).1);
    for (what, verdict, change) in cases {
        let has = |report: &&Value| {
            report["results"].as_array().unwrap().iter().any(|it| it["verdict"] == verdict)
        };
        let mut report = reports.iter().find(has).unwrap_or_else(|| panic!("{verdict}")).clone();
        assert_eq!(accepts("report", &report), Ok(true));
        change(result(&mut report, verdict));
        assert_eq!(accepts("report", &report), Ok(false), "{what}");
    }
}

fn members(value: &mut Value) -> &mut serde_json::Map<String, Value> {
    value.as_object_mut().unwrap()
}

#[test]
fn a_member_that_no_schema_names_passes_the_committed_one_and_not_the_tests() {
    let (account, mut report) = case("arn-05-partition-list-hole");
    result(&mut report, "NON_COMPLIANT")["later"] = json!(1);
    assert_eq!(accepts("report", &report), Ok(true));
    assert!(check("report", &report).unwrap_err().contains("later"));
    let mut snapshot = account.clone();
    snapshot["trails"][0]["trail"]["Later"] = json!(1);
    assert_eq!(check("snapshot", &snapshot), Ok(()), "AWS's own objects may have any");
    snapshot["later"] = json!(1);
    assert!(check("snapshot", &snapshot).is_err());
}

/// Every place in a document.
fn places(document: &Value, place: &str, places: &mut Vec<String>) {
    places.push(place.to_string());
    match document {
        Value::Object(members) => {
            for (member, value) in members {
                let member = member.replace('~', "~0").replace('/', "~1");
                self::places(value, &format!("{place}/{member}"), places);
            }
        }
        Value::Array(items) => {
            // The others are as the first ones.
            for (index, item) in items.iter().enumerate().take(3) {
                self::places(item, &format!("{place}/{index}"), places);
            }
        }
        _ => {}
    }
}

/// The document with another value at each place, and without each member.
fn near_misses(document: &Value) -> Vec<(String, Value)> {
    let mut all = Vec::new();
    places(document, "", &mut all);
    let others = [json!(null), json!(7), json!("x"), json!(true), json!([]), json!({})];
    let mut misses = Vec::new();
    for place in all {
        for other in &others {
            let mut changed = document.clone();
            *changed.pointer_mut(&place).unwrap() = other.clone();
            misses.push((format!("{place} is {other}"), changed));
        }
        let Some((parent, member)) = place.rsplit_once('/') else { continue };
        let mut changed = document.clone();
        if let Some(Value::Object(members)) = changed.pointer_mut(parent) {
            members.remove(&member.replace("~1", "/").replace("~0", "~"));
            misses.push((format!("no {place}"), changed));
        }
    }
    misses
}

/// An account with every member that no case has.
fn planned() -> Value {
    let unreadable = json!([{"call": "ListTrails", "code": "AccessDenied", "message": "no"}]);
    json!({
        "schemaVersion": 1, "name": "plan", "accountId": "111122223333", "partition": "aws",
        "region": "us-east-1", "collectedAt": "2026-11-21T08:00:00Z", "planned": true,
        "assumedPartition": true, "unreadable": unreadable,
        "trails": [{
            "trail": {"TrailARN": "arn", "Name": "main", "HomeRegion": "us-east-1",
                "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
                "HasCustomEventSelectors": true, "RecursiveLogging": "(left open)",
                "S3BucketName": "logs"},
            "status": {"IsLogging": true, "LatestDeliveryError": "NoSuchBucket"},
            "eventSelectors": {
                "EventSelectors": [{"ReadWriteType": "All", "DataResources": [
                    {"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]},
                ]}],
                "AdvancedEventSelectors": [{"Name": "S3", "FieldSelectors": [
                    {"Field": "resources.ARN", "Equals": ["a"], "NotEndsWith": ["b"]},
                ]}],
            },
            "readThrough": {"roleArn": "arn", "calls": ["GetTrailStatus"]},
            "unreadable": unreadable,
            "open": [{"reason": "a", "settledBy": "b"}],
        }],
    })
}

#[test]
fn the_schema_of_a_snapshot_and_its_reader_agree_on_every_near_miss() {
    let (mut tried, mut refused) = (0, 0);
    let accounts = cases::accounts();
    let mut accounts: Vec<_> =
        accounts.iter().step_by(6).map(|(id, account, _)| (id.as_str(), account)).collect();
    let planned = planned();
    accounts.push(("planned", &planned));
    for (id, account) in accounts {
        for (what, changed) in near_misses(account) {
            let is_read = Snapshot::from_json(&changed.to_string()).is_ok();
            assert_eq!(accepts("snapshot", &changed), Ok(is_read), "{id}: {what}");
            tried += 1;
            refused += usize::from(!is_read);
        }
    }
    assert!(tried > 2_000 && refused * 3 > tried, "{refused} of {tried} were refused");
}

/// What the schema accepts of near misses is read.
fn agree<T: DeserializeOwned>(name: &str, id: &str, document: &Value) -> (usize, usize) {
    let (mut tried, mut refused) = (0, 0);
    for (what, changed) in near_misses(document) {
        let accepted = accepts(name, &changed).unwrap();
        if accepted && let Err(error) = serde_json::from_value::<T>(changed) {
            // No schema can say to which steps a step may refer.
            assert!(error.to_string().contains("refers to step"), "{id}: {what}: {error}");
        }
        tried += 1;
        refused += usize::from(!accepted);
    }
    (tried, refused)
}

#[test]
fn what_a_schema_accepts_of_near_misses_is_read() {
    let accounts = cases::accounts();
    let mut counts = [(0, 0); 3];
    for pair in accounts.windows(2).step_by(12) {
        let [(id, account, allowed), (_, other, _)] = pair else { continue };
        let mut report = cases::report(account, allowed);
        report.results.truncate(2);
        let mut explanations = cases::explanations(account, &report);
        explanations.events.truncate(2);
        let difference = cases::difference(account, other);
        let documents = [
            agree::<Report>("report", id, &serde_json::to_value(&report).unwrap()),
            agree::<Explanations>("explanation", id, &serde_json::to_value(&explanations).unwrap()),
            agree::<Difference>("difference", id, &serde_json::to_value(&difference).unwrap()),
        ];
        for ((tried, refused), (more, others)) in counts.iter_mut().zip(documents) {
            *tried += more;
            *refused += others;
        }
    }
    for (tried, refused) in counts {
        assert!(tried > 1_000 && refused * 2 > tried, "{refused} of {tried} were refused");
    }
}
