//! The rule's parameters: what each value means, and every problem said at once.
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use cis_lambda::parameters::{ALL, OnUndecided, Parameters, ReportOn, Values};
use cis_rules::question::{Deliveries, ExceptionState, Kind, Mode, Question};
use serde_json::{Value, json};

fn read(given: &Value) -> Result<Parameters, String> {
    let today = "2026-11-26".parse().unwrap();
    Parameters::from_json(given.as_object().unwrap(), today).map_err(|error| error.to_string())
}

#[test]
fn nothing_given_is_the_defaults_given() {
    let defaults = ALL
        .iter()
        .map(|parameter| (parameter.name.to_owned(), json!(parameter.default)))
        .collect::<serde_json::Map<_, _>>();
    let nothing = read(&json!({})).unwrap();
    assert_eq!(read(&defaults.into()).unwrap(), nothing);
    assert_eq!(read(&json!({"TrailMode": null})).unwrap(), nothing);
    let [question] = nothing.questions.as_slice() else {
        panic!("not one question: {:?}", nothing.questions);
    };
    assert_eq!(*question, Question::new(Kind::Write, Mode::Any));
    assert_eq!(nothing.undecided.indeterminate, OnUndecided::NonCompliant);
    assert_eq!(nothing.undecided.unreadable, OnUndecided::Error);
    assert_eq!(nothing.report_on, ReportOn::Account);
    assert_eq!(nothing.member_role_name, None);
    assert_eq!(nothing.organization_trail_role_arn, None);
    assert!(!nothing.import_findings);
}

#[test]
fn every_listed_value_is_accepted_and_no_two_mean_the_same() {
    for parameter in ALL {
        let Values::OneOf(values) = parameter.values else {
            continue;
        };
        let read: Vec<Parameters> =
            values.iter().map(|value| read(&json!({parameter.name: value})).unwrap()).collect();
        for (i, one) in read.iter().enumerate() {
            assert!(!read[i + 1..].contains(one), "{} {i}", parameter.name);
        }
    }
}

#[test]
fn both_kinds_are_two_questions_that_ask_the_same_else() {
    let parameters = read(&json!({
        "EventKinds": "write,read",
        "TrailMode": "union",
        "AllowedUnloggedBuckets": "logs, acme.trail-logs",
        "CloudTrailDeliveries": "require",
        "TrustedLogBuckets": "central-logs",
        "RequireDelivery": "true",
        "OnIndeterminate": "NOT_APPLICABLE",
        "OnUnreadable": "NON_COMPLIANT",
    }))
    .unwrap();
    let kinds: Vec<Kind> = parameters.questions.iter().map(|asked| asked.kind).collect();
    assert_eq!(kinds, [Kind::Write, Kind::Read]);
    for question in &parameters.questions {
        assert_eq!(question.mode, Mode::Union);
        let buckets: Vec<&str> =
            question.allow_unlogged.iter().map(|bucket| bucket.as_str()).collect();
        assert_eq!(buckets, ["logs", "acme.trail-logs"]);
        assert_eq!(question.deliveries, Deliveries::Require);
        assert_eq!(question.trusted_log_buckets, ["central-logs".parse().unwrap()]);
        assert!(question.require_delivery);
    }
    assert_eq!(parameters.undecided.indeterminate, OnUndecided::NotApplicable);
    assert_eq!(parameters.undecided.unreadable, OnUndecided::NonCompliant);
}

#[test]
fn every_problem_is_in_one_message() {
    let error = read(&json!({
        "EventKinds": "writes",
        "TrailMode": 7,
        "trailmode": "any",
        "AllowedUnloggedBuckets": "logs-*,,ok-bucket",
        "CloudTrailDeliveries": "log",
        "TrustedLogBuckets": "a",
        "RequireDelivery": true,
        "OnIndeterminate": "",
        "OnUnreadable": "COMPLIANT",
        "ReportOn": "trails",
        "MemberRoleName": "a/b",
        "OrganizationTrailRoleArn": "arn:aws:iam::111122223333:user/me",
    }))
    .unwrap_err();
    assert_eq!(
        error.split("; ").collect::<Vec<_>>(),
        [
            "`trailmode` is not a parameter, allowed are `EventKinds`, `TrailMode`, \
             `AllowedUnloggedBuckets`, `CloudTrailDeliveries`, `TrustedLogBuckets`, \
             `RequireDelivery`, `OnIndeterminate`, `OnUnreadable`, `ReportOn`, `MemberRoleName`, \
             `OrganizationTrailRoleArn`, `SecurityHub`",
            "`EventKinds` is `writes`, allowed is one of `write`, `read`, `write,read`",
            "`TrailMode` is `7`, allowed is one of `any`, `union`, `every`",
            "`AllowedUnloggedBuckets`: `logs-*` is not the exact name of a bucket: 3 to 255 of \
             A-Z, a-z, 0-9, `.`, `_`, `-`, without wildcards",
            "`AllowedUnloggedBuckets`: `` is not the exact name of a bucket: 3 to 255 of A-Z, \
             a-z, 0-9, `.`, `_`, `-`, without wildcards",
            "`CloudTrailDeliveries` is `log`, allowed is one of `ignore`, `require`",
            "`TrustedLogBuckets`: `a` is not the exact name of a bucket: 3 to 255 of A-Z, a-z, \
             0-9, `.`, `_`, `-`, without wildcards",
            "`RequireDelivery` is `true`, allowed is one of `true`, `false`",
            "`OnIndeterminate` is ``, allowed is one of `ERROR`, `NON_COMPLIANT`, \
             `NOT_APPLICABLE`",
            "`OnUnreadable` is `COMPLIANT`, allowed is one of `ERROR`, `NON_COMPLIANT`, \
             `NOT_APPLICABLE`",
            "`ReportOn` is `trails`, allowed is one of `account`, `account+trails`",
            "`MemberRoleName` is `a/b`, allowed is the name of an IAM role, 1 to 64 of A-Z, a-z, \
             0-9 and `+=,.@_-`",
            "`OrganizationTrailRoleArn` is `arn:aws:iam::111122223333:user/me`, allowed is the \
             ARN of an IAM role, `arn:<partition>:iam::<account>:role/<name>`",
        ]
    );
}

