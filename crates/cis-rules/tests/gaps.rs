//! Which gaps a report lists.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use account::objects;
use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use serde_json::{Value, json};

/// The gaps of one trail's selectors, by their descriptions, and whether there are more.
fn gaps(selectors: &[Value]) -> (Vec<String>, bool) {
    let question = Question::new(Kind::Write, Mode::Any);
    let result = evaluate(&account::with(selectors), &question);
    (result.gaps.iter().map(|gap| gap.description.clone()).collect(), result.more_gaps)
}

/// Everything in one bucket but one event.
fn selector(bucket: usize) -> Value {
    let bucket = format!("arn:aws:s3:::team-{bucket:02}/");
    objects(&[
        json!({"Field": "resources.ARN", "StartsWith": [bucket]}),
        json!({"Field": "eventName", "NotEquals": ["DeleteObject"]}),
    ])
}

// Found while testing with mutants: a gap that the search meets in many parts was counted once for
// each, and the list was cut.
#[test]
fn a_gap_in_many_parts_is_one_gap() {
    let (gaps, more) = gaps(&(0..40).map(selector).collect::<Vec<_>>());
    assert_eq!(gaps.len(), 2, "{gaps:#?}");
    assert!(gaps[0].starts_with("every write event in any bucket except buckets"), "{gaps:#?}");
    assert_eq!(gaps[1], "DeleteObject in any bucket");
    assert!(!more);
}

#[test]
fn more_gaps_than_are_listed_are_said_to_be_there() {
    let pair = |number: usize| {
        let mut selector = selector(number);
        selector["FieldSelectors"][3] =
            json!({"Field": "eventName", "NotEquals": [format!("Event{number:02}")]});
        selector
    };
    let (gaps, more) = gaps(&(0..40).map(pair).collect::<Vec<_>>());
    assert_eq!((gaps.len(), more), (16, true), "{gaps:#?}");
}

#[test]
fn wide_gaps_come_first() {
    let prefix = |prefix: &str| format!("arn:aws:s3:::{prefix}/");
    let (long, short, one) = (prefix("payroll/2026"), prefix("human"), prefix("bay"));
    let within = |arn: &str, name: Value| {
        let mut name = name;
        name["Field"] = json!("eventName");
        objects(&[json!({"Field": "resources.ARN", "StartsWith": [arn]}), name])
    };
    let not_named = "DeleteObjects";
    let mut selectors = vec![
        objects(&[
            json!({"Field": "resources.ARN", "NotStartsWith": [long, short, one]}),
            json!({"Field": "eventName", "NotEquals": [not_named]}),
        ]),
        within(&one, json!({"NotEquals": ["PutObject", not_named]})),
        within(&long, json!({"NotStartsWith": ["Put"], "NotEquals": [not_named]})),
        within(&short, json!({"NotStartsWith": ["Delete"], "NotEquals": [not_named]})),
    ];
    for _ in 0..selectors.len() {
        selectors.rotate_left(1);
        assert_eq!(
            gaps(&selectors).0,
            [
                // One field is restricted,
                "DeleteObjects in any bucket",
                // then two, to short starts before long ones,
                "every write event with a name starting with `Delete` on objects in bucket `human`",
                "every write event with a name starting with `Put` or `DeleteObjects` in keys \
                 starting with `2026/` in bucket `payroll`",
                // and to whole names last.
                "DeleteObjects and PutObject on objects in bucket `bay` or keys starting with \
                 `2026/` in bucket `payroll`",
            ]
        );
    }
}

#[test]
fn of_two_gaps_the_wide_one_comes_first_whichever_was_found_first() {
    let not = |name: &str, besides: &[Value]| {
        let mut conditions = vec![json!({"Field": "eventName", "NotEquals": [name]})];
        conditions.extend_from_slice(besides);
        objects(&conditions)
    };
    let in_bucket =
        |operator: &str| json!({"Field": "resources.ARN", operator: ["arn:aws:s3:::payroll/"]});
    for (first, second) in [("DeleteObject", "PutObject"), ("PutObject", "DeleteObject")] {
        let mut selectors = vec![
            not(first, &[in_bucket("StartsWith")]),
            not(second, &[in_bucket("NotStartsWith")]),
        ];
        for _ in 0..selectors.len() {
            selectors.rotate_left(1);
            let wide = format!("{second} in any bucket except bucket `payroll`");
            let narrow = format!("{first} on objects in bucket `payroll`");
            assert_eq!(gaps(&selectors), (vec![wide, narrow], false));
        }
    }
}
