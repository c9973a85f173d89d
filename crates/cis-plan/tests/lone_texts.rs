//! Open texts that are the only ones that the values of a field are compared with.
#![expect(clippy::unwrap_used, reason = "a template that cannot be read is a failed test")]

use cis_plan::Setting;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict::{self, Compliant, Indeterminate, NonCompliant};
use serde_json::{Value, json};

/// A trail with one selector for each condition.
fn verdict(conditions: &[Value], kind: Kind) -> Verdict {
    let selector = |condition: &Value| {
        json!({"FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            condition,
        ]})
    };
    let template = json!({
        "Parameters": {
            "P": {"Type": "String"},
            "Word": {"Type": "String", "AllowedPattern": "[a-z]{3,20}"},
        },
        "Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {
            "IsLogging": true, "IsMultiRegionTrail": true, "S3BucketName": "logs",
            "AdvancedEventSelectors": conditions.iter().map(selector).collect::<Vec<_>>(),
        }}},
    });
    let setting = Setting { partition: Some("aws".to_string()), ..Setting::default() };
    let account = cis_plan::template(&template.to_string(), &setting).unwrap();
    cis_rules::evaluate(&account, &Question::new(kind, Mode::Any)).verdict
}

fn on(field: &str, operator: &str, text: &Value) -> Value {
    json!({"Field": field, operator: [text]})
}

#[test]
fn whatever_ends_with_a_text_or_does_not_is_everything() {
    let import = json!({"Fn::ImportValue": "x"});
    for text in
        [import.clone(), json!({"Fn::Sub": ["${X}/", {"X": import}]}), json!({"Ref": "Word"})]
    {
        let ends = on("resources.ARN", "EndsWith", &text);
        let others = on("resources.ARN", "NotEndsWith", &text);
        assert_eq!(verdict(&[ends.clone(), others.clone()], Kind::Write), Compliant, "{text}");
    }
}

#[test]
fn a_text_that_may_take_all_none_or_some_decides() {
    let import = json!({"Fn::ImportValue": "x"});
    let longer = json!({"Fn::Sub": ["-${X}", {"X": import}]});
    let word = json!({"Ref": "Word"});
    for (operator, text, expected) in [
        // The empty text ends every ARN.
        ("EndsWith", &import, Indeterminate),
        ("EndsWith", &longer, NonCompliant),
        ("EndsWith", &word, NonCompliant),
        // No ARN ends with a text that is too long.
        ("NotEndsWith", &import, Indeterminate),
        ("NotEndsWith", &longer, Indeterminate),
        ("NotEndsWith", &word, NonCompliant),
    ] {
        let only = on("resources.ARN", operator, text);
        assert_eq!(verdict(&[only], Kind::Write), expected, "{operator} {text}");
    }
}

#[test]
fn a_caller_that_is_left_out_is_lost_whoever_it_is() {
    for (operator, expected) in [
        ("NotEquals", NonCompliant),
        ("NotStartsWith", NonCompliant),
        ("Equals", NonCompliant),
        ("NotEndsWith", NonCompliant),
    ] {
        let only = on("userIdentity.arn", operator, &json!({"Ref": "P"}));
        assert_eq!(verdict(&[only], Kind::Write), expected, "{operator}");
    }
}

#[test]
fn an_event_name_may_be_one_that_is_not_asked_about() {
    for kind in Kind::ALL {
        let of = |operator, text: &str| {
            verdict(&[on("eventName", operator, &json!({"Ref": text}))], kind)
        };
        assert_eq!(of("Equals", "P"), NonCompliant);
        // Without reads, a trail takes all writes.
        assert_eq!(of("NotEquals", "P"), Indeterminate);
        // No event's name is a word in small letters, but AWS may add one.
        assert_eq!(of("NotEquals", "Word"), NonCompliant);
    }
}

#[test]
fn a_text_that_is_not_the_only_one_stays_open() {
    let import = json!({"Fn::ImportValue": "x"});
    let ends = on("resources.ARN", "EndsWith", &import);
    let others = on("resources.ARN", "NotEndsWith", &import);
    let second = on("resources.ARN", "EndsWith", &json!({"Fn::ImportValue": "y"}));
    let start = on("resources.ARN", "NotStartsWith", &json!("arn:aws:s3:::payroll/"));
    for more in [second, start] {
        let all = [ends.clone(), others.clone(), more];
        assert_ne!(verdict(&all, Kind::Write), NonCompliant);
    }
}
