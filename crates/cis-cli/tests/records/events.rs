//! `trailproof events`: the catalogue in three formats.

use super::command::run;
use serde_json::Value;

#[test]
fn a_table_has_its_sources_below_it() {
    let ran = run(&["events", "--name", "HeadBucket", "--level", "object"], b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""));
    assert_eq!(
        ran.stdout,
        "EVENT       LEVEL   KIND  SOURCES  API OPERATION  RESOURCE TYPES
HeadBucket  object  read  [1] [2]  HeadBucket     AWS::S3::Object, AWS::S3::AccessPoint, \
         AWS::S3Express::Object
    an operation on a bucket that is recorded as an object-level event
    older doc: needs bucket + empty prefix selected; now listed as a data event

Sources: the first lists the event, the second says its kind. What a presumed kind
follows from is in `--format json`.
  [1] https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-s3-info.html
  [2] sample:github.com/Yamato-Security/suzaku-sample-data (325 real records: eventCategory Data, \
         ARNPrefix)
"
    );
}

#[test]
fn the_three_formats_have_the_same_events() {
    for (filters, count) in [
        (&[][..], 175),
        (&["--level", "account"], 8),
        (&["--level", "account,bucket"], 126),
        (&["--level", "object", "--kind", "write"], 21),
        (&["--name", "OPTIONS object", "--name", "Head*"], 4),
    ] {
        let format = |format| run(&[&["events", "--format", format], filters].concat(), b"").stdout;
        let json: Value = serde_json::from_str(&format("json")).unwrap();
        let of_json: Vec<&str> = json["events"].as_array().unwrap().iter().map(name).collect();
        let csv = format("csv");
        let mut rows = csv::Reader::from_reader(csv.as_bytes());
        let rows: Vec<csv::StringRecord> = rows.records().map(Result::unwrap).collect();
        let of_csv: Vec<&str> = rows.iter().map(|row| row.get(0).unwrap()).collect();
        let text = format("text");
        let of_text = text.lines().skip(1).take_while(|line| !line.is_empty());
        let of_text: Vec<&str> =
            of_text.filter(|line| !line.starts_with(' ')).map(until_a_gap).collect();
        assert_eq!(of_json, of_csv);
        assert_eq!(of_json, of_text);
        assert_eq!(of_json.len(), count, "{filters:?}");
    }
}

fn name(event: &Value) -> &str {
    event["name"].as_str().unwrap()
}

fn until_a_gap(line: &str) -> &str {
    line.split("  ").next().unwrap()
}

#[test]
fn what_no_event_is_called_is_refused() {
    run(&["events", "--name", "GetObjct"], b"").is_refused(&["no event of S3 is known"]);
    let ran = run(&["events", "--level", "other"], b"");
    assert_eq!(ran.code, Some(2));
    assert!(ran.stderr.contains("[possible values: account, bucket, object]"), "{ran:?}");
}
