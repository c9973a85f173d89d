//! Which records must be logged: one that must, and each fact that takes it out of the scope.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_rules::internals::scope::in_scope;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::record::{Record, Resource};

fn question(kind: Kind) -> Question {
    Question { allow_unlogged: vec!["logs".parse().unwrap()], ..Question::new(kind, Mode::Any) }
}

fn record() -> Record {
    Record {
        event_category: "Data".into(),
        resource_type: "AWS::S3::Object".into(),
        read_only: "false".into(),
        event_name: "DeleteObject".into(),
        event_source: "s3.amazonaws.com".into(),
        event_type: "AwsApiCall".into(),
        resource: Resource::Arn("arn:aws:s3:::payroll/2026/11.csv".into()),
        user_identity_arn: None,
        session_credential_from_console: None,
    }
}

fn on(arn: &str) -> Record {
    Record { resource: Resource::of_object(arn.into()), ..record() }
}

#[test]
fn what_must_be_logged() {
    let longest = format!("arn:aws:s3:::{}/a", "a".repeat(255));
    let any_name = Record { event_name: "Unheard".into(), ..record() };
    let any_source = Record { event_source: String::new(), ..record() };
    let console = Record { session_credential_from_console: Some("true".into()), ..record() };
    let named = Record { user_identity_arn: Some(String::new()), ..record() };
    let presumed = Record { event_name: "GetObjectAcl".into(), ..record() };
    let buckets = ["arn:aws:s3:::logs-prod/a", "arn:aws:s3:::A_b/", "arn:aws:s3:::abc//", &longest];
    let records = [record(), any_name, any_source, console, named, presumed];
    for record in records.into_iter().chain(buckets.map(on)) {
        assert!(in_scope(&record, &question(Kind::Write), "aws"), "{record:?}");
    }
    let read = Record { read_only: "true".into(), event_name: "GetObject".into(), ..record() };
    assert!(in_scope(&read, &question(Kind::Read), "aws"));
}

#[test]
fn each_fact_takes_a_record_out() {
    let too_long = format!("arn:aws:s3:::{}/a", "a".repeat(256));
    let facts = [
        Record { event_category: "Management".into(), ..record() },
        Record { resource_type: "AWS::S3::AccessPoint".into(), ..record() },
        Record { read_only: "true".into(), ..record() },
        Record { event_name: "GetObject".into(), ..record() },
        Record { session_credential_from_console: Some("false".into()), ..record() },
    ];
    let arns = [
        "arn:aws:s3:::logs/a",
        "arn:aws:s3:::logs/",
        "arn:aws-cn:s3:::payroll/a",
        "arn:aws:s3:::payroll",
        "arn:aws:s3:::ab/a",
        "arn:aws:s3:::pay*/a",
        &too_long,
    ];
    for record in facts.into_iter().chain(arns.map(on)) {
        assert!(!in_scope(&record, &question(Kind::Write), "aws"), "{record:?}");
    }
    assert!(!in_scope(&record(), &question(Kind::Read), "aws"), "the kind is the question's");
}
