//! Differences, told one by one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use account::objects;
use cis_rules::diff::{Change, Difference, Moved, Presence, diff};
use cis_rules::explain::Answer;
use cis_rules::question::{Deliveries, Kind};
use cis_rules::report::Assumption;
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

const ALL: &str = "every write event in any bucket";

fn trail(name: &str, selectors: &[Value]) -> Value {
    account::trail(name, &account::advanced(selectors))
}

fn account(trails: &[Value]) -> Value {
    json!({"schemaVersion": 1, "accountId": "111122223333", "trails": trails})
}

fn on(field: &str, operator: &str, value: &str) -> Value {
    json!({"Field": field, operator: [value]})
}

fn compared(before: &Value, after: &Value) -> Difference {
    let [before, after] =
        [before, after].map(|account| Snapshot::from_json(&account.to_string()).unwrap());
    diff(&before, &after, Deliveries::Ignore).unwrap()
}

fn of(changes: &[Change], kind: Kind) -> &Change {
    changes.iter().find(|change| change.kind == kind).unwrap()
}

fn told(moved: &[Moved]) -> Vec<(&str, Answer)> {
    moved.iter().map(|moved| (moved.description.as_str(), moved.otherwise)).collect()
}

#[test]
fn an_added_exclusion_loses_its_objects_and_leaves_prefixes_open() {
    let before = account(&[trail("main", &[objects(&[])])]);
    let payroll = on("resources.ARN", "NotStartsWith", "arn:aws:s3:::payroll/");
    let after = account(&[trail("main", &[objects(&[payroll])])]);
    let difference = compared(&before, &after);
    assert!(difference.is_loss() && !difference.is_gain());
    let write = of(&difference.account, Kind::Write);
    assert_eq!(
        told(&write.lost),
        [
            ("every write event on objects in bucket `payroll`", Answer::NotLogged),
            (
                "every write event in requests that name no key (ListObjects, DeleteObjects) to \
                 buckets such as `payroll`",
                Answer::NotKnown
            ),
        ]
    );
    let witness = serde_json::to_value(&write.lost[0].witness).unwrap();
    assert_eq!(witness["eventName"], "DeleteObject");
    assert_eq!(witness["resources.ARN"], "arn:aws:s3:::payroll/2026/11/report.csv");
    assert_eq!(difference.trails[0].changes, difference.account);
    // The other way round it is the same that is gained.
    let back = compared(&after, &before);
    assert!(!back.is_loss());
    assert_eq!(told(&of(&back.account, Kind::Write).gained), told(&write.lost));
}

#[test]
fn a_comparison_that_needs_prefixes_compared_says_so() {
    let everything = objects(&[]);
    let any_arn = objects(&[on("resources.ARN", "StartsWith", "arn:aws:s3:::")]);
    let but_payroll = objects(&[on("resources.ARN", "NotStartsWith", "arn:aws:s3:::payroll/")]);
    let puts_anywhere = objects(&[
        on("resources.ARN", "StartsWith", "arn:aws:s3:::"),
        on("eventName", "Equals", "PutObject"),
    ]);
    let puts = objects(&[on("eventName", "Equals", "PutObject")]);
    let selecting = |selectors: &[&Value]| {
        let selectors: Vec<Value> = selectors.iter().copied().cloned().collect();
        account(&[trail("main", &selectors)])
    };
    for (before, after, rests) in [
        // It takes ListObjects and DeleteObjects, too, if their ARNPrefix is compared.
        (selecting(&[&everything]), selecting(&[&any_arn]), true),
        (selecting(&[&everything]), selecting(&[&but_payroll]), true),
        (account(&[]), selecting(&[&any_arn]), true),
        // Both do with those what they do.
        (selecting(&[&but_payroll]), selecting(&[&but_payroll]), false),
        (selecting(&[&any_arn]), selecting(&[&any_arn, &puts_anywhere]), false),
        // Another selector takes those without a condition on the ARN.
        (selecting(&[&everything]), selecting(&[&everything, &but_payroll]), false),
        (selecting(&[&puts]), selecting(&[&puts_anywhere, &puts]), false),
        (selecting(&[&everything]), selecting(&[&puts]), false),
    ] {
        for (before, after) in [(&before, &after), (&after, &before)] {
            let expected: &[Assumption] = if rests { &[Assumption::ArnPrefix] } else { &[] };
            assert_eq!(compared(before, after).assumptions, expected, "{before:#}\n{after:#}");
        }
    }
}

#[test]
fn what_another_trail_takes_over_is_lost_by_the_trail_alone() {
    let some = objects(&[on("resources.ARN", "StartsWith", "arn:aws:s3:::payroll/")]);
    let others = objects(&[on("resources.ARN", "NotStartsWith", "arn:aws:s3:::zeta/")]);
    let before = account(&[trail("a", &[some.clone(), others.clone()]), trail("b", &[])]);
    let after = account(&[trail("b", &[others, some.clone()]), trail("c", &[some])]);
    let difference = compared(&before, &after);
    assert!(!difference.is_loss() && !difference.is_gain());
    let trails: Vec<_> = difference
        .trails
        .iter()
        .map(|trail| {
            let change = of(&trail.changes, Kind::Read);
            let name = trail.arn.rsplit('/').next().unwrap();
            (name, trail.presence, change.is_loss(), change.is_gain())
        })
        .collect();
    assert_eq!(
        trails,
        [
            ("a", Presence::OnlyBefore, true, false),
            ("b", Presence::Both, false, true),
            ("c", Presence::OnlyAfter, false, true),
        ]
    );
}

