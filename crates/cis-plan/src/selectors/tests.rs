use serde_json::json;

use super::*;
use crate::value::{Open, unknown};

const PLACE: Place<'_> = Place { partition: "aws", path: "Trail", file: None };

fn text(text: &str) -> Value {
    Value::Text(text.to_string())
}

fn open(prefix: &str, suffix: &str) -> Value {
    let why = vec![unknown("`X` has no value", "give it")];
    let (prefix, suffix) = (prefix.to_string(), suffix.to_string());
    Value::Open(Open { prefix, suffix, not: Vec::new(), pieces: Vec::new(), why })
}

fn map<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Map(members.map(|(name, value)| (name.to_string(), value)).into())
}

fn list<const N: usize>(elements: [Value; N]) -> Value {
    Value::List(elements.into())
}

/// The field selectors that stand for one on `resources.ARN`.
fn on_arn<const N: usize>(operators: [(&str, Value); N]) -> Json {
    let Value::Map(mut field) = map(operators) else { return Json::Null };
    field.push(("Field".to_string(), text("resources.ARN")));
    let selector = map([("FieldSelectors", list([Value::Map(field)]))]);
    let written = selectors(&Value::Absent, &list([selector]), PLACE, &mut Opens::default());
    written.unwrap().advanced.unwrap()[0]["FieldSelectors"].take()
}

fn of_resource(values: Value) -> Json {
    let resource = map([("Type", text("AWS::S3::Object")), ("Values", values)]);
    let selector = map([("DataResources", list([resource]))]);
    let written = selectors(&list([selector]), &Value::Absent, PLACE, &mut Opens::default());
    written.unwrap().basic.unwrap()[0]["DataResources"].take()
}

#[test]
fn what_is_known_stays_as_written() {
    assert_eq!(
        on_arn([("StartsWith", list([text("a")])), ("NotEquals", list([]))]),
        json!([{"Field": "resources.ARN", "StartsWith": ["a"], "NotEquals": []}])
    );
}

#[test]
fn an_open_value_is_between_two_bounds() {
    let field = "resources.ARN";
    for (operators, lower, upper) in [
        (
            [("Equals", list([text("a"), open("b", "c")]))],
            json!({"Field": field, "Equals": ["a"]}),
            json!({"Field": field, "Equals": ["a"], "StartsWith": ["b"]}),
        ),
        (
            [("EndsWith", list([open("b", ".csv")]))],
            json!({"Field": field, "Equals": [""], "NotEquals": [""]}),
            json!({"Field": field, "EndsWith": [".csv"]}),
        ),
        (
            [("NotStartsWith", list([text("a"), open("b", "")]))],
            json!({"Field": field, "NotStartsWith": ["a", "b"]}),
            json!({"Field": field, "NotStartsWith": ["a"]}),
        ),
        (
            [("NotEndsWith", list([open("b", "")]))],
            json!({"Field": field, "NotStartsWith": [""]}),
            json!({"Field": field, LEFT_OPEN: null}),
        ),
    ] {
        assert_eq!(on_arn(operators), json!([lower, upper]));
    }
}

#[test]
fn a_list_that_may_be_empty_takes_nothing_surely_and_everything_maybe() {
    let maybe = Value::Either(vec![text("a"), Value::Absent], Vec::new());
    for values in [open("", ""), list([maybe])] {
        assert_eq!(
            on_arn([("Equals", values)]),
            json!([{"Field": "resources.ARN", LEFT_OPEN: null}])
        );
    }
}

#[test]
fn open_values_of_a_data_resource_stand_beside_those_that_are_known() {
    let known = |values: Json| json!({"Type": "AWS::S3::Object", "Values": values});
    let doubtful =
        |value: &str| json!({"Type": "AWS::S3::Object", "Values": [value], LEFT_OPEN: null});
    for (value, maybe) in [
        (open("", ""), Some("arn:aws:s3")),
        (open("arn:aws", "/"), Some("arn:aws:s3")),
        (open("arn:aws:s3:::", "/"), Some("arn:aws:s3")),
        (open("arn:aws:s3:::logs-", "/"), Some("arn:aws:s3:::logs-")),
        // Here it takes nothing, which the trail knows.
        (open("arn:aws-cn:s3:::", "/"), Some("arn:aws-cn:s3")),
        (open("arn:aws:s3:::*", "/"), None),
    ] {
        let mut expected: Vec<Json> = maybe.map(doubtful).into_iter().collect();
        expected.push(known(json!(["arn:aws:s3:::a/"])));
        assert_eq!(of_resource(list([text("arn:aws:s3:::a/"), value])), Json::from(expected));
    }
}

#[test]
fn selectors_of_both_kinds_are_doubtful() {
    let basic = list([map([("ReadWriteType", text("All"))])]);
    let advanced = list([map([("Name", text("n"))])]);
    let mut opens = Opens::default();
    let written = selectors(&basic, &advanced, PLACE, &mut opens).unwrap();
    assert_eq!(written.basic.unwrap(), [json!({"ReadWriteType": "All", LEFT_OPEN: null})]);
    assert_eq!(written.advanced.unwrap(), [json!({"Name": "n", LEFT_OPEN: null})]);
    assert_eq!(opens.into_all().len(), 1);
}

#[test]
fn members_that_are_not_known_are_kept() {
    let selector = map([("Novel", text("x")), ("Unset", Value::Absent)]);
    let written = selectors(&list([selector]), &Value::Absent, PLACE, &mut Opens::default());
    assert_eq!(written.unwrap().basic.unwrap(), [json!({"Novel": null})]);
}

#[test]
fn what_basic_selectors_say_of_management_events_is_kept_and_gives_no_reason() {
    let sources = || list([text("kms.amazonaws.com")]);
    for (member, value, expected) in [
        ("IncludeManagementEvents", Value::Bool(false), json!(false)),
        ("IncludeManagementEvents", text("True"), json!(true)),
        ("IncludeManagementEvents", open("", ""), json!(LEFT_OPEN)),
        ("IncludeManagementEvents", text("yes"), json!(LEFT_OPEN)),
        ("ExcludeManagementEventSources", sources(), json!(["kms.amazonaws.com"])),
        ("ExcludeManagementEventSources", list([open("", "")]), json!(LEFT_OPEN)),
        ("ExcludeManagementEventSources", open("", ""), json!(LEFT_OPEN)),
    ] {
        let mut opens = Opens::default();
        let written = selectors(&list([map([(member, value)])]), &Value::Absent, PLACE, &mut opens);
        assert_eq!(written.unwrap().basic.unwrap()[0], json!({ member: expected }));
        assert_eq!(opens.into_all().len(), 0, "{member}");
    }
}
