//! What is done with an open text, and the classes of texts that this tells apart.

use std::collections::BTreeSet;

use cis_rules::open_values::Asked;

use super::super::domain::Domain;
use super::super::marks::{Compared, Seen, index_of, is_marked};
use super::super::{Key, OpenText};
use super::names::Mentions;
use super::others::Others;
use super::place::{Place, is_of_name};
use super::texts::Texts;
use super::{Class, Classes, MOST};

/// The most pairs of open texts, compared with each other, that are followed.
const MOST_PAIRS: usize = 32;

/// What is done with an open text, and with those that it is compared with.
pub(super) struct Uses<'s> {
    pub(super) index: usize,
    key: &'s str,
    pub(super) open: &'s OpenText,
    /// Whether it is compared for equality.
    pub(super) is_compared: bool,
    /// Texts that it may be equal to.
    pub(super) equals: Vec<String>,
    /// The same with texts that it cannot be.
    compared: Vec<String>,
    /// Whether all that is done with it is followed.
    pub(super) is_followed: bool,
    /// The texts in selectors that it is a part of, or one that it may be equal to, each with the
    /// position of the open text.
    pub(super) texts: Vec<(usize, &'s Compared)>,
}

impl<'s> Uses<'s> {
    /// The uses of all open texts that are used at all.
    pub(super) fn all(seen: &'s Seen) -> Vec<Self> {
        let open = seen.open.iter().enumerate();
        let mut all: Vec<Self> =
            open.map(|(index, (key, open))| Self::of(index, key, open, seen)).collect();
        // Two open texts that are compared with each other have all uses in common: each of them
        // may be what the other is compared with.
        let pairs: BTreeSet<(usize, usize)> = seen
            .compared
            .iter()
            .filter_map(|(one, other)| Some((only_mark(one)?, only_mark(other)?)))
            .flat_map(|(one, other)| [(one, other), (other, one)])
            .collect();
        for _ in 0..pairs.len().min(MOST_PAIRS) {
            for (from, to) in &pairs {
                let Some(from) = all.get(*from).map(Shared::of) else { continue };
                if let Some(to) = all.get_mut(*to) {
                    let are_alike = to.open.domain.stands_for(from.domain);
                    to.share(from);
                    to.is_followed &= pairs.len() <= MOST_PAIRS && are_alike;
                }
            }
        }
        let mut all: Vec<Self> = all
            .into_iter()
            .map(|mut uses| {
                uses.compared.clone_from(&uses.equals);
                uses.equals.retain(|text| uses.open.domain.accepts(text));
                uses
            })
            .filter(|uses| uses.is_compared || !uses.texts.is_empty())
            .collect();
        all.sort_by_key(Self::order);
        all
    }

    fn of(index: usize, key: &'s str, open: &'s OpenText, seen: &'s Seen) -> Self {
        let texts = seen.texts.iter().filter(|compared| has(&compared.text, index));
        let mut uses = Self {
            index,
            key,
            open,
            is_compared: false,
            equals: Vec::new(),
            compared: Vec::new(),
            is_followed: !seen.unclear.iter().any(|text| has(text, index)),
            texts: texts.map(|compared| (index, compared)).collect(),
        };
        if let Domain::Listed(texts) = &open.domain {
            uses.equals.clone_from(texts);
        }
        for (one, other) in &seen.compared {
            for (with, other) in [(one, other), (other, one)] {
                if has(with, index) {
                    uses.is_compared = true;
                    uses.compare(with, other);
                }
            }
        }
        uses
    }

    /// Takes down what the value must be for two texts to be equal.
    fn compare(&mut self, with: &str, other: &str) {
        let Some((before, after)) = around(with, self.index) else { return };
        if is_marked(other) {
            self.is_followed &= only_mark(with).is_some() && only_mark(other).is_some();
        } else if is_marked(before) || is_marked(after) {
            self.is_followed = false;
        } else if let Some(middle) =
            other.strip_prefix(before).and_then(|rest| rest.strip_suffix(after))
        {
            self.add(middle);
        }
    }

    fn add(&mut self, text: &str) {
        if !self.equals.iter().any(|known| known == text) {
            self.equals.push(text.to_string());
        }
    }

    fn share(&mut self, Shared { equals, is_followed, texts, .. }: Shared<'s>) {
        equals.iter().for_each(|text| self.add(text));
        self.is_followed &= is_followed;
        for text in texts {
            if !self.texts.contains(&text) {
                self.texts.push(text);
            }
        }
    }

