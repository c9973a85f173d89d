//! The names at which texts that ARNs are compared with can be told apart.
//!
//! Selectors compare whole ARNs with texts. So two names that nothing mentions are alike where the
//! same mentioned texts start and end them. A name that something mentions stands for itself, and
//! so does one that is the start of a mentioned name, where a selector takes all names that start
//! so.

use std::collections::BTreeSet;

use cis_rules::open_values::Asked;

use super::super::marks::{Compared, OF_FIELD, Seen, index_of, is_marked};
use super::others::Others;
use super::place::{Place, first_name, is_of_name};

/// What names are compared with.
pub(super) struct Mentions<'s> {
    /// Starts of `bucket/key`.
    heads: BTreeSet<String>,
    /// Ends of ARNs.
    tails: BTreeSet<String>,
    /// What other open texts may be.
    pub(super) others: Others<'s>,
}

/// Names, and starts and ends of names, at which others can be told apart.
#[derive(Default)]
pub(super) struct Names {
    pub(super) whole: BTreeSet<String>,
    pub(super) starts: BTreeSet<String>,
    pub(super) ends: BTreeSet<String>,
}

impl Mentions<'_> {
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
                    if is_closed && after.is_empty() && self.others.starts.is_empty() {
                        self.names_in_arn(before, &mut names);
                    } else {
                        self.starts_in_arn((before, after), accepts, &mut names);
                    }
                    self.ends_in_arn(before, &mut names);
                    if !self.others.ends.is_empty() {
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

    /// Names that are mentioned, and starts of names.
    fn names_in_arn(&self, before: &str, names: &mut Names) {
        for rest in self.heads.iter().filter_map(|head| head.strip_prefix(before)) {
            let name = first_name(rest);
            names.whole.insert(name.to_string());
            if rest == name {
                names.starts.insert(name.to_string());
            }
        }
    }

    /// The same where not the whole name is compared, with the starts of mentioned names that can be
    /// told apart: by themselves, with what follows here, and with what follows other texts that may
    /// be such a start.
    fn starts_in_arn(
        &self,
        (before, after): (&str, &str),
        accepts: &dyn Fn(&str) -> bool,
        names: &mut Names,
    ) {
        self.names_in_arn(before, names);
        let mut kinds: BTreeSet<(bool, Vec<bool>)> = BTreeSet::new();
        let mentioned = self.heads.iter().filter_map(|head| head.strip_prefix(before));
        for name in mentioned.map(first_name) {
            let ends = name.char_indices().skip(1).map(|(end, _)| end).chain([name.len()]);
            for start in ends.filter_map(|end| name.get(..end)).filter(|start| !start.is_empty()) {
                let followed =
                    ["", after].into_iter().chain(self.others.starts.iter().map(|s| &**s));
                let mut of_heads = Vec::new();
                for text in followed.map(|after| format!("{before}{start}{after}")) {
                    of_heads.extend(self.heads.iter().flat_map(|other| {
                        [other.starts_with(&text), text.starts_with(other.as_str())]
                    }));
                }
                // What starts with more than no name can be is told apart by what it starts with.
                if kinds.insert((accepts(start), of_heads)) {
                    names.whole.insert(start.to_string());
                    let followed = self.others.starts.iter().map(|after| format!("{start}{after}"));
                    names.starts.extend(followed);
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
                let led = self.others.ends.iter().map(|before| format!("{before}{whole}"));
                let mut of_names = Vec::new();
                for text in [whole.to_string()].into_iter().chain(led) {
                    of_names.extend(
                        all.iter().flat_map(|one| [one.ends_with(&text), text.ends_with(one)]),
                    );
                }
                if accepts(end) && kinds.insert(of_names) {
                    names.whole.insert(end.to_string());
                    names.ends.insert(end.to_string());
                    let led = self.others.ends.iter().map(|before| format!("{before}{end}"));
                    names.ends.extend(led);
                }
            }
        }
    }
}
