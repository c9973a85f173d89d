//! Rows for trails, and results that are retired, over ports of the test's own.
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use std::sync::Mutex;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use cis_aws::{Access, Failure};
use cis_findings::asff::Finding;
use cis_lambda::evaluation::PutRequest;
use cis_lambda::ports::{ListResults, PutError, PutEvaluations, ReadAccount, ReadError, Stored};
use cis_lambda::security_hub::{ImportError, ImportFindings};
use cis_lambda::{Rule, RuleError};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

const HOME: &str = "us-east-2";
const OWN: &str = "123456789012";
const TRAIL: &str = "AWS::CloudTrail::Trail";
const SCHEDULED_AT: &str = "2016-07-13T21:50:00.373Z";

struct Given(Value);

impl ReadAccount for &Given {
    async fn read(&self, _: &Access) -> Result<Snapshot, ReadError> {
        Ok(Snapshot::from_json(&self.0.to_string())?)
    }
}

/// AWS Config: what it holds of the rule, and what is done to it in which order.
struct Config {
    stored: Result<Vec<Stored>, Failure>,
    done: Mutex<Vec<String>>,
    put: Mutex<Option<PutRequest>>,
}

/// Security Hub, to which nothing is to be sent.
struct NoHub;

impl ImportFindings for NoHub {
    async fn import(&self, _: &Access, _: &[Finding]) -> Result<usize, ImportError> {
        let message = "nobody asked for findings".to_owned();
        let (call, code) = ("BatchImportFindings", "None".to_owned());
        Err(ImportError::from(Failure { call, code, message }))
    }
}

impl ListResults for &Config {
    async fn list(&self, access: &Access, rule_name: &str) -> Result<Vec<Stored>, Failure> {
        let account = &access.account;
        self.done
            .lock()
            .unwrap()
            .push(format!("list {rule_name} {} {}", account.id, account.region));
        self.stored.clone()
    }
}

impl PutEvaluations for &Config {
    async fn put(&self, _: &Access, request: &PutRequest) -> Result<(), PutError> {
        self.done.lock().unwrap().push("put".to_owned());
        *self.put.lock().unwrap() = Some(request.clone());
        Ok(())
    }
}

fn stored(kind: &str, id: &str, at: &str) -> Stored {
    let time = DateTime::from_str(at, Format::DateTime).unwrap();
    Stored {
        resource_type: kind.to_owned(),
        resource_id: id.to_owned(),
        ordering_timestamp: Some(time),
    }
}

/// What came of one invocation: the rows that were put as `type id compliance`, what was done.
struct Came {
    result: Result<(), RuleError>,
    rows: Vec<(String, String, String)>,
    annotations: Vec<String>,
    done: Vec<String>,
}

async fn invoke(event: Value, account: Value, stored: Result<Vec<Stored>, Failure>) -> Came {
    let config = Config { stored, done: Mutex::default(), put: Mutex::default() };
    let given = Given(account);
    let handled = Rule::new(&given, &config, NoHub, "eu-north-1").handle(event).await;
    let put = config.put.into_inner().unwrap();
    let evaluations = put.map(|request| request.evaluations).unwrap_or_default();
    Came {
        rows: evaluations
            .iter()
            .map(|evaluation| {
                (
                    evaluation.compliance_resource_type.to_string(),
                    evaluation.compliance_resource_id.clone(),
                    format!(
                        "{} {}",
                        evaluation.compliance_type.name(),
                        evaluation.ordering_timestamp
                    ),
                )
            })
            .collect(),
        annotations: evaluations.into_iter().map(|evaluation| evaluation.annotation).collect(),
        result: handled.map(|_| ()),
        done: config.done.into_inner().unwrap(),
    }
}

fn rows(expected: &[(&str, &str, &str)], at: &str) -> Vec<(String, String, String)> {
    let row = |&(kind, id, compliance): &(&str, &str, &str)| {
        (kind.to_owned(), id.to_owned(), format!("{compliance} {at}"))
    };
    expected.iter().map(row).collect()
}

fn event(parameters: &Value) -> Value {
    let mut event: Value = serde_json::from_str(include_str!("events/scheduled.json")).unwrap();
    let mut parameters = parameters.clone();
    parameters["ReportOn"] = "account+trails".into();
    event["ruleParameters"] = parameters.to_string().into();
    event
}

/// An event that a change of the trail `main` in this state brings.
fn changed(id: &str, status: &str) -> Value {
    let mut event = event(&json!({}));
    let invoking = json!({
        "messageType": "ConfigurationItemChangeNotification",
        "configurationItem": {
            "configurationItemCaptureTime": "2026-11-21T08:00:00Z",
            "configurationItemStatus": status,
            "resourceType": TRAIL,
            "resourceId": id,
            "ARN": format!("arn:aws:cloudtrail:{HOME}:{OWN}:trail/main"),
            "awsAccountId": OWN,
            "awsRegion": HOME,
        },
    });
    event["invokingEvent"] = invoking.to_string().into();
    event
}

