//! Property values, as a plan has them: the value, and beside it what of it is not known.
//!
//! Source: <https://github.com/pulumi/pulumi/blob/master/sdk/go/common/apitype/property-values.json>

use std::collections::HashMap;

use super::generated::Generated;
use super::kinds::Names;
use super::properties::{Properties, Property};
use crate::json;
use crate::node::Node;
use crate::path::Path;

/// What stands for values that are not known until the update: of a text, a truth, a number, a
/// list, a map, a file, files.
///
/// Source: <https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go>
const UNKNOWN: [&str; 7] = [
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    "030794c1-ac77-496b-92df-f27374a8bd58",
    "e48ece36-62e2-4504-bad9-02848725956a",
];
/// The member that makes a map something else than a map.
const SIGNATURE: &str = "4dabf18193072939515e22adb298388d";
/// A secret.
const SECRET: &str = "1b47061264138c4ac30d75fd1eb44270";
/// A whole number.
const INTEGER: &str = "7eb310220ed6211bd6f147f2a75bfbb6";
/// What a preview shows in place of a secret.
const HIDDEN: &str = "[secret]";

/// A value, and what of it is not known: `true`, or why, in its place.
pub(super) type Known = (Node, Node);

/// How property values are read.
#[derive(Clone, Copy)]
pub(super) struct Values<'a> {
    /// Whether they are of a preview.
    pub(super) is_preview: bool,
    /// The names that a preview made up.
    pub(super) generated: &'a Generated<'a>,
}

impl Values<'_> {
    /// The properties of a resource as a map of known values, and one of what is not known. Where
    /// properties may be missing, the `expected` ones may be there.
    pub(super) fn of(
        self,
        properties: &Properties<'_>,
        address: &str,
        names: Names,
        expected: &[&str],
    ) -> Known {
        let root = Path::Root(address);
        let mut map = Building::default();
        for (name, property) in &properties.all {
            if name.starts_with("__") {
                continue;
            }
            let place = Path::Member(&root, name);
            let known = match property {
                Property::Is(value) => {
                    let inner = if names == Names::TerraformOutside { Names::Own } else { names };
                    self.value(value, place, inner, true)
                }
                Property::Open(why) => open(place, why),
            };
            map.add(names.written(name), known, place);
        }
        if let Some(why) = properties.missing {
            for name in expected {
                let place = Path::Member(&root, name);
                if !map.has(name) {
                    map.add((*name).to_string(), open(place, why), place);
                }
            }
        }
        map.finish()
    }

    /// A value at a place.
    pub(super) fn value(
        self,
        node: &Node,
        place: Path<'_>,
        names: Names,
        may_unwrap: bool,
    ) -> Known {
        match node {
            Node::Text(text) => match self.why_open(text) {
                Some(why) => open(place, why),
                None => known(node.clone()),
            },
            Node::Null | Node::Bool(_) | Node::Unclear(_) => known(node.clone()),
            Node::List(elements) => {
                let elements = elements.iter().enumerate().map(|(position, element)| {
                    self.value(element, Path::Element(&place, position), names, may_unwrap)
                });
                let (values, unknowns) = elements.unzip();
                (Node::List(values), Node::List(unknowns))
            }
            Node::Map(members) => match node.get(SIGNATURE) {
                Some(signature) => self.signed(node, signature, place, names, may_unwrap),
                None => {
                    let mut map = Building::default();
                    for (name, member) in members.iter().filter(|(name, _)| !name.starts_with("__"))
                    {
                        let place = Path::Member(&place, name);
                        let value = self.value(member, place, names, may_unwrap);
                        map.add(names.written(name), value, place);
                    }
                    map.finish()
                }
            },
        }
    }

    /// Why a text does not say what it will be.
    fn why_open(self, text: &str) -> Option<&'static str> {
        if UNKNOWN.iter().any(|unknown| text.contains(unknown)) {
            Some("it is known after the update")
        } else if self.is_preview && text == HIDDEN {
            Some("it is a secret, which a preview hides")
        } else if self.generated.is_in(text) {
            Some("the update makes up another name than the preview")
        } else {
            None
        }
    }

    /// A map that stands for something else.
    fn signed(
        self,
        node: &Node,
        signature: &Node,
        place: Path<'_>,
        names: Names,
        may_unwrap: bool,
    ) -> Known {
        let text = |name| node.get(name).and_then(Node::text);
        match signature.text() {
            Some(INTEGER) => match text("value") {
                Some(value) => known(Node::Text(value.to_string())),
                None => open(place, "it is a number in a form that is not known here"),
            },
            Some(SECRET) => match text("plaintext").map(json::read) {
                // The text of a secret is a value itself.
                Some(Ok(value)) if may_unwrap => self.value(&value, place, names, false),
                _ => open(place, "it is a secret"),
            },
            _ => open(place, "it is no plain value"),
        }
    }
}

