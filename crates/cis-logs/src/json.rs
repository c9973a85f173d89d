//! A cursor over JSON that finds ends quickly and checks little.
//!
//! What is skipped is not checked but for its brackets and the ends of its strings. Whoever needs a value
//! reads it, and gives everything unusual to a reader that checks all.

use wide::u8x16;

/// Why the cursor does not go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stop {
    /// The text ends.
    End,
    /// It goes on in a way that this reader does not know.
    Odd,
}

/// A place in a text.
#[derive(Clone, Debug)]
pub(crate) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Every block that was looked at, joined: its high bits show whether one had other than ASCII.
    high: u8x16,
}

/// What stands between the quotes of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quoted<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) has_escape: bool,
}

const BLOCK: usize = 16;

impl<'a> Cursor<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, high: u8x16::ZERO }
    }

    /// How many bytes lie behind.
    pub(crate) const fn position(&self) -> usize {
        self.at
    }

    /// Whether all that was read as a string or skipped is ASCII.
    pub(crate) fn is_ascii(&self) -> bool {
        (self.high & u8x16::splat(0x80)).simd_eq(u8x16::ZERO).to_bitmask() == 0xFFFF
    }

    /// What was read since a place.
    #[inline]
    pub(crate) fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    /// The next byte that is no space.
    #[inline]
    pub(crate) fn peek(&mut self) -> Result<u8, Stop> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(byte) => return Ok(*byte),
                None => return Err(Stop::End),
            }
        }
    }

    /// Goes on if this is the next byte that is no space.
    #[inline]
    pub(crate) fn take(&mut self, byte: u8) -> Result<bool, Stop> {
        let is_next = self.peek()? == byte;
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    /// Goes on behind this byte, which must come next.
    #[inline]
    pub(crate) fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        if self.take(byte)? { Ok(()) } else { Err(Stop::Odd) }
    }

    /// Goes on behind these bytes if they come next, without a space before or in them.
    pub(crate) fn literal(&mut self, literal: &[u8]) -> Result<bool, Stop> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(literal) {
            self.at += literal.len();
            return Ok(true);
        }
        if literal.starts_with(rest) { Err(Stop::End) } else { Ok(false) }
    }

    /// A string.
    #[inline]
    pub(crate) fn string(&mut self) -> Result<Quoted<'a>, Stop> {
        self.expect(b'"')?;
        let start = self.at;
        let mut has_escape = false;
        loop {
            let block = self.block()?;
            let marks = (block.simd_eq(u8x16::splat(b'"')) | block.simd_eq(u8x16::splat(b'\\')))
                .to_bitmask();
            if marks == 0 {
                self.at += BLOCK;
                continue;
            }
            self.at += marks.trailing_zeros() as usize;
            if self.bytes.get(self.at) == Some(&b'"') {
                let bytes = self.since(start);
                self.at += 1;
                return Ok(Quoted { bytes, has_escape });
            }
            has_escape = true;
            self.at += 2;
        }
    }

    /// The next 16 bytes, and spaces behind the end.
    #[inline]
    fn block(&mut self) -> Result<u8x16, Stop> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let block = match rest.first_chunk::<BLOCK>() {
            Some(block) => u8x16::new(*block),
            None => u8x16::new(filled::<BLOCK>(rest)?),
        };
        self.high |= block;
        Ok(block)
    }

    /// Skips one value.
    #[inline]
    pub(crate) fn skip(&mut self) -> Result<&'a [u8], Stop> {
        let first = self.peek()?;
        let start = self.at;
        match first {
            b'"' => drop(self.string()?),
            b'{' | b'[' => self.container()?,
            _ => self.scalar()?,
        }
        Ok(self.since(start))
    }

    /// Skips a number, `true`, `false` or `null`.
    fn scalar(&mut self) -> Result<(), Stop> {
        let start = self.at;
        loop {
            match self.bytes.get(self.at) {
                Some(b'a'..=b'z' | b'0'..=b'9' | b'-' | b'+' | b'.' | b'E') => self.at += 1,
                Some(_) if self.at > start => return Ok(()),
                Some(_) => return Err(Stop::Odd),
                None => return Err(Stop::End),
            }
        }
    }

    /// Skips an object or an array.
    fn container(&mut self) -> Result<(), Stop> {
        let mut open = 0_u32;
        let mut strings = Strings::default();
        loop {
            let rest = self.bytes.get(self.at..).unwrap_or_default();
            let masks = match rest.first_chunk::<64>() {
                Some(block) => Masks::of(block, &mut self.high),
                None => Masks::of(&filled::<64>(rest)?, &mut self.high),
            };
            let inside = strings.inside(&masks);
            let (opens, mut closes) = (masks.opens & !inside, masks.closes & !inside);
            if closes.count_ones() >= open {
                let mut closed = 0;
                while closes != 0 {
                    let bit = closes.trailing_zeros();
                    closed += 1;
                    if open + (opens & ((1 << bit) - 1)).count_ones() == closed {
                        self.at += bit as usize + 1;
                        return Ok(());
                    }
                    closes &= closes - 1;
                }
                open = open + opens.count_ones() - closed;
            } else {
                open = open + opens.count_ones() - closes.count_ones();
            }
            self.at += 64;
        }
    }
}

