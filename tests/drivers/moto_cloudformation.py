"""What moto's CloudFormation does otherwise than AWS's, corrected.

* What is `AWS::NoValue` in a list is left out, instead of being null:
  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html
* A log group's `Arn` ends in `:*`:
  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-logs-loggroup.html
* `Ref` of a bus of EventBridge is its name:
  https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-events-eventbus.html
* A role's own policy is kept as text, as IAM's other calls do, and not as an object.
"""

import json
from typing import Any

from moto.cloudformation import parsing
from moto.events.models import EventBus
from moto.iam.models import Role
from moto.logs.models import LogGroup

cleaned = parsing.clean_json
put = Role.put_policy


def clean_json(value: Any, resources: parsing.ResourceMap) -> Any:
    """The value with its functions resolved, and nothing in a list for what has no value."""
    if isinstance(value, list):
        items = (clean_json(item, resources) for item in value)
        return [item for item in items if item is not None]
    return cleaned(value, resources)


def log_group_arn(self: LogGroup, _: str) -> str:
    """A log group's one attribute."""
    return f"{self.arn}:*"


def put_policy(self: Role, name: str, document: str | dict[str, Any]) -> None:
    """Gives a role a policy of its own."""
    put(self, name, document if isinstance(document, str) else json.dumps(document))


def correct() -> None:
    """Corrects moto in this process."""
    parsing.clean_json = clean_json
    EventBus.physical_resource_id = property(lambda self: self.name)  # type: ignore[attr-defined]
    LogGroup.get_cfn_attribute = log_group_arn
    Role.put_policy = put_policy