/// A map of known values, and one of what is not known.
#[derive(Default)]
struct Building {
    values: Vec<(String, Node)>,
    unknowns: Vec<(String, Node)>,
    of_name: HashMap<String, usize>,
}

impl Building {
    fn add(&mut self, name: String, known: Known, place: Path<'_>) {
        let (value, unknown) = match self.of_name.get(&name) {
            None => {
                self.of_name.insert(name.clone(), self.values.len());
                self.values.push((name.clone(), known.0));
                self.unknowns.push((name, known.1));
                return;
            }
            // Two properties with one name: it is not known which of them is meant.
            Some(at) => (self.values.get_mut(*at), self.unknowns.get_mut(*at)),
        };
        if let (Some((_, value)), Some((_, unknown))) = (value, unknown) {
            (*value, *unknown) = open(place, "it is given in two spellings");
        }
    }

    fn has(&self, name: &str) -> bool {
        self.of_name.contains_key(name)
    }

    fn finish(self) -> Known {
        (Node::Map(self.values), Node::Map(self.unknowns))
    }
}

const fn known(value: Node) -> Known {
    (value, Node::Bool(false))
}

fn open(place: Path<'_>, why: &str) -> Known {
    let why = format!("`{place}` is not known: {why}\ndeploy, and audit the account");
    (Node::Null, Node::Text(why))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, is_preview: bool) -> Known {
        let generated = Generated::default();
        let values = Values { is_preview, generated: &generated };
        values.value(&json::read(text).unwrap(), Path::Root("a"), Names::Terraform, true)
    }

    #[test]
    fn what_stands_for_an_unknown_value_is_open() {
        for (text, is_preview, reason) in [
            ("\"04da6b54-80e4-46f7-96ec-b56ff0331ba9\"", true, "it is known after the update"),
            (
                "\"arn:aws:s3:::04da6b54-80e4-46f7-96ec-b56ff0331ba9/\"",
                true,
                "it is known after the update",
            ),
            ("\"1c4a061d-8072-4f0a-a4cb-0ff528b18fe7\"", false, "it is known after the update"),
            ("\"[secret]\"", true, "it is a secret, which a preview hides"),
            (
                "{\"4dabf18193072939515e22adb298388d\": \"1b47061264138c4ac30d75fd1eb44270\", \
                 \"ciphertext\": \"AAAB\"}",
                false,
                "it is a secret",
            ),
            (
                "{\"4dabf18193072939515e22adb298388d\": \"1b47061264138c4ac30d75fd1eb44270\", \
                 \"plaintext\": \"{\"}",
                false,
                "it is a secret",
            ),
            (
                "{\"4dabf18193072939515e22adb298388d\": \"c44067f5952c0a294b673a41bacd8c17\", \
                 \"text\": \"x\"}",
                false,
                "it is no plain value",
            ),
        ] {
            let why = format!("`a` is not known: {reason}\ndeploy, and audit the account");
            assert_eq!(read(text, is_preview), (Node::Null, Node::Text(why)), "{text}");
        }
    }

    #[test]
    fn values_that_are_known_stay() {
        for (text, expected) in [
            ("true", Node::Bool(true)),
            ("\"[secret]\"", Node::Text("[secret]".into())),
            (
                "{\"4dabf18193072939515e22adb298388d\": \"1b47061264138c4ac30d75fd1eb44270\", \
                 \"plaintext\": \"\\\"x\\\"\"}",
                Node::Text("x".into()),
            ),
            (
                "{\"4dabf18193072939515e22adb298388d\": \"7eb310220ed6211bd6f147f2a75bfbb6\", \
                 \"value\": \"7\"}",
                Node::Text("7".into()),
            ),
        ] {
            assert_eq!(read(text, false), (expected, Node::Bool(false)), "{text}");
        }
        let (value, _) = read("[{\"__defaults\": [], \"startsWith\": [\"a\"]}]", true);
        let list = Node::List(vec![Node::Text("a".into())]);
        let map = Node::Map(vec![("starts_with".into(), list)]);
        assert_eq!(value, Node::List(vec![map]));
    }
}
