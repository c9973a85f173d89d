//! Making untrusted text safe for a terminal.

use std::borrow::Cow;

/// The text with control characters, and characters that reorder or hide text, written as escapes.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unsafe(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// C0, C1 and DEL; line separators; directional marks, overrides and isolates; zero-width and tag
/// characters.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}'
                | '\u{61c}'
                | '\u{180e}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_stays() {
        for text in [
            "",
            "arn:aws:s3:::payroll/2026/11.csv",
            "gehälter/日本語.csv",
        ] {
            assert_eq!(escape(text), text);
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
