"""What a trail surely logs, and what it does not surely lose."""

from dataclasses import dataclass

from .formula import Builder, Term
from .record import Record
from .selector import Json, Selectors, Sets

ENABLED_BY_DEFAULT = (
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ca-central-1",
    "sa-east-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
)
"""The Regions of the partition aws that no account has to enable."""

WITHOUT_OPT_IN = ("aws-cn", "aws-us-gov")
"""Partitions without Regions that an account has to enable."""


@dataclass(frozen=True)
class Trail:
    """A trail: its ARN, what counts for the verdict, and what it surely does not record."""

    arn: str
    verdict: Sets
    not_recorded: Term


class Trails:
    """Reads the trails of an account."""

    def __init__(self, builder: Builder, record: Record, asked: Json) -> None:
        self._builder = builder
        self._record = record
        self._account: Json = asked["snapshot"]
        self._trusted: list[str] = asked["trustedLogBuckets"]
        self._require_delivery: bool = asked["requireDelivery"]

    def read(self, observed: Json) -> Trail:
        """The trail of an entry of `trails`."""
        trail = observed["trail"]
        arn = (trail.get("TrailARN") or "").split(":")
        account_partition = self._account.get("partition") or "aws"
        partition = arn[1] if len(arn) > 1 else account_partition
        home = trail.get("HomeRegion") or (arn[3] if len(arn) > 3 else None)
        selectors = Selectors(self._builder, self._record, partition)
        taken = self._without_deliveries(trail, _selected(selectors, trail, observed))
        counts = [
            self._is_logging(observed, partition, home),
            self._belongs(trail, arn),
            self._is_trusted(trail),
            self._is_delivered(observed),
        ]
        in_some_region = _as_known(selectors, taken, counts)
        is_multi_region: bool | None = trail.get("IsMultiRegionTrail")
        verdict = _as_known(selectors, in_some_region, [is_multi_region])
        if is_multi_region is False and home is not None:
            elsewhere = self._builder.negation(
                self._builder.equal(self._record.region, self._builder.text(home))
            )
            lost = self._builder.negation(in_some_region.may)
            not_recorded = self._builder.any_of([elsewhere, lost])
        else:
            not_recorded = self._builder.negation(verdict.may)
        return Trail(trail.get("TrailARN") or trail.get("Name") or "", verdict, not_recorded)

    def _is_logging(self, observed: Json, partition: str, home: str | None) -> bool | None:
        is_logging: bool | None = (observed.get("status") or {}).get("IsLogging")
        if not is_logging or not _is_read_through(observed):
            return is_logging
        # Another account's answer says nothing of an account that has not enabled the Region.
        return home in ENABLED_BY_DEFAULT or partition in WITHOUT_OPT_IN or None

    def _belongs(self, trail: Json, arn: list[str]) -> bool | None:
        """Whether it is the account's own or the organization's; none where that is not known."""
        organization: bool | None = trail.get("IsOrganizationTrail")
        if len(arn) <= 4:
            return organization or None
        return True if arn[4] == self._account["accountId"] else organization

    def _is_trusted(self, trail: Json) -> bool | None:
        bucket = trail.get("S3BucketName")
        if not self._trusted:
            return True
        return None if bucket is None else bucket in self._trusted

    def _is_delivered(self, observed: Json) -> bool:
        error = (observed.get("status") or {}).get("LatestDeliveryError")
        return not (self._require_delivery and error)

    def _without_deliveries(self, trail: Json, sets: Sets) -> Sets:
        """Less CloudTrail's own deliveries, into whatever bucket, where they are not logged."""
        recursive = trail.get("RecursiveLogging")
        if recursive is None or recursive is True:
            return sets
        other = self._builder.negation(self._record.is_delivery)
        must = self._builder.all_of([sets.must, other])
        # A plan may leave open whether they are.
        is_known = recursive is False
        return Sets(must, self._builder.all_of([sets.may, other]) if is_known else sets.may)


def _is_read_through(observed: Json) -> bool:
    """Whether the status is another account's answer."""
    through = observed.get("readThrough")
    calls = (through or {}).get("calls")
    # Where the calls are not told, any may have been made so.
    return through is not None and (not calls or "GetTrailStatus" in calls)


def _as_known(selectors: Selectors, sets: Sets, facts: list[bool | None]) -> Sets:
    """The sets where all facts hold; none of them sure where a fact is not known."""
    if False in facts:
        return selectors.nothing()
    return selectors.doubted(sets, None in facts)


def _selected(selectors: Selectors, trail: Json, observed: Json) -> Sets:
    given = observed.get("eventSelectors")
    if given is None:
        is_default = trail.get("HasCustomEventSelectors") is False
        unknown = selectors.doubted(selectors.everything(), True)
        return selectors.nothing() if is_default else unknown
    basic = [selectors.basic(each) for each in given.get("EventSelectors") or []]
    advanced = [selectors.advanced(each) for each in given.get("AdvancedEventSelectors") or []]
    return selectors.either(basic + advanced)
