//! A set of small numbers.

use core::fmt;
use core::ops::Range;

use smallvec::SmallVec;

/// A set of numbers below a length that is fixed when the set is made.
#[derive(PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Bits {
    words: SmallVec<[u64; 2]>,
}

const WIDTH: usize = u64::BITS as usize;

impl Clone for Bits {
    fn clone(&self) -> Self {
        // Words are copied at once, which the derived implementation does not do.
        Self { words: SmallVec::from_slice(&self.words) }
    }
}

impl Bits {
    /// The empty set, with room for numbers below a length.
    #[must_use]
    pub fn empty(length: usize) -> Self {
        Self { words: SmallVec::from_elem(0, length.div_ceil(WIDTH)) }
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

    /// Adds a number, if there is room for it.
    pub fn insert(&mut self, index: usize) {
        if let Some(word) = self.words.get_mut(index / WIDTH) {
            *word |= 1 << (index % WIDTH);
        }
    }

    /// Adds a range of numbers.
    pub fn insert_range(&mut self, range: Range<usize>) {
        if range.is_empty() {
            return;
        }
        let (first, last) = (range.start / WIDTH, (range.end - 1) / WIDTH);
        for (at, word) in self.words.iter_mut().enumerate().take(last + 1).skip(first) {
            let low = if at == first { range.start % WIDTH } else { 0 };
            let high = if at == last { (range.end - 1) % WIDTH } else { WIDTH - 1 };
            *word |= (u64::MAX >> (WIDTH - 1 - high)) & (u64::MAX << low);
        }
    }

    /// Whether a number is in the set.
    #[must_use]
    pub fn contains(&self, index: usize) -> bool {
        self.words.get(index / WIDTH).is_some_and(|word| word & (1 << (index % WIDTH)) != 0)
    }

    /// Whether the set is empty.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// How many numbers are in the set.
    #[must_use]
    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether two sets share a number.
    #[must_use]
    pub fn intersects(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).any(|(a, b)| a & b != 0)
    }

    /// Whether every number of this set is in the other.
    #[must_use]
    pub fn is_subset(&self, other: &Self) -> bool {
        self.words.iter().zip(&other.words).all(|(a, b)| a & !b == 0)
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
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a |= b;
        }
    }

    /// Keeps the numbers of another set only.
    pub fn keep(&mut self, other: &Self) {
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a &= b;
        }
    }

    /// Takes out the numbers of another set.
    pub fn remove(&mut self, other: &Self) {
        for (a, b) in self.words.iter_mut().zip(&other.words) {
            *a &= !b;
        }
    }

    /// The numbers in ascending order.
    pub fn iter(&self) -> impl Iterator<Item = usize> + '_ {
        self.words.iter().enumerate().flat_map(|(at, &word)| {
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
        self.iter().next()
    }

    /// The greatest number.
    #[must_use]
    pub fn last(&self) -> Option<usize> {
        let at = self.words.iter().rposition(|&word| word != 0)?;
        let zeros = self.words.get(at)?.leading_zeros() as usize;
        Some(at * WIDTH + WIDTH - 1 - zeros)
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
        let mut narrow = Bits::empty(64);
        narrow.insert(64);
        assert!(narrow.is_empty(), "there is no room for it");
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
