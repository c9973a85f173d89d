"""What a trail surely logs, and what it does not surely lose."""

from .formula import Builder, Term
from .record import Record
from .selector import Json, Selectors, Sets


def trail_sets(builder: Builder, record: Record, account: Json, observed: Json) -> Sets:
    """The records that a trail of the account takes."""
    trail = observed["trail"]
    arn = (trail.get("TrailARN") or "").split(":")
    partition = arn[1] if len(arn) > 1 else account.get("partition") or "aws"
    selectors = Selectors(builder, record, partition)
    counts = [
        trail.get("IsMultiRegionTrail"),
        (observed.get("status") or {}).get("IsLogging"),
        _belongs(trail, arn, account),
    ]
    if False in counts:
        return selectors.nothing()
    taken = _suppressed(builder, record, partition, trail, _selected(selectors, trail, observed))
    return selectors.doubted(taken, None in counts)


def _belongs(trail: Json, arn: list[str], account: Json) -> bool | None:
    """Whether it is the account's own or the organization's; none where that is not known."""
    organization: bool | None = trail.get("IsOrganizationTrail")
    if len(arn) <= 4:
        return organization or None
    return True if arn[4] == account["accountId"] else organization


def _selected(selectors: Selectors, trail: Json, observed: Json) -> Sets:
    given = observed.get("eventSelectors")
    if given is None:
        is_default = trail.get("HasCustomEventSelectors") is False
        unknown = selectors.doubted(selectors.everything(), True)
        return selectors.nothing() if is_default else unknown
    basic = [selectors.basic(each) for each in given.get("EventSelectors") or []]
    advanced = [selectors.advanced(each) for each in given.get("AdvancedEventSelectors") or []]
    return selectors.either(basic + advanced)


def _suppressed(
    builder: Builder, record: Record, partition: str, trail: Json, sets: Sets
) -> Sets:
    """Less the deliveries into the trail's own bucket, where they are not logged."""
    if trail.get("RecursiveLogging") is not False:
        return sets
    delivery = builder.equal(record.fields["eventName"].text, builder.text("PutObject"))
    bucket = trail.get("S3BucketName")
    if bucket is None:
        # Any PutObject may be such a delivery.
        return Sets(_without(builder, sets.must, delivery), sets.may)
    own = builder.starts(record.arn, builder.text(f"arn:{partition}:s3:::{bucket}/"))
    lost = builder.all_of([delivery, own])
    return Sets(_without(builder, sets.must, lost), _without(builder, sets.may, lost))


def _without(builder: Builder, term: Term, lost: Term) -> Term:
    return builder.all_of([term, builder.negation(lost)])
