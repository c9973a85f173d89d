//! Files of Terraform's configuration, as attributes and blocks with their lines.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/syntax/configuration>

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::rc::Rc;

use hcl_edit::expr::{Expression, FuncArgs, FuncCall};
use hcl_edit::parser::Error;
use hcl_edit::structure::{Body as HclBody, Structure};
use hcl_edit::template::Element;
use hcl_edit::visit_mut::{VisitMut, visit_expr_mut};
use hcl_edit::{Ident, Span};

use crate::error::PlanError;

/// The most keys of one file that stand twice in an object.
const REPEATS: usize = 64;

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
    pub(super) is_override: bool,
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
    let (text, mut body) = parsed(text).map_err(|error| {
        let place = format!("{path}:{}", error.location().line());
        PlanError::shape(place, format!("not Terraform's language: {}", error.message()))
    })?;
    Indented { text: &text }.visit_body_mut(&mut body);
    let lines = Lines::of(&text, path);
    Ok(lines.body(body))
}

/// Parses a file, and gives the text that was parsed.
///
/// Of a key that stands twice in an object Terraform takes the last value, and hcl-edit refuses it:
/// the second is put in brackets, which makes another key of it until it is evaluated.
fn parsed(text: &str) -> Result<(Cow<'_, str>, HclBody), Error> {
    let mut text = Cow::Borrowed(text);
    let mut left = REPEATS;
    loop {
        let error = match hcl_edit::parser::parse_body(&text) {
            Ok(body) => return Ok((text, body)),
            Err(error) => error,
        };
        match in_brackets(&text, &error) {
            Some(apart) if left > 0 => text = Cow::Owned(apart),
            _ => return Err(error),
        }
        left -= 1;
    }
}

/// The text with brackets around the key that an error says to stand twice.
fn in_brackets(text: &str, error: &Error) -> Option<String> {
    let (before, rest) = text.split_at_checked(error.location().offset())?;
    let is_name = |character: char| character.is_alphanumeric() || "_-".contains(character);
    let length = match rest.chars().next()? {
        _ if !error.message().contains("redefined object key") => return None,
        '"' => rest.get(1..)?.find('"')? + 2,
        '(' => rest.find('=')?,
        _ => rest.find(|character| !is_name(character))?,
    };
    let (key, rest) = rest.split_at_checked(length).filter(|(key, _)| !key.is_empty())?;
    let has_quotes = key.starts_with(['"', '(']);
    let key = if has_quotes { format!("({})", key.trim_end()) } else { format!("(\"{key}\")") };
    // What is no such key is then no expression, and the file is refused.
    Some(format!("{before}{key} {rest}"))
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
