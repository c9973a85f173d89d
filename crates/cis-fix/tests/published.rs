//! Fixes that others publish for the same controls, on the same trails: what each loses.
//!
//! * The text that a scanner prints for the control on write events: PutEventSelectors with one
//!   selector (prowler, `cloudtrail_s3_dataevents_write_enabled`).
//! * The action `enable-data-events` of Cloud Custodian: reads the basic selectors, drops those with
//!   management events, adds one of all objects, and puts the list.
//! * Terraform's provider where a resource goes from basic to advanced selectors: it puts the default
//!   set first, then the advanced one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_fix::internals::lost_selectors;
use cis_fix::{Account, Options, fix};
use cis_rules::{Kind, Mode, Question};
use serde_json::{Value, json};

const TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";

fn account(selectors: &Value) -> Account {
    let snapshot = json!({
        "schemaVersion": 1, "accountId": "111122223333", "region": "us-east-1",
        "trails": [{
            "trail": {
                "Name": "main", "TrailARN": TRAIL, "HomeRegion": "us-east-1",
                "IsMultiRegionTrail": true, "HasCustomEventSelectors": true,
                "S3BucketName": "central-logs",
            },
            "status": {"IsLogging": true},
            "eventSelectors": selectors,
        }],
    });
    Account::from_json(&snapshot.to_string()).unwrap()
}

fn basic(selectors: Value) -> Value {
    json!({ "EventSelectors": selectors })
}

fn management(read_write: &str, excluded: &[&str]) -> Value {
    json!({
        "ReadWriteType": read_write, "IncludeManagementEvents": true, "DataResources": [],
        "ExcludeManagementEventSources": excluded,
    })
}

fn advanced_selector(fields: &[(&str, &str)]) -> Value {
    let fields: Vec<Value> =
        fields.iter().map(|(field, value)| json!({"Field": field, "Equals": [value]})).collect();
    json!({ "FieldSelectors": fields })
}

/// Trails as they are found: label, selectors.
fn found() -> Vec<(&'static str, Value)> {
    let lambda = json!({"Type": "AWS::Lambda::Function", "Values": ["arn:aws:lambda"]});
    let table = "arn:aws:dynamodb:us-east-1:111122223333:table/orders";
    let tables = json!({"Type": "AWS::DynamoDB::Table", "Values": [table]});
    let one_bucket = json!({"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::payroll/"]});
    let data = |resources: Value| {
        json!({
            "ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": resources,
        })
    };
    vec![
        ("default", basic(json!([management("All", &[])]))),
        ("without KMS", basic(json!([management("All", &["kms.amazonaws.com"])]))),
        ("management and Lambda", basic(json!([data(json!([lambda]))]))),
        (
            "reads of one bucket, tables",
            basic(json!([management("WriteOnly", &[]), data(json!([one_bucket, tables])),])),
        ),
        (
            "advanced",
            json!({"AdvancedEventSelectors": [
                advanced_selector(&[("eventCategory", "Management")]),
                advanced_selector(&[("eventCategory", "Data"), ("resources.type", "AWS::Lambda::Function")]),
                advanced_selector(&[
                    ("eventCategory", "NetworkActivity"), ("eventSource", "s3.amazonaws.com"),
                ]),
            ]}),
        ),
    ]
}

fn prowler(_: &Value) -> Value {
    let objects = json!({"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]});
    basic(json!([{"ReadWriteType": "WriteOnly", "DataResources": [objects]}]))
}

fn custodian(selectors: &Value) -> Value {
    let mut kept: Vec<Value> = selectors["EventSelectors"].as_array().cloned().unwrap_or_default();
    kept.retain(|selector| selector["IncludeManagementEvents"] != true);
    kept.push(json!({
        "IncludeManagementEvents": false, "ReadWriteType": "All",
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::"]}],
    }));
    basic(json!(kept))
}

/// The trail between the two calls.
fn terraform(_: &Value) -> Value {
    basic(json!([management("All", &[])]))
}

#[test]
fn each_published_fix_loses_something_and_ours_nothing() {
    let question = [Question::new(Kind::Write, Mode::Any)];
    let mut lost_by = [("prowler", 0), ("custodian", 0), ("terraform", 0)];
    for (label, selectors) in found() {
        let before = account(&selectors);
        let ours = fix(&before, &question, &Options::default());
        assert!(ours.is_fixed() && !ours.changes.is_empty(), "{label}");
        let after = Account::from_json(&ours.after.text()).unwrap();
        assert_eq!(lost_selectors(&before, &after), [] as [String; 0], "{label}");
        let published: [fn(&Value) -> Value; 3] = [prowler, custodian, terraform];
        for ((name, count), theirs) in lost_by.iter_mut().zip(published) {
            let lost = lost_selectors(&before, &account(&theirs(&selectors)));
            println!("{label}: {name} loses {}", lost.join(", "));
            *count += usize::from(!lost.is_empty());
        }
    }
    // Terraform's default set keeps what has nothing but management events.
    assert_eq!(lost_by, [("prowler", 5), ("custodian", 5), ("terraform", 3)]);
}

#[test]
fn what_the_published_fixes_lose_is_named() {
    let lost = |selectors: &Value, theirs: fn(&Value) -> Value| {
        lost_selectors(&account(selectors), &account(&theirs(selectors)))
    };
    let all = found();
    let of = |label: &str| &all.iter().find(|(other, _)| *other == label).unwrap().1;
    // IncludeManagementEvents is true where it is left out, so management writes stay, and reads go.
    assert_eq!(lost(of("default"), prowler), ["management events"]);
    assert_eq!(lost(of("default"), custodian), ["management events"]);
    assert_eq!(lost(of("advanced"), custodian).len(), 3);
    assert_eq!(
        lost(of("management and Lambda"), terraform),
        ["data events of AWS::Lambda::Function with the value `arn:aws:lambda`"]
    );
}
