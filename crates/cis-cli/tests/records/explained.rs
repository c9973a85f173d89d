//! `trailproof explain --record` reads what `trailproof records` reads.

use serde_json::json;

use super::command::{account, run};
use super::{compressed, record, write};

#[test]
fn every_shape_of_a_record_is_explained_alike() {
    let folder = tempfile::tempdir().unwrap();
    let mut record = record("2026/11.csv");
    record["resources"] =
        json!([{"type": "AWS::S3::Object", "ARN": "arn:aws:s3:::payroll/2026/11.csv"}]);
    let text = record.to_string();
    let account = write(folder.path(), "account.json", account().to_string());
    let explain = |path: &str| run(&["explain", "--snapshot", &account, "--record", path], b"");
    let plain = explain(&write(folder.path(), "plain.json", &text));
    assert_eq!(plain.code, Some(1), "{plain:?}");
    for (name, bytes) in [
        ("log.json.gz", compressed(json!({"Records": [record]}).to_string().as_bytes())),
        ("bridge.json", json!({"detail-type": "x", "detail": record}).to_string().into_bytes()),
        ("lookup.json", json!({"Events": [{"CloudTrailEvent": text}]}).to_string().into_bytes()),
        ("logs.gz", compressed(json!({"logEvents": [{"message": text}]}).to_string().as_bytes())),
    ] {
        let ran = explain(&write(folder.path(), name, bytes));
        assert_eq!((ran.code, ran.stdout), (plain.code, plain.stdout.clone()), "{name}");
    }
    let cut = compressed(text.as_bytes());
    let ran = explain(&write(folder.path(), "cut.gz", &cut[..cut.len() - 4]));
    ran.is_refused(&["cut.gz`: "]);
    let two = explain(&write(folder.path(), "two.json", format!("{text}{{\"a\":1}}")));
    two.is_refused(&["two.json`: document 2, in the input: it is no record of CloudTrail"]);
}
