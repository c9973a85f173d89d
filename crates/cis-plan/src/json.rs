//! JSON documents. A name that stands twice in an object is an error, for readers differ on it.

mod places;

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::error::PlanError;
use crate::node::Node;

pub(crate) use self::places::{Which, put as put_places};

/// Reads a JSON document.
pub(crate) fn read(text: &str) -> Result<Node, PlanError> {
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let what = message.split(" at line ").next().unwrap_or_default().to_string();
        PlanError::Syntax { what, line: error.line(), column: error.column() }
    })
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Unclear(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Node, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element()? {
            elements.push(element);
        }
        Ok(Node::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        let mut names = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if !names.insert(name.clone()) {
                return Err(A::Error::custom(format_args!("`{name}` stands twice in one object")));
            }
            members.push((name, map.next_value()?));
        }
        Ok(Node::Map(members))
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_kept_as_written() {
        assert_eq!(
            read(r#"{"b": [1, -2, true, null, "x"], "a": {}}"#).unwrap(),
            Node::Map(vec![
                (
                    "b".into(),
                    Node::List(vec![
                        Node::Text("1".into()),
                        Node::Text("-2".into()),
                        Node::Bool(true),
                        Node::Null,
                        Node::Text("x".into()),
                    ])
                ),
                ("a".into(), Node::Map(vec![])),
            ])
        );
    }

    #[test]
    fn errors_have_a_place() {
        for (text, message) in [
            ("{\n \"a\": }", "expected value at line 2 column 7"),
            ("{\"a\": 1,\n\"a\": 2}", "`a` stands twice in one object at line 2 column 3"),
            ("{}\n{}", "trailing characters at line 2 column 1"),
        ] {
            assert_eq!(read(text).unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn objects_have_places() {
        let text = "{\n  \"Resources\": {\n    \"Ü\\\"}\": {\"A\": [1, -2.5e3, null, true,\n  {\"Field\": \
                    \"x\"}], \"B\": {}}\n  }\n}";
        let mut root = read(text).unwrap();
        put_places(text, &mut root, Which::OfTemplate);
        let resource = root.get("Resources").and_then(|all| all.get("Ü\"}")).unwrap();
        let place =
            |node: &Node| node.get(crate::node::PLACE).and_then(Node::text).map(str::to_string);
        assert_eq!(place(resource), Some("3:5".to_string()));
        assert_eq!(place(resource.get("B").unwrap()), None);
        let selector = resource.get("A").unwrap().elements().last().unwrap();
        assert_eq!(place(selector), Some("4:3".to_string()));
        assert_eq!(place(&root), None);
        let mut root = read(text).unwrap();
        put_places(text, &mut root, Which::All);
        assert_eq!(place(&root), Some("1:1".to_string()));
    }

    #[test]
    fn deep_nesting_is_refused() {
        let error = read(&"[".repeat(1_000_000)).unwrap_err();
        assert!(error.to_string().starts_with("recursion limit exceeded at line 1"), "{error}");
    }
}
