//! Classes of names in ARNs of objects: a bucket's name, or a part of one.
//!
//! Selectors compare whole ARNs with texts. So two names that nothing mentions are alike where the
//! same mentioned texts start and end them. A name that something mentions stands for itself, and
//! so does one that is the start of a mentioned name, where a selector takes all names that start
//! so.

use std::collections::BTreeSet;

use cis_rules::open_values::Asked;

use super::super::OpenText;
use super::super::domain::Domain;
use super::super::marks::{Seen, index_of, is_marked};
use super::Class;

/// Where an open name stands in a text.
pub(super) enum Place<'t> {
    /// In the ARN of an object.
    InArn {
        /// What stands before it, behind `arn:aws:s3:::`.
        before: &'t str,
        /// Whether a character follows it that stands in no name.
        is_closed: bool,
    },
    /// In a text that starts as no ARN does.
    Elsewhere {
        /// The part of the same name before it.
        before: &'t str,
        /// Whether nothing at all stands before it.
        is_first: bool,
    },
}

/// Whether a character may stand in a bucket's name.
fn is_of_name(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_')
}

impl<'t> Place<'t> {
    /// The place of a text of this domain; none where it is not known what stands before it, where
    /// it is in the start of an ARN, or where the text may be more than a name and stands elsewhere
    /// than at a bucket's name.
    pub(super) fn of(before: &'t str, after: &str, domain: &Domain) -> Option<Self> {
        if is_marked(before) {
            return None;
        }
        match before.split_once(":::") {
            Some((start, object)) if start.starts_with("arn:") && start.ends_with(":s3") => {
                let closes = |next: char| !is_of_name(next) && index_of(next).is_none();
                let is_meant = domain.is_name() || object.chars().all(is_of_name);
                is_meant
                    .then(|| Self::InArn { before: object, is_closed: after.starts_with(closes) })
            }
            None if domain.is_name() && !before.starts_with("arn") => Some(Self::Elsewhere {
                before: before.rsplit(|one: char| !is_of_name(one)).next().unwrap_or_default(),
                is_first: before.is_empty(),
            }),
            _ => None,
        }
    }
}

/// What names are compared with.
pub(super) struct Names {
    /// Starts of `bucket/key`.
    heads: BTreeSet<String>,
    /// Ends of ARNs.
    tails: BTreeSet<String>,
}

impl Names {
    pub(super) fn new(seen: &Seen, asked: &Asked<'_>) -> Self {
        let mut names = Self { heads: BTreeSet::new(), tails: BTreeSet::new() };
        for text in seen.texts.iter().chain(asked.mentions) {
            let known = text.split(|character| index_of(character).is_some()).next();
            let known = known.unwrap_or_default();
            match known.split_once(":::") {
                Some((_, object)) => drop(names.heads.insert(object.to_string())),
                None if is_marked(text) => {}
                None if text.chars().all(is_of_name) => {
                    names.heads.insert(format!("{text}/"));
                }
                None => drop(names.tails.insert(text.clone())),
            }
        }
        names
    }

