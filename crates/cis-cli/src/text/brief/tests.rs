use cis_findings::mistake::Mistake;
use cis_rules::evaluate;
use cis_rules::question::Mode;
use cis_rules::report::AccountMembers;
use cis_rules::snapshot::ReadBy;
use serde_json::{Value, json};

use super::*;
use crate::text::samples;

const ARN: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";

/// An account with one trail that has these selectors.
fn with_selectors(selectors: &Value) -> Value {
    json!({"schemaVersion": 1, "accountId": "111122223333", "trails": [{
        "trail": {"TrailARN": ARN, "Name": "main", "HomeRegion": "us-east-1",
                  "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
                  "S3BucketName": "audit-logs"},
        "status": {"IsLogging": true}, "eventSelectors": selectors}]})
}

fn advanced(conditions: &Value) -> Value {
    let mut fields = vec![
        json!({"Field": "eventCategory", "Equals": ["Data"]}),
        json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
    ];
    fields.extend(conditions.as_array().unwrap().iter().cloned());
    with_selectors(&json!({"AdvancedEventSelectors": [{"FieldSelectors": fields}]}))
}

fn basic(read_write: &str, values: &Value) -> Value {
    let resources = json!([{"Type": "AWS::S3::Object", "Values": values}]);
    with_selectors(&json!({"EventSelectors": [
        {"ReadWriteType": read_write, "DataResources": resources}]}))
}

fn answered(account: &Value, question: &Question) -> (Snapshot, AccountResult) {
    let snapshot = Snapshot::from_json(&account.to_string()).unwrap();
    let result = evaluate(&snapshot, question);
    (snapshot, result)
}

fn text_of(account: &Value, question: &Question, width: usize) -> String {
    let (snapshot, result) = answered(account, question);
    let mut page = Page::new(Vec::new(), false).wide(width);
    super::account(&mut page, &snapshot, question, &result).unwrap();
    String::from_utf8(page.into_inner()).unwrap()
}

fn writes() -> Question {
    Question::new(Kind::Write, Mode::Any)
}

#[test]
fn a_stopped_trail_is_told_as_a_person_would_say_it() {
    let mut account = advanced(&json!([]));
    account["trails"][0]["status"]["IsLogging"] = json!(false);
    assert_eq!(
        text_of(&account, &writes(), 90),
        "\
NON_COMPLIANT  111122223333  S3 write events                  CIS 4.8 · Security Hub S3.22
Trail main selects every S3 write event, but it is stopped: nothing is recorded.

  Fix       aws cloudtrail start-logging --region us-east-1 \\
              --name arn:aws:cloudtrail:us-east-1:111122223333:trail/main
            Then find out who stopped it: look up StopLogging in the Event history.
  Left out  CloudTrail's own log deliveries (--cloudtrail-deliveries)
"
    );
}

#[test]
fn a_prefix_without_a_slash_is_told_as_a_person_would_say_it() {
    let conditions =
        json!([{"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::acme-logs"]}]);
    let text = text_of(&advanced(&conditions), &writes(), 96);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[1],
        "Trail main does not record writes to buckets whose names start with acme-logs."
    );
    assert_eq!(
        lines[3],
        "  Why       selector 0: resources.ARN NotStartsWith `arn:aws:s3:::acme-logs`"
    );
    assert!(lines[4].contains("no slash at the end, so acme-logs-2 is left out"), "{text}");
    assert!(text.contains("end the value with a slash"), "{text}");
    assert!(text.contains("--allow-unlogged acme-logs\n"), "{text}");
}

