//! Texts as AWS Config takes them for annotations.

use crate::evaluation::Evaluation;

const CUT: &str = "...";

/// A text as an annotation: printable ASCII, so that every way of counting characters agrees and a
/// cut never falls inside one, and at most 256 of them. A blank text gives the other
/// text, for AWS Config refuses an empty annotation.
///
/// What says most comes first in every text, for the end is what is cut.
pub(crate) fn annotation(text: &str, or_else: &str) -> String {
    let mut text: String = text
        .chars()
        .map(|character| match character {
            ' '..='~' => character,
            '\n' | '\r' | '\t' => ' ',
            _ => '?',
        })
        .collect();
    if text.trim().is_empty() {
        or_else.clone_into(&mut text);
    }
    if text.len() > Evaluation::ANNOTATION_LENGTH {
        text.truncate(Evaluation::ANNOTATION_LENGTH - CUT.len());
        text.push_str(CUT);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_annotation_is_1_to_256_printable_ascii_characters() {
        let long = "ü".repeat(300);
        for (text, expected) in [
            ("", "COMPLIANT".to_owned()),
            (" \n", "COMPLIANT".to_owned()),
            ("a\nb\u{1f600}c", "a b?c".to_owned()),
            (long.as_str(), format!("{}...", "?".repeat(253))),
            (&long[..512], "?".repeat(256)),
        ] {
            assert_eq!(annotation(text, "COMPLIANT"), expected);
        }
    }
}
