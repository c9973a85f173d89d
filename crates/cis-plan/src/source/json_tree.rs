//! JSON as Terraform reads it: of a name that stands twice in an object, both values are kept, for
//! they may be two blocks.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/syntax/json>

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Number;

use crate::json::{Which, put_places};
use crate::node::{Node, PLACE};

/// A value.
pub(super) enum Tree {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Tree>),
    Object(Object),
}

/// An object.
pub(super) struct Object {
    /// Its members, in their order.
    pub(super) members: Vec<(String, Tree)>,
    /// Where it stands: its line and column.
    pub(super) place: Option<(usize, usize)>,
}

impl Tree {
    /// Reads a document, with the places of its objects.
    pub(super) fn read(text: &str) -> Result<Self, serde_json::Error> {
        let mut tree: Self = serde_json::from_str(text)?;
        let mut places = tree.node();
        put_places(text, &mut places, Which::All);
        tree.put(&places);
        Ok(tree)
    }

    /// The objects and lists of it.
    fn node(&self) -> Node {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => Node::Null,
            Self::List(elements) => Node::List(elements.iter().map(Self::node).collect()),
            Self::Object(object) => {
                let members = object.members.iter();
                Node::Map(members.map(|(name, value)| (name.clone(), value.node())).collect())
            }
        }
    }

    fn put(&mut self, places: &Node) {
        match self {
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::Text(_) => {}
            Self::List(elements) => {
                let pairs = elements.iter_mut().zip(places.elements());
                pairs.for_each(|(element, places)| element.put(places));
            }
            Self::Object(object) => {
                object.place = places.get(PLACE).and_then(Node::text).and_then(|place| {
                    let (line, column) = place.split_once(':')?;
                    Some((line.parse().ok()?, column.parse().ok()?))
                });
                let pairs = object.members.iter_mut().zip(places.members());
                pairs.for_each(|((_, member), (_, places))| member.put(places));
            }
        }
    }
}

struct TreeVisitor;

impl<'de> Visitor<'de> for TreeVisitor {
    type Value = Tree;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Tree, E> {
        Ok(Tree::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Tree, E> {
        Ok(Tree::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Tree, E> {
        Ok(Tree::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Tree, E> {
        Ok(Number::from_f64(value).map_or(Tree::Null, Tree::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Tree, E> {
        Ok(Tree::Text(value.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Tree, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = seq.next_element()? {
            elements.push(element);
        }
        Ok(Tree::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Tree, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Tree::Object(Object { members, place: None }))
    }
}

impl<'de> Deserialize<'de> for Tree {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TreeVisitor)
    }
}
