//! Bytes as text: UTF-8, or the UTF-16 that Windows PowerShell writes with `>`.
//!
//! Source: <https://learn.microsoft.com/en-us/powershell/module/microsoft.powershell.core/about/about_character_encoding>

use crate::error::PlanError;

/// The text of a file, without a byte order mark.
///
/// # Errors
/// Where the bytes are neither UTF-8 nor UTF-16: where the first of them stands.
pub(crate) fn text_of(bytes: &[u8]) -> Result<String, PlanError> {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf_16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf_16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf_8(rest),
        // A text that starts with an ASCII character says itself which half of it is empty.
        [first, 0, ..] if *first != 0 => utf_16(bytes, u16::from_le_bytes),
        [0, second, ..] if *second != 0 => utf_16(bytes, u16::from_be_bytes),
        _ => utf_8(bytes),
    }
}

fn utf_8(bytes: &[u8]) -> Result<String, PlanError> {
    String::from_utf8(bytes.to_vec()).map_err(|error| {
        let valid = error.utf8_error().valid_up_to();
        let before = error.as_bytes().get(..valid).unwrap_or_default();
        refused("UTF-8", &String::from_utf8_lossy(before))
    })
}

fn utf_16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<String, PlanError> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let mut text = String::with_capacity(pairs.len());
    for character in char::decode_utf16(pairs.iter().map(|pair| unit(*pair))) {
        match character {
            Ok(character) => text.push(character),
            Err(_) => return Err(refused("UTF-16", &text)),
        }
    }
    if rest.is_empty() { Ok(text) } else { Err(refused("UTF-16", &text)) }
}

fn refused(encoding: &str, before: &str) -> PlanError {
    let line = before.rsplit('\n').next().unwrap_or_default();
    PlanError::Syntax {
        what: format!("the text is not {encoding}"),
        line: before.matches('\n').count() + 1,
        column: line.len() + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_the_same_in_each_encoding() {
        let text = "{\"a\": \"ü😀\"}\n";
        let units: Vec<u16> = text.encode_utf16().collect();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        for bytes in [
            text.as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
            little.clone(),
            big.clone(),
            [&b"\xFF\xFE"[..], &little].concat(),
            [&b"\xFE\xFF"[..], &big].concat(),
        ] {
            assert_eq!(text_of(&bytes).unwrap(), text);
        }
    }

    #[test]
    fn other_bytes_are_refused_where_they_stand() {
        for (bytes, message) in [
            (&b"ab\nc\xFFd"[..], "the text is not UTF-8 at line 2 column 2"),
            (b"\xFF\xFEa\0b", "the text is not UTF-16 at line 1 column 2"),
            (b"\xFF\xFE\0\xD8a\0", "the text is not UTF-16 at line 1 column 1"),
        ] {
            assert_eq!(text_of(bytes).unwrap_err().to_string(), message);
        }
        assert_eq!(text_of(b"").unwrap(), "");
    }
}
