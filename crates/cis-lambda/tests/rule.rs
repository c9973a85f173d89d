//! Whole invocations over ports of the test's own: a snapshot that is given, a put that is kept.
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use std::sync::Mutex;

use cis_aws::{Access, Account, Failure};
use cis_findings::asff::Finding;
use cis_lambda::evaluation::{Compliance, PutRequest};
use cis_lambda::ports::{ListResults, PutError, PutEvaluations, ReadAccount, ReadError, Stored};
use cis_lambda::security_hub::{ImportError, ImportFindings};
use cis_lambda::{Handled, Rule, RuleError};
use cis_rules::question::Date;
use cis_rules::report::Verdict;
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

/// An account, and which one was asked for.
struct Given {
    snapshot: Value,
    asked: Mutex<Vec<Access>>,
}

impl ReadAccount for &Given {
    async fn read(&self, access: &Access) -> Result<Snapshot, ReadError> {
        self.asked.lock().unwrap().push(access.clone());
        Ok(Snapshot::from_json(&self.snapshot.to_string())?)
    }
}

/// What was put.
#[derive(Default)]
struct Kept(Mutex<Vec<PutRequest>>);

impl ListResults for &Kept {
    async fn list(&self, _: &Access, _: &str) -> Result<Vec<Stored>, Failure> {
        let message = "an account alone has no results to be retired".to_owned();
        Err(Failure { call: "GetComplianceDetailsByConfigRule", code: "None".to_owned(), message })
    }
}

impl PutEvaluations for &Kept {
    async fn put(&self, _: &Access, request: &PutRequest) -> Result<(), PutError> {
        self.0.lock().unwrap().push(request.clone());
        Ok(())
    }
}

/// What was imported, and what comes of it.
#[derive(Default)]
struct Hub {
    imported: Mutex<Vec<Vec<Finding>>>,
    is_off: bool,
}

impl Hub {
    fn off() -> ImportError {
        let (code, message) = ("InvalidAccessException".to_owned(), "off".to_owned());
        ImportError::from(Failure { call: "BatchImportFindings", code, message })
    }
}

impl ImportFindings for &Hub {
    async fn import(&self, _: &Access, findings: &[Finding]) -> Result<usize, ImportError> {
        self.imported.lock().unwrap().push(findings.to_vec());
        if self.is_off { Err(Hub::off()) } else { Ok(findings.len()) }
    }
}

/// One invocation and what came of it.
struct Invocation {
    result: Result<Handled, RuleError>,
    asked: Vec<Access>,
    put: Vec<PutRequest>,
    imported: Vec<Vec<Finding>>,
}

impl Invocation {
    /// The error of an invocation that put nothing.
    fn error(self) -> RuleError {
        assert_eq!(self.put, []);
        self.result.unwrap_err()
    }

    /// The one evaluation of an invocation that put it.
    fn evaluation(self) -> Value {
        let handled = self.result.unwrap();
        assert_eq!(self.put, [handled.request]);
        let request = serde_json::to_value(&self.put[0]).unwrap();
        assert_eq!(request["Evaluations"].as_array().map(Vec::len), Some(1));
        request["Evaluations"][0].clone()
    }
}

async fn invoke(event: Value, snapshot: Value) -> Invocation {
    invoke_with(Hub::default(), event, snapshot).await
}

async fn invoke_with(hub: Hub, event: Value, snapshot: Value) -> Invocation {
    let given = Given { snapshot, asked: Mutex::default() };
    let kept = Kept::default();
    let result = Rule::new(&given, &kept, &hub, "eu-north-1").handle(event).await;
    Invocation {
        result,
        asked: given.asked.into_inner().unwrap(),
        put: kept.0.into_inner().unwrap(),
        imported: hub.imported.into_inner().unwrap(),
    }
}

fn event(parameters: &Value) -> Value {
    let mut event: Value = serde_json::from_str(include_str!("events/scheduled.json")).unwrap();
    event["ruleParameters"] = parameters.to_string().into();
    event
}

