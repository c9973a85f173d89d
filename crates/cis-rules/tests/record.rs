//! Records as CloudTrail writes them, and what is no record.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cloudtrail_record;

use cis_rules::RecordField;
use cis_rules::record::event::{Event, Subject};
use cis_rules::record::wire::events;
use cloudtrail_record::{record, with};
use serde_json::{Value, json};

fn one(record: &Value) -> Event {
    events(&record.to_string()).unwrap().pop().unwrap()
}

#[test]
fn records_come_alone_in_log_files_in_arrays_and_in_lines() {
    let record = record();
    let forms = [
        record.to_string(),
        json!({"Records": [record]}).to_string(),
        json!([record]).to_string(),
        format!("\u{feff}{record}\n"),
    ];
    for form in forms {
        assert_eq!(events(&form).unwrap(), [one(&record)], "{form}");
    }
    let old = {
        let mut old = record.clone();
        old.as_object_mut().unwrap().remove("eventCategory");
        old.as_object_mut().unwrap().remove("managementEvent");
        old
    };
    let lines = events(&format!("{record}\n{old}\n{{\"Records\":[{record},{record}]}}")).unwrap();
    assert_eq!(lines, vec![one(&record); 4]);
    let Subject::Object(object) = &lines[0].subject else { panic!("it is about an object") };
    assert_eq!((object.records.len(), object.others.len()), (1, 1));
    let told = with("/readOnly", json!("false"));
    assert_eq!(one(&told), one(&record));
    let console = one(&with("/sessionCredentialFromConsole", json!("true")));
    let Subject::Object(object) = console.subject else { panic!("it is about an object") };
    assert_eq!(object.records[0].get(RecordField::SessionCredentialFromConsole), Some("true"));
}

#[test]
fn what_is_no_record_is_named_by_its_member() {
    let log = |record: Value| json!({"Records": [self::record(), record]}).to_string();
    for (text, says) in [
        (String::new(), "no record"),
        ("[]".into(), "no record"),
        (json!({"Records": []}).to_string(), "no record"),
        ("7".into(), "in the input: a record is expected"),
        ("{\"a\":".into(), "EOF while parsing a value at line 1"),
        (json!({"Records": {}}).to_string(), "in `Records`: an array is expected"),
        (log(json!(7)), "in `Records[1]`: an object is expected"),
        (
            log(with("/readOnly", json!("no"))),
            "in `Records[1].readOnly`: true or false is expected",
        ),
        (log(with("/eventName", json!(7))), "in `Records[1].eventName`: a string is expected"),
        (log(with("/eventType", Value::Null)), "in `Records[1].eventType`: a data event must"),
        (log(with("/userIdentity", json!("root"))), "in `Records[1].userIdentity`: an object is"),
        (log(with("/userIdentity/arn", json!([]))), "in `Records[1].userIdentity.arn`: a string"),
        (log(with("/resources", json!({}))), "in `Records[1].resources`: an array is expected"),
        (
            log(with("/resources/0", json!({"type": "AWS::S3::Object"}))),
            "in `Records[1].resources[0]`: an object has an ARN or an ARNPrefix",
        ),
        (json!([with("/resources/1/ARN", json!(1))]).to_string(), "in `[0].resources[1].ARN`:"),
        (format!("{}\n{}", record(), with("/eventName", json!(1))), "document 2, in `eventName`:"),
    ] {
        let error = events(&text).unwrap_err().to_string();
        assert!(error.starts_with(says), "{error}");
    }
}

#[test]
fn a_resource_that_is_no_object_may_have_no_arn() {
    assert_eq!(
        one(&with("/resources/1", json!({"type": "AWS::S3::Bucket"}))).subject,
        one(&with("/resources/1", json!({"accountId": "111122223333"}))).subject,
    );
}