#[test]
fn roles_and_what_is_reported_on_and_where_are_read() {
    let parameters = read(&json!({
        "ReportOn": "account+trails",
        "SecurityHub": "asff",
        "MemberRoleName": "trailproof-reader",
        "OrganizationTrailRoleArn": "arn:aws-cn:iam::111122223333:role/team/reader",
    }))
    .unwrap();
    assert!(parameters.import_findings);
    assert_eq!(parameters.report_on, ReportOn::AccountAndTrails);
    assert_eq!(parameters.member_role_name.as_deref(), Some("trailproof-reader"));
    assert_eq!(
        parameters.organization_trail_role_arn.as_deref(),
        Some("arn:aws-cn:iam::111122223333:role/team/reader")
    );
}

/// The page for people has a table of the parameters: the same names, values and defaults.
#[test]
fn the_page_about_the_rule_lists_every_parameter_as_it_is() {
    let page = include_str!("../../../docs/rule.md");
    let (_, table) = page.split_once("| parameter | values | default |\n|---|---|---|\n").unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .take_while(|line| line.starts_with('|'))
        .map(|line| line.split('|').map(str::trim).filter(|cell| !cell.is_empty()).collect())
        .collect();
    assert_eq!(rows.len(), ALL.len());
    for (row, parameter) in rows.iter().zip(&ALL) {
        let [name, values, default] = row[..] else { panic!("three cells: {row:?}") };
        assert_eq!(name, format!("`{}`", parameter.name));
        if let Values::OneOf(_) = parameter.values {
            assert_eq!(values, parameter.values.to_string(), "{name}");
            assert_eq!(default, format!("`{}`", parameter.default), "{name}");
        } else {
            assert!(default.starts_with("empty") && parameter.default.is_empty(), "{name}");
        }
    }
}

/// `NAME@2027-03-31` is a bucket with a last day, beside those that have none.
#[test]
fn a_bucket_that_may_stay_unlogged_can_have_a_last_day() {
    let given = json!({
        "AllowedUnloggedBuckets": "logs, tmp@2026-12-01,old@2026-11-25,site@2027-03-31",
        "EventKinds": "write,read",
    });
    let parameters = read(&given).unwrap();
    assert_eq!(parameters.questions.len(), 2);
    for question in parameters.questions {
        let allowed: Vec<&str> = question.allow_unlogged.iter().map(|it| it.as_str()).collect();
        assert_eq!(allowed, ["logs", "tmp", "site"]);
        let dated: Vec<_> =
            question.exceptions.iter().map(|it| (it.name.as_str(), it.state)).collect();
        let expected = [
            ("tmp", ExceptionState::ExpiresSoon),
            ("old", ExceptionState::Expired),
            ("site", ExceptionState::Active),
        ];
        assert_eq!(dated, expected);
    }
    for (wrong, says) in [
        ("tmp@2027-02-29", "`AllowedUnloggedBuckets`: `2027-02-29` is no date"),
        ("tmp@", "`AllowedUnloggedBuckets`: `` is no date"),
        ("t*@2027-03-31", "`AllowedUnloggedBuckets`: `t*` is not the exact name of a bucket"),
    ] {
        let error = read(&json!({"AllowedUnloggedBuckets": wrong})).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
    let trusted = read(&json!({"TrustedLogBuckets": "logs@2027-03-31"}));
    assert!(trusted.unwrap_err().contains("`logs@2027-03-31` is not the exact name of a bucket"));
}