    /// The classes of an open name in these places, but for these texts.
    pub(super) fn classes(
        &self,
        open: &OpenText,
        places: &[Place<'_>],
        not: &[String],
    ) -> Option<Vec<Class>> {
        let domain = &open.domain;
        let found = self.found(places);
        let is_other = |text: &&String| domain.accepts(text) && !not.contains(text);
        let mentioned: Vec<&String> = found.names.iter().filter(is_other).collect();
        let all = self.heads.iter().chain(&self.tails).chain(&found.names).chain(not);
        let avoid: Vec<&str> = all.map(String::as_str).collect();
        let hint = hint(&open.shown);
        let mut classes: Vec<Class> = mentioned.iter().map(|name| Class::text(name)).collect();
        let mut made_up = Vec::new();
        for (start, end) in
            found.starts.iter().flat_map(|start| found.ends.iter().map(move |end| (start, end)))
        {
            let fresh = domain.fresh(start, end, &hint, &avoid);
            match fresh.filter(|name| name.chars().all(is_of_name)) {
                Some(name) => {
                    made_up.push(name.clone());
                    classes.push(Class::like(name, in_words(start, end), open));
                }
                // There may be such names although none was found.
                None if start.is_empty() && end.is_empty() => {
                    classes.truncate(mentioned.len());
                    let known = mentioned.into_iter().chain(not).cloned();
                    classes.push(Class::starting("", &known.collect::<Vec<_>>()));
                    return Some(classes);
                }
                None if has_room(domain, start, end) => return None,
                None => {}
            }
        }
        if !domain.is_name() {
            let is_left = |text: &str| {
                domain.accepts(text)
                    && !not.iter().chain(mentioned.iter().copied()).any(|known| known == text)
            };
            if is_left("") {
                classes.push(Class { value: "the empty text".to_string(), ..Class::text("") });
            }
            if !domain.has_only(is_of_name) {
                // More than a name: a name and a part of a key, or what is in no ARN at all.
                let starts = mentioned.iter().copied().chain(&made_up);
                classes.extend(starts.map(|name| Class::starting(&format!("{name}/"), not)));
                if let Some(other) = ["*", "?", "!"].into_iter().find(|text| is_left(text)) {
                    let value = "a text that is in no name".to_string();
                    classes.push(Class { value, ..Class::text(other) });
                }
            }
        }
        Some(classes)
    }

    fn found(&self, places: &[Place<'_>]) -> Found {
        let mut found = Found::default();
        found.starts.insert(String::new());
        found.ends.insert(String::new());
        for place in places {
            match *place {
                Place::InArn { before, is_closed } => {
                    self.starts_in_arn(before, is_closed, &mut found);
                    self.ends_in_arn(before, &mut found);
                }
                Place::Elsewhere { before, is_first } => {
                    self.ends_elsewhere(before, &mut found);
                    if is_first {
                        // ARNs start so, and so may a name.
                        found.names.extend(["a", "ar", "arn"].map(String::from));
                    }
                }
            }
        }
        found.names.remove("");
        found
    }

    /// The names and starts of names at which what starts so can be told apart.
    fn starts_in_arn(&self, before: &str, is_closed: bool, found: &mut Found) {
        let mut kinds: BTreeSet<Vec<bool>> = BTreeSet::new();
        for head in &self.heads {
            let Some(rest) = head.strip_prefix(before) else { continue };
            let name: &str = rest.split(|next: char| !is_of_name(next)).next().unwrap_or_default();
            found.names.insert(name.to_string());
            if rest == name {
                found.starts.insert(name.to_string());
            }
            if is_closed {
                continue;
            }
            for (end, _) in name.char_indices().skip(1) {
                let start = name.get(..end).unwrap_or_default();
                let text = format!("{before}{start}");
                let of_heads = self
                    .heads
                    .iter()
                    .flat_map(|other| [other.starts_with(&text), text.starts_with(other.as_str())]);
                if kinds.insert(of_heads.collect()) {
                    found.names.insert(start.to_string());
                }
            }
        }
    }

    /// The names and ends of names at which ARNs without a key can be told apart.
    fn ends_in_arn(&self, before: &str, found: &mut Found) {
        for tail in &self.tails {
            let Some((name, _)) = tail.split_once('/') else { continue };
            if !name.chars().all(is_of_name) {
                continue;
            }
            for (cut, _) in name.char_indices() {
                let (start, end) = name.split_at(cut);
                if before.ends_with(start) {
                    found.names.insert(end.to_string());
                    found.ends.insert(end.to_string());
                }
            }
        }
    }
}

impl Names {
    /// The names and ends of names at which what ends so can be told apart.
    fn ends_elsewhere(&self, before: &str, found: &mut Found) {
        let texts = self.heads.iter().chain(&self.tails);
        let names = texts.flat_map(|text| text.split(|one: char| !is_of_name(one)));
        let names: BTreeSet<&str> = names.filter(|name| !name.is_empty()).collect();
        let mut kinds: BTreeSet<Vec<bool>> = BTreeSet::new();
        for name in &names {
            if let Some(end) = name.strip_prefix(before) {
                found.names.insert(end.to_string());
            }
            found.ends.insert((*name).to_string());
            for (cut, _) in name.char_indices() {
                let whole = name.get(cut..).unwrap_or_default();
                let Some(end) = whole.strip_prefix(before) else { continue };
                let of_names =
                    names.iter().flat_map(|other| [other.ends_with(whole), whole.ends_with(other)]);
                if kinds.insert(of_names.collect()) {
                    found.names.insert(end.to_string());
                    found.ends.insert(end.to_string());
                }
            }
        }
    }
}

#[derive(Default)]
struct Found {
    names: BTreeSet<String>,
    starts: BTreeSet<String>,
    ends: BTreeSet<String>,
}

/// Whether there can be a text with this start and this end, and more between them.
fn has_room(domain: &Domain, start: &str, end: &str) -> bool {
    let (longest, is_meant): (usize, fn(char) -> bool) = match domain {
        Domain::BucketName => (63, |one| !one.is_ascii_uppercase() && one != '_'),
        Domain::AccountId => (12, |one| one.is_ascii_digit()),
        Domain::Region(_) => (32, |_| true),
        Domain::StackName => (128, |_| true),
        Domain::Listed(_) | Domain::Text(_) => (usize::MAX, |_| true),
    };
    start.len() + end.len() < longest && start.chars().chain(end.chars()).all(is_meant)
}

fn in_words(start: &str, end: &str) -> String {
    match (start, end) {
        ("", "") => "any other name".to_string(),
        (start, "") => format!("any other name that starts with `{start}`"),
        ("", end) => format!("any other name that ends with `{end}`"),
        (start, end) => format!("any other name that starts with `{start}` and ends with `{end}`"),
    }
}

/// A name that says what it stands for: `log-bucket-made-up` for `${LogBucket}`.
fn hint(shown: &str) -> String {
    let mut name = String::new();
    for character in shown.chars() {
        match character {
            'a'..='z' | '0'..='9' => name.push(character),
            'A'..='Z' => {
                if name.ends_with(|last: char| last.is_ascii_lowercase()) {
                    name.push('-');
                }
                name.push(character.to_ascii_lowercase());
            }
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    let name = name.get(..name.len().min(40)).unwrap_or_default();
    format!("{}-made-up", name.trim_end_matches('-'))
}
