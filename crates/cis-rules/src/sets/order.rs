//! Orders on texts, and what lies between them.

use alloc::vec::Vec;
use core::cmp::Ordering;

/// The empty text, which stands at an address. A literal one stands at none, where some processors
/// take long to compare nothing with nothing.
pub(super) const EMPTY: &str = " ".split_at(0).0;

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

#[cfg(test)]
mod tests {
    use alloc::string::String;

    use super::*;

    #[test]
    fn a_free_character_is_readable_where_it_can_be() {
        let readable: String = ('a'..='z').chain('0'..='9').chain('A'..='Z').collect();
        for (taken, free) in
            [("", 'a'), ("ca", 'b'), ("a\u{fc}b", 'c'), (&readable[..61], 'Z'), (&readable, '!')]
        {
            assert_eq!(free_character(taken.chars()), free, "{taken}");
        }
        let ascii = (0..128_u8).map(char::from);
        assert_eq!(free_character(ascii.clone()), '\u{80}');
        assert_eq!(free_character(ascii.chain(['\u{80}', '\u{82}'])), '\u{81}');
    }

    /// Texts that extend each other, in order.
    const TEXTS: [&str; 9] = ["", "a", "ab", "abc", "abd", "abda", "ac", "b", "bc"];

    /// Every list of some of these texts, in order.
    fn lists() -> impl Iterator<Item = Vec<&'static str>> {
        (0..1_u32 << TEXTS.len()).map(|chosen| {
            let some = TEXTS.iter().enumerate().filter(|(at, _)| chosen & (1 << at) != 0);
            some.map(|(_, text)| *text).collect()
        })
    }

    #[test]
    fn the_next_longer_texts_have_none_between() {
        for texts in lists() {
            for start in TEXTS {
                let longer = |text: &&str| text.starts_with(start) && *text != start;
                let is_next = |text: &&str| {
                    let between = |other: &&str| longer(other) && other != text;
                    longer(text)
                        && !texts.iter().any(|other| between(other) && text.starts_with(other))
                };
                let next: Vec<&str> = texts.iter().copied().filter(is_next).collect();
                assert_eq!(next_longer(&texts, start), next, "{texts:?} {start}");
            }
        }
    }

    #[test]
    fn what_is_directly_under_a_start_has_no_longer_one() {
        for longer in lists() {
            for start in TEXTS {
                let longer: Vec<&str> = longer
                    .iter()
                    .copied()
                    .filter(|text| text.starts_with(start) && *text != start)
                    .collect();
                let is_under = |text: &&str| {
                    text.starts_with(start) && !longer.iter().any(|longer| text.starts_with(longer))
                };
                let under: Vec<&str> = TEXTS.iter().copied().filter(is_under).collect();
                assert_eq!(directly_under(&TEXTS, start, &longer), under, "{longer:?} {start}");
            }
        }
    }
}
