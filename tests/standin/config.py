"""AWS Config's calls for custom rules: putting evaluations, reading them back, aggregators."""

from typing import Any

from . import models
from .errors import ApiError
from .world import Caller, World

Input = dict[str, Any]


def put_evaluations(
    world: World, caller: Caller, given: Input, fail: bool | list[str] = False
) -> dict[str, Any]:
    """Stores evaluations for the rule that the token belongs to; in test mode stores nothing."""
    evaluations = given.get("Evaluations", [])
    for evaluation in evaluations:
        _check(evaluation)
    if given.get("TestMode"):
        return {"FailedEvaluations": []}
    of = world.tokens.get(given["ResultToken"])
    if of is None or (of["accountId"], of["region"]) != (caller.account_id, caller.region):
        raise ApiError("InvalidResultTokenException", "The specified ResultToken is not valid.")
    failed = [one for one in evaluations if fail is True or _id(one)[1] in (fail or [])]
    taken = [one for one in evaluations if one not in failed]
    for evaluation in taken:
        place = (of["rule"], of["accountId"], of["region"])
        stored, key = world.evaluations.setdefault(place, {}), _id(evaluation)
        if key not in stored or stored[key]["OrderingTimestamp"] <= evaluation["OrderingTimestamp"]:
            stored[key] = evaluation
    return {"FailedEvaluations": failed}


def get_compliance_details_by_config_rule(
    world: World, caller: Caller, given: Input
) -> dict[str, Any]:
    """What is stored for a rule of the caller's account and Region, in pages."""
    name = given["ConfigRuleName"]
    if not any(
        (rule["name"], rule["accountId"], rule["region"])
        == (name, caller.account_id, caller.region)
        for rule in world.rules
    ):
        raise ApiError(
            "NoSuchConfigRuleException",
            f"The ConfigRule '{name}' provided in the request is invalid.",
        )
    wanted = given.get("ComplianceTypes") or []
    stored = [
        evaluation
        for evaluation in world.evaluations.get(
            (name, caller.account_id, caller.region), {}
        ).values()
        if not wanted or evaluation["ComplianceType"] in wanted
    ]
    token = given.get("NextToken") or "0"
    if not token.isdigit():
        raise ApiError("InvalidNextTokenException", "The specified NextToken is not valid.")
    # AWS Config may give fewer than asked for.
    start, limit = int(token), min(given.get("Limit") or 10, world.page_size)
    answer: dict[str, Any] = {
        "EvaluationResults": [
            _result(name, evaluation) for evaluation in stored[start : start + limit]
        ]
    }
    if start + limit < len(stored):
        answer["NextToken"] = str(start + limit)
    return answer


def describe_aggregate_compliance_by_config_rules(
    world: World, caller: Caller, given: Input
) -> dict[str, Any]:
    """What an aggregator has of rules, in pages; where it is asked for, of one name alone."""
    rows = _aggregator(world, caller, given)["compliance"]
    name = given.get("Filters", {}).get("ConfigRuleName")
    rows = [row for row in rows if name in (None, row["ConfigRuleName"])]
    return _page(world, given, "AggregateComplianceByConfigRules", rows)


def describe_configuration_aggregator_sources_status(
    world: World, caller: Caller, given: Input
) -> dict[str, Any]:
    """How an aggregator's last updates from its sources went, in pages."""
    sources = _aggregator(world, caller, given)["sources"]
    return _page(world, given, "AggregatedSourceStatusList", sources)


def _aggregator(world: World, caller: Caller, given: Input) -> dict[str, Any]:
    found = world.aggregators.get(given["ConfigurationAggregatorName"])
    if found is None or (found["accountId"], found["region"]) != (
        caller.account_id,
        caller.region,
    ):
        raise ApiError(
            "NoSuchConfigurationAggregatorException",
            "The configuration aggregator does not exist.",
        )
    return found


def _page(world: World, given: Input, member: str, items: list[Any]) -> dict[str, Any]:
    token = given.get("NextToken") or "0"
    if not token.isdigit():
        raise ApiError("InvalidNextTokenException", "The specified NextToken is not valid.")
    start, size = int(token), world.page_size
    answer: dict[str, Any] = {member: items[start : start + size]}
    if start + size < len(items):
        answer["NextToken"] = str(start + size)
    return answer


def _id(evaluation: dict[str, Any]) -> tuple[str, str]:
    return evaluation["ComplianceResourceType"], evaluation["ComplianceResourceId"]


def _check(evaluation: dict[str, Any]) -> None:
    if evaluation["ComplianceType"] == "INSUFFICIENT_DATA":
        raise ApiError("InvalidParameterValueException", "INSUFFICIENT_DATA cannot be put.")
    kind = evaluation["ComplianceResourceType"]
    if kind != "AWS::::Account" and kind not in models.resource_types():
        raise ApiError(
            "InvalidParameterValueException",
            f"{kind} is not a resource type that AWS Config knows.",
        )


def _result(name: str, evaluation: dict[str, Any]) -> dict[str, Any]:
    result = {
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {
                "ConfigRuleName": name,
                "ResourceType": evaluation["ComplianceResourceType"],
                "ResourceId": evaluation["ComplianceResourceId"],
            },
            "OrderingTimestamp": evaluation["OrderingTimestamp"],
        },
        "ComplianceType": evaluation["ComplianceType"],
        "ResultRecordedTime": evaluation["OrderingTimestamp"],
        "ConfigRuleInvokedTime": evaluation["OrderingTimestamp"],
    }
    if "Annotation" in evaluation:
        result["Annotation"] = evaluation["Annotation"]
    return result
