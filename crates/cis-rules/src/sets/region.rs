//! Sets of records: products of sets of strings, one for each field that can vary within the scope.
//!
//! `eventCategory`, `resources.type` and `readOnly` have one value each in the scope, so they are
//! compared once and are no axes.

use alloc::rc::Rc;

use crate::aws::selector::Field;
use crate::sets::{Class, Comparisons, Language, Partition, StringSet};

/// A field in which records of the scope differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Axis {
    /// `resources.ARN`.
    Arn,
    /// `eventName`.
    Name,
    /// `eventSource`.
    Source,
    /// `eventType`.
    Type,
    /// `userIdentity.arn`.
    Identity,
    /// `sessionCredentialFromConsole`.
    Session,
}

impl Axis {
    /// All axes, in the order of a region's sets.
    pub const ALL: [Self; 6] =
        [Self::Arn, Self::Name, Self::Source, Self::Type, Self::Identity, Self::Session];

    /// All axes, those first whose sets are mostly simple: where one axis settles a question, it is
    /// settled soon.
    const SMALLEST_FIRST: [Self; 6] =
        [Self::Session, Self::Identity, Self::Type, Self::Source, Self::Name, Self::Arn];

    /// The axis's field.
    #[must_use]
    pub const fn field(self) -> Field {
        match self {
            Self::Arn => Field::ResourcesArn,
            Self::Name => Field::EventName,
            Self::Source => Field::EventSource,
            Self::Type => Field::EventType,
            Self::Identity => Field::UserIdentityArn,
            Self::Session => Field::SessionCredentialFromConsole,
        }
    }

    /// The field's name as CloudTrail spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Arn => "resources.ARN",
            Self::Name => "eventName",
            Self::Source => "eventSource",
            Self::Type => "eventType",
            Self::Identity => "userIdentity.arn",
            Self::Session => "sessionCredentialFromConsole",
        }
    }

    /// The strings that the field can hold.
    const fn language(self, header: &str) -> Language<'_> {
        match self {
            Self::Arn => Language::Objects(header),
            Self::Name | Self::Source | Self::Type => Language::Any,
            Self::Identity => Language::AnyOrAbsent,
            Self::Session => Language::OneOrAbsent("true"),
        }
    }
}

/// The tests that regions of one problem are made of, by axis.
#[derive(Clone, Debug, Default)]
pub struct Vocabulary<'a> {
    tests: [Comparisons<'a>; 6],
}

impl<'a> Vocabulary<'a> {
    /// The tests on one axis.
    pub fn on(&mut self, axis: Axis) -> &mut Comparisons<'a> {
        &mut self.tests[axis as usize]
    }
}

/// The partitions of all axes.
#[derive(Clone, Debug)]
pub struct Space<'a> {
    partitions: [Partition<'a>; 6],
    all: Region,
}

impl<'a> Space<'a> {
    /// The space of records on objects whose ARNs start with the header, partitioned by tests.
    #[must_use]
    pub fn new(header: &'a str, mut vocabulary: Vocabulary<'a>) -> Self {
        let partitions = Axis::ALL.map(|axis| {
            Partition::new(axis.language(header), core::mem::take(vocabulary.on(axis)))
        });
        let all = Region { sets: Axis::ALL.map(|axis| Rc::new(partitions[axis as usize].all())) };
        Self { partitions, all }
    }

    /// The partition of one axis.
    #[must_use]
    pub const fn on(&self, axis: Axis) -> &Partition<'a> {
        &self.partitions[axis as usize]
    }

    /// Every record.
    #[must_use]
    pub fn all(&self) -> Region {
        self.all.clone()
    }
}

/// The records whose fields lie each in its set.
///
/// Regions share sets: most of them restrict one or two axes only.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region {
    sets: [Rc<StringSet>; 6],
}

impl Region {
    /// The set of one axis.
    #[must_use]
    pub fn on(&self, axis: Axis) -> &StringSet {
        &self.sets[axis as usize]
    }

    /// Whether two regions share one set on an axis, so that nothing need be compared.
    fn shares(&self, other: &Self, axis: Axis) -> bool {
        Rc::ptr_eq(&self.sets[axis as usize], &other.sets[axis as usize])
    }

