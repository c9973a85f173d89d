"""The requests that CloudFormation makes for resources of the templates' types.

Each type's function has a resource's name and properties, all functions resolved,
and gives requests: service, operation, input.
"""

import json
from collections.abc import Callable
from typing import Any

Properties = dict[str, Any]
Requests = Callable[[str, Properties], list[tuple[str, str, Properties]]]


def as_it_is(service: str, operation: str) -> Requests:
    """A request whose members are the resource's properties."""
    return lambda _, of: [(service, operation, of)]


def named(service: str, operation: str, member: str) -> Requests:
    """The same for a resource whose name is made up."""
    return lambda name, of: [(service, operation, {member: name, **of})]


def config_rule(_: str, of: Properties) -> list[tuple[str, str, Properties]]:
    """A rule's parameters are a text of JSON."""
    given = {**of, "InputParameters": json.dumps(of["InputParameters"])}
    return [("config", "PutConfigRule", {"ConfigRule": given})]


def stored_query(_: str, of: Properties) -> list[tuple[str, str, Properties]]:
    """Its members are named otherwise in the template."""
    query = {
        "QueryName": of["QueryName"],
        "Description": of["QueryDescription"],
        "Expression": of["QueryExpression"],
    }
    return [("config", "PutStoredQuery", {"StoredQuery": query})]


def state_machine(name: str, of: Properties) -> list[tuple[str, str, Properties]]:
    """Its members are spelled otherwise in the template."""
    request = {
        "name": name,
        "type": of["StateMachineType"],
        "definition": of["DefinitionString"],
        "roleArn": of["RoleArn"],
    }
    return [("stepfunctions", "CreateStateMachine", request)]


def queue_policy(_: str, of: Properties) -> list[tuple[str, str, Properties]]:
    """One request for each queue; its policy is a text of JSON."""
    attributes = {"Policy": json.dumps(of["PolicyDocument"])}
    request = "SetQueueAttributes"
    return [("sqs", request, {"QueueUrl": url, "Attributes": attributes}) for url in of["Queues"]]


def topic_policy(_: str, of: Properties) -> list[tuple[str, str, Properties]]:
    """One request for each topic; its policy is a text of JSON."""
    policy = {"AttributeName": "Policy", "AttributeValue": json.dumps(of["PolicyDocument"])}
    request = "SetTopicAttributes"
    return [("sns", request, {"TopicArn": arn, **policy}) for arn in of["Topics"]]


def stack_set(_: str, of: Properties) -> list[tuple[str, str, Properties]]:
    """A set, and then its instances by group."""
    of = dict(of)
    groups, preferences = of.pop("StackInstancesGroup"), of.pop("OperationPreferences")
    common = {
        "StackSetName": of["StackSetName"],
        "CallAs": of["CallAs"],
        "OperationPreferences": preferences,
    }
    instances = [("cloudformation", "CreateStackInstances", common | group) for group in groups]
    return [("cloudformation", "CreateStackSet", of), *instances]


def remediation(_: str, of: Properties) -> list[tuple[str, str, Properties]]:
    """One of a list. CloudFormation makes a truth of a text."""
    given = {**of, "Automatic": of["Automatic"] == "true"}
    return [("config", "PutRemediationConfigurations", {"RemediationConfigurations": [given]})]


REQUESTS: dict[str, Requests] = {
    "AWS::CloudFormation::StackSet": stack_set,
    "AWS::CloudWatch::Alarm": named("cloudwatch", "PutMetricAlarm", "AlarmName"),
    "AWS::Config::ConfigRule": config_rule,
    "AWS::Config::ConfigurationAggregator": as_it_is("config", "PutConfigurationAggregator"),
    "AWS::Config::ConformancePack": as_it_is("config", "PutConformancePack"),
    "AWS::Config::OrganizationConfigRule": as_it_is("config", "PutOrganizationConfigRule"),
    "AWS::Config::OrganizationConformancePack": as_it_is(
        "config", "PutOrganizationConformancePack"
    ),
    "AWS::Config::RemediationConfiguration": remediation,
    "AWS::Config::StoredQuery": stored_query,
    "AWS::Lambda::EventInvokeConfig": as_it_is("lambda", "PutFunctionEventInvokeConfig"),
    "AWS::Lambda::Function": named("lambda", "CreateFunction", "FunctionName"),
    "AWS::SNS::Subscription": as_it_is("sns", "Subscribe"),
    "AWS::SNS::TopicPolicy": topic_policy,
    "AWS::SQS::QueuePolicy": queue_policy,
    "AWS::StepFunctions::StateMachine": state_machine,
}
