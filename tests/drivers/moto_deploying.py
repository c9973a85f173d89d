"""Starts moto's server on a free loopback port, with what its CloudFormation lacks for deploying.

moto leaves out resources of types that it does not know, and refuses a template
that refers to one of them. Here each of these stands for the request that
CloudFormation makes of its service. It is checked against botocore's model of
that service: what breaks the model fails the deployment. StackSets are made by
moto's own, in the organization's accounts. Rules that were made have a result.

The one argument is a file. Each such request becomes a line of JSON in it, and so
do those for functions and state machines, of which moto ignores a part.

Prints one line, `{"port": 12345, "makes": […]}`, once it listens, with the types
that moto makes by itself, and ends when its standard input ends.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any
from zlib import crc32

import moto_cloudformation
from moto.awslambda.models import LambdaFunction
from moto.cloudformation import parsing
from moto.cloudformation.models import ChangeSet, StackInstances, cloudformation_backends
from moto.cloudformation.utils import get_stack_from_s3_url
from moto.config.responses import ConfigResponse
from moto.core.common_models import CloudFormationModel
from moto.core.exceptions import JsonRESTError
from moto.server import ThreadedMotoServer
from moto.stepfunctions.models import StateMachine
from resource_requests import REQUESTS, Properties

sys.path.insert(0, str(Path(__file__).parent.parent))
from standin.models import operation  # noqa: E402
from standin.validate import problems  # noqa: E402


# The rules of AWS Config that were made, by account.
RULES: list[tuple[str, str]] = []


def keep(kind: str, name: str, properties: Properties, place: Properties) -> None:
    """Checks the requests that a resource stands for, and writes them to the file."""
    for service, operation_name, request in REQUESTS[kind](name, properties):
        shape = operation(service, operation_name).input_shape
        wrong = problems(shape, request)
        if wrong:
            raise parsing.ValidationError(message=f"{kind} {place['logicalId']}: {wrong}")
        line = {**place, "type": kind, "operation": operation_name, "input": request}
        with open(sys.argv[1], "a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")


def added(kind: str) -> type[CloudFormationModel]:
    """A type of resource that moto does not know."""

    class Added(CloudFormationModel):
        """A resource that is its name and its ARN."""

        # moto files its classes by the service that is in their module's name.
        __module__ = "moto.config.models"

        def __init__(self, name: str, account: str, region: str) -> None:
            self.physical_resource_id = name
            rule = f"config-rule-{crc32(name.encode()):08x}"
            self.arn = f"arn:aws:config:{region}:{account}:config-rule/{rule}"

        @staticmethod
        def cloudformation_name_type() -> str:
            return "ConfigRuleName" if kind == "AWS::Config::ConfigRule" else ""

        @staticmethod
        def cloudformation_type() -> str:
            return kind

        @classmethod
        def has_cfn_attr(cls, attr: str) -> bool:
            return kind == "AWS::Config::ConfigRule" and attr == "Arn"

        def get_cfn_attribute(self, _: str) -> str:
            """The one attribute that there is."""
            return self.arn

        @classmethod
        def create_from_cloudformation_json(
            cls,
            resource_name: str,
            cloudformation_json: Properties,
            account_id: str,
            region_name: str,
            **place: str,
        ) -> "Added":
            of = cloudformation_json["Properties"]
            at = {"account": account_id, "region": region_name, "logicalId": place["LogicalId"]}
            keep(kind, resource_name, of, at)
            if kind == "AWS::Config::ConfigRule":
                RULES.append((account_id, of["ConfigRuleName"]))
            if kind == "AWS::CloudFormation::StackSet":
                make_set(of, account_id, region_name)
            return cls(resource_name, account_id, region_name)

        @classmethod
        def update_from_cloudformation_json(
            cls,
            original_resource: "Added",
            new_resource_name: str,
            cloudformation_json: Properties,
            account_id: str,
            region_name: str,
        ) -> "Added":
            name = original_resource.physical_resource_id
            logical_id = f"updated {original_resource.logical_resource_id}"
            at = {"account": account_id, "region": region_name, "logicalId": logical_id}
            keep(kind, name, cloudformation_json["Properties"], at)
            return original_resource

        @classmethod
        def delete_from_cloudformation_json(cls, *_: Any) -> None:
            """There is nothing to delete."""

    return Added


def compliance(self: ConfigResponse) -> str:
    """DescribeAggregateComplianceByConfigRules: every rule that was made has a result."""
    found = [
        {"AccountId": account, "ConfigRuleName": name, "Compliance": {"ComplianceType": "COMPLIANT"}}
        for account, name in RULES
    ]
    return json.dumps({"AggregateComplianceByConfigRules": found})


def own_compliance(self: ConfigResponse) -> str:
    """DescribeComplianceByConfigRule: every rule of the account that was made has a result."""
    asked = json.loads(self.body)["ConfigRuleNames"]
    unknown = set(asked) - {name for account, name in RULES if account == self.current_account}
    if unknown:
        raise JsonRESTError("NoSuchConfigRuleException", f"no rules {unknown}")
    found = [{"ConfigRuleName": it, "Compliance": {"ComplianceType": "COMPLIANT"}} for it in asked]
    return json.dumps({"ComplianceByConfigRules": found})


def started(self: ConfigResponse) -> str:
    """StartConfigRulesEvaluation: moto evaluates nothing."""
    own_compliance(self)
    return json.dumps({})


def make_set(of: Properties, account: str, region: str) -> None:
    """The set and its instances, in the accounts of moto's organization."""
    backend = cloudformation_backends[account][region]
    given = {it["ParameterKey"]: it["ParameterValue"] for it in of["Parameters"]}
    template = get_stack_from_s3_url(of["TemplateURL"], account_id=account, partition="aws")
    name, model = of["StackSetName"], of["PermissionModel"]
    backend.create_stack_set(name, template, given, {}, model, None, None, of["Description"])
    for group in of["StackInstancesGroup"]:
        backend.create_stack_instances(
            name, [], group["Regions"], [], deployment_targets=group["DeploymentTargets"]
        )


