"""AWS Organizations' read calls: the accounts, the units that hold them, their tags."""

from typing import Any

from .errors import ApiError
from .world import Caller, World

Input = dict[str, Any]

# The most accounts, units and roots of a page.
# https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html
PAGE = 20


def list_accounts(world: World, caller: Caller, given: Input) -> dict[str, Any]:
    """Every account, in pages."""
    _manager(world, caller, "ListAccounts")
    return _page(world, given, "Accounts", [_shown(account) for account in _accounts(world)])


def list_accounts_for_parent(world: World, caller: Caller, given: Input) -> dict[str, Any]:
    """The accounts that are in a root or a unit itself, in pages."""
    _manager(world, caller, "ListAccountsForParent")
    parent = _known(world, given["ParentId"])
    inside = [_shown(account) for account in _accounts(world) if account["parent"] == parent]
    return _page(world, given, "Accounts", inside)


def list_organizational_units_for_parent(
    world: World, caller: Caller, given: Input
) -> dict[str, Any]:
    """The units that are in a root or a unit itself, in pages."""
    _manager(world, caller, "ListOrganizationalUnitsForParent")
    parent = _known(world, given["ParentId"])
    units = [{"Id": unit} for unit, above in _units(world).items() if above == parent]
    return _page(world, given, "OrganizationalUnits", units)


def list_tags_for_resource(world: World, caller: Caller, given: Input) -> dict[str, Any]:
    """An account's tags."""
    _manager(world, caller, "ListTagsForResource")
    for account in _accounts(world):
        if account["Id"] == given["ResourceId"]:
            tags = account.get("tags", {})
            return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
    raise ApiError("TargetNotFoundException", "You specified a target that doesn't exist.")


def describe_organization(world: World, _caller: Caller, _given: Input) -> dict[str, Any]:
    """What every account of the organization may ask for."""
    return {"Organization": {"MasterAccountId": _organization(world)["management"]}}


def _organization(world: World) -> dict[str, Any]:
    if world.organization is None:
        raise ApiError(
            "AWSOrganizationsNotInUseException",
            "Your account is not a member of an organization.",
        )
    return world.organization


def _manager(world: World, caller: Caller, call: str) -> None:
    """Lets pass the management account and delegated administrators alone."""
    organization = _organization(world)
    allowed = [organization["management"], *organization.get("administrators", [])]
    if caller.account_id not in allowed:
        raise ApiError(
            "AccessDeniedException",
            f"You don't have permissions to access this resource: organizations:{call}",
        )


def _accounts(world: World) -> list[dict[str, Any]]:
    root = {"parent": _root(world)}
    return [{**root, **account} for account in _organization(world)["accounts"]]


def _root(world: World) -> str:
    return str(_organization(world).get("root", "r-ab12"))


def _units(world: World) -> dict[str, str]:
    """Each unit with what it is in."""
    return dict(_organization(world).get("units", {}))


def _known(world: World, parent: str) -> str:
    if parent != _root(world) and parent not in _units(world):
        raise ApiError("ParentNotFoundException", "You specified a parent that doesn't exist.")
    return parent


def _shown(account: dict[str, Any]) -> dict[str, Any]:
    """What the service shows of an account: nothing of where it is, nor its tags."""
    return {name: value for name, value in account.items() if name not in ("parent", "tags")}


def _page(
    world: World, given: Input, member: str, items: list[dict[str, Any]]
) -> dict[str, Any]:
    token = given.get("NextToken") or "0"
    if not token.isdigit():
        raise ApiError("InvalidInputException", "The provided NextToken is not valid.")
    start, size = int(token), min(given.get("MaxResults") or PAGE, world.page_size)
    answer: dict[str, Any] = {member: items[start : start + size]}
    if start + size < len(items):
        answer["NextToken"] = str(start + size)
    return answer
