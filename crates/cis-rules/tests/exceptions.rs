//! What exceptions do to a verdict, and that none makes one COMPLIANT that has no proof.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use cis_rules::evaluate;
use cis_rules::question::{Date, Excepted, Exception, ExceptionState, Kind, Mode, Question};
use cis_rules::report::{AccountResult, Verdict};
use serde_json::{Value, json};

const TODAY: &str = "2026-11-26";

fn arn(name: &str) -> String {
    format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/{name}")
}

/// A trail that logs every write event, less those that field selectors leave out.
fn trail(name: &str, fields: &[Value]) -> Value {
    let mut all = vec![
        json!({"Field": "eventCategory", "Equals": ["Data"]}),
        json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
    ];
    all.extend_from_slice(fields);
    json!({
        "trail": {"Name": name, "TrailARN": arn(name), "IsMultiRegionTrail": true},
        "status": {"IsLogging": true},
        "eventSelectors": {"AdvancedEventSelectors": [{"FieldSelectors": all}]},
    })
}

fn whole() -> Value {
    trail("whole", &[])
}

fn blind() -> Value {
    let field = "resources.ARN";
    trail("blind", &[json!({"Field": field, "NotStartsWith": ["arn:aws:s3:::payroll/"]})])
}

fn ambiguous() -> Value {
    trail("ambiguous", &[json!({"Field": "newField", "Equals": ["x"]})])
}

fn exception(of: Excepted, name: &str, expires: Option<&str>) -> Exception {
    let expires = expires.map(|date| date.parse().unwrap());
    Exception::new(of, name, expires, TODAY.parse().unwrap())
}

fn asked(mode: Mode, exceptions: &[Exception]) -> Question {
    let mut question = Question::new(Kind::Write, mode);
    exceptions.iter().cloned().for_each(|one| question.except(one));
    question
}

fn decide(trails: &[Value], mode: Mode, exceptions: &[Exception]) -> AccountResult {
    evaluate(&account::of(trails), &asked(mode, exceptions))
}

#[test]
fn a_bucket_is_allowed_to_stay_unlogged_until_its_last_day() {
    for (expires, state, verdict) in [
        (None, ExceptionState::Active, Verdict::Compliant),
        (Some("2027-03-31"), ExceptionState::Active, Verdict::Compliant),
        (Some("2026-12-24"), ExceptionState::ExpiresSoon, Verdict::Compliant),
        (Some(TODAY), ExceptionState::ExpiresSoon, Verdict::Compliant),
        (Some("2026-11-25"), ExceptionState::Expired, Verdict::NonCompliant),
    ] {
        let bucket = exception(Excepted::Bucket, "payroll", expires);
        let result = decide(&[blind()], Mode::Any, std::slice::from_ref(&bucket));
        assert_eq!(result.verdict, verdict, "{expires:?}");
        assert_eq!(result.exceptions, [bucket], "{expires:?}");
        assert_eq!(result.exceptions[0].state, state);
        assert_eq!(result.allow_unlogged.is_empty(), state == ExceptionState::Expired);
    }
}

#[test]
fn a_trail_that_is_excepted_need_not_log_everything_where_every_trail_must() {
    let blind_one = exception(Excepted::Trail, &arn("blind"), None);
    let trails = [whole(), blind()];
    assert_eq!(decide(&trails, Mode::Every, &[]).verdict, Verdict::NonCompliant);
    let result = decide(&trails, Mode::Every, std::slice::from_ref(&blind_one));
    assert_eq!(result.verdict, Verdict::Compliant);
    assert_eq!(result.exceptions, std::slice::from_ref(&blind_one));
    assert!(result.summary.contains("every trail that is not excepted"), "{}", result.summary);
    // It is not the other one.
    let other = exception(Excepted::Trail, &arn("whole"), None);
    assert_eq!(decide(&trails, Mode::Every, &[other]).verdict, Verdict::NonCompliant);
    // Past its last day it does not count, and the answer says so.
    let expired = exception(Excepted::Trail, &arn("blind"), Some("2026-11-25"));
    let result = decide(&trails, Mode::Every, std::slice::from_ref(&expired));
    assert_eq!((result.verdict, &result.exceptions[..]), (Verdict::NonCompliant, &[expired][..]));
}

