//! The regions of records that a trail's selectors take: the same meaning as in
//! [`matching`](crate::spec::matching), as sets.

use alloc::string::String;
use alloc::vec::Vec;

use crate::aws::catalogue;
use crate::aws::field::{Absence, CLOUDTRAIL_SERVICE, DATA, RecordField, S3_OBJECT, S3_SOURCE};
use crate::aws::selector::{
    AdvancedSelector, BasicSelector, Condition, FieldSelector, Operator, ReadWriteType, Selector,
};
use crate::sets::region::{Axis, ComparisonsByAxis, Region, Space};
use crate::sets::{Partition, StringSet};
use crate::spec::matching::{Match, ObjectValue};
use crate::spec::question::{BucketName, Deliveries, Question};
use crate::spec::scope::{DELIVERY_EVENT, bucket_arn_prefix};
use crate::spec::trail::{Reach, Trail};

/// How sure a region is to be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Its records are surely logged.
    Surely,
    /// Its records are not surely lost.
    Possibly,
}

impl Bound {
    const fn accepts(self, answer: Match) -> bool {
        match self {
            Self::Surely => matches!(answer, Match::Surely),
            Self::Possibly => !matches!(answer, Match::No),
        }
    }
}

/// What trails are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// The verdict: only multi-Region trails prove it. What a single-Region trail records in its own
    /// Region is no witness against the account.
    Verdict,
    /// What is recorded, by whichever trail.
    Recording,
}

/// A region that one selector of one trail takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelectedRegion {
    /// The trail's position.
    pub trail: usize,
    /// The selector's position in the trail's list; none where the selectors are not known.
    pub selector: Option<usize>,
    /// What it takes.
    pub region: Region,
}

impl SelectedRegion {
    /// The selector that takes it; none where the trail's selectors are not known.
    pub(crate) fn selector<'a>(&self, trails: &[Trail<'a>]) -> Option<&'a Selector> {
        trails.get(self.trail)?.selectors?.get(self.selector?)
    }
}

/// The axis of a field that varies.
const fn axis(field: RecordField) -> Axis {
    match Axis::of(field) {
        Some(axis) => axis,
        None => Axis::ARN,
    }
}

const SOURCE: Axis = axis(RecordField::EventSource);
const IDENTITY: Axis = axis(RecordField::UserIdentityArn);
const INVOKED_BY: Axis = axis(RecordField::InvokedBy);
const SESSION: Axis = axis(RecordField::SessionCredentialFromConsole);
const REGION: Axis = axis(RecordField::AwsRegion);

/// The starts of ARNs in buckets that may stay unlogged.
pub(crate) fn allowed_starts(question: &Question, partition: &str) -> Vec<String> {
    let start = |bucket: &BucketName| bucket_arn_prefix(partition, bucket.as_str());
    question.allow_unlogged.iter().map(start).collect()
}

/// Everything that the question and the trails compare records with.
#[must_use]
pub fn comparisons<'a>(
    allowed: &'a [String],
    question: &Question,
    trails: &'a [Trail<'a>],
) -> ComparisonsByAxis<'a> {
    let mut comparisons = ComparisonsByAxis::default();
    comparisons.on(Axis::ARN).add(Operator::StartsWith, allowed.iter().map(String::as_str));
    for trail in trails.iter().filter(|trail| trail.records != Match::No) {
        if trail.records_deliveries != Match::Surely {
            comparisons.on(Axis::NAME).add(Operator::Equals, [DELIVERY_EVENT]);
            comparisons.on(SOURCE).add(Operator::Equals, [S3_SOURCE]);
            comparisons.on(INVOKED_BY).add(Operator::Equals, [CLOUDTRAIL_SERVICE]);
        }
        if let Reach::HomeRegion(home) | Reach::Unknown(home) = trail.reach {
            comparisons.on(REGION).add(Operator::Equals, home);
        }
        for selector in trail.selectors.unwrap_or_default() {
            match selector {
                Selector::Basic(basic) => {
                    let values = basic.data_resources.iter().flat_map(|resource| &resource.values);
                    let starts = values
                        .filter_map(|value| ObjectValue::of(value, trail.partition).start())
                        .map(|(start, _)| start);
                    comparisons.on(Axis::ARN).add(Operator::StartsWith, starts);
                }
                Selector::Advanced(advanced) => add_advanced(advanced, &mut comparisons),
            }
        }
    }
    // Where nothing compares names, the ones that the scope leaves out make no difference.
    if !comparisons.on(Axis::NAME).is_empty() {
        comparisons.on(Axis::NAME).add_in_order(catalogue::confirmed(question.kind.other()));
    }
    comparisons
}

