"""What a stack's resources take of whoever makes the stack.

moto's CloudFormation makes resources without asking what its caller may. Here each
resource that is made takes the permissions that AWS publishes for its type, of the
caller, on the resource: infra/data/handlers.json has them, and which of them the
templates never need. It takes them only while moto enforces policies.
"""

import json
from pathlib import Path
from typing import Any

from flask import request
from moto.cloudformation import parsing
from moto.iam.access_control import IAMRequest

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = json.loads((ROOT / "infra/data/handlers.json").read_text(encoding="utf-8"))

# Who made the request that is being answered, and which one that is.
CALLER: dict[str, Any] = {}


def is_like(pattern: str, name: str) -> bool:
    """Whether a name is the one, or begins as it does before its `*`."""
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


def taken(kind: str) -> list[str]:
    """What making a resource of a type takes."""
    left = [it["permission"] for it in PUBLISHED["left_out"] if it["of"] in ("*", kind)]
    permissions = PUBLISHED["types"].get(kind, {}).get("create", [])
    return [it for it in permissions if not any(is_like(pattern, it) for pattern in left)]


def arn_of(made: Any) -> str | None:
    """The ARN of what moto made; None where moto gives it none."""
    for name in ("function_arn", "queue_arn", "dashboard_arn", "arn"):
        arn = getattr(made, name, None)
        if isinstance(arn, str) and arn.startswith("arn:"):
            return arn
    return None


def remember(permitted: Any) -> Any:
    """Lets the check of a request say who made it."""

    def check_action_permitted(self: IAMRequest, resource: str) -> None:
        permitted(self, resource)
        CALLER.update(who=self, of=request._get_current_object())

    return check_action_permitted


def asking(created: Any) -> Any:
    """Asks of the caller what a resource takes, once it is made and has a name."""

    def create(logical_id: str, of: Any, resources: Any, *rest: Any, **place: Any) -> Any:
        made = created(logical_id, of, resources, *rest, **place)
        who = CALLER.get("who") if CALLER.get("of") is request._get_current_object() else None
        if made is None or who is None:
            return made
        arn = arn_of(made)
        for action in taken(of["Type"]):
            on = arn
            if action.startswith("s3:"):
                on = f"arn:aws:s3:::{resources['CodeBucket']}/{resources['CodeKey']}"
            if action == "iam:PassRole":
                on = getattr(made, "role", None) or getattr(made, "roleArn", None)
            if on:
                who._action = action
                who.check_action_permitted(on)
        return made

    return create


def ask() -> None:
    """Asks callers in this process."""
    IAMRequest.check_action_permitted = remember(IAMRequest.check_action_permitted)
    parsing.parse_and_create_resource = asking(parsing.parse_and_create_resource)
