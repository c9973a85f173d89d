//! The answer in one sentence.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use serde_json::{Value, json};

/// A trail with one advanced event selector of objects, with these conditions.
fn trail(name: &str, conditions: &[Value]) -> Value {
    account::trail(name, &account::advanced(&[account::objects(conditions)]))
}

fn summary(mode: Mode, trails: &[Value]) -> String {
    let question = Question::new(Kind::Write, mode);
    evaluate(&account::of(trails), &question).summary.clone()
}

fn event(operator: &str) -> [Value; 1] {
    [json!({"Field": "eventName", operator: ["DeleteObject"]})]
}

#[test]
fn what_is_proved() {
    let all = trail("all", &[]);
    let (part, rest) = (trail("part", &event("Equals")), trail("rest", &event("NotEquals")));
    for (mode, trails, expected) in [
        (
            Mode::Any,
            vec![part.clone(), all.clone()],
            "trail all is proved to log every S3 object-level write event",
        ),
        (
            Mode::Union,
            vec![part.clone(), all.clone()],
            "trail all is proved to log every S3 object-level write event",
        ),
        (
            Mode::Union,
            vec![part, rest],
            "the trails together are proved to log every S3 object-level write event",
        ),
        (
            Mode::Every,
            vec![all.clone(), all],
            "every trail is proved to log every S3 object-level write event",
        ),
    ] {
        assert_eq!(summary(mode, &trails), format!("COMPLIANT: {expected}"));
    }
}

#[test]
fn what_is_lost() {
    let all = trail("all", &[]);
    let rest = trail("rest", &event("NotEquals"));
    let arn = "arn:aws:s3:::payroll/2026/11/report.csv";
    let example = format!("for example DeleteObject on {arn}");
    let fix = "fix: have trail rest select every S3 write event";
    for (mode, trails, expected) in [
        (
            Mode::Any,
            vec![],
            format!(
                "there is no trail; lost: every write event in any bucket, {example}; fix: create a \
                 multi-Region trail with S3 data events"
            ),
        ),
        (
            Mode::Any,
            vec![rest.clone()],
            format!("trail rest loses DeleteObject in any bucket, {example}; {fix}"),
        ),
        (
            Mode::Any,
            vec![rest.clone(), trail("too", &event("NotEquals"))],
            format!("no trail logs DeleteObject in any bucket, {example}; {fix}"),
        ),
        (
            Mode::Any,
            vec![rest.clone(), trail("other", &event("Equals"))],
            format!("trail rest alone loses DeleteObject in any bucket, {example}; {fix}"),
        ),
        (
            Mode::Every,
            vec![all, rest],
            format!("trail rest alone loses DeleteObject in any bucket, {example}; {fix}"),
        ),
    ] {
        assert_eq!(summary(mode, &trails), format!("NON_COMPLIANT: {expected}"));
    }
}

#[test]
fn what_is_not_known() {
    let open = trail("open", &[json!({"Field": "eventName", "Sounds": ["x"]})]);
    assert_eq!(
        summary(Mode::Any, &[open]),
        "INDETERMINATE: whether every S3 object-level write event is logged is not known: trail \
         arn:aws:cloudtrail:us-east-1:111122223333:trail/open: selector 0: operator `Sounds` on \
         eventName is not known"
    );
}

#[test]
fn every_summary_is_printable_ascii_of_at_most_256_characters() {
    let prefix = |text: &str| [json!({"Field": "eventName", "NotStartsWith": [text]})];
    assert_eq!(
        summary(Mode::Any, &[trail("main", &prefix("b\u{fc}\n"))]),
        "NON_COMPLIANT: trail main loses every write event with a name starting with `b\\u{fc}\\n` \
         in any bucket, for example b\\u{fc}\\nObject on arn:aws:s3:::payroll/2026/11/report.csv; fix: \
         have trail main select every S3 write event"
    );
    let lengths = ["main", "trail"].map(|name| {
        let of = |length: usize| summary(Mode::Any, &[trail(name, &prefix(&"x".repeat(length)))]);
        // The text stands in the summary twice.
        let shortest = of(1);
        let without_fix = shortest.split("; fix: ").next().unwrap_or_default().len();
        let longest = (256 - without_fix) / 2 + 1;
        let (whole, turned, cut) = (of(longest), of(longest + 1), of(longest + 20));
        assert!(whole.contains(", for example x") && whole.ends_with("report.csv"), "{whole}");
        assert!(turned.ends_with("` in any bucket"), "{turned}");
        assert!(turned.contains(", one of: every"), "{turned}");
        assert!(cut.len() == 256 && cut.ends_with("..."), "{cut}");
        whole.len()
    });
    assert!(lengths == [255, 256] || lengths == [256, 255], "{lengths:?}");
}

#[test]
fn a_trail_that_does_not_count_says_why_and_what_to_do() {
    for (member, reason, fix) in [
        ("/status/IsLogging", "it is stopped", "start it"),
        ("/trail/IsMultiRegionTrail", "it is a single-Region trail", "make it multi-Region"),
    ] {
        let mut main = trail("main", &[]);
        *main.pointer_mut(member).unwrap() = json!(false);
        let said = summary(Mode::Any, &[main]);
        let begin =
            format!("NON_COMPLIANT: trail main does not count, {reason}; lost: every write");
        assert!(said.starts_with(&begin), "{said}");
        assert!(said.ends_with(&format!("; fix: {fix}")), "{said}");
        assert!(said.contains(", for example ") && said.len() <= 256, "{said}");
    }
}
