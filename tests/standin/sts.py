"""The two STS calls: who am I, and become a role."""

import time
from typing import Any

from .errors import ApiError
from .world import Caller, World


def get_caller_identity(_world: World, caller: Caller, _given: dict[str, Any]) -> dict[str, Any]:
    """The caller."""
    return {"UserId": "testing", "Account": caller.account_id, "Arn": caller.arn}


def assume_role(world: World, caller: Caller, given: dict[str, Any]) -> dict[str, Any]:
    """Keys for a role of the world that trusts the caller; any other role is denied."""
    role = given["RoleArn"]
    if role not in world.roles or world.roles[role] not in (None, caller.account_id):
        message = (
            f"User: {caller.arn} is not authorized to perform: sts:AssumeRole on resource: {role}"
        )
        raise ApiError("AccessDenied", message)
    partition, account_id = role.split(":")[1], role.split(":")[4]
    name, session = role.rpartition("/")[2], given["RoleSessionName"]
    return {
        "Credentials": {
            "AccessKeyId": world.access_key(role),
            "SecretAccessKey": "testing",
            "SessionToken": "testing",
            "Expiration": int(time.time()) + given.get("DurationSeconds", 3600),
        },
        "AssumedRoleUser": {
            "AssumedRoleId": f"testing:{session}",
            "Arn": f"arn:{partition}:sts::{account_id}:assumed-role/{name}/{session}",
        },
    }
