//! The fields, operators and texts that configurations are made of.

use cis_rules::aws::field::{RecordField, Values};
use fastrand::Rng;

/// The fields that conditions can be about and in which records of the scope differ, those with most
/// room first: as the table of fields has them.
pub(crate) const FIELDS: [&str; COUNT] = {
    let mut names = [""; COUNT];
    let (mut at, mut found) = (0, 0);
    while at < RecordField::VARYING.len() {
        let facts = RecordField::VARYING[at].facts();
        if facts.is_selectable {
            names[found] = facts.name;
            found += 1;
        }
        at += 1;
    }
    names
};

const COUNT: usize = {
    let (mut at, mut count) = (0, 0);
    while at < RecordField::VARYING.len() {
        count += RecordField::VARYING[at].facts().is_selectable as usize;
        at += 1;
    }
    count
};

/// All operators.
pub(crate) const OPERATORS: [&str; 6] =
    ["StartsWith", "EndsWith", "Equals", "NotStartsWith", "NotEndsWith", "NotEquals"];

/// How the texts of one condition are made from numbers.
pub(crate) type Style = fn(usize) -> String;

/// Styles of texts: unlike one another, alike at the start, alike at the end, inside one another.
pub(crate) const STYLES: [Style; 7] =
    [numbered, lettered, nested, mirrored, spread, doubled, very_long];

fn numbered(number: usize) -> String {
    format!("a{number:03}")
}

fn lettered(number: usize) -> String {
    let letter = |digit: usize| char::from(b'a' + u8::try_from(digit % 26).unwrap_or_default());
    if number < 26 {
        letter(number).to_string()
    } else {
        [lettered(number / 26 - 1), letter(number).to_string()].concat()
    }
}

fn nested(number: usize) -> String {
    "a".repeat(number + 1)
}

fn mirrored(number: usize) -> String {
    let digits = format!("{number:03}");
    digits.chars().rev().chain("z".chars()).collect()
}

fn spread(number: usize) -> String {
    format!("{:03}", (number * 377) % 1000)
}

fn doubled(number: usize) -> String {
    format!("a{number:03}a{number:03}")
}

fn very_long(number: usize) -> String {
    format!("{}{number:03}", "a".repeat(2000))
}

/// A text of a field under an operator.
pub(crate) fn text(field: &str, operator: &str, place: usize, word: &str) -> String {
    let values = RecordField::named(field).map(|field| field.facts().values);
    if let Some(Values::Only(only)) = values {
        return only.to_owned();
    }
    if field != "resources.ARN" || operator.ends_with("EndsWith") {
        return if place == 3 { format!("/{word}") } else { word.to_owned() };
    }
    match place {
        0 => format!("arn:aws:s3:::{word}"),
        1 => format!("arn:aws:s3:::{word}/"),
        2 => format!("arn:aws:s3:::bucket/{word}"),
        _ => format!("arn:aws:s3:::{word}/{word}"),
    }
}

/// How many places a text can stand in.
pub(crate) const PLACES: usize = 4;

/// One of some things.
pub(crate) fn one<T: Copy>(rng: &mut Rng, from: &[T]) -> T {
    from[rng.usize(..from.len())]
}
