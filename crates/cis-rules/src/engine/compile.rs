//! The regions of records that a trail's selectors take: the same meaning as `matching`, as sets.

use alloc::string::String;
use alloc::vec::Vec;

use crate::aws::catalogue;
use crate::aws::selector::{
    AdvancedSelector, BasicSelector, Condition, Field, FieldSelector, Operator, ReadWriteType,
    Selector,
};
use crate::sets::region::{Axis, Region, Space, Vocabulary};
use crate::sets::{Partition, StringSet};
use crate::spec::matching::{DATA, Match, ObjectValue, S3_OBJECT};
use crate::spec::question::Question;
use crate::spec::scope::bucket_arn_prefix;
use crate::spec::trail::{DELIVERY_EVENT, Suppressed, Trail};

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

/// The texts that a question and the trails are made of, kept for the space that borrows them.
#[derive(Clone, Debug)]
pub struct Texts {
    allowed: Vec<String>,
}

impl Texts {
    /// The texts of a question in a partition.
    #[must_use]
    pub fn new(question: &Question, partition: &str) -> Self {
        let prefix = |bucket: &crate::spec::question::BucketName| {
            bucket_arn_prefix(partition, bucket.as_str())
        };
        Self { allowed: question.allow_unlogged.iter().map(prefix).collect() }
    }
}

/// Everything that the question and the trails compare records with.
#[must_use]
pub fn vocabulary<'a>(
    texts: &'a Texts,
    question: &Question,
    trails: &'a [Trail<'a>],
) -> Vocabulary<'a> {
    let mut vocabulary = Vocabulary::default();
    vocabulary.on(Axis::Arn).add(Operator::StartsWith, texts.allowed.iter().map(String::as_str));
    for trail in trails.iter().filter(|trail| trail.counts != Match::No) {
        if trail.suppressed != Suppressed::Nothing {
            vocabulary.on(Axis::Name).add(Operator::Equals, [DELIVERY_EVENT]);
        }
        if let Suppressed::DeliveriesInto(prefix) = &trail.suppressed {
            vocabulary.on(Axis::Arn).add(Operator::StartsWith, [prefix.as_str()]);
        }
        for selector in trail.selectors.unwrap_or_default() {
            match selector {
                Selector::Basic(basic) => {
                    let values = basic.data_resources.iter().flat_map(|resource| &resource.values);
                    vocabulary.on(Axis::Arn).add(Operator::StartsWith, values.map(String::as_str));
                }
                Selector::Advanced(advanced) => add_advanced(advanced, &mut vocabulary),
            }
        }
    }
    // Where nothing compares names, the ones that the scope leaves out make no difference.
    if !vocabulary.on(Axis::Name).is_empty() {
        let other_kind =
            catalogue::confirmed(question.kind.other()).map(|name| -> &'a str { name });
        vocabulary.on(Axis::Name).add(Operator::Equals, other_kind);
    }
    vocabulary
}

fn add_advanced<'a>(advanced: &'a AdvancedSelector, vocabulary: &mut Vocabulary<'a>) {
    for field_selector in &advanced.field_selectors {
        if let Some(axis) = Axis::ALL.into_iter().find(|axis| axis.field() == field_selector.field)
        {
            for condition in &field_selector.conditions {
                vocabulary
                    .on(axis)
                    .add(condition.operator, condition.values.iter().map(String::as_str));
            }
        }
    }
}

/// The records that must be logged.
#[must_use]
pub fn scope(space: &Space<'_>, texts: &Texts, question: &Question) -> Region {
    let arn = space.on(Axis::Arn);
    let name = space.on(Axis::Name);
    let allowed = arn.starting_with_any(texts.allowed.iter().map(String::as_str));
    let other_kind = name.equal_to_any(catalogue::confirmed(question.kind.other()));
    space
        .all()
        .with(Axis::Arn, arn.all().minus(&allowed))
        .with(Axis::Name, name.all().minus(&other_kind))
}

/// The regions that a trail takes of the question's kind of records.
#[must_use]
pub fn pieces(
    space: &Space<'_>,
    question: &Question,
    trail: &Trail<'_>,
    position: usize,
    bound: Bound,
) -> Vec<SelectedRegion> {
    if !bound.accepts(trail.counts) {
        return Vec::new();
    }
    let Some(selectors) = trail.selectors else {
        let unknown = SelectedRegion { trail: position, selector: None, region: space.all() };
        return if trail.may_have_selectors && bound == Bound::Possibly {
            let_through(space, trail, bound, unknown)
        } else {
            Vec::new()
        };
    };
    let taken = selectors.iter().enumerate().filter_map(|(selector, taker)| {
        let region = match taker {
            Selector::Basic(basic) => basic_region(space, question, trail, basic, bound),
            Selector::Advanced(advanced) => advanced_region(space, question, advanced, bound),
        }?;
        Some(SelectedRegion { trail: position, selector: Some(selector), region })
    });
    taken
        .flat_map(|piece| let_through(space, trail, bound, piece))
        .filter(|piece| !piece.region.is_empty())
        .collect()
}