#[test]
fn exceptions_of_all_trails_prove_nothing() {
    let all = ["blind", "ambiguous"].map(|name| exception(Excepted::Trail, &arn(name), None));
    assert_eq!(decide(&[blind()], Mode::Every, &all).verdict, Verdict::NonCompliant);
    assert_eq!(decide(&[], Mode::Every, &all).verdict, Verdict::NonCompliant);
    let both = [blind(), ambiguous()];
    assert_eq!(decide(&both, Mode::Every, &all).verdict, Verdict::Indeterminate);
    // What is not known of a trail that is excepted does not matter where another one is proved.
    let open = [whole(), ambiguous()];
    assert_eq!(decide(&open, Mode::Every, &[]).verdict, Verdict::Indeterminate);
    assert_eq!(decide(&open, Mode::Every, &all).verdict, Verdict::Compliant);
}

#[test]
fn a_trail_that_is_excepted_still_counts_where_one_trail_is_enough() {
    let all = ["whole", "blind"].map(|name| exception(Excepted::Trail, &arn(name), None));
    for mode in [Mode::Any, Mode::Union] {
        let with = decide(&[whole(), blind()], mode, &all);
        assert_eq!((with.verdict, with.exceptions.len()), (Verdict::Compliant, 0));
        let with = decide(&[blind()], mode, &all);
        let without = decide(&[blind()], mode, &[]);
        assert_eq!(with, without);
    }
}

#[test]
fn an_account_that_is_excepted_keeps_its_verdict() {
    let account = exception(Excepted::Account, "111122223333", Some("2027-03-31"));
    let other = exception(Excepted::Account, "444455556666", None);
    for mode in Mode::ALL {
        for trails in [vec![], vec![blind()], vec![ambiguous()], vec![whole()]] {
            let without = decide(&trails, mode, &[]);
            let with = decide(&trails, mode, &[account.clone(), other.clone()]);
            assert_eq!(with.excepted(), Some(&account));
            assert_eq!(with.exceptions, std::slice::from_ref(&account));
            let alike = with.with(|members| members.exceptions.clear()).unwrap();
            assert_eq!(alike, without, "{mode}");
        }
    }
    let expired = exception(Excepted::Account, "111122223333", Some("2020-01-01"));
    let result = decide(&[blind()], Mode::Any, std::slice::from_ref(&expired));
    assert_eq!((result.excepted(), &result.exceptions[..]), (None, &[expired][..]));
}

#[test]
fn exceptions_stand_in_the_report() {
    let mut bucket = exception(Excepted::Bucket, "payroll", Some("2026-12-24"));
    bucket.reason = Some("it moves".to_string());
    let result = decide(&[blind()], Mode::Any, &[bucket]);
    let json = serde_json::to_value(&result).unwrap();
    assert_eq!(
        json["exceptions"],
        json!([{"of": "bucket", "name": "payroll", "reason": "it moves", "owner": null,
                "expires": "2026-12-24", "state": "expires-soon"}])
    );
    assert_eq!(serde_json::from_value::<AccountResult>(json).unwrap(), result);
    let without = serde_json::to_value(decide(&[blind()], Mode::Any, &[])).unwrap();
    assert_eq!(without.get("exceptions"), None);
}

/// A day that is given, so that the answer is the same on every day.
#[test]
fn the_day_is_the_callers() {
    let last = "2027-03-31".parse::<Date>().unwrap();
    let on = |today: &str| {
        let today = today.parse().unwrap();
        let bucket = Exception::new(Excepted::Bucket, "payroll", Some(last), today);
        decide(&[blind()], Mode::Any, &[bucket]).verdict
    };
    assert_eq!((on("2027-03-31"), on("2027-04-01")), (Verdict::Compliant, Verdict::NonCompliant));
}