fn add_advanced<'a>(advanced: &'a AdvancedSelector, comparisons: &mut ComparisonsByAxis<'a>) {
    for axis in Axis::ALL {
        for condition in advanced.on(axis.field()).flat_map(|selector| &selector.conditions) {
            let values = condition.values.iter().map(String::as_str);
            comparisons.on(axis).add(condition.operator, values);
        }
    }
}

/// The records that must be logged, but for those that are [`out_of_scope`].
#[must_use]
pub fn scope(space: &Space<'_>, allowed: &[String], question: &Question) -> Region {
    let arn = space.on(Axis::ARN);
    let name = space.on(Axis::NAME);
    let mut scope = space.all();
    let mut leave_out = |axis, set: StringSet| {
        // A set that is the same for all is shared, and soon compared.
        if !set.is_empty() {
            scope.replace(axis, scope.on(axis).minus(&set));
        }
    };
    leave_out(Axis::ARN, arn.starting_with_any(allowed.iter().map(String::as_str)));
    let other_kind = catalogue::confirmed(question.kind.other());
    leave_out(Axis::NAME, name.equal_to_any_in_order(other_kind));
    scope
}

/// Records within the [`scope`] that need not be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutOfScope {
    /// CloudTrail's own deliveries of log files, where the question does not ask for them.
    Deliveries,
    /// Requests by CloudTrail itself that have an ARN of a caller or a session: there are none.
    NoSuchRecord,
}

/// The records within the scope that need not be logged.
///
/// Where nothing compares `userIdentity.invokedBy`, the records of CloudTrail itself fare like those
/// of others that lack the same fields, so there is nothing to leave out.
#[must_use]
pub fn out_of_scope(space: &Space<'_>, question: &Question) -> Vec<(OutOfScope, Region)> {
    let cloudtrail = space.on(INVOKED_BY).equal_to_any([CLOUDTRAIL_SERVICE]);
    if cloudtrail.is_empty() {
        return Vec::new();
    }
    let by_cloudtrail = space.all().with(INVOKED_BY, cloudtrail);
    let present = |axis: Axis| {
        let partition = space.on(axis);
        by_cloudtrail.with(axis, partition.all().minus(&partition.absent()))
    };
    let mut left_out = alloc::vec![
        (OutOfScope::NoSuchRecord, present(IDENTITY)),
        (OutOfScope::NoSuchRecord, present(SESSION)),
    ];
    if question.deliveries == Deliveries::Ignore {
        left_out.push((OutOfScope::Deliveries, deliveries(space)));
    }
    left_out
}

/// CloudTrail's own deliveries of log files.
fn deliveries(space: &Space<'_>) -> Region {
    space
        .all()
        .with(INVOKED_BY, space.on(INVOKED_BY).equal_to_any([CLOUDTRAIL_SERVICE]))
        .with(SOURCE, space.on(SOURCE).equal_to_any([S3_SOURCE]))
        .with(Axis::NAME, space.on(Axis::NAME).equal_to_any([DELIVERY_EVENT]))
}

/// What trails take, selector by selector: what they surely take, and what they do not surely drop.
#[derive(Debug, Default)]
pub struct Selected {
    /// What is surely logged.
    pub surely: Vec<SelectedRegion>,
    /// What is not surely lost. Where a selector leaves nothing in doubt, it is the same region.
    pub possibly: Vec<SelectedRegion>,
}

