//! Which classes of bucket names have a member.
//!
//! Names are finite strings over 65 characters, so conditions can use them up: excluding one prefix
//! for each character leaves no name at all, and a condition of 250 characters leaves little room.
//! Whether a name is left is decided by counting, exactly.

use alloc::string::String;
use alloc::vec::Vec;

use crate::spec::question::BucketName;

/// Names that start with `start` and end with `end`, but start with none of `not_starts`, end with
/// none of `not_ends` and are none of `names`.
///
/// Every one of `not_starts` must extend `start` and none of them another; likewise `not_ends`.
pub(in crate::sets) struct BucketNameClass<'a> {
    pub(in crate::sets) start: &'a str,
    pub(in crate::sets) not_starts: &'a [&'a str],
    pub(in crate::sets) end: &'a str,
    pub(in crate::sets) not_ends: &'a [&'a str],
    pub(in crate::sets) names: &'a [&'a str],
}

impl BucketNameClass<'_> {
    /// A member, as readable as can be had cheaply; none where the class is empty.
    pub(in crate::sets) fn example(&self) -> Option<String> {
        self.easy_example().or_else(|| self.counted_example())
    }

    fn contains(&self, name: &str) -> bool {
        BucketName::is_valid(name)
            && name.starts_with(self.start)
            && name.ends_with(self.end)
            && !self.not_starts.iter().any(|start| name.starts_with(start))
            && !self.not_ends.iter().any(|end| name.ends_with(end))
            && !self.names.contains(&name)
    }

    /// A member that leaves every excluded start, end and name at the first character it can.
    fn easy_example(&self) -> Option<String> {
        let plain = [self.start, self.end].concat();
        for candidate in [self.start, self.end, &plain] {
            if self.contains(candidate) {
                return Some(candidate.into());
            }
        }
        let names = self.names.iter().copied();
        let after = free_character(
            self.not_starts
                .iter()
                .copied()
                .chain(names)
                .filter_map(|text| text.strip_prefix(self.start)?.chars().next()),
        )?;
        let before = free_character(
            self.not_ends
                .iter()
                .filter_map(|text| text.strip_suffix(self.end)?.chars().next_back()),
        )?;
        ["", "data", "ab"]
            .iter()
            .map(|middle| {
                let mut name = String::from(self.start);
                name.push(after);
                name.push_str(middle);
                if !self.end.is_empty() {
                    name.push(before);
                }
                name.push_str(self.end);
                name
            })
            .find(|name| self.contains(name))
    }

    /// A member found character by character, going only where counting says that there is one.
    fn counted_example(&self) -> Option<String> {
        let mut name = String::from(self.start);
        if !self.has_member(&name) {
            return None;
        }
        while !self.contains(&name) {
            let next = BucketName::ALPHABET.iter().find(|&&character| {
                name.push(char::from(character));
                let found = self.has_member(&name);
                name.pop();
                found
            })?;
            name.push(char::from(*next));
        }
        Some(name)
    }

    /// Whether a member starts with this text, which starts with `start`.
    fn has_member(&self, start: &str) -> bool {
        if self.not_starts.iter().any(|excluded| start.starts_with(excluded)) {
            return false;
        }
        let excluded_starts: Vec<&str> = self
            .not_starts
            .iter()
            .copied()
            .filter(|excluded| excluded.starts_with(start))
            .collect();
        let mut count = Count::default();
        for (sign, starts) in [(1, &[start][..]), (-1, &excluded_starts)] {
            for start in starts {
                count.add_names(sign, start, self.end);
                for end in self.not_ends {
                    count.add_names(-sign, start, end);
                }
            }
        }
        let mut excluded_names: Vec<&str> = self
            .names
            .iter()
            .copied()
            .filter(|name| {
                BucketName::is_valid(name)
                    && name.starts_with(start)
                    && name.ends_with(self.end)
                    && !excluded_starts.iter().any(|excluded| name.starts_with(excluded))
                    && !self.not_ends.iter().any(|excluded| name.ends_with(excluded))
            })
            .collect();
        excluded_names.sort_unstable();
        excluded_names.dedup();
        count.subtract(excluded_names.len());
        count.is_positive()
    }
}

/// The first character of the alphabet that is not taken.
fn free_character(taken: impl Iterator<Item = char>) -> Option<char> {
    let taken: Vec<char> = taken.collect();
    BucketName::ALPHABET
        .iter()
        .map(|&character| char::from(character))
        .find(|character| !taken.contains(character))
}

/// A number in base 65, its digits not yet carried: digit `k` counts 65 to the power of `k`.
struct Count {
    digits: [i64; BucketName::MAX_LENGTH + 1],
}

impl Default for Count {
    fn default() -> Self {
        Self { digits: [0; BucketName::MAX_LENGTH + 1] }
    }
}

impl Count {
    /// Adds, with a sign, the number of names that start with `start` and end with `end`.
    fn add_names(&mut self, sign: i64, start: &str, end: &str) {
        let shortest = BucketName::MIN_LENGTH.max(start.len()).max(end.len());
        for length in shortest..=BucketName::MAX_LENGTH {
            let both = start.len() + end.len();
            // Where the two overlap, they determine the name, or contradict each other.
            let free = length.checked_sub(both);
            let agree = free.is_some()
                || start.as_bytes().get(length - end.len()..)
                    == end.as_bytes().get(..both - length);
            if let (true, Some(digit)) = (agree, self.digits.get_mut(free.unwrap_or(0))) {
                *digit += sign;
            }
        }
    }

    fn subtract(&mut self, number: usize) {
        if let (Some(digit), Ok(number)) = (self.digits.first_mut(), i64::try_from(number)) {
            *digit -= number;
        }
    }

