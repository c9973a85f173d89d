//! JSON whose parts are kept as they were written: the order of members, the spelling of values.

use std::fmt;

use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::{RawValue, to_raw_value};

/// An object's members in their order, each value as it was written.
#[derive(Clone, Debug, Default)]
pub struct Members(Vec<(String, Box<RawValue>)>);

impl Members {
    /// The members in a text; `None` if it is no object.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        serde_json::from_str(text).ok()
    }

    /// The text of a member.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(member, _)| member == name).map(|(_, value)| value.get())
    }

    /// The value of a member; `None` where it is absent, `null`, or something else.
    #[must_use]
    pub fn read<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str::<Option<T>>(self.get(name)?).ok().flatten()
    }

    /// Whether a member is there and not `null`.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.get(name).is_some_and(|text| text != "null")
    }

    /// Gives a member a value: in its place, or at the end where it is new.
    pub fn set(&mut self, name: &str, value: &impl Serialize) {
        // Texts, truth values, lists and members can always be written.
        let Ok(value) = to_raw_value(value) else { return };
        match self.0.iter_mut().find(|(member, _)| member == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name.to_owned(), value)),
        }
    }

    /// The same with one more member.
    #[must_use]
    pub fn with(mut self, name: &str, value: &impl Serialize) -> Self {
        self.set(name, value);
        self
    }

    /// Takes a member away.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|(member, _)| member != name);
    }

    /// The names of the members, in their order.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(member, _)| member.as_str())
    }

    /// The object as text.
    #[must_use]
    pub fn text(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl PartialEq for Members {
    fn eq(&self, other: &Self) -> bool {
        self.text() == other.text()
    }
}

impl Serialize for Members {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (member, value) in &self.0 {
            map.serialize_entry(member, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct MembersVisitor;

        impl<'de> Visitor<'de> for MembersVisitor {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    members.push(entry);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(MembersVisitor)
    }
}

/// A text without the white space between its tokens.
#[must_use]
pub fn compact(json: &str) -> String {
    let mut text = String::with_capacity(json.len());
    for (token, is_text) in Tokens(json) {
        if is_text || !token.chars().all(char::is_whitespace) {
            text.push_str(token);
        }
    }
    text
}

/// A text with one member or item in a line; short lists of plain values in one line.
#[must_use]
pub fn pretty(json: &str) -> String {
    let compact = compact(json);
    let tokens: Vec<&str> = Tokens(&compact).map(|(token, _)| token).collect();
    let mut text = String::with_capacity(2 * compact.len());
    let mut depth = 0_usize;
    let line = |text: &mut String, depth: usize| {
        text.push('\n');
        text.extend(std::iter::repeat_n("  ", depth));
    };
    let mut inline = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            "[" | "{" => {
                text.push_str(token);
                if is_short(tokens.get(at + 1..).unwrap_or_default(), token) {
                    inline += 1;
                } else {
                    depth += 1;
                    line(&mut text, depth);
                }
            }
            "]" | "}" if inline > 0 => {
                inline -= 1;
                text.push_str(token);
            }
            "]" | "}" => {
                depth = depth.saturating_sub(1);
                line(&mut text, depth);
                text.push_str(token);
            }
            "," if inline > 0 => text.push_str(", "),
            "," => {
                text.push(',');
                line(&mut text, depth);
            }
            ":" => text.push_str(": "),
            _ => text.push_str(token),
        }
    }
    text
}

/// Whether what an opening bracket begins is empty, or a short list without lists in it.
fn is_short(rest: &[&str], open: &str) -> bool {
    let mut length = 0;
    for token in rest {
        match *token {
            "]" | "}" => return open == "[" || length == 0,
            "[" | "{" => return false,
            _ => length += token.len() + 1,
        }
        if length > 80 {
            return false;
        }
    }
    false
}

/// The tokens of a JSON text, and whether each is a string.
struct Tokens<'a>(&'a str);

impl<'a> Iterator for Tokens<'a> {
    type Item = (&'a str, bool);

    fn next(&mut self) -> Option<Self::Item> {
        let first = self.0.chars().next()?;
        let is_mark = |character: char| "{}[],:\"".contains(character);
        let length = match first {
            '"' => {
                let mut is_escaped = false;
                let end = self.0.char_indices().skip(1).find(|&(_, character)| {
                    let ends = character == '"' && !is_escaped;
                    is_escaped = character == '\\' && !is_escaped;
                    ends
                });
                end.map_or(self.0.len(), |(at, _)| at + 1)
            }
            mark if is_mark(mark) => 1,
            blank if blank.is_whitespace() => {
                self.0.find(|other: char| !other.is_whitespace()).unwrap_or(self.0.len())
            }
            _ => self
                .0
                .find(|other: char| is_mark(other) || other.is_whitespace())
                .unwrap_or(self.0.len()),
        };
        let (token, rest) = self.0.split_at(length);
        self.0 = rest;
        Some((token, first == '"'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_keep_their_order_and_their_spelling() {
        let text = r#"{"b":1.50,"a":"\u00e9","c":[ 1,2 ]}"#;
        let mut members = Members::from_text(text).unwrap();
        assert_eq!(members.text(), text);
        members.set("a", &true);
        members.set("d", &["x"]);
        members.remove("c");
        assert_eq!(members.text(), r#"{"b":1.50,"a":true,"d":["x"]}"#);
        assert_eq!(members.read::<bool>("a"), Some(true));
        assert!(!members.has("c"));
    }

    #[test]
    fn white_space_goes_and_nothing_else() {
        let text = "{ \"a b\" : [ 1 ,\n\t\"c \\\" ] d\" , null ] }\r\n";
        assert_eq!(compact(text), r#"{"a b":[1,"c \" ] d",null]}"#);
    }

    #[test]
    fn a_pretty_text_means_the_same() {
        let text = r#"{"a":[],"b":{},"c":[1,"x, y: [z]"],"d":[{"e":[{"f":"g"}]}],"h":"\\"}"#;
        assert_eq!(compact(&pretty(text)), text);
        assert_eq!(
            pretty(r#"{"a":[1,2],"b":[{}]}"#),
            "{\n  \"a\": [1, 2],\n  \"b\": [\n    {}\n  ]\n}"
        );
    }
}