impl Selected {
    /// What trails take of the question's kind of records.
    #[must_use]
    pub fn by(
        space: &Space<'_>,
        question: &Question,
        trails: &[Trail<'_>],
        purpose: Purpose,
    ) -> Self {
        let mut selected = Self::default();
        for (position, trail) in trails.iter().enumerate() {
            let taken: Vec<(Option<usize>, Taken)> = match trail.selectors {
                Some(selectors) => {
                    let taken = selectors.iter().map(|selector| match selector {
                        Selector::Basic(basic) => basic_regions(space, question, trail, basic),
                        Selector::Advanced(advanced) => advanced_regions(space, question, advanced),
                    });
                    taken.enumerate().map(|(position, taken)| (Some(position), taken)).collect()
                }
                None if trail.may_have_selectors => {
                    alloc::vec![(None, Taken { surely: None, possibly: Some(space.all()) })]
                }
                None => Vec::new(),
            };
            for bound in [Bound::Surely, Bound::Possibly] {
                selected.add(space, (position, trail), bound, purpose, &taken);
            }
        }
        selected
    }

    /// Adds what a trail takes at one bound, as far as the trail reaches and lets it through.
    fn add(
        &mut self,
        space: &Space<'_>,
        (position, trail): (usize, &Trail<'_>),
        bound: Bound,
        purpose: Purpose,
        taken: &[(Option<usize>, Taken)],
    ) {
        let Some(reached) = reached(space, trail.reach, bound, purpose) else { return };
        if !bound.accepts(trail.records) {
            return;
        }
        let all = match bound {
            Bound::Surely => &mut self.surely,
            Bound::Possibly => &mut self.possibly,
        };
        for (selector, taken) in taken {
            let region = match bound {
                Bound::Surely => &taken.surely,
                Bound::Possibly => &taken.possibly,
            };
            let Some(region) = region else { continue };
            let region = match &reached {
                Some(regions) => region.with(REGION, regions.clone()),
                None => region.clone(),
            };
            let regions = let_through(space, trail, bound, region).into_iter();
            let regions = regions.filter(|region| !region.is_empty());
            all.extend(regions.map(|region| SelectedRegion {
                trail: position,
                selector: *selector,
                region,
            }));
        }
    }
}

/// The regions that one selector takes.
struct Taken {
    surely: Option<Region>,
    possibly: Option<Region>,
}

impl Taken {
    const NOTHING: Self = Self { surely: None, possibly: None };

    /// A region that is taken as surely as this; what is surely taken is possibly taken, too.
    fn new(answer: Match, surely: Region, possibly: Region) -> Self {
        match answer {
            Match::Surely => Self { surely: Some(surely), possibly: Some(possibly) },
            Match::Maybe => Self { surely: None, possibly: Some(possibly) },
            Match::No => Self::NOTHING,
        }
    }
}

/// The Regions of which a trail has events, the inner option for all of them; none where it has
/// none that matter.
fn reached(
    space: &Space<'_>,
    reach: Reach<'_>,
    bound: Bound,
    purpose: Purpose,
) -> Option<Option<StringSet>> {
    let home_only =
        |home: Option<&str>| home.map(|home| Some(space.on(REGION).equal_to_any([home])));
    match (reach, bound, purpose) {
        (Reach::EveryRegion, _, _) | (Reach::Unknown(_), Bound::Possibly, _) => Some(None),
        (_, Bound::Surely, Purpose::Verdict) => None,
        (Reach::HomeRegion(None), Bound::Possibly, Purpose::Recording) => Some(None),
        (Reach::HomeRegion(home) | Reach::Unknown(home), _, _) => home_only(home),
    }
}

/// What is left of a region without the deliveries that the trail leaves out.
fn let_through(space: &Space<'_>, trail: &Trail<'_>, bound: Bound, region: Region) -> Vec<Region> {
    if bound.accepts(trail.records_deliveries) {
        return alloc::vec![region];
    }
    let deliveries = deliveries(space);
    let without = |axis: Axis| region.with(axis, region.on(axis).minus(deliveries.on(axis)));
    [INVOKED_BY, SOURCE, Axis::NAME].map(without).into()
}

fn basic_regions(
    space: &Space<'_>,
    question: &Question,
    trail: &Trail<'_>,
    basic: &BasicSelector,
) -> Taken {
    let kind = match basic.read_write {
        ReadWriteType::All => Match::Surely,
        ReadWriteType::ReadOnly => Match::known(question.kind.read_only() == "true"),
        ReadWriteType::WriteOnly => Match::known(question.kind.read_only() == "false"),
        ReadWriteType::Unknown(_) => Match::Maybe,
    };
    let answer = kind.doubted(!basic.unknown_members.is_empty());
    if answer == Match::No {
        return Taken::NOTHING;
    }
    let arn = space.on(Axis::ARN);
    let (mut surely, mut possibly) = (arn.none(), arn.none());
    for resource in basic
        .data_resources
        .iter()
        .filter(|resource| resource.resource_type.as_deref() == Some(S3_OBJECT))
    {
        for value in &resource.values {
            let Some((start, answer)) = ObjectValue::of(value, trail.partition).start() else {
                continue;
            };
            let set = if start.is_empty() { arn.all() } else { arn.starting_with_any([start]) };
            if answer.doubted(!resource.unknown_members.is_empty()) == Match::Surely {
                surely = surely.or(&set);
            }
            possibly = possibly.or(&set);
        }
    }
    let surely = space.all().with(Axis::ARN, surely);
    let possibly = if *surely.on(Axis::ARN) == possibly {
        surely.clone()
    } else {
        surely.with(Axis::ARN, possibly)
    };
    Taken::new(answer, surely, possibly)
}

fn advanced_regions(space: &Space<'_>, question: &Question, advanced: &AdvancedSelector) -> Taken {
    let fixed = [
        (RecordField::EventCategory, DATA),
        (RecordField::ResourcesType, S3_OBJECT),
        (RecordField::ReadOnly, question.kind.read_only()),
    ];
    let fixed = fixed.into_iter().map(|(field, value)| advanced.matches_value(field, value)).min();
    let answer = fixed.unwrap_or(Match::Surely).doubted(advanced.has_unknown_condition());
    if answer == Match::No {
        return Taken::NOTHING;
    }
    let (mut surely, mut possibly) = (space.all(), space.all());
    for axis in Axis::ALL {
        let absence = axis.field().facts().absence;
        let sets = advanced
            .on(axis.field())
            .map(|selector| field_values(space.on(axis), selector, absence));
        // Whether a repeated field means "and" or "or" is not documented.
        let Some(values) = sets.reduce(Values::of_repeated_field) else { continue };
        surely.replace(axis, values.surely);
        match values.possibly {
            Some(set) => possibly.replace(axis, set),
            None => possibly.share(&surely, axis),
        }
    }
    Taken::new(answer, surely, possibly)
}

/// The values of a field that are surely taken, and those that are not surely dropped.
struct Values {
    surely: StringSet,
    /// `None` where they are the same.
    possibly: Option<StringSet>,
}

impl Values {
    const fn certain(set: StringSet) -> Self {
        Self { surely: set, possibly: None }
    }

    fn of_repeated_field(self, other: Self) -> Self {
        let possibly = |values: &Self| values.possibly.as_ref().unwrap_or(&values.surely).clone();
        Self {
            surely: self.surely.and(&other.surely),
            possibly: Some(possibly(&self).or(&possibly(&other))),
        }
    }
}

/// The values that one field selector takes.
fn field_values(partition: &Partition<'_>, selector: &FieldSelector, absence: Absence) -> Values {
    if !selector.is_well_formed() {
        return Values { surely: partition.none(), possibly: Some(partition.all()) };
    }
    let with_sign = |positive: bool| {
        selector
            .conditions
            .iter()
            .filter(move |condition: &&Condition| condition.operator.is_positive() == positive)
    };
    if selector.has_positive() {
        let selected = partition.meeting_any(with_sign(true));
        return Values::certain(match with_sign(false).next() {
            Some(_) => selected.minus(&partition.meeting_any(with_sign(false))),
            None => selected,
        });
    }
    let compared = partition.all().minus(&partition.meeting_any(with_sign(false)));
    match absence {
        Absence::Never => Values::certain(compared),
        Absence::IsNotTheValue => Values::certain(compared.or(&partition.absent())),
        // Whether a negative operator takes a record without the field is not documented.
        Absence::Ordinary | Absence::Undocumented { .. } => {
            let absent = partition.absent();
            Values {
                surely: compared.minus(&absent),
                possibly: Some(compared.or(&absent).or(&partition.keyless())),
            }
        }
    }
}
