"""The world that the stand-in serves: accounts, rules, result tokens, roles and hubs.

An account is described as a snapshot: what its calls would answer. A call that
the snapshot did not observe is denied. A hub is an account and a Region in which
Security Hub is on. A public key is one of ListPublicKeys, with the `region` that has it.
An organization has a `management` account, `administrators`, `units` (each with what it
is in) and `accounts` as ListAccounts shows them, each with its `parent` and `tags`. An
aggregator has what its `compliance` and `sources` calls show, by its name.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from .errors import ApiError
from .faults import Fault

TESTING_KEY = "testing"


@dataclass
class Caller:
    """Who calls and where: taken from a request's signature."""

    account_id: str
    region: str
    arn: str


@dataclass
class World:
    """Everything a control call can set, and what callers have put."""

    caller: str = "123456789012"
    accounts: dict[str, dict[str, Any]] = field(default_factory=dict)
    rules: list[dict[str, str]] = field(default_factory=list)
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)
    roles: dict[str, str | None] = field(default_factory=dict)
    hubs: list[list[str]] = field(default_factory=list)
    public_keys: list[dict[str, Any]] = field(default_factory=list)
    organization: dict[str, Any] | None = None
    aggregators: dict[str, dict[str, Any]] = field(default_factory=dict)
    page_size: int = 100
    beyond_model: list[str] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    evaluations: dict[tuple[str, str, str], dict[tuple[str, str], dict[str, Any]]] = field(
        default_factory=dict
    )
    findings: dict[tuple[str, str], dict[str, dict[str, Any]]] = field(default_factory=dict)
    calls: list[dict[str, Any]] = field(default_factory=list)

    @staticmethod
    def from_json(description: dict[str, Any]) -> "World":
        """A fresh world; nothing of an earlier one is left."""
        known = {
            "caller",
            "accounts",
            "rules",
            "tokens",
            "roles",
            "hubs",
            "publicKeys",
            "organization",
            "aggregators",
            "pageSize",
            "beyondModel",
            "faults",
        }
        unknown = set(description) - known
        if unknown:
            raise ValueError(f"unknown members of a world: {sorted(unknown)}")
        accounts = description.get("accounts", [])
        world = World(
            caller=description.get(
                "caller", accounts[0]["accountId"] if accounts else "123456789012"
            ),
            accounts={account["accountId"]: account for account in accounts},
            rules=description.get("rules", []),
            tokens=description.get("tokens", {}),
            roles=dict(_role(role) for role in description.get("roles", [])),
            hubs=description.get("hubs", []),
            public_keys=description.get("publicKeys", []),
            organization=description.get("organization"),
            aggregators=description.get("aggregators", {}),
            page_size=description.get("pageSize", 100),
            beyond_model=description.get("beyondModel", []),
            faults=[Fault.from_json(fault) for fault in description.get("faults", [])],
        )
        names = {(rule["name"], rule["accountId"], rule["region"]) for rule in world.rules}
        for token, of in world.tokens.items():
            if (of["rule"], of["accountId"], of["region"]) not in names:
                raise ValueError(f"the token {token} belongs to no rule of this world")
        return world

    def account(self, account_id: str) -> dict[str, Any]:
        """An account's description."""
        if account_id not in self.accounts:
            raise ApiError(
                "UnrecognizedClientException",
                "The security token included in the request is invalid.",
            )
        return self.accounts[account_id]

    def partition(self, account_id: str) -> str:
        """An account's partition."""
        return str(self.accounts.get(account_id, {}).get("partition", "aws"))

    def who(self, access_key: str, region: str) -> Caller:
        """The caller that an access key belongs to: `testing`, or one that AssumeRole gave."""
        if access_key == TESTING_KEY:
            partition = self.partition(self.caller)
            return Caller(self.caller, region, f"arn:{partition}:iam::{self.caller}:user/testing")
        match = re.fullmatch(r"testing_(\d{12})_(\d+)", access_key)
        if match and int(match[2]) < len(self.roles):
            account_id, role = match[1], list(self.roles)[int(match[2])]
            name = role.rpartition("/")[2]
            partition = self.partition(account_id)
            return Caller(
                account_id, region, f"arn:{partition}:sts::{account_id}:assumed-role/{name}/testing"
            )
        raise ApiError(
            "UnrecognizedClientException", "The security token included in the request is invalid."
        )

    def access_key(self, role: str) -> str:
        """The access key of a role's session."""
        return f"testing_{role.split(':')[4]}_{list(self.roles).index(role)}"


def _role(description: str | dict[str, str]) -> tuple[str, str | None]:
    """A role's ARN, and the account that it trusts: all of them where it is an ARN alone."""
    if isinstance(description, str):
        return description, None
    return description["arn"], description["trusts"]