/// An account with one multi-Region trail that logs, selecting so.
fn account(selectors: &Value) -> Value {
    json!({
        "schemaVersion": 1,
        "accountId": "123456789012",
        "trails": [{
            "trail": {
                "TrailARN": "arn:aws:cloudtrail:us-east-2:123456789012:trail/main",
                "HomeRegion": "us-east-2",
                "IsMultiRegionTrail": true,
                "HasCustomEventSelectors": true,
            },
            "status": {"IsLogging": true},
            "eventSelectors": selectors,
        }],
    })
}

fn logging(read_write_type: &str) -> Value {
    account(&json!({"EventSelectors": [{
        "ReadWriteType": read_write_type,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
    }]}))
}

/// An account whose trails could not be listed.
fn unlisted() -> Value {
    json!({
        "schemaVersion": 1,
        "accountId": "123456789012",
        "trails": [],
        "unreadable": [{
            "call": "DescribeTrails",
            "code": "AccessDeniedException",
            "message": "not authorized to perform cloudtrail:DescribeTrails",
        }],
    })
}

#[tokio::test]
async fn a_proved_account_complies() {
    let invocation = invoke(event(&json!({})), logging("WriteOnly")).await;
    assert_eq!(
        invocation.asked,
        [Access::direct(Account {
            id: "123456789012".to_owned(),
            partition: "aws".to_owned(),
            region: "us-east-2".to_owned(),
        })]
    );
    let results = &invocation.result.as_ref().unwrap().report.results;
    assert_eq!(results.len(), 1);
    assert!(results[0].proof.is_some());
    let summary = results[0].summary.clone();
    assert_eq!(
        invocation.evaluation(),
        json!({
            "ComplianceResourceType": "AWS::::Account",
            "ComplianceResourceId": "123456789012",
            "ComplianceType": "COMPLIANT",
            "Annotation": summary,
            "OrderingTimestamp": "2016-07-13T21:50:00.373Z",
        })
    );
}

#[tokio::test]
async fn an_account_without_a_trail_does_not_comply() {
    let nothing = json!({"schemaVersion": 1, "accountId": "123456789012", "trails": []});
    let evaluation = invoke(event(&json!({})), nothing).await.evaluation();
    assert_eq!(evaluation["ComplianceType"], "NON_COMPLIANT");
}

#[tokio::test]
async fn a_deleted_trail_is_a_reason_to_evaluate_the_account() {
    let text = include_str!("events/deleted-trail-in-pack.json");
    let event = serde_json::from_str(text).unwrap();
    let nothing = json!({"schemaVersion": 1, "accountId": "123456789012", "trails": []});
    let evaluation = invoke(event, nothing).await.evaluation();
    assert_eq!(evaluation["ComplianceType"], "NON_COMPLIANT");
    assert_eq!(evaluation["OrderingTimestamp"], "2026-11-21T08:00:00.5Z");
}

#[tokio::test]
async fn both_kinds_are_one_evaluation_and_the_failing_kind_is_said_first() {
    let both = json!({"EventKinds": "write,read"});
    let invocation = invoke(event(&both), logging("WriteOnly")).await;
    let results = &invocation.result.as_ref().unwrap().report.results;
    let verdicts: Vec<Verdict> = results.iter().map(|result| result.verdict).collect();
    assert_eq!(verdicts, [Verdict::Compliant, Verdict::NonCompliant]);
    let evaluation = invocation.evaluation();
    assert_eq!(evaluation["ComplianceType"], "NON_COMPLIANT");
    let annotation = evaluation["Annotation"].as_str().unwrap();
    assert!(annotation.starts_with("NON_COMPLIANT for read events: "), "{annotation}");

    let evaluation = invoke(event(&both), logging("All")).await.evaluation();
    assert_eq!(evaluation["ComplianceType"], "COMPLIANT");
}