def teach(model: Any, change: Any) -> None:
    """Lets a type that moto makes look at what it is given, and change it."""
    made = model.create_from_cloudformation_json.__func__

    def create(cls: Any, name: str, of: Properties, account: str, region: str, **at: str) -> Any:
        place = {"account": account, "region": region, "logicalId": at["LogicalId"]}
        change(name, of["Properties"], place)
        return made(cls, name, of, account, region, **at)

    model.create_from_cloudformation_json = classmethod(create)


def keep_function(name: str, of: Properties, place: Properties) -> None:
    """moto ignores a function's architecture and its log."""
    keep("AWS::Lambda::Function", name, of, place)


def keep_state_machine(name: str, of: Properties, place: Properties) -> None:
    """moto knows definitions as texts alone."""
    of["DefinitionString"] = json.dumps(of["Definition"])
    keep("AWS::StepFunctions::StateMachine", name, of, place)


def teach_templates() -> None:
    """Checks parameters, runs loops, and gives change sets outputs."""
    parsed, applied = ChangeSet._parse_template, ChangeSet.apply

    def parse_template(self: ChangeSet) -> None:
        parsed(self)
        for name, value in self.parameters.items():
            # The value that a list had before is a list, where moto expects its text.
            value = ",".join(value) if isinstance(value, list) else value
            check_parameter(name, value, self.template_dict["Parameters"][name])
            self.parameters[name] = value
        for name, loop in list(self.template_dict["Resources"].items()):
            if name.startswith("Fn::ForEach::"):
                del self.template_dict["Resources"][name]
                variable, items, body = loop
                for item in self.parameters[items["Ref"]].split(","):
                    self.template_dict["Resources"] |= looped(body, variable, item)

    def apply(self: ChangeSet) -> None:
        applied(self)
        self.stack.output_map = parsing.OutputMap(
            self.stack.resource_map, self.template_dict, self.stack_id
        )

    ChangeSet._parse_template = parse_template  # type: ignore[method-assign]
    ChangeSet.apply = apply  # type: ignore[method-assign]


def check_parameter(name: str, value: str, declared: Properties) -> None:
    """Refuses a value that the template does not allow, which moto takes."""
    is_list = declared["Type"] == "CommaDelimitedList"
    for item in value.split(",") if is_list else [value]:
        pattern, allowed = declared.get("AllowedPattern", ""), declared.get("AllowedValues", [item])
        if not re.search(pattern, item) or item not in allowed:
            raise parsing.ValidationError(message=f"parameter {name}: {item!r} is not allowed")


def looped(part: Any, variable: str, item: str) -> Any:
    """A loop's body for one item."""
    if part == {"Ref": variable}:
        return item
    if isinstance(part, dict):
        pairs = part.items()
        return {looped(name, variable, item): looped(it, variable, item) for name, it in pairs}
    if isinstance(part, list):
        return [looped(it, variable, item) for it in part]
    return part.replace(f"${{{variable}}}", item) if isinstance(part, str) else part


def teach_sets() -> None:
    """Leaves the management account out, as AWS does, and deletes instances by unit."""
    created, deleted = StackInstances.create_instances, StackInstances.delete

    def create(
        self: Any, accounts: Any, regions: Any, parameters: Any, targets: Any, permission_model: str
    ) -> Any:
        units = targets.get("OrganizationalUnitIds", [])
        members = [
            it.id
            for it in self.org_backend.accounts
            if it.id != self.account_id and it.parent_id in units
        ]
        return created(self, accounts + members, regions, parameters, {}, permission_model)

    def delete(self: Any, accounts: list[str], regions: list[str]) -> None:
        deleted(self, accounts or [it.account_id for it in self.stack_instances], regions)

    StackInstances.create_instances = create  # type: ignore[method-assign]
    StackInstances.delete = delete  # type: ignore[method-assign]


def main() -> None:
    """Serves until standard input ends."""
    own = {model.cloudformation_type() for model in CloudFormationModel.__subclasses__()}
    # moto keeps its types in a list of classes, so these must not be collected.
    kinds = [added(kind) for kind in REQUESTS if kind not in own]
    teach(LambdaFunction, keep_function)
    teach(StateMachine, keep_state_machine)
    moto_cloudformation.correct()
    ConfigResponse.describe_aggregate_compliance_by_config_rules = compliance
    ConfigResponse.describe_compliance_by_config_rule = own_compliance
    ConfigResponse.start_config_rules_evaluation = started
    teach_templates()
    teach_sets()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    port = server.get_host_and_port()[1]
    print(json.dumps({"port": port, "makes": sorted(own)}), flush=True)
    sys.stdin.read()
    del kinds
    os._exit(0)


if __name__ == "__main__":
    main()
