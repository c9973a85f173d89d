//! Answers to write in tests, one of each verdict, as the engine gives them.

use cis_rules::evaluate;
use cis_rules::field::RecordField;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::record::Record;
use cis_rules::report::{AccountMembers, AccountResult, Witness};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

use crate::{FindingInput, Time};

pub(crate) const TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";

/// A lost record, with these values in some fields.
pub(crate) fn witness_with(values: &[(RecordField, &str)]) -> Witness {
    let mut record = Record::of_object("arn:aws:s3:::payroll/2026/11.csv")
        .with(RecordField::EventName, "DeleteObject")
        .with(RecordField::EventSource, "s3.amazonaws.com")
        .with(RecordField::EventType, "AwsApiCall")
        .with(RecordField::ReadOnly, "false");
    for (field, value) in values {
        record.set(*field, *value);
    }
    Witness::new(record)
}

/// An account, its answer, and when it was read.
#[derive(Clone)]
pub(crate) struct Sample {
    pub(crate) snapshot: Snapshot,
    pub(crate) question: Question,
    pub(crate) result: AccountResult,
    pub(crate) read_at: Time,
}

impl Sample {
    /// An account whose only trail logs everything.
    pub(crate) fn compliant() -> Self {
        Self::selecting(&json!([
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        ]))
    }

    /// An account whose only trail is blind for buckets named `payroll...`.
    pub(crate) fn non_compliant() -> Self {
        Self::selecting(&json!([
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::payroll"]},
        ]))
    }

    /// An account whose only trail's selectors could not be read.
    pub(crate) fn indeterminate() -> Self {
        Self::selecting(&Value::Null)
    }

    /// An account with many trails, each of which loses something.
    pub(crate) fn with_trails(count: usize, arn: impl Fn(usize) -> String) -> Self {
        let mut sample = Self::non_compliant();
        let trail = sample.snapshot.trails.as_ref().unwrap()[0].clone();
        let trails = (0..count).map(|number| {
            let mut trail = trail.clone();
            trail.trail.arn = Some(arn(number));
            trail
        });
        sample.snapshot.trails = Some(trails.collect());
        Self::of(sample.snapshot)
    }

    /// Changes the answer.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut AccountMembers)) {
        self.result = self.result.clone().with(change).unwrap();
    }

    fn selecting(field_selectors: &Value) -> Self {
        let selectors = match field_selectors {
            Value::Null => Value::Null,
            fields => json!({"TrailARN": TRAIL, "AdvancedEventSelectors": [
                {"Name": "S3 writes", "FieldSelectors": fields},
            ]}),
        };
        let account = json!({
            "schemaVersion": 1,
            "name": "prod",
            "accountId": "111122223333",
            "partition": "aws",
            "region": "us-east-1",
            "trails": [{
                "trail": {
                    "Name": "main",
                    "TrailARN": TRAIL,
                    "HomeRegion": "us-east-1",
                    "IsMultiRegionTrail": true,
                    "HasCustomEventSelectors": true,
                    "S3BucketName": "audit-logs",
                },
                "status": {"IsLogging": true},
                "eventSelectors": selectors,
            }],
        });
        Self::of(Snapshot::from_json(&account.to_string()).unwrap())
    }

    fn of(snapshot: Snapshot) -> Self {
        let question = Question::new(Kind::Write, Mode::Any);
        let result = evaluate(&snapshot, &question);
        Self { snapshot, question, result, read_at: Time::parse("2026-11-21T08:00:00Z").unwrap() }
    }

    pub(crate) fn input(&self) -> FindingInput<'_> {
        FindingInput {
            snapshot: &self.snapshot,
            question: &self.question,
            result: &self.result,
            asked_by: "my-rule",
            region: "us-east-1",
            read_at: &self.read_at,
        }
    }

    pub(crate) fn all() -> [Self; 3] {
        [Self::compliant(), Self::non_compliant(), Self::indeterminate()]
    }
}
