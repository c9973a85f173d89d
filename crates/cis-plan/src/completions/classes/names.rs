//! The names at which texts that ARNs are compared with can be told apart.
//!
//! Selectors compare whole ARNs with texts. So two names that nothing mentions are alike where the
//! same mentioned texts start and end them. A name that something mentions stands for itself, and
//! so does one that is the start of a mentioned name, where a selector takes all names that start
//! so.

use std::collections::BTreeSet;

use cis_rules::open_values::Asked;

use super::super::marks::{Compared, OF_FIELD, Seen, index_of, is_marked};
use super::place::{Place, first_name, is_of_name};
use super::uses::Others;

/// What names are compared with.
pub(super) struct Mentions {
    /// Starts of `bucket/key`.
    heads: BTreeSet<String>,
    /// Ends of ARNs.
    tails: BTreeSet<String>,
    /// What other open texts may be.
    pub(super) others: Others,
}

/// Names, and starts and ends of names, at which others can be told apart.
#[derive(Default)]
pub(super) struct Names {
    pub(super) whole: BTreeSet<String>,
    pub(super) starts: BTreeSet<String>,
    pub(super) ends: BTreeSet<String>,
}

impl Mentions {
    pub(super) fn new(seen: &Seen, asked: &Asked<'_>) -> Self {
        let (heads, tails) = (BTreeSet::new(), BTreeSet::new());
        let mut all = Self { heads, tails, others: Others::default() };
        for Compared { text, is_end } in &seen.texts {
            let known = text.split(|character| index_of(character).is_some()).next();
            let known = known.unwrap_or_default();
            match known.split_once(":::") {
                _ if known.contains(OF_FIELD) => drop(all.heads.insert(known.to_string())),
                Some((_, object)) => drop(all.heads.insert(object.to_string())),
                None if *is_end && !is_marked(text) => drop(all.tails.insert(text.clone())),
                None => {}
            }
        }
        for text in asked.mentions {
            match text.split_once(":::") {
                Some((_, object)) => all.heads.insert(object.to_string()),
                None if text.chars().all(is_of_name) => all.heads.insert(format!("{text}/")),
                None => all.tails.insert(text.clone()),
            };
        }
        all
    }

    /// All texts that are mentioned.
    pub(super) fn texts(&self) -> impl Iterator<Item = &str> {
        self.heads.iter().chain(&self.tails).map(String::as_str)
    }

    /// Whether keys in a bucket can be told apart.
    pub(super) fn has_keys(&self, bucket: &str) -> bool {
        let is_in = |head: &String| {
            head.strip_prefix(bucket).is_some_and(|rest| rest.starts_with('/') && rest.len() > 1)
        };
        !self.tails.is_empty() || self.heads.iter().any(is_in)
    }

    /// The names at which a text in these places can be told apart.
    pub(super) fn names(&self, places: &[Place<'_>], accepts: &dyn Fn(&str) -> bool) -> Names {
        let mut names = Names::default();
        names.starts.insert(String::new());
        names.ends.insert(String::new());
        for place in places {
            match *place {
                Place::InArn { before, after, is_closed } => {
                    let is_whole = is_closed && after.is_empty();
                    self.starts_in_arn(before, is_whole, accepts, &mut names);
                    self.ends_in_arn(before, &mut names);
                    if self.others.are_ends {
                        self.ends("", accepts, &mut names);
                    }
                }
                Place::Start { .. } => {
                    // ARNs start so, and so may a name.
                    names.whole.extend(["a", "ar", "arn"].map(String::from));
                }
                Place::End { before } => self.ends(before, accepts, &mut names),
                Place::Nowhere => {}
            }
        }
        names.whole.remove("");
        names
    }

    fn starts_in_arn(
        &self,
        before: &str,
        is_whole: bool,
        accepts: &dyn Fn(&str) -> bool,
        names: &mut Names,
    ) {
        let mut kinds: BTreeSet<(bool, Vec<bool>)> = BTreeSet::new();
        for head in &self.heads {
            let Some(rest) = head.strip_prefix(before) else { continue };
            let name = first_name(rest);
            names.whole.insert(name.to_string());
            if rest == name {
                names.starts.insert(name.to_string());
            }
            if is_whole && !self.others.are_starts {
                continue;
            }
            for (end, _) in name.char_indices().skip(1) {
                let start = name.get(..end).unwrap_or_default();
                let text = format!("{before}{start}");
                let of_heads = self
                    .heads
                    .iter()
                    .flat_map(|other| [other.starts_with(&text), text.starts_with(other.as_str())]);
                // What starts with more than no name can be is told apart by what it starts with.
                if kinds.insert((accepts(start), of_heads.collect())) {
                    names.whole.insert(start.to_string());
                    if self.others.are_starts {
                        names.starts.insert(start.to_string());
                    }
                }
            }
        }
    }

    /// ARNs without a key end with the bucket's name and a slash.
    fn ends_in_arn(&self, before: &str, names: &mut Names) {
        for tail in &self.tails {
            let Some((name, _)) = tail.split_once('/') else { continue };
            if !name.chars().all(is_of_name) {
                continue;
            }
            for (cut, _) in name.char_indices() {
                let (start, end) = name.split_at(cut);
                if before.ends_with(start) {
                    names.whole.insert(end.to_string());
                    names.ends.insert(end.to_string());
                }
            }
        }
    }

    fn ends(&self, before: &str, accepts: &dyn Fn(&str) -> bool, names: &mut Names) {
        let all = self.texts().flat_map(|text| text.split(|one: char| !is_of_name(one)));
        let all: BTreeSet<&str> = all.filter(|name| !name.is_empty()).collect();
        let mut kinds: BTreeSet<Vec<bool>> = BTreeSet::new();
        for name in &all {
            if let Some(end) = name.strip_prefix(before) {
                names.whole.insert(end.to_string());
            }
            names.ends.insert((*name).to_string());
            for (cut, _) in name.char_indices() {
                let whole = name.get(cut..).unwrap_or_default();
                let Some(end) = whole.strip_prefix(before) else { continue };
                let of_names =
                    all.iter().flat_map(|other| [other.ends_with(whole), whole.ends_with(other)]);
                if accepts(end) && kinds.insert(of_names.collect()) {
                    names.whole.insert(end.to_string());
                    names.ends.insert(end.to_string());
                }
            }
        }
    }
}
