"""CloudTrail's read calls.

Which trail a call sees where, from the API reference: DescribeTrails lists the
Region's own trails and, unless includeShadowTrails is false, the replicas of
multi-Region trails and the organization's trails; a name means a trail of the
caller's own account with its home in the Region; anything else needs an ARN.
"""

import re
import time
from typing import Any

from .errors import ApiError
from .world import Caller, World

Input = dict[str, Any]

ARN = re.compile(r"arn:[a-z0-9-]+:cloudtrail:[a-z0-9-]+:\d{12}:trail/[A-Za-z0-9._-]+")


def describe_trails(world: World, caller: Caller, given: Input) -> dict[str, Any]:
    """The trails that the Region shows, or those of them that are asked for."""
    shadows = given.get("includeShadowTrails", True)
    trails = [entry["trail"] for entry in _entries(world, caller, "DescribeTrails")]
    shown = [
        trail
        for trail in trails
        if _is_at_home(trail, caller) or (shadows and _reaches(trail, caller))
    ]
    asked = given.get("trailNameList") or []
    if asked:
        names = [_checked(name) for name in asked]
        shown = [
            trail
            for trail in trails
            if trail["TrailARN"] in names or (_is_at_home(trail, caller) and trail["Name"] in names)
        ]
    return {"trailList": shown}


def list_trails(world: World, caller: Caller, given: Input) -> dict[str, Any]:
    """The account's own trails over all Regions, in pages."""
    own = [
        {name: entry["trail"][name] for name in ("TrailARN", "Name", "HomeRegion")}
        for entry in _entries(world, caller, "ListTrails")
        if _is_own(entry["trail"], caller)
    ]
    start = int(given.get("NextToken") or 0)
    page = own[start : start + world.page_size]
    answer: dict[str, Any] = {"Trails": page}
    if start + world.page_size < len(own):
        answer["NextToken"] = str(start + world.page_size)
    return answer


def get_trail(world: World, caller: Caller, given: Input) -> dict[str, Any]:
    """One trail."""
    return {"Trail": _find(world, caller, given["Name"], "GetTrail")["trail"]}


def get_trail_status(world: World, caller: Caller, given: Input) -> dict[str, Any]:
    """One trail's status."""
    return _observed(
        _find(world, caller, given["Name"], "GetTrailStatus"), "status", "GetTrailStatus"
    )


def get_event_selectors(world: World, caller: Caller, given: Input) -> dict[str, Any]:
    """One trail's selectors, exactly as the world describes them."""
    entry = _find(world, caller, given["TrailName"], "GetEventSelectors")
    return _observed(entry, "eventSelectors", "GetEventSelectors")


def list_public_keys(world: World, caller: Caller, given: Input) -> dict[str, Any]:
    """The Region's keys whose validity meets the time that is asked for; in pages."""
    now = time.time()
    start, end = given.get("StartTime", now), given.get("EndTime", now)
    if start > end:
        raise ApiError("InvalidTimeRangeException", "StartTime is after EndTime.")
    keys = [
        {name: value for name, value in key.items() if name != "region"}
        for key in world.public_keys
        if key["region"] == caller.region
        and key["ValidityStartTime"] <= end
        and key["ValidityEndTime"] >= start
    ]
    first = int(given.get("NextToken") or 0)
    answer: dict[str, Any] = {"PublicKeyList": keys[first : first + world.page_size]}
    if first + world.page_size < len(keys):
        answer["NextToken"] = str(first + world.page_size)
    return answer


def _entries(world: World, caller: Caller, call: str) -> list[dict[str, Any]]:
    account = world.account(caller.account_id)
    if account.get("trails") is None:
        raise _denial(account, "DescribeTrails", call)
    return list(account["trails"])


def _find(world: World, caller: Caller, name: str, call: str) -> dict[str, Any]:
    checked = _checked(name)
    for entry in _entries(world, caller, call):
        trail = entry["trail"]
        if trail["TrailARN"] == checked:
            return entry
        if trail["Name"] == checked and _is_at_home(trail, caller):
            return entry
    raise ApiError(
        "TrailNotFoundException", f"Unknown trail: {name} for the user: {caller.account_id}"
    )


def _checked(name: str) -> str:
    if name.startswith("arn:"):
        if not ARN.fullmatch(name):
            raise ApiError("CloudTrailARNInvalidException", f"Invalid trail ARN: {name}")
    elif not 3 <= len(name) <= 128:
        raise ApiError(
            "InvalidTrailNameException", f"Trail name has {len(name)} characters, not 3 to 128."
        )
    return name


def _observed(entry: dict[str, Any], part: str, call: str) -> dict[str, Any]:
    value = entry.get(part)
    if value is None:
        raise _denial(entry, call, call)
    return dict(value)


def _denial(described: dict[str, Any], noted: str, call: str) -> ApiError:
    for note in described.get("unreadable") or []:
        if note["call"] == noted:
            return ApiError(
                note.get("code") or "AccessDeniedException", note.get("message") or "denied"
            )
    return ApiError("AccessDeniedException", f"not authorized to perform: cloudtrail:{call}")


def _is_at_home(trail: dict[str, Any], caller: Caller) -> bool:
    """Whether the Region's own trail of the caller's own account: not a replica of any kind."""
    return _is_own(trail, caller) and bool(trail["HomeRegion"] == caller.region)


def _reaches(trail: dict[str, Any], caller: Caller) -> bool:
    """Whether the Region has a replica: of a multi-Region trail, or of another account's trail."""
    return bool(trail.get("IsMultiRegionTrail")) or trail["HomeRegion"] == caller.region


def _is_own(trail: dict[str, Any], caller: Caller) -> bool:
    return str(trail["TrailARN"]).split(":")[4] == caller.account_id
