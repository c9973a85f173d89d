//! Comparisons on the ARNs of objects, taken apart into bucket names and keys.

use alloc::string::String;
use alloc::vec::Vec;
use core::cmp::Ordering;
use core::ops::Range;

use super::bucket_names::BucketNameClass;
use crate::sets::bits::Bits;
use crate::sets::grid::Grid;
use crate::sets::order::{EMPTY, directly_under, from_end, next_longer};
use crate::sets::partition::Comparisons;
use crate::spec::question::BucketName;
use crate::spec::scope::LONGEST_KEY;

/// The bucket and the key of an object's ARN, or of an ARN prefix of a bucket's objects.
pub(in crate::sets) fn split_object<'a>(header: &str, arn: &'a str) -> Option<(&'a str, &'a str)> {
    let (name, key) = arn.strip_prefix(header)?.split_once('/')?;
    (BucketName::is_valid(name) && key.len() <= LONGEST_KEY).then_some((name, key))
}

/// The tests on object ARNs that can tell two of them apart.
#[derive(Clone, Debug)]
pub(in crate::sets) struct ObjectArnPartition<'a> {
    header: &'a str,
    /// Tested starts of bucket names, the empty one included.
    name_starts: Vec<&'a str>,
    /// Tested ends of bucket names, ordered from their last byte, the empty one included.
    name_ends: Vec<&'a str>,
    /// Names that a test tells apart from all others when the key is empty.
    names: Vec<&'a str>,
    /// Names of which a tested start takes every key.
    whole_names: Vec<&'a str>,
    /// Tested starts up to the name's end and past it.
    starts: Vec<&'a str>,
    /// Single tested objects.
    objects: Vec<&'a str>,
    /// What goes with each tested start of names, and with each tested end.
    rows: Vec<BucketNameStart<'a>>,
    columns: Vec<BucketNameEnd<'a>>,
    /// The classes of names with an empty key that have a member, by tested start and end.
    keyless: Grid,
}

impl<'a> ObjectArnPartition<'a> {
    pub(in crate::sets) fn new(header: &'a str, tests: &Comparisons<'a>) -> Self {
        let mut parts = Self {
            header,
            name_starts: alloc::vec![EMPTY],
            name_ends: alloc::vec![EMPTY],
            names: Vec::new(),
            whole_names: Vec::new(),
            starts: alloc::vec![header],
            objects: Vec::new(),
            rows: Vec::new(),
            columns: Vec::new(),
            keyless: Grid::default(),
        };
        for &start in &tests.starts {
            parts.add_start(start);
        }
        for &arn in &tests.equals {
            match split_object(header, arn) {
                Some((name, "")) => parts.names.push(name),
                Some(_) => parts.objects.push(arn),
                None => {}
            }
        }
        for &end in &tests.ends {
            parts.add_end(end);
        }
        parts.name_ends.sort_unstable_by(|a, b| from_end(a, b));
        let in_order = [
            &mut parts.name_starts,
            &mut parts.names,
            &mut parts.whole_names,
            &mut parts.starts,
            &mut parts.objects,
        ];
        in_order.into_iter().for_each(|texts| texts.sort_unstable());
        for texts in [
            &mut parts.name_starts,
            &mut parts.name_ends,
            &mut parts.names,
            &mut parts.whole_names,
            &mut parts.starts,
            &mut parts.objects,
        ] {
            texts.dedup();
        }
        parts.rows = parts.name_starts.iter().map(|start| parts.name_start(start)).collect();
        parts.columns = parts.name_ends.iter().map(|end| parts.name_end(end)).collect();
        parts.keyless = parts.keyless_with_members();
        parts
    }

    fn add_start(&mut self, start: &'a str) {
        if let Some((name, key)) = split_object(self.header, start) {
            // No object's ARN goes on after the longest key.
            let starts =
                if key.len() == LONGEST_KEY { &mut self.objects } else { &mut self.starts };
            starts.push(start);
            self.names.push(name);
            if key.is_empty() {
                self.whole_names.push(name);
            }
        } else if let Some(name) = start.strip_prefix(self.header)
            && BucketName::is_part(name)
            && name.len() <= BucketName::MAX_LENGTH
        {
            self.starts.push(start);
            self.name_starts.push(name);
        }
    }

    /// An ARN prefix ends with its only slash, so what stands before that is the end of a name, or
    /// a whole name with the end of the header.
    fn add_end(&mut self, end: &'a str) {
        let Some(end) = end.strip_suffix('/') else {
            return;
        };
        if BucketName::is_part(end) {
            self.name_ends.push(end);
        } else if let Some(colon) = end.rfind(':') {
            let (head, name) = end.split_at(colon + 1);
            if self.header.ends_with(head) && BucketName::is_valid(name) {
                self.names.push(name);
            }
        }
    }

