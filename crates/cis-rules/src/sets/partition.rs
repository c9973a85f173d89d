//! The partition of a language's strings by a list of tests.

use alloc::borrow::Cow;
use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;
use core::cell::OnceCell;
use core::cmp::Ordering;

use super::affixes::{Affix, Affixes};
use super::arn::near_limit::{Found, NearLimit};
use super::arn::object_arns::{ObjectArnPartition, split_object};
use super::bits::Bits;
use super::grid::Grid;
use super::order::{EMPTY, free_character, from_end};
use super::string_set::{Class, StringSet};
use crate::aws::selector::{Condition, Operator};
use crate::spec::scope::LONGEST_KEY;

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

/// The texts that a partition must tell apart.
#[derive(Clone, Debug, Default)]
pub struct Comparisons<'a> {
    pub(super) equals: Vec<&'a str>,
    pub(super) starts: Vec<&'a str>,
    pub(super) ends: Vec<&'a str>,
}

impl<'a> Comparisons<'a> {
    /// Adds the values of an operator; a negative operator tells the same strings apart.
    pub fn add(&mut self, operator: Operator, values: impl IntoIterator<Item = &'a str>) {
        match operator {
            Operator::Equals | Operator::NotEquals => self.equals.extend(values),
            Operator::StartsWith | Operator::NotStartsWith => self.starts.extend(values),
            Operator::EndsWith | Operator::NotEndsWith => self.ends.extend(values),
        }
    }

    /// Adds texts to be told apart from all others, which are in order.
    pub fn add_in_order(&mut self, texts: &[&'a str]) {
        // In front, where sorting finds that they are in order.
        self.equals.splice(0..0, texts.iter().copied());
    }

    /// Whether nothing is to be told apart.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.equals.is_empty() && self.starts.is_empty() && self.ends.is_empty()
    }

    fn sort(&mut self) {
        for texts in [&mut self.equals, &mut self.starts, &mut self.ends] {
            texts.sort();
            texts.dedup();
        }
    }
}

/// A class that is not split by how its strings start and end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Singleton<'a> {
    /// The string, or one of the strings; none for an absent value.
    pub text: Option<Cow<'a, str>>,
    /// Whether it is an ARN prefix: an object ARN with an empty key.
    pub is_keyless: bool,
}

impl Singleton<'_> {
    /// The string; the empty one for an absent value.
    fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }
}

/// The most cells near the longest key whose members are looked for. Any further one is taken to have
/// some: a proof then shows a little more than it must, and no input keeps this busy for long.
const MOST_NEAR_LIMIT: usize = 1024;

/// A language, partitioned by tests.
///
/// A cell is a row with a column: the strings for which the row is the longest tested start, and
/// the column the longest tested end, single tested strings aside. Every listed row has infinitely
/// many strings, and every column goes with every row, because what stands between start and end is
/// free. Object ARNs with an empty key have no such freedom, so they have cells of their own, by how
/// the bucket's name starts and ends, and not every one of those has a member.
#[derive(Clone, Debug)]
pub struct Partition<'a> {
    language: Language<'a>,
    /// Starts; every one has a string that starts with no longer one.
    rows: Affixes<'a>,
    /// Ends.
    columns: Affixes<'a>,
    /// Points, in the order of their texts, an absent value first.
    points: Vec<Singleton<'a>>,
    /// Points in the order of their texts read from the end, found when first asked for.
    points_from_end: OnceCell<Vec<usize>>,
    /// The row and the column of each point's string, found when first asked for.
    point_cells: OnceCell<Vec<Option<(usize, usize)>>>,
    /// What is known of object ARNs, where they are the language.
    objects: Option<Box<ObjectArnPartition<'a>>>,
    /// The cells that have a string, where starts and ends are so long that not every one has.
    members: Option<Grid>,
}