/// Each kind of mistake: its name, and words of the sentence that tells it.
fn mistakes() -> Vec<(&'static str, &'static str, Value)> {
    let on = |field: &str, operator: &str, values: Value| {
        advanced(&json!([{"Field": field, operator: values}]))
    };
    let arn = |operator: &str, value: &str| on("resources.ARN", operator, json!([value]));
    let names: Vec<&str> = cis_rules::catalogue::object_events(Some(Kind::Write))
        .chain(cis_rules::catalogue::object_events(None))
        .collect();
    let mut single_region = advanced(&json!([]));
    single_region["trails"][0]["trail"]["IsMultiRegionTrail"] = json!(false);
    let mut foreign = advanced(&json!([]));
    foreign["accountId"] = json!("999988887777");
    vec![
        (
            "no-trail",
            "There is no trail",
            json!({"schemaVersion": 1, "accountId": "1", "trails": []}),
        ),
        ("trail-of-another-account", "belongs to another account", foreign),
        ("single-region-trail", "only those of us-east-1", single_region),
        (
            "no-s3-data-events",
            "no selector of S3 data events",
            with_selectors(&json!({"EventSelectors": []})),
        ),
        ("other-kind-only", "S3 read events only", basic("ReadOnly", &json!(["arn:aws:s3"]))),
        ("other-kind-only", "S3 read events only", on("readOnly", "Equals", json!(["true"]))),
        ("prefix-without-slash", "start with acme", arn("NotStartsWith", "arn:aws:s3:::acme")),
        ("buckets-left-out", "bucket payroll", arn("NotStartsWith", "arn:aws:s3:::payroll/")),
        (
            "own-log-bucket-left-out",
            "bucket audit-logs",
            arn("NotStartsWith", "arn:aws:s3:::audit-logs/"),
        ),
        ("some-buckets-only", "one value names", arn("StartsWith", "arn:aws:s3:::payroll/")),
        ("some-buckets-only", "one value names", basic("All", &json!(["arn:aws:s3:::payroll/"]))),
        ("other-partition", "partition aws", basic("All", &json!(["arn:aws-cn:s3"]))),
        ("other-partition", "partition aws", arn("StartsWith", "arn:aws-us-gov:s3:::")),
        ("star-in-value", "ordinary character", basic("All", &json!(["arn:aws:s3:::*"]))),
        ("star-in-value", "ordinary character", arn("StartsWith", "arn:aws:s3:::*")),
        ("event-names-one-by-one", "today's writes", on("eventName", "Equals", json!(names))),
        (
            "event-names-of-other-kind",
            "such as GetObject",
            on("eventName", "Equals", json!(["GetObject", "HeadObject"])),
        ),
        (
            "some-event-names-only",
            "some writes by name",
            on("eventName", "Equals", json!(["PutObject"])),
        ),
        (
            "event-names-left-out",
            "the event PutObject",
            on("eventName", "NotEquals", json!(["PutObject"])),
        ),
        (
            "console-only",
            "console sessions only",
            on("sessionCredentialFromConsole", "Equals", json!(["true"])),
        ),
        (
            "console-left-out",
            "of console sessions",
            on("sessionCredentialFromConsole", "NotEquals", json!(["true"])),
        ),
        (
            "callers-left-out",
            "every caller",
            on("userIdentity.arn", "NotEquals", json!(["arn:aws:iam::111122223333:user/backup"])),
        ),
    ]
}

#[test]
fn every_kind_of_mistake_is_named_by_its_cause() {
    for (id, words, account) in mistakes() {
        let question = writes();
        let (snapshot, result) = answered(&account, &question);
        let mistake = Mistake::of(&snapshot, &question, &result);
        let mistake = mistake.unwrap_or_else(|| panic!("{id}: {:?}", result.verdict));
        assert_eq!(mistake.slip.id(), id, "{account}");
        let text = text_of(&account, &question, 96);
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(flat.contains(words), "{id}: {text}");
        assert!(flat.contains(" Fix "), "{id}: {text}");
    }
}

#[test]
fn an_answer_has_at_most_sixteen_lines_at_every_width() {
    for (id, _, account) in mistakes() {
        for (width, most) in [(60, 22), (80, 16), (96, 16), (120, 16)] {
            let text = text_of(&account, &writes(), width);
            assert!(text.lines().count() <= most, "{id} {width}: {text}");
            for line in text.lines().filter(|line| line.chars().count() > width) {
                // What must be copied, or has no space to break at.
                let is_whole = line.contains("aws cloudtrail") || line.contains("arn:");
                assert!(is_whole, "{id} {width}: {line}");
            }
        }
    }
}

#[test]
fn the_cause_stands_in_the_second_line_and_the_fix_by_the_twelfth() {
    for (id, words, account) in mistakes() {
        let text = text_of(&account, &writes(), 96);
        let first = words.split(' ').next().unwrap_or_default();
        let cause = text.lines().position(|line| line.contains(first));
        assert!(cause.is_some_and(|line| line <= 2), "{id}: {text}");
        let fix = text.lines().position(|line| line.starts_with("  Fix "));
        assert!(fix.is_some_and(|line| line <= 11), "{id}: {text}");
    }
}

