//! A cursor over JSON that goes from mark to mark, and checks little.
//!
//! What is skipped is not checked but for its brackets and the ends of its strings. Whoever needs a value
//! reads it, and gives everything unusual to a reader that checks all.

use crate::marked::{Marked, Marks};

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
    marks: &'a [Marks],
    at: usize,
}

/// What stands between the quotes of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quoted<'a> {
    pub(crate) bytes: &'a [u8],
    /// Whether a backslash stands in it.
    pub(crate) has_escape: bool,
}

#[expect(
    clippy::inline_always,
    reason = "a call for each byte that is looked at takes longer than the look"
)]
impl<'a> Cursor<'a> {
    #[inline]
    pub(crate) fn new(text: &'a Marked, at: usize) -> Self {
        Self { bytes: text.bytes(), marks: text.marks(), at }
    }

    /// How many bytes lie behind.
    #[inline]
    pub(crate) const fn position(&self) -> usize {
        self.at
    }

    /// What was read since a place.
    #[inline]
    pub(crate) fn since(&self, start: usize) -> &'a [u8] {
        self.bytes.get(start..self.at).unwrap_or_default()
    }

    /// The next byte that is no space.
    #[inline(always)]
    pub(crate) fn peek(&mut self) -> Result<u8, Stop> {
        match self.bytes.get(self.at) {
            Some(byte) if *byte > b' ' => Ok(*byte),
            _ => self.peek_behind_spaces(),
        }
    }

    #[cold]
    fn peek_behind_spaces(&mut self) -> Result<u8, Stop> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(byte) => return Ok(*byte),
                None => return Err(Stop::End),
            }
        }
    }

    /// Goes on if this is the next byte that is no space.
    #[inline(always)]
    pub(crate) fn take(&mut self, byte: u8) -> Result<bool, Stop> {
        let is_next = self.peek()? == byte;
        self.at += usize::from(is_next);
        Ok(is_next)
    }

    /// Goes on behind this byte, which must come next.
    #[inline(always)]
    pub(crate) fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        if self.take(byte)? { Ok(()) } else { Err(Stop::Odd) }
    }

    /// Goes on behind these bytes if they come next.
    #[inline(always)]
    pub(crate) fn eat<const N: usize>(&mut self, literal: &[u8; N]) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let is_next = rest.first_chunk::<N>() == Some(literal);
        self.at += if is_next { N } else { 0 };
        is_next
    }

    /// Goes on behind these bytes, which must come next, without a space before or in them.
    #[inline]
    pub(crate) fn literal(&mut self, literal: &[u8]) -> Result<(), Stop> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if rest.starts_with(literal) {
            self.at += literal.len();
            return Ok(());
        }
        Err(if literal.starts_with(rest) { Stop::End } else { Stop::Odd })
    }

    /// A string.
    #[inline(always)]
    pub(crate) fn string(&mut self) -> Result<Quoted<'a>, Stop> {
        self.expect(b'"')?;
        self.rest_of_string()
    }

    /// The rest of the string that this is in, up to its end.
    #[inline(always)]
    pub(crate) fn rest_of_string(&mut self) -> Result<Quoted<'a>, Stop> {
        let start = self.at;
        let mut block = start / 64;
        let behind = u64::MAX << (start % 64);
        let marks = self.marks.get(block).ok_or(Stop::End)?;
        let (mut quotes, mut backslashes) = (marks.quotes & behind, marks.backslashes & behind);
        let mut has_escape = false;
        while quotes == 0 {
            has_escape |= backslashes != 0;
            block += 1;
            let marks = self.marks.get(block).ok_or(Stop::End)?;
            (quotes, backslashes) = (marks.quotes, marks.backslashes);
        }
        has_escape |= backslashes & (quotes & quotes.wrapping_neg()).wrapping_sub(1) != 0;
        self.at = block * 64 + quotes.trailing_zeros() as usize;
        let bytes = self.since(start);
        self.at += 1;
        Ok(Quoted { bytes, has_escape })
    }

    /// Skips one value.
    #[inline(always)]
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
    #[inline]
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
    #[inline]
    fn container(&mut self) -> Result<(), Stop> {
        self.at += 1;
        self.rest_of_container().map(drop)
    }

    /// The object or array whose first bracket was read, up to its end.
    #[inline]
    pub(crate) fn rest_of_container(&mut self) -> Result<&'a [u8], Stop> {
        let start = self.at.saturating_sub(1);
        let mut block = self.at / 64;
        let first = self.marks.get(block).ok_or(Stop::End)?;
        let mut bits = first.brackets & (u64::MAX << (self.at % 64));
        let mut open = 1_u32;
        loop {
            while bits == 0 {
                block += 1;
                bits = self.marks.get(block).ok_or(Stop::End)?.brackets;
            }
            let at = block * 64 + bits.trailing_zeros() as usize;
            bits &= bits - 1;
            // Of these two bits, a bracket that opens has the first, and one that closes the second. What is
            // marked and no bracket has both or none.
            let byte = *self.bytes.get(at).ok_or(Stop::End)?;
            open = open + u32::from(byte >> 1 & 1) - u32::from(byte >> 2 & 1);
            if open == 0 {
                self.at = at + 1;
                return Ok(self.since(start));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn skipped(text: &str) -> Result<String, Stop> {
        let marked = Marked::of(text.as_bytes());
        let mut cursor = Cursor::new(&marked, 0);
        cursor.skip().map(|bytes| String::from_utf8(bytes.to_vec()).unwrap())
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
            // No JSON, but its brackets close as well.
            "{\"a\":[Y_y\u{7f}]}",
            "-1.5e+3",
            "true",
            "null",
            &long,
        ] {
            for behind in [",1", "}", "]", " \"", "\n"] {
                assert_eq!(skipped(&format!(" {value}{behind}")).as_deref(), Ok(value), "{value}");
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

    #[test]
    fn an_escape_is_seen_in_the_string_that_has_it() {
        let text = format!("{{\"{}\\n\":\"plain\",\"b\":\"\\\\\"}}", "a".repeat(61));
        let marked = Marked::of(text.as_bytes());
        let mut cursor = Cursor::new(&marked, 1);
        let mut seen = Vec::new();
        for _ in 0..4 {
            let string = cursor.string().unwrap();
            seen.push(string.has_escape);
            let _is_name = cursor.take(b':').unwrap() || cursor.take(b',').unwrap();
        }
        assert_eq!(seen, [true, false, false, true]);
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
            prop_assert_eq!(skipped(&format!("{written},\"}}")), Ok(written));
        }
    }
}