    /// Whether any are left: a number of names is never negative, and has no more digits.
    fn is_positive(&self) -> bool {
        const BASE: i64 = BucketName::ALPHABET.len() as i64;
        let mut carry = 0;
        self.digits.iter().any(|digit| {
            let value = digit + carry;
            carry = value.div_euclid(BASE);
            value.rem_euclid(BASE) != 0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A text with each character of names after it, or before it, but for one.
    fn all_but(kept: char, join: impl Fn(char) -> String) -> Vec<String> {
        let characters = BucketName::ALPHABET.iter().map(|byte| char::from(*byte));
        characters.filter(|character| *character != kept).map(join).collect()
    }

    fn after(start: &str, kept: char) -> Vec<String> {
        all_but(kept, |character| [start, &String::from(character)].concat())
    }

    fn before(end: &str, kept: char) -> Vec<String> {
        all_but(kept, |character| [&String::from(character), end].concat())
    }

    /// What is not a character of names, so that none is kept.
    const NONE: char = '/';

    /// Checks that counting finds this only member, and none once its name is excluded too.
    fn check_only(start: &str, not_starts: &[String], end: &str, not_ends: &[String], only: &str) {
        let not_starts: Vec<&str> = not_starts.iter().map(String::as_str).collect();
        let not_ends: Vec<&str> = not_ends.iter().map(String::as_str).collect();
        let (not_starts, not_ends) = (not_starts.as_slice(), not_ends.as_slice());
        let class = BucketNameClass { start, not_starts, end, not_ends, names: &[] };
        assert_eq!(class.counted_example().as_deref(), Some(only));
        assert_eq!(class.example().as_deref(), Some(only));
        // Excluded twice it is one name, and others that are no members do not count.
        for names in [&[only][..], &[only, only], &[only, "zzz", "ab"]] {
            let class = BucketNameClass { names, ..class };
            assert_eq!((class.counted_example(), class.example()), (None, None), "{names:?}");
        }
        let class = BucketNameClass { names: &["zzz", "ab", "..."], ..class };
        assert_eq!(class.example().as_deref(), Some(only));
    }

    #[test]
    fn the_only_name_that_is_left_is_found() {
        check_only("abc", &after("abc", NONE), "", &[], "abc");
        check_only("", &[], "abc", &before("abc", NONE), "abc");
        let but_one = [after("ab", 'q'), after("abq", NONE)].concat();
        check_only("ab", &but_one, "", &[], "abq");
        let but_one = [before("ab", 'q'), before("qab", NONE)].concat();
        check_only("", &[], "ab", &but_one, "qab");
        // The start meets the end.
        check_only("ab", &[after("ab", 'c'), after("abc", NONE)].concat(), "c", &[], "abc");
        // There is no room for another character.
        let longest = "a".repeat(BucketName::MAX_LENGTH);
        check_only(&longest, &[], "", &[], &longest);
        check_only(&longest, &[], "aaa", &[], &longest);
    }

    #[test]
    fn where_no_name_is_left_there_is_none() {
        let (none, too_long) = (after("", NONE), "a".repeat(BucketName::MAX_LENGTH + 1));
        let longest = "a".repeat(BucketName::MAX_LENGTH);
        let short = after("ab", NONE);
        for (start, not_starts, end) in [
            ("", &none, ""),
            ("ab", &short, ""),
            (&longest, &Vec::new(), "b"),
            (&too_long, &Vec::new(), ""),
        ] {
            let not_starts: Vec<&str> = not_starts.iter().map(String::as_str).collect();
            let class =
                BucketNameClass { start, not_starts: &not_starts, end, not_ends: &[], names: &[] };
            assert_eq!((class.counted_example(), class.example()), (None, None));
        }
    }

    #[test]
    fn a_start_that_no_member_has_is_no_way_to_one() {
        let class = |not_starts: &[String], names: &[&str]| {
            let not_starts: Vec<&str> = not_starts.iter().map(String::as_str).collect();
            BucketNameClass { start: "ab", not_starts: &not_starts, end: "", not_ends: &[], names }
                .counted_example()
        };
        // Nothing starts with `aba` but that name itself, which is excluded or is not.
        let longer = after("aba", NONE);
        assert_eq!(class(&longer, &["ab"]).as_deref(), Some("aba"));
        assert_eq!(class(&longer, &["ab", "aba"]).as_deref(), Some("abb"));
        // Nor does it with `abaq`: names that other conditions exclude are not counted again.
        let longer = [after("aba", 'q'), after("abaq", NONE)].concat();
        assert_eq!(class(&longer, &["ab", "aba", "abab"]).as_deref(), Some("abaq"));
        assert_eq!(class(&longer, &["ab", "aba", "abab", "abaq"]).as_deref(), Some("abb"));
    }

    #[test]
    fn names_that_are_easily_had_are_readable() {
        for (start, not_starts, end, not_ends, names, example) in [
            ("acme", &[][..], "", &[][..], &[][..], "acme"),
            ("acme", &["acmea"], "", &[], &["acme"], "acmeb"),
            ("", &[], "acme", &["aacme"], &["acme"], "bbacme"),
            ("acme-", &["acme-a", "acme-b"], "-logs", &["a-logs"], &["acme--logs"], "acme-cb-logs"),
            ("a", &[], "", &[], &["aaa"], "abdata"),
        ] {
            let class = BucketNameClass { start, not_starts, end, not_ends, names };
            assert_eq!(class.easy_example().as_deref(), Some(example));
            assert!(class.counted_example().is_some_and(|name| class.contains(&name)));
        }
    }
}
