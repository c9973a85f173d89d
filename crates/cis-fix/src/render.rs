//! The selectors of a request as text of Terraform and of CloudFormation, for the resource that makes
//! the trail.

use std::fmt::Write as _;

use cis_rules::selector::Operator;
use serde_json::Value;

use crate::change::{Call, Change};
use crate::json::{Members, pretty};
use crate::selectors::{advanced, basic, read_write_name};

/// What changes to one trail make of its `aws_cloudtrail` resource: the arguments that are set, with
/// its selectors whole. Only what is shown is replaced; the rest of the resource stays.
///
/// Source: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail>
#[must_use]
pub fn terraform(changes: &[&Change]) -> String {
    let mut text = String::new();
    let mut blocks = String::new();
    for change in changes {
        match change.call {
            Call::StartLogging => text.push_str("  enable_logging = true\n"),
            Call::UpdateTrail | Call::CreateTrail => terraform_settings(&mut text, &change.request),
            Call::PutEventSelectors => terraform_selectors(&mut blocks, &change.request),
            Call::StopLogging | Call::DeleteTrail => {}
        }
    }
    if text.is_empty() {
        blocks = blocks.trim_start_matches('\n').to_owned();
    }
    format!("resource \"aws_cloudtrail\" \"trail\" {{\n{text}{blocks}}}\n")
}

fn terraform_settings(text: &mut String, request: &Members) {
    let arguments = [
        ("Name", "name"),
        ("S3BucketName", "s3_bucket_name"),
        ("IsMultiRegionTrail", "is_multi_region_trail"),
        ("IncludeGlobalServiceEvents", "include_global_service_events"),
        ("EnableLogFileValidation", "enable_log_file_validation"),
    ];
    let is_new = request.has("S3BucketName") && request.has("EnableLogFileValidation");
    for (member, argument) in arguments {
        if member == "Name" && !is_new {
            continue;
        }
        match request.read::<Value>(member) {
            Some(Value::String(value)) => line(text, 1, argument, &quoted(&value)),
            Some(value) => line(text, 1, argument, &value.to_string()),
            None => {}
        }
    }
    if let Some(value) = request.read::<bool>("RecursiveLogging") {
        let option = if value { "--recursive-logging" } else { "--no-recursive-logging" };
        let _infallible = writeln!(
            text,
            "  # The provider has no argument for RecursiveLogging: run\n  # aws cloudtrail \
             update-trail {option}"
        );
    }
}

fn terraform_selectors(text: &mut String, request: &Members) {
    let lists = [("EventSelectors", true), ("AdvancedEventSelectors", false)];
    for (member, is_basic) in lists {
        let selectors: Vec<Members> = request.read(member).unwrap_or_default();
        for selector in &selectors {
            if is_basic {
                terraform_basic(text, selector);
            } else {
                terraform_advanced(text, selector);
            }
        }
    }
}

fn terraform_basic(text: &mut String, selector: &Members) {
    let Some(read) = basic(selector) else { return };
    text.push_str("\n  event_selector {\n");
    line(text, 2, "read_write_type", &quoted(read_write_name(&read.data.read_write)));
    line(text, 2, "include_management_events", &read.management.to_string());
    if !read.excluded.is_empty() {
        line(text, 2, "exclude_management_event_sources", &list(&read.excluded));
    }
    for resource in &read.data.data_resources {
        text.push_str("\n    data_resource {\n");
        line(text, 3, "type", &quoted(resource.resource_type.as_deref().unwrap_or_default()));
        line(text, 3, "values", &list(&resource.values));
        text.push_str("    }\n");
    }
    text.push_str("  }\n");
}

fn terraform_advanced(text: &mut String, selector: &Members) {
    let Some(read) = advanced(selector) else { return };
    text.push_str("\n  advanced_event_selector {\n");
    if let Some(name) = &read.name {
        line(text, 2, "name", &quoted(name));
    }
    for field in &read.field_selectors {
        text.push_str("\n    field_selector {\n");
        line(text, 3, "field", &quoted(field.field.name()));
        for condition in &field.conditions {
            line(text, 3, argument(condition.operator), &list(&condition.values));
        }
        text.push_str("    }\n");
    }
    text.push_str("  }\n");
}

/// What Terraform calls an operator.
const fn argument(operator: Operator) -> &'static str {
    match operator {
        Operator::Equals => "equals",
        Operator::StartsWith => "starts_with",
        Operator::EndsWith => "ends_with",
        Operator::NotEquals => "not_equals",
        Operator::NotStartsWith => "not_starts_with",
        Operator::NotEndsWith => "not_ends_with",
    }
}

fn line(text: &mut String, depth: usize, argument: &str, value: &str) {
    let _infallible = writeln!(text, "{}{argument} = {value}", "  ".repeat(depth));
}

fn list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("[{}]", values.join(", "))
}

/// A text as HCL spells it: nothing in it is a template.
///
/// Source: <https://developer.hashicorp.com/terraform/language/expressions/strings>
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control.is_control() => {
                let _infallible = write!(quoted, "\\u{:04x}", u32::from(control));
            }
            plain => quoted.push(plain),
        }
    }
    quoted.push('"');
    quoted.replace("${", "$${").replace("%{", "%%{")
}

/// What changes to one trail make of the properties of its `AWS::CloudTrail::Trail`, as JSON, which is
/// YAML, too. Only what is shown is replaced; the rest of the resource stays.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html>
#[must_use]
pub fn cloudformation(changes: &[&Change]) -> String {
    let mut properties = Members::default();
    for change in changes {
        match change.call {
            Call::StartLogging => properties.set("IsLogging", &true),
            Call::UpdateTrail | Call::CreateTrail | Call::PutEventSelectors => {
                for name in change.request.names() {
                    let property = match name {
                        "EnableLogFileValidation"
                        | "IncludeGlobalServiceEvents"
                        | "IsMultiRegionTrail"
                        | "S3BucketName"
                        | "EventSelectors"
                        | "AdvancedEventSelectors" => name,
                        "Name" if change.call == Call::CreateTrail => "TrailName",
                        // No property has it: `RecursiveLogging`.
                        _ => continue,
                    };
                    if let Some(value) =
                        change.request.read::<Box<serde_json::value::RawValue>>(name)
                    {
                        properties.set(property, &value);
                    }
                }
            }
            Call::StopLogging | Call::DeleteTrail => {}
        }
    }
    let resource =
        Members::default().with("Type", &"AWS::CloudTrail::Trail").with("Properties", &properties);
    let resources = Members::default().with("Trail", &resource);
    pretty(&Members::default().with("Resources", &resources).text()) + "\n"
}
