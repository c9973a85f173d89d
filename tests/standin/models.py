"""The service models that botocore publishes, looked up by what a request says."""

from functools import cache
from typing import Any

import botocore.session
from botocore.model import OperationModel, ServiceModel, Shape, StructureShape

from .errors import COMMON_ERRORS

SERVICES = ("cloudtrail", "config", "sts", "securityhub", "organizations")


@cache
def service(name: str) -> ServiceModel:
    """The model of one service."""
    return botocore.session.get_session().get_service_model(name)


@cache
def operation(service_name: str, operation_name: str) -> OperationModel:
    """The model of one operation; KeyError where the service has none of that name."""
    model = service(service_name)
    if operation_name not in model.operation_names:
        raise KeyError(operation_name)
    return model.operation_model(operation_name)


@cache
def operation_by_target(target: str) -> tuple[str, OperationModel]:
    """The service and operation that an `X-Amz-Target` header names.

    AWS takes the model's whole prefix, which boto3 sends, and its last part alone, the service's
    name in Smithy, which the newer SDKs send.
    """
    prefix, _, name = target.rpartition(".")
    for service_name in SERVICES:
        whole = service(service_name).metadata.get("targetPrefix", "")
        if prefix and prefix in (whole, whole.rpartition(".")[2]):
            return service_name, operation(service_name, name)
    raise KeyError(target)


@cache
def operation_by_path(method: str, path: str) -> tuple[str, OperationModel]:
    """The service and operation that a REST request's method and path name."""
    for service_name in SERVICES:
        model = service(service_name)
        if model.metadata["protocol"] == "rest-json":
            for name in model.operation_names:
                http = model.operation_model(name).http
                if (http["method"], http["requestUri"]) == (method, path):
                    return service_name, model.operation_model(name)
    raise KeyError(path)


def service_of_operation(operation_name: str) -> str:
    """The service that has an operation of this name; KeyError where none has."""
    for service_name in SERVICES:
        if operation_name in service(service_name).operation_names:
            return service_name
    raise KeyError(operation_name)


def error_codes(model: OperationModel) -> set[str]:
    """Every code that an operation may answer with."""
    return {shape.error_code for shape in model.error_shapes} | set(COMMON_ERRORS)


def members(shape: Shape | None) -> dict[str, Shape]:
    """A structure's members; none where an operation takes or gives nothing."""
    return dict(shape.members) if isinstance(shape, StructureShape) else {}


def resource_types() -> set[Any]:
    """The resource types that AWS Config knows."""
    return set(service("config").shape_for("ResourceType").enum)