    /// The region with another set on one axis.
    #[must_use]
    pub fn with(&self, axis: Axis, set: StringSet) -> Self {
        let mut region = self.clone();
        region.replace(axis, set);
        region
    }

    /// Replaces the set of one axis.
    pub fn replace(&mut self, axis: Axis, set: StringSet) {
        self.sets[axis as usize] = Rc::new(set);
    }

    /// Whether no record is in the region.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sets.iter().any(|set| set.is_empty())
    }

    /// Whether every record of this region is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        let holds = |axis| self.shares(other, axis) || self.on(axis).is_subset(other.on(axis));
        Axis::SMALLEST_FIRST.into_iter().all(holds) || self.is_empty()
    }

    /// Whether some record is in both regions.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        let meets = |axis| self.on(axis).intersects(other.on(axis));
        Axis::SMALLEST_FIRST.into_iter().all(|axis| self.shares(other, axis) || meets(axis))
    }

    /// The axes on which two regions share no value.
    #[must_use]
    pub fn axes_disjoint(&self, other: &Self) -> Axes {
        let mut axes = Axes::default();
        for axis in Axis::ALL {
            if !self.shares(other, axis) && !self.on(axis).intersects(other.on(axis)) {
                axes.insert(axis);
            }
        }
        axes
    }

    /// One class of each axis; none where the region is empty.
    #[must_use]
    pub fn sample(&self) -> Option<[Class; 6]> {
        let mut sample = [Class::Singleton(0); 6];
        for axis in Axis::ALL {
            sample[axis as usize] = self.on(axis).sample()?;
        }
        Some(sample)
    }

    /// Whether the records of these classes are in the region.
    #[must_use]
    pub fn holds(&self, sample: &[Class; 6]) -> bool {
        let holds = |axis: Axis| self.on(axis).holds(sample[axis as usize]);
        Axis::SMALLEST_FIRST.into_iter().all(holds)
    }

    /// The axes on which this region goes axes_exceeding the other; none where they share no record.
    #[must_use]
    pub fn axes_exceeding(&self, other: &Self) -> Option<Axes> {
        let mut axes = Axes::default();
        for axis in Axis::SMALLEST_FIRST {
            let (mine, theirs) = (self.on(axis), other.on(axis));
            if !self.shares(other, axis) && !mine.is_subset(theirs) {
                if !mine.intersects(theirs) {
                    return None;
                }
                axes.insert(axis);
            }
        }
        Some(axes)
    }

    /// The records that are in both regions.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        for axis in Axis::ALL {
            if !self.shares(other, axis) {
                both.replace(axis, self.on(axis).and(other.on(axis)));
            }
        }
        both
    }

    /// Joins a region to this one along an axis: all values of both there, and on every other axis
    /// the values that both have.
    pub fn join(&mut self, axis: Axis, other: &Self) {
        for each in Axis::ALL {
            if !self.shares(other, each) {
                let (mine, theirs) = (self.on(each), other.on(each));
                let set = if each == axis { mine.or(theirs) } else { mine.and(theirs) };
                self.replace(each, set);
            }
        }
    }
}

/// A set of axes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Axes(u8);

impl Axes {
    /// Adds an axis.
    pub const fn insert(&mut self, axis: Axis) {
        self.0 |= 1 << axis as u8;
    }

    /// Takes an axis out.
    pub const fn remove(&mut self, axis: Axis) {
        self.0 &= !(1 << axis as u8);
    }

    /// Whether an axis is in the set.
    #[must_use]
    pub const fn contains(self, axis: Axis) -> bool {
        self.0 & (1 << axis as u8) != 0
    }

    /// How many axes are in the set.
    #[must_use]
    pub const fn len(self) -> u32 {
        self.0.count_ones()
    }

    /// Whether no axis is in the set.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The axes in order.
    pub fn iter(self) -> impl Iterator<Item = Axis> {
        Axis::ALL.into_iter().filter(move |axis| self.contains(*axis))
    }

    /// The axis, where there is only one.
    #[must_use]
    pub fn only(self) -> Option<Axis> {
        if self.len() == 1 { self.iter().next() } else { None }
    }
}
