//! `trailproof diff` of two sweeps: what got worse, account by account.
#![expect(clippy::panic, clippy::unwrap_used, reason = "a test fails by panicking")]

mod command;

use command::{Ran, account, run};
use serde_json::{Value, json};

/// The sample account by another id, with its exclusion or without it.
fn member(number: usize, is_lossy: bool) -> Value {
    let id = format!("{:012}", 100_000_000_000 + number);
    let text = account().to_string().replace("111122223333", &id);
    let mut account: Value = serde_json::from_str(&text).unwrap();
    account["name"] = json!(format!("member-{number}"));
    if !is_lossy {
        let selectors = &mut account["trails"][0]["eventSelectors"]["AdvancedEventSelectors"];
        selectors[1]["FieldSelectors"].as_array_mut().unwrap().pop();
    }
    account
}

/// A trail that all members share, with the exclusion or without it.
fn shared(mut account: Value, is_lossy: bool) -> Value {
    let other = member(99, is_lossy);
    account["trails"] = other["trails"].clone();
    account["trails"][0]["trail"]["IsOrganizationTrail"] = true.into();
    account
}

fn lines(accounts: &[Value]) -> String {
    accounts.iter().map(|account| format!("{account}\n")).collect()
}

fn diff(before: &[Value], after: &[Value], arguments: &[&str]) -> Ran {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), lines(before)).unwrap();
    let sources = ["diff", file.path().to_str().unwrap(), "-"];
    run(&[&sources, arguments].concat(), lines(after).as_bytes())
}

fn json_of(before: &[Value], after: &[Value]) -> (Value, Option<i32>) {
    let ran = diff(before, after, &["--format", "json"]);
    (serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}")), ran.code)
}

/// A text without its line breaks.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn only_what_got_worse_is_told_with_accounts_that_came_and_went() {
    let before = [member(1, false), member(2, false), member(3, true), member(4, false)];
    // In another order, with one that is new.
    let after = [member(5, false), member(4, false), member(2, true), member(3, false)];
    let (difference, code) = json_of(&before, &after);
    assert_eq!(code, Some(1));
    let worse = difference["worse"].as_array().unwrap();
    assert_eq!(worse.len(), 1);
    assert_eq!(worse[0]["accountId"], "100000000002");
    let lost = &worse[0]["account"][0]["lost"][0];
    assert!(lost["description"].as_str().unwrap().contains("payroll"), "{lost}");
    assert_eq!(
        difference["vanished"],
        json!([{"accountId": "100000000001", "name": "member-1", "wasLogged": true}])
    );
    assert_eq!(difference["new"], json!([{"accountId": "100000000005", "name": "member-5"}]));
    assert_eq!(
        difference["totals"],
        json!({"compared": 3, "worse": 1, "better": 1, "same": 1, "vanished": 1, "new": 1})
    );

    let text = words(&diff(&before, &after, &[]).stdout);
    for said in [
        "LOST account 100000000002 (member-2) ",
        "every write event on objects in bucket `payroll`",
        "GONE account 100000000001 (member-1): something of it was surely logged",
        "NEW account 100000000005 (member-5)",
        "3 accounts are in both: 1 lost something, 1 only gained, 1 are the same; 1 are gone, 1 are new",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    for silent in ["member-3", "member-4"] {
        assert!(!text.contains(silent), "{text}");
    }
}

#[test]
fn nothing_worse_is_exit_code_0() {
    let before = [member(1, true), member(2, false)];
    let (difference, code) = json_of(&before, &[member(2, false), member(1, false)]);
    assert_eq!((code, &difference["worse"]), (Some(0), &json!([])), "{difference}");
    let (_, code) = json_of(&before, &[member(1, true), member(2, false), member(3, true)]);
    assert_eq!(code, Some(0), "a new account was never logged before");
}

#[test]
fn an_account_that_is_gone_is_a_loss_only_where_something_was_logged() {
    let mut unread = member(3, false);
    unread["trails"] = Value::Null;
    unread["unreadable"] = json!([{"call": "AssumeRole", "code": "AccessDenied"}]);
    let before = [member(1, false), unread];
    let (difference, code) = json_of(&before, &before[..1]);
    assert_eq!((code, &difference["vanished"][0]["wasLogged"]), (Some(0), &json!(false)));
    let (_, code) = json_of(&before, &before[1..]);
    assert_eq!(code, Some(1));
}

#[test]
fn an_account_that_cannot_be_read_any_more_says_why() {
    let mut unread = member(2, false);
    unread["trails"] = Value::Null;
    unread["unreadable"] = json!([{"call": "AssumeRole", "code": "AccessDenied"}]);
    let before = [member(1, false), member(2, false)];
    let ran = diff(&before, &[member(1, false), unread], &[]);
    assert_eq!(ran.code, Some(1));
    let text = words(&ran.stdout);
    for said in ["not known to be logged", "AssumeRole failed with AccessDenied", "sts:AssumeRole"]
    {
        assert!(text.contains(said), "{said}: {text}");
    }
}

#[test]
fn accounts_that_lost_the_same_share_a_paragraph() {
    let before: Vec<Value> = (1..=9).map(|number| shared(member(number, false), false)).collect();
    let after: Vec<Value> = (1..=9).map(|number| shared(member(number, false), true)).collect();
    let ran = diff(&before, &after, &[]);
    assert_eq!(ran.code, Some(1));
    let head = "LOST  9 accounts lost the same, as told of 100000000001 (member-1)\n";
    assert!(ran.stdout.starts_with(head), "{}", ran.stdout);
    assert_eq!(ran.stdout.matches("Surely logged before and not now").count(), 1);
    for number in 1..=9 {
        assert!(ran.stdout.contains(&format!("(member-{number})")), "{}", ran.stdout);
    }
}

#[test]
fn large_files_in_another_order_are_compared_line_by_line() {
    // More than is held in memory.
    let count = (5 << 20) / member(1, false).to_string().len();
    let before: Vec<Value> = (0..count).map(|number| member(number, false)).collect();
    let mut after: Vec<Value> = before.iter().rev().cloned().collect();
    after[7] = member(count - 8, true);
    let (difference, code) = json_of(&before, &after);
    assert_eq!(code, Some(1));
    assert_eq!(difference["totals"]["same"], count - 1);
    assert_eq!(difference["worse"][0]["before"]["name"], format!("member-{}", count - 8));
}

#[test]
fn an_account_twice_in_a_file_is_refused() {
    let twice = [member(1, false), member(2, false), member(1, true)];
    let once = [member(1, false), member(2, false)];
    diff(&twice, &once, &[]).is_refused(&["100000000001 twice"]);
    diff(&once, &twice, &[]).is_refused(&["standard input", "100000000001 twice"]);
}

#[test]
fn files_of_one_account_can_be_compared_as_sweeps() {
    let ran = diff(&[member(1, false)], &[member(2, false)], &["--sweeps", "--format", "json"]);
    let difference: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &difference["totals"]["vanished"]), (Some(1), &json!(1)));
    let ran =
        diff(&[member(1, false)], &[member(1, false), member(2, false)], &["--format", "json"]);
    let difference: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((ran.code, &difference["totals"]["new"]), (Some(0), &json!(1)));
}
