//! Plans that list only a part of what is there, and states whose resources are not whole.
#![expect(clippy::unwrap_used, reason = "a plan that cannot be read is a failed test")]

use std::slice::from_ref;

use cis_plan::Setting;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict::{self, Compliant, Indeterminate, NonCompliant};
use serde_json::{Value, json};

const ADDRESS: &str = "aws_cloudtrail.audit";

fn values(selectors: &Value) -> Value {
    json!({
        "name": "audit", "s3_bucket_name": "logs", "enable_logging": true,
        "is_multi_region_trail": true, "is_organization_trail": false,
        "arn": "arn:aws:cloudtrail:us-east-1:111122223333:trail/audit",
        "event_selector": selectors, "advanced_event_selector": [],
    })
}

/// The values of a trail that takes every object.
fn covering() -> Value {
    values(&json!([{"read_write_type": "All",
        "data_resource": [{"type": "AWS::S3::Object", "values": ["arn:aws:s3"]}]}]))
}

/// The values of a trail that takes none.
fn bare() -> Value {
    values(&json!([]))
}

fn resource(values: &Value) -> Value {
    json!({
        "address": ADDRESS, "mode": "managed", "type": "aws_cloudtrail", "name": "audit",
        "provider_name": "registry.terraform.io/hashicorp/aws", "values": values,
    })
}

fn change(actions: &Value, before: &Value, after: &Value) -> Value {
    json!({
        "address": ADDRESS, "mode": "managed", "type": "aws_cloudtrail", "name": "audit",
        "provider_name": "registry.terraform.io/hashicorp/aws",
        "change": {"actions": actions, "before": before, "after": after, "after_unknown": {}},
    })
}

fn state(resources: &[Value]) -> Value {
    json!({"format_version": "1.0", "terraform_version": "1.9.8",
        "values": {"root_module": {"resources": resources}}})
}

/// A plan with what is planned, what is changed, and what was there before.
fn plan(planned: &[Value], changes: &[Value], prior: &[Value]) -> Value {
    json!({
        "format_version": "1.2", "terraform_version": "1.9.8",
        "planned_values": {"root_module": {"resources": planned}},
        "resource_changes": changes,
        "prior_state": state(prior),
    })
}

fn verdict_in(document: &Value, mode: Mode) -> Verdict {
    let account = cis_plan::plan(&document.to_string(), &Setting::default()).unwrap();
    cis_rules::evaluate(&account, &Question::new(Kind::Write, mode)).verdict
}

fn verdict(document: &Value) -> Verdict {
    verdict_in(document, Mode::Any)
}

#[test]
fn what_a_targeted_plan_does_not_look_at_goes_on_as_it_was() {
    let bucket = json!({
        "address": "aws_s3_bucket.data", "mode": "managed", "type": "aws_s3_bucket",
        "name": "data", "values": {"bucket": "data"},
    });
    for (prior, expected) in [(covering(), Compliant), (bare(), NonCompliant)] {
        let document = plan(from_ref(&bucket), &[], &[resource(&prior)]);
        assert_eq!(verdict(&document), expected);
        // It may be left out what else is planned, but not this.
        let mut targeted = document;
        targeted["complete"] = json!(false);
        let expected = if expected == Compliant { Compliant } else { Indeterminate };
        assert_eq!(verdict(&targeted), expected);
    }
    // In the mode `every`, the trail that is not looked at counts too.
    let mut new = resource(&covering());
    new["address"] = json!("aws_cloudtrail.new");
    new["values"]["arn"] = Value::Null;
    let document = plan(&[new], &[], &[resource(&bare())]);
    assert_eq!(verdict_in(&document, Mode::Every), NonCompliant);
}

#[test]
fn what_a_plan_deletes_or_moves_does_not_go_on_at_its_old_address() {
    let deleted = change(&json!(["delete"]), &covering(), &Value::Null);
    assert_eq!(verdict(&plan(&[], &[deleted], &[resource(&covering())])), NonCompliant);
    let mut moved = change(&json!(["update"]), &bare(), &covering());
    let mut planned = resource(&covering());
    for one in [&mut moved, &mut planned] {
        one["address"] = json!("module.audit.aws_cloudtrail.this");
    }
    moved["previous_address"] = json!(ADDRESS);
    let document = plan(&[planned], &[moved], &[resource(&bare())]);
    assert_eq!(verdict_in(&document, Mode::Every), Compliant);
}

