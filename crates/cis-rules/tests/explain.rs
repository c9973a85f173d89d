//! Explanations, told one by one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;
mod cloudtrail_record;

use cis_rules::explain::{Answer, Decision, Explanation, explain};
use cis_rules::record::event::Event;
use cis_rules::record::json::RecordJson;
use cis_rules::record::member::Object;
use cis_rules::record::wire;
use cis_rules::report::Assumption;
use cis_rules::snapshot::Snapshot;
use cloudtrail_record::{record, with};
use serde_json::{Value, json};

const ARN: &str = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main";

fn account(selectors: Value) -> Value {
    json!({"schemaVersion": 1, "accountId": "111122223333", "trails": [{
        "trail": {"TrailARN": ARN, "IsMultiRegionTrail": true, "S3BucketName": "audit-logs"},
        "status": {"IsLogging": true},
        "eventSelectors": selectors,
    }]})
}

fn advanced(fields: &[Value]) -> Value {
    let mut selector = account::objects(fields);
    selector["Name"] = json!("s3");
    account::advanced(&[selector])
}

fn basic(kind: &str, values: &[&str]) -> Value {
    json!({"EventSelectors": [{"ReadWriteType": kind,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": values}]}]})
}

fn told(account: &Value, record: &Value) -> Explanation {
    let snapshot = Snapshot::from_json(&account.to_string()).unwrap();
    explain(&snapshot, &one(record))
}

fn one(record: &Value) -> Event {
    let text = record.to_string();
    let read = RecordJson::read(&text).unwrap();
    let Object(record) = read.value().unwrap();
    wire::event(record).unwrap()
}

/// The first selector's decisions as JSON, less what settles a doubt.
fn decided(account: &Value, record: &Value) -> Value {
    let told = told(account, record);
    let mut decisions =
        serde_json::to_value(&told.trails[0].records[0].selectors[0].decided_by).unwrap();
    for decision in decisions.as_array_mut().unwrap() {
        decision.as_object_mut().unwrap().remove("settledBy");
    }
    decisions
}

#[test]
fn the_condition_that_decides_is_named_with_the_values_that_do() {
    let field =
        |field: &str, operator: &str, values: &[&str]| json!({"Field": field, operator: values});
    let payroll = "arn:aws:s3:::payroll/";
    let object = "arn:aws:s3:::payroll/2026/11.csv";
    for (selector, answer, expected) in [
        (
            field("resources.ARN", "NotStartsWith", &["arn:aws:s3:::logs/", payroll]),
            Answer::NotLogged,
            json!([{"effect": "DROPS", "field": "resources.ARN", "operator": "NotStartsWith",
                "values": [payroll], "found": object}]),
        ),
        (
            field("eventName", "Equals", &["PutObject", "CopyObject"]),
            Answer::NotLogged,
            json!([{"effect": "DROPS", "field": "eventName", "operator": "Equals",
                "values": ["PutObject", "CopyObject"], "found": "DeleteObject"}]),
        ),
        (
            field("sessionCredentialFromConsole", "Equals", &["true"]),
            Answer::NotLogged,
            json!([{"effect": "DROPS", "field": "sessionCredentialFromConsole",
                "operator": "Equals", "values": ["true"], "found": null}]),
        ),
        (
            field("resources.ARN", "EndsWith", &[".json", ".csv"]),
            Answer::Logged,
            json!([
                {"effect": "TAKES", "field": "eventCategory", "operator": "Equals",
                    "values": ["Data"], "found": "Data"},
                {"effect": "TAKES", "field": "resources.type", "operator": "Equals",
                    "values": ["AWS::S3::Object"], "found": "AWS::S3::Object"},
                {"effect": "TAKES", "field": "resources.ARN", "operator": "EndsWith",
                    "values": [".csv"], "found": object},
            ]),
        ),
        (
            field("eventName", "Contains", &["Object"]),
            Answer::NotKnown,
            json!([{"effect": "NOT_KNOWN", "reason": "operator `Contains` on eventName is not known"}]),
        ),
    ] {
        let account = account(advanced(&[selector]));
        assert_eq!(told(&account, &record()).answer, Some(answer));
        assert_eq!(decided(&account, &record()), expected);
    }
}

#[test]
fn a_basic_selector_names_its_member() {
    let object = "arn:aws:s3:::payroll/2026/11.csv";
    let reads = account(basic("ReadOnly", &["arn:aws:s3", "arn:aws:s3:::*"]));
    assert_eq!(
        decided(&reads, &record()),
        json!([{"effect": "DROPS", "field": "ReadWriteType", "operator": null,
            "values": ["ReadOnly"], "found": "false"}])
    );
    let elsewhere = account(basic("All", &["arn:aws:s3:::logs/"]));
    assert_eq!(
        decided(&elsewhere, &record()),
        json!([{"effect": "DROPS", "field": "DataResources", "operator": null,
            "values": ["arn:aws:s3:::logs/"], "found": object}])
    );
    let all = account(basic("All", &["arn:aws:s3:::logs/", "arn:aws:s3"]));
    assert_eq!(
        decided(&all, &record()),
        json!([{"effect": "TAKES", "field": "DataResources", "operator": null,
            "values": ["arn:aws:s3"], "found": object}])
    );
    let no_slash = account(basic("All", &["arn:aws:s3:::zeta", "arn:aws:s3:::payroll"]));
    assert_eq!(
        decided(&no_slash, &record()),
        json!([{"effect": "NOT_KNOWN", "reason": "value `arn:aws:s3:::payroll` has no slash after \
            the bucket, and AWS refuses such values"}])
    );
}

#[test]
fn only_doubts_that_the_record_meets_are_told() {
    let account = account(advanced(&[
        json!({"Field": "userIdentity.arn", "NotEquals": ["arn:aws:iam::111122223333:user/eve"]}),
        json!({"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::logs/"]}),
    ]));
    assert_eq!(told(&account, &record()).answer, Some(Answer::Logged));
    let anonymous = with("/userIdentity", json!({"type": "AWSAccount", "accountId": "anonymous"}));
    assert_eq!(
        decided(&account, &anonymous),
        json!([{"effect": "NOT_KNOWN", "reason": "AWS does not document whether a negative operator \
            on userIdentity.arn takes records without userIdentity.arn (anonymous callers, AWS \
            services)"}])
    );
}

#[test]
fn the_trail_itself_may_decide() {
    let with = |pointer: &str, value: Value| {
        let mut account = account(basic("All", &["arn:aws:s3"]));
        let (parent, member) = pointer.rsplit_once('/').unwrap();
        account.pointer_mut(&format!("/trails/0{parent}")).unwrap()[member] = value;
        account
    };
    for (account, answer, reason) in [
        (with("/status/IsLogging", json!(false)), Answer::NotLogged, "it is stopped"),
        (with("/status", Value::Null), Answer::NotKnown, "whether it is logging is not known"),
        (
            with("/eventSelectors", Value::Null),
            Answer::NotKnown,
            "its event selectors are not known",
        ),
        (with("/eventSelectors", json!({})), Answer::NotLogged, "it has no event selectors"),
    ] {
        let told = told(&account, &record());
        assert_eq!(told.answer, Some(answer), "{reason}");
        assert_eq!(told.trails[0].reasons, [reason]);
    }
}

#[test]
fn recursive_logging_leaves_out_cloudtrails_own_deliveries_and_nothing_else() {
    let mut account = account(basic("All", &["arn:aws:s3"]));
    account["trails"][0]["trail"]["RecursiveLogging"] = json!(false);
    let mut put = with("/eventName", json!("PutObject"));
    for arn in ["arn:aws:s3:::audit-logs/AWSLogs/x.json.gz", "arn:aws:s3:::payroll/x"] {
        put["resources"][0]["ARN"] = json!(arn);
        assert_eq!(told(&account, &put).answer, Some(Answer::Logged), "a user's, into {arn}");
        let mut delivery = put.clone();
        delivery["userIdentity"] =
            json!({"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"});
        let lost = told(&account, &delivery);
        assert_eq!(lost.answer, Some(Answer::NotLogged), "CloudTrail's, into {arn}");
        assert_eq!(
            lost.trails[0].reasons,
            ["RecursiveLogging is off, so CloudTrail's own deliveries of log files are left out"]
        );
        delivery["eventName"] = json!("CopyObject");
        assert_eq!(told(&account, &delivery).answer, Some(Answer::Logged));
    }
    account["trails"][0]["trail"]["RecursiveLogging"] = json!(cis_rules::selector::LEFT_OPEN);
    put["userIdentity"] = json!({"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"});
    let open = told(&account, &put);
    assert_eq!(open.answer, Some(Answer::NotKnown), "a plan leaves it open");
    assert!(open.trails[0].reasons[0].starts_with("RecursiveLogging is not known"), "{open:?}");
}

#[test]
fn a_single_region_trail_records_its_own_region() {
    let mut account = account(basic("All", &["arn:aws:s3"]));
    let trail = &mut account["trails"][0]["trail"];
    trail["IsMultiRegionTrail"] = json!(false);
    for (region, answer, reasons) in [
        (json!("us-east-1"), Answer::Logged, &[][..]),
        (
            json!("eu-west-1"),
            Answer::NotLogged,
            &["it is a single-Region trail, of us-east-1, and the event is of eu-west-1"],
        ),
        (
            Value::Null,
            Answer::NotKnown,
            &["it is a single-Region trail, of us-east-1, and the event's awsRegion is not known"],
        ),
    ] {
        let told = told(&account, &with("/awsRegion", region));
        assert_eq!(told.answer, Some(answer));
        assert_eq!(told.trails[0].reasons, reasons);
        assert!(!told.trails[0].counts, "it proves nothing of the account");
    }
}

#[test]
fn who_made_the_request_is_told() {
    use cis_rules::record::caller::CallerType;

    let account = account(basic("All", &["arn:aws:s3"]));
    for (identity, caller_type) in [
        (json!({"type": "AWSService", "invokedBy": "s3.amazonaws.com"}), CallerType::AwsService),
        (json!({"type": "AWSAccount", "accountId": "anonymous"}), CallerType::Anonymous),
        (json!({"type": "AWSAccount", "accountId": "444455556666"}), CallerType::OtherAccount),
        (json!({"type": "IdentityCenterUser"}), CallerType::IdentityCenter),
        (json!({}), CallerType::Unknown),
    ] {
        let told = told(&account, &with("/userIdentity", identity));
        assert_eq!(told.caller.unwrap().caller_type, caller_type);
    }
}

#[test]
fn trails_that_could_not_be_listed_may_log() {
    let mut account = account(basic("ReadOnly", &["arn:aws:s3"]));
    account["unreadable"] = json!([{"call": "ListTrails", "code": "AccessDeniedException"}]);
    let told = told(&account, &record());
    assert_eq!((told.answer, told.unknowns.len()), (Some(Answer::NotKnown), 1));
    assert_eq!(told.trails[0].answer, Answer::NotLogged);
}

#[test]
fn an_arn_prefix_is_named_as_an_assumption_where_the_answer_rests_on_it() {
    let mut list = with("/eventName", json!("DeleteObjects"));
    list["resources"] = json!([{"type": "AWS::S3::Object", "ARNPrefix": "arn:aws:s3:::payroll/"}]);
    let filtered =
        advanced(&[json!({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::payroll/"]})]);
    for (selectors, assumptions) in [
        (filtered, &[Assumption::ArnPrefix][..]),
        (advanced(&[]), &[]),
        (basic("All", &["arn:aws:s3"]), &[]),
    ] {
        let told = told(&account(selectors), &list);
        assert_eq!(told.answer, Some(Answer::Logged));
        assert_eq!(told.assumptions, assumptions);
    }
}

#[test]
fn a_record_without_read_only_is_of_the_kind_that_its_name_always_has() {
    let writes = account(basic("WriteOnly", &["arn:aws:s3"]));
    let delete = told(&writes, &with("/readOnly", Value::Null));
    assert_eq!(delete.answer, Some(Answer::Logged));
    assert_eq!(delete.notes, ["readOnly is absent, and every DeleteObject is a write event"]);
    let mut upload = with("/readOnly", Value::Null);
    upload["eventName"] = json!("UploadPart");
    let upload = told(&writes, &upload);
    assert_eq!(upload.answer, Some(Answer::NotKnown));
    assert_eq!(upload.notes, ["readOnly is absent, so it is taken as a write and as a read"]);
    assert_eq!(upload.trails[0].records.len(), 2);
}

#[test]
fn several_objects_agree_or_it_is_not_known() {
    let two =
        |second: &str| with("/resources/1", json!({"type": "AWS::S3::Object", "ARN": second}));
    let payroll = account(basic("All", &["arn:aws:s3:::payroll/"]));
    for (second, answer) in [
        ("arn:aws:s3:::payroll/copy.csv", Answer::Logged),
        ("arn:aws:s3:::elsewhere/copy.csv", Answer::NotKnown),
    ] {
        assert_eq!(told(&payroll, &two(second)).answer, Some(answer));
    }
    let logs = account(basic("All", &["arn:aws:s3:::logs/"]));
    assert_eq!(told(&logs, &two("arn:aws:s3:::elsewhere/x")).answer, Some(Answer::NotLogged));
}

#[test]
fn a_selector_on_access_points_may_log_a_request_through_one() {
    let record = with(
        "/resources/1",
        json!({"type": "AWS::S3::AccessPoint",
            "ARN": "arn:aws:s3:us-east-1:111122223333:accesspoint/reports"}),
    );
    let mut selectors = advanced(&[]);
    selectors["AdvancedEventSelectors"][0]["FieldSelectors"][1]["Equals"] =
        json!(["AWS::S3::AccessPoint"]);
    let told = told(&account(selectors), &record);
    assert_eq!(told.answer, Some(Answer::NotKnown));
    assert!(told.trails[0].reasons[0].contains("`AWS::S3::AccessPoint`"));
    let objects = told_by_objects(&record);
    assert_eq!(objects.answer, Some(Answer::Logged));
}

fn told_by_objects(record: &Value) -> Explanation {
    told(&account(advanced(&[])), record)
}

#[test]
fn what_is_no_object_event_is_answered_as_such() {
    for (record, reason) in [
        (with("/eventCategory", json!("Management")), "its eventCategory is `Management`"),
        (json!({"managementEvent": true, "eventName": "CreateTrail"}), "it is a management event"),
        (json!({"eventName": "Invoke"}), "it names no resource with a type"),
        (
            with("/resources", json!([{"type": "AWS::Lambda::Function", "ARN": "arn:x"}])),
            "it is about `AWS::Lambda::Function`",
        ),
    ] {
        let told = told(&account(json!({})), &record);
        assert_eq!((told.answer, told.no_object_event.as_deref()), (None, Some(reason)));
        assert!(told.trails.is_empty());
    }
}

#[test]
fn decisions_are_written_with_their_effect() {
    let told = told(&account(basic("All", &["arn:aws:s3"])), &record());
    let decision = &told.trails[0].records[0].selectors[0].decided_by[0];
    assert!(matches!(decision, Decision::Takes(_)));
    let json = serde_json::to_value(&told).unwrap();
    assert_eq!(json["answer"], "LOGGED");
    assert_eq!(json["eventID"], "e-1");
    assert_eq!(json["trails"][0]["records"][0]["selectors"][0]["decidedBy"][0]["effect"], "TAKES");
}

#[test]
fn answers_have_one_spelling() {
    for (answer, name) in [
        (Answer::NotLogged, "NOT_LOGGED"),
        (Answer::NotKnown, "NOT_KNOWN"),
        (Answer::Logged, "LOGGED"),
    ] {
        assert_eq!((answer.name(), answer.to_string().as_str()), (name, name));
        assert_eq!(serde_json::to_value(answer).unwrap(), name);
    }
}

#[test]
fn a_negative_condition_that_drops_stands_alone() {
    let both = json!({"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::"],
        "NotStartsWith": ["arn:aws:s3:::payroll/"]});
    assert_eq!(
        decided(&account(advanced(&[both])), &record()),
        json!([{"effect": "DROPS", "field": "resources.ARN", "operator": "NotStartsWith",
            "values": ["arn:aws:s3:::payroll/"], "found": "arn:aws:s3:::payroll/2026/11.csv"}])
    );
}

#[test]
fn a_field_that_is_there_is_not_in_doubt_for_records_that_lack_it() {
    let account = account(advanced(&[
        json!({"Field": "userIdentity.arn", "NotEquals": ["arn:aws:iam::111122223333:user/eve"]}),
        json!({"Field": "userIdentity.arn", "Sounds": ["x"]}),
    ]));
    let reasons: Vec<Value> = decided(&account, &record())
        .as_array()
        .unwrap()
        .iter()
        .map(|decision| decision["reason"].clone())
        .collect();
    let twice = "userIdentity.arn stands in two field selectors, which AWS does not document";
    let operator = "operator `Sounds` on userIdentity.arn is not known";
    assert_eq!(reasons, [json!(operator), json!(twice)]);
}

#[test]
fn selectors_are_named_and_trails_that_do_not_count_are_told() {
    let mut account = account(advanced(&[]));
    let named = told(&account, &record());
    let selector = &named.trails[0].records[0].selectors[0];
    assert_eq!((selector.selector_name.as_deref(), named.trails[0].counts), (Some("s3"), true));
    account["trails"][0]["status"]["IsLogging"] = json!(false);
    account["trails"][0]["eventSelectors"]["AdvancedEventSelectors"][0]["Name"] = json!("");
    let stopped = told(&account, &record());
    let selector = &stopped.trails[0].records[0].selectors[0];
    assert_eq!((selector.selector_name.as_deref(), stopped.trails[0].counts), (None, false));
}

#[test]
fn a_trail_without_selectors_of_its_own_logs_no_data_events() {
    let mut account = account(Value::Null);
    account["trails"][0]["trail"]["HasCustomEventSelectors"] = json!(false);
    let told = told(&account, &record());
    assert_eq!(told.answer, Some(Answer::NotLogged));
    let reason = "it has no event selectors of its own: the default ones record management events \
                  only";
    assert_eq!(told.trails[0].reasons, [reason]);
}

#[test]
fn what_a_plan_leaves_open_is_told_where_it_decides() {
    let open = json!({"reason": "a value is not known", "settledBy": "deploy it"});
    let unknown = json!({"Field": "eventName", "Sounds": ["x"]});
    let mut account = account(advanced(&[unknown]));
    account["trails"][0]["open"] = json!([open]);
    let settled = |account: &Value| {
        let told = told(account, &record());
        let selector = &told.trails[0].records[0].selectors[0];
        (selector.answer, serde_json::to_value(&selector.decided_by).unwrap())
    };
    let told = json!([{"effect": "NOT_KNOWN", "reason": "the plan leaves a part of it open",
        "settledBy": "deploy it"}]);
    assert_eq!(settled(&account), (Answer::NotKnown, told));
    // What is not open decides in the usual way.
    account["trails"][0]["eventSelectors"] = basic("ReadOnly", &["arn:aws:s3"]);
    let (answer, decided) = settled(&account);
    assert_eq!((answer, &decided[0]["field"]), (Answer::NotLogged, &json!("ReadWriteType")));
}
