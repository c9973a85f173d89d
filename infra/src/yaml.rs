//! Writes a template as YAML that people read: comments, short forms (`!Sub`), folded texts.
//!
//! Libraries write neither comments nor CloudFormation's tags, and what is written here is little:
//! maps, lists, texts, numbers and booleans. The tests read it back with a library.

use std::fmt::Write as _;

use serde_json::{Map, Value};

/// The member of a map that is its comment.
pub(crate) const COMMENT: &str = "#";

/// The longest line, where a text can be broken.
const WIDTH: usize = 100;

/// Functions and their tags.
const TAGS: [(&str, &str); 9] = [
    ("Ref", "!Ref"),
    ("Fn::GetAtt", "!GetAtt"),
    ("Fn::Sub", "!Sub"),
    ("Fn::If", "!If"),
    ("Fn::Join", "!Join"),
    ("Fn::Split", "!Split"),
    ("Fn::Equals", "!Equals"),
    ("Fn::Not", "!Not"),
    ("Fn::And", "!And"),
];

/// The document that a value is.
pub(crate) fn document(value: &Value) -> String {
    let mut out = String::new();
    match value {
        Value::Object(members) => map(&mut out, members, 0),
        other => node(&mut out, other, 0),
    }
    out
}

/// The members of a map, each on lines of its own. Between the document's members are blank lines,
/// and below them where some have comments.
fn map(out: &mut String, members: &Map<String, Value>, indent: usize) {
    comment(out, members, indent);
    let spaced = indent == 0 || indent == 2 && members.values().any(has_comment);
    for (number, (name, value)) in without_comment(members).iter().enumerate() {
        if number > 0 && spaced {
            out.push('\n');
        }
        let bare = value.as_object().map(|inner| {
            comment(out, inner, indent);
            Value::Object(without_comment(inner))
        });
        pad(out, indent);
        out.push_str(&scalar(name, false));
        out.push(':');
        node(out, bare.as_ref().unwrap_or(value), indent);
    }
}

/// A value, right after `name:`, `-` or a tag that stands in a line of this indent.
fn node(out: &mut String, value: &Value, indent: usize) {
    match value {
        Value::Object(members) => match tagged(members) {
            Some((tag, value)) => {
                out.push(' ');
                out.push_str(tag);
                match flow(value, line_length(out)) {
                    Some(flow) => line(out, &flow),
                    None => node(out, value, indent),
                }
            }
            None if members.is_empty() => line(out, "{}"),
            None => {
                out.push('\n');
                map(out, members, indent + 2);
            }
        },
        Value::Array(items) if items.is_empty() => line(out, "[]"),
        Value::Array(items) => {
            out.push('\n');
            for item in items {
                list_item(out, item, indent + 2);
            }
        }
        Value::String(text) => string(out, text, indent),
        other => line(out, &other.to_string()),
    }
}

/// An item of a list. A map's first member stands in the line of the dash.
fn list_item(out: &mut String, item: &Value, indent: usize) {
    let Some(members) = item.as_object().filter(|members| tagged(members).is_none()) else {
        pad(out, indent);
        out.push('-');
        node(out, item, indent);
        return;
    };
    comment(out, members, indent);
    let mut lines = String::new();
    map(&mut lines, &without_comment(members), indent + 2);
    pad(out, indent);
    out.push_str("- ");
    out.push_str(lines.trim_start());
}

/// A text: as it is, folded where it is long, or literal where it has lines.
fn string(out: &mut String, text: &str, indent: usize) {
    if text.contains('\n') {
        let keep = if text.ends_with('\n') { " |" } else { " |-" };
        out.push_str(keep);
        out.push('\n');
        for part in text.lines() {
            if !part.is_empty() {
                pad(out, indent + 2);
                out.push_str(part);
            }
            out.push('\n');
        }
    } else if line_length(out) + text.len() > WIDTH && can_fold(text) {
        out.push_str(" >-\n");
        for part in wrapped(text, WIDTH - indent - 2) {
            pad(out, indent + 2);
            out.push_str(&part);
            out.push('\n');
        }
    } else {
        line(out, &scalar(text, false));
    }
}

/// A short value in one line: `[A, !Ref B]`.
fn flow(value: &Value, used: usize) -> Option<String> {
    let written = inline(value, false)?;
    (used + 1 + written.len() <= WIDTH).then_some(written)
}

fn inline(value: &Value, nested: bool) -> Option<String> {
    match value {
        Value::String(text) if text.contains('\n') => None,
        Value::String(text) => Some(scalar(text, nested)),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(|item| inline(item, true)).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        Value::Object(members) => {
            let (tag, value) = tagged(members)?;
            Some(format!("{tag} {}", inline(value, nested)?))
        }
        other => Some(other.to_string()),
    }
}

/// The tag and the argument, where a map is a function.
fn tagged(members: &Map<String, Value>) -> Option<(&'static str, &Value)> {
    let (name, value) = members.iter().next().filter(|_| members.len() == 1)?;
    let (_, tag) = TAGS.iter().find(|(function, _)| function == name)?;
    Some((tag, value))
}

/// A text as a scalar, in single quotes where it would be read as something else.
fn scalar(text: &str, in_flow: bool) -> String {
    if is_plain(text, in_flow) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}

/// Whether YAML 1.1 and 1.2 read an unquoted text as this very text.
fn is_plain(text: &str, in_flow: bool) -> bool {
    const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "~"];
    let safe_start = |first: char| first.is_ascii_alphabetic() || "/$_".contains(first);
    let special = |char: char| char.is_control() || in_flow && "[]{},'\"".contains(char);
    let special_parts = [": ", " #"].iter().any(|part| text.contains(part));
    let reserved = WORDS.contains(&text.to_ascii_lowercase().as_str());
    text.starts_with(safe_start)
        && !text.ends_with([':', ' '])
        && !text.contains(special)
        && !special_parts
        && !reserved
}

