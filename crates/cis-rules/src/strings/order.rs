//! Orders on texts, and what lies between them.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// Compares two texts from their last byte to their first.
pub(super) fn from_end(a: &str, b: &str) -> Ordering {
    a.bytes().rev().cmp(b.bytes().rev())
}

/// A readable character that is not taken.
pub(super) fn free_character(taken: impl Iterator<Item = char>) -> char {
    let (mut ascii, mut others) = (0_u128, Vec::new());
    for character in taken {
        if character.is_ascii() {
            ascii |= 1 << u32::from(character);
        } else {
            others.push(character);
        }
    }
    let is_free = |character: &char| {
        if character.is_ascii() {
            ascii & (1 << u32::from(*character)) == 0
        } else {
            !others.contains(character)
        }
    };
    let readable = ('a'..='z').chain('0'..='9').chain('A'..='Z');
    readable.chain('!'..=char::MAX).find(is_free).unwrap_or(char::MAX)
}

/// The texts that strictly extend a start, less those that extend another such text.
///
/// The texts must be in order and differ.
pub(super) fn next_longer<'a>(texts: &[&'a str], start: &str) -> Vec<&'a str> {
    let mut longer = Vec::new();
    let mut at = texts.partition_point(|text| *text <= start);
    while let Some(&text) = texts.get(at).filter(|text| text.starts_with(start)) {
        longer.push(text);
        at +=
            texts.get(at..).map_or(1, |rest| rest.partition_point(|other| other.starts_with(text)));
    }
    longer
}

/// The texts that start with a start, and with none of the longer ones.
///
/// The texts and the longer starts must be in order.
pub(super) fn directly_under<'a>(texts: &[&'a str], start: &str, longer: &[&str]) -> Vec<&'a str> {
    let mut under = Vec::new();
    let mut longer = longer.iter().peekable();
    let mut at = texts.partition_point(|text| *text < start);
    while let Some(&text) = texts.get(at).filter(|text| text.starts_with(start)) {
        while longer.next_if(|longer| **longer <= text && !text.starts_with(**longer)).is_some() {}
        match longer.peek().filter(|longer| text.starts_with(***longer)) {
            Some(longer) => {
                at += texts
                    .get(at..)
                    .map_or(1, |rest| rest.partition_point(|other| other.starts_with(**longer)));
            }
            None => {
                under.push(text);
                at += 1;
            }
        }
    }
    under
}
