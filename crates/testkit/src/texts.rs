//! Texts to compare fields with, close to each other: near misses, not noise.
//!
//! They are made from the table of fields, by the language of each field's values and its examples.

use cis_rules::RecordField;
use cis_rules::field::Values;
use cis_rules::selector::Field;

use crate::chance::Chance;

/// Buckets whose names start, end or contain each other.
pub const BUCKETS: [&str; 6] =
    ["acme-logs", "acme", "acme-logs-prod", "zeta", "zeta-logs", "acme-Logs"];

/// Keys that start or end each other.
const KEYS: [&str; 6] = ["", "in", "in/", "in/x.csv", "x.csv", "é"];

/// Texts for a field of which the table has no examples.
const WITHOUT_SAMPLES: [&str; 3] = ["value", "value/1", "other"];

/// The longest key of an object, in bytes, and the longest name of a bucket.
const LIMITS: (usize, usize) = (1024, 255);

/// The texts that the selectors of one account compare with: few for each field, so that they meet.
#[derive(Clone, Debug)]
pub struct Palette {
    by_field: Vec<(RecordField, Vec<String>)>,
}

/// The fields that conditions are about, besides the two that every selector has.
pub fn conditional_fields() -> impl Iterator<Item = RecordField> {
    Field::known()
        .filter(|field| !matches!(field, RecordField::EventCategory | RecordField::ResourcesType))
}

impl Palette {
    /// Texts for every field, in a partition.
    #[must_use]
    pub fn new(chance: &mut impl Chance, partition: &str) -> Self {
        let of = |field: RecordField| (field, texts(chance, field, partition));
        Self { by_field: conditional_fields().map(of).collect() }
    }

    /// The texts of a field.
    #[must_use]
    pub fn of(&self, field: RecordField) -> &[String] {
        self.by_field.iter().find(|(of, _)| *of == field).map_or(&[], |(_, texts)| texts)
    }
}

fn texts(chance: &mut impl Chance, field: RecordField, partition: &str) -> Vec<String> {
    let facts = field.facts();
    let bases: Vec<String> = match facts.values {
        // Values of another case or another word are not those that records have.
        Values::Only(only) => return vec![only.to_owned(), other_case(only), String::new()],
        Values::OfKind => return facts.samples.iter().map(|sample| (*sample).to_owned()).collect(),
        Values::ObjectArns => (0..4).map(|_| object_text(chance, partition)).collect(),
        Values::Any => {
            let samples =
                if facts.samples.is_empty() { &WITHOUT_SAMPLES[..] } else { facts.samples };
            // The first examples are the usual ones.
            let usual = samples[chance.below(samples.len().min(3))];
            vec![usual.to_owned(), (*chance.pick(samples)).to_owned()]
        }
    };
    let mut texts = bases.clone();
    for base in &bases {
        for _ in 0..=chance.below(3) {
            texts.push(near(chance, base));
        }
    }
    if field == RecordField::EventName && chance.once_in(2) {
        let events: Vec<&str> = crate::model::object_events().collect();
        texts.push((*chance.pick(&events)).to_owned());
    }
    texts.sort_unstable();
    texts.dedup();
    texts
}

/// A text of or around the ARNs of objects.
fn object_text(chance: &mut impl Chance, partition: &str) -> String {
    let header = format!("arn:{partition}:s3:::");
    let (bucket, key) = (*chance.pick(&BUCKETS), *chance.pick(&KEYS));
    match chance.below(16) {
        0..=2 => format!("{header}{bucket}"),
        3..=5 => format!("{header}{bucket}/"),
        6..=8 => format!("{header}{bucket}/{key}"),
        9 => format!("{bucket}/{key}"),
        10 => format!("/{key}"),
        11 => key.to_owned(),
        12 => format!(":::{bucket}/"),
        13 => header,
        14 => format!("arn:{partition}:s3"),
        _ => {
            let others = ["aws", "aws-cn", "aws-us-gov", ""];
            format!("arn:{}:s3:::{bucket}", chance.pick(&others))
        }
    }
}

/// A text that nearly is another one.
pub fn near(chance: &mut impl Chance, text: &str) -> String {
    let places: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    match chance.below(12) {
        // A start and an end of it, cut where a word ends.
        0 | 1 => text[..word_end(chance, text)].to_owned(),
        2 | 3 => text[word_end(chance, text)..].to_owned(),
        4 => places.last().map_or_else(String::new, |last| text[..*last].to_owned()),
        5 => format!("{text}s"),
        6 => format!("{text}/"),
        7 => text.strip_suffix('/').unwrap_or(text).to_owned(),
        8 if !places.is_empty() => {
            let at = *chance.pick(&places);
            let rest = text[at..].chars().as_str();
            let after = rest.chars().next().map_or(0, char::len_utf8);
            format!("{}x{}", &text[..at], &rest[after..])
        }
        9 => other_case(text),
        10 => format!("{text}*"),
        _ => String::new(),
    }
}

/// A place where a word of a text ends: before or after a sign, or before a capital letter.
fn word_end(chance: &mut impl Chance, text: &str) -> usize {
    let ends = text.char_indices().flat_map(|(at, letter)| {
        let after = (!letter.is_alphanumeric()).then_some(at + letter.len_utf8());
        let before = (!letter.is_alphanumeric() || letter.is_uppercase()).then_some(at);
        before.into_iter().chain(after)
    });
    let mut ends: Vec<usize> = ends.collect();
    ends.push(text.len());
    *chance.pick(&ends)
}

/// The text with its last letter in the other case.
fn other_case(text: &str) -> String {
    let Some(last) = text.rfind(|letter: char| letter.is_ascii_alphabetic()) else {
        return text.to_owned();
    };
    let mut bytes = text.as_bytes().to_vec();
    bytes[last] ^= 0x20;
    String::from_utf8(bytes).unwrap()
}

/// A text about a key or a bucket near its longest length, and whether it is an end of ARNs.
pub fn long(chance: &mut impl Chance, partition: &str) -> (String, bool) {
    let (key, bucket) = LIMITS;
    let header = format!("arn:{partition}:s3:::");
    let mut near = |longest: usize| longest + 1 - chance.below(4);
    let [keys, two_bytes, buckets] = [near(key), near(key / 2), near(bucket)];
    match chance.below(6) {
        0 | 1 => (format!("{header}acme-logs/{}", "k".repeat(keys)), false),
        // Two bytes each.
        2 => (format!("{header}acme-logs/{}", "é".repeat(two_bytes)), false),
        // An end without a slash is within the key; one that starts with a slash may be all of it.
        3 => ("e".repeat(keys), true),
        4 => (format!("/{}", "e".repeat(keys)), true),
        _ => (format!("{header}{}", "b".repeat(buckets)), false),
    }
}
