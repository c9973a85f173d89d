"""What moto's CloudFormation needs to make the stacks of the templates.

* `AWS::Config::ConfigRule` becomes a rule of moto's AWS Config.
* Its errors are corrected, as in moto_cloudformation.py.
* `Fn::ForEach` is left out. The templates make nothing with it but a function's own
  permissions, which moto does not enforce.
"""

import json
from typing import Any

import moto_cloudformation
from moto.cloudformation.models import Stack
from moto.config.models import config_backends
from moto.core.common_models import CloudFormationModel


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


parsed = Stack.parse_template


def parse_template(text: str) -> dict[str, Any]:
    """The template without its loops."""
    template = parsed(text)
    for name in [name for name in template["Resources"] if name.startswith("Fn::ForEach::")]:
        del template["Resources"][name]
    return template


def correct() -> None:
    """Corrects moto in this process."""
    moto_cloudformation.correct()
    Stack.parse_template = staticmethod(parse_template)
