//! Files in Terraform's JSON syntax.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/syntax/json>

use std::collections::HashMap;
use std::rc::Rc;

use hcl_edit::expr::{Expression, Object, ObjectKey, ObjectValue};
use serde_json::Value as Json;

use super::body::{Attribute, Block, Body};
use crate::error::PlanError;
use crate::json::{Which, put_places};
use crate::node::{Node, PLACE};

/// Reads a file in JSON. What stands in it has the place of the object around it.
pub(super) fn json(text: &str, path: &str) -> Result<Body, PlanError> {
    // Terraform takes a block whose name stands twice as two blocks; here it is refused.
    let mut places =
        crate::json::read(text).map_err(|error| PlanError::shape(path, error.to_string()))?;
    put_places(text, &mut places, Which::All);
    let mut root: Json = serde_json::from_str(text).map_err(|error| {
        PlanError::shape(format!("{path}:{}", error.line()), format!("not JSON: {error}"))
    })?;
    put_in(&mut root, &places);
    let reader = Reader { path };
    let mut all = Body::default();
    for (kind, value) in members(&root) {
        let labels = match kind.as_str() {
            "resource" | "data" | "ephemeral" | "action" => 2,
            "locals" | "terraform" | "moved" | "removed" | "import" => 0,
            _ => 1,
        };
        reader.blocks(&mut all.blocks, kind, labels, Vec::new(), value)?;
    }
    Ok(all)
}

/// Puts the places of objects into the same document.
fn put_in(json: &mut Json, places: &Node) {
    match json {
        Json::Object(members) => {
            let of_name: HashMap<&str, &Node> =
                places.members().iter().map(|(name, place)| (name.as_str(), place)).collect();
            for (name, member) in members.iter_mut() {
                if let Some(places) = of_name.get(name.as_str()) {
                    put_in(member, places);
                }
            }
            if let Some(place) = places.get(PLACE).and_then(Node::text) {
                members.insert(PLACE.to_string(), place.into());
            }
        }
        Json::Array(elements) => {
            let pairs = elements.iter_mut().zip(places.elements());
            pairs.for_each(|(element, places)| put_in(element, places));
        }
        Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) => {}
    }
}

/// The members of an object, or of all objects in a list; a comment is none.
fn members(value: &Json) -> Vec<(&String, &Json)> {
    let all: Vec<_> = match value {
        Json::Object(members) => members.iter().collect(),
        Json::Array(elements) => elements.iter().flat_map(members).collect(),
        _ => Vec::new(),
    };
    all.into_iter().filter(|(name, _)| *name != "//" && *name != PLACE).collect()
}

struct Reader<'a> {
    path: &'a str,
}

/// Blocks in resources; every other member of a resource is an attribute.
fn is_block(kind: &str) -> bool {
    matches!(
        kind,
        "event_selector"
            | "advanced_event_selector"
            | "data_resource"
            | "field_selector"
            | "insight_selector"
            | "lifecycle"
            | "assume_role"
            | "provisioner"
            | "content"
    )
}

impl Reader<'_> {
    fn blocks(
        &self,
        all: &mut Vec<Block>,
        kind: &str,
        labels: usize,
        named: Vec<String>,
        value: &Json,
    ) -> Result<(), PlanError> {
        if labels > 0 {
            for (label, value) in members(value) {
                let named = named.iter().chain([label]).cloned().collect();
                self.blocks(all, kind, labels - 1, named, value)?;
            }
            return Ok(());
        }
        let bodies = match value {
            Json::Array(bodies) => bodies.iter().collect(),
            Json::Null => Vec::new(),
            body => vec![body],
        };
        for body in bodies {
            if !body.is_object() {
                return Err(PlanError::shape(self.path, format!("`{kind}` is no object")));
            }
            let (place, column) = self.place(body);
            let mut block = Block {
                kind: kind.to_string(),
                labels: named.clone(),
                body: Body::default(),
                place: place.clone(),
                column,
                is_override: false,
            };
            for (name, value) in members(body) {
                let in_resource = !matches!(kind, "locals" | "module" | "variable" | "output");
                if in_resource && is_block(name) && (value.is_object() || value.is_array()) {
                    let labels = usize::from(name == "provisioner");
                    self.blocks(&mut block.body.blocks, name, labels, Vec::new(), value)?;
                } else if in_resource && name == "dynamic" {
                    self.blocks(&mut block.body.blocks, name, 1, Vec::new(), value)?;
                } else {
                    // Types and addresses stand in texts, without `${…}`.
                    let is_plain = matches!(
                        (kind, name.as_str()),
                        ("variable", "type")
                            | ("lifecycle", "ignore_changes")
                            | ("removed", "from")
                            | (_, "provider" | "providers" | "depends_on")
                    );
                    let expression = self.expression(value, is_plain)?;
                    let attribute = Attribute { expression, place: place.clone() };
                    block.body.attributes.insert(name.clone(), attribute);
                }
            }
            all.push(block);
        }
        Ok(())
    }

    /// Where an object stands: its file and line, and its column.
    fn place(&self, object: &Json) -> (Rc<str>, usize) {
        let place = object.get(PLACE).and_then(Json::as_str).unwrap_or_default();
        match place.split_once(':') {
            Some((line, column)) => {
                (Rc::from(format!("{}:{line}", self.path)), column.parse().unwrap_or(1))
            }
            None => (Rc::from(self.path), 1),
        }
    }

    fn expression(&self, value: &Json, is_plain: bool) -> Result<Expression, PlanError> {
        Ok(match value {
            Json::Null => Expression::null(),
            Json::Bool(value) => Expression::from(*value),
            Json::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Expression::from(whole),
                (None, Some(other)) => Expression::from(other),
                (None, None) => Expression::null(),
            },
            Json::String(text) if is_plain => {
                // Older versions took a reference as a template, too.
                let inner = text.strip_prefix("${").and_then(|text| text.strip_suffix('}'));
                let text = inner.unwrap_or(text);
                self.parsed(hcl_edit::parser::parse_expr(text))?
            }
            Json::String(text) => {
                let template = self.parsed(hcl_edit::parser::parse_template(text))?;
                let elements: Vec<_> = template.into_iter().collect();
                Expression::StringTemplate(elements.into())
            }
            Json::Array(elements) => Expression::Array(
                elements
                    .iter()
                    .map(|element| self.expression(element, is_plain))
                    .collect::<Result<Vec<_>, _>>()?
                    .into(),
            ),
            Json::Object(members) => {
                let mut object = Object::with_capacity(members.len());
                for (name, value) in members.iter().filter(|(name, _)| *name != PLACE) {
                    let name = self.expression(&Json::String(name.clone()), false)?;
                    let value = self.expression(value, is_plain)?;
                    object.insert(ObjectKey::Expression(name), ObjectValue::new(value));
                }
                Expression::Object(object)
            }
        })
    }

    fn parsed<T>(&self, result: Result<T, hcl_edit::parser::Error>) -> Result<T, PlanError> {
        result.map_err(|error| {
            let what = format!("a text is no template: {}", error.message());
            PlanError::shape(self.path, what)
        })
    }
}