    /// What a bucket's name must start with under a tested start, and end with, as one of them.
    pub(in crate::sets) fn bucket_between(&self, start: &str, end: &str) -> Option<String> {
        let start = start.strip_prefix(self.header)?;
        let class = BucketNameClass { start, not_starts: &[], end, not_ends: &[], names: &[] };
        class.example()
    }

    /// The start of all ARNs.
    pub(in crate::sets) const fn header(&self) -> &'a str {
        self.header
    }

    /// Single tested objects.
    pub(in crate::sets) fn single_objects(&self) -> impl Iterator<Item = &'a str> {
        self.objects.iter().copied()
    }

    /// The tested starts that some object with a key has as its longest one.
    pub(in crate::sets) fn rows(&self) -> impl Iterator<Item = &'a str> {
        let has_object = |start: &&'a str| start.contains('/') || self.free_bucket(start).is_some();
        self.starts.iter().copied().filter(has_object)
    }

    /// A bucket, with its slash, whose ARN starts so and with no longer tested start.
    pub(in crate::sets) fn free_bucket(&self, start: &str) -> Option<String> {
        let start = start.strip_prefix(self.header)?;
        let not_starts = next_longer(&self.name_starts, start);
        let names = directly_under(&self.whole_names, start, &not_starts);
        let class = BucketNameClass {
            start,
            not_starts: &not_starts,
            end: EMPTY,
            not_ends: &[],
            names: &names,
        };
        Some([self.header, &class.example()?, "/"].concat())
    }

    /// Where a start and an end leave characters free next to them and are not long, every middle
    /// makes a name; only the other pairs are counted.
    fn keyless_with_members(&self) -> Grid {
        let mut free_ends = Bits::empty(self.columns.len());
        for (column, _) in self.columns.iter().enumerate().filter(|(_, end)| end.leaves_room()) {
            free_ends.insert(column);
        }
        let rows = self.rows.iter().enumerate().map(|(row, start)| {
            let mut columns = Bits::empty(self.columns.len());
            let is_free = start.leaves_room();
            if is_free {
                columns.add(&free_ends);
            }
            for (column, end) in self.columns.iter().enumerate() {
                if !columns.contains(column) && start.class(end).example().is_some() {
                    columns.insert(column);
                }
            }
            let mut rows = Bits::empty(self.rows.len());
            rows.insert(row);
            (rows, columns)
        });
        Grid::new(rows)
    }

    fn name_start(&self, start: &'a str) -> BucketNameStart<'a> {
        let not_starts = next_longer(&self.name_starts, start);
        let names = directly_under(&self.names, start, &not_starts);
        BucketNameStart { start, not_starts, names }
    }

    fn name_end(&self, end: &'a str) -> BucketNameEnd<'a> {
        BucketNameEnd { end, not_ends: self.longer_ends(end) }
    }

    /// The cells of keyless ARNs: how many starts and ends there are, and which have a member.
    pub(in crate::sets) fn keyless_cells(&self) -> (usize, usize, &Grid) {
        (self.name_starts.len(), self.name_ends.len(), &self.keyless)
    }

    /// The ARN prefix of some bucket of a cell.
    pub(in crate::sets) fn keyless_example(&self, row: usize, column: usize) -> Option<String> {
        let name = self.rows.get(row)?.class(self.columns.get(column)?).example()?;
        Some(self.prefix_of(&name))
    }

    /// The tested starts of names that begin with what an ARN must start with.
    pub(in crate::sets) fn name_starts_from(&self, start: &str) -> Range<usize> {
        if self.header.starts_with(start) {
            return 0..self.name_starts.len();
        }
        let Some(start) = start.strip_prefix(self.header) else { return 0..0 };
        let first = self.name_starts.partition_point(|name| *name < start);
        first..self.name_starts.partition_point(|name| *name < start || name.starts_with(start))
    }

    /// The tested ends of names that finish with what an ARN prefix must end with.
    pub(in crate::sets) fn name_ends_to(&self, end: &str) -> Range<usize> {
        if end.is_empty() {
            return 0..self.name_ends.len();
        }
        let Some(end) = end.strip_suffix('/') else { return 0..0 };
        let before = |name: &str| from_end(name, end) == Ordering::Less;
        let first = self.name_ends.partition_point(|name| before(name));
        first..self.name_ends.partition_point(|name| before(name) || name.ends_with(end))
    }

    fn prefix_of(&self, name: &str) -> String {
        [self.header, name, "/"].concat()
    }

    /// The tested ends that strictly extend an end, less those that extend another such end.
    fn longer_ends(&self, end: &str) -> Vec<&'a str> {
        let mut longer: Vec<&'a str> = Vec::new();
        let at = self.name_ends.partition_point(|other| from_end(other, end) != Ordering::Greater);
        for other in self.name_ends.iter().skip(at).take_while(|other| other.ends_with(end)) {
            if !longer.last().is_some_and(|last| other.ends_with(last)) {
                longer.push(other);
            }
        }
        longer
    }

    /// The ARN prefixes of the buckets that a test tells apart from all others.
    pub(in crate::sets) fn named_keyless(&self) -> impl Iterator<Item = String> {
        self.names.iter().map(|name| self.prefix_of(name))
    }

    /// The cell of a bucket's ARN prefix; the name is not one that a test tells apart.
    pub(in crate::sets) fn keyless_cell_of(&self, name: &str) -> Option<(usize, usize)> {
        let longest = |tests: &[&str], meets: &dyn Fn(&&str) -> bool| {
            let met = tests.iter().enumerate().filter(|(_, test)| meets(test));
            met.max_by_key(|(_, test)| test.len()).map(|(index, _)| index)
        };
        let row = longest(&self.name_starts, &|start| name.starts_with(*start))?;
        let column = longest(&self.name_ends, &|end| name.ends_with(*end))?;
        Some((row, column))
    }
}