#[test]
fn a_trail_that_is_stopped_and_blind_is_told_as_both() {
    let mut account = basic("ReadOnly", &json!(["arn:aws:s3"]));
    account["trails"][0]["status"]["IsLogging"] = json!(false);
    account["trails"][0]["trail"]["IsMultiRegionTrail"] = json!(false);
    let text = text_of(&account, &writes(), 96);
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "Trail main does not select every S3 write event, and it is stopped",
        "aws cloudtrail start-logging",
        "aws cloudtrail update-trail --region us-east-1 --is-multi-region-trail",
        "its selectors lose events as well",
    ] {
        assert!(flat.contains(said), "`{said}`: {text}");
    }
}

/// Whether it takes records with an ARNPrefix is not documented, so the answer is INDETERMINATE.
#[test]
fn a_bucket_that_was_meant_to_be_left_out_by_not_equals_is_told() {
    let values = json!(["arn:aws:s3:::payroll/"]);
    let account = advanced(&json!([{"Field": "resources.ARN", "NotEquals": values}]));
    let text = text_of(&account, &writes(), 96);
    assert!(text.starts_with("INDETERMINATE"), "{text}");
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let hint = "NotEquals compares the whole ARN: objects in arn:aws:s3:::payroll/ are still";
    assert!(flat.contains(hint), "{text}");
}

#[test]
fn a_summary_is_one_line_that_fits() {
    for (id, _, account) in mistakes() {
        let (snapshot, result) = answered(&account, &writes());
        let mut page = Page::new(Vec::new(), false).wide(80);
        line(&mut page, &snapshot, &writes(), &result).unwrap();
        let text = String::from_utf8(page.into_inner()).unwrap();
        assert_eq!(text.lines().count(), 1, "{id}: {text}");
        assert!(text.trim_end().chars().count() <= 80, "{id}: {text}");
        assert!(text.starts_with("NON_COMPLIANT  "), "{text}");
    }
}

#[test]
fn a_delivery_error_warns_under_a_compliant() {
    let mut account = advanced(&json!([]));
    account["trails"][0]["status"]["LatestDeliveryError"] = json!("AccessDenied");
    let text = text_of(&account, &writes(), 96);
    assert!(text.starts_with("COMPLIANT  "), "{text}");
    assert!(text.contains("  Warning   the latest log file of main was not delivered"), "{text}");
}

#[test]
fn what_was_asked_and_who_read_it_are_told() {
    let mut question = writes();
    question.mode = Mode::Every;
    question.require_delivery = true;
    question.allow_unlogged = vec!["public-site".parse().unwrap()];
    let (snapshot, result) = answered(&advanced(&json!([])), &question);
    let read_by = ReadBy {
        arn: "arn:aws:iam::111122223333:user/alice".to_string(),
        profile: Some("prod".to_string()),
        region: None,
    };
    let result =
        result.with(|members: &mut AccountMembers| members.read_by = Some(read_by)).unwrap();
    let mut page = Page::new(Vec::new(), false);
    account(&mut page, &snapshot, &question, &result).unwrap();
    let text = String::from_utf8(page.into_inner()).unwrap();
    for said in [
        "Asked: every trail records everything; log files are delivered.",
        "  Read by   arn:aws:iam::111122223333:user/alice, profile prod",
        "  Left out  public-site (allowed); CloudTrail's own log deliveries",
    ] {
        assert!(text.contains(said), "`{said}`: {text}");
    }
}

#[test]
fn a_placeholder_is_no_account() {
    let mut account = advanced(&json!([]));
    account["accountId"] = json!("000000000000");
    let text = text_of(&account, &writes(), 96);
    assert!(text.starts_with("NON_COMPLIANT  account not known  S3 write events  "), "{text}");
}

#[test]
fn no_control_character_of_an_account_survives() {
    let hostile = "\u{1b}[2J\u{202e}x\r\n";
    let result = samples::non_compliant()
        .with(|members: &mut AccountMembers| members.name = Some(hostile.to_string()))
        .unwrap();
    let mut snapshot = samples::snapshot();
    for trail in snapshot.trails.iter_mut().flatten() {
        trail.trail.arn = Some(format!("{ARN}{hostile}"));
    }
    for is_line in [true, false] {
        let mut page = Page::new(Vec::new(), false);
        let write = if is_line { line } else { account };
        write(&mut page, &snapshot, &samples::question(), &result).unwrap();
        let text = String::from_utf8(page.into_inner()).unwrap();
        assert!(
            !text.chars().any(|c| c != '\n' && (c.is_control() || c == '\u{202e}')),
            "{text:?}"
        );
    }
}

