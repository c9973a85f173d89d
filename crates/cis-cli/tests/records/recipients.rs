//! `trailproof recipients`.

use std::fs;

use serde_json::{Value, json};

use super::command::{file, run};

const CROSS: [&str; 7] = [
    "recipients",
    "--operation",
    "PutObject",
    "--requester",
    "111122223333",
    "--bucket-owner",
    "444455556666",
];

fn told(options: &[&str]) -> Value {
    let ran = run(&[&CROSS, options, &["--format", "json"]].concat(), b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    serde_json::from_str(&ran.stdout).unwrap()
}

#[test]
fn the_page_about_records_shows_who_receives_a_copy() {
    let page = fs::read_to_string(file("../../docs/records.md")).unwrap();
    let options = ["--object-owner", "111122223333", "--owner-has-permission", "no"];
    let ran = run(&[&CROSS[..], &options].concat(), b"");
    assert!(page.contains(&format!("\n{}```\n", ran.stdout)), "{}", ran.stdout);
}

#[test]
fn the_answer_has_the_documented_members() {
    let older = told(&["--owner-has-permission", "no"]);
    assert_eq!(older["olderText"]["bucketOwner"], json!("none"));
    assert!(older["olderText"]["source"].as_str().unwrap().contains("2023 and earlier"));
    let email = told(&["--grant-by-email"]);
    assert_eq!(
        (&email["requester"], &email["bucketOwner"], &email["redactedFields"]),
        (&json!("full"), &json!("redacted"), &json!(["the grantee's e-mail address", "the grant"]))
    );
    assert_eq!(email.get("olderText"), None);
    for (outcome, requester, owner) in [
        ("allowed", "full", "full"),
        ("denied", "unknown", "full"),
        ("endpoint-policy", "none", "none"),
        ("redirect", "none", "none"),
        ("authentication-failed", "unknown", "unknown"),
    ] {
        let told = told(&["--outcome", outcome]);
        assert_eq!((&told["requester"], &told["bucketOwner"]), (&json!(requester), &json!(owner)));
        assert!(told["source"].as_str().unwrap().starts_with("https://docs.aws.amazon.com/"));
    }
}

#[test]
fn a_third_owner_of_the_object_is_no_recipient() {
    let ran = run(&[&CROSS[..], &["--object-owner", "777788889999"]].concat(), b"");
    assert!(ran.stdout.contains("no text of AWS's names the object's owner 777788889999"));
    let ran = run(&[&CROSS[..], &["--object-owner", "444455556666"]].concat(), b"");
    assert!(!ran.stdout.contains("the object's owner"), "{ran:?}");
}

#[test]
fn who_asks_and_for_what_is_checked() {
    for (requester, operation, says) in [
        ("1111", "PutObject", "a requester is an account of 12 digits, `anonymous`, or an AWS"),
        (".amazonaws.com", "PutObject", "a requester is an account of 12 digits"),
        ("anonymous", "PutObjct", "S3 has no event and no operation `PutObjct`"),
        ("anonymous", "", "S3 has no event and no operation ``"),
    ] {
        let ran = run(
            &[
                "recipients",
                "--operation",
                operation,
                "--requester",
                requester,
                "--bucket-owner",
                "444455556666",
            ],
            b"",
        );
        assert_eq!((ran.code, ran.stdout.as_str()), (Some(2), ""), "{ran:?}");
        assert!(ran.stderr.contains(says), "{ran:?}");
    }
    for requester in ["anonymous", "cloudtrail.amazonaws.com", "vpc-flow-logs.amazonaws.com.cn"] {
        let ran = run(
            &[
                "recipients",
                "--operation",
                "PutBucketLifecycleConfiguration",
                "--requester",
                requester,
                "--bucket-owner",
                "444455556666",
            ],
            b"",
        );
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.stdout.contains("bucket owner's account: full"), "{ran:?}");
    }
}