/// What is left of a piece when the trail's suppressed deliveries are taken out.
fn let_through(
    space: &Space<'_>,
    trail: &Trail<'_>,
    bound: Bound,
    piece: SelectedRegion,
) -> Vec<SelectedRegion> {
    let with =
        |axis, set: StringSet| SelectedRegion { region: piece.region.with(axis, set), ..piece };
    let others = || {
        let delivery = space.on(Axis::Name).equal_to_any([DELIVERY_EVENT]);
        with(Axis::Name, piece.region.on(Axis::Name).minus(&delivery))
    };
    match (&trail.suppressed, bound) {
        (Suppressed::Nothing, _) | (Suppressed::DeliveriesSomewhere, Bound::Possibly) => {
            alloc::vec![piece]
        }
        (Suppressed::DeliveriesSomewhere, Bound::Surely) => alloc::vec![others()],
        (Suppressed::DeliveriesInto(prefix), _) => {
            let bucket = space.on(Axis::Arn).starting_with_any([prefix.as_str()]);
            let elsewhere = piece.region.on(Axis::Arn).minus(&bucket);
            alloc::vec![others(), with(Axis::Arn, elsewhere)]
        }
    }
}

fn basic_region(
    space: &Space<'_>,
    question: &Question,
    trail: &Trail<'_>,
    basic: &BasicSelector,
    bound: Bound,
) -> Option<Region> {
    let kind = match basic.read_write {
        ReadWriteType::All => Match::Surely,
        ReadWriteType::ReadOnly => Match::known(question.kind.read_only() == "true"),
        ReadWriteType::WriteOnly => Match::known(question.kind.read_only() == "false"),
        ReadWriteType::Unknown(_) => Match::Maybe,
    };
    if !bound.accepts(kind.doubted(!basic.unknown_members.is_empty())) {
        return None;
    }
    let arn = space.on(Axis::Arn);
    let mut taken = arn.none();
    for resource in basic
        .data_resources
        .iter()
        .filter(|resource| resource.resource_type.as_deref() == Some(S3_OBJECT))
    {
        for value in &resource.values {
            let (answer, set) = match ObjectValue::of(value, trail.partition) {
                ObjectValue::All => (Match::Surely, arn.all()),
                ObjectValue::Prefix => (Match::Surely, arn.starting_with_any([value.as_str()])),
                ObjectValue::BucketWithoutSlash => {
                    (Match::Maybe, arn.starting_with_any([value.as_str()]))
                }
                ObjectValue::Nothing => continue,
            };
            if bound.accepts(answer.doubted(!resource.unknown_members.is_empty())) {
                taken = taken.or(&set);
            }
        }
    }
    Some(space.all().with(Axis::Arn, taken))
}

fn advanced_region(
    space: &Space<'_>,
    question: &Question,
    advanced: &AdvancedSelector,
    bound: Bound,
) -> Option<Region> {
    let fixed = [
        (Field::EventCategory, DATA),
        (Field::ResourcesType, S3_OBJECT),
        (Field::ReadOnly, question.kind.read_only()),
    ];
    let fixed = fixed.iter().map(|(field, value)| advanced.matches_value(field, value)).min();
    let answer = fixed.unwrap_or(Match::Surely).doubted(advanced.has_unknown_condition());
    if !bound.accepts(answer) {
        return None;
    }
    let mut region = space.all();
    for axis in Axis::ALL {
        let field = axis.field();
        let sets = advanced.on(&field).map(|selector| field_set(space.on(axis), selector, bound));
        let combined = sets.reduce(|a, b| match bound {
            Bound::Surely => a.and(&b),
            Bound::Possibly => a.or(&b),
        });
        if let Some(set) = combined {
            region.replace(axis, set);
        }
    }
    Some(region)
}

/// The values that one field selector takes.
fn field_set(partition: &Partition<'_>, selector: &FieldSelector, bound: Bound) -> StringSet {
    if !selector.is_well_formed() {
        return match bound {
            Bound::Surely => partition.none(),
            Bound::Possibly => partition.all(),
        };
    }
    let with_sign = |positive: bool| {
        selector
            .conditions
            .iter()
            .filter(move |condition: &&Condition| condition.operator.is_positive() == positive)
    };
    if selector.has_positive() {
        let selected = partition.meeting_any(with_sign(true));
        return match with_sign(false).next() {
            Some(_) => selected.minus(&partition.meeting_any(with_sign(false))),
            None => selected,
        };
    }
    let compared = partition.all().minus(&partition.meeting_any(with_sign(false)));
    match bound {
        // Whether a negative operator takes a record without the field is not documented.
        Bound::Surely => compared.minus(&partition.absent()),
        Bound::Possibly => compared.or(&partition.absent()).or(&partition.keyless()),
    }
}
