//! The resource types that the templates use, with the properties that they use.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html>

use serde::Serialize;
use serde_json::Value;

use crate::intrinsic::{Items, Property, Text};
use crate::policy::{Policy, PolicyDocument};
use crate::template::Properties;

macro_rules! types {
    ($($name:ident = $type:literal;)*) => {
        $(impl Properties for $name {
            const TYPE: &'static str = $type;
        })*
    };
}

types! {
    LambdaFunction = "AWS::Lambda::Function";
    EventInvokeConfig = "AWS::Lambda::EventInvokeConfig";
    Permission = "AWS::Lambda::Permission";
    Role = "AWS::IAM::Role";
    LogGroup = "AWS::Logs::LogGroup";
    Queue = "AWS::SQS::Queue";
    Alarm = "AWS::CloudWatch::Alarm";
    Dashboard = "AWS::CloudWatch::Dashboard";
    EventRule = "AWS::Events::Rule";
    StateMachine = "AWS::StepFunctions::StateMachine";
    ConfigRule = "AWS::Config::ConfigRule";
    ConformancePack = "AWS::Config::ConformancePack";
    OrganizationConformancePack = "AWS::Config::OrganizationConformancePack";
    OrganizationConfigRule = "AWS::Config::OrganizationConfigRule";
    ConfigurationAggregator = "AWS::Config::ConfigurationAggregator";
    StoredQuery = "AWS::Config::StoredQuery";
    StackSet = "AWS::CloudFormation::StackSet";
}

/// A function whose code is in a bucket.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LambdaFunction {
    pub(crate) description: &'static str,
    pub(crate) runtime: &'static str,
    pub(crate) architectures: [Text; 1],
    pub(crate) handler: &'static str,
    pub(crate) code: Code,
    pub(crate) role: Text,
    pub(crate) memory_size: u32,
    pub(crate) timeout: u32,
    pub(crate) logging_config: LoggingConfig,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Code {
    pub(crate) s3_bucket: Text,
    pub(crate) s3_key: Text,
    pub(crate) s3_object_version: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LoggingConfig {
    pub(crate) log_format: &'static str,
    pub(crate) log_group: Text,
}

/// What becomes of an asynchronous invocation that fails.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EventInvokeConfig {
    pub(crate) function_name: Text,
    pub(crate) qualifier: &'static str,
    pub(crate) maximum_retry_attempts: u32,
    pub(crate) maximum_event_age_in_seconds: u32,
    pub(crate) destination_config: Value,
}

/// Who may invoke a function. The account is not optional: without it, anyone's AWS Config could.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Permission {
    pub(crate) function_name: Text,
    pub(crate) action: &'static str,
    pub(crate) principal: &'static str,
    pub(crate) source_account: Text,
    pub(crate) source_arn: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Role {
    pub(crate) path: Option<&'static str>,
    pub(crate) role_name: Option<Text>,
    pub(crate) description: &'static str,
    pub(crate) assume_role_policy_document: PolicyDocument,
    pub(crate) policies: Vec<Policy>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct LogGroup {
    pub(crate) retention_in_days: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Queue {
    pub(crate) message_retention_period: u32,
    pub(crate) sqs_managed_sse_enabled: bool,
}

/// An alarm on a metric.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Alarm {
    pub(crate) alarm_description: &'static str,
    pub(crate) namespace: &'static str,
    pub(crate) metric_name: &'static str,
    pub(crate) dimensions: Vec<Dimension>,
    pub(crate) statistic: &'static str,
    pub(crate) period: u32,
    pub(crate) evaluation_periods: Property<u32>,
    pub(crate) comparison_operator: &'static str,
    pub(crate) threshold: u32,
    pub(crate) treat_missing_data: &'static str,
    pub(crate) alarm_actions: Items<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Dimension {
    pub(crate) name: &'static str,
    pub(crate) value: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Dashboard {
    pub(crate) dashboard_name: Text,
    pub(crate) dashboard_body: Text,
}

/// A rule of EventBridge.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct EventRule {
    pub(crate) description: &'static str,
    pub(crate) event_pattern: Value,
    pub(crate) targets: Vec<Target>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Target {
    pub(crate) id: &'static str,
    pub(crate) arn: Text,
    pub(crate) role_arn: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StateMachine {
    pub(crate) state_machine_type: &'static str,
    pub(crate) role_arn: Text,
    pub(crate) definition: Value,
}

/// A custom rule of AWS Config.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConfigRule {
    pub(crate) config_rule_name: &'static str,
    pub(crate) description: String,
    pub(crate) scope: Option<Property<Scope>>,
    pub(crate) source: Source,
    pub(crate) input_parameters: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Scope {
    pub(crate) compliance_resource_types: Vec<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Source {
    pub(crate) owner: &'static str,
    pub(crate) source_identifier: Text,
    pub(crate) source_details: Items<Trigger>,
}

/// What triggers a rule.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Trigger {
    pub(crate) event_source: &'static str,
    pub(crate) message_type: &'static str,
    pub(crate) maximum_execution_frequency: Option<Text>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConformancePack {
    pub(crate) conformance_pack_name: Text,
    pub(crate) conformance_pack_input_parameters: Items<PackParameter>,
    pub(crate) template_body: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrganizationConformancePack {
    pub(crate) organization_conformance_pack_name: Text,
    pub(crate) excluded_accounts: Text,
    pub(crate) conformance_pack_input_parameters: Items<PackParameter>,
    pub(crate) template_body: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct PackParameter {
    pub(crate) parameter_name: String,
    pub(crate) parameter_value: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrganizationConfigRule {
    pub(crate) organization_config_rule_name: &'static str,
    pub(crate) excluded_accounts: Text,
    pub(crate) organization_custom_rule_metadata: OrganizationCustomRuleMetadata,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrganizationCustomRuleMetadata {
    pub(crate) description: String,
    pub(crate) lambda_function_arn: Text,
    pub(crate) organization_config_rule_trigger_types: Vec<&'static str>,
    pub(crate) maximum_execution_frequency: Text,
    pub(crate) input_parameters: Text,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct ConfigurationAggregator {
    pub(crate) configuration_aggregator_name: Text,
    pub(crate) organization_aggregation_source: OrganizationAggregationSource,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct OrganizationAggregationSource {
    pub(crate) role_arn: Text,
    pub(crate) all_aws_regions: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StoredQuery {
    pub(crate) query_name: String,
    pub(crate) query_description: String,
    pub(crate) query_expression: String,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StackSet {
    pub(crate) stack_set_name: Text,
    pub(crate) description: &'static str,
    pub(crate) permission_model: &'static str,
    pub(crate) call_as: Text,
    pub(crate) capabilities: [&'static str; 1],
    pub(crate) auto_deployment: Value,
    pub(crate) managed_execution: Value,
    pub(crate) operation_preferences: Value,
    pub(crate) stack_instances_group: Value,
    #[serde(rename = "TemplateURL")]
    pub(crate) template_url: Text,
    pub(crate) parameters: Items<StackParameter>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StackParameter {
    pub(crate) parameter_key: String,
    pub(crate) parameter_value: Text,
}
