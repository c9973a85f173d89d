"""Makes boto3 calls as a user would, one JSON line each in and out.

In: {"service": "cloudtrail", "region": "us-east-1", "method": "get_trail", "parameters": {…}}
Out: {"ok": {…}} or {"error": {"code": "…", "message": "…"}}

The endpoint and the keys come from the environment, as they do for a user.
"""

import json
import sys
from datetime import datetime
from functools import cache
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError


@cache
def client(service: str, region: str, validate: bool) -> Any:
    """A client; without validation where the server is to refuse a request itself."""
    config = Config(parameter_validation=validate, retries={"total_max_attempts": 1})
    return boto3.client(service, region_name=region, config=config)


def spelled(value: Any) -> Any:
    """Times as seconds since 1970, everything else unchanged."""
    if isinstance(value, datetime):
        return value.timestamp()
    raise TypeError(f"cannot write {value!r}")


def call(request: dict[str, Any]) -> dict[str, Any]:
    """One call and its outcome."""
    to = client(request["service"], request["region"], request.get("validate", True))
    try:
        answer = getattr(to, request["method"])(**request["parameters"])
    except ClientError as error:
        found = error.response["Error"]
        return {"error": {"code": found["Code"], "message": found["Message"]}}
    answer.pop("ResponseMetadata", None)
    return {"ok": answer}


def main() -> None:
    """Answers each line until there are no more."""
    for line in sys.stdin:
        print(json.dumps(call(json.loads(line)), default=spelled), flush=True)


if __name__ == "__main__":
    main()
