"""Reading requests and writing answers in the three protocols that are needed.

CloudTrail and AWS Config speak JSON 1.1, STS speaks Query with XML answers,
Security Hub speaks JSON at paths of its own.
Between here and the operations, timestamps are seconds since 1970.
"""

import json
from datetime import datetime, timezone
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from botocore.model import OperationModel, Shape, StructureShape

from .errors import ApiError

JSON_TYPE = "application/x-amz-json-1.1"
REST_TYPE = "application/json"
FORM_TYPE = "application/x-www-form-urlencoded"
XML_TYPE = "text/xml"


def seconds(text: str) -> int | float:
    """An ISO 8601 time as seconds since 1970."""
    stamp = datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()
    return int(stamp) if stamp.is_integer() else stamp


def read_json(body: bytes) -> Any:
    """The input of a JSON request."""
    try:
        return json.loads(body or b"{}")
    except ValueError as error:
        raise ApiError("ValidationException", f"the body is not JSON: {error}") from error


def write_json(value: Any) -> bytes:
    """A JSON answer."""
    return json.dumps(value).encode()


def json_error(error: ApiError) -> bytes:
    """A JSON error answer."""
    return write_json({"__type": error.code, "message": error.message})


def rest_error(error: ApiError) -> bytes:
    """The body of a REST error answer; its code stands in a header as well."""
    return write_json({"Code": error.code, "Message": error.message})


def read_form(body: bytes) -> dict[str, str]:
    """The flat parameters of a Query request."""
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def read_query(shape: Shape | None, form: dict[str, str]) -> dict[str, Any]:
    """The input of a Query request, typed by its shape; unknown parameters are kept as text."""
    known = shape.members if isinstance(shape, StructureShape) else {}
    given = {name: value for name, value in form.items() if name not in ("Action", "Version")}
    return {name: _typed(known.get(name), value) for name, value in given.items()}


def _typed(shape: Shape | None, text: str) -> Any:
    if shape is not None and shape.type_name == "integer" and text.lstrip("-").isdigit():
        return int(text)
    return text


def write_query(model: OperationModel, value: dict[str, Any], request_id: str) -> bytes:
    """A Query answer in XML."""
    shape = model.output_shape
    wrapper = shape.serialization["resultWrapper"]
    namespace = model.service_model.metadata["xmlNamespace"]
    return (
        f'<{model.name}Response xmlns="{namespace}"><{wrapper}>{_inner(shape, value)}</{wrapper}>'
        f"<ResponseMetadata><RequestId>{request_id}</RequestId></ResponseMetadata>"
        f"</{model.name}Response>"
    ).encode()


def _inner(shape: Any, value: Any) -> str:
    if shape.type_name == "structure":
        return "".join(
            f"<{name}>{_inner(shape.members[name], member)}</{name}>"
            for name, member in value.items()
        )
    if shape.type_name == "timestamp":
        return datetime.fromtimestamp(value, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    return escape(str(value))


def query_error(error: ApiError, request_id: str) -> bytes:
    """A Query error answer in XML."""
    fault = "Receiver" if error.status >= 500 else "Sender"
    return (
        '<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>'
        f"<Type>{fault}</Type><Code>{escape(error.code)}</Code>"
        f"<Message>{escape(error.message)}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>"
    ).encode()


def with_seconds(shape: Any, value: Any) -> Any:
    """The value with times in ISO 8601 made seconds, and absent members left out."""
    if shape is None:
        return value
    if shape.type_name == "timestamp" and isinstance(value, str):
        return seconds(value)
    if shape.type_name == "structure" and isinstance(value, dict):
        return {
            name: with_seconds(shape.members.get(name), member)
            for name, member in value.items()
            if member is not None
        }
    if shape.type_name == "list" and isinstance(value, list):
        return [with_seconds(shape.member, item) for item in value]
    return value
