//! The classes of values that an open value can have: within one, no value makes another difference
//! than the next.

mod names;
mod place;
mod texts;

use cis_rules::open_values::{Asked, StandIn};
use cis_rules::partition::PARTITIONS;

use self::names::Mentions;
use self::place::Place;
use self::texts::Texts;
use super::domain::Domain;
use super::marks::{Compared, Marks, Seen, index_of, is_marked};
use super::{Choice, Key, OpenText};

/// The most classes of one value; a value with more is left open.
const MOST: usize = 256;

/// An open value and all of its classes.
pub(super) struct Classes {
    /// The value.
    pub(super) key: Key,
    /// What it is, as a noun.
    pub(super) what: String,
    /// How a user can give it a value.
    pub(super) settled_by: String,
    /// The classes.
    pub(super) classes: Vec<Class>,
}

/// Some values of an open value.
pub(super) struct Class {
    /// They in words.
    pub(super) value: String,
    /// One of them, or what they have in common.
    pub(super) choice: Choice,
    /// The text that was made up for them.
    pub(super) stand_in: Option<StandIn>,
}

impl Class {
    /// This text only.
    fn text(text: &str) -> Self {
        Self { value: format!("`{text}`"), choice: Choice::Text(text.to_string()), stand_in: None }
    }

    /// Texts for which this one stands, behind a start that they have in common.
    fn like(start: &str, text: String, value: String, open: &OpenText) -> Self {
        let choice = Choice::Text(format!("{start}{text}"));
        let stand_in = StandIn { text, shown: open.shown.clone() };
        let value = match start {
            "" => value,
            start => format!("`{start}` and {value}"),
        };
        Self { value, choice, stand_in: Some(stand_in) }
    }

    /// Whether it is one text, and one of these.
    fn text_is_one_of(&self, texts: &[String]) -> bool {
        matches!(&self.choice, Choice::Text(text) if texts.contains(text))
    }

    /// Whether its texts are allowed, as far as one of them tells.
    fn is_allowed(&self, domain: &Domain) -> bool {
        match &self.choice {
            Choice::Text(text) | Choice::Starting(text, _) => domain.accepts(text),
            Choice::Truth(_) => false,
        }
    }

    /// All texts with this start but these.
    fn starting(start: &str, not: &[String]) -> Self {
        let value = match (start, not) {
            ("", []) => "any text".to_string(),
            ("", _) => "any other text".to_string(),
            (start, _) => format!("a text that starts with `{start}`"),
        };
        Self { value, choice: Choice::Starting(start.to_string(), not.to_vec()), stand_in: None }
    }
}

/// The next open value that can make a difference, and its classes. What conditions compare comes
/// first: then less is left that must be told apart.
pub(super) fn next(marks: Marks, asked: &Asked<'_>) -> Option<Classes> {
    let mut seen = marks.into_seen();
    if seen.is_partition_open {
        return Some(Classes {
            key: Key::Partition,
            what: "the partition".to_string(),
            settled_by: "give it with `--partition` or `--region`".to_string(),
            classes: PARTITIONS.iter().map(|partition| Class::text(partition.id)).collect(),
        });
    }
    if asked.log_buckets {
        let buckets = std::mem::take(&mut seen.log_buckets);
        for (bucket, name) in
            buckets.iter().flat_map(|bucket| asked.mentions.iter().map(move |name| (bucket, name)))
        {
            seen.compared.push((bucket.clone(), name.clone()));
        }
    }
    let uses: Vec<Uses<'_>> =
        (0..seen.open.len()).filter_map(|index| Uses::of(index, &seen)).collect();
    let whole = |uses: &Uses<'_>| uses.classes(&seen, asked);
    let compared = || uses.iter().filter(|uses| !uses.equals.is_empty());
    compared()
        .find_map(whole)
        .or_else(|| compared().find_map(Uses::known_ones))
        .or_else(|| seen.conditions.first().map(|name| condition(name)))
        .or_else(|| uses.iter().find_map(whole))
}

fn condition(name: &str) -> Classes {
    let truth = |(value, holds)| Class {
        value: String::from(value),
        choice: Choice::Truth(holds),
        stand_in: None,
    };
    Classes {
        key: Key::Condition(name.to_string()),
        what: format!("whether condition `{name}` holds"),
        settled_by: "deploy, and audit the account".to_string(),
        classes: [("`true`", true), ("`false`", false)].map(truth).into(),
    }
}

