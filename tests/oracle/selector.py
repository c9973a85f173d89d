"""What selectors surely match (must) and what they do not surely drop (may)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from .formula import Builder, Term
from .record import Record

Json = dict[str, Any]

POSITIVE = ("Equals", "StartsWith", "EndsWith")
OPERATORS = POSITIVE + tuple(f"Not{operator}" for operator in POSITIVE)
REQUIRED = ("eventCategory", "resources.type")

BASIC_MEMBERS = (
    "ReadWriteType",
    "IncludeManagementEvents",
    "ExcludeManagementEventSources",
    "DataResources",
)


@dataclass(frozen=True)
class Sets:
    """Two sets of records, must within may."""

    must: Term
    may: Term


class Selectors:
    """Reads selectors as sets of records."""

    def __init__(self, builder: Builder, record: Record, partition: str) -> None:
        self._builder = builder
        self._record = record
        self._partition = partition

    def nothing(self) -> Sets:
        """No record."""
        return Sets(self._builder.false, self._builder.false)

    def everything(self) -> Sets:
        """Every record."""
        return Sets(self._builder.true, self._builder.true)

    def doubted(self, sets: Sets, doubt: bool) -> Sets:
        """The same, none of it sure, where there is a doubt."""
        return Sets(self._builder.false, sets.may) if doubt else sets

    def either(self, sets: Iterable[Sets]) -> Sets:
        """What any of them matches."""
        listed = list(sets)
        return Sets(
            self._builder.any_of(each.must for each in listed),
            self._builder.any_of(each.may for each in listed),
        )

    def both(self, sets: Iterable[Sets]) -> Sets:
        """What all of them match."""
        listed = list(sets)
        return Sets(
            self._builder.all_of(each.must for each in listed),
            self._builder.all_of(each.may for each in listed),
        )

    def exactly(self, term: Term) -> Sets:
        """These records and no others."""
        return Sets(term, term)

    # Basic selectors

    def basic(self, selector: Json) -> Sets:
        """An entry of `EventSelectors`."""
        read_only = self._record.fields["readOnly"].text
        kind = selector.get("ReadWriteType") or "All"
        if kind == "All":
            of_kind = self.everything()
        elif kind in ("ReadOnly", "WriteOnly"):
            wanted = self._builder.text("true" if kind == "ReadOnly" else "false")
            of_kind = self.exactly(self._builder.equal(read_only, wanted))
        else:
            of_kind = self.doubted(self.everything(), True)
        resources = self.either(
            self._data_resource(resource) for resource in selector.get("DataResources") or []
        )
        return self.doubted(self.both([of_kind, resources]), _has_more(selector, BASIC_MEMBERS))

    def _data_resource(self, resource: Json) -> Sets:
        if resource.get("Type") != "AWS::S3::Object":
            return self.nothing()
        values = self.either(self._object_value(value) for value in resource.get("Values") or [])
        return self.doubted(values, _has_more(resource, ("Type", "Values")))

    def _object_value(self, value: str) -> Sets:
        service = f"arn:{self._partition}:s3"
        if value in (service, f"{service}:::"):
            return self.everything()
        if value in (f"{service}:", f"{service}::"):
            return self.doubted(self.everything(), True)
        bucket, slash, _ = value.removeprefix(f"{service}:::").partition("/")
        if not value.startswith(f"{service}:::") or "*" in bucket:
            return self.nothing()
        known, star, _ = value.partition("*")
        starts = self._builder.starts(self._record.arn, self._builder.text(known))
        return self.doubted(self.exactly(starts), not slash or bool(star))

    # Advanced selectors

    def advanced(self, selector: Json) -> Sets:
        """An entry of `AdvancedEventSelectors`."""
        by_field: dict[str, list[Json]] = {field: [] for field in REQUIRED}
        for field_selector in selector.get("FieldSelectors") or []:
            by_field.setdefault(field_selector.get("Field") or "", []).append(field_selector)
        fields = self.both(self._field(field, given) for field, given in by_field.items())
        return self.doubted(fields, _has_more(selector, ("Name", "FieldSelectors")))

    def _field(self, field: str, given: list[Json]) -> Sets:
        if field not in self._record.fields:
            return self.doubted(self.everything(), True)
        compared = [self._field_selector(field, selector) for selector in given]
        sets = self.everything()
        if compared:
            sets = Sets(self.both(compared).must, self.either(compared).may)
        return self.doubted(sets, field in REQUIRED and not _is_one_value(given))

    def _field_selector(self, field: str, selector: Json) -> Sets:
        operators = {
            operator: values
            for operator, values in selector.items()
            if operator != "Field" and not (operator in OPERATORS and values is None)
        }
        known = all(operator in OPERATORS for operator in operators)
        if not operators or not known or not all(operators.values()):
            return self.doubted(self.everything(), True)
        value = self._record.fields[field]
        is_absent = self._absent(field, any(operator in POSITIVE for operator in operators))
        compared = self._compared(value.text, operators)
        builder = self._builder
        present_must = builder.all_of([value.present, compared])
        present_may = builder.all_of(
            [
                value.present,
                # An ARN prefix may also count as a field that is not there.
                builder.any_of(
                    [compared, builder.all_of([value.is_arn_prefix, is_absent.may])]
                ),
            ]
        )
        not_present = builder.negation(value.present)
        return Sets(
            builder.any_of([present_must, builder.all_of([not_present, is_absent.must])]),
            builder.any_of([present_may, builder.all_of([not_present, is_absent.may])]),
        )

    def _absent(self, field: str, has_positive: bool) -> Sets:
        """What a field selector does with records that lack the field."""
        if has_positive:
            return self.nothing()
        # Written only where it is true, so that its absence says that it is not.
        return self.doubted(self.everything(), field != "sessionCredentialFromConsole")

    def _compared(self, text: Term, operators: dict[str, list[str]]) -> Term:
        positive = [
            self._test(text, operator, pattern)
            for operator in POSITIVE
            for pattern in operators.get(operator, [])
        ]
        negative = [
            self._builder.negation(self._test(text, operator, pattern))
            for operator in POSITIVE
            for pattern in operators.get(f"Not{operator}", [])
        ]
        some = [self._builder.any_of(positive)] if positive else []
        return self._builder.all_of(some + negative)

    def _test(self, text: Term, operator: str, pattern: str) -> Term:
        wanted = self._builder.text(pattern)
        if operator == "Equals":
            return self._builder.equal(text, wanted)
        if operator == "StartsWith":
            return self._builder.starts(text, wanted)
        return self._builder.ends(text, wanted)


def _is_one_value(given: list[Json]) -> bool:
    """Whether a required field has exactly one Equals value and no other operator.

    An operator of AWS's that is null is not given.
    """
    if len(given) != 1:
        return False
    named = {
        name
        for name, values in given[0].items()
        if name != "Field" and not (name in OPERATORS and values is None)
    }
    return named == {"Equals"} and len(given[0]["Equals"]) == 1


def _has_more(selector: Json, members: tuple[str, ...]) -> bool:
    return any(member not in members for member in selector)