/// Names that start so, with no longer tested start, and that no test tells apart.
#[derive(Clone, Debug)]
struct BucketNameStart<'a> {
    start: &'a str,
    not_starts: Vec<&'a str>,
    names: Vec<&'a str>,
}

/// Names that end so, and with no longer tested end.
#[derive(Clone, Debug)]
struct BucketNameEnd<'a> {
    end: &'a str,
    not_ends: Vec<&'a str>,
}

/// The longest start or end for which room is taken for granted: two of them and a few characters
/// make a name.
const SHORT: usize = 100;

impl BucketNameStart<'_> {
    /// Whether some character next to the start leaves every longer start and every name.
    fn leaves_room(&self) -> bool {
        let taken = self.not_starts.len() + self.names.len();
        taken < BucketName::ALPHABET.len() && self.start.len() <= SHORT
    }

    fn class<'c>(&'c self, end: &'c BucketNameEnd<'_>) -> BucketNameClass<'c> {
        BucketNameClass {
            start: self.start,
            not_starts: &self.not_starts,
            end: end.end,
            not_ends: &end.not_ends,
            names: &self.names,
        }
    }
}

impl BucketNameEnd<'_> {
    /// Whether some character before the end leaves every longer end.
    fn leaves_room(&self) -> bool {
        self.not_ends.len() < BucketName::ALPHABET.len() && self.end.len() <= SHORT
    }
}

#[cfg(test)]
mod tests {
    use alloc::{format, vec};

    use super::*;
    use crate::aws::selector::Operator;

    const HEADER: &str = "arn:aws:s3:::";

    /// Texts with each character of names after one, or before it.
    fn with_each(join: impl Fn(char) -> String) -> Vec<String> {
        BucketName::ALPHABET.iter().map(|&byte| join(char::from(byte))).collect()
    }

    /// Which cells of keyless ARNs have a member, where names are told apart by these starts and ends.
    fn members(starts: &[impl AsRef<str>], ends: &[impl AsRef<str>]) -> Vec<(String, String)> {
        let starts: Vec<String> =
            starts.iter().map(|start| [HEADER, start.as_ref()].concat()).collect();
        let ends: Vec<String> = ends.iter().map(|end| [end.as_ref(), "/"].concat()).collect();
        let mut tests = Comparisons::default();
        tests.add(Operator::StartsWith, starts.iter().map(String::as_str));
        tests.add(Operator::EndsWith, ends.iter().map(String::as_str));
        let objects = ObjectArnPartition::new(HEADER, &tests);
        let (_, _, members) = objects.keyless_cells();
        // Every cell is what counting the names of that cell says.
        for (row, start) in objects.rows.iter().enumerate() {
            for (column, end) in objects.columns.iter().enumerate() {
                let has_member = start.class(end).example().is_some();
                let (start, end) = (start.start, end.end);
                assert_eq!(members.contains(row, column), has_member, "{start:?} {end:?}");
            }
        }
        let text = |texts: &[&str], at: usize| texts[at].into();
        let cells = members.cells();
        cells
            .map(|(row, column)| {
                (text(&objects.name_starts, row), text(&objects.name_ends, column))
            })
            .collect()
    }