#[test]
fn a_stopped_trail_says_so() {
    let before = account(&[trail("main", &[objects(&[])])]);
    let mut after = before.clone();
    after["trails"][0]["status"]["IsLogging"] = json!(false);
    let difference = compared(&before, &after);
    let lost = told(&of(&difference.account, Kind::Write).lost);
    assert_eq!(lost, [(ALL, Answer::NotLogged)]);
    assert_eq!(difference.trails[0].reasons_after, ["it is stopped"]);
    assert!(difference.trails[0].reasons_before.is_empty());
    after["trails"][0]["status"] = Value::Null;
    let difference = compared(&before, &after);
    let lost = told(&of(&difference.account, Kind::Write).lost);
    assert_eq!(lost, [(ALL, Answer::NotKnown)]);
}

#[test]
fn selectors_that_split_everything_are_lost_as_one() {
    let mut split = Vec::new();
    for name in ["Equals", "NotEquals"] {
        for source in ["Equals", "NotEquals"] {
            split.push(objects(&[
                on("eventName", name, "PutObject"),
                on("eventSource", source, "s3.amazonaws.com"),
            ]));
        }
    }
    let difference = compared(&account(&[trail("main", &split)]), &account(&[trail("main", &[])]));
    let lost = told(&of(&difference.account, Kind::Write).lost);
    assert_eq!(lost, [(ALL, Answer::NotLogged)]);
    // Without one of them the others are still joined where they can be.
    split.remove(0);
    let difference = compared(&account(&[trail("main", &split)]), &account(&[trail("main", &[])]));
    let mut lost = told(&of(&difference.account, Kind::Write).lost);
    lost.sort_unstable_by_key(|(description, _)| *description);
    assert_eq!(
        lost,
        [
            (
                "every write event in any bucket, with eventSource other than `s3.amazonaws.com`",
                Answer::NotLogged
            ),
            (
                "every write event with a name other than `PutObject` in any bucket",
                Answer::NotLogged
            ),
        ]
    );
}

#[test]
fn a_trail_that_is_not_listed_any_more_may_still_log() {
    let before = account(&[trail("main", &[objects(&[])])]);
    let mut after = account(&[]);
    assert_eq!(
        told(&of(&compared(&before, &after).account, Kind::Write).lost),
        [(ALL, Answer::NotLogged)]
    );
    after["unreadable"] = json!([{"call": "DescribeTrails", "code": "AccessDeniedException"}]);
    let difference = compared(&before, &after);
    assert_eq!(told(&of(&difference.account, Kind::Write).lost), [(ALL, Answer::NotKnown)]);
    assert_eq!(
        told(&of(&difference.trails[0].changes, Kind::Write).lost),
        [(ALL, Answer::NotKnown)]
    );
    assert_eq!(difference.after.unknowns.len(), 1);
    // A trail that is there is not in doubt because others may be missing.
    let mut after = account(&[trail("main", &[])]);
    after["unreadable"] = json!([{"call": "ListTrails"}]);
    let difference = compared(&before, &after);
    assert_eq!(
        told(&of(&difference.trails[0].changes, Kind::Write).lost),
        [(ALL, Answer::NotLogged)]
    );
}

#[test]
fn different_accounts_are_not_compared() {
    let before = account(&[]);
    for (member, other, says) in [
        (
            "accountId",
            "999988887777",
            "the snapshots are of different accounts: `111122223333` before, `999988887777` after",
        ),
        (
            "partition",
            "aws-cn",
            "the snapshots are of different partitions: `aws` before, `aws-cn` after",
        ),
    ] {
        let mut after = before.clone();
        after[member] = json!(other);
        let [one, two] =
            [&before, &after].map(|account| Snapshot::from_json(&account.to_string()).unwrap());
        assert_eq!(diff(&one, &two, Deliveries::Ignore).unwrap_err().to_string(), says);
    }
}

#[test]
fn what_two_selectors_lose_alike_is_one_region() {
    let puts_in = |bucket: &str| {
        objects(&[
            on("eventName", "StartsWith", "Put"),
            on("resources.ARN", "StartsWith", &format!("arn:aws:s3:::{bucket}/")),
        ])
    };
    let before = account(&[trail("main", &[puts_in("payroll"), puts_in("human")])]);
    let after = account(&[trail("main", &[])]);
    let difference = compared(&before, &after);
    let lost = of(&difference.account, Kind::Write).lost.iter();
    let lost: Vec<&str> = lost.map(|moved| moved.description.as_str()).collect();
    assert_eq!(
        lost,
        ["every write event with a name starting with `Put` in buckets `human` or `payroll`"]
    );
}

#[test]
fn more_regions_than_are_listed_are_said_to_be_there() {
    let all_but = |number: usize| {
        objects(&[
            on("resources.ARN", "StartsWith", &format!("arn:aws:s3:::team-{number:02}/")),
            on("eventName", "NotEquals", &format!("Event{number:02}")),
        ])
    };
    for (count, more) in [(3, false), (40, true)] {
        let parts: Vec<Value> = (0..count).map(all_but).collect();
        let whole: Vec<Value> = (0..count)
            .map(|number| {
                let bucket = format!("arn:aws:s3:::team-{number:02}/");
                objects(&[on("resources.ARN", "StartsWith", &bucket)])
            })
            .collect();
        let after = account(&[trail("main", &parts)]);
        // One region of many pieces, and one for each piece.
        for (before, besides) in [(vec![objects(&[])], 1), (whole, 0)] {
            let difference = compared(&account(&[trail("main", &before)]), &after);
            let write = of(&difference.account, Kind::Write);
            let listed = if more { 16 } else { count + besides };
            assert_eq!((write.lost.len(), write.more_lost), (listed, more));
        }
    }
}
