//! The partition of a language's strings by a list of tests.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;

use super::bits::Bits;
use super::objects::{ObjectTests, split_object};
use super::order::{free_character, from_end};
use super::set::StringSet;
use crate::selector::{Condition, Operator};

/// The strings that a field can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language<'a> {
    /// Any string.
    Any,
    /// Any string, or no value at all.
    AnyOrAbsent,
    /// This string, or no value at all.
    OneOrAbsent(&'a str),
    /// This text, a bucket's name, a slash, and any key: the ARN of an object, or with an empty key
    /// the ARN prefix of a bucket's objects.
    Objects(&'a str),
}

/// The texts that a universe must tell apart.
#[derive(Clone, Debug, Default)]
pub struct Tests<'a> {
    pub(super) equals: Vec<&'a str>,
    pub(super) starts: Vec<&'a str>,
    pub(super) ends: Vec<&'a str>,
}

impl<'a> Tests<'a> {
    /// Adds the values of an operator; a negative operator tells the same strings apart.
    pub fn add(&mut self, operator: Operator, values: impl IntoIterator<Item = &'a str>) {
        match operator {
            Operator::Equals | Operator::NotEquals => self.equals.extend(values),
            Operator::StartsWith | Operator::NotStartsWith => self.starts.extend(values),
            Operator::EndsWith | Operator::NotEndsWith => self.ends.extend(values),
        }
    }

    /// Whether nothing is to be told apart.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.equals.is_empty() && self.starts.is_empty() && self.ends.is_empty()
    }

    fn sort(&mut self) {
        for texts in [&mut self.equals, &mut self.starts, &mut self.ends] {
            texts.sort_unstable();
            texts.dedup();
        }
    }
}

/// A class that is not split by how its strings start and end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Point<'a> {
    /// The string, or one of the strings; none for an absent value.
    pub text: Option<Cow<'a, str>>,
    /// Whether the class holds ARN prefixes: object ARNs with an empty key.
    pub is_prefix: bool,
}

/// A language, partitioned by tests.
///
/// A cell is a row with a column: the strings for which the row is the longest tested start, and
/// the column the longest tested end, single tested strings aside. Every listed row has infinitely
/// many strings, and every column goes with every row, because what stands between start and end is
/// free. Object ARNs with an empty key have no such freedom: they are points.
#[derive(Clone, Debug)]
pub struct Universe<'a> {
    language: Language<'a>,
    /// Starts, in order; every one has a string that starts with no longer one.
    rows: Vec<&'a str>,
    /// Ends, ordered from their last byte.
    columns: Vec<&'a str>,
    /// Points, in the order of their texts, an absent value first.
    points: Vec<Point<'a>>,
    /// Points in the order of their texts read from the end.
    points_from_end: Vec<usize>,
    /// What is known of object ARNs, where they are the language.
    objects: Option<ObjectTests<'a>>,
}

impl<'a> Universe<'a> {
    /// The partition of a language by tests.
    #[must_use]
    pub fn new(language: Language<'a>, mut tests: Tests<'a>) -> Self {
        tests.sort();
        let mut columns = tests.ends.clone();
        columns.push("");
        columns.sort_unstable_by(|a, b| from_end(a, b));
        columns.dedup();
        let tested = |text: &'a str| Point { text: Some(Cow::Borrowed(text)), is_prefix: false };
        let absent = Point { text: None, is_prefix: false };
        let mut universe = Self {
            language,
            rows: Vec::new(),
            columns,
            points: Vec::new(),
            points_from_end: Vec::new(),
            objects: None,
        };
        match language {
            Language::Any | Language::AnyOrAbsent => {
                universe.rows = tests.starts;
                if universe.rows.first().is_none_or(|first| !first.is_empty()) {
                    universe.rows.insert(0, "");
                }
                universe.points.extend((language == Language::AnyOrAbsent).then_some(absent));
                universe.points.extend(tests.equals.into_iter().map(tested));
            }
            Language::OneOrAbsent(only) => universe.points.extend([absent, tested(only)]),
            Language::Objects(header) => {
                let objects = ObjectTests::new(header, &tests);
                universe.rows = objects.rows();
                universe.points = objects.single_objects().map(tested).collect();
                universe.points.extend(
                    objects
                        .prefix_classes()
                        .map(|text| Point { text: Some(Cow::Owned(text)), is_prefix: true }),
                );
                universe.points.sort_unstable_by(|a, b| a.text.cmp(&b.text));
                universe.objects = Some(objects);
            }
        }
        let mut order: Vec<usize> = (0..universe.points.len()).collect();
        order.sort_unstable_by(|&a, &b| from_end(universe.point_text(a), universe.point_text(b)));
        universe.points_from_end = order;
        universe
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language<'a> {
        self.language
    }

