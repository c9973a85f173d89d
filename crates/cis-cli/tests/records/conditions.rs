//! `trailproof records --where`.

use serde_json::Value;

use super::command::run;
use super::log;

/// The numbers of the page's records that a condition chooses.
fn chosen(conditions: &[&str]) -> Vec<u64> {
    let log = log();
    let mut arguments = vec!["records", log.to_str().unwrap(), "--all", "--format", "jsonl"];
    for condition in conditions {
        arguments.extend(["--where", condition]);
    }
    let ran = run(&arguments, b"");
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let number = |line: &str| -> u64 {
        let row: Value = serde_json::from_str(line).unwrap();
        row["eventID"].as_str().unwrap().rsplit('-').next().unwrap().parse().unwrap()
    };
    ran.stdout.lines().map(number).collect()
}

#[test]
fn each_field_is_asked_by_each_operator() {
    for (condition, numbers) in [
        ("bucket=payroll", &[1, 3, 4, 6][..]),
        ("bucket=pay", &[]),
        ("bucket!=payroll", &[2, 5, 7]),
        ("bucket^=pay", &[1, 3, 4, 6]),
        ("bucket=", &[7]),
        ("key^=2026/", &[1, 3]),
        ("key!=", &[1, 2, 3, 5]),
        ("object^=arn:aws:s3:::payroll/", &[1, 2, 3]),
        ("object!=arn:aws:s3:::payroll/2026/02.csv", &[3, 4, 5, 6, 7]),
        ("caller=anonymous", &[3]),
        ("caller!=aws-service", &[1, 2, 3, 4, 6, 7]),
        ("arn=arn:aws:iam::111122223333:user/alice", &[1, 7]),
        ("arn=", &[3, 4, 5]),
        ("account=444455556666", &[4]),
        ("service^=cloudtrail", &[5]),
        ("event^=Get", &[1, 3]),
        ("source=cloudtrail.amazonaws.com", &[7]),
        ("region!=eu-west-1", &[]),
        ("error=AccessDenied", &[3]),
        ("error=", &[1, 2, 4, 5, 6, 7]),
        ("error!=", &[3]),
        ("level=bucket", &[6]),
        ("kind=write", &[2, 5, 6, 7]),
        ("time>=2026-03-01T09:35:00Z", &[5, 6, 7]),
        ("time>2026-03-01T09:35:00Z", &[6, 7]),
        ("time<2026-03-01T09:30:04Z", &[1]),
        ("time<=2026-03-01T09:30:04Z", &[1, 2]),
        ("time>=2026-03-01T18:35:00+09:00", &[5, 6, 7]),
        ("time=2026-03-01T10:35:00+01:00", &[5]),
        ("time=2026-03-01", &[1, 2, 3, 4, 5, 6, 7]),
        ("time!=2026-03-01", &[]),
        ("time<=2026-03-01", &[1, 2, 3, 4, 5, 6, 7]),
        ("time<2026-03-01", &[]),
        ("time>2026-03-01", &[]),
        ("time>2026-02-28", &[1, 2, 3, 4, 5, 6, 7]),
        ("time^=2026-03-01T09:4", &[6, 7]),
        ("time=", &[]),
    ] {
        assert_eq!(chosen(&[condition]), numbers, "{condition}");
    }
    assert_eq!(chosen(&["bucket=payroll", "kind=read", "error="]), [1, 4]);
}

#[test]
fn what_is_no_condition_is_refused_with_what_there_is() {
    let log = log();
    for (condition, says) in [
        ("bucke=b", "there is no field `bucke`: the fields are bucket, key, object, caller, arn"),
        ("bucket", "a condition is FIELD=VALUE, FIELD!=VALUE or FIELD^=PREFIX"),
        ("", "a condition is FIELD=VALUE"),
        ("=b", "there is no field ``"),
        ("bucket!b", "a condition is FIELD=VALUE"),
        ("bucket>=b", "only `time` is compared by >=, <=, > and <"),
        ("bucket^=", "every text begins with an empty prefix"),
        ("level=objects", "the field's values are account, bucket, object, other"),
        ("kind!=reads", "the field's values are write, read"),
        ("caller=user", "the field's values are root, iam-user, assumed-role"),
        ("time>=yesterday", "a time is an RFC 3339 text"),
        ("time<=2026-02-30", "a time is an RFC 3339 text"),
        ("time>", "a time is an RFC 3339 text"),
    ] {
        let ran = run(&["records", log.to_str().unwrap(), "--where", condition], b"");
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{condition}");
        assert!(ran.stderr.contains(says), "{condition}: {ran:?}");
    }
}
