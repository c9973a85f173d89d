//! Files in Terraform's own syntax.
//!
//! hcl-edit reads them. What it does not read as Terraform does is mended before, or found and left
//! open.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/syntax/configuration>

use std::borrow::Cow;
use std::rc::Rc;

use hcl_edit::expr::{Expression, FuncArgs, FuncCall};
use hcl_edit::parser::Error;
use hcl_edit::structure::{Body as HclBody, Structure};
use hcl_edit::template::Element;
use hcl_edit::visit_mut::{VisitMut, visit_expr_mut};
use hcl_edit::{Ident, Span};

use super::body::{Attribute, Block, Body};
use crate::error::PlanError;

/// Reads a file in HCL. Of `mends`, the bytes that may still be read again, it takes what it needs.
pub(super) fn hcl(text: &str, path: &str, mends: &mut usize) -> Result<Body, PlanError> {
    let (text, mut body) = parsed(text, path, mends)?;
    Indented { text: &text }.visit_body_mut(&mut body);
    let lines = Lines::of(&text, path);
    Ok(lines.body(body))
}

/// Parses a file, and gives the text that was parsed.
///
/// Of a key that stands twice in an object Terraform takes the last value, and hcl-edit refuses it:
/// the second is put in brackets, which makes another key of it until it is evaluated. A heredoc
/// without a line is written as `""`.
fn parsed<'t>(
    text: &'t str,
    path: &str,
    mends: &mut usize,
) -> Result<(Cow<'t, str>, HclBody), PlanError> {
    let mut text = Cow::Borrowed(text);
    loop {
        let (mended, refused) = match hcl_edit::parser::parse_body(&text) {
            Ok(mut body) => {
                let mut misread = Misread { text: &text, start: None };
                misread.visit_body_mut(&mut body);
                let Some(start) = misread.start else { return Ok((text, body)) };
                let what = "a heredoc without a line is not read here: write `\"\"`";
                (as_text(&text, start), PlanError::shape(path, what))
            }
            Err(error) => {
                let place = format!("{path}:{}", error.location().line());
                let what = format!("not Terraform's language: {}", error.message());
                let as_text = || as_text(&text, empty_heredocs(&text).last()?);
                let mended = in_brackets(&text, &error).or_else(as_text);
                (mended, PlanError::shape(place, what))
            }
        };
        match (mended, mends.checked_sub(text.len())) {
            (Some(mended), Some(left)) => {
                *mends = left;
                text = Cow::Owned(mended);
            }
            _ => return Err(refused),
        }
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

/// Where heredocs without a line begin, or what looks like them.
fn empty_heredocs(text: &str) -> impl Iterator<Item = usize> {
    text.match_indices("<<").map(|(start, _)| start).filter(|start| is_empty_heredoc(text, *start))
}

/// Whether a heredoc that begins here ends on the next line.
fn is_empty_heredoc(text: &str, start: usize) -> bool {
    let rest = text.get(start..).and_then(|rest| rest.strip_prefix("<<")).unwrap_or_default();
    let mut lines = rest.strip_prefix('-').unwrap_or(rest).lines();
    let name = lines.next().map(str::trim_end).unwrap_or_default();
    !name.is_empty() && lines.next().map(str::trim) == Some(name)
}

/// The text with `""` in place of a heredoc without a line, which hcl-edit does not know.
fn as_text(text: &str, start: usize) -> Option<String> {
    let (before, rest) = text.split_at_checked(start)?;
    let name = rest.find('\n')?;
    let end = name + 1 + rest.get(name + 1..)?.find('\n')?;
    Some(format!("{before}\"\"\n{}", rest.get(end..)?))
}

/// Finds a heredoc whose end was taken for its first line.
struct Misread<'a> {
    text: &'a str,
    start: Option<usize>,
}

impl VisitMut for Misread<'_> {
    fn visit_expr_mut(&mut self, expression: &mut Expression) {
        if let Expression::HeredocTemplate(heredoc) = expression {
            let start = heredoc.span().map(|span| span.start);
            let is_misread = |start: &usize| is_empty_heredoc(self.text, *start);
            self.start = self.start.or(start.filter(is_misread));
        }
        visit_expr_mut(self, expression);
    }
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
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str, path: &'a str) -> Self {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Self { path, text, starts: ends.map(|(end, _)| end + 1).collect() }
    }

    fn place(&self, span: Option<std::ops::Range<usize>>) -> Rc<str> {
        let start = span.map(|span| span.start).unwrap_or_default();
        let line = self.starts.partition_point(|line| *line <= start) + 1;
        Rc::from(format!("{}:{line}", self.path))
    }

    fn column(&self, span: Option<std::ops::Range<usize>>) -> usize {
        let start = span.map(|span| span.start).unwrap_or_default();
        let before = self.starts.partition_point(|line| *line <= start).checked_sub(1);
        let line = before.and_then(|line| self.starts.get(line)).copied().unwrap_or_default();
        self.text.get(line..start).unwrap_or_default().chars().count() + 1
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
                    column: self.column(block.ident.span()),
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
