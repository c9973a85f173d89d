"""Formulas over strings, in cvc5's terms, less its ceremony."""

from collections.abc import Iterable
from typing import Any

import cvc5
from cvc5 import Kind

Term = Any
"""A term of cvc5, which publishes no types."""


class Builder:
    """Makes terms."""

    def __init__(self) -> None:
        self.manager = cvc5.TermManager()
        self.true: Term = self.manager.mkTrue()
        self.false: Term = self.manager.mkFalse()

    def text(self, value: str) -> Term:
        """A string as its bytes in UTF-8, one character of the solver's for each.

        AWS limits keys by bytes. A string starts, ends or is equal to another one if its bytes do:
        no character's bytes stand within another's.
        """
        escaped = "".join(
            chr(byte) if 32 <= byte <= 126 and byte != 92 else f"\\u{{{byte:x}}}"
            for byte in value.encode("utf-8")
        )
        return self.manager.mkString(escaped, True)

    def unknown_text(self, name: str) -> Term:
        """A string that is to be found."""
        return self.manager.mkConst(self.manager.getStringSort(), name)

    def unknown_fact(self, name: str) -> Term:
        """A truth that is to be found."""
        return self.manager.mkConst(self.manager.getBooleanSort(), name)

    def fact(self, is_so: bool) -> Term:
        """A truth that is known."""
        return self.true if is_so else self.false

    def all_of(self, terms: Iterable[Term]) -> Term:
        """Every one."""
        return self._join(Kind.AND, list(terms), self.true)

    def any_of(self, terms: Iterable[Term]) -> Term:
        """At least one."""
        return self._join(Kind.OR, list(terms), self.false)

    def negation(self, term: Term) -> Term:
        """Not so."""
        return self.manager.mkTerm(Kind.NOT, term)

    def joined(self, *parts: Term) -> Term:
        """Strings after one another."""
        return self.manager.mkTerm(Kind.STRING_CONCAT, *parts)

    def equal(self, one: Term, other: Term) -> Term:
        """The same string."""
        return self.manager.mkTerm(Kind.EQUAL, one, other)

    def starts(self, string: Term, start: Term) -> Term:
        """The string starts so."""
        return self.manager.mkTerm(Kind.STRING_PREFIX, start, string)

    def ends(self, string: Term, end: Term) -> Term:
        """The string ends so."""
        return self.manager.mkTerm(Kind.STRING_SUFFIX, end, string)

    def consists_of(self, string: Term, ranges: Iterable[tuple[str, str]]) -> Term:
        """Every character of the string is in one of the ranges."""
        characters = [
            self.manager.mkTerm(Kind.REGEXP_RANGE, self.text(first), self.text(last))
            for first, last in ranges
        ]
        one = self.manager.mkTerm(Kind.REGEXP_UNION, *characters)
        some = self.manager.mkTerm(Kind.REGEXP_STAR, one)
        return self.manager.mkTerm(Kind.STRING_IN_REGEXP, string, some)

    def has_length(self, string: Term, shortest: int, longest: int) -> Term:
        """The string has a length in bytes within these, both included."""
        length = self.manager.mkTerm(Kind.STRING_LENGTH, string)
        least, most = self.manager.mkInteger(shortest), self.manager.mkInteger(longest)
        return self.all_of(
            [
                self.manager.mkTerm(Kind.GEQ, length, least),
                self.manager.mkTerm(Kind.LEQ, length, most),
            ]
        )

    def _join(self, kind: Kind, terms: list[Term], empty: Term) -> Term:
        if not terms:
            return empty
        return terms[0] if len(terms) == 1 else self.manager.mkTerm(kind, *terms)
