//! The classes of values that an open value can have: within one, no value makes another difference
//! than the next.

mod alone;
mod lists;
mod names;
mod others;
mod place;
mod texts;
mod uses;

use cis_rules::open_values::{Asked, StandIn};
use cis_rules::partition::PARTITIONS;

use self::uses::Uses;
use super::domain::Domain;
use super::marks::Marks;
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
        return Some(partition());
    }
    if asked.log_buckets {
        let buckets = std::mem::take(&mut seen.log_buckets);
        for (bucket, name) in
            buckets.iter().flat_map(|bucket| asked.mentions.iter().map(move |name| (bucket, name)))
        {
            seen.compared.push((bucket.clone(), name.clone()));
        }
    }
    let uses = Uses::all(&seen);
    let whole = |uses: &Uses<'_>| uses.classes(&seen, asked);
    let compared = || uses.iter().filter(|uses| uses.is_compared);
    // What is made of a value that is not followed is seen once it is filled in.
    let unseen = compared().filter(|uses| !uses.is_followed).find_map(Uses::known_ones);
    unseen
        .or_else(|| compared().find_map(whole))
        .or_else(|| compared().find_map(Uses::known_ones))
        .or_else(|| seen.is_region_asked.then(partition))
        .or_else(|| seen.conditions.first().map(|name| condition(name)))
        .or_else(|| uses.iter().find_map(whole))
}

fn partition() -> Classes {
    Classes {
        key: Key::Partition,
        what: "the partition".to_string(),
        settled_by: "give it with `--partition` or `--region`".to_string(),
        classes: PARTITIONS.iter().map(|partition| Class::text(partition.id)).collect(),
    }
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
