"""What moto's CloudFormation needs to make the stacks of the templates.

* `AWS::Config::ConfigRule` becomes a rule of moto's AWS Config.
* What is `AWS::NoValue` in a list is left out, instead of being null:
  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
* A log group's `Arn` ends in `:*`:
  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-logs-loggroup.html
* A role's own policy is kept as text, as IAM's other calls do, and not as an object.
* `Fn::ForEach` is left out. The templates make nothing with it but a function's own
  permissions, which moto does not enforce.
"""

import json
from typing import Any

from moto.cloudformation import parsing
from moto.cloudformation.models import Stack
from moto.config.models import config_backends
from moto.core.common_models import CloudFormationModel
from moto.iam.models import Role
from moto.logs.models import LogGroup


class ConfigRule(CloudFormationModel):
    """A rule, as a resource of a stack."""

    # moto reads the service off a model's module.
    __module__ = "moto.config"

    def __init__(self, name: str, arn: str) -> None:
        self.physical_resource_id = name
        self.arn = arn

    @staticmethod
    def cloudformation_name_type() -> str:
        return "ConfigRuleName"

    @staticmethod
    def cloudformation_type() -> str:
        return "AWS::Config::ConfigRule"

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:
        return attr == "Arn"

    def get_cfn_attribute(self, _: str) -> str:
        return self.arn

    @classmethod
    def create_from_cloudformation_json(
        cls,
        resource_name: str,
        cloudformation_json: dict[str, Any],
        account_id: str,
        region_name: str,
        **_: Any,
    ) -> "ConfigRule":
        rule = dict(cloudformation_json["Properties"])
        rule["InputParameters"] = json.dumps(rule["InputParameters"])
        backend = config_backends[account_id][region_name]
        backend.put_config_rule(rule)
        return cls(resource_name, backend.config_rules[resource_name].config_rule_arn)


cleaned = parsing.clean_json
parsed = Stack.parse_template
put = Role.put_policy


def clean_json(value: Any, resources: parsing.ResourceMap) -> Any:
    """The value with its functions resolved, and nothing in a list for what has no value."""
    if isinstance(value, list):
        items = (clean_json(item, resources) for item in value)
        return [item for item in items if item is not None]
    return cleaned(value, resources)


def parse_template(text: str) -> dict[str, Any]:
    """The template without its loops."""
    template = parsed(text)
    for name in [name for name in template["Resources"] if name.startswith("Fn::ForEach::")]:
        del template["Resources"][name]
    return template


def log_group_arn(self: LogGroup, _: str) -> str:
    """A log group's one attribute."""
    return f"{self.arn}:*"


def put_policy(self: Role, name: str, document: str | dict[str, Any]) -> None:
    """Gives a role a policy of its own."""
    put(self, name, document if isinstance(document, str) else json.dumps(document))


def correct() -> None:
    """Corrects moto in this process."""
    parsing.clean_json = clean_json
    Stack.parse_template = staticmethod(parse_template)
    LogGroup.get_cfn_attribute = log_group_arn
    Role.put_policy = put_policy
