"""The solver's verdicts on one account."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

import cvc5

from .formula import Builder, Term
from .record import Record, record
from .selector import Json
from .trail import Trail, Trails

COMPLIANT, NON_COMPLIANT, INDETERMINATE = "COMPLIANT", "NON_COMPLIANT", "INDETERMINATE"

MEMBERS = (
    "documented",
    "awsRegion",
    "userIdentity.invokedBy",
    "eventName",
    "eventSource",
    "eventType",
    "readOnly",
    "resources.ARN",
    "userIdentity.arn",
    "sessionCredentialFromConsole",
)
"""What a witness says of its record."""


class Undecided(Exception):
    """The solver does not know."""


@dataclass
class Cost:
    """What the solver was asked, and the processor time that it took."""

    queries: int = 0
    seconds: float = 0.0


@dataclass
class Account:
    """One account with one kind of record, as formulas."""

    builder: Builder
    record: Record
    trails: list[Trail]
    is_listed: bool
    cost: Cost = field(default_factory=Cost)
    known: dict[int, str] = field(default_factory=dict)

    @classmethod
    def new(cls, builder: Builder, asked: Json) -> "Account":
        """The formulas of a question about a snapshot."""
        snapshot = asked["snapshot"]
        of_scope = record(builder, snapshot.get("partition") or "aws", asked)
        observed = snapshot.get("trails")
        trails = Trails(builder, of_scope, asked)
        return cls(
            builder,
            of_scope,
            [trails.read(each) for each in observed or []],
            observed is not None
            and not any(
                failed["call"] in ("DescribeTrails", "ListTrails")
                for failed in snapshot.get("unreadable") or []
            ),
        )

    def verdict(self, mode: str) -> str:
        """The account's verdict in a mode, with no more queries than it needs."""
        if not self.is_listed:
            return INDETERMINATE
        if mode == "any":
            return self._first(COMPLIANT, otherwise=NON_COMPLIANT)
        if mode == "every":
            return self._first(NON_COMPLIANT, otherwise=COMPLIANT if self.trails else NON_COMPLIANT)
        if len(self.trails) == 1:
            return self._alone(0)
        # What one trail covers, all cover together.
        return COMPLIANT if COMPLIANT in self.known.values() else self._covers(self.trails)

    def _first(self, wanted: str, otherwise: str) -> str:
        """The wanted verdict, where a trail has it alone; the other one, where all have that."""
        alone = []
        for position in range(len(self.trails)):
            alone.append(self._alone(position))
            if alone[-1] == wanted:
                return wanted
        return INDETERMINATE if INDETERMINATE in alone else otherwise

    def _alone(self, position: int) -> str:
        if position not in self.known:
            self.known[position] = self._covers([self.trails[position]])
        return self.known[position]

    def refusal(self, asked: Json) -> str | None:
        """Why a record is no witness: against a trail of this ARN, or against all trails."""
        witness, trail = asked["record"], asked["trail"]
        missing = [member for member in MEMBERS if member not in witness]
        if missing:
            return f"it has no {missing[0]}"
        if witness["sessionCredentialFromConsole"] not in (None, "true"):
            return "sessionCredentialFromConsole is neither absent nor true"
        held = self._held_by(witness)
        record = self.record
        same_arn = self.builder.equal(record.arn, self.builder.text(witness["resources.ARN"]))
        read_only = self.builder.text(witness["readOnly"]) == record.fields["readOnly"].text
        if not (read_only and held(same_arn) and held(record.in_scope)):
            return "it is not of the scope"
        if trail is None:
            one_of = [self.trails]
        else:
            one_of = [[each] for each in self.trails if each.arn == trail]
        losing = [
            trails for trails in one_of if all(held(each.not_recorded) for each in trails)
        ]
        if not losing:
            return "it may be recorded"
        if witness["documented"] is not held(record.is_documented):
            return "documented is wrong"
        # Witnesses that AWS documents come first.
        if witness["documented"] or not asked["isFirst"]:
            return None
        for trails in losing:
            if self._is_possible(self.builder.all_of([record.is_documented, self._lost(trails)])):
                return "a documented record is lost"
        return None

    def _held_by(self, witness: Json) -> Callable[[Term], bool]:
        """Whether a condition holds of a record of which everything is known."""
        bucket, _, key = witness["resources.ARN"].split(":", 5)[5].partition("/")
        record, builder = self.record, self.builder
        values = {
            record.bucket: builder.text(bucket),
            record.key: builder.text(key),
            # A witness that names no Region is of one that no trail has as its home.
            record.region: builder.text(witness["awsRegion"] or "xx-other-1"),
        }
        for name in ("eventName", "eventSource", "eventType"):
            values[record.fields[name].text] = builder.text(witness[name])
        session = record.fields["sessionCredentialFromConsole"].present
        values[session] = builder.fact(witness["sessionCredentialFromConsole"] is not None)
        for name, value in (
            ("userIdentity.arn", record.fields["userIdentity.arn"]),
            ("userIdentity.invokedBy", record.invoked_by),
        ):
            values[value.present] = builder.fact(witness[name] is not None)
            values[value.text] = builder.text(witness[name] or "")
        solver = cvc5.Solver(builder.manager)

        def holds(condition: Term) -> bool:
            known = condition.substitute(list(values), list(values.values()))
            return bool(solver.simplify(known) == builder.true)

        return holds

    def _lost(self, trails: list[Trail]) -> Term:
        """What surely counts as logged by none of these trails."""
        return self.builder.negation(self.builder.any_of(each.verdict.may for each in trails))

    def _covers(self, trails: list[Trail]) -> str:
        must = self.builder.any_of(each.verdict.must for each in trails)
        may = self.builder.any_of(each.verdict.may for each in trails)
        if not self._is_possible(self.builder.negation(must)):
            return COMPLIANT
        if may != must and not self._is_possible(self._lost(trails)):
            return INDETERMINATE
        return NON_COMPLIANT

    def _is_possible(self, condition: Term) -> bool:
        """Whether some record of the scope meets a condition."""
        start = time.process_time()
        solver = cvc5.Solver(self.builder.manager)
        solver.setOption("strings-exp", "true")
        # Looks for short strings first, which is quicker here.
        solver.setOption("strings-fmf", "true")
        solver.setOption("tlimit-per", "60000")
        solver.setLogic("QF_SLIA")
        solver.assertFormula(self.record.in_scope)
        solver.assertFormula(condition)
        answer = solver.checkSat()
        self.cost.queries += 1
        self.cost.seconds += time.process_time() - start
        if answer.isUnknown():
            raise Undecided(str(answer))
        return bool(answer.isSat())