/// The ten mistakes that are made most: what an answer calls each, and words of its cause and its fix.
fn ten() -> Vec<(&'static str, Value, [&'static str; 2])> {
    let on = |field: &str, operator: &str, values: Value| {
        advanced(&json!([{"Field": field, operator: values}]))
    };
    let arn = |operator: &str, value: &str| on("resources.ARN", operator, json!([value]));
    let writes: Vec<&str> = cis_rules::catalogue::object_events(Some(Kind::Write))
        .chain(cis_rules::catalogue::object_events(None))
        .collect();
    let mut stopped = advanced(&json!([]));
    stopped["trails"][0]["status"]["IsLogging"] = json!(false);
    let mut single = advanced(&json!([]));
    single["trails"][0]["trail"]["IsMultiRegionTrail"] = json!(false);
    let organization = json!({"schemaVersion": 1, "accountId": "444455556666", "trails": [{
        "trail": {"TrailARN": ARN, "Name": "main", "HomeRegion": "us-east-1",
                  "IsMultiRegionTrail": true, "IsOrganizationTrail": true},
        "status": {"IsLogging": true}, "eventSelectors": null,
        "unreadable": [{"call": "GetEventSelectors", "code": "TrailNotFoundException",
                        "message": "Unknown trail"}]}]});
    vec![
        ("stopped", stopped, ["it is stopped", "start-logging"]),
        ("single Region", single, ["single-Region trail", "--is-multi-region-trail"]),
        (
            "prefix without slash",
            arn("NotStartsWith", "arn:aws:s3:::acme"),
            ["start with acme", "end the value with a slash"],
        ),
        (
            "NotEquals with a bucket",
            arn("NotEquals", "arn:aws:s3:::payroll/"),
            ["is not known", "remove the field"],
        ),
        (
            "today's event names",
            on("eventName", "Equals", json!(writes)),
            ["today's writes one by one", "readOnly"],
        ),
        (
            "console only",
            on("sessionCredentialFromConsole", "Equals", json!(["true"])),
            ["console sessions only", "remove the condition"],
        ),
        (
            "another partition",
            basic("All", &json!(["arn:aws-cn:s3"])),
            ["is of another one", "arn:aws:s3"],
        ),
        ("a star", basic("All", &json!(["arn:aws:s3:::*"])), ["takes no object by", ":::"]),
        (
            "names of readers",
            on("eventName", "Equals", json!(["GetObject", "HeadObject"])),
            ["events of the other kind", "readOnly"],
        ),
        ("organization trail", organization, ["is not known", "organization"]),
    ]
}

/// The table that is printed with `--nocapture`: lines are counted from 1, at 96 columns.
#[test]
fn ten_answers_have_their_cause_fix_and_length_in_these_lines() {
    let mut table = vec![];
    println!("{:24} {:>5} {:>4} {:>5}", "mistake", "cause", "fix", "lines");
    for (name, account, [cause, fix]) in ten() {
        let text = text_of(&account, &writes(), 96);
        let lines: Vec<&str> = text.lines().collect();
        let line_of = |words: &str| {
            lines.iter().position(|line| line.contains(words)).map_or(0, |line| line + 1)
        };
        let label = if text.starts_with("INDETERMINATE") { "  Settle " } else { "  Fix " };
        let row = (name, line_of(cause), line_of(label), lines.len());
        println!("{:24} {:>5} {:>4} {:>5}", row.0, row.1, row.2, row.3);
        let rest = lines.get(row.2.saturating_sub(1)..).unwrap_or_default();
        assert!(rest.iter().any(|line| line.contains(fix)), "{name}: `{fix}` is missing: {text}");
        assert!(row.1 == 2 && row.2 > 0 && row.3 <= 16, "{name}: {text}");
        table.push(row);
    }
    assert_eq!(table, FIGURES);
}

/// The figures of [`ten`].
const FIGURES: [(&str, usize, usize, usize); 10] = [
    ("stopped", 2, 4, 7),
    ("single Region", 2, 7, 9),
    ("prefix without slash", 2, 8, 11),
    ("NotEquals with a bucket", 2, 7, 10),
    ("today's event names", 2, 7, 8),
    ("console only", 2, 7, 8),
    ("another partition", 2, 7, 8),
    ("a star", 2, 7, 8),
    ("names of readers", 2, 7, 8),
    ("organization trail", 2, 6, 8),
];
