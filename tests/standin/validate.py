"""Validates a value against a shape of a service model.

Stricter than the client's own validation: unknown members, enumerations,
lengths, ranges and patterns all count. Timestamps are seconds since 1970.
"""

import base64
from collections.abc import Iterator
from typing import Any

import regex
from botocore.model import Shape


def problems(shape: Shape | None, value: Any, at: str = "") -> list[str]:
    """Everything about `value` that `shape` forbids, one sentence each."""
    if shape is None:
        return [] if value in (None, {}) else [f"{at or 'the input'}: no member is allowed"]
    return list(_walk(shape, value, at or shape.name))


def _walk(shape: Shape, value: Any, at: str) -> Iterator[str]:
    check = _CHECKS.get(shape.type_name)
    if check is None:
        yield f"{at}: the stand-in does not know the type {shape.type_name}"
    else:
        yield from check(shape, value, at)


def _structure(shape: Any, value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: must be a structure, not {value!r}"
        return
    for name in shape.required_members:
        if name not in value:
            yield f"{at}.{name}: is required"
    for name, member in value.items():
        if name in shape.members:
            yield from _walk(shape.members[name], member, f"{at}.{name}")
        else:
            yield f"{at}.{name}: is not a member of {shape.name}"


def _list(shape: Any, value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, list):
        yield f"{at}: must be a list, not {value!r}"
        return
    yield from _bounds(shape, len(value), at, "length")
    for index, item in enumerate(value):
        yield from _walk(shape.member, item, f"{at}[{index}]")


def _map(shape: Any, value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, dict):
        yield f"{at}: must be a map, not {value!r}"
        return
    for key, item in value.items():
        yield from _walk(shape.key, key, f"{at} key")
        yield from _walk(shape.value, item, f"{at}.{key}")


def _string(shape: Any, value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"{at}: must be a string, not {value!r}"
        return
    yield from _bounds(shape, len(value), at, "length")
    if shape.enum and value not in shape.enum:
        yield f"{at}: {value!r} must be one of {sorted(shape.enum)}"
    pattern = shape.metadata.get("pattern")
    if pattern and not regex.fullmatch(pattern, value):
        yield f"{at}: {value!r} must match {pattern}"


def _boolean(_shape: Any, value: Any, at: str) -> Iterator[str]:
    if not isinstance(value, bool):
        yield f"{at}: must be a boolean, not {value!r}"


def _integer(shape: Any, value: Any, at: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int):
        yield f"{at}: must be an integer, not {value!r}"
    else:
        yield from _bounds(shape, value, at, "value")


def _double(_shape: Any, value: Any, at: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield f"{at}: must be a number, not {value!r}"


def _timestamp(_shape: Any, value: Any, at: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield f"{at}: must be seconds since 1970, not {value!r}"


def _blob(_shape: Any, value: Any, at: str) -> Iterator[str]:
    try:
        base64.b64decode(value, validate=True)
    except (TypeError, ValueError):
        yield f"{at}: must be bytes in base64, not {value!r}"


def _bounds(shape: Any, size: int, at: str, what: str) -> Iterator[str]:
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    if least is not None and size < least:
        yield f"{at}: Member must have {what} greater than or equal to {least}"
    if most is not None and size > most:
        yield f"{at}: Member must have {what} less than or equal to {most}"


_CHECKS = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "boolean": _boolean,
    "integer": _integer,
    "long": _integer,
    "double": _double,
    "timestamp": _timestamp,
    "blob": _blob,
}
