//! Starts, or ends, of strings: in order, each with the longest other one that it extends.

use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::Range;

use smallvec::SmallVec;

use super::bits::Bits;
use super::order::from_end;

/// Whether texts are what strings start with or what they end with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Affix {
    /// They start with them.
    Prefix,
    /// They end with them.
    Suffix,
}

impl Affix {
    /// The order in which a text is followed by those that extend it, and by no other before them.
    fn compare(self, a: &str, b: &str) -> Ordering {
        match self {
            Self::Prefix => a.cmp(b),
            Self::Suffix => from_end(a, b),
        }
    }

    fn extends(self, text: &str, other: &str) -> bool {
        match self {
            Self::Prefix => text.starts_with(other),
            Self::Suffix => text.ends_with(other),
        }
    }
}

/// Different texts in order, each with its parent: the longest other one that it extends.
#[derive(Clone, Debug)]
pub struct Affixes<'a> {
    side: Affix,
    texts: Vec<&'a str>,
    parents: SmallVec<[Option<usize>; 1]>,
}

/// A text of a set, less the longer ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AffixRange<'a> {
    /// The text.
    pub text: &'a str,
    /// The shortest texts of the affixes that extend it and leave the set.
    pub except: Vec<&'a str>,
}

impl<'a> Affixes<'a> {
    /// The affixes of some texts.
    #[must_use]
    pub fn new(side: Affix, texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut texts: Vec<&'a str> = texts.into_iter().collect();
        texts.sort_unstable_by(|a, b| side.compare(a, b));
        texts.dedup();
        let mut parents = SmallVec::<[Option<usize>; 1]>::with_capacity(texts.len());
        for text in &texts {
            let mut parent = parents.len().checked_sub(1);
            while let Some(at) = parent
                && !texts.get(at).is_some_and(|other| side.extends(text, other))
            {
                parent = parents.get(at).copied().flatten();
            }
            parents.push(parent);
        }
        Self { side, texts, parents }
    }

    /// The texts in order.
    #[must_use]
    pub fn texts(&self) -> &[&'a str] {
        &self.texts
    }

    /// The longest text with which a string starts or ends.
    #[must_use]
    pub fn longest(&self, string: &str) -> Option<usize> {
        // Most fields are not compared with starts or ends at all.
        if matches!(self.texts[..], [""]) {
            return Some(0);
        }
        let is_after = |text: &&str| self.side.compare(text, string) != Ordering::Greater;
        let mut found = self.texts.partition_point(is_after).checked_sub(1);
        while let Some(at) = found
            && !self.texts.get(at).is_some_and(|text| self.side.extends(string, text))
        {
            found = self.parents.get(at).copied().flatten();
        }
        found
    }

    /// The texts that are this one or extend it.
    #[must_use]
    pub fn extending(&self, text: &str) -> Range<usize> {
        let is_before = |other: &str| self.side.compare(other, text) == Ordering::Less;
        let first = self.texts.partition_point(|other| is_before(other));
        first
            ..self.texts.partition_point(|other| is_before(other) || self.side.extends(other, text))
    }

    /// The texts of a set whose parents are not in it, each with the longer ones that leave the set
    /// again.
    #[must_use]
    pub fn trees(&self, set: &Bits) -> Vec<AffixRange<'a>> {
        let mut trees: Vec<AffixRange<'_>> = Vec::new();
        // The tree that each text is in.
        let mut trees_of: Vec<Option<usize>> = Vec::with_capacity(self.texts.len());
        for (index, (text, parent)) in self.texts.iter().zip(&self.parents).enumerate() {
            let above = parent.and_then(|parent| trees_of.get(parent).copied().flatten());
            let tree = match (set.contains(index), above) {
                (true, Some(tree)) => Some(tree),
                (true, None) => {
                    trees.push(AffixRange { text, except: Vec::new() });
                    Some(trees.len() - 1)
                }
                (false, above) => {
                    let left = above.and_then(|tree| trees.get_mut(tree));
                    left.into_iter().for_each(|tree| tree.except.push(text));
                    None
                }
            };
            trees_of.push(tree);
        }
        trees
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::String;
    use alloc::vec;

    use super::*;

    #[test]
    fn the_longest_text_is_found_past_others_in_between() {
        let texts = ["", "a", "ab", "abc", "abca", "b"];
        let starts = Affixes::new(Affix::Prefix, texts);
        let ends = Affixes::new(
            Affix::Suffix,
            texts
                .map(|text| match text {
                    "ab" => "ba",
                    "abc" => "cba",
                    "abca" => "acba",
                    other => other,
                })
                .to_vec(),
        );
        for string in ["", "a", "abz", "abcaz", "abcb", "az", "b", "c", "ac"] {
            let longest = |text: &&str| string.starts_with(text);
            let expected = texts.iter().filter(|text| longest(text)).max_by_key(|text| text.len());
            let found = starts.longest(string).map(|at| &starts.texts()[at]);
            assert_eq!(found, expected, "{string}");
            let mirrored: String = string.chars().rev().collect();
            let found = ends.longest(&mirrored).map(|at| ends.texts()[at].len());
            assert_eq!(found, expected.map(|text| text.len()), "{mirrored}");
        }
        assert_eq!(starts.extending("ab"), 2..5);
        assert_eq!(starts.extending("abb"), 3..3);
        assert_eq!(Affixes::new(Affix::Prefix, vec!["a"]).longest("b"), None);
    }

    #[test]
    fn a_text_in_the_set_below_one_that_left_it_is_a_tree_of_its_own() {
        let affixes = Affixes::new(Affix::Prefix, vec!["a", "ab", "abc", "ad", "b"]);
        let mut set = Bits::empty(5);
        [0, 2].into_iter().for_each(|index| set.insert(index));
        let trees = affixes.trees(&set);
        assert_eq!(
            trees,
            [
                AffixRange { text: "a", except: vec!["ab", "ad"] },
                AffixRange { text: "abc", except: vec![] },
            ]
        );
    }
}