/// A multi-Region trail that logs, with one basic selector for all buckets of this type.
fn trail(region: &str, owner: &str, name: &str, read_write_type: &str) -> Value {
    json!({
        "trail": {
            "Name": name,
            "TrailARN": format!("arn:aws:cloudtrail:{region}:{owner}:trail/{name}"),
            "HomeRegion": region,
            "IsMultiRegionTrail": true,
            "IsOrganizationTrail": owner != OWN,
            "HasCustomEventSelectors": true,
        },
        "status": {"IsLogging": true},
        "eventSelectors": {"EventSelectors": [{
            "ReadWriteType": read_write_type,
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
        }]},
    })
}

fn own(name: &str, read_write_type: &str) -> Value {
    trail(HOME, OWN, name, read_write_type)
}

fn account(trails: &[Value]) -> Value {
    json!({"schemaVersion": 1, "accountId": OWN, "region": HOME, "trails": trails})
}

fn denied() -> Failure {
    Failure {
        call: "GetComplianceDetailsByConfigRule",
        code: "AccessDeniedException".to_owned(),
        message: "no".to_owned(),
    }
}

#[tokio::test]
async fn the_rules_own_trails_get_rows_and_the_results_are_listed_before_anything_is_put() {
    let mut homeless = own("homeless", "ReadOnly");
    homeless["trail"]["HomeRegion"] = Value::Null;
    let mut moved = own("moved", "ReadOnly");
    moved["trail"]["HomeRegion"] = "eu-west-1".into();
    let mut nameless_elsewhere = trail("eu-west-1", OWN, "elsewhere-2", "All");
    nameless_elsewhere["trail"]["Name"] = Value::Null;
    let trails = [
        own("good", "All"),
        own("reads", "ReadOnly"),
        trail("eu-west-1", OWN, "elsewhere", "All"),
        nameless_elsewhere,
        moved,
        homeless,
        trail(HOME, "999988887777", "organization", "All"),
    ];
    let came = invoke(event(&json!({})), account(&trails), Ok(Vec::new())).await;
    assert_eq!(came.result, Ok(()));
    assert_eq!(
        came.rows,
        rows(
            &[
                ("AWS::::Account", OWN, "COMPLIANT"),
                (TRAIL, "good", "COMPLIANT"),
                (TRAIL, "reads", "NOT_APPLICABLE"),
                (TRAIL, "homeless", "NOT_APPLICABLE"),
            ],
            SCHEDULED_AT
        )
    );
    assert_eq!(came.done, ["list periodic-config-rule 123456789012 us-east-2", "put"]);
    assert_eq!(
        came.annotations[1],
        "COMPLIANT: trail good is proved to log every S3 object-level write event"
    );
    let lacking = &came.annotations[2];
    assert!(lacking.starts_with("NOT_APPLICABLE: trail reads alone loses "), "{lacking}");
    assert!(lacking.contains(" on arn:aws:s3:::"), "{lacking}");
}

#[tokio::test]
async fn a_trail_complies_where_every_kind_is_proved_of_it_alone() {
    let trails = [own("writes", "WriteOnly"), own("all", "All")];
    let both = event(&json!({"EventKinds": "write,read"}));
    let came = invoke(both, account(&trails), Ok(Vec::new())).await;
    let compliance: Vec<&str> = came.rows.iter().map(|(_, _, row)| row.as_str()).collect();
    assert!(compliance[1].starts_with("NOT_APPLICABLE"), "{compliance:?}");
    assert!(compliance[2].starts_with("COMPLIANT"), "{compliance:?}");
    assert_eq!(
        came.annotations[2],
        "COMPLIANT: trail all is proved to log every S3 object-level write and read event"
    );

    // Together they log everything, but none of them does so alone.
    let trails = [own("writes", "WriteOnly"), own("reads", "ReadOnly")];
    let both = event(&json!({"EventKinds": "write,read", "TrailMode": "union"}));
    let came = invoke(both, account(&trails), Ok(Vec::new())).await;
    let compliance: Vec<&str> =
        came.rows.iter().map(|(_, _, row)| row.split(' ').next().unwrap()).collect();
    assert_eq!(compliance, ["COMPLIANT", "NOT_APPLICABLE", "NOT_APPLICABLE"]);
}

#[tokio::test]
async fn a_stopped_trail_is_not_applicable_whatever_it_selects() {
    let mut stopped = own("stopped", "All");
    stopped["status"]["IsLogging"] = false.into();
    let came = invoke(event(&json!({})), account(&[stopped]), Ok(Vec::new())).await;
    assert_eq!(
        came.rows,
        rows(
            &[("AWS::::Account", OWN, "NON_COMPLIANT"), (TRAIL, "stopped", "NOT_APPLICABLE")],
            SCHEDULED_AT
        )
    );
    assert_eq!(came.annotations[1], "NOT_APPLICABLE: trail stopped does not count: it is stopped");
}

