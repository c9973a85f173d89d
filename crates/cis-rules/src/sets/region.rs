//! Sets of records: products of sets of strings, one for each field that can vary within the scope.
//!
//! Fields that have one value in the whole scope are compared once and are no axes.

use alloc::rc::Rc;

use super::{Class, Comparisons, Language, Partition, StringSet};
use crate::aws::field::{Absence, RecordField, Values};

/// A field in which records of the scope differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Axis(u8);

impl Axis {
    /// How many axes there are.
    pub const COUNT: usize = RecordField::VARYING.len();

    /// `resources.ARN`.
    pub const ARN: Self = Self(RecordField::ResourcesArn as u8);
    /// `eventName`.
    pub const NAME: Self = Self(RecordField::EventName as u8);

    /// All axes, in the order of a region's sets: those last whose sets are mostly simple. Where one
    /// axis settles a question, going backwards settles it soon.
    pub const ALL: [Self; Self::COUNT] = {
        let mut all = [Self(0); Self::COUNT];
        let mut at = 0;
        while at < Self::COUNT {
            all[at] = Self(RecordField::VARYING[at] as u8);
            at += 1;
        }
        all
    };

    /// The axis of a field; none where all records of a scope have one value there.
    #[must_use]
    pub const fn of(field: RecordField) -> Option<Self> {
        if (field as usize) < Self::COUNT { Some(Self(field as u8)) } else { None }
    }

    /// The axis's field.
    #[must_use]
    pub const fn field(self) -> RecordField {
        RecordField::VARYING[self.index()]
    }

    /// The position of the axis's set in a region.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// The field's name as CloudTrail spells it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.field().name()
    }

    /// The strings that the field can hold.
    const fn language(self, header: &str) -> Language<'_> {
        let facts = self.field().facts();
        match (facts.values, facts.absence) {
            (Values::ObjectArns, _) => Language::Objects(header),
            (Values::Only(only), _) => Language::OneOrAbsent(only),
            (Values::Any | Values::OfKind, Absence::Never) => Language::Any,
            (Values::Any | Values::OfKind, _) => Language::AnyOrAbsent,
        }
    }
}

/// What regions of one problem are compared with, by axis.
#[derive(Clone, Debug, Default)]
pub struct ComparisonsByAxis<'a> {
    comparisons: [Comparisons<'a>; Axis::COUNT],
}

impl<'a> ComparisonsByAxis<'a> {
    /// The comparisons on one axis.
    pub fn on(&mut self, axis: Axis) -> &mut Comparisons<'a> {
        &mut self.comparisons[axis.index()]
    }
}

/// The partitions of all axes.
#[derive(Clone, Debug)]
pub struct Space<'a> {
    partitions: [Partition<'a>; Axis::COUNT],
    all: Region,
}

impl<'a> Space<'a> {
    /// The space of records on objects whose ARNs start with the header, partitioned by tests.
    #[must_use]
    pub fn new(header: &'a str, mut comparisons: ComparisonsByAxis<'a>) -> Self {
        let partitions = Axis::ALL.map(|axis| {
            Partition::new(axis.language(header), core::mem::take(comparisons.on(axis)))
        });
        let all = Region { sets: Axis::ALL.map(|axis| Rc::new(partitions[axis.index()].all())) };
        Self { partitions, all }
    }

    /// The partition of one axis.
    #[must_use]
    pub const fn on(&self, axis: Axis) -> &Partition<'a> {
        &self.partitions[axis.index()]
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
    sets: [Rc<StringSet>; Axis::COUNT],
}

impl Region {
    /// The set of one axis.
    #[must_use]
    pub fn on(&self, axis: Axis) -> &StringSet {
        &self.sets[axis.index()]
    }

    /// Whether two regions share one set on an axis, so that nothing need be compared.
    fn shares(&self, other: &Self, axis: Axis) -> bool {
        Rc::ptr_eq(&self.sets[axis.index()], &other.sets[axis.index()])
    }

    /// Whether two regions have the same values on an axis.
    #[must_use]
    pub fn agrees(&self, other: &Self, axis: Axis) -> bool {
        self.shares(other, axis) || self.on(axis) == other.on(axis)
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
        self.sets[axis.index()] = Rc::new(set);
    }

    /// Takes another region's set on one axis.
    pub fn share(&mut self, other: &Self, axis: Axis) {
        self.sets[axis.index()] = Rc::clone(&other.sets[axis.index()]);
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
        Axis::ALL.into_iter().rev().all(holds) || self.is_empty()
    }

    /// Whether some record is in both regions.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        let meets = |axis| self.on(axis).intersects(other.on(axis));
        Axis::ALL.into_iter().rev().all(|axis| self.shares(other, axis) || meets(axis))
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
    pub fn sample(&self) -> Option<[Class; Axis::COUNT]> {
        let mut sample = [Class::Singleton(0); Axis::COUNT];
        for axis in Axis::ALL {
            sample[axis.index()] = self.on(axis).sample()?;
        }
        Some(sample)
    }

    /// Whether the records of these classes are in the region.
    #[must_use]
    pub fn holds(&self, sample: &[Class; Axis::COUNT]) -> bool {
        let holds = |axis: Axis| self.on(axis).holds(sample[axis.index()]);
        Axis::ALL.into_iter().rev().all(holds)
    }

    /// The axes on which this region goes beyond the other; none where they share no record.
    #[must_use]
    pub fn axes_exceeding(&self, other: &Self) -> Option<Axes> {
        let mut axes = Axes::default();
        for axis in Axis::ALL.into_iter().rev() {
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
            if self.shares(other, each) {
                continue;
            }
            let (mine, theirs) = (self.on(each), other.on(each));
            let is_union = each == axis;
            // Mostly one of the two is the answer, and shared sets are soon compared.
            if mine.is_subset(theirs) {
                if is_union {
                    self.share(other, each);
                }
            } else if theirs.is_subset(mine) {
                if !is_union {
                    self.share(other, each);
                }
            } else {
                let set = if is_union { mine.or(theirs) } else { mine.and(theirs) };
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
        self.0 |= 1 << axis.0;
    }

    /// Takes an axis out.
    pub const fn remove(&mut self, axis: Axis) {
        self.0 &= !(1 << axis.0);
    }

    /// Whether an axis is in the set.
    #[must_use]
    pub const fn contains(self, axis: Axis) -> bool {
        self.0 & (1 << axis.0) != 0
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