impl<'a> Partition<'a> {
    /// The partition of a language by tests.
    #[must_use]
    pub fn new(language: Language<'a>, mut tests: Comparisons<'a>) -> Self {
        tests.sort();
        let mut points = Vec::new();
        let mut objects = None;
        let tested =
            |text: &'a str| Singleton { text: Some(Cow::Borrowed(text)), is_keyless: false };
        let absent = Singleton { text: None, is_keyless: false };
        let rows = match language {
            Language::Any | Language::AnyOrAbsent => {
                points.extend((language == Language::AnyOrAbsent).then_some(absent));
                points.extend(tests.equals.into_iter().map(tested));
                Affixes::new(Affix::Prefix, tests.starts.into_iter().chain([EMPTY]))
            }
            Language::OneOrAbsent(only) => {
                points.extend([absent, tested(only)]);
                Affixes::new(Affix::Prefix, [])
            }
            Language::Objects(header) => {
                let tests = ObjectArnPartition::new(header, &tests);
                points.extend(tests.single_objects().map(tested));
                let prefix = |text| Singleton { text: Some(Cow::Owned(text)), is_keyless: true };
                points.extend(tests.named_keyless().map(prefix));
                points.sort_unstable_by(|a, b| a.text.cmp(&b.text));
                let rows = Affixes::new(Affix::Prefix, tests.rows());
                objects = Some(Box::new(tests));
                rows
            }
        };
        let mut partition = Self {
            language,
            rows,
            columns: Affixes::new(Affix::Suffix, tests.ends.into_iter().chain([EMPTY])),
            points,
            points_from_end: OnceCell::new(),
            point_cells: OnceCell::new(),
            objects,
            members: None,
        };
        partition.members = partition.cells_with_members();
        partition
    }

