//! Values of a Terraform plan that are known after apply: each may be any that its type allows.
#![expect(clippy::unwrap_used, reason = "a plan that cannot be read is a failed test")]

use cis_plan::Setting;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::{AccountResult, Verdict};
use serde_json::{Value, json};

/// What is answered about trails with these values, and what of them is not known.
fn answer(trails: &[(Value, Value)]) -> AccountResult {
    let trails = trails.iter().enumerate();
    let all: Vec<(String, Value, Value)> = trails
        .map(|(at, (values, unknown))| {
            (format!("aws_cloudtrail.t{at}"), values.clone(), unknown.clone())
        })
        .collect();
    let resource = |(address, values, _): &(String, Value, Value)| {
        json!({"address": address, "mode": "managed", "type": "aws_cloudtrail", "name": "t",
            "provider_name": "registry.terraform.io/hashicorp/aws", "values": values})
    };
    let change = |(address, values, unknown): &(String, Value, Value)| {
        json!({"address": address, "mode": "managed", "type": "aws_cloudtrail",
            "change": {"actions": ["create"], "after": values, "after_unknown": unknown}})
    };
    let plan = json!({
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": all.iter().map(resource).collect::<Vec<_>>()}},
        "resource_changes": all.iter().map(change).collect::<Vec<_>>(),
    });
    let setting = Setting { partition: Some("aws".to_string()), ..Setting::default() };
    let account = cis_plan::plan(&plan.to_string(), &setting).unwrap();
    cis_rules::evaluate(&account, &Question::new(Kind::Write, Mode::Any))
}

fn trail(selectors: &Value) -> Value {
    json!({"name": "t", "s3_bucket_name": "logs", "enable_logging": true,
        "is_multi_region_trail": true, "event_selector": selectors, "advanced_event_selector": []})
}

fn everything() -> Value {
    json!([{"read_write_type": "All", "data_resource":
        [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}]}])
}

#[test]
fn a_value_that_divides_is_named_with_both_answers() {
    let mut values = trail(&everything());
    values.as_object_mut().unwrap().remove("is_multi_region_trail");
    let result = answer(&[(values, json!({"is_multi_region_trail": true}))]);
    assert_eq!(result.verdict, Verdict::Indeterminate);
    assert_eq!(
        result.unknowns[0].reason,
        "it depends on `aws_cloudtrail.t0.is_multi_region_trail`: COMPLIANT with `true`, \
         NON_COMPLIANT with `false`"
    );
}

/// Whichever of the three it is, writes are lost to one of the two trails only.
#[test]
fn a_value_that_makes_no_difference_does_not_divide() {
    let selectors =
        json!([{"data_resource": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}]}]);
    let unknown = json!({"event_selector": [{"read_write_type": true, "data_resource": [{"values": [false]}]}]});
    let open = (trail(&selectors), unknown);
    assert_eq!(answer(std::slice::from_ref(&open)).verdict, Verdict::Indeterminate);
    let covering = (trail(&everything()), json!({}));
    assert_eq!(answer(&[open, covering]).verdict, Verdict::Compliant);
}

/// What stands in both selectors may be two values: a plan does not say that they are the same.
#[test]
fn two_values_of_one_expression_are_not_known_to_be_the_same() {
    let field = |operator: &str| {
        json!({"field_selector": [
            {"field": "eventCategory", "equals": ["Data"]},
            {"field": "resources.type", "equals": ["AWS::S3::Object"]},
            {"field": "resources.ARN", operator: [null]}]})
    };
    let unknown = |operator: &str| json!({"field_selector": [{}, {}, {operator: [true]}]});
    let mut values = trail(&json!([]));
    values["advanced_event_selector"] = json!([field("starts_with"), field("not_starts_with")]);
    let unknown =
        json!({"advanced_event_selector": [unknown("starts_with"), unknown("not_starts_with")]});
    let result = answer(&[(values, unknown)]);
    assert_eq!(result.verdict, Verdict::Indeterminate, "{:?}", result.summary);
}

/// Two selectors of one unknown text each, on a trail that is not multi-Region anyway.
#[test]
fn a_trail_that_does_not_count_needs_no_values() {
    let selectors = json!([{"read_write_type": "All",
        "data_resource": [{"type": "AWS::S3::Object", "values": [null, null]}]}]);
    let mut values = trail(&selectors);
    values["is_multi_region_trail"] = json!(false);
    let unknown = json!({"event_selector": [{"data_resource": [{"values": [true, true]}]}]});
    assert_eq!(answer(&[(values, unknown)]).verdict, Verdict::NonCompliant);
}
