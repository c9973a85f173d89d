//! Whatever text is given as a snapshot or as an event: it is read or refused, never more.

use std::ops::ControlFlow;

use cis_lambda::event::Event;
use cis_lambda::parameters::Parameters;
use cis_records::recipients::Request;
use cis_records::shapes::{self, Misplaced};
use cis_records::{RecordSummary, events};
use cis_rules::evaluate;
use cis_rules::explain::{Answer, explain};
use cis_rules::internals::matching::Match;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::record::event::Subject;
use cis_rules::snapshot::Snapshot;
use serde_json::Value;

use crate::evidence;

/// Reads snapshots, and decides those that can be read.
pub(crate) fn snapshot(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let one = Snapshot::from_json(text);
    let all = Snapshot::all_from_json(text);
    assert_eq!(all, Snapshot::all_from_json(text), "reading is not repeatable");
    if let Ok(one) = one {
        assert_eq!(all.as_deref(), Ok(&[one][..]), "one snapshot is not read alike from a file");
    }
    if let Err(error) = &all {
        assert!(!error.to_string().is_empty());
    }
    for snapshot in all.unwrap_or_default() {
        for kind in Kind::ALL {
            for mode in Mode::ALL {
                let question = Question::new(kind, mode);
                evidence::check(&snapshot, &question, &evaluate(&snapshot, &question));
            }
        }
    }
}

/// Reads an AWS Config event with its parameters.
pub(crate) fn rule_event(data: &[u8]) {
    let Ok(event) = serde_json::from_slice::<Value>(data) else { return };
    match Event::from_json(&event) {
        Ok(event) => {
            assert!(event.account_id.len() == 12, "{}", event.account_id);
            if let Err(error) = Parameters::from_json(&event.parameters, cis_lambda::today()) {
                assert!(!error.to_string().is_empty());
            }
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
}

/// Reads CloudTrail's records, and explains each about one account.
pub(crate) fn record(data: &[u8]) {
    let read = events(data);
    assert_eq!(read, events(data), "reading is not repeatable");
    if let Err(error) = &read {
        assert!(!error.to_string().is_empty());
    }
    summaries(data);
    let Ok(account) = Snapshot::from_json(ACCOUNT) else { return };
    let trails = evidence::trails(&account, &Question::new(Kind::Write, Mode::Any));
    for event in read.unwrap_or_default() {
        let explanation = explain(&account, &event);
        let Subject::Object(object) = &event.subject else {
            assert!(explanation.no_object_event.is_some() && explanation.answer.is_none());
            continue;
        };
        if let [only] = object.records.as_slice() {
            let logged = trails.iter().map(|trail| trail.logs(only)).max();
            let answer = logged.map(|logged| match logged {
                Match::Surely => Answer::Logged,
                Match::Maybe => Answer::NotKnown,
                Match::No => Answer::NotLogged,
            });
            if object.others.is_empty() {
                assert_eq!(explanation.answer, answer, "{only:?}");
            }
        }
    }
}

/// Says of each record what it says; a summary is read back from its JSON.
fn summaries(data: &[u8]) {
    let _read = shapes::read(data, &mut |place, found| {
        match found {
            Ok(record) => {
                let summary = RecordSummary::of(record);
                let recipients = Request::of(record, &summary.caller).recipients();
                assert!(!recipients.rule.is_empty());
                let json = serde_json::to_string(&summary).unwrap_or_default();
                assert_eq!(serde_json::from_str(&json).ok(), Some(summary));
            }
            Err(what) => assert!(!Misplaced { place, what }.to_string().is_empty()),
        }
        ControlFlow::Continue(())
    });
}

/// An account whose answers differ by each of a record's fields.
const ACCOUNT: &str = r#"{"schemaVersion":1,"accountId":"111122223333","trails":[{
  "trail":{"TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/t","IsMultiRegionTrail":true,
    "IsOrganizationTrail":false,"RecursiveLogging":false,"S3BucketName":"acme-logs"},
  "status":{"IsLogging":true},"eventSelectors":{"AdvancedEventSelectors":[{"FieldSelectors":[
    {"Field":"eventCategory","Equals":["Data"]},
    {"Field":"resources.type","Equals":["AWS::S3::Object"]},
    {"Field":"eventName","NotStartsWith":["Get","List"]},
    {"Field":"resources.ARN","NotEndsWith":["/tmp"]},
    {"Field":"userIdentity.arn","NotEquals":["arn:aws:iam::111122223333:user/a"]}]},
   {"FieldSelectors":[
    {"Field":"eventCategory","Equals":["Data"]},
    {"Field":"resources.type","Equals":["AWS::S3::Object"]},
    {"Field":"sessionCredentialFromConsole","Equals":["true"]}]}]}}]}"#;
