"""One record of the scope, its fields still to be found."""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .formula import Builder, Term

EVENTS = Path(__file__).parents[2] / "crates" / "cis-rules" / "data" / "s3_events.csv"

READ_ONLY = {"write": "false", "read": "true"}

CLOUDTRAIL = "cloudtrail.amazonaws.com"

S3_OBJECT = "AWS::S3::Object"

LONGEST_KEY = 1024

DOCUMENTED_TYPES = ("AwsApiCall", "AwsServiceEvent")

DOCUMENTED_SOURCES = (
    "s3.amazonaws.com",
    "s3lifecycle.amazonaws.com",
    "s3-authn-errors.amazonaws.com",
)

BUCKET_CHARACTERS = (("A", "Z"), ("a", "z"), ("0", "9"), (".", "."), ("_", "_"), ("-", "-"))


@dataclass(frozen=True)
class Value:
    """A field of the record: its text, where it is present."""

    present: Term
    text: Term
    is_arn_prefix: Term


@dataclass(frozen=True)
class Record:
    """A record, and what makes it one of the scope.

    `fields` are those that a selector can name, by CloudTrail's names.
    """

    fields: dict[str, Value]
    invoked_by: Value
    region: Term
    arn: Term
    bucket: Term
    key: Term
    is_delivery: Term
    is_documented: Term
    in_scope: Term


def _events() -> list[dict[str, str]]:
    with EVENTS.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def confirmed_names(kind: str) -> list[str]:
    """The events of which it is confirmed that they are of this kind."""
    return sorted(
        {
            row["event_name"]
            for row in _events()
            if row["read_only"] == READ_ONLY[kind] and "FALLBACK" not in row["source"]
        }
    )


def object_events() -> list[str]:
    """The events on objects whose kind is known or presumed."""
    return sorted(
        {
            row["event_name"]
            for row in _events()
            if row["read_only"] in READ_ONLY.values()
            and S3_OBJECT in row["resource_types"].split(";")
        }
    )


def record(builder: Builder, partition: str, asked: dict[str, Any]) -> Record:
    """Any record of a question's scope."""
    bucket, key = builder.unknown_text("bucket"), builder.unknown_text("key")
    arn = builder.joined(
        builder.text(f"arn:{partition}:s3:::"), bucket, builder.text("/"), key
    )
    fields = _fields(builder, asked["kind"], Value(builder.true, arn, _is_text(builder, key, "")))
    invoked_by = _optional(builder, "userIdentity.invokedBy")
    by_cloudtrail = builder.all_of(
        [invoked_by.present, _is_text(builder, invoked_by.text, CLOUDTRAIL)]
    )
    is_delivery = builder.all_of(
        [
            by_cloudtrail,
            _is_text(builder, fields["eventSource"].text, "s3.amazonaws.com"),
            _is_text(builder, fields["eventName"].text, "PutObject"),
        ]
    )
    in_scope = builder.all_of(
        [
            builder.consists_of(bucket, BUCKET_CHARACTERS),
            builder.has_length(bucket, 3, 255),
            builder.has_length(key, 0, LONGEST_KEY),
            _is_none_of(builder, bucket, asked["allowUnlogged"]),
            _is_none_of(
                builder,
                fields["eventName"].text,
                confirmed_names("read" if asked["kind"] == "write" else "write"),
            ),
            # CloudTrail itself has no ARN and no console.
            builder.any_of(
                [
                    builder.negation(by_cloudtrail),
                    builder.all_of(
                        builder.negation(fields[name].present)
                        for name in ("userIdentity.arn", "sessionCredentialFromConsole")
                    ),
                ]
            ),
            builder.true if asked["deliveries"] == "require" else builder.negation(is_delivery),
        ]
    )
    return Record(
        fields=fields,
        invoked_by=invoked_by,
        region=builder.unknown_text("awsRegion"),
        arn=arn,
        bucket=bucket,
        key=key,
        is_delivery=is_delivery,
        is_documented=_is_documented(builder, fields),
        in_scope=in_scope,
    )


def _fields(builder: Builder, kind: str, arn: Value) -> dict[str, Value]:
    def always(text: Term) -> Value:
        return Value(builder.true, text, builder.false)

    return {
        "eventCategory": always(builder.text("Data")),
        "resources.type": always(builder.text(S3_OBJECT)),
        "readOnly": always(builder.text(READ_ONLY[kind])),
        "eventName": always(builder.unknown_text("eventName")),
        "eventSource": always(builder.unknown_text("eventSource")),
        "eventType": always(builder.unknown_text("eventType")),
        "resources.ARN": arn,
        "userIdentity.arn": _optional(builder, "userIdentity.arn"),
        "sessionCredentialFromConsole": Value(
            builder.unknown_fact("has sessionCredentialFromConsole"),
            builder.text("true"),
            builder.false,
        ),
    }


def _optional(builder: Builder, name: str) -> Value:
    return Value(builder.unknown_fact(f"has {name}"), builder.unknown_text(name), builder.false)


def _is_documented(builder: Builder, fields: dict[str, Value]) -> Term:
    """Whether AWS documents records of this type, from this source, of this name."""
    name = fields["eventName"].text
    names = [_is_text(builder, name, text) for text in object_events()]
    return builder.all_of(
        [
            builder.any_of(
                _is_text(builder, fields["eventType"].text, text) for text in DOCUMENTED_TYPES
            ),
            builder.any_of(
                _is_text(builder, fields["eventSource"].text, text) for text in DOCUMENTED_SOURCES
            ),
            builder.any_of([*names, builder.starts(name, builder.text("Authenticate"))]),
        ]
    )


def _is_text(builder: Builder, term: Term, text: str) -> Term:
    return builder.equal(term, builder.text(text))


def _is_none_of(builder: Builder, term: Term, texts: list[str]) -> Term:
    return builder.all_of(builder.negation(_is_text(builder, term, text)) for text in texts)
