"""Starts moto's server with its IAM enforcement told what each call is on.

moto compares a policy's Resource with the resource of a call, but knows that
resource for IAM, STS and SQS alone. Every other call is on `*`, which no statement
about a trail takes. `ON` says it as the service authorization reference does:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html

Besides, a denial has the form of the service's other errors (moto has one XML for
all), organization trails are listed in every account, and the calls of AWS Config
that moto lacks are answered: nothing is stored, found or evaluated.

Enforcement begins with `POST /moto-api/reset-auth` of `0` and ends with `inf`.
Who makes a stack is asked for what its resources take: moto_callers.py.
moto does not look at the Condition of a role's own policy, nor at the trust
policy of a role in another account.

The line that is printed, and the end, are those of moto_corrected.py.
"""

import json
from typing import Any, Callable

import moto_callers
import moto_corrected
import moto_stacks
from moto.cloudformation.responses import CloudFormationResponse
from moto.cloudtrail.models import cloudtrail_backends
from moto.cloudtrail.responses import CloudTrailResponse
from moto.config.models import ConfigBackend
from moto.config.responses import ConfigResponse
from moto.core.exceptions import JsonRESTError
from moto.core.responses import BaseResponse
from moto.events.models import Rule
from moto.events.responses import EventsHandler
from moto.iam.access_control import IAMRequest
from moto.logs.responses import LogsResponse
from moto.securityhub.responses import SecurityHubResponse
from moto.sns.responses import SNSResponse
from moto.stepfunctions.responses import StepFunctionResponse
from werkzeug.exceptions import Forbidden
from xmltodict import unparse


def arn(call: BaseResponse, service: str, resource: str) -> str:
    """The ARN of the caller's own resource in the Region of the call."""
    return f"arn:{call.partition}:{service}:{call.region}:{call.current_account}:{resource}"


def trail(call: BaseResponse, asked: dict[str, Any]) -> str:
    """The trail that is asked about, by name or ARN."""
    [listed] = asked.get("ResourceIdList") or [None]
    name = listed or asked.get("TrailName") or asked["Name"]
    return name if name.startswith("arn:") else arn(call, "cloudtrail", f"trail/{name}")


def rule(call: ConfigResponse, asked: dict[str, Any]) -> str:
    """The rule whose results are asked for, or that is to be evaluated."""
    [name] = asked.get("ConfigRuleNames") or [asked["ConfigRuleName"]]
    known = call.config_backend.config_rules.get(name)
    # A member's rule of an organization is not made by a stack there.
    return known.config_rule_arn if known else arn(call, "config", f"config-rule/{name}")


def product(_: BaseResponse, asked: dict[str, Any]) -> str:
    """The product whose findings are imported."""
    [found] = {finding["ProductArn"] for finding in asked["Findings"]}
    return found


def log_stream(call: BaseResponse, asked: dict[str, Any]) -> str:
    """The stream that is made or written to. `:*` after its group's ARN takes it:
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/iam-access-control-overview-cwl.html
    """
    group, stream = asked["logGroupName"], asked["logStreamName"]
    return arn(call, "logs", f"log-group:{group}:log-stream:{stream}")


def bus(call: BaseResponse, asked: dict[str, Any]) -> str:
    """The bus that events are put on."""
    [name] = {entry["EventBusName"] for entry in asked["Entries"]}
    return arn(call, "events", f"event-bus/{name}")


def state_machine(_: BaseResponse, asked: dict[str, Any]) -> str:
    """The state machine that is started."""
    return asked["stateMachineArn"]


ON: dict[type[BaseResponse], tuple[set[str], Callable[[Any, dict[str, Any]], str]]] = {
    CloudTrailResponse: (
        {
            "GetTrailStatus",
            "GetEventSelectors",
            "ListTags",
            "PutEventSelectors",
            "StartLogging",
            "UpdateTrail",
            "CreateTrail",
        },
        trail,
    ),
    ConfigResponse: ({"GetComplianceDetailsByConfigRule", "StartConfigRulesEvaluation"}, rule),
    EventsHandler: ({"PutEvents"}, bus),
    LogsResponse: ({"CreateLogStream", "PutLogEvents"}, log_stream),
    SecurityHubResponse: ({"BatchImportFindings"}, product),
    StepFunctionResponse: ({"StartExecution"}, state_machine),
}


def determined(operations: set[str], on: Callable[[Any, dict[str, Any]], str]) -> Any:
    """moto's hook for the resource of a call: that of these operations, `*` of the others."""

    def _determine_resource(self: BaseResponse) -> str:
        return on(self, json.loads(self.body)) if self._get_action() in operations else "*"

    return _determine_resource


def topic(self: SNSResponse) -> str:
    """moto's hook for the resource of a call: the topic that is published to."""
    return self._get_param("TopicArn") if self._get_action() == "Publish" else "*"


def stack(self: CloudFormationResponse) -> str:
    """moto's hook for the resource of a call: the stack, which all calls but a few name."""
    name = self._get_param("StackName")
    return arn(self, "cloudformation", f"stack/{name}/an-id") if name else "*"


described = CloudTrailResponse.describe_trails


def describe_trails(self: CloudTrailResponse) -> str:
    """The account's trails, and those of other accounts that are an organization's."""
    answer = json.loads(described(self))
    for account, regions in cloudtrail_backends.items():
        trails = (trail for backend in regions.values() for trail in backend.trails.values())
        if account != self.current_account:
            shadows = (trail for trail in trails if trail.is_org_trail)
            answer["trailList"] += (trail.description(include_region=True) for trail in shadows)
    return json.dumps(answer)


def denied(self: IAMRequest) -> None:
    """The denial as the service tells it."""
    who = self._access_key.arn
    message = f"User: {who} is not authorized to perform: {self._action}"
    # The services whose protocol is XML.
    if self._service in {"cloudformation", "iam", "sns", "sts"}:
        error = {"Type": "Sender", "Code": "AccessDenied", "Message": message}
        raise Forbidden(unparse({"ErrorResponse": {"Error": error}}))
    raise JsonRESTError("AccessDeniedException", message)


put = ConfigBackend.put_evaluations


def put_evaluations(
    self: ConfigBackend,
    evaluations: list[dict[str, Any]] | None = None,
    result_token: str | None = None,
    test_mode: bool | None = False,
) -> dict[str, Any]:
    """PutEvaluations, always as in test mode: nothing is stored."""
    return put(self, evaluations, result_token, test_mode=True)


def not_delivered(_: Rule, __: dict[str, Any]) -> None:
    """What becomes of an event that was put is not the role's business, and moto knows few targets."""


def no_results(_: ConfigResponse) -> str:
    """GetComplianceDetailsByConfigRule: moto stores no results."""
    return json.dumps({"EvaluationResults": []})


def started(_: ConfigResponse) -> str:
    """StartConfigRulesEvaluation: moto evaluates nothing."""
    return json.dumps({})


if __name__ == "__main__":
    for responses, (operations, on) in ON.items():
        responses._determine_resource = determined(operations, on)
    SNSResponse._determine_resource = topic
    CloudFormationResponse._determine_resource = stack
    Rule.send_to_targets = not_delivered
    CloudTrailResponse.describe_trails = describe_trails
    ConfigBackend.put_evaluations = put_evaluations
    ConfigResponse.get_compliance_details_by_config_rule = no_results
    ConfigResponse.start_config_rules_evaluation = started
    IAMRequest._raise_access_denied = denied
    moto_callers.ask()
    moto_stacks.correct()
    moto_corrected.main()