    /// The tested starts, in order.
    #[must_use]
    pub fn rows(&self) -> &[&'a str] {
        &self.rows
    }

    /// The tested ends.
    #[must_use]
    pub fn columns(&self) -> &[&'a str] {
        &self.columns
    }

    /// The points.
    #[must_use]
    pub fn points(&self) -> &[Point<'a>] {
        &self.points
    }

    fn point_text(&self, point: usize) -> &str {
        self.points.get(point).and_then(|point| point.text.as_deref()).unwrap_or_default()
    }

    /// No string.
    #[must_use]
    pub fn none(&self) -> StringSet {
        StringSet::of_points(Bits::empty(self.points.len()))
    }

    /// Every string of the language, and the absent value where it has one.
    #[must_use]
    pub fn all(&self) -> StringSet {
        StringSet::new(
            Bits::full(self.points.len()),
            [(Bits::full(self.rows.len()), Bits::full(self.columns.len()))],
        )
    }

    /// The absent value alone, where the language has one.
    #[must_use]
    pub fn absent(&self) -> StringSet {
        self.points_where(|point| point.text.is_none())
    }

    /// The ARN prefixes alone: object ARNs with an empty key.
    #[must_use]
    pub fn prefixes(&self) -> StringSet {
        self.points_where(|point| point.is_prefix)
    }

    fn points_where(&self, is_wanted: impl Fn(&Point<'a>) -> bool) -> StringSet {
        let mut points = Bits::empty(self.points.len());
        for (index, point) in self.points.iter().enumerate() {
            if is_wanted(point) {
                points.insert(index);
            }
        }
        StringSet::of_points(points)
    }

    /// The strings that meet any of these conditions, negation left aside.
    ///
    /// Every value must be among the tests that the universe was made for.
    #[must_use]
    pub fn meeting_any<'c>(
        &self,
        conditions: impl IntoIterator<Item = &'c Condition>,
    ) -> StringSet {
        let mut rows = Bits::empty(self.rows.len());
        let mut columns = Bits::empty(self.columns.len());
        let mut points = Bits::empty(self.points.len());
        for condition in conditions {
            for value in &condition.values {
                match condition.operator {
                    Operator::Equals | Operator::NotEquals => self.insert_equal(value, &mut points),
                    Operator::StartsWith | Operator::NotStartsWith => {
                        self.insert_start(value, &mut rows, &mut points)
                    }
                    Operator::EndsWith | Operator::NotEndsWith => {
                        self.insert_end(value, &mut columns, &mut points)
                    }
                }
            }
        }
        let other_rows = Bits::full(self.rows.len()).minus(&rows);
        StringSet::new(points, [(rows, Bits::full(self.columns.len())), (other_rows, columns)])
    }

