//! Results to render in tests, one of each verdict.

use cis_rules::RecordField;
use cis_rules::controls::controls;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::record::Record;
use cis_rules::report::{
    AccountMembers, AccountResult, Assumption, ConsoleTemplate, Gap, LoggedBy, Proof, ProofStep,
    TrailMembers, Unknown, Verdict, Witness,
};
use cis_rules::snapshot::Snapshot;

pub(crate) const TRAIL: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";

/// The account that the results are about: one trail, blind for buckets named `payroll...`.
pub(crate) fn snapshot() -> Snapshot {
    let json = serde_json::json!({
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
                "S3BucketName": "audit-logs",
            },
            "status": {"IsLogging": true},
            "eventSelectors": {"TrailARN": TRAIL, "AdvancedEventSelectors": [{
                "Name": "S3 writes",
                "FieldSelectors": [
                    {"Field": "eventCategory", "Equals": ["Data"]},
                    {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                    {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::payroll"]},
                ],
            }]},
        }],
    });
    Snapshot::from_json(&json.to_string()).unwrap()
}

/// What the results answer.
pub(crate) fn question() -> Question {
    Question::new(Kind::Write, Mode::Any)
}

pub(crate) fn witness() -> Witness {
    let record = Record::of_object("arn:aws:s3:::payroll/2026/11.csv")
        .with(RecordField::EventName, "DeleteObject")
        .with(RecordField::EventSource, "s3.amazonaws.com")
        .with(RecordField::EventType, "AwsApiCall")
        .with(RecordField::ReadOnly, "false");
    Witness::new(record)
}

pub(crate) fn gap() -> Gap {
    Gap {
        description: "events in any bucket whose name starts with `payroll`".into(),
        witness: witness(),
    }
}

pub(crate) fn logged(selector: usize, name: Option<&str>) -> ProofStep {
    ProofStep::Logged(LoggedBy {
        trail: TRAIL.into(),
        selector,
        selector_name: name.map(str::to_string),
    })
}

/// The members of a result about one trail of the same verdict, without what it rests on.
fn members(verdict: Verdict, trail: TrailMembers, summary: &str) -> AccountMembers {
    AccountMembers {
        name: Some("prod".into()),
        account_id: "111122223333".into(),
        read_by: None,
        kind: Kind::Write,
        mode: Mode::Any,
        allow_unlogged: Vec::new(),
        verdict,
        summary: summary.into(),
        controls: controls(Kind::Write),
        assumptions: Vec::new(),
        trails: vec![TrailMembers { verdict, ..trail }.try_into().unwrap()],
        left_out: Vec::new(),
        exceptions: Vec::new(),
        gaps: Vec::new(),
        more_gaps: false,
        unknowns: Vec::new(),
        proof: None,
        completions: Vec::new(),
    }
}

fn trail() -> TrailMembers {
    TrailMembers {
        arn: TRAIL.into(),
        place: None,
        counts: true,
        verdict: Verdict::Compliant,
        template: Some(ConsoleTemplate::Custom),
        reasons: Vec::new(),
        gaps: Vec::new(),
        more_gaps: false,
    }
}

pub(crate) fn compliant() -> AccountResult {
    let summary = "trail main logs every S3 object-level write event";
    let members = AccountMembers {
        assumptions: vec![Assumption::ArnPrefix],
        proof: Some(Proof { steps: vec![logged(0, Some("S3 writes"))] }),
        ..members(Verdict::Compliant, trail(), summary)
    };
    members.try_into().unwrap()
}

pub(crate) fn non_compliant() -> AccountResult {
    let trail = TrailMembers { gaps: vec![gap()], ..trail() };
    let summary = "no trail logs events in any bucket whose name starts with `payroll`";
    let members =
        AccountMembers { gaps: vec![gap()], ..members(Verdict::NonCompliant, trail, summary) };
    members.try_into().unwrap()
}

pub(crate) fn indeterminate() -> AccountResult {
    let reason = "the selectors of trail main were not observed: GetEventSelectors failed with \
                  AccessDeniedException";
    let trail = TrailMembers { reasons: vec![reason.into()], ..trail() };
    let unknown = Unknown {
        reason: reason.into(),
        settled_by: "allow `cloudtrail:GetEventSelectors` and collect again".into(),
    };
    let summary = "the selectors of trail main are not known";
    let members = AccountMembers {
        unknowns: vec![unknown],
        ..members(Verdict::Indeterminate, trail, summary)
    };
    members.try_into().unwrap()
}

pub(crate) fn all() -> [AccountResult; 3] {
    [compliant(), non_compliant(), indeterminate()]
}