    /// The language.
    #[must_use]
    pub const fn language(&self) -> Language<'a> {
        self.language
    }

    /// The tested starts.
    #[must_use]
    pub const fn rows(&self) -> &Affixes<'a> {
        &self.rows
    }

    /// The tested ends.
    #[must_use]
    pub const fn columns(&self) -> &Affixes<'a> {
        &self.columns
    }

    /// The points.
    #[must_use]
    pub fn points(&self) -> &[Singleton<'a>] {
        &self.points
    }

    fn point_text(&self, point: usize) -> &str {
        self.points.get(point).map_or("", Singleton::text)
    }

    /// The row and the column that a point's string would be in, were it no point; none for an
    /// absent value.
    #[must_use]
    pub fn point_cell(&self, point: usize) -> Option<(usize, usize)> {
        let cell = |point: &Singleton<'_>| self.cell_of(point.text.as_deref()?);
        let cells = self.point_cells.get_or_init(|| self.points.iter().map(cell).collect());
        cells.get(point).copied().flatten()
    }

    fn points_from_end(&self) -> &[usize] {
        self.points_from_end.get_or_init(|| {
            let mut points: Vec<usize> = (0..self.points.len()).collect();
            points.sort_unstable_by(|a, b| from_end(self.point_text(*a), self.point_text(*b)));
            points
        })
    }

    /// No string.
    #[must_use]
    pub fn none(&self) -> StringSet {
        StringSet::of_points(Bits::empty(self.points.len()))
    }

    /// Every string of the language, and the absent value where it has one.
    #[must_use]
    pub fn all(&self) -> StringSet {
        let rows = Bits::full(self.rows.texts().len());
        StringSet {
            points: Bits::full(self.points.len()),
            cells: self
                .members
                .clone()
                .unwrap_or_else(|| Grid::block(rows, Bits::full(self.columns.texts().len()))),
            keyless: self.keyless_cells(),
        }
    }

    fn keyless_cells(&self) -> Grid {
        self.objects.as_ref().map(|objects| objects.keyless_cells().2.clone()).unwrap_or_default()
    }

    /// The absent value alone, where the language has one.
    #[must_use]
    pub fn absent(&self) -> StringSet {
        let mut points = Bits::empty(self.points.len());
        if self.points.first().is_some_and(|point| point.text.is_none()) {
            points.insert(0);
        }
        StringSet::of_points(points)
    }

    /// The keyless ARNs alone: object ARNs with an empty key.
    #[must_use]
    pub fn keyless(&self) -> StringSet {
        let points = self.points_where(|point| point.is_keyless);
        StringSet { keyless: self.keyless_cells(), ..StringSet::of_points(points) }
    }

    fn points_where(&self, is_wanted: impl Fn(&Singleton<'a>) -> bool) -> Bits {
        let mut points = Bits::empty(self.points.len());
        for (index, _) in self.points.iter().enumerate().filter(|(_, point)| is_wanted(point)) {
            points.insert(index);
        }
        points
    }

    /// The strings that meet any of these conditions, negation left aside.
    ///
    /// Every value must be among the tests that the partition was made for.
    #[must_use]
    pub fn meeting_any<'c>(
        &self,
        conditions: impl IntoIterator<Item = &'c Condition>,
    ) -> StringSet {
        let mut found = Gathered::new(self);
        for condition in conditions {
            for value in &condition.values {
                match condition.operator {
                    Operator::Equals | Operator::NotEquals => found.add_equal(value),
                    Operator::StartsWith | Operator::NotStartsWith => found.add_start(value),
                    Operator::EndsWith | Operator::NotEndsWith => found.add_end(value),
                }
            }
        }
        found.set()
    }

    /// The strings that start with any of these texts.
    #[must_use]
    pub fn starting_with_any<'c>(&self, texts: impl IntoIterator<Item = &'c str>) -> StringSet {
        let mut found = Gathered::new(self);
        texts.into_iter().for_each(|text| found.add_start(text));
        found.set()
    }

    /// The strings that are one of these texts.
    #[must_use]
    pub fn equal_to_any<'c>(&self, texts: impl IntoIterator<Item = &'c str>) -> StringSet {
        let mut found = Gathered::new(self);
        texts.into_iter().for_each(|text| found.add_equal(text));
        found.set()
    }

    /// The strings that are one of these texts, which are in order.
    #[must_use]
    pub fn equal_to_any_in_order(&self, texts: &[&str]) -> StringSet {
        let mut points = Bits::empty(self.points.len());
        let mut texts = texts.iter().peekable();
        for (point, singleton) in self.points.iter().enumerate() {
            let Some(text) = singleton.text.as_deref() else { continue };
            while texts.next_if(|other| **other < text).is_some() {}
            if texts.next_if(|other| **other == text).is_some() {
                points.insert(point);
            }
        }
        StringSet::of_points(points)
    }

    /// Whether a string, or the absent value, is in a set.
    ///
    /// A string outside of the language is in no set.
    #[must_use]
    pub fn contains(&self, set: &StringSet, value: Option<&str>) -> bool {
        self.class_of(value).is_some_and(|class| set.holds(class))
    }

    /// The class of a string, or of the absent value; none where the language does not have it.
    #[must_use]
    pub fn class_of(&self, value: Option<&str>) -> Option<Class> {
        let is_value = |point: &Singleton<'_>| point.text.as_deref().cmp(&value);
        if let Ok(point) = self.points.binary_search_by(is_value) {
            return Some(Class::Singleton(point));
        }
        let text = value?;
        let cell = || self.cell_of(text).map(Class::Cell);
        match (self.language, &self.objects) {
            (Language::Any | Language::AnyOrAbsent, _) => cell(),
            (Language::Objects(header), Some(objects)) => match split_object(header, text)? {
                (name, "") => objects.keyless_cell_of(name).map(Class::Keyless),
                _ => cell(),
            },
            _ => None,
        }
    }

    /// The classes of some strings together; a string outside of the language has none.
    #[must_use]
    pub fn classes_of<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> StringSet {
        let mut set = self.none();
        for class in texts.into_iter().filter_map(|text| self.class_of(Some(text))) {
            if set.holds(class) {
                continue;
            }
            match class {
                Class::Singleton(point) => set.points.insert(point),
                Class::Cell((row, column)) => {
                    let (rows, columns) = (self.rows.texts().len(), self.columns.texts().len());
                    let cell = Grid::block(Bits::one(rows, row), Bits::one(columns, column));
                    set.cells = set.cells.or(&cell);
                }
                Class::Keyless((row, column)) => {
                    let sizes = self.objects.as_deref().map(ObjectArnPartition::keyless_cells);
                    let (rows, columns) =
                        sizes.map_or((0, 0), |(rows, columns, _)| (rows, columns));
                    let cell = Grid::block(Bits::one(rows, row), Bits::one(columns, column));
                    set.keyless = set.keyless.or(&cell);
                }
            }
        }
        set
    }

    /// The cell of a string: its longest tested start and its longest tested end.
    #[must_use]
    pub fn cell_of(&self, text: &str) -> Option<(usize, usize)> {
        Some((self.rows.longest(text)?, self.columns.longest(text)?))
    }

    /// A string of a cell.
    #[must_use]
    pub fn example(&self, row: usize, column: usize) -> Option<String> {
        let end = self.columns.texts().get(column)?;
        if self.members.is_some() {
            return match self.near_limit(row, column)?.find() {
                Found::Example(text) => Some(text),
                Found::Nothing | Found::Unknown => None,
            };
        }
        let stem = self.stem(row)?;
        let ends = self.columns.texts().iter();
        let taken = ends.filter_map(|text| text.strip_suffix(end)?.chars().next_back());
        let mut text = stem;
        if self.columns.longest(&text) != Some(column) {
            text.push(free_character(taken));
            text.push_str(end);
        }
        Some(text)
    }

    /// A string of a cell of keyless ARNs.
    #[must_use]
    pub fn keyless_example(&self, row: usize, column: usize) -> Option<String> {
        self.objects.as_ref()?.keyless_example(row, column)
    }

    /// The keyless ARNs in a set, one for each cell.
    pub fn keyless_in<'s>(&'s self, set: &'s StringSet) -> impl Iterator<Item = String> + 's {
        let points = set.points.iter().filter_map(|point| self.points.get(point));
        let named = points
            .filter(|point| point.is_keyless)
            .filter_map(|point| Some(point.text.as_deref()?.into()));
        named.chain(
            set.keyless.cells().filter_map(|(row, column)| self.keyless_example(row, column)),
        )
    }

    /// Which cells may have a string; none where all have, because no start and end together come near
    /// the longest key.
    fn cells_with_members(&self) -> Option<Grid> {
        self.objects.as_ref()?;
        let longest = |texts: &[&str]| texts.iter().map(|text| text.len()).max().unwrap_or(0);
        if longest(self.rows.texts()) + longest(self.columns.texts()) < LONGEST_KEY {
            return None;
        }
        let columns = self.columns.texts().len();
        let mut left = MOST_NEAR_LIMIT;
        let mut may_have_member = |cell: NearLimit<'_, '_>| {
            if cell.has_room() || left == 0 {
                return true;
            }
            left -= 1;
            cell.find() != Found::Nothing
        };
        Some(Grid::new((0..self.rows.texts().len()).map(|row| {
            let mut with_member = Bits::empty(columns);
            for column in 0..columns {
                if self.near_limit(row, column).is_some_and(&mut may_have_member) {
                    with_member.insert(column);
                }
            }
            let mut rows = Bits::empty(self.rows.texts().len());
            rows.insert(row);
            (rows, with_member)
        })))
    }

    /// A cell of object ARNs whose members are to be looked for.
    fn near_limit(&self, row: usize, column: usize) -> Option<NearLimit<'_, 'a>> {
        Some(NearLimit {
            objects: self.objects.as_deref()?,
            rows: &self.rows,
            columns: &self.columns,
            points: &self.points,
            row,
            column,
        })
    }

    /// A string of a row that stays in it whatever is appended.
    fn stem(&self, row: usize) -> Option<String> {
        let start = *self.rows.texts().get(row)?;
        let mut stem = match &self.objects {
            Some(objects) if !start.contains('/') => objects.free_bucket(start)?,
            _ => start.into(),
        };
        let points = self.points.iter().filter_map(|point| point.text.as_deref());
        let taken = self
            .rows
            .texts()
            .iter()
            .copied()
            .chain(points)
            .filter_map(|text| text.strip_prefix(stem.as_str())?.chars().next());
        let next = free_character(taken);
        stem.push(next);
        Some(stem)
    }
}

