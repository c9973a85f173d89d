//! Records in every shape in which people hold them, and what is no record.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod cloudtrail_record;

use cis_records::{InvalidInput, RecordSummary, shapes};
use cis_rules::RecordField;
use cis_rules::record::event::{Event, Subject};
use cloudtrail_record::{record, with};
use serde_json::{Value, json};

fn events(text: &str) -> Result<Vec<Event>, InvalidInput> {
    cis_records::events(text.as_bytes())
}

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
        (json!({"Records": {}}).to_string(), "in the input: `Records` must be an array"),
        (json!([{"Records": 7}]).to_string(), "in `[0]`: `Records` must be an array"),
        (json!([[record()]]).to_string(), "in `[0]`: an object is expected"),
        (
            json!([{"Records": [record(), {}]}]).to_string(),
            "in `[0].Records[1]`: it is no record of CloudTrail: it has no `eventName`",
        ),
        (
            json!({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
                "eventVersion": "2.1", "userIdentity": {"principalId": "A"}}]})
            .to_string(),
            "in `Records[0]`: it is an event notification of S3, and no record of CloudTrail",
        ),
        (
            log(with("/eventVersion", json!("2.0"))),
            "in `Records[1]`: its `eventVersion` is `2.0`, and only versions 1.x are known",
        ),
        (log(with("/eventVersion", json!(1.11))), "in `Records[1].eventVersion`: a string is"),
        (
            json!({"digestStartTime": "2026-03-01T09:00:00Z", "digestS3Object": "AWSLogs/1",
                "logFiles": []})
            .to_string(),
            "in the input: it is a digest file of CloudTrail",
        ),
        (
            json!({"eventCategory": "Aggregated", "timeWindow": {}, "summary": {}}).to_string(),
            "in the input: aggregated events are counts",
        ),
        (json!({"logEvents": [{"message": "hello"}]}).to_string(), "in `logEvents[0]`: "),
        (r#"{"Records":[{"eventName":"a","eventName":"b"}]}"#.into(), "in `Records[0]`: duplicate"),
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
        assert!(error.starts_with(says), "{error} starts with {says}");
    }
}

#[test]
fn a_resource_that_is_no_object_may_have_no_arn() {
    assert_eq!(
        one(&with("/resources/1", json!({"type": "AWS::S3::Bucket"}))).subject,
        one(&with("/resources/1", json!({"accountId": "111122223333"}))).subject,
    );
}

#[test]
fn the_envelopes_of_other_services_are_opened() {
    let record = record();
    let text = record.to_string();
    for (name, envelope) in [
        (
            "EventBridge",
            json!({"version": "0", "detail-type": "AWS API Call via CloudTrail",
                "source": "aws.s3", "detail": record}),
        ),
        (
            "a subscription of CloudWatch Logs",
            json!({"messageType": "DATA_MESSAGE", "owner": "111122223333", "logEvents": [
                {"id": "1", "timestamp": 1, "message": text}]}),
        ),
        (
            "aws logs filter-log-events",
            json!({"events": [{"timestamp": 1, "message": text}], "searchedLogStreams": []}),
        ),
        (
            "aws cloudtrail lookup-events",
            json!({"Events": [{"EventId": "e-1", "ReadOnly": "false", "CloudTrailEvent": text}]}),
        ),
        ("one event of it", json!({"EventId": "e-1", "CloudTrailEvent": text})),
        ("a row of CloudTrail Lake", json!({"eventid": "e-1", "eventjson": text})),
        ("events of EventBridge in an array", json!([{"detail-type": "x", "detail": record}])),
        ("log files in an array", json!([{"Records": [record]}])),
        ("a record with what tools add", {
            let mut added = record.clone();
            added["@timestamp"] = json!("2026-11-21T08:00:00.000Z");
            added["detail"] = json!({"eventName": "GetObject"});
            added
        }),
    ] {
        assert_eq!(events(&envelope.to_string()).unwrap(), [one(&record)], "{name}");
    }
    let control = json!({"messageType": "CONTROL_MESSAGE", "logEvents": [
        {"message": "CWL CONTROL MESSAGE: Checking health of destination Firehose."}]});
    let both = format!("{control}\n{text}");
    assert_eq!(events(&both).unwrap(), [one(&record)]);
}

#[test]
fn envelopes_are_not_opened_without_end() {
    let mut envelope = record();
    for _ in 0..4 {
        envelope = json!({"message": envelope.to_string()});
    }
    assert_eq!(events(&envelope.to_string()).unwrap(), [one(&record())]);
    let deeper = json!({"message": envelope.to_string()}).to_string();
    assert!(events(&deeper).unwrap_err().to_string().contains("it is no record"));
}

#[test]
fn old_records_and_those_of_tools_mean_the_same() {
    for (pointer, value) in [
        ("/eventVersion", json!("1.01")),
        ("/eventVersion", json!("1.20")),
        ("/eventVersion", Value::Null),
        ("/eventName", json!(["DeleteObject"])),
        ("/readOnly", json!("false")),
        ("/readOnly", json!(["false"])),
        ("/managementEvent", json!("false")),
        ("/userIdentity", json!([record()["userIdentity"]])),
        (
            "/resources/0",
            json!({"type": "AWS::S3::Object", "arn": "arn:aws:s3:::payroll/2026/11.csv"}),
        ),
    ] {
        assert_eq!(one(&with(pointer, value.clone())), one(&record()), "{pointer} {value}");
    }
}

#[test]
fn what_was_read_before_an_end_that_is_wrong_is_given() {
    let text = format!("{{\"Records\":[{0},{0},{{\"eventName\":", record());
    let mut names = Vec::new();
    let error = shapes::read(text.as_bytes(), &mut |_, record| {
        names.push(RecordSummary::of(record.unwrap()).event_name);
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(names, vec![Some("DeleteObject".to_string()); 2]);
    assert!(error.unwrap_err().to_string().starts_with("EOF while parsing"));
}

#[test]
fn an_input_without_records_is_not_read_to_its_end() {
    struct Endless(u64);
    impl std::io::Read for Endless {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            buffer.fill(b' ');
            self.0 += buffer.len() as u64;
            assert!(self.0 < 2 * shapes::LARGEST_RECORD, "it is read without end");
            Ok(buffer.len())
        }
    }
    let error = shapes::read(Endless(0), &mut |_, _| panic!("there is none")).unwrap_err();
    assert_eq!(error.to_string(), "16 MiB hold no record of CloudTrail");
    // As many bytes in many records are read.
    let padded = {
        let mut padded = record();
        padded["requestParameters"] = json!({"x": "y".repeat(1 << 20)});
        padded.to_string()
    };
    let log = [padded.as_str(), "\n"].concat().repeat(17);
    assert!(log.len() as u64 > shapes::LARGEST_RECORD);
    assert_eq!(events(&log).unwrap().len(), 17);
}
