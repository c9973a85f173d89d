//! Files of Terraform's configuration, as attributes and blocks with their lines.
//!
//! Sources: <https://developer.hashicorp.com/terraform/language/syntax/configuration>,
//! <https://developer.hashicorp.com/terraform/language/syntax/json>

use std::collections::BTreeMap;
use std::rc::Rc;

use hcl_edit::expr::{Expression, FuncArgs, FuncCall, Object, ObjectKey, ObjectValue};
use hcl_edit::structure::{Body as HclBody, Structure};
use hcl_edit::template::Element;
use hcl_edit::visit_mut::{VisitMut, visit_expr_mut};
use hcl_edit::{Ident, Span};
use serde_json::Value as Json;

use crate::error::PlanError;

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    /// Its value.
    pub(super) expression: Expression,
    /// Where it stands: `main.tf:3`.
    pub(super) place: Rc<str>,
}

/// A block.
#[derive(Debug)]
pub(super) struct Block {
    /// Its type: `resource`.
    pub(super) kind: String,
    /// Its labels.
    pub(super) labels: Vec<String>,
    /// What stands in it.
    pub(super) body: Body,
    /// Where it stands: `main.tf:3`.
    pub(super) place: Rc<str>,
    /// Whether it is new, while an override file is taken over.
    is_override: bool,
}

/// What stands in a file or a block.
#[derive(Debug, Default)]
pub(super) struct Body {
    /// The attributes.
    pub(super) attributes: BTreeMap<String, Attribute>,
    /// The blocks, in order.
    pub(super) blocks: Vec<Block>,
}

impl Body {
    /// The blocks of a type.
    pub(super) fn blocks<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Block> {
        self.blocks.iter().filter(move |block| block.kind == kind)
    }

    /// Takes what an override file says: each attribute, and all blocks of a type in place of
    /// those.
    ///
    /// Source: <https://developer.hashicorp.com/terraform/language/files/override>
    pub(super) fn take_over(&mut self, other: Self) {
        self.attributes.extend(other.attributes);
        let kind = |block: &Block| match block.kind.as_str() {
            "dynamic" => block.labels.first().cloned().unwrap_or_default(),
            kind => kind.to_string(),
        };
        for block in other.blocks {
            if block.kind == "lifecycle"
                && let Some(known) = self.blocks.iter_mut().find(|known| known.kind == "lifecycle")
            {
                known.body.take_over(block.body);
            } else {
                let name = kind(&block);
                self.blocks.retain(|known| known.is_override || kind(known) != name);
                self.blocks.push(Block { is_override: true, ..block });
            }
        }
        self.blocks.iter_mut().for_each(|block| block.is_override = false);
    }
}

/// Reads a file in HCL.
pub(super) fn hcl(text: &str, path: &str) -> Result<Body, PlanError> {
    let mut body = hcl_edit::parser::parse_body(text).map_err(|error| {
        let place = format!("{path}:{}", error.location().line());
        PlanError::shape(place, format!("not Terraform's language: {}", error.message()))
    })?;
    Indented { text }.visit_body_mut(&mut body);
    let lines = Lines::of(text, path);
    Ok(lines.body(body))
}

/// What stands in place of an indented heredoc that is not read as Terraform reads it.
pub(super) const INDENTED: &str = "indented_heredoc";

/// Finds indented heredocs (`<<-`) with directives or with `~`. Which of their lines lose their
/// indentation depends on how Terraform's reader cuts them, and hcl-edit cuts them otherwise.
struct Indented<'a> {
    text: &'a str,
}

impl VisitMut for Indented<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expression) {
        if let Expression::HeredocTemplate(heredoc) = expression {
            let start = heredoc.span().map(|span| span.start).unwrap_or_default();
            let is_indented = self
                .text
                .get(start..)
                .is_none_or(|text| !text.starts_with("<<") || text.starts_with("<<-"));
            let is_cut = heredoc.template.iter().any(|element| match element {
                Element::Literal(_) => false,
                Element::Interpolation(of) => of.strip.strip_start() || of.strip.strip_end(),
                Element::Directive(_) => true,
            });
            if is_indented && is_cut {
                let name = Ident::new(INDENTED);
                *expression = FuncCall::new(name, FuncArgs::new()).into();
                return;
            }
        }
        visit_expr_mut(self, expression);
    }
}

struct Lines<'a> {
    path: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &str, path: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { path, starts: ends.map(|(end, _)| end + 1).collect() }
    }

    fn place(&self, span: Option<std::ops::Range<usize>>) -> Rc<str> {
        let start = span.map(|span| span.start).unwrap_or_default();
        let line = self.starts.partition_point(|line| *line <= start) + 1;
        Rc::from(format!("{}:{line}", self.path))
    }

    fn body(&self, body: HclBody) -> Body {
        let mut all = Body::default();
        for structure in body {
            match structure {
                Structure::Attribute(attribute) => {
                    let place = self.place(attribute.key.span());
                    let expression = attribute.value;
                    let name = attribute.key.to_string();
                    all.attributes.insert(name, Attribute { expression, place });
                }
                Structure::Block(block) => all.blocks.push(Block {
                    place: self.place(block.ident.span()),
                    kind: block.ident.to_string(),
                    labels: block.labels.iter().map(|label| label.as_str().to_string()).collect(),
                    body: self.body(block.body),
                    is_override: false,
                }),
            }
        }
        all
    }
}

/// Reads a file in JSON. Its lines are not known, so what stands in it is named by the file.
pub(super) fn json(text: &str, path: &str) -> Result<Body, PlanError> {
    let root: Json = serde_json::from_str(text).map_err(|error| {
        PlanError::shape(format!("{path}:{}", error.line()), format!("not JSON: {error}"))
    })?;
    let reader = Reader { place: Rc::from(path) };
    let mut all = Body::default();
    for (kind, value) in members(&root) {
        let labels = match kind.as_str() {
            "resource" | "data" | "ephemeral" => 2,
            "locals" | "terraform" | "moved" | "removed" | "import" => 0,
            _ => 1,
        };
        reader.blocks(&mut all.blocks, kind, labels, Vec::new(), value)?;
    }
    Ok(all)
}

/// The members of an object, or of all objects in a list; a comment is none.
fn members(value: &Json) -> Vec<(&String, &Json)> {
    let all: Vec<_> = match value {
        Json::Object(members) => members.iter().collect(),
        Json::Array(elements) => elements.iter().flat_map(members).collect(),
        _ => Vec::new(),
    };
    all.into_iter().filter(|(name, _)| *name != "//").collect()
}

struct Reader {
    place: Rc<str>,
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

impl Reader {
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
            let mut block = Block {
                kind: kind.to_string(),
                labels: named.clone(),
                body: Body::default(),
                place: self.place.clone(),
                is_override: false,
            };
            if !body.is_object() {
                return Err(PlanError::shape(&*self.place, format!("`{kind}` is no object")));
            }
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
                    let attribute = Attribute { expression, place: self.place.clone() };
                    block.body.attributes.insert(name.clone(), attribute);
                }
            }
            all.push(block);
        }
        Ok(())
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
            Json::String(text) if is_plain => self.parsed(hcl_edit::parser::parse_expr(text))?,
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
                for (name, value) in members {
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
            PlanError::shape(&*self.place, what)
        })
    }
}