/// What is left of a text, filled up with spaces.
#[cold]
fn filled<const N: usize>(rest: &[u8]) -> Result<[u8; N], Stop> {
    let mut block = [b' '; N];
    match block.get_mut(..rest.len()) {
        Some(start) if !rest.is_empty() => start.copy_from_slice(rest),
        _ => return Err(Stop::End),
    }
    Ok(block)
}

/// Which of 64 bytes are what.
struct Masks {
    quotes: u64,
    backslashes: u64,
    opens: u64,
    closes: u64,
}

impl Masks {
    #[inline]
    fn of(block: &[u8; 64], high: &mut u8x16) -> Self {
        let mut masks = Self { quotes: 0, backslashes: 0, opens: 0, closes: 0 };
        let (parts, _) = block.as_chunks::<BLOCK>();
        for (part, shift) in parts.iter().zip([0, 16, 32, 48]) {
            let part = u8x16::new(*part);
            // `[` and `{` differ in this bit, and so do `]` and `}`.
            let lower = part | u8x16::splat(0x20);
            let mask = |equal: u8x16| u64::from(equal.to_bitmask()) << shift;
            masks.quotes |= mask(part.simd_eq(u8x16::splat(b'"')));
            masks.backslashes |= mask(part.simd_eq(u8x16::splat(b'\\')));
            masks.opens |= mask(lower.simd_eq(u8x16::splat(b'{')));
            masks.closes |= mask(lower.simd_eq(u8x16::splat(b'}')));
            *high |= part;
        }
        masks
    }
}

/// What the blocks before leave open.
#[derive(Default)]
struct Strings {
    /// All bits where a string goes on.
    inside: u64,
    /// Whether the next byte is escaped.
    is_escaped: bool,
}

impl Strings {
    /// Which bytes stand inside of strings.
    #[inline]
    fn inside(&mut self, masks: &Masks) -> u64 {
        let mut quotes = masks.quotes;
        if masks.backslashes != 0 || self.is_escaped {
            quotes &= !self.escaped(masks.backslashes);
        }
        let inside = self.inside ^ parity(quotes);
        self.inside = if inside >> 63 == 0 { 0 } else { u64::MAX };
        inside
    }

    /// Which bytes a backslash stands before that is not escaped itself.
    fn escaped(&mut self, mut backslashes: u64) -> u64 {
        let mut escaped = u64::from(self.is_escaped);
        backslashes &= !escaped;
        self.is_escaped = false;
        while backslashes != 0 {
            let bit = backslashes.trailing_zeros();
            backslashes &= backslashes - 1;
            match 1_u64.checked_shl(bit + 1) {
                Some(next) => {
                    escaped |= next;
                    backslashes &= !next;
                }
                None => self.is_escaped = true,
            }
        }
        escaped
    }
}

/// Of each bit, whether the bits up to it are odd in number.
#[inline]
const fn parity(mut bits: u64) -> u64 {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    bits
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn skipped(text: &str) -> Result<&str, Stop> {
        Cursor::new(text.as_bytes()).skip().map(|bytes| std::str::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_value_ends_where_its_brackets_close_outside_of_strings() {
        let long = format!("{{\"a\":\"{}\",\"b\":[1,{{}}]}}", "}]\\\"\\\\".repeat(40));
        for value in [
            "{}",
            "[]",
            "[[],{\"a\":[]}]",
            "{\"a\":\"}\"}",
            "{\"a\":\"\\\"}\"}",
            "{\"a\\\\\":\"b\"}",
            "\"a\\\"b\"",
            "\"\\\\\"",
            "\"\"",
            "-1.5e+3",
            "true",
            "null",
            &long,
        ] {
            for behind in [",1", "}", "]", " \"", "\n"] {
                assert_eq!(skipped(&format!(" {value}{behind}")), Ok(value), "{value}");
            }
        }
    }

    #[test]
    fn a_value_that_does_not_end_is_not_skipped() {
        for text in
            ["", " ", "{", "{\"a\":[}", "\"a", "\"a\\", "\"a\\\"", "[\"]", "[\"\\\"]", "tru"]
        {
            assert_eq!(skipped(text), Err(Stop::End), "{text}");
        }
        assert_eq!(skipped(","), Err(Stop::Odd));
    }

    proptest! {
        #[test]
        fn what_serde_writes_is_skipped_as_a_whole(
            text in prop::collection::vec(
                prop::sample::select(vec!["\\", "\"", "{", "}", "[", "]", "a", "é", ",", " "]), 0..200
            ),
            depth in 0..70_usize,
        ) {
            let mut value = serde_json::Value::from(text.concat());
            for level in 0..depth {
                value = if level % 2 == 0 {
                    serde_json::json!({ text.concat(): value, "b": "]" })
                } else {
                    serde_json::json!(["[", value])
                };
            }
            let written = value.to_string();
            let padded = format!("{written},\"}}");
            let mut cursor = Cursor::new(padded.as_bytes());
            prop_assert_eq!(cursor.skip(), Ok(written.as_bytes()));
            prop_assert!(cursor.is_ascii() == written.is_ascii() || !padded.is_ascii());
        }
    }
}
