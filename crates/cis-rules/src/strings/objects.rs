//! Tests on the ARNs of objects, taken apart into bucket names and keys.

use alloc::string::String;
use alloc::vec::Vec;

use super::bucket_names::NameClass;
use super::order::{directly_under, next_longer};
use super::universe::Tests;
use crate::question::BucketName;

/// The bucket and the key of an object's ARN, or of an ARN prefix of a bucket's objects.
pub(super) fn split_object<'a>(header: &str, arn: &'a str) -> Option<(&'a str, &'a str)> {
    let (name, key) = arn.strip_prefix(header)?.split_once('/')?;
    BucketName::is_valid(name).then_some((name, key))
}

/// The tests on object ARNs that can tell two of them apart.
#[derive(Clone, Debug)]
pub(super) struct ObjectTests<'a> {
    header: &'a str,
    /// Tested starts of bucket names, the empty one included.
    name_starts: Vec<&'a str>,
    /// Tested ends of bucket names, the empty one included.
    name_ends: Vec<&'a str>,
    /// Names that a test tells apart from all others when the key is empty.
    names: Vec<&'a str>,
    /// Names of which a tested start takes every key.
    whole_names: Vec<&'a str>,
    /// Tested starts up to the name's end and past it.
    starts: Vec<&'a str>,
    /// Single tested objects.
    objects: Vec<&'a str>,
    /// An example of each class of names with an empty key, in the order of tested start and end.
    prefix_classes: Vec<((usize, usize), String)>,
}

impl<'a> ObjectTests<'a> {
    pub(super) fn new(header: &'a str, tests: &Tests<'a>) -> Self {
        let mut parts = Self {
            header,
            name_starts: alloc::vec![""],
            name_ends: alloc::vec![""],
            names: Vec::new(),
            whole_names: Vec::new(),
            starts: alloc::vec![header],
            objects: Vec::new(),
            prefix_classes: Vec::new(),
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
        for texts in [
            &mut parts.name_starts,
            &mut parts.name_ends,
            &mut parts.names,
            &mut parts.whole_names,
            &mut parts.starts,
        ] {
            texts.sort_unstable();
            texts.dedup();
        }
        parts.find_prefix_classes();
        parts
    }

    fn add_start(&mut self, start: &'a str) {
        if let Some((name, key)) = split_object(self.header, start) {
            self.starts.push(start);
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

    /// Single tested objects.
    pub(super) fn single_objects(&self) -> impl Iterator<Item = &'a str> {
        self.objects.iter().copied()
    }

    /// The tested starts that some object with a key has as its longest one.
    pub(super) fn rows(&self) -> Vec<&'a str> {
        let has_object = |start: &&'a str| start.contains('/') || self.free_bucket(start).is_some();
        self.starts.iter().copied().filter(has_object).collect()
    }

    /// A bucket, with its slash, whose ARN starts so and with no longer tested start.
    pub(super) fn free_bucket(&self, start: &str) -> Option<String> {
        let start = start.strip_prefix(self.header)?;
        let not_starts = next_longer(&self.name_starts, start);
        let names = directly_under(&self.whole_names, start, &not_starts);
        let class =
            NameClass { start, not_starts: &not_starts, end: "", not_ends: &[], names: &names };
        Some([self.header, &class.example()?, "/"].concat())
    }

    fn find_prefix_classes(&mut self) {
        let mut classes = Vec::new();
        let ends: Vec<(&str, Vec<&str>)> =
            self.name_ends.iter().map(|end| (*end, self.longer_ends(end))).collect();
        for (row, start) in self.name_starts.iter().enumerate() {
            let not_starts = next_longer(&self.name_starts, start);
            let names = directly_under(&self.names, start, &not_starts);
            for (column, (end, not_ends)) in ends.iter().enumerate() {
                let class =
                    NameClass { start, not_starts: &not_starts, end, not_ends, names: &names };
                if let Some(name) = class.example() {
                    classes.push(((row, column), self.prefix_of(&name)));
                }
            }
        }
        self.prefix_classes = classes;
    }

    fn prefix_of(&self, name: &str) -> String {
        [self.header, name, "/"].concat()
    }

    /// The tested ends that strictly extend an end, less those that extend another such end.
    fn longer_ends(&self, end: &str) -> Vec<&'a str> {
        let longer: Vec<&str> = self
            .name_ends
            .iter()
            .copied()
            .filter(|longer| longer.len() > end.len() && longer.ends_with(end))
            .collect();
        let is_next = |text: &&str| {
            !longer.iter().any(|other| other.len() < text.len() && text.ends_with(other))
        };
        longer.iter().copied().filter(is_next).collect()
    }

    /// An example of each class of ARN prefixes.
    pub(super) fn prefix_classes(&self) -> impl Iterator<Item = String> {
        self.names
            .iter()
            .map(|name| self.prefix_of(name))
            .chain(self.prefix_classes.iter().map(|(_, example)| example.clone()))
    }

    /// The example of the class of a bucket's ARN prefix; the name is not one that a test tells apart.
    pub(super) fn prefix_class_of(&self, name: &str) -> Option<&str> {
        let longest = |tests: &[&str], meets: &dyn Fn(&&str) -> bool| {
            let met = tests.iter().enumerate().filter(|(_, test)| meets(test));
            met.max_by_key(|(_, test)| test.len()).map(|(index, _)| index)
        };
        let row = longest(&self.name_starts, &|start| name.starts_with(*start))?;
        let column = longest(&self.name_ends, &|end| name.ends_with(*end))?;
        let found =
            self.prefix_classes.binary_search_by_key(&(row, column), |(class, _)| *class).ok()?;
        self.prefix_classes.get(found).map(|(_, example)| example.as_str())
    }
}
