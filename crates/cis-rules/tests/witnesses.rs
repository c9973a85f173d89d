//! Witnesses are records as a reader has seen them.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use cis_rules::RecordField;
use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::record::FieldValue;
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

/// The event name and the resource of the first witness against a trail that leaves these out.
fn witness(kind: Kind, conditions: &[Value]) -> (String, String) {
    let question = Question::new(kind, Mode::Any);
    let result = evaluate(&account::with(&[account::objects(conditions)]), &question);
    let witness = &result.gaps[0].witness;
    let resource = match witness.record.value(RecordField::ResourcesArn) {
        FieldValue::ArnPrefix(prefix) => format!("{prefix} (ARNPrefix)"),
        _ => witness.arn().to_string(),
    };
    (witness.event_name().to_string(), resource)
}

#[test]
fn objects_look_like_ones_that_a_reader_has_seen() {
    for (operator, value, arn) in [
        ("NotStartsWith", "arn:aws:s3:::", "payroll/2026/11/report.csv"),
        ("NotStartsWith", "arn:aws:s3:::acme/", "acme/2026/11/report.csv"),
        ("NotStartsWith", "arn:aws:s3:::acme", "acme/2026/11/report.csv"),
        ("NotStartsWith", "arn:aws:s3:::acme-", "acme-data/2026/11/report.csv"),
        ("NotStartsWith", "arn:aws:s3:::acme/in/", "acme/in/2026/11/report.csv"),
        ("NotEquals", "arn:aws:s3:::acme/in", "acme/in"),
        ("NotEndsWith", ".csv", "payroll/2026/11/report.csv"),
        ("NotEndsWith", ".parquet", "payroll/2026/11/report.parquet"),
        ("NotEndsWith", "/tmp/file", "payroll/2026/11/report/tmp/file"),
        ("NotEndsWith", "/", "payroll/2026/11/"),
        ("NotEndsWith", "x", "payroll/x"),
        ("StartsWith", "arn:aws:s3:::payroll/", "customer-data/2026/11/report.csv"),
        ("StartsWith", "arn:aws:s3:::p", "customer-data/2026/11/report.csv"),
        ("EndsWith", ".csv", "payroll/2026/11/"),
    ] {
        let condition = json!({"Field": "resources.ARN", operator: [value]});
        let lost = ("DeleteObject".to_string(), format!("arn:aws:s3:::{arn}"));
        assert_eq!(witness(Kind::Write, &[condition]), lost, "{operator} {value}");
    }
}

#[test]
fn events_are_known_ones_where_they_can_be() {
    for (operator, value, write, read) in [
        ("NotStartsWith", "", "DeleteObject", "GetObject"),
        ("Equals", "DeleteObject", "PutObject", "GetObject"),
        ("NotEndsWith", "Acl", "PutObjectAcl", "GetObjectAcl"),
        ("NotStartsWith", "HeadB", "HeadBObject", "HeadBucket"),
        ("NotStartsWith", "Novel", "NovelObject", "NovelObject"),
        ("NotEquals", "Novel", "Novel", "Novel"),
    ] {
        for (kind, name) in [(Kind::Write, write), (Kind::Read, read)] {
            let condition = json!({"Field": "eventName", operator: [value]});
            let arn = "arn:aws:s3:::payroll/2026/11/report.csv".to_string();
            let lost = (name.to_string(), arn);
            assert_eq!(witness(kind, &[condition]), lost, "{operator} {value}");
        }
    }
}

#[test]
fn a_caller_is_the_accounts_own_and_in_its_partition() {
    let account = json!({
        "schemaVersion": 1, "accountId": "444455556666", "partition": "aws-cn", "trails": [],
    });
    let account = Snapshot::from_json(&account.to_string()).unwrap();
    let result = evaluate(&account, &Question::new(Kind::Write, Mode::Any));
    let caller = result.gaps[0].witness.get(RecordField::UserIdentityArn).map(str::to_string);
    assert_eq!(caller.as_deref(), Some("arn:aws-cn:iam::444455556666:user/alice"));
}

// A single-Region trail would have recorded it at home.
#[test]
fn a_region_is_no_home_of_a_single_region_trail_and_in_the_partition() {
    for (partition, home, lost_in) in
        [("aws", "us-east-1", "eu-west-1"), ("aws-cn", "cn-north-1", "cn-northwest-1")]
    {
        let mut trail = account::trail("main", &account::advanced(&[account::objects(&[])]));
        trail["trail"]["IsMultiRegionTrail"] = json!(false);
        trail["trail"]["HomeRegion"] = json!(home);
        trail["trail"]["TrailARN"] =
            json!(format!("arn:{partition}:cloudtrail:{home}:111122223333:trail/main"));
        let account = json!({
            "schemaVersion": 1, "accountId": "111122223333", "partition": partition,
            "trails": [trail],
        });
        let account = Snapshot::from_json(&account.to_string()).unwrap();
        let result = evaluate(&account, &Question::new(Kind::Write, Mode::Any));
        let region = result.gaps[0].witness.get(RecordField::AwsRegion).map(str::to_string);
        assert_eq!(region.as_deref(), Some(lost_in));
    }
}
