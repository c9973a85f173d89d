//! A text with marks: where in it strings begin and end, and where brackets stand outside of them.
//!
//! Marks are made by blocks of 64 bytes, without looking for anything. Reading then goes from mark to
//! mark, and what is not wanted costs nothing more.

use std::io::{self, Read};

use wide::u8x16;

/// How much is read at once: what stays in a processor's own cache.
const PIECE: usize = 256 << 10;

/// Bytes in a block.
const BLOCK: usize = 64;

/// A text of which a part is held, and its marks.
#[derive(Debug, Default)]
pub(crate) struct Marked {
    bytes: Vec<u8>,
    /// How many bytes there are; spaces fill the block behind them.
    end: usize,
    marks: Vec<Marks>,
    /// How many blocks are marked for good: whole ones.
    whole: usize,
    /// What those leave open.
    open: Open,
    is_ascii: bool,
}

/// What stands where in a block, a bit for each byte.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Marks {
    /// Quotes that begin or end a string.
    pub(crate) quotes: u64,
    /// Brackets outside of strings, and some bytes that stand there in no JSON.
    pub(crate) brackets: u64,
    /// Backslashes.
    pub(crate) backslashes: u64,
}

/// What the blocks up to one leave open.
#[derive(Clone, Copy, Debug, Default)]
struct Open {
    /// All bits where a string goes on.
    string: u64,
    /// 1 where the next byte is escaped.
    escape: u64,
}

impl Marked {
    /// A whole text.
    pub(crate) fn of(text: &[u8]) -> Self {
        let mut marked = Self { bytes: text.to_vec(), end: text.len(), ..Self::default() };
        marked.clear_marks();
        marked.mark();
        marked
    }

    /// Forgets everything, and keeps the memory.
    pub(crate) fn clear(&mut self) {
        self.end = 0;
        self.clear_marks();
    }

    fn clear_marks(&mut self) {
        (self.whole, self.open, self.is_ascii) = (0, Open::default(), true);
    }

    /// What is held.
    pub(crate) fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.end).unwrap_or_default()
    }

    /// The marks of what is held, by blocks.
    pub(crate) fn marks(&self) -> &[Marks] {
        self.marks.get(..self.end.div_ceil(BLOCK)).unwrap_or_default()
    }

    /// Whether all that was read since the last [`Self::clear`] is ASCII.
    pub(crate) const fn is_ascii(&self) -> bool {
        self.is_ascii
    }

    /// Lets go of what lies before a place, and reads more; how far what is left has moved, and whether
    /// there was more.
    ///
    /// # Errors
    /// Where the input cannot be read.
    pub(crate) fn fill(&mut self, from: usize, input: &mut impl Read) -> io::Result<(usize, bool)> {
        let blocks = (from / BLOCK).min(self.whole);
        let moved = blocks * BLOCK;
        if moved > 0 {
            self.bytes.copy_within(moved..self.end, 0);
            self.marks.copy_within(blocks..self.whole, 0);
            self.whole -= blocks;
            self.end -= moved;
        }
        if self.bytes.len() < self.end + PIECE / 4 {
            self.bytes.resize((self.end + PIECE / 4).next_multiple_of(PIECE), b' ');
        }
        let read = input.read(self.bytes.get_mut(self.end..).unwrap_or_default())?;
        self.end += read;
        self.mark();
        Ok((moved, read > 0))
    }

    /// Marks what is not marked for good.
    fn mark(&mut self) {
        let padded = self.end.next_multiple_of(BLOCK);
        if self.bytes.len() < padded {
            self.bytes.resize(padded, b' ');
        }
        self.bytes.get_mut(self.end..padded).unwrap_or_default().fill(b' ');
        let blocks = padded / BLOCK;
        if self.marks.len() < blocks {
            self.marks.resize(blocks, Marks::default());
        }
        let first = self.whole;
        let bytes = self.bytes.get(first * BLOCK..padded).unwrap_or_default();
        let (texts, _) = bytes.as_chunks::<BLOCK>();
        let whole = self.end / BLOCK - first;
        let mut high = u8x16::ZERO;
        let mut marks = self.marks.iter_mut().skip(first);
        let (to_keep, to_do_again) = texts.split_at_checked(whole).unwrap_or_default();
        for (text, block) in to_keep.iter().zip(&mut marks) {
            *block = self.open.marks(text, &mut high);
        }
        let mut open = self.open;
        for (text, block) in to_do_again.iter().zip(marks) {
            *block = open.marks(text, &mut high);
        }
        self.whole = first + whole;
        self.is_ascii &= (high & u8x16::splat(0x80)) == u8x16::ZERO;
    }
}