/// Whether a text can be broken at its spaces and folded to itself again.
fn can_fold(text: &str) -> bool {
    !text.contains("  ") && !text.starts_with(' ') && !text.ends_with(' ')
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        match lines.last_mut() {
            Some(last) if last.len() + 1 + word.len() <= width => {
                last.push(' ');
                last.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn comment(out: &mut String, members: &Map<String, Value>, indent: usize) {
    let Some(Value::String(text)) = members.get(COMMENT) else { return };
    for paragraph in text.lines() {
        for part in wrapped(paragraph, WIDTH - indent - 2) {
            pad(out, indent);
            let _ = writeln!(out, "{}", format!("# {part}").trim_end());
        }
    }
}

fn without_comment(members: &Map<String, Value>) -> Map<String, Value> {
    let members = members.iter().filter(|(name, _)| *name != COMMENT);
    members.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn has_comment(value: &Value) -> bool {
    value.as_object().is_some_and(|members| members.contains_key(COMMENT))
}

fn line(out: &mut String, text: &str) {
    out.push(' ');
    out.push_str(text);
    out.push('\n');
}

fn pad(out: &mut String, indent: usize) {
    out.extend(std::iter::repeat_n(' ', indent));
}

fn line_length(out: &str) -> usize {
    out.len() - out.rfind('\n').map_or(0, |end| end + 1)
}

#[cfg(test)]
pub(crate) mod tests {
    use serde_json::json;
    use serde_norway::Value as Yaml;

    use super::*;

    /// What a library reads, with functions in the long form.
    pub(crate) fn read(text: &str) -> Value {
        fn long_form(value: Yaml) -> Value {
            match value {
                Yaml::Tagged(tagged) => {
                    let tag = tagged.tag.to_string();
                    let (function, _) = TAGS.iter().find(|(_, short)| *short == tag).unwrap();
                    json!({*function: long_form(tagged.value)})
                }
                Yaml::Mapping(members) => members
                    .into_iter()
                    .map(|(name, value)| (name.as_str().unwrap().to_owned(), long_form(value)))
                    .collect::<Map<_, _>>()
                    .into(),
                Yaml::Sequence(items) => items.into_iter().map(long_form).collect(),
                other => serde_json::to_value(other).unwrap(),
            }
        }
        long_form(serde_norway::from_str(text).unwrap())
    }

    /// A value without its comments.
    pub(crate) fn uncommented(value: &Value) -> Value {
        match value {
            Value::Object(members) => without_comment(members)
                .iter()
                .map(|(name, value)| (name.clone(), uncommented(value)))
                .collect(),
            Value::Array(items) => items.iter().map(uncommented).collect(),
            other => other.clone(),
        }
    }

    #[test]
    fn a_document_reads_well() {
        let value = json!({
            "#": "What it is.\n\nHow it is made.",
            "Empty": {},
            "Things": {
                "First": {"#": "Why there is one.", "Type": "A::B", "List": [1, true, "1"]},
                "Second": {"Fn::If": ["C", {"Ref": "First"}, {"Ref": "AWS::NoValue"}]},
                "Third": [{"#": "An item.", "A": {"Fn::Sub": "${B}-c"}, "D": []}],
                "Fourth": {"Fn::Sub": "{\n  \"a\": 1\n}"},
                "Fifth": {"Fn::If": ["C", {"Type": "A::B", "List": ["x"]}, "z"]},
            },
        });
        let written = "\
# What it is.
#
# How it is made.
Empty: {}

Things:
  # Why there is one.
  First:
    Type: A::B
    List:
      - 1
      - true
      - '1'

  Second: !If [C, !Ref First, !Ref AWS::NoValue]

  Third:
    # An item.
    - A: !Sub ${B}-c
      D: []

  Fourth: !Sub |-
    {
      \"a\": 1
    }

  Fifth: !If
    - C
    - Type: A::B
      List:
        - x
    - z
";
        assert_eq!(document(&value), written);
        assert_eq!(read(written), uncommented(&value));
    }

    #[test]
    fn every_text_is_read_as_it_was() {
        let long = "a word and another, ".repeat(12);
        let texts = [
            "",
            " ",
            "~",
            "y",
            "No",
            "on",
            "null",
            "True",
            "1",
            "1.5",
            "1e3",
            "0x1f",
            "010",
            "1:20",
            "2012-10-17",
            "-",
            "- a",
            "a: b",
            "a:",
            ":a",
            "a #b",
            "#a",
            "*",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a`",
            "'",
            "it's",
            "\"a\"",
            "a, b",
            "[a]",
            "{a}",
            "a]",
            "?",
            "|",
            ">",
            "=",
            "<<",
            ".inf",
            "arn:aws:s3:::b/*",
            "${A}",
            "$LATEST",
            "é",
            "a\nb",
            "a\n",
            "a\n\nb\n",
            "{\n  a: 1\n}",
            "trailing ",
            " leading",
            "two  blanks",
            long.trim(),
            long.as_str(),
        ];
        for text in texts {
            let value = json!({
                "Text": text,
                "List": [text, [text]],
                "Sub": {"Fn::Sub": text},
                "Flow": {"Fn::Join": [text, [{"Ref": "A"}, text, {"Fn::Sub": text}]]},
                "Deep": {"Fn::If": ["C", {"Fn::Equals": [{"Ref": "A"}, text]}, {"B": text}]},
            });
            let written = document(&value);
            assert_eq!(read(&written), value, "{text:?} was written as\n{written}");
        }
    }
}