#[test]
fn an_earlier_object_that_is_left_over_is_no_trail_of_its_own() {
    let mut deposed = resource(&bare());
    deposed["deposed_key"] = json!("be1d5a3f");
    let document = plan(
        &[resource(&covering())],
        &[change(&json!(["create"]), &Value::Null, &covering())],
        &[deposed],
    );
    assert_eq!(verdict(&document), Compliant);
}

#[test]
fn where_a_plan_lists_no_changes_it_is_not_known_what_goes_on() {
    for prior in [covering(), bare()] {
        let mut document = plan(&[], &[], &[resource(&prior)]);
        document.as_object_mut().unwrap().remove("resource_changes");
        assert_eq!(verdict(&document), Indeterminate);
        document.as_object_mut().unwrap().remove("prior_state");
        assert_eq!(verdict(&document), NonCompliant);
    }
}

#[test]
fn what_is_forgotten_when_it_is_replaced_goes_on_as_it_was() {
    for actions in [json!(["create", "forget"]), json!(["forget", "create"])] {
        let replaced = change(&actions, &bare(), &covering());
        let document = plan(&[resource(&covering())], &[replaced], &[resource(&bare())]);
        assert_eq!(verdict(&document), Compliant);
        assert_eq!(verdict_in(&document, Mode::Every), NonCompliant);
    }
    let forgotten = change(&json!(["forget"]), &covering(), &Value::Null);
    assert_eq!(verdict(&plan(&[], &[forgotten], &[resource(&covering())])), Compliant);
}

#[test]
fn of_a_resource_whose_creation_did_not_end_nothing_is_known() {
    for existing in [covering(), bare()] {
        let mut tainted = resource(&existing);
        tainted["tainted"] = json!(true);
        assert_eq!(verdict(&state(&[tainted.clone()])), Indeterminate);
        assert_eq!(verdict(&plan(&[], &[], &[tainted.clone()])), Indeterminate);
        // A plan replaces it.
        let replaced = change(&json!(["delete", "create"]), &existing, &covering());
        let document = plan(&[resource(&covering())], &[replaced], &[tainted]);
        assert_eq!(verdict(&document), Compliant);
        let stored = |status: &Value| {
            json!({
                "version": 4, "terraform_version": "1.9.8", "serial": 1, "lineage": "x",
                "resources": [{"mode": "managed", "type": "aws_cloudtrail", "name": "audit",
                    "provider": "provider[\"registry.terraform.io/hashicorp/aws\"]",
                    "instances": [{"status": status, "attributes": existing}]}],
            })
        };
        assert_eq!(verdict(&stored(&json!("tainted"))), Indeterminate);
        assert_ne!(verdict(&stored(&Value::Null)), Indeterminate);
    }
}

#[test]
fn where_there_is_no_state_there_is_no_trail() {
    assert_eq!(verdict(&json!({"format_version": "1.0"})), NonCompliant);
}

/// The program of a data source runs when the plan is made.
#[test]
fn a_data_source_that_calls_cloudtrail_puts_the_trails_in_doubt() {
    let program = |command: &str| {
        json!({
            "address": "data.external.x", "mode": "data", "type": "external", "name": "x",
            "provider_name": "registry.terraform.io/hashicorp/external",
            "values": {"program": ["sh", "-c", command]},
        })
    };
    let changed = change(&json!(["no-op"]), &covering(), &covering());
    for (command, expected) in [
        ("aws cloudtrail stop-logging --name audit", Indeterminate),
        ("aws cloudtrail get-trail --name audit", Compliant),
    ] {
        let prior = [resource(&covering()), program(command)];
        assert_eq!(verdict(&plan(&[resource(&covering())], from_ref(&changed), &prior)), expected);
        let payload = json!({"operation": command});
        let mut document = plan(&[resource(&covering())], from_ref(&changed), &[]);
        document["action_invocations"] = json!([{"address": "action.aws_lambda_invoke.x",
            "type": "aws_lambda_invoke", "config_values": {"payload": payload.to_string()}}]);
        assert_eq!(verdict(&document), expected);
    }
}