#[tokio::test]
async fn results_that_are_not_reported_any_more_are_retired_and_newer_ones_are_not() {
    let before = "2016-07-13T21:50:00.372Z";
    let held = vec![
        stored(TRAIL, "good", before),
        stored(TRAIL, "deleted", before),
        stored(TRAIL, "same-event", SCHEDULED_AT),
        stored(TRAIL, "newer", "2016-07-13T21:50:00.374Z"),
        stored("AWS::::Account", OWN, before),
        stored("AWS::S3::Bucket", "good", before),
        Stored {
            ordering_timestamp: Some(DateTime::from_nanos(1_468_446_600_373_999_905).unwrap()),
            ..stored(TRAIL, "newer-in-seconds", before)
        },
        Stored {
            ordering_timestamp: Some(DateTime::from_nanos(1_468_446_600_372_999_905).unwrap()),
            ..stored(TRAIL, "same-in-seconds", before)
        },
        Stored { ordering_timestamp: None, ..stored(TRAIL, "timeless", before) },
    ];
    let came = invoke(event(&json!({})), account(&[own("good", "All")]), Ok(held)).await;
    assert_eq!(
        came.rows,
        rows(
            &[
                ("AWS::::Account", OWN, "COMPLIANT"),
                (TRAIL, "good", "COMPLIANT"),
                (TRAIL, "deleted", "NOT_APPLICABLE"),
                (TRAIL, "same-event", "NOT_APPLICABLE"),
                ("AWS::S3::Bucket", "good", "NOT_APPLICABLE"),
                (TRAIL, "same-in-seconds", "NOT_APPLICABLE"),
                (TRAIL, "timeless", "NOT_APPLICABLE"),
            ],
            SCHEDULED_AT
        )
    );
}

#[tokio::test]
async fn of_a_trail_that_is_not_known_nothing_is_said_and_its_result_stays() {
    let mut unread = own("unread", "All");
    unread["eventSelectors"] = Value::Null;
    let mut nameless = own("nameless", "All");
    nameless["trail"]["TrailARN"] = Value::Null;
    let held = vec![
        stored(TRAIL, "unread", SCHEDULED_AT),
        stored(TRAIL, "nameless", SCHEDULED_AT),
        stored(TRAIL, "deleted", SCHEDULED_AT),
    ];
    let trails = [own("good", "All"), unread, nameless];
    let came = invoke(event(&json!({})), account(&trails), Ok(held)).await;
    assert_eq!(
        came.rows,
        rows(
            &[
                ("AWS::::Account", OWN, "COMPLIANT"),
                (TRAIL, "good", "COMPLIANT"),
                (TRAIL, "deleted", "NOT_APPLICABLE"),
            ],
            SCHEDULED_AT
        )
    );
}

#[tokio::test]
async fn an_undecided_trail_loses_its_compliant_row_as_the_parameters_say() {
    let mut ambiguous = own("ambiguous", "All");
    ambiguous["eventSelectors"]["EventSelectors"][0]["NewMember"] = true.into();
    let mut unread = own("unread", "All");
    unread["eventSelectors"].take();
    let account = account(&[own("good", "All"), ambiguous, unread]);
    let held = [stored(TRAIL, "ambiguous", SCHEDULED_AT), stored(TRAIL, "unread", SCHEDULED_AT)];
    let all = [
        ("AWS::::Account", OWN, "COMPLIANT"),
        (TRAIL, "good", "COMPLIANT"),
        (TRAIL, "ambiguous", "NOT_APPLICABLE"),
        (TRAIL, "unread", "NOT_APPLICABLE"),
    ];
    for (parameters, expected) in [
        (json!({}), &all[..3]),
        (json!({"OnIndeterminate": "ERROR"}), &all[..2]),
        (json!({"OnUnreadable": "NON_COMPLIANT"}), &all[..]),
    ] {
        let came = invoke(event(&parameters), account.clone(), Ok(held.to_vec())).await;
        assert_eq!(came.rows, rows(expected, SCHEDULED_AT), "{parameters}");
        for annotation in came.annotations.iter().skip(2) {
            assert!(annotation.starts_with("INDETERMINATE: whether trail "), "{annotation}");
        }
    }
}

