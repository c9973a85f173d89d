//! A set of strings of one partition.

use super::bits::Bits;
use super::grid::Grid;

/// A class of a partition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A point.
    Singleton(usize),
    /// A cell: a row and a column.
    Cell((usize, usize)),
    /// A cell of keyless ARNs.
    Keyless((usize, usize)),
}

/// A union of a partition's classes: points, cells, and cells of keyless ARNs.
///
/// Equal sets have equal representations. Only sets of the same partition may be combined.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StringSet {
    /// The points.
    pub points: Bits,
    /// The cells, by how the strings start and how they end.
    pub cells: Grid,
    /// The cells of keyless ARNs, by how the bucket's name starts and how it ends.
    pub keyless: Grid,
}

impl StringSet {
    /// The set of these points and of no cell.
    #[must_use]
    pub fn of_points(points: Bits) -> Self {
        Self { points, cells: Grid::default(), keyless: Grid::default() }
    }

    /// Whether no string is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.keyless.is_empty() && self.points.is_empty()
    }

    /// Whether a string is in both sets.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.cells.intersects(&other.cells)
            || self.points.intersects(&other.points)
            || self.keyless.intersects(&other.keyless)
    }

    /// Whether every string of this set is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.cells.is_subset(&other.cells)
            && self.points.is_subset(&other.points)
            && self.keyless.is_subset(&other.keyless)
    }

    /// One class of the set, the least one.
    #[must_use]
    pub fn sample(&self) -> Option<Class> {
        let cell = || self.cells.sample().map(Class::Cell);
        let prefix = || self.keyless.sample().map(Class::Keyless);
        self.points.first().map(Class::Singleton).or_else(cell).or_else(prefix)
    }

    /// Whether a class is in the set.
    #[must_use]
    pub fn holds(&self, class: Class) -> bool {
        match class {
            Class::Singleton(point) => self.points.contains(point),
            Class::Cell((row, column)) => self.cells.contains(row, column),
            Class::Keyless((row, column)) => self.keyless.contains(row, column),
        }
    }

    /// The strings in both sets.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        self.zip(other, Bits::and, Grid::and)
    }

    /// The strings of this set that are not in the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        self.zip(other, Bits::minus, Grid::minus)
    }

    /// Takes out the strings of other sets.
    pub fn remove<'a>(&mut self, others: impl Iterator<Item = &'a Self> + Clone) {
        others.clone().for_each(|other| self.points.remove(&other.points));
        self.cells.remove(others.clone().map(|other| &other.cells));
        self.keyless.remove(others.map(|other| &other.keyless));
    }

    /// The strings in either set.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        self.zip(other, Bits::or, Grid::or)
    }

    fn zip(
        &self,
        other: &Self,
        bits: impl Fn(&Bits, &Bits) -> Bits,
        grid: impl Fn(&Grid, &Grid) -> Grid,
    ) -> Self {
        Self {
            points: bits(&self.points, &other.points),
            cells: grid(&self.cells, &other.cells),
            keyless: grid(&self.keyless, &other.keyless),
        }
    }
}