/// The strings that meet any of some tests, while the tests are gathered.
struct Gathered<'u, 'a> {
    partition: &'u Partition<'a>,
    points: Bits,
    rows: Bits,
    columns: Bits,
    keyless_rows: Bits,
    keyless_columns: Bits,
}

impl<'u, 'a> Gathered<'u, 'a> {
    fn new(partition: &'u Partition<'a>) -> Self {
        let (keyless_rows, keyless_columns) =
            partition.objects.as_ref().map_or((0, 0), |objects| {
                let (rows, columns, _) = objects.keyless_cells();
                (rows, columns)
            });
        Self {
            partition,
            points: Bits::empty(partition.points.len()),
            rows: Bits::empty(partition.rows.texts().len()),
            columns: Bits::empty(partition.columns.texts().len()),
            keyless_rows: Bits::empty(keyless_rows),
            keyless_columns: Bits::empty(keyless_columns),
        }
    }

    fn add_equal(&mut self, text: &str) {
        let is_text = |point: &Singleton<'_>| point.text.as_deref().cmp(&Some(text));
        if let Ok(index) = self.partition.points.binary_search_by(is_text) {
            self.points.insert(index);
        }
    }

    fn add_start(&mut self, start: &str) {
        let partition = self.partition;
        self.rows.insert_range(partition.rows.extending(start));
        let is_before =
            |point: &Singleton<'_>| point.text.is_none() || point.text.as_deref() < Some(start);
        let starts = |point: &Singleton<'_>| {
            point.text.as_deref().is_some_and(|text| text.starts_with(start))
        };
        let first = partition.points.partition_point(is_before);
        let end = partition.points.partition_point(|point| is_before(point) || starts(point));
        self.points.insert_range(first..end);
        if let Some(objects) = &partition.objects {
            self.keyless_rows.insert_range(objects.name_starts_from(start));
        }
    }

    fn add_end(&mut self, end: &str) {
        let partition = self.partition;
        self.columns.insert_range(partition.columns.extending(end));
        let is_before = |text: &str| from_end(text, end) == Ordering::Less;
        let (order, text) = (partition.points_from_end(), |point| partition.point_text(point));
        let first = order.partition_point(|&point| is_before(text(point)));
        let last =
            order.partition_point(|&point| is_before(text(point)) || text(point).ends_with(end));
        for &point in order.get(first..last).unwrap_or_default() {
            if partition.points.get(point).is_some_and(|point| point.text.is_some()) {
                self.points.insert(point);
            }
        }
        if let Some(objects) = &partition.objects {
            self.keyless_columns.insert_range(objects.name_ends_to(end));
        }
    }

    fn set(self) -> StringSet {
        let partition = self.partition;
        let (rows, columns) = (partition.rows.texts().len(), partition.columns.texts().len());
        let cells = in_either(self.rows, rows, self.columns, columns);
        let cells = match &partition.members {
            Some(members) => cells.and(members),
            None => cells,
        };
        let keyless = partition.objects.as_ref().map(|objects| {
            let (rows, columns, with_members) = objects.keyless_cells();
            in_either(self.keyless_rows, rows, self.keyless_columns, columns).and(with_members)
        });
        StringSet { points: self.points, cells, keyless: keyless.unwrap_or_default() }
    }
}

/// The cells that are in some of the rows or in some of the columns.
fn in_either(rows: Bits, row_count: usize, columns: Bits, column_count: usize) -> Grid {
    if columns.is_empty() {
        return Grid::block(rows, Bits::full(column_count));
    }
    let other_rows = Bits::full(row_count).minus(&rows);
    Grid::new([(rows, Bits::full(column_count)), (other_rows, columns)])
}
