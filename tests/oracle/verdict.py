"""The solver's verdicts on one account."""

import time
from dataclasses import dataclass, field

import cvc5

from .formula import Builder, Term
from .record import Record, record
from .selector import Json, Selectors, Sets
from .trail import trail_sets

COMPLIANT, NON_COMPLIANT, INDETERMINATE = "COMPLIANT", "NON_COMPLIANT", "INDETERMINATE"


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
    trails: list[tuple[str, Sets]]
    together: Sets
    is_listed: bool
    cost: Cost = field(default_factory=Cost)
    known: dict[int, str] = field(default_factory=dict)

    @classmethod
    def new(cls, builder: Builder, asked: Json) -> "Account":
        """The formulas of a question about a snapshot."""
        snapshot = asked["snapshot"]
        partition = snapshot.get("partition") or "aws"
        of_scope = record(builder, partition, asked["kind"], asked["allowUnlogged"])
        observed = snapshot.get("trails")
        trails = [
            (
                each["trail"].get("TrailARN") or each["trail"].get("Name") or "",
                trail_sets(builder, of_scope, snapshot, each),
            )
            for each in observed or []
        ]
        selectors = Selectors(builder, of_scope, partition)
        return cls(
            builder,
            of_scope,
            trails,
            selectors.either(sets for _, sets in trails),
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
        return COMPLIANT if COMPLIANT in self.known.values() else self._covers(self.together)

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
            self.known[position] = self._covers(self.trails[position][1])
        return self.known[position]

    def is_lost(self, witness: Json, trail: str | None) -> bool:
        """Whether a record is of the scope and surely lost: by a trail of this ARN, or by all."""
        if trail is None:
            return self._loses(witness, self.together)
        return any(self._loses(witness, sets) for arn, sets in self.trails if arn == trail)

    def _loses(self, witness: Json, sets: Sets) -> bool:
        bucket, _, key = witness["resources.ARN"].split(":", 5)[5].partition("/")
        fields = self.record.fields
        builder = self.builder
        values = {
            self.record.bucket: builder.text(bucket),
            self.record.key: builder.text(key),
        }
        for name in ("eventName", "eventSource", "eventType"):
            values[fields[name].text] = builder.text(witness[name])
        for name in ("userIdentity.arn", "sessionCredentialFromConsole"):
            value = witness[name]
            values[fields[name].present] = builder.false if value is None else builder.true
            if name == "userIdentity.arn":
                values[fields[name].text] = builder.text(value or "")
        console = witness["sessionCredentialFromConsole"] in (None, "true")
        read_only = builder.text(witness["readOnly"]) == fields["readOnly"].text
        lost = builder.all_of([self.record.in_scope, builder.negation(sets.may)])
        held = lost.substitute(list(values), list(values.values()))
        written = self.record.arn.substitute(list(values), list(values.values()))
        same_arn = builder.equal(written, builder.text(witness["resources.ARN"]))
        solver = cvc5.Solver(builder.manager)
        return (
            console
            and read_only
            and solver.simplify(builder.all_of([held, same_arn])) == builder.true
        )

    def _covers(self, sets: Sets) -> str:
        if not self._is_possible(self.builder.negation(sets.must)):
            return COMPLIANT
        if sets.may != sets.must and not self._is_possible(self.builder.negation(sets.may)):
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
