//! The resource types that the templates use, with the properties that they use.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html>

use serde::Serialize;
use serde_json::Value;

use crate::intrinsic::{Items, Property, Text};
use crate::policy::{Policy, PolicyDocument};
use crate::template::Properties;

/// Structs that are written as CloudFormation spells them, and the types that some of them are of.
macro_rules! resources {
    ($(
        $(#[$about:meta])*
        $name:ident $(= $type:literal)? { $($(#[$how:meta])* $member:ident: $kind:ty,)* }
    )*) => {$(
        $(#[$about])*
        #[derive(Serialize)]
        #[serde(rename_all = "PascalCase")]
        pub(crate) struct $name {
            $($(#[$how])* pub(crate) $member: $kind,)*
        }

        $(impl Properties for $name {
            const TYPE: &'static str = $type;
        })?
    )*};
}

resources! {
    /// A function whose code is in a bucket.
    LambdaFunction = "AWS::Lambda::Function" {
        description: &'static str,
        runtime: &'static str,
        architectures: [Text; 1],
        handler: &'static str,
        code: Code,
        role: Text,
        memory_size: u32,
        timeout: u32,
        reserved_concurrent_executions: Text,
        environment: Value,
        logging_config: LoggingConfig,
    }

    Code {
        s3_bucket: Text,
        s3_key: Text,
        s3_object_version: Text,
    }

    LoggingConfig {
        log_format: &'static str,
        log_group: Text,
    }

    /// What becomes of an asynchronous invocation that fails.
    EventInvokeConfig = "AWS::Lambda::EventInvokeConfig" {
        function_name: Text,
        qualifier: &'static str,
        maximum_retry_attempts: u32,
        maximum_event_age_in_seconds: u32,
        destination_config: Value,
    }

    /// Who may invoke a function. The account is not optional: without it, anyone's AWS Config could.
    /// The rule's ARN is not given: AWS documents it for rules that exist, and AWS Config checks the
    /// permission before it makes the rule.
    ///
    /// Source: <https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html>
    Permission = "AWS::Lambda::Permission" {
        function_name: Text,
        action: &'static str,
        principal: &'static str,
        source_account: Text,
    }

    Role = "AWS::IAM::Role" {
        path: Option<Text>,
        role_name: Option<Text>,
        description: &'static str,
        permissions_boundary: Text,
        assume_role_policy_document: PolicyDocument,
        policies: Vec<Policy>,
    }

    LogGroup = "AWS::Logs::LogGroup" {
        retention_in_days: Text,
        kms_key_id: Text,
    }

    Queue = "AWS::SQS::Queue" {
        message_retention_period: u32,
        sqs_managed_sse_enabled: Property<bool>,
        kms_master_key_id: Text,
    }

    /// Who may use queues.
    QueuePolicy = "AWS::SQS::QueuePolicy" {
        queues: [Text; 1],
        policy_document: PolicyDocument,
    }

    Topic = "AWS::SNS::Topic" {
        kms_master_key_id: Text,
    }

    /// Who may use topics.
    TopicPolicy = "AWS::SNS::TopicPolicy" {
        topics: [Text; 1],
        policy_document: PolicyDocument,
    }

    Subscription = "AWS::SNS::Subscription" {
        topic_arn: Text,
        protocol: &'static str,
        endpoint: Text,
    }

    /// An alarm on a metric.
    Alarm = "AWS::CloudWatch::Alarm" {
        alarm_description: &'static str,
        namespace: &'static str,
        metric_name: &'static str,
        dimensions: Vec<Dimension>,
        statistic: &'static str,
        period: u32,
        evaluation_periods: Property<u32>,
        comparison_operator: &'static str,
        threshold: u32,
        treat_missing_data: &'static str,
        alarm_actions: Items<String>,
    }

    Dimension {
        name: &'static str,
        value: Text,
    }

    Dashboard = "AWS::CloudWatch::Dashboard" {
        dashboard_name: Text,
        dashboard_body: Text,
    }

    /// A rule of EventBridge.
    EventRule = "AWS::Events::Rule" {
        description: &'static str,
        event_bus_name: Option<Text>,
        event_pattern: Value,
        targets: Vec<Target>,
    }

    /// Where EventBridge hands events to: as they are, or transformed.
    Target {
        id: &'static str,
        arn: Text,
        role_arn: Option<Text>,
        dead_letter_config: Option<Value>,
        input_transformer: Option<Value>,
    }

    /// A bus of EventBridge, apart from the account's default one.
    EventBus = "AWS::Events::EventBus" {
        name: Text,
    }

    StateMachine = "AWS::StepFunctions::StateMachine" {
        state_machine_type: &'static str,
        role_arn: Text,
        definition: Value,
    }

    /// A custom rule of AWS Config.
    ConfigRule = "AWS::Config::ConfigRule" {
        config_rule_name: Text,
        description: String,
        scope: Option<Property<Scope>>,
        source: Source,
        input_parameters: Value,
    }

    Scope {
        compliance_resource_types: Vec<&'static str>,
    }

    Source {
        owner: &'static str,
        source_identifier: Text,
        source_details: Items<Trigger>,
    }

    /// A document of Systems Manager.
    AutomationDocument = "AWS::SSM::Document" {
        document_type: &'static str,
        document_format: &'static str,
        update_method: &'static str,
        content: Value,
    }

    /// What AWS Config starts for a resource that does not comply.
    RemediationConfiguration = "AWS::Config::RemediationConfiguration" {
        config_rule_name: Text,
        resource_type: &'static str,
        target_type: &'static str,
        target_id: Text,
        automatic: Text,
        maximum_automatic_attempts: Property<u32>,
        retry_attempt_seconds: Property<u32>,
        parameters: Value,
    }

    /// What triggers a rule.
    Trigger {
        event_source: &'static str,
        message_type: &'static str,
        maximum_execution_frequency: Option<Text>,
    }

    ConformancePack = "AWS::Config::ConformancePack" {
        conformance_pack_name: Text,
        conformance_pack_input_parameters: Items<PackParameter>,
        template_body: String,
    }

    OrganizationConformancePack = "AWS::Config::OrganizationConformancePack" {
        organization_conformance_pack_name: Text,
        excluded_accounts: Text,
        conformance_pack_input_parameters: Items<PackParameter>,
        template_body: String,
    }

    PackParameter {
        parameter_name: String,
        parameter_value: Text,
    }

    OrganizationConfigRule = "AWS::Config::OrganizationConfigRule" {
        organization_config_rule_name: &'static str,
        excluded_accounts: Text,
        organization_custom_rule_metadata: OrganizationCustomRuleMetadata,
    }

    OrganizationCustomRuleMetadata {
        description: String,
        lambda_function_arn: Text,
        organization_config_rule_trigger_types: Vec<&'static str>,
        maximum_execution_frequency: Text,
        input_parameters: Text,
    }

    ConfigurationAggregator = "AWS::Config::ConfigurationAggregator" {
        configuration_aggregator_name: Text,
        organization_aggregation_source: OrganizationAggregationSource,
    }

    OrganizationAggregationSource {
        role_arn: Text,
        all_aws_regions: bool,
    }

    StoredQuery = "AWS::Config::StoredQuery" {
        query_name: String,
        query_description: String,
        query_expression: Text,
    }

    StackSet = "AWS::CloudFormation::StackSet" {
        stack_set_name: Text,
        description: &'static str,
        permission_model: &'static str,
        call_as: Text,
        capabilities: [&'static str; 1],
        auto_deployment: Value,
        managed_execution: Value,
        operation_preferences: Value,
        stack_instances_group: Value,
        #[serde(rename = "TemplateURL")]
        template_url: Text,
        parameters: Items<StackParameter>,
    }

    StackParameter {
        parameter_key: String,
        parameter_value: Text,
    }
}