impl Marks {
    /// All quotes, brackets and backslashes of a block, those in strings as well.
    #[inline]
    fn of(block: &[u8; BLOCK], high: &mut u8x16) -> Self {
        let mut marks = Self::default();
        let (parts, _) = block.as_chunks::<16>();
        let mut slashes = u8x16::ZERO;
        for (part, shift) in parts.iter().zip([0, 16, 32, 48]) {
            let part = u8x16::new(*part);
            // Brackets differ from one another in three bits. What else has the same others, `Y`, `_`, `y` and
            // a control character, stands outside of strings in no JSON.
            let brackets =
                (part & u8x16::splat(0xD9)).simd_eq(u8x16::splat(b'[' & b']' & b'{' & b'}'));
            let mask = |equal: u8x16| u64::from(equal.to_bitmask()) << shift;
            marks.quotes |= mask(part.simd_eq(u8x16::splat(b'"')));
            marks.brackets |= mask(brackets);
            slashes |= part.simd_eq(u8x16::splat(b'\\'));
            *high |= part;
        }
        if slashes.to_bitmask() != 0 {
            marks.backslashes = backslashes(block);
        }
        marks
    }
}

/// The backslashes of a block: few blocks have any.
#[cold]
fn backslashes(block: &[u8; BLOCK]) -> u64 {
    block.iter().rev().fold(0, |marks, byte| marks << 1 | u64::from(*byte == b'\\'))
}

impl Open {
    /// The marks of the block that comes next.
    #[inline]
    fn marks(&mut self, text: &[u8; BLOCK], high: &mut u8x16) -> Marks {
        let mut marks = Marks::of(text, high);
        marks.quotes = self.unescaped(marks.quotes, marks.backslashes);
        let inside = self.string ^ parity(marks.quotes);
        self.string = if inside >> 63 == 0 { 0 } else { u64::MAX };
        marks.brackets &= !inside;
        marks
    }

    /// The quotes before which no backslash stands that is not escaped itself.
    #[inline]
    fn unescaped(&mut self, quotes: u64, backslashes: u64) -> u64 {
        if backslashes | self.escape == 0 {
            return quotes;
        }
        quotes & !self.escaped(backslashes)
    }

    #[cold]
    fn escaped(&mut self, mut backslashes: u64) -> u64 {
        let mut escaped = self.escape;
        backslashes &= !escaped;
        self.escape = 0;
        while backslashes != 0 {
            let bit = backslashes.trailing_zeros();
            backslashes &= backslashes - 1;
            match 1_u64.checked_shl(bit + 1) {
                Some(next) => {
                    escaped |= next;
                    backslashes &= !next;
                }
                None => self.escape = 1,
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

    /// The marks that a reader who goes byte by byte makes.
    fn slowly(text: &[u8]) -> (Vec<usize>, Vec<usize>) {
        let (mut quotes, mut brackets) = (Vec::new(), Vec::new());
        let (mut is_inside, mut is_escaped) = (false, false);
        for (index, byte) in text.iter().enumerate() {
            let was_escaped = std::mem::take(&mut is_escaped);
            match byte {
                b'"' if !was_escaped => {
                    quotes.push(index);
                    is_inside = !is_inside;
                }
                b'\\' => is_escaped = !was_escaped,
                b'{' | b'}' | b'[' | b']' if !is_inside => brackets.push(index),
                _ => {}
            }
        }
        (quotes, brackets)
    }

    fn places(marked: &Marked, of: impl Fn(&Marks) -> u64) -> Vec<usize> {
        let end = marked.bytes().len();
        let bits = marked.marks().iter().map(of);
        let bits = bits.flat_map(|block| (0..64).map(move |bit| block >> bit & 1 == 1));
        bits.enumerate().filter(|(index, is)| *is && *index < end).map(|(index, _)| index).collect()
    }

    /// A reader that gives little at a time.
    struct Slow<'a>(&'a [u8], usize);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.1.min(buffer.len());
            (&mut self.0).take(length as u64).read(buffer)
        }
    }

    proptest! {
        #[test]
        fn marks_are_those_of_a_reader_who_goes_byte_by_byte(
            parts in prop::collection::vec(
                prop::sample::select(vec!["\\", "\"", "{", "}", "[", "]", "a", "é", "\\\"", "aaaaaaaaa"]),
                0..200,
            ),
            piece in 1..200_usize,
            letting_go in any::<prop::sample::Index>(),
        ) {
            let text = parts.concat().into_bytes();
            let marked = Marked::of(&text);
            let (quotes, brackets) = slowly(&text);
            prop_assert_eq!(places(&marked, |marks| marks.quotes), quotes.clone());
            prop_assert_eq!(places(&marked, |marks| marks.brackets), brackets.clone());
            prop_assert_eq!(marked.is_ascii(), text.is_ascii());

            // The same, read piece by piece, while what lies behind is let go of.
            let mut marked = Marked::default();
            marked.clear();
            let mut input = Slow(&text, piece);
            let mut gone = 0;
            loop {
                let from = letting_go.index(marked.bytes().len() + 1);
                let (moved, has_more) = marked.fill(from, &mut input).unwrap();
                gone += moved;
                prop_assert_eq!(marked.bytes(), &text[gone..gone + marked.bytes().len()]);
                let end = marked.bytes().len();
                let rest = |all: &[usize]| -> Vec<usize> {
                    all.iter().filter(|at| **at >= gone && **at < gone + end).map(|at| at - gone).collect()
                };
                prop_assert_eq!(places(&marked, |marks| marks.quotes), rest(&quotes));
                prop_assert_eq!(places(&marked, |marks| marks.brackets), rest(&brackets));
                if !has_more {
                    break;
                }
            }
            prop_assert_eq!(gone + marked.bytes().len(), text.len());
        }
    }
}
