//! A set of strings of one universe.

use smallvec::SmallVec;

use super::bits::Bits;

/// A union of a universe's classes.
///
/// A class is either a point or a cell, that is a row (how the strings start) with a column (how
/// they end). The cells are held as blocks of rows that have the same columns: the rows of two
/// blocks are disjoint, their columns differ, no block is empty, and blocks are in the order of
/// their first rows. So equal sets have equal representations.
///
/// Only sets of the same universe may be combined.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct StringSet {
    points: Bits,
    blocks: SmallVec<[Block; 1]>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Block {
    rows: Bits,
    columns: Bits,
}

impl StringSet {
    /// The set of these points and of no cell.
    #[must_use]
    pub fn of_points(points: Bits) -> Self {
        Self { points, blocks: SmallVec::new() }
    }

    /// The set of these points and of the cells of each pair of rows and columns; no row may be in
    /// two pairs.
    #[must_use]
    pub fn new(points: Bits, pairs: impl IntoIterator<Item = (Bits, Bits)>) -> Self {
        let mut set = Self::of_points(points);
        for (rows, columns) in pairs {
            set.push(rows, columns);
        }
        set.blocks.sort_unstable_by_key(|block| block.rows.first());
        set
    }

    fn push(&mut self, rows: Bits, columns: Bits) {
        if rows.is_empty() || columns.is_empty() {
            return;
        }
        match self.blocks.iter_mut().find(|block| block.columns == columns) {
            Some(block) => block.rows.add(&rows),
            None => self.blocks.push(Block { rows, columns }),
        }
    }

    /// The points of the set.
    #[must_use]
    pub fn points(&self) -> &Bits {
        &self.points
    }

    /// The cells of the set: rows with their columns, no row in two pairs.
    pub fn cells(&self) -> impl Iterator<Item = (&Bits, &Bits)> {
        self.blocks.iter().map(|block| (&block.rows, &block.columns))
    }

    /// Whether a cell is in the set.
    #[must_use]
    pub fn contains_cell(&self, row: usize, column: usize) -> bool {
        self.blocks.iter().any(|block| block.rows.contains(row) && block.columns.contains(column))
    }

    /// Whether no string is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.points.is_empty() && self.blocks.is_empty()
    }

    /// Whether a string is in both sets.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.points.intersects(&other.points)
            || self.blocks.iter().any(|a| {
                other
                    .blocks
                    .iter()
                    .any(|b| a.rows.intersects(&b.rows) && a.columns.intersects(&b.columns))
            })
    }

    /// Whether every string of this set is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.points.is_subset(&other.points)
            && self.blocks.iter().all(|a| match other.blocks.as_slice() {
                [] => false,
                [b] => a.rows.is_subset(&b.rows) && a.columns.is_subset(&b.columns),
                many => {
                    let mut left = a.rows.clone();
                    for b in many {
                        if a.columns.is_subset(&b.columns) {
                            left = left.minus(&b.rows);
                        }
                    }
                    left.is_empty()
                }
            })
    }

    /// The strings in both sets.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let pairs = self.blocks.iter().flat_map(|a| {
            other.blocks.iter().map(move |b| (a.rows.and(&b.rows), a.columns.and(&b.columns)))
        });
        Self::new(self.points.and(&other.points), pairs)
    }

    /// The strings of this set that are not in the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let shared = self.blocks.iter().flat_map(|a| {
            other.blocks.iter().map(move |b| (a.rows.and(&b.rows), a.columns.minus(&b.columns)))
        });
        let own = self.blocks.iter().map(|a| (other.without_own_rows(&a.rows), a.columns.clone()));
        Self::new(self.points.minus(&other.points), shared.chain(own))
    }

    /// The strings in either set.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let shared = self.blocks.iter().flat_map(|a| {
            other.blocks.iter().map(move |b| (a.rows.and(&b.rows), a.columns.or(&b.columns)))
        });
        let mine = self.blocks.iter().map(|a| (other.without_own_rows(&a.rows), a.columns.clone()));
        let theirs =
            other.blocks.iter().map(|b| (self.without_own_rows(&b.rows), b.columns.clone()));
        Self::new(self.points.or(&other.points), shared.chain(mine).chain(theirs))
    }

    fn without_own_rows(&self, rows: &Bits) -> Bits {
        self.blocks.iter().fold(rows.clone(), |left, block| left.minus(&block.rows))
    }
}