#[tokio::test]
async fn nothing_is_retired_after_a_partial_reading() {
    let mut unlisted = account(&[]);
    unlisted["unreadable"] = json!([{"call": "DescribeTrails", "code": "ThrottlingException"}]);
    let mut no_list = account(&[]);
    no_list.as_object_mut().unwrap().remove("trails");
    let mut unnamed = own("unnamed", "All");
    unnamed["trail"]["TrailARN"] = Value::Null;
    unnamed["trail"]["Name"] = Value::Null;
    let held = vec![stored(TRAIL, "main", SCHEDULED_AT)];
    for account in [unlisted, no_list, account(&[unnamed])] {
        let reported = event(&json!({"OnUnreadable": "NOT_APPLICABLE"}));
        let came = invoke(reported, account.clone(), Ok(held.clone())).await;
        assert_eq!(came.rows.len(), 1, "{:?}", came.rows);
        assert_eq!(came.rows[0].0, "AWS::::Account");

        let came = invoke(event(&json!({})), account, Ok(held.clone())).await;
        assert!(came.result.is_err());
        assert_eq!(came.done, Vec::<String>::new());
    }
}

#[tokio::test]
async fn nothing_is_put_where_the_results_cannot_be_listed() {
    let good = || account(&[own("good", "All")]);
    let came = invoke(event(&json!({})), good(), Err(denied())).await;
    let error = came.result.unwrap_err();
    assert_eq!(error.error_type(), "ResultsUnreadable");
    assert_eq!(
        error.to_string(),
        "nothing was put, for the rule's earlier results could not be listed: \
         GetComplianceDetailsByConfigRule failed with AccessDeniedException: no"
    );
    assert_eq!(came.rows, []);

    let no_rule = Failure { code: "NoSuchConfigRuleException".to_owned(), ..denied() };
    let came = invoke(event(&json!({})), good(), Err(no_rule.clone())).await;
    assert_eq!(came.result.unwrap_err().error_type(), "ResultsUnreadable");
    let mut test = event(&json!({}));
    test["resultToken"] = "TESTMODE".into();
    let came = invoke(test, good(), Err(no_rule)).await;
    assert_eq!(came.result, Ok(()), "a test of a rule that is not there yet");
    assert_eq!(came.rows.len(), 2);
}

#[tokio::test]
async fn a_rule_whose_results_cannot_be_listed_by_name_is_refused_before_anything_is_read() {
    for (name, error_type, message) in [
        (
            json!("r".repeat(65)),
            "RuleNameTooLong",
            format!(
                "the rule's name `{}` has 65 characters, and AWS Config lists results of rules \
                 with at most 64 characters: give the rule a shorter name, or `ReportOn` `account`",
                "r".repeat(65)
            ),
        ),
        (
            Value::Null,
            "InvalidEvent",
            "the event is malformed: `configRuleName`: is missing".to_owned(),
        ),
    ] {
        let mut event = event(&json!({}));
        event["configRuleName"] = name;
        let came = invoke(event, account(&[own("good", "All")]), Ok(Vec::new())).await;
        let error = came.result.unwrap_err();
        assert_eq!((error.error_type(), error.to_string()), (error_type, message));
        assert_eq!(came.done, Vec::<String>::new());
    }
    let mut longest = event(&json!({}));
    longest["configRuleName"] = "r".repeat(64).into();
    let came = invoke(longest, account(&[]), Ok(Vec::new())).await;
    assert_eq!(came.result, Ok(()));
}

#[tokio::test]
async fn a_changed_trail_has_the_id_that_aws_config_gave_it() {
    let at = "2026-11-21T08:00:00Z";
    for id in ["main", "an-id-of-config"] {
        let trails = [own("main", "All"), own("other", "ReadOnly")];
        let came = invoke(changed(id, "OK"), account(&trails), Ok(Vec::new())).await;
        assert_eq!(
            came.rows,
            rows(
                &[
                    ("AWS::::Account", OWN, "COMPLIANT"),
                    (TRAIL, id, "COMPLIANT"),
                    (TRAIL, "other", "NOT_APPLICABLE"),
                ],
                at
            )
        );
    }
}

#[tokio::test]
async fn a_deleted_trail_is_not_applicable_and_the_account_is_evaluated() {
    let at = "2026-11-21T08:00:00Z";
    let held = vec![stored(TRAIL, "main", "2026-11-20T08:00:00Z")];
    let came = invoke(changed("main", "ResourceDeleted"), account(&[]), Ok(held.clone())).await;
    let expected = [("AWS::::Account", OWN, "NON_COMPLIANT"), (TRAIL, "main", "NOT_APPLICABLE")];
    assert_eq!(came.rows, rows(&expected, at), "once, although it is stored as well");

    // It is there again: of it as it was, the event still says that it is gone.
    let again = account(&[own("main", "All")]);
    let came = invoke(changed("main", "ResourceDeleted"), again, Ok(held)).await;
    let expected = [("AWS::::Account", OWN, "COMPLIANT"), (TRAIL, "main", "NOT_APPLICABLE")];
    assert_eq!(came.rows, rows(&expected, at));
}