#[tokio::test]
async fn trails_that_could_not_be_listed_are_no_verdict_unless_asked_for() {
    let by_default =
        [json!({}), json!({"OnUnreadable": "ERROR", "OnIndeterminate": "NOT_APPLICABLE"})];
    for parameters in by_default {
        let error = invoke(event(&parameters), unlisted()).await.error();
        assert_eq!(error.error_type(), "TrailsUnreadable");
        assert_eq!(
            error.to_string(),
            "the account's trails could not be listed: DescribeTrails failed with \
             AccessDeniedException: not authorized to perform cloudtrail:DescribeTrails"
        );
        let report = error.report().unwrap();
        assert_eq!(report.results[0].verdict, Verdict::Indeterminate);
    }
    for compliance in [Compliance::NonCompliant, Compliance::NotApplicable] {
        let parameters = json!({"OnUnreadable": compliance.name()});
        let evaluation = invoke(event(&parameters), unlisted()).await.evaluation();
        assert_eq!(evaluation["ComplianceType"], compliance.name());
        let annotation = evaluation["Annotation"].as_str().unwrap();
        assert!(annotation.starts_with("INDETERMINATE: "), "{annotation}");
    }
}

#[tokio::test]
async fn an_account_whose_selectors_were_not_read_is_an_error() {
    let unread = account(&Value::Null);
    let error = invoke(event(&json!({})), unread).await.error();
    assert_eq!(error.error_type(), "Indeterminate");
    let message = error.to_string();
    assert!(message.starts_with("INDETERMINATE: "), "{message}");
}

/// A selector with a field that AWS does not document for data events.
fn ambiguous() -> Value {
    account(&json!({"AdvancedEventSelectors": [{"FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "newField", "Equals": ["x"]},
    ]}]}))
}

#[tokio::test]
async fn whoever_writes_an_ambiguous_selector_does_not_freeze_the_last_compliant() {
    let complies = invoke(event(&json!({})), logging("All")).await.evaluation();
    assert_eq!(complies["ComplianceType"], "COMPLIANT");
    let attacked = invoke(event(&json!({})), ambiguous()).await.evaluation();
    assert_eq!(attacked["ComplianceType"], "NON_COMPLIANT");
    let annotation = attacked["Annotation"].as_str().unwrap();
    assert!(annotation.starts_with("INDETERMINATE: "), "{annotation}");
    assert!(annotation.contains("newField"), "{annotation}");

    let not_applicable = json!({"OnIndeterminate": "NOT_APPLICABLE"});
    let evaluation = invoke(event(&not_applicable), ambiguous()).await.evaluation();
    assert_eq!(evaluation["ComplianceType"], "NOT_APPLICABLE");
    let error = invoke(event(&json!({"OnIndeterminate": "ERROR"})), ambiguous()).await.error();
    assert_eq!(error.error_type(), "Indeterminate");
}

#[tokio::test]
async fn security_hub_hears_of_an_ambiguous_selector_too() {
    let asked = json!({"SecurityHub": "asff"});
    let invocation = invoke(event(&asked), ambiguous()).await;
    let findings = serde_json::to_value(invocation.imported.concat()).unwrap();
    assert_eq!(findings[0]["Compliance"]["Status"], "NOT_AVAILABLE");
    let id = &findings[0]["Id"];
    let before = invoke(event(&asked), logging("All")).await;
    let before = serde_json::to_value(before.imported.concat()).unwrap();
    assert_eq!((&before[0]["Id"], &before[0]["Compliance"]["Status"]), (id, &json!("PASSED")));
}

#[tokio::test]
async fn test_mode_is_asked_for_by_the_token() {
    for (token, test_mode) in [("TESTMODE", true), ("testmode", false), ("x", false)] {
        let mut event = event(&json!({}));
        event["resultToken"] = token.into();
        let handled = invoke(event, logging("All")).await.result.unwrap();
        assert_eq!(handled.request.test_mode, test_mode, "{token}");
        assert_eq!(handled.request.result_token.expose(), token);
    }
}

