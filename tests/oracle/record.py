"""One record of the scope, its fields still to be found."""

import csv
from dataclasses import dataclass
from pathlib import Path

from .formula import Builder, Term

EVENTS = Path(__file__).parents[2] / "crates" / "cis-rules" / "data" / "s3_events.csv"

READ_ONLY = {"write": "false", "read": "true"}

BUCKET_CHARACTERS = (("A", "Z"), ("a", "z"), ("0", "9"), (".", "."), ("_", "_"), ("-", "-"))


@dataclass(frozen=True)
class Value:
    """A field of the record: its text, where it is present."""

    present: Term
    text: Term
    is_arn_prefix: Term


@dataclass(frozen=True)
class Record:
    """The record's fields by CloudTrail's names, and what makes a record one of the scope."""

    fields: dict[str, Value]
    arn: Term
    bucket: Term
    key: Term
    in_scope: Term


def confirmed_names(kind: str) -> list[str]:
    """The events of which it is confirmed that they are of this kind."""
    with EVENTS.open(encoding="utf-8", newline="") as file:
        return sorted(
            {
                row["event_name"]
                for row in csv.DictReader(file)
                if row["read_only"] == READ_ONLY[kind] and "FALLBACK" not in row["source"]
            }
        )


def record(builder: Builder, partition: str, kind: str, allowed: list[str]) -> Record:
    """Any record of a kind, in any bucket but those that are allowed to stay unlogged."""
    bucket, key = builder.unknown_text("bucket"), builder.unknown_text("key")
    arn = builder.joined(
        builder.text(f"arn:{partition}:s3:::"), bucket, builder.text("/"), key
    )
    name = builder.unknown_text("eventName")

    def always(text: Term) -> Value:
        return Value(builder.true, text, builder.false)

    fields = {
        "eventCategory": always(builder.text("Data")),
        "resources.type": always(builder.text("AWS::S3::Object")),
        "readOnly": always(builder.text(READ_ONLY[kind])),
        "eventName": always(name),
        "eventSource": always(builder.unknown_text("eventSource")),
        "eventType": always(builder.unknown_text("eventType")),
        "resources.ARN": Value(builder.true, arn, builder.equal(key, builder.text(""))),
        "userIdentity.arn": Value(
            builder.unknown_fact("has userIdentity.arn"),
            builder.unknown_text("userIdentity.arn"),
            builder.false,
        ),
        "sessionCredentialFromConsole": Value(
            builder.unknown_fact("has sessionCredentialFromConsole"),
            builder.text("true"),
            builder.false,
        ),
    }
    other_kind = confirmed_names("read" if kind == "write" else "write")
    in_scope = builder.all_of(
        [
            builder.consists_of(bucket, BUCKET_CHARACTERS),
            builder.has_length(bucket, 3, 255),
            *(builder.negation(builder.equal(bucket, builder.text(text))) for text in allowed),
            *(builder.negation(builder.equal(name, builder.text(text))) for text in other_kind),
        ]
    )
    return Record(fields, arn, bucket, key, in_scope)
