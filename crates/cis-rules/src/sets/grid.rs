//! A set of cells: pairs of a row and a column.

use smallvec::SmallVec;

use super::bits::Bits;

/// A set of cells, held as blocks of rows that have the same columns.
///
/// The rows of two blocks are disjoint, their columns differ, no block is empty, and blocks are in
/// the order of their first rows. So equal sets have equal representations.
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grid {
    blocks: SmallVec<[Block; 1]>,
}

impl Clone for Grid {
    fn clone(&self) -> Self {
        // Nearly all have at most one block, for which no list need be gone through.
        Self {
            blocks: match self.blocks.as_slice() {
                [] => SmallVec::new(),
                [only] => SmallVec::from_buf([only.clone()]),
                several => several.iter().cloned().collect(),
            },
        }
    }
}

/// How many blocks are compared one by one; more are sorted first.
const FEW: usize = 6;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Block {
    rows: Bits,
    columns: Bits,
}

impl Grid {
    /// The cells of each pair of rows and columns; no row may be in two pairs.
    #[must_use]
    pub fn new(pairs: impl IntoIterator<Item = (Bits, Bits)>) -> Self {
        let blocks = pairs.into_iter().map(|(rows, columns)| Block { rows, columns });
        let is_some = |block: &Block| !block.rows.is_empty() && !block.columns.is_empty();
        let mut grid = Self { blocks: blocks.filter(is_some).collect() };
        grid.settle();
        grid
    }

    /// The cells of some rows that have these columns.
    #[must_use]
    pub fn block(rows: Bits, columns: Bits) -> Self {
        if rows.is_empty() || columns.is_empty() {
            return Self::default();
        }
        Self { blocks: SmallVec::from_buf([Block { rows, columns }]) }
    }

