//! A set of small numbers.

use alloc::boxed::Box;
use core::fmt;
use core::ops::Range;

/// A set of numbers below a length that is fixed when the set is made.
///
/// Nearly all sets are of fewer than 128 numbers: they stand in the set itself, and only the others
/// are allocated.
#[derive(Clone, Eq, PartialOrd, Ord)]
pub struct Bits {
    low: [u64; LOW],
    high: Box<[u64]>,
}

impl PartialEq for Bits {
    fn eq(&self, other: &Self) -> bool {
        // Empty slices stand at no address, where some processors take long to compare nothing.
        self.low == other.low && (self.high.is_empty() || self.high == other.high)
    }
}

const WIDTH: usize = u64::BITS as usize;

/// How many words are not allocated.
const LOW: usize = 2;

impl Bits {
    /// The empty set, with room for numbers below a length.
    #[must_use]
    pub fn empty(length: usize) -> Self {
        let high = length.div_ceil(WIDTH).saturating_sub(LOW);
        let high = if high == 0 { Box::default() } else { alloc::vec![0; high].into() };
        Self { low: [0; LOW], high }
    }

    /// All numbers below a length.
    #[must_use]
    pub fn full(length: usize) -> Self {
        let mut bits = Self::empty(length);
        bits.insert_range(0..length);
        bits
    }

    /// One number below a length.
    #[must_use]
    pub fn one(length: usize, number: usize) -> Self {
        let mut bits = Self::empty(length);
        bits.insert(number);
        bits
    }

    fn words(&self) -> impl DoubleEndedIterator<Item = u64> + '_ {
        self.low.iter().chain(&self.high).copied()
    }

    fn word_mut(&mut self, at: usize) -> Option<&mut u64> {
        if at < LOW { self.low.get_mut(at) } else { self.high.get_mut(at - LOW) }
    }

    /// Adds a number, which is below the length.
    pub fn insert(&mut self, index: usize) {
        if let Some(word) = self.word_mut(index / WIDTH) {
            *word |= 1 << (index % WIDTH);
        }
    }

    /// Adds a range of numbers, which are below the length.
    pub fn insert_range(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let (first, last) = (range.start / WIDTH, (range.end - 1) / WIDTH);
        for at in first..=last {
            let low = if at == first { range.start % WIDTH } else { 0 };
            let high = if at == last { (range.end - 1) % WIDTH } else { WIDTH - 1 };
            if let Some(word) = self.word_mut(at) {
                *word |= (u64::MAX >> (WIDTH - 1 - high)) & (u64::MAX << low);
            }
        }
    }

    /// Whether a number is in the set.
    #[must_use]
    pub fn contains(&self, index: usize) -> bool {
        let at = index / WIDTH;
        let word = if at < LOW { self.low.get(at) } else { self.high.get(at - LOW) };
        word.is_some_and(|word| word & (1 << (index % WIDTH)) != 0)
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.low == [0; LOW] && self.high.iter().all(|&word| word == 0)
    }

    /// How many numbers are in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether two sets share a number.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        let share = |(a, b): (&u64, &u64)| a & b != 0;
        self.low.iter().zip(&other.low).any(share) || self.high.iter().zip(&other.high).any(share)
    }

    /// Whether every number of this set is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        let holds = |(a, b): (&u64, &u64)| a & !b == 0;
        self.low.iter().zip(&other.low).all(holds) && self.high.iter().zip(&other.high).all(holds)
    }

    /// The numbers in both sets.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.keep(other);
        both
    }

    /// The numbers in either set.
    #[must_use]
    pub fn or(&self, other: &Self) -> Self {
        let mut either = self.clone();
        either.add(other);
        either
    }

    /// The numbers of this set that are not in the other.
    #[must_use]
    pub fn minus(&self, other: &Self) -> Self {
        let mut left = self.clone();
        left.remove(other);
        left
    }

    /// Adds the numbers of another set.
    pub fn add(&mut self, other: &Self) {
        self.change(other, |word, other| *word |= other);
    }

    /// Keeps the numbers of another set only.
    pub fn keep(&mut self, other: &Self) {
        self.change(other, |word, other| *word &= other);
    }

    /// Takes out the numbers of another set.
    pub fn remove(&mut self, other: &Self) {
        self.change(other, |word, other| *word &= !other);
    }

    fn change(&mut self, other: &Self, change: impl Fn(&mut u64, u64)) {
        self.low.iter_mut().zip(other.low).for_each(|(word, other)| change(word, other));
        self.high.iter_mut().zip(&other.high).for_each(|(word, other)| change(word, *other));
    }

    /// The numbers in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words().enumerate().flat_map(|(at, word)| {
            core::iter::successors((word != 0).then_some(word), |rest| {
                let rest = rest & (rest - 1);
                (rest != 0).then_some(rest)
            })
            .map(move |rest| at * WIDTH + rest.trailing_zeros() as usize)
        })
    }

    /// The least number.
    #[must_use]
    pub fn first(&self) -> Option<usize> {
        let (at, word) = self.words().enumerate().find(|(_, word)| *word != 0)?;
        Some(at * WIDTH + word.trailing_zeros() as usize)
    }

    /// The greatest number.
    #[must_use]
    pub fn last(&self) -> Option<usize> {
        let (back, word) = self.words().rev().enumerate().find(|(_, word)| *word != 0)?;
        let at = LOW + self.high.len() - 1 - back;
        Some(at * WIDTH + WIDTH - 1 - word.leading_zeros() as usize)
    }
}

