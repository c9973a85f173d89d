//! Which records must be logged: one that must, and each fact that takes it out of the scope.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_rules::RecordField;
use cis_rules::internals::scope::in_scope;
use cis_rules::question::{Deliveries, Kind, Mode, Question};
use cis_rules::record::Record;

fn question(kind: Kind) -> Question {
    Question { allow_unlogged: vec!["logs".parse().unwrap()], ..Question::new(kind, Mode::Any) }
}

fn record() -> Record {
    on("arn:aws:s3:::payroll/2026/11.csv")
}

fn on(arn: &str) -> Record {
    Record::of_object(arn)
        .with(RecordField::ReadOnly, "false")
        .with(RecordField::EventName, "DeleteObject")
        .with(RecordField::EventSource, "s3.amazonaws.com")
        .with(RecordField::EventType, "AwsApiCall")
}

/// What CloudTrail writes down of its own delivery of a log file.
fn delivery() -> Record {
    record()
        .with(RecordField::EventName, "PutObject")
        .with(RecordField::InvokedBy, "cloudtrail.amazonaws.com")
}

#[test]
fn what_must_be_logged() {
    let longest = format!("arn:aws:s3:::{}/a", "a".repeat(255));
    let any_name = record().with(RecordField::EventName, "Unheard");
    let any_source = record().with(RecordField::EventSource, "");
    let console = record().with(RecordField::SessionCredentialFromConsole, "true");
    let named = record().with(RecordField::UserIdentityArn, "");
    let presumed = record().with(RecordField::EventName, "GetObjectAcl");
    let buckets = ["arn:aws:s3:::logs-prod/a", "arn:aws:s3:::A_b/", "arn:aws:s3:::abc//", &longest];
    let records = [record(), any_name, any_source, console, named, presumed];
    for record in records.into_iter().chain(buckets.map(on)) {
        assert!(in_scope(&record, &question(Kind::Write), "aws"), "{record:?}");
    }
    let read =
        record().with(RecordField::ReadOnly, "true").with(RecordField::EventName, "GetObject");
    assert!(in_scope(&read, &question(Kind::Read), "aws"));
}

#[test]
fn each_fact_takes_a_record_out() {
    let too_long = format!("arn:aws:s3:::{}/a", "a".repeat(256));
    let facts = [
        record().with(RecordField::EventCategory, "Management"),
        record().with(RecordField::ResourcesType, "AWS::S3::AccessPoint"),
        record().with(RecordField::ReadOnly, "true"),
        record().with(RecordField::EventName, "GetObject"),
        record().with(RecordField::SessionCredentialFromConsole, "false"),
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

#[test]
fn the_longest_key_has_1024_bytes() {
    for (key, is_in) in
        [("k".repeat(1024), true), ("k".repeat(1025), false), ("\u{fc}".repeat(513), false)]
    {
        let record = on(&format!("arn:aws:s3:::payroll/{key}"));
        assert_eq!(in_scope(&record, &question(Kind::Write), "aws"), is_in, "{} bytes", key.len());
    }
}

#[test]
fn cloudtrails_own_deliveries_are_in_scope_only_where_they_are_asked_for() {
    let asked = Question { deliveries: Deliveries::Require, ..question(Kind::Write) };
    assert!(!in_scope(&delivery(), &question(Kind::Write), "aws"));
    assert!(in_scope(&delivery(), &asked, "aws"));
    for (field, value) in [
        (RecordField::EventName, "CopyObject"),
        (RecordField::EventSource, "s3lifecycle.amazonaws.com"),
        (RecordField::InvokedBy, "cloudtrail.amazonaws.com.cn"),
    ] {
        let other = delivery().with(field, value);
        assert!(in_scope(&other, &question(Kind::Write), "aws"), "{other:?}");
    }
}

#[test]
fn cloudtrail_itself_has_no_arn_and_no_console_session() {
    let asked = Question { deliveries: Deliveries::Require, ..question(Kind::Write) };
    for (field, value) in [
        (RecordField::UserIdentityArn, "arn:aws:iam::111122223333:user/alice"),
        (RecordField::SessionCredentialFromConsole, "true"),
    ] {
        assert!(!in_scope(&delivery().with(field, value), &asked, "aws"), "{field}");
    }
}
