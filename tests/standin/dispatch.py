"""One call from request to answer: identify, validate, serve, validate again, log."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.model import OperationModel

from . import cloudtrail, config, models, organizations, securityhub, sts, wire
from .errors import ApiError, StandinBroken
from .faults import strike
from .validate import problems
from .world import World

OPERATIONS = {
    "DescribeTrails": cloudtrail.describe_trails,
    "ListTrails": cloudtrail.list_trails,
    "GetTrail": cloudtrail.get_trail,
    "GetTrailStatus": cloudtrail.get_trail_status,
    "GetEventSelectors": cloudtrail.get_event_selectors,
    "ListPublicKeys": cloudtrail.list_public_keys,
    "PutEvaluations": config.put_evaluations,
    "GetComplianceDetailsByConfigRule": config.get_compliance_details_by_config_rule,
    "DescribeAggregateComplianceByConfigRules": (
        config.describe_aggregate_compliance_by_config_rules
    ),
    "DescribeConfigurationAggregatorSourcesStatus": (
        config.describe_configuration_aggregator_sources_status
    ),
    "ListAccounts": organizations.list_accounts,
    "ListAccountsForParent": organizations.list_accounts_for_parent,
    "ListOrganizationalUnitsForParent": organizations.list_organizational_units_for_parent,
    "ListTagsForResource": organizations.list_tags_for_resource,
    "DescribeOrganization": organizations.describe_organization,
    "GetCallerIdentity": sts.get_caller_identity,
    "AssumeRole": sts.assume_role,
    "BatchImportFindings": securityhub.batch_import_findings,
}

SCOPE = re.compile(r"Credential=([^/]+)/\d{8}/([a-z0-9-]+)/([a-z0-9-]+)/aws4_request")


@dataclass
class Answer:
    """An HTTP answer."""

    status: int
    content_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


def answer(
    world: World, path: str, headers: Mapping[str, str], body: bytes, request_id: str
) -> Answer:
    """Answers one AWS request and logs the call. Headers are named in lower case."""
    call: dict[str, Any] = {"operation": None, "outcome": "OK"}
    world.calls.append(call)
    json_protocol = "x-amz-target" in headers
    try:
        value, model = _serve(world, path, headers, body, call)
    except ApiError as error:
        call["outcome"] = error.code
        if path != "/":
            kind = {"x-amzn-ErrorType": error.code}
            return Answer(error.status, wire.REST_TYPE, wire.rest_error(error), kind)
        if json_protocol:
            return Answer(error.status, wire.JSON_TYPE, wire.json_error(error))
        return Answer(error.status, wire.XML_TYPE, wire.query_error(error, request_id))
    except StandinBroken as error:
        call["outcome"] = "StandinBroken"
        call["problem"] = str(error)
        return Answer(500, "text/plain", str(error).encode())
    if path != "/":
        return Answer(200, wire.REST_TYPE, wire.write_json(value))
    if json_protocol:
        return Answer(200, wire.JSON_TYPE, wire.write_json(value))
    return Answer(200, wire.XML_TYPE, wire.write_query(model, value, request_id))


def _serve(
    world: World, path: str, headers: Mapping[str, str], body: bytes, call: dict[str, Any]
) -> tuple[dict[str, Any], OperationModel]:
    service, model, given = _request(path, headers, body)
    call.update(service=service, operation=model.name, input=given)
    access_key, region, signed_for = _signature(headers)
    call["region"] = region
    if signed_for != service:
        raise ApiError("ValidationException", f"signed for {signed_for}, sent to {service}")
    caller = world.who(access_key, region)
    call["accountId"] = caller.account_id
    wrong = problems(model.input_shape, given)
    if wrong:
        text = "; ".join(wrong)
        raise ApiError("ValidationException", f"{len(wrong)} validation error(s) detected: {text}")
    operation = OPERATIONS.get(model.name)
    if operation is None:
        raise StandinBroken(f"the stand-in does not serve {model.name}")
    failing = strike(world.faults, model.name, caller.account_id, given)
    extra = {"fail": failing} if failing else {}
    value = wire.with_seconds(model.output_shape, operation(world, caller, given, **extra))
    wrong = problems(model.output_shape, value)
    if wrong and model.name not in world.beyond_model:
        raise StandinBroken(f"the answer to {model.name} breaks the model: {'; '.join(wrong)}")
    if wrong:
        call["beyondModel"] = wrong
    return value, model


def _request(
    path: str, headers: Mapping[str, str], body: bytes
) -> tuple[str, OperationModel, dict[str, Any]]:
    if path != "/":
        if headers.get("content-type") != wire.REST_TYPE:
            raise ApiError("ValidationException", f"the content type must be {wire.REST_TYPE}")
        try:
            service, model = models.operation_by_path("POST", path)
        except KeyError as error:
            raise StandinBroken(f"no operation at {path}") from error
        return service, model, wire.read_json(body)
    target = headers.get("x-amz-target")
    if target is not None:
        if headers.get("content-type") != wire.JSON_TYPE:
            raise ApiError("ValidationException", f"the content type must be {wire.JSON_TYPE}")
        try:
            service, model = models.operation_by_target(target)
        except KeyError as error:
            raise StandinBroken(f"no operation {target}") from error
        return service, model, wire.read_json(body)
    form = wire.read_form(body)
    try:
        model = models.operation("sts", form.get("Action", ""))
    except KeyError as error:
        raise StandinBroken(f"neither a target nor an action of STS: {form}") from error
    return "sts", model, wire.read_query(model.input_shape, form)


def _signature(headers: Mapping[str, str]) -> tuple[str, str, str]:
    match = SCOPE.search(headers.get("authorization", ""))
    if match is None:
        raise ApiError("AccessDeniedException", "the request is not signed")
    return match[1], match[2], match[3]