impl fmt::Debug for Bits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use alloc::collections::BTreeSet;
    use alloc::vec::Vec;

    use super::*;

    const LENGTH: usize = 193;

    /// Numbers at the ends of words.
    const EDGES: [usize; 9] = [0, 1, 62, 63, 64, 127, 128, 129, 192];

    fn bits(numbers: &BTreeSet<usize>) -> Bits {
        let mut bits = Bits::empty(LENGTH);
        numbers.iter().for_each(|number| bits.insert(*number));
        bits
    }

    fn numbers(bits: &Bits) -> BTreeSet<usize> {
        bits.iter().collect()
    }

    /// Sets of such numbers: every fifth there is.
    fn sets() -> Vec<BTreeSet<usize>> {
        let some = |chosen: u32| {
            let chosen = EDGES.iter().enumerate().filter(move |(at, _)| chosen & (1 << at) != 0);
            chosen.map(|(_, number)| *number).collect()
        };
        (0..1_u32 << EDGES.len()).step_by(5).map(some).collect()
    }

    #[test]
    fn a_set_is_its_numbers() {
        for set in sets() {
            let bits = bits(&set);
            assert!((0..=LENGTH).all(|number| bits.contains(number) == set.contains(&number)));
            assert_eq!((numbers(&bits), bits.len()), (set.clone(), set.len()));
            assert_eq!((bits.first(), bits.last()), (set.first().copied(), set.last().copied()));
            assert_eq!(bits.is_empty(), set.is_empty());
            assert_eq!(bits.clone(), bits);
        }
    }

    #[test]
    fn a_range_is_its_numbers() {
        for start in EDGES {
            for end in EDGES {
                let mut range = bits(&[1, 128].into());
                range.insert_range(start..end);
                let expected: BTreeSet<usize> = (start..end).chain([1, 128]).collect();
                assert_eq!(numbers(&range), expected, "{start}..{end}");
            }
            assert_eq!(numbers(&Bits::full(start)), (0..start).collect());
        }
    }

    #[test]
    fn two_sets_combine_as_their_numbers_do() {
        for one in sets() {
            for other in sets() {
                let (a, b) = (bits(&one), bits(&other));
                assert_eq!(numbers(&a.and(&b)), &one & &other);
                assert_eq!(numbers(&a.or(&b)), &one | &other);
                assert_eq!(numbers(&a.minus(&b)), &one - &other);
                assert_eq!(a.intersects(&b), !one.is_disjoint(&other));
                assert_eq!(a.is_subset(&b), one.is_subset(&other));
                let changed = |change: fn(&mut Bits, &Bits)| {
                    let mut changed = a.clone();
                    change(&mut changed, &b);
                    changed
                };
                assert_eq!(changed(Bits::add), a.or(&b));
                assert_eq!(changed(Bits::keep), a.and(&b));
                assert_eq!(changed(Bits::remove), a.minus(&b));
            }
        }
    }
}
