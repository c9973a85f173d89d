"""Security Hub's import of findings.

Beyond the model's shapes it keeps the limits that the model's own documentation
gives ("Maximum length of 256"), for the shapes themselves have none.
https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from . import models
from .errors import ApiError
from .world import Caller, World

LARGEST_FINDING = 240 * 1000
LONGEST = re.compile(r"Maximum (?:length )?of (\d+)(?: length)?\.")
EXACT = re.compile(r"Length Constraints: (\d+)\.")
MOST_ITEMS = re.compile(r"Maximum number of (\d+) items")
PAIRS = re.compile(r"up to (\d+) key-value pairs.*key can contain up to (\d+) characters, "
                   r"and the value can contain up to (\d+) characters", re.DOTALL)
TIME = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d(:?\d\d)?)"
)


def batch_import_findings(world: World, caller: Caller, given: dict[str, Any]) -> dict[str, Any]:
    """Keeps findings of the caller's own account; a later one of the same Id takes the place."""
    if [caller.account_id, caller.region] not in world.hubs:
        message = f"Account {caller.account_id} is not subscribed to AWS Security Hub"
        raise ApiError("InvalidAccessException", message, 401)
    stored = world.findings.setdefault((caller.account_id, caller.region), {})
    failed = []
    for finding in given["Findings"]:
        wrong = list(_problems(world, caller, finding))
        if wrong:
            failed.append(
                {"Id": finding["Id"], "ErrorCode": "InvalidInput", "ErrorMessage": "; ".join(wrong)}
            )
            continue
        before = stored.get(finding["Id"])
        if before is None or before["UpdatedAt"] < finding["UpdatedAt"]:
            stored[finding["Id"]] = finding
    return {
        "FailedCount": len(failed),
        "SuccessCount": len(given["Findings"]) - len(failed),
        "FailedFindings": failed,
    }


def _problems(world: World, caller: Caller, finding: dict[str, Any]) -> Iterator[str]:
    account, region = caller.account_id, caller.region
    product = (
        f"arn:{world.partition(account)}:securityhub:{region}:{account}:product/{account}/default"
    )
    if finding["AwsAccountId"] != account:
        yield f"AwsAccountId: {finding['AwsAccountId']} is not the caller's account {account}"
    if finding["ProductArn"] != product:
        yield f"ProductArn: must be {product}"
    for name in ("CreatedAt", "UpdatedAt", "FirstObservedAt", "LastObservedAt"):
        if name in finding and not TIME.fullmatch(finding[name]):
            yield f"{name}: {finding[name]} is not a time"
    if len(json.dumps(finding)) > LARGEST_FINDING:
        yield "the finding is larger than 240 KB"
    shape = models.service("securityhub").shape_for("AwsSecurityFinding")
    yield from _beyond_limits(shape, finding, "")


def _beyond_limits(shape: Any, value: Any, at: str) -> Iterator[str]:
    """What the documentation of a shape's members forbids."""
    said = re.sub(r"<[^>]+>", " ", shape.documentation or "")
    said = re.sub(r"\s+", " ", said)
    if isinstance(value, str):
        longest, exact = LONGEST.search(said), EXACT.search(said)
        if longest and len(value) > int(longest[1]):
            yield f"{at}: is longer than {longest[1]} characters"
        if exact and len(value) != int(exact[1]):
            yield f"{at}: must have {exact[1]} characters"
    elif isinstance(value, list):
        most = MOST_ITEMS.search(said)
        if most and len(value) > int(most[1]):
            yield f"{at}: has more than {most[1]} items"
        for index, item in enumerate(value):
            yield from _beyond_limits(shape.member, item, f"{at}[{index}]")
    elif isinstance(value, dict) and shape.type_name == "map":
        pairs = PAIRS.search(said)
        if pairs and len(value) > int(pairs[1]):
            yield f"{at}: has more than {pairs[1]} pairs"
        for name, member in value.items():
            if pairs and (len(name) > int(pairs[2]) or len(member) > int(pairs[3])):
                yield f"{at}.{name}: is too long"
    elif isinstance(value, dict):
        for name, member in value.items():
            yield from _beyond_limits(shape.members[name], member, f"{at}.{name}")