/// What is done with an open text.
struct Uses<'s> {
    index: usize,
    key: &'s str,
    open: &'s OpenText,
    /// Texts that it may be equal to.
    equals: Vec<String>,
    /// Whether those are all texts that decide a comparison.
    are_all_equals: bool,
    /// The texts in selectors that it is a part of.
    texts: Vec<&'s Compared>,
}

impl<'s> Uses<'s> {
    fn of(index: usize, seen: &'s Seen) -> Option<Self> {
        let (key, open) = seen.open.get(index)?;
        let has_it = |text: &str| text.chars().any(|character| index_of(character) == Some(index));
        let texts = seen.texts.iter().filter(|compared| has_it(&compared.text)).collect();
        let mut uses = Self { index, key, open, equals: Vec::new(), are_all_equals: true, texts };
        let mut is_compared = false;
        for (one, other) in &seen.compared {
            for (with, other) in [(one, other), (other, one)] {
                if has_it(with) {
                    is_compared = true;
                    uses.compare(with, other);
                }
            }
        }
        if seen.unclear.iter().any(|text| has_it(text)) {
            uses.are_all_equals = false;
        }
        (is_compared || !uses.texts.is_empty()).then_some(uses)
    }

    /// Takes down what the value must be for two texts to be equal.
    fn compare(&mut self, with: &str, other: &str) {
        let Some((before, after)) = self.around(with) else { return };
        if is_marked(other) {
            // Two open texts: once this one is filled in, the other is compared with that.
            let is_only = |text: &str| text.chars().count() == 1;
            self.are_all_equals &= is_only(with) && is_only(other);
        } else if is_marked(before) || is_marked(after) {
            self.are_all_equals = false;
        } else if let Some(middle) =
            other.strip_prefix(before).and_then(|rest| rest.strip_suffix(after))
            && self.open.domain.accepts(middle)
            && !self.equals.iter().any(|known| known == middle)
        {
            self.equals.push(middle.to_string());
        }
    }

    /// What stands before it and after it in a text.
    fn around<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let mut all = text.char_indices();
        let (start, mark) = all.find(|(_, character)| index_of(*character) == Some(self.index))?;
        Some((text.get(..start)?, text.get(start + mark.len_utf8()..)?))
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
    fn classes(&self, seen: &Seen, asked: &Asked<'_>) -> Option<Classes> {
        let domain = &self.open.domain;
        if let Domain::Listed(texts) = domain {
            return self.written(texts.iter().map(|text| Class::text(text)).collect());
        }
        if !self.are_all_equals || !domain.is_clear() {
            return None;
        }
        if self.texts.is_empty() {
            return self.written(self.compared_only());
        }
        let partition = if seen.partition.is_empty() { "aws" } else { &seen.partition };
        let header = format!("arn:{partition}:s3:::");
        let mut places = Vec::new();
        for compared in &self.texts {
            let around = self.around(&compared.text)?;
            places.push(Place::of(around, compared, domain, &header)?);
        }
        let (mentions, open) = (Mentions::new(seen, asked), self.open);
        let texts = Texts {
            open,
            mentions: &mentions,
            places: &places,
            not: &self.equals,
            header: &header,
        };
        let mut classes: Vec<Class> = self.equals.iter().map(|text| Class::text(text)).collect();
        classes.extend(texts.classes()?);
        self.written(classes)
    }

    /// The classes of a text that is compared for equality only.
    fn compared_only(&self) -> Vec<Class> {
        let mut classes: Vec<Class> = self.equals.iter().map(|text| Class::text(text)).collect();
        let avoid: Vec<&str> = self.equals.iter().map(String::as_str).collect();
        let fresh = self.open.domain.fresh("", "", "made-up", &avoid);
        classes.push(match fresh {
            Some(text) => Class::like("", text, "any other text".to_string(), self.open),
            None => Class::starting("", &self.equals),
        });
        classes
    }

    /// The texts that a comparison tells apart, and all others.
    fn known_ones(&self) -> Option<Classes> {
        if self.equals.is_empty() {
            return None;
        }
        let mut classes: Vec<Class> = self.equals.iter().map(|text| Class::text(text)).collect();
        classes.push(Class::starting("", &self.equals));
        self.written(classes)
    }
}