    #[test]
    fn cells_have_members_where_there_is_a_name() {
        let cell = |start: &str, end: &str| (String::from(start), String::from(end));
        let none: [&str; 0] = [];
        // Nothing is left between "a" and each longer start but the end, which makes the name long
        // enough, and nothing between each longer end and "z".
        let starts = [vec!["a".into()], with_each(|next| format!("a{next}"))].concat();
        let found = members(&starts, &none);
        assert!(!found.contains(&cell("a", "")) && found.contains(&cell("ab", "")));
        let ends = [vec!["z".into()], with_each(|next| format!("{next}z"))].concat();
        let found = members(&none, &ends);
        assert!(!found.contains(&cell("", "z")) && found.contains(&cell("", "yz")));
        // More than one end for each character.
        let others = with_each(|next| format!("{next}qz"));
        let ends: Vec<String> = ends.into_iter().filter(|end| end != "qz").chain(others).collect();
        let found = members(&none, &ends);
        assert!(!found.contains(&cell("", "z")) && found.contains(&cell("", "yqz")));
        // A start and an end that are too long together, and such that just are not.
        let (longest, long) = ("b".repeat(200), "c".repeat(100));
        for (length, room) in [(BucketName::MAX_LENGTH - 200, true), (56, false)] {
            let end = "d".repeat(length);
            let found = members(&[&longest, &long], &[&end]);
            assert_eq!(found.contains(&cell(&longest, &end)), room);
            assert!(found.contains(&cell(&long, &end)) && found.contains(&cell("", &end)));
        }
        let found = members(&[&long], &[&longest]);
        assert!(!found.contains(&cell(&long, &longest)) && found.contains(&cell("", &longest)));
    }

    #[test]
    fn names_are_found_by_how_they_start_and_end() {
        let names = ["a", "ab", "abc", "abd", "b", "bab", "ba", "c"];
        let starts = names.map(|name| [HEADER, name].concat());
        let ends = names.map(|name| [name, "/"].concat());
        let mut tests = Comparisons::default();
        tests.add(Operator::StartsWith, starts.iter().map(String::as_str));
        tests.add(Operator::EndsWith, ends.iter().map(String::as_str));
        let objects = ObjectArnPartition::new(HEADER, &tests);
        for text in names.into_iter().chain(["", "0", "aa", "abca", "bb", "d"]) {
            let range = objects.name_starts_from(&[HEADER, text].concat());
            for (at, name) in objects.name_starts.iter().enumerate() {
                assert_eq!(range.contains(&at), name.starts_with(text), "{name} from {text}");
            }
            let range = objects.name_ends_to(&[text, "/"].concat());
            for (at, name) in objects.name_ends.iter().enumerate() {
                assert_eq!(range.contains(&at), name.ends_with(text), "{name} to {text}");
            }
        }
        let (all_starts, all_ends) = (0..objects.name_starts.len(), 0..objects.name_ends.len());
        assert_eq!(
            (objects.name_starts_from("arn:"), objects.name_ends_to("")),
            (all_starts, all_ends)
        );
        assert_eq!((objects.name_starts_from("urn:"), objects.name_ends_to("a")), (0..0, 0..0));
    }

    #[test]
    fn an_example_of_a_cell_is_in_it() {
        // Ends that extend each other by the characters that are tried first.
        let ends: Vec<String> =
            ["", "a", "b", "aa", "ba", "cba"].map(|end| [end, "/"].concat()).into();
        let starts: Vec<String> =
            ["", "a", "ab", "acme", "b"].map(|start| [HEADER, start].concat()).into();
        let mut tests = Comparisons::default();
        tests.add(Operator::EndsWith, ends.iter().map(String::as_str));
        tests.add(Operator::StartsWith, starts.iter().map(String::as_str));
        let objects = ObjectArnPartition::new(HEADER, &tests);
        let (rows, columns, members) = objects.keyless_cells();
        assert!(rows > 4 && columns > 4, "{rows} {columns}");
        for (row, column) in members.cells() {
            let arn = objects.keyless_example(row, column).unwrap_or_default();
            let name = arn.strip_prefix(HEADER).and_then(|name| name.strip_suffix('/'));
            let cell = name.and_then(|name| objects.keyless_cell_of(name));
            assert_eq!(cell, Some((row, column)), "{arn}");
        }
    }
}
