//! Making untrusted text safe for a terminal, as text and inside JSON.

use std::borrow::Cow;

use cis_pages::is_unsafe;
pub(crate) use cis_pages::visible as escape;

/// JSON text with the same characters written as JSON's own escapes, so that it means the same. The
/// line ends between its tokens stay; inside its strings there are none.
pub(crate) fn escape_json(json: &str) -> Cow<'_, str> {
    let must_escape = |character| is_unsafe(character) && character != '\n';
    if is_plain(json.as_bytes()) || !json.chars().any(must_escape) {
        return Cow::Borrowed(json);
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if must_escape(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// Whether a text is printable ASCII with line ends.
///
/// Each block is looked at as a whole, for that takes a few instructions: all of a report goes
/// through here.
fn is_plain(text: &[u8]) -> bool {
    const BLOCK: usize = 64;
    let is_plain = |byte: &u8| matches!(byte, b' '..=b'~' | b'\n');
    text.chunks(BLOCK).all(|block| block.iter().fold(true, |all, byte| all & is_plain(byte)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays() {
        for text in ["", "arn:aws:s3:::payroll/2026/11.csv", "gehälter/日本語.csv"] {
            assert_eq!(escape(text), text);
        }
    }

    #[test]
    fn escaped_json_means_the_same() {
        let value =
            serde_json::json!({"a\u{9b}": ["\u{202e}\u{7f}\u{e0041}\u{1b}", "\u{65e5}", "\n"]});
        for json in [value.to_string(), format!("{value:#}")] {
            let escaped = escape_json(&json);
            assert!(!escaped.chars().any(|c| is_unsafe(c) && c != '\n'), "{escaped}");
            let read: serde_json::Value = serde_json::from_str(&escaped).unwrap();
            assert_eq!(read, value);
        }
    }

    #[test]
    fn control_sequences_become_visible() {
        assert_eq!(escape("a\u{1b}[31mb"), r"a\u{1b}[31mb");
        assert_eq!(escape("a\r\nb\tc"), r"a\r\nb\tc");
        assert_eq!(escape("\u{9b}\u{7f}"), r"\u{9b}\u{7f}");
        assert_eq!(escape("a\u{202e}b\u{200b}"), r"a\u{202e}b\u{200b}");
    }
}