    /// The strings that start with any of these texts.
    #[must_use]
    pub fn starting_with_any<'c>(&self, texts: impl IntoIterator<Item = &'c str>) -> StringSet {
        let mut rows = Bits::empty(self.rows.len());
        let mut points = Bits::empty(self.points.len());
        for text in texts {
            self.insert_start(text, &mut rows, &mut points);
        }
        StringSet::new(points, [(rows, Bits::full(self.columns.len()))])
    }

    /// The strings that are one of these texts.
    #[must_use]
    pub fn equal_to_any<'c>(&self, texts: impl IntoIterator<Item = &'c str>) -> StringSet {
        let mut points = Bits::empty(self.points.len());
        for text in texts {
            self.insert_equal(text, &mut points);
        }
        StringSet::of_points(points)
    }

    fn insert_equal(&self, text: &str, points: &mut Bits) {
        let is_text = |point: &Point<'_>| point.text.as_deref().cmp(&Some(text));
        if let Ok(index) = self.points.binary_search_by(is_text) {
            points.insert(index);
        }
    }

    fn insert_start(&self, start: &str, rows: &mut Bits, points: &mut Bits) {
        let first = self.rows.partition_point(|row| *row < start);
        let end = self.rows.partition_point(|row| *row < start || row.starts_with(start));
        rows.insert_range(first..end);
        let text = |point: &Point<'a>| point.text.is_none() || point.text.as_deref() < Some(start);
        let starts =
            |point: &Point<'a>| point.text.as_deref().is_some_and(|text| text.starts_with(start));
        let first = self.points.partition_point(text);
        let end = self.points.partition_point(|point| text(point) || starts(point));
        points.insert_range(first..end);
    }

    fn insert_end(&self, end: &str, columns: &mut Bits, points: &mut Bits) {
        let before = |text: &str| from_end(text, end) == Ordering::Less;
        let first = self.columns.partition_point(|column| before(column));
        let last = self.columns.partition_point(|column| before(column) || column.ends_with(end));
        columns.insert_range(first..last);
        let order = &self.points_from_end;
        let first = order.partition_point(|&point| before(self.point_text(point)));
        let last = order.partition_point(|&point| {
            before(self.point_text(point)) || self.point_text(point).ends_with(end)
        });
        for &point in order.get(first..last).unwrap_or_default() {
            if self.points.get(point).is_some_and(|point| point.text.is_some()) {
                points.insert(point);
            }
        }
    }

    /// Whether a string, or the absent value, is in a set.
    ///
    /// A string outside of the language is in no set.
    #[must_use]
    pub fn contains(&self, set: &StringSet, value: Option<&str>) -> bool {
        let is_value = |point: &Point<'_>| point.text.as_deref().cmp(&value);
        if let Ok(point) = self.points.binary_search_by(is_value) {
            return set.points().contains(point);
        }
        let Some(text) = value else { return false };
        let in_cell = || set.contains_cell(self.row_of(text), self.column_of(text));
        match (self.language, &self.objects) {
            (Language::Any | Language::AnyOrAbsent, _) => in_cell(),
            (Language::Objects(header), Some(objects)) => match split_object(header, text) {
                Some((name, "")) => objects.prefix_class_of(name).is_some_and(|example| {
                    let is_example = |point: &Point<'_>| point.text.as_deref().cmp(&Some(example));
                    self.points
                        .binary_search_by(is_example)
                        .is_ok_and(|point| set.points().contains(point))
                }),
                Some(_) => in_cell(),
                None => false,
            },
            _ => false,
        }
    }

    /// The row of a string: its longest tested start.
    #[must_use]
    pub fn row_of(&self, text: &str) -> usize {
        let after = self.rows.partition_point(|row| *row <= text);
        self.rows
            .get(..after)
            .and_then(|rows| rows.iter().rposition(|row| text.starts_with(row)))
            .unwrap_or(usize::MAX)
    }

    /// The column of a string: its longest tested end.
    #[must_use]
    pub fn column_of(&self, text: &str) -> usize {
        let after =
            self.columns.partition_point(|column| from_end(column, text) != Ordering::Greater);
        self.columns
            .get(..after)
            .and_then(|columns| columns.iter().rposition(|column| text.ends_with(column)))
            .unwrap_or(usize::MAX)
    }

    /// A string of a cell.
    #[must_use]
    pub fn example(&self, row: usize, column: usize) -> Option<String> {
        let end = self.columns.get(column)?;
        let stem = self.stem(row)?;
        let taken = |text: &&&str| text.len() > end.len() && text.ends_with(end);
        let taken = self
            .columns
            .iter()
            .filter(taken)
            .filter_map(|text| text.strip_suffix(end)?.chars().next_back());
        let mut text = stem;
        if !end.is_empty() || self.column_of(&text) != column {
            text.push(free_character(taken));
            text.push_str(end);
        }
        Some(text)
    }

    /// A string of a row that stays in it whatever is appended.
    fn stem(&self, row: usize) -> Option<String> {
        let start = *self.rows.get(row)?;
        let mut stem = match &self.objects {
            Some(objects) if !start.contains('/') => objects.free_bucket(start)?,
            _ => start.into(),
        };
        let points = self.points.iter().filter_map(|point| point.text.as_deref());
        let taken = self
            .rows
            .iter()
            .copied()
            .chain(points)
            .filter_map(|text| text.strip_prefix(stem.as_str())?.chars().next());
        let next = free_character(taken);
        stem.push(next);
        Some(stem)
    }
}