    /// The blocks of two sets, where each is one block: most sets are.
    fn single_blocks<'g>(&'g self, other: &'g Self) -> Option<(&'g Block, &'g Block)> {
        match (self.blocks.as_slice(), other.blocks.as_slice()) {
            ([a], [b]) => Some((a, b)),
            _ => None,
        }
    }

    /// Makes one block of those with the same columns, and puts the blocks in order.
    fn settle(&mut self) {
        if self.blocks.len() < 2 {
            return;
        }
        if self.blocks.len() > FEW {
            self.blocks.sort_unstable_by(|a, b| a.columns.cmp(&b.columns));
        }
        let mut settled = SmallVec::<[Block; 1]>::with_capacity(self.blocks.len());
        for block in self.blocks.drain(..) {
            let near = settled.len().saturating_sub(FEW);
            match settled[near..]
                .iter_mut()
                .find(|other: &&mut Block| other.columns == block.columns)
            {
                Some(other) => other.rows.add(&block.rows),
                None => settled.push(block),
            }
        }
        self.blocks = settled;
        self.blocks.sort_unstable_by_key(|block| block.rows.first());
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

    /// One cell of the set: the last row of the last block, with its last column.
    #[must_use]
    pub fn sample(&self) -> Option<(usize, usize)> {
        let block = self.blocks.last()?;
        Some((block.rows.last()?, block.columns.last()?))
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
        self.blocks.iter().all(|block| {
            let mut holders =
                other.blocks.iter().filter(|holder| block.rows.intersects(&holder.rows));
            let holds = |holder: &Block| block.columns.is_subset(&holder.columns);
            match holders.next() {
                None => false,
                Some(first) if !holds(first) => false,
                Some(first) if block.rows.is_subset(&first.rows) => true,
                Some(first) => {
                    let mut rows = block.rows.minus(&first.rows);
                    holders.all(|holder| {
                        rows.remove(&holder.rows);
                        holds(holder)
                    }) && rows.is_empty()
                }
            }
        })
    }

    /// The cells in both sets.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        if let Some((a, b)) = self.single_blocks(other) {
            return Self::block(a.rows.and(&b.rows), a.columns.and(&b.columns));
        }
        let pairs = self.blocks.iter().flat_map(|a| {
            other.blocks.iter().map(move |b| (a.rows.and(&b.rows), a.columns.and(&b.columns)))
        });
        Self::new(pairs)
    }

    /// The cells of this set that are not in the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        if let Some((a, b)) = self.single_blocks(other) {
            if a.columns.is_subset(&b.columns) {
                return Self::block(a.rows.minus(&b.rows), a.columns.clone());
            }
            if a.rows.is_subset(&b.rows) {
                return Self::block(a.rows.clone(), a.columns.minus(&b.columns));
            }
        }
        let mut left = self.clone();
        left.remove([other]);
        left
    }

    /// Takes out the cells of other sets. What they do not meet is not touched, and blocks are
    /// settled now and then only, so this takes little more time than looking at each block.
    pub fn remove<'a>(&mut self, others: impl IntoIterator<Item = &'a Self>) {
        let mut settled = self.blocks.len();
        let mut is_changed = false;
        for taken in others.into_iter().flat_map(|other| &other.blocks) {
            let mut parts = SmallVec::<[Block; 1]>::new();
            self.blocks.retain(|block| {
                if !block.rows.intersects(&taken.rows) || !block.columns.intersects(&taken.columns)
                {
                    return true;
                }
                is_changed = true;
                let rows = block.rows.minus(&taken.rows);
                if !rows.is_empty() {
                    parts.push(Block { rows, columns: block.columns.clone() });
                    block.rows.keep(&taken.rows);
                }
                block.columns.remove(&taken.columns);
                !block.columns.is_empty()
            });
            self.blocks.extend(parts);
            if self.blocks.len() > 2 * settled + FEW {
                self.settle();
                settled = self.blocks.len();
            }
        }
        if is_changed {
            self.settle();
        }
    }

    /// The cells in either set.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() {
            return if self.is_empty() { other.clone() } else { self.clone() };
        }
        if let Some((a, b)) = self.single_blocks(other) {
            if a.columns == b.columns {
                return Self::block(a.rows.or(&b.rows), a.columns.clone());
            }
            if a.rows == b.rows {
                return Self::block(a.rows.clone(), a.columns.or(&b.columns));
            }
        }
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

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    use super::*;

    /// More rows than are compared with each other one by one.
    const ROWS: usize = 3 * FEW;

    fn bits(numbers: impl IntoIterator<Item = usize>) -> Bits {
        let mut bits = Bits::empty(ROWS);
        numbers.into_iter().for_each(|number| bits.insert(number));
        bits
    }

    #[test]
    fn rows_with_the_same_columns_are_one_block() {
        for kinds in 1..=ROWS {
            let rows = (0..ROWS).map(|row| (bits([row]), bits([row % kinds])));
            let forwards: Vec<(Bits, Bits)> = rows.collect();
            let backwards = forwards.iter().rev().cloned();
            let grid = Grid::new(backwards);
            assert_eq!(grid, Grid::new(forwards.clone()));
            assert_eq!(grid.blocks().count(), kinds);
            let rebuilt = forwards
                .into_iter()
                .fold(Grid::default(), |grid, pair| grid.or(&Grid::new([pair])));
            assert_eq!(rebuilt, grid);
            let first = Grid::new([(bits(0..ROWS), bits([0]))]);
            assert_eq!(grid.minus(&first).blocks().count(), kinds - 1);
        }
    }

    #[test]
    fn two_sets_combine_as_their_cells_do() {
        let some = |mask: usize| bits((0..3).filter(move |at| mask & (1 << at) != 0));
        let single: Vec<Grid> =
            (0..64).map(|masks| Grid::block(some(masks / 8), some(masks % 8))).collect();
        // Two blocks, each of a row and more columns.
        let double = (1..8).flat_map(|mask| {
            let columns = move |row: usize| some((mask + row * 3) % 8);
            [(0, 1), (1, 2)].map(|(a, b)| Grid::new([a, b].map(|row| (bits([row]), columns(row)))))
        });
        let all: Vec<Grid> = single.into_iter().chain(double).collect();
        let cells = |grid: &Grid| -> BTreeSet<(usize, usize)> { grid.cells().collect() };
        for a in &all {
            assert_eq!(a.clone(), *a);
            for b in &all {
                let (mine, theirs) = (cells(a), cells(b));
                for (found, expected) in [
                    (a.and(b), &mine & &theirs),
                    (a.or(b), &mine | &theirs),
                    (a.minus(b), &mine - &theirs),
                ] {
                    assert_eq!(cells(&found), expected, "{a:?} {b:?}");
                    // However it was made, an equal set is represented alike.
                    let rows = (0..3).map(|row| {
                        let of_row = expected.iter().filter(|cell| cell.0 == row);
                        (bits([row]), bits(of_row.map(|cell| cell.1)))
                    });
                    assert_eq!(found, Grid::new(rows));
                }
                assert_eq!(a.intersects(b), !mine.is_disjoint(&theirs));
                assert_eq!(a.is_subset(b), mine.is_subset(&theirs));
            }
        }
    }

    #[test]
    fn what_shares_rows_or_columns_alone_is_not_touched() {
        let grid = Grid::new([(bits([0, 1]), bits([0, 1])), (bits([2]), bits([2]))]);
        for (row, column) in [(0, 2), (1, 2), (2, 0), (2, 1), (3, 0), (0, 3)] {
            assert_eq!(grid.minus(&Grid::new([(bits([row]), bits([column]))])), grid);
        }
        assert_eq!(grid.minus(&grid), Grid::default());
    }
}
