"""The function's peer: the same calls and a plain decision, as a Python handler would make them.

It is what the function's start, memory and size are measured against, and it is
no rule: it believes that a selector without conditions is the only good one.
"""

import json
import os
from typing import Any

import boto3

OWN_REGION = os.environ["AWS_REGION"]
CLOUDTRAIL = boto3.client("cloudtrail", region_name=OWN_REGION)
CONFIG = boto3.client("config", region_name=OWN_REGION)
DATA_OF_S3 = {"eventCategory": ["Data"], "resources.type": ["AWS::S3::Object"]}


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Reads every trail, decides, and puts one evaluation of the account."""
    invoking = json.loads(event["invokingEvent"])
    verdicts = [logs_everything(trail) for trail in trails()]
    evaluation = {
        "ComplianceResourceType": "AWS::::Account",
        "ComplianceResourceId": event["accountId"],
        "ComplianceType": "COMPLIANT" if any(verdicts) else "NON_COMPLIANT",
        "Annotation": f"{sum(verdicts)} of {len(verdicts)} trails log all S3 write events",
        "OrderingTimestamp": invoking["notificationCreationTime"],
    }
    token = event["resultToken"]
    answer = CONFIG.put_evaluations(
        Evaluations=[evaluation], ResultToken=token, TestMode=token == "TESTMODE"
    )
    if answer.get("FailedEvaluations"):
        raise RuntimeError("AWS Config did not take the evaluation")
    return {"Evaluations": [evaluation]}


def trails() -> list[dict[str, Any]]:
    """The trails that are seen from here."""
    found: list[dict[str, Any]] = CLOUDTRAIL.describe_trails(includeShadowTrails=True)["trailList"]
    return found


def logs_everything(trail: dict[str, Any]) -> bool:
    """Whether a trail logs all S3 write events, as far as a short look tells."""
    home = trail["HomeRegion"]
    client = CLOUDTRAIL if home == OWN_REGION else boto3.client("cloudtrail", region_name=home)
    name = trail["TrailARN"]
    status = client.get_trail_status(Name=name)
    selectors = client.get_event_selectors(TrailName=name)
    if not (trail["IsMultiRegionTrail"] and status["IsLogging"]):
        return False
    return any(basic(selector) for selector in selectors.get("EventSelectors", [])) or any(
        advanced(selector) for selector in selectors.get("AdvancedEventSelectors", [])
    )


def basic(selector: dict[str, Any]) -> bool:
    """Whether a basic event selector has every bucket."""
    return selector["ReadWriteType"] != "ReadOnly" and any(
        resource["Type"] == "AWS::S3::Object" and "arn:aws:s3" in resource["Values"]
        for resource in selector.get("DataResources", [])
    )


def advanced(selector: dict[str, Any]) -> bool:
    """Whether an advanced event selector has S3 data events and no condition beside."""
    fields = {field["Field"]: field.get("Equals") for field in selector["FieldSelectors"]}
    return fields == DATA_OF_S3
