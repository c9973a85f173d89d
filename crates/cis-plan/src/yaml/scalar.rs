//! Plain scalars, of which YAML 1.1 makes more than texts.
//!
//! Source: <https://yaml.org/type/>

use crate::node::Node;

/// What a scalar without quotes is.
pub(super) fn plain(text: &str) -> Node {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Node::Null,
        "true" | "True" | "TRUE" => Node::Bool(true),
        "false" | "False" | "FALSE" => Node::Bool(false),
        _ if is_word_for_a_boolean(text) || is_maybe_a_number(text) => {
            Node::Unclear(text.to_string())
        }
        _ => Node::Text(text.to_string()),
    }
}

/// Booleans of YAML 1.1 that are texts in YAML 1.2.
fn is_word_for_a_boolean(text: &str) -> bool {
    let all_upper = text.to_ascii_uppercase();
    let is_a_case = text == all_upper
        || text == text.to_ascii_lowercase()
        || text.get(1..) == all_upper.to_ascii_lowercase().get(1..);
    is_a_case && ["YES", "NO", "ON", "OFF", "Y", "N"].contains(&all_upper.as_str())
}

/// Whether a text may be a number or a date whose value is not written as the text is: octal,
/// hexadecimal, sexagesimal, a fraction, or with underscores.
fn is_maybe_a_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let as_written = is_whole && (digits == "0" || !digits.starts_with('0'));
    let not_octal = is_whole && digits.bytes().any(|byte| matches!(byte, b'8' | b'9'));
    let starts = text.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let may_go_on =
        |character: char| character.is_ascii_hexdigit() || "xob_.:+-TZ".contains(character);
    let is_word = matches!(digits.to_ascii_lowercase().as_str(), ".inf" | ".nan" | "+.inf");
    !as_written
        && !not_octal
        && starts
        && (is_word || text.chars().all(may_go_on))
        && text.chars().any(|character| character.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_readers_agree_on_is_clear() {
        for (text, node) in [
            ("", Node::Null),
            ("~", Node::Null),
            ("true", Node::Bool(true)),
            ("FALSE", Node::Bool(false)),
            ("arn:aws:s3:::", Node::Text("arn:aws:s3:::".into())),
            ("111122223333", Node::Text("111122223333".into())),
            ("012345678901", Node::Text("012345678901".into())),
            ("-1", Node::Text("-1".into())),
            ("All", Node::Text("All".into())),
            ("resources.ARN", Node::Text("resources.ARN".into())),
            ("-", Node::Text("-".into())),
            ("yEs", Node::Text("yEs".into())),
        ] {
            assert_eq!(plain(text), node, "{text}");
        }
    }

    #[test]
    fn what_they_read_differently_is_not() {
        for text in [
            "yes",
            "No",
            "ON",
            "off",
            "y",
            "0777",
            "0x1f",
            "0o17",
            "1_000",
            "1.50",
            "1e3",
            "12:30:45",
            "2010-09-09",
            ".inf",
            "+1",
            "-.5",
            "0b101",
        ] {
            assert_eq!(plain(text), Node::Unclear(text.into()), "{text}");
        }
    }
}