#[tokio::test]
async fn wrong_input_is_an_error_before_anything_is_read() {
    let mut no_token = event(&json!({}));
    no_token["resultToken"].take();
    for (event, error_type, message) in [
        (no_token, "InvalidEvent", "the event is malformed: `resultToken`: is missing"),
        (
            event(&json!({"TrailMode": "some"})),
            "InvalidParameters",
            "the rule's parameters are not valid: `TrailMode` is `some`, allowed is one of \
             `any`, `union`, `every`",
        ),
        (
            event(&json!({"SecurityHub": "on"})),
            "InvalidParameters",
            "the rule's parameters are not valid: `SecurityHub` is `on`, allowed is one of `off`, \
             `asff`",
        ),
    ] {
        let invocation = invoke(event, logging("All")).await;
        assert_eq!(invocation.asked, []);
        let error = invocation.error();
        assert_eq!(error.error_type(), error_type);
        assert_eq!(error.to_string(), message);
    }
}

#[tokio::test]
async fn one_accounts_trails_are_never_anothers_verdict() {
    let mut other = logging("All");
    other["accountId"] = "210987654321".into();
    let error = invoke(event(&json!({})), other).await.error();
    assert_eq!(error.error_type(), "WrongAccount");

    let given = Given { snapshot: logging("All"), asked: Mutex::default() };
    let kept = Kept::default();
    let hub = Hub::default();
    let rule = Rule::new(&given, &kept, &hub, "eu-north-1");
    let credentials_of = |account| rule.handle_for(event(&json!({})), account);
    let error = credentials_of(Some("210987654321")).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the rule belongs to account `123456789012`, but the credentials belong to account \
         `210987654321`"
    );
    assert_eq!(*given.asked.lock().unwrap(), []);
    assert!(credentials_of(Some("123456789012")).await.is_ok());
    assert_eq!(kept.0.lock().unwrap().len(), 1);

    // A role is assumed in the event's account, so whose the credentials are does not matter.
    let in_role = event(&json!({"MemberRoleName": "reader"}));
    assert!(rule.handle_for(in_role, Some("210987654321")).await.is_ok());
    let asked = given.asked.lock().unwrap().pop().and_then(|access| access.role);
    assert_eq!(asked.unwrap().arn, "arn:aws:iam::123456789012:role/reader");
}

#[tokio::test]
async fn a_rule_whose_arn_has_no_region_is_read_where_the_function_is() {
    let mut event = event(&json!({}));
    event["configRuleArn"] = "arn:aws:config::123456789012:config-rule/config-rule-0123456".into();
    let invocation = invoke(event, logging("All")).await;
    assert_eq!(invocation.asked[0].account.region, "eu-north-1");
}

#[tokio::test]
async fn findings_are_imported_where_the_rule_asks_for_them() {
    let asked = json!({"SecurityHub": "asff", "EventKinds": "write,read"});
    let invocation = invoke(event(&asked), logging("WriteOnly")).await;
    let handled = invocation.result.unwrap();
    assert_eq!(handled.imported, Some(Ok(2)));
    assert_eq!(invocation.imported, [handled.findings]);
    assert_eq!(invocation.put, [handled.request]);
    let findings = serde_json::to_value(&invocation.imported[0]).unwrap();
    let rule = event(&asked)["configRuleName"].as_str().unwrap().to_owned();
    for (finding, kind, status) in
        [(&findings[0], "write", "PASSED"), (&findings[1], "read", "FAILED")]
    {
        let id = format!("{rule}/123456789012/us-east-2/s3-object-level-{kind}");
        assert_eq!(finding["Id"], id);
        assert_eq!(finding["Compliance"]["Status"], status);
        assert_eq!(finding["UpdatedAt"], "2016-07-13T21:50:00.373Z");
        assert_eq!(
            finding["ProductArn"],
            "arn:aws:securityhub:us-east-2:123456789012:product/123456789012/default"
        );
    }
}

#[tokio::test]
async fn nothing_is_imported_unasked_or_in_a_test() {
    let mut test = event(&json!({"SecurityHub": "asff"}));
    test["resultToken"] = "TESTMODE".into();
    for (event, findings) in
        [(event(&json!({})), 0), (event(&json!({"SecurityHub": "off"})), 0), (test, 1)]
    {
        let invocation = invoke(event, logging("All")).await;
        let handled = invocation.result.unwrap();
        assert_eq!((handled.findings.len(), handled.imported), (findings, None));
        assert!(invocation.imported.is_empty());
    }
}

