//! Fixes of planned accounts: what the source is to say, and that no value that is open is guessed.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_fix::{Account, Fix, Options, WarningKind, fix};
use cis_rules::snapshot::Snapshot;
use cis_rules::{Kind, Mode, Question};
use serde_json::{Value, json};

const LEFT_OPEN: &str = "(left open)";

/// A planned account with one trail, whose parts some of these replace.
fn planned(account: &str, trail: &Value, selectors: &Value) -> Account {
    let mut described = json!({
        "TrailARN": format!("arn:aws:cloudtrail:us-east-1:{account}:trail/main"), "Name": "main",
        "HomeRegion": "us-east-1", "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
        "HasCustomEventSelectors": true, "S3BucketName": "central-logs",
    });
    for (member, value) in trail.as_object().unwrap() {
        described[member] = value.clone();
    }
    let snapshot = json!({
        "schemaVersion": 1, "accountId": account, "planned": true,
        "trails": [{
            "trail": described, "status": {"IsLogging": true}, "eventSelectors": selectors,
            "place": {"file": "trail.yaml", "line": 7},
        }],
    });
    let read = Snapshot::from_json(&snapshot.to_string()).unwrap();
    Account::from_planned(&read).unwrap()
}

fn fixed(account: &Account) -> Fix {
    fix(account, &[Question::new(Kind::Write, Mode::Any)], &Options::default())
}

/// Basic selectors with one of a bucket's objects.
fn of_a_bucket(more: &Value) -> Value {
    let mut selector = json!({
        "ReadWriteType": "WriteOnly", "IncludeManagementEvents": true,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::payroll/"]}],
    });
    for (member, value) in more.as_object().unwrap() {
        selector[member] = value.clone();
    }
    json!({"EventSelectors": [selector]})
}

fn cloudformation(fix: &Fix) -> Value {
    let text: Value = serde_json::from_str(&fix.written[0].cloudformation).unwrap();
    text["Resources"]["Trail"]["Properties"].clone()
}

#[test]
fn a_planned_basic_selector_keeps_what_it_says_of_management_events() {
    let said = json!({"ExcludeManagementEventSources": ["kms.amazonaws.com"]});
    let fix = fixed(&planned("111122223333", &json!({}), &of_a_bucket(&said)));
    assert!(fix.is_fixed());
    let selector = &cloudformation(&fix)["EventSelectors"][0];
    assert_eq!(selector["IncludeManagementEvents"], true);
    assert_eq!(selector["ExcludeManagementEventSources"], json!(["kms.amazonaws.com"]));
    let values = json!(["arn:aws:s3:::payroll/", "arn:aws:s3"]);
    assert_eq!(selector["DataResources"][0]["Values"], values);
    assert!(fix.written[0].terraform.contains("include_management_events = true"));
    assert_eq!(fix.changes.len(), 1);
}

#[test]
fn selectors_with_an_open_value_stay_and_get_one_more() {
    let open = [
        json!({"IncludeManagementEvents": LEFT_OPEN}),
        json!({LEFT_OPEN: null}),
        json!({"DataResources": [{"Type": "AWS::S3::Object", "Values": [], LEFT_OPEN: null}]}),
    ];
    for open in open {
        let fix = fixed(&planned("111122223333", &json!({}), &of_a_bucket(&open)));
        assert!(fix.is_fixed(), "{open}");
        assert_eq!(fix.changes, [], "{open}");
        assert_eq!(fix.written[0].adds_to, Some("EventSelectors"), "{open}");
        let added = cloudformation(&fix)["EventSelectors"].clone();
        let [added] = added.as_array().unwrap().as_slice() else { unreachable!("{added}") };
        assert_eq!(added["DataResources"][0]["Values"], json!(["arn:aws:s3"]), "{open}");
        let texts = [&fix.written[0].terraform, &fix.written[0].cloudformation];
        assert!(!texts.iter().any(|text| text.contains(LEFT_OPEN)), "{open}");
        let told = |it: &cis_fix::Warning| {
            it.kind == WarningKind::ManagedBy && it.text.contains("add to EventSelectors")
        };
        assert!(fix.warnings.iter().any(told), "{open}");
    }
}

#[test]
fn an_open_condition_of_an_advanced_selector_is_not_dropped() {
    let selectors = json!({"AdvancedEventSelectors": [{"FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", LEFT_OPEN: null},
    ]}]});
    let fix = fixed(&planned("111122223333", &json!({}), &selectors));
    assert!(fix.is_fixed());
    assert_eq!(fix.written[0].adds_to, Some("AdvancedEventSelectors"));
    assert_eq!(cloudformation(&fix)["AdvancedEventSelectors"].as_array().unwrap().len(), 1);
}

#[test]
fn no_request_is_made_for_an_account_region_or_name_that_is_open() {
    let known = planned("111122223333", &json!({}), &of_a_bucket(&json!({})));
    assert!(!fixed(&known).changes.is_empty());
    for (account, trail) in [
        ("000000000000", json!({})),
        ("111122223333", json!({"HomeRegion": "REGION"})),
        (
            "111122223333",
            json!({"TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/${x}"}),
        ),
    ] {
        let fix = fixed(&planned(account, &trail, &of_a_bucket(&json!({}))));
        assert!(fix.is_fixed(), "{account} {trail}");
        assert_eq!(fix.changes, [], "{account} {trail}");
        assert!(!fix.written.is_empty());
    }
}

#[test]
fn settings_that_are_open_are_written_out() {
    let trail = json!({"IsMultiRegionTrail": null});
    let fix = fixed(&planned("111122223333", &trail, &of_a_bucket(&json!({}))));
    assert!(fix.is_fixed());
    assert_eq!(cloudformation(&fix)["IsMultiRegionTrail"], true);
    assert!(fix.written[0].terraform.contains("is_multi_region_trail = true"));
}

#[test]
fn the_bucket_of_a_new_planned_trail_is_no_made_up_name() {
    let snapshot = json!({
        "schemaVersion": 1, "accountId": "000000000000", "planned": true, "trails": [],
    });
    let read = Snapshot::from_json(&snapshot.to_string()).unwrap();
    let fix = fixed(&Account::from_planned(&read).unwrap());
    assert!(fix.is_fixed() && fix.written[0].is_new);
    assert_eq!(cloudformation(&fix)["S3BucketName"], "NAME-OF-THE-LOG-BUCKET");
    assert!(!fix.written[0].terraform.contains("000000000000"));
}

/// A stack that is not read may make the trail: one more would be a second copy of everything.
#[test]
fn where_a_trail_may_be_planned_that_is_not_known_no_other_one_is_made() {
    let open =
        json!([{"reason": "the nested stack was not read", "settledBy": "give its template"}]);
    let snapshot = json!({
        "schemaVersion": 1, "accountId": "111122223333", "planned": true,
        "trails": [{"trail": {"Name": "the trails of the stack"}, "open": open}],
    });
    let read = Snapshot::from_json(&snapshot.to_string()).unwrap();
    let fix = fixed(&Account::from_planned(&read).unwrap());
    assert!(!fix.is_fixed(), "{fix:?}");
    assert!(fix.warnings[0].text.contains("leaves open whether a trail is made"));
}
