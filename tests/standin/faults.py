"""Faults on request: denial, throttling, server errors, evaluations that fail."""

from dataclasses import dataclass, field
from typing import Any

from . import models
from .errors import ApiError


@dataclass
class Fault:
    """What goes wrong, in which calls, and how many times (none: always)."""

    operation: str
    code: str | None = None
    message: str = "a fault of the test"
    status: int | None = None
    times: int | None = None
    fail_evaluations: bool | list[str] = False
    account_id: str | None = None
    input: dict[str, Any] = field(default_factory=dict)

    @staticmethod
    def from_json(description: dict[str, Any]) -> "Fault":
        """A fault; one that AWS could not answer with is refused."""
        known = {
            "operation",
            "code",
            "message",
            "status",
            "times",
            "failEvaluations",
            "accountId",
            "input",
        }
        unknown = set(description) - known
        if unknown:
            raise ValueError(f"unknown members of a fault: {sorted(unknown)}")
        fault = Fault(
            operation=description["operation"],
            code=description.get("code"),
            message=description.get("message", "a fault of the test"),
            status=description.get("status"),
            times=description.get("times"),
            fail_evaluations=description.get("failEvaluations", False),
            account_id=description.get("accountId"),
            input=description.get("input", {}),
        )
        model = models.operation(models.service_of_operation(fault.operation), fault.operation)
        if bool(fault.fail_evaluations) == (fault.code is not None):
            raise ValueError("a fault has either a code or failEvaluations")
        if fault.code is not None and fault.code not in models.error_codes(model):
            raise ValueError(f"{fault.operation} never answers {fault.code}")
        return fault

    def strikes(self, operation: str, account_id: str, given: dict[str, Any]) -> bool:
        """Whether the fault befalls this call; each strike uses up one of its times."""
        if self.operation != operation or self.times == 0:
            return False
        if self.account_id not in (None, account_id):
            return False
        if any(given.get(name) != value for name, value in self.input.items()):
            return False
        if self.times is not None:
            self.times -= 1
        return True


def strike(
    faults: list[Fault], operation: str, account_id: str, given: dict[str, Any]
) -> bool | list[str]:
    """Raises the first fault that befalls a call, or says which evaluations are to fail.

    That is all of them, or those of the resources with these ids.
    """
    for fault in faults:
        if fault.strikes(operation, account_id, given):
            if fault.fail_evaluations:
                return fault.fail_evaluations
            assert fault.code is not None
            raise ApiError(fault.code, fault.message, fault.status)
    return False