#[tokio::test]
async fn a_hub_that_is_off_does_not_fail_the_report() {
    let hub = Hub { is_off: true, ..Hub::default() };
    let asked = event(&json!({"SecurityHub": "asff"}));
    let invocation = invoke_with(hub, asked, logging("All")).await;
    let handled = invocation.result.unwrap();
    assert_eq!(handled.imported, Some(Err(Hub::off())));
    assert_eq!(invocation.put, [handled.request]);
}

#[tokio::test]
async fn security_hub_keeps_no_old_passed_where_the_account_cannot_be_decided() {
    let mut unread = logging("All");
    unread["trails"][0]["eventSelectors"].take();
    let passed = invoke(event(&json!({"SecurityHub": "asff"})), logging("All")).await;
    let passed = serde_json::to_value(passed.imported.concat()).unwrap();
    assert_eq!(passed[0]["Compliance"]["Status"], "PASSED");
    for (unknown, on_unreadable) in [
        (&unread, "ERROR"),
        (&unlisted(), "ERROR"),
        (&unread, "NON_COMPLIANT"),
        (&unread, "NOT_APPLICABLE"),
    ] {
        let asked = event(&json!({"SecurityHub": "asff", "OnUnreadable": on_unreadable}));
        let invocation = invoke(asked, unknown.clone()).await;
        match &invocation.result {
            Ok(handled) => assert_eq!(handled.imported, Some(Ok(1))),
            Err(error) => {
                assert_eq!(on_unreadable, "ERROR");
                assert_eq!(error.imported(), Some(&Ok(1)));
                assert!(invocation.put.is_empty(), "AWS Config keeps its last result");
            }
        }
        let findings = serde_json::to_value(invocation.imported.concat()).unwrap();
        let found: Vec<&str> = findings
            .as_array()
            .unwrap()
            .iter()
            .map(|finding| finding["Compliance"]["Status"].as_str().unwrap())
            .collect();
        assert_eq!(found, ["NOT_AVAILABLE"]);
        assert_eq!(findings[0]["Id"], passed[0]["Id"], "it takes the place of the old one");
    }
}

#[tokio::test]
async fn an_import_that_fails_does_not_hide_that_the_account_is_not_decided() {
    let hub = Hub { is_off: true, ..Hub::default() };
    let asked = event(&json!({"SecurityHub": "asff"}));
    let error = invoke_with(hub, asked, unlisted()).await.error();
    assert_eq!(error.error_type(), "TrailsUnreadable");
    assert_eq!(error.imported(), Some(&Err(Hub::off())));

    let mut test = event(&json!({"SecurityHub": "asff"}));
    test["resultToken"] = "TESTMODE".into();
    let invocation = invoke(test, unlisted()).await;
    assert!(invocation.imported.is_empty(), "a test imports nothing");
    assert_eq!(invocation.error().imported(), None);
}

/// A bucket that may stay unlogged until a day, on that day and on the next.
#[tokio::test]
async fn an_exception_that_ended_does_not_count() {
    let selectors = json!({"AdvancedEventSelectors": [{"FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::scratch/"]},
    ]}]});
    let last: fn() -> Date = || "2027-03-31".parse().unwrap();
    let next: fn() -> Date = || "2027-04-01".parse().unwrap();
    for (today, compliance) in [(last, "COMPLIANT"), (next, "NON_COMPLIANT")] {
        let given = Given { snapshot: account(&selectors), asked: Mutex::default() };
        let (kept, hub) = (Kept::default(), Hub::default());
        let rule = Rule::new(&given, &kept, &hub, "eu-north-1").on(today);
        let parameters = json!({"AllowedUnloggedBuckets": "scratch@2027-03-31"});
        let handled = rule.handle(event(&parameters)).await.unwrap();
        let put = serde_json::to_value(&handled.request).unwrap();
        assert_eq!(put["Evaluations"][0]["ComplianceType"], compliance);
        assert_eq!(handled.report.results[0].exceptions.len(), 1);
    }
}
