//! Files in Terraform's JSON syntax.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/syntax/json>

use std::collections::HashSet;
use std::rc::Rc;

use hcl_edit::expr::{Expression, Object, ObjectKey, ObjectValue};

use super::body::{Attribute, Block, Body};
use super::json_tree::{self, Tree};
use super::kinds::has_trails;
use crate::error::PlanError;

/// Reads a file in JSON. What stands in it has the place of the object around it.
pub(super) fn json(text: &str, path: &str) -> Result<Body, PlanError> {
    let root = Tree::read(text).map_err(|error| {
        let place = format!("{path}:{}", error.line());
        PlanError::shape(place, format!("not JSON: {error}"))
    })?;
    if !matches!(root, Tree::Object(_) | Tree::List(_)) {
        return Err(PlanError::shape(path, "the file is no object"));
    }
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

/// The members of an object, or of all objects in a list; a comment is none.
fn members(value: &Tree) -> Vec<(&String, &Tree)> {
    let all: Vec<_> = match value {
        Tree::Object(object) => object.members.iter().map(|(name, value)| (name, value)).collect(),
        Tree::List(elements) => elements.iter().flat_map(members).collect(),
        _ => Vec::new(),
    };
    all.into_iter().filter(|(name, _)| *name != "//").collect()
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
        value: &Tree,
    ) -> Result<(), PlanError> {
        if labels > 0 {
            for (label, value) in members(value) {
                let named = named.iter().chain([label]).cloned().collect();
                self.blocks(all, kind, labels - 1, named, value)?;
            }
            return Ok(());
        }
        let bodies = match value {
            Tree::List(bodies) => bodies.iter().collect(),
            Tree::Null => Vec::new(),
            body => vec![body],
        };
        for body in bodies {
            let Tree::Object(object) = body else {
                return Err(PlanError::shape(self.path, format!("`{kind}` is no object")));
            };
            let (place, column) = self.place(object);
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
                let may_be_block = matches!(value, Tree::Object(_) | Tree::List(_));
                if in_resource && is_block(name) && may_be_block {
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
                    let known = block.body.attributes.insert(name.clone(), attribute);
                    // What is not known here may be a block, which may stand more than once.
                    let is_known = named.first().is_none_or(|kind| has_trails(kind));
                    if known.is_some() && (is_known || !in_resource || !may_be_block) {
                        let what = format!("`{name}` stands twice in one object");
                        return Err(PlanError::shape(&*place, what));
                    }
                }
            }
            all.push(block);
        }
        Ok(())
    }

    /// Where an object stands: its file and line, and its column.
    fn place(&self, object: &json_tree::Object) -> (Rc<str>, usize) {
        match object.place {
            Some((line, column)) => (Rc::from(format!("{}:{line}", self.path)), column),
            None => (Rc::from(self.path), 1),
        }
    }

    fn expression(&self, value: &Tree, is_plain: bool) -> Result<Expression, PlanError> {
        Ok(match value {
            Tree::Null => Expression::null(),
            Tree::Bool(value) => Expression::from(*value),
            Tree::Number(number) => match (number.as_i64(), number.as_f64()) {
                (Some(whole), _) => Expression::from(whole),
                (None, Some(other)) => Expression::from(other),
                (None, None) => Expression::null(),
            },
            Tree::Text(text) if is_plain => {
                // Older versions took a reference as a template, too.
                let inner = text.strip_prefix("${").and_then(|text| text.strip_suffix('}'));
                let text = inner.unwrap_or(text);
                self.parsed(hcl_edit::parser::parse_expr(text))?
            }
            Tree::Text(text) => self.template(text)?,
            Tree::List(elements) => Expression::Array(
                elements
                    .iter()
                    .map(|element| self.expression(element, is_plain))
                    .collect::<Result<Vec<_>, _>>()?
                    .into(),
            ),
            Tree::Object(json_tree::Object { members, place }) => {
                let mut object = Object::with_capacity(members.len());
                let mut names = HashSet::new();
                for (name, value) in members {
                    if !names.insert(name) {
                        let line = place.map(|(line, _)| format!(":{line}")).unwrap_or_default();
                        let what = format!("`{name}` stands twice in one object");
                        return Err(PlanError::shape(format!("{}{line}", self.path), what));
                    }
                    let name = self.template(name)?;
                    let value = self.expression(value, is_plain)?;
                    object.insert(ObjectKey::Expression(name), ObjectValue::new(value));
                }
                Expression::Object(object)
            }
        })
    }

    fn template(&self, text: &str) -> Result<Expression, PlanError> {
        let template = self.parsed(hcl_edit::parser::parse_template(text))?;
        let elements: Vec<_> = template.into_iter().collect();
        Ok(Expression::StringTemplate(elements.into()))
    }

    fn parsed<T>(&self, result: Result<T, hcl_edit::parser::Error>) -> Result<T, PlanError> {
        result.map_err(|error| {
            let what = format!("a text is no template: {}", error.message());
            PlanError::shape(self.path, what)
        })
    }
}
