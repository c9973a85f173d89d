//! A set of cells: pairs of a row and a column.

use smallvec::SmallVec;

use super::bits::Bits;

/// A set of cells, held as blocks of rows that have the same columns.
///
/// The rows of two blocks are disjoint, their columns differ, no block is empty, and blocks are in
/// the order of their first rows. So equal sets have equal representations.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grid {
    blocks: SmallVec<[Block; 1]>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Block {
    rows: Bits,
    columns: Bits,
}

impl Grid {
    /// The cells of each pair of rows and columns; no row may be in two pairs.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = (Bits, Bits)>) -> Self {
        let mut grid = Self::default();
        for (rows, columns) in pairs {
            grid.push(rows, columns);
        }
        grid.blocks.sort_unstable_by_key(|block| block.rows.first());
        grid
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

    /// Rows with their columns; no row is in two pairs.
    pub fn blocks(&self) -> impl Iterator<Item = (&Bits, &Bits)> {
        self.blocks.iter().map(|block| (&block.rows, &block.columns))
    }

    /// The cells, one by one.
    pub fn cells(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.blocks().flat_map(|(rows, columns)| {
            rows.iter().flat_map(move |row| columns.iter().map(move |column| (row, column)))
        })
    }

    /// Whether a cell is in the set.
    #[must_use]
    pub fn contains(&self, row: usize, column: usize) -> bool {
        self.blocks().any(|(rows, columns)| rows.contains(row) && columns.contains(column))
    }

    /// Whether no cell is in the set.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Whether a cell is in both sets.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.blocks.iter().any(|a| {
            other
                .blocks
                .iter()
                .any(|b| a.rows.intersects(&b.rows) && a.columns.intersects(&b.columns))
        })
    }

    /// Whether every cell of this set is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.blocks.iter().all(|a| match other.blocks.as_slice() {
            [] => false,
            [b] => a.rows.is_subset(&b.rows) && a.columns.is_subset(&b.columns),
            many => {
                let holding = many.iter().filter(|b| a.columns.is_subset(&b.columns));
                holding.fold(a.rows.clone(), |left, b| left.minus(&b.rows)).is_empty()
            }
        })
    }

    /// The cells in both sets.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let pairs = self.blocks.iter().flat_map(|a| {
            other.blocks.iter().map(move |b| (a.rows.and(&b.rows), a.columns.and(&b.columns)))
        });
        Self::new(pairs)
    }

    /// The cells of this set that are not in the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let shared = self.blocks.iter().flat_map(|a| {
            other.blocks.iter().map(move |b| (a.rows.and(&b.rows), a.columns.minus(&b.columns)))
        });
        let own = self.blocks.iter().map(|a| (other.rows_beside(&a.rows), a.columns.clone()));
        Self::new(shared.chain(own))
    }

    /// The cells in either set.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let shared = self.blocks.iter().flat_map(|a| {
            other.blocks.iter().map(move |b| (a.rows.and(&b.rows), a.columns.or(&b.columns)))
        });
        let mine = self.blocks.iter().map(|a| (other.rows_beside(&a.rows), a.columns.clone()));
        let theirs = other.blocks.iter().map(|b| (self.rows_beside(&b.rows), b.columns.clone()));
        Self::new(shared.chain(mine).chain(theirs))
    }

    /// Those of some rows in which this set has no cell.
    fn rows_beside(&self, rows: &Bits) -> Bits {
        self.blocks.iter().fold(rows.clone(), |left, block| left.minus(&block.rows))
    }
}
