//! Texts within limits: one line, cut between characters, the most important first.

const CUT: &str = "...";

/// A text as one line of at most this many characters, counted as UTF-16 does: no other way of
/// counting characters finds more of them.
pub(crate) fn line(text: &str, most: usize) -> String {
    // Most texts are plain and short: each byte is one character, and all of them stay.
    if text.len() <= most && text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_string();
    }
    let blank =
        |character: char| character.is_control() || matches!(character, '\u{2028}'..='\u{2029}');
    let line: String =
        text.chars().map(|character| if blank(character) { ' ' } else { character }).collect();
    if length(&line) <= most {
        return line;
    }
    let mut left = most.saturating_sub(CUT.len());
    let kept: String = line
        .chars()
        .take_while(|character| {
            let fits = character.len_utf16() <= left;
            left = left.saturating_sub(character.len_utf16());
            fits
        })
        .collect();
    kept + CUT
}

/// How many characters a text has, counted as UTF-16 does.
pub(crate) fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// Whether a text says anything: the formats refuse texts that are empty or blank.
pub(crate) fn is_said(text: &str) -> bool {
    !text.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_fits_stays() {
        for text in ["", "a", "gehälter/日本語.csv", "\u{1f600}"] {
            assert_eq!(line(text, 20), text);
        }
        assert_eq!(line("abcdef", 6), "abcdef");
    }

    #[test]
    fn a_longer_text_is_cut_between_characters() {
        assert_eq!(line("abcdefg", 6), "abc...");
        assert_eq!(line("\u{1f600}\u{1f600}\u{1f600}", 5), "\u{1f600}...");
        assert_eq!(line("\u{1f600}\u{1f600}\u{1f600}", 4), "...");
        for most in 3..40 {
            let cut = line(&"ü\u{1f600}".repeat(20), most);
            assert!(length(&cut) <= most && cut.ends_with(CUT), "{cut}");
        }
    }

    #[test]
    fn line_ends_and_control_characters_become_spaces() {
        assert_eq!(line("a\r\nb\tc\u{1b}[d\u{2028}e", 40), "a  b c [d e");
    }
}