    /// What is filled in first: of what fits into less, the text that stands for others may not be
    /// one that fits, so it comes before what fits into more. Of two that fit into as much, the one
    /// that may be the start or the end of the other comes first: then it is known what the other
    /// is compared with.
    pub(super) fn order(&self) -> (u8, bool, u8) {
        let is_part = |(index, compared): &(usize, &Compared)| {
            compared.is_end
                || around(&compared.text, *index).is_none_or(|(_, after)| {
                    !after.starts_with(|next| !is_of_name(next) && index_of(next).is_none())
                })
        };
        let is_whole = !self.texts.iter().any(is_part);
        match &self.open.domain {
            Domain::Listed(_) | Domain::ListOf(_) => (0, is_whole, 0),
            domain if domain.is_restricted() => (1, is_whole, 0),
            Domain::AccountId => (2, is_whole, 0),
            Domain::Region(_) => (3, is_whole, 0),
            Domain::StackName => (4, is_whole, 0),
            Domain::BucketName { start } => (4, is_whole, if start.is_empty() { 2 } else { 1 }),
            Domain::Text(_) => (4, is_whole, 3),
        }
    }

    fn written(&self, classes: Vec<Class>) -> Option<Classes> {
        (classes.len() <= MOST).then(|| Classes {
            key: Key::Text(self.key.to_string()),
            what: self.open.what.clone(),
            settled_by: self.open.settled_by.clone(),
            classes,
        })
    }

    /// Classes of which every one is decided by one text, or nearly so.
    pub(super) fn classes(&self, seen: &Seen, asked: &Asked<'_>) -> Option<Classes> {
        let domain = &self.open.domain;
        if let Domain::Listed(texts) = domain {
            return self.written(texts.iter().map(|text| Class::text(text)).collect());
        }
        if let Domain::ListOf(texts) = domain {
            return self.written(self.lists(texts)?);
        }
        if !self.is_followed || !domain.is_clear() {
            return None;
        }
        if self.texts.is_empty() {
            return self.written(self.compared_only());
        }
        let partition = if seen.partition.is_empty() { "aws" } else { &seen.partition };
        let header = format!("arn:{partition}:s3:::");
        let known = || self.equals.iter().map(|text| Class::text(text));
        if self.is_alone(seen, asked, &header) {
            return self.written(known().chain(self.classes_alone()?).collect());
        }
        let mut places = Vec::new();
        for (index, compared) in &self.texts {
            let around = around(&compared.text, *index)?;
            places.push(Place::of(around, compared, domain, &header)?);
        }
        let mut mentions = Mentions::new(seen, asked);
        mentions.others = Others::beside(self.index, seen, &header);
        if mentions.others.are_unclear {
            return None;
        }
        let texts = Texts {
            open: self.open,
            mentions: &mentions,
            places: &places,
            not: &self.equals,
            header: &header,
        };
        self.written(known().chain(texts.classes()?).collect())
    }

    /// The classes of a text that is compared for equality only.
    fn compared_only(&self) -> Vec<Class> {
        let mut classes: Vec<Class> = self.equals.iter().map(|text| Class::text(text)).collect();
        let avoid: Vec<&str> = self.equals.iter().map(String::as_str).collect();
        let domain = &self.open.domain;
        let fresh = domain.fresh("", "", "made-up", &avoid).or_else(|| domain.example(&avoid));
        classes.push(match fresh {
            Some(text) => Class::like("", text, "any other text".to_string(), self.open),
            None => Class::starting("", &self.compared),
        });
        classes
    }

    /// The texts that a comparison tells apart, and all others.
    pub(super) fn known_ones(&self) -> Option<Classes> {
        if self.equals.is_empty() {
            return None;
        }
        if let Domain::Listed(texts) = &self.open.domain {
            return self.written(texts.iter().map(|text| Class::text(text)).collect());
        }
        let mut classes: Vec<Class> = self.equals.iter().map(|text| Class::text(text)).collect();
        classes.push(Class::starting("", &self.compared));
        self.written(classes)
    }
}

/// What open texts that are compared with each other have in common.
struct Shared<'s> {
    domain: &'s Domain,
    equals: Vec<String>,
    is_followed: bool,
    texts: Vec<(usize, &'s Compared)>,
}

impl<'s> Shared<'s> {
    fn of(uses: &Uses<'s>) -> Self {
        Self {
            domain: &uses.open.domain,
            equals: uses.equals.clone(),
            is_followed: uses.is_followed,
            texts: uses.texts.clone(),
        }
    }
}

/// Whether a text has the mark of this open text.
pub(super) fn has(text: &str, index: usize) -> bool {
    text.chars().any(|character| index_of(character) == Some(index))
}

/// The open text whose mark is all of a text.
fn only_mark(text: &str) -> Option<usize> {
    let mut characters = text.chars();
    let only = characters.next().and_then(index_of)?;
    characters.next().is_none().then_some(only)
}

/// What stands before the mark of an open text and after it.
pub(super) fn around(text: &str, index: usize) -> Option<(&str, &str)> {
    let mut all = text.char_indices();
    let (start, mark) = all.find(|(_, character)| index_of(*character) == Some(index))?;
    Some((text.get(..start)?, text.get(start + mark.len_utf8()..)?))
}
