//! YAML documents as the tools around CloudFormation read them: YAML 1.1, short forms of functions
//! as tags, aliases and merge keys resolved.
//!
//! Sources: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>,
//! <https://yaml.org/type/merge.html>
//!
//! Reading takes no recursion but on what was built, and that nests at most [`DEEPEST`] levels. What
//! aliases and merge keys copy is bounded too.

mod building;
mod scalar;

use std::borrow::Cow;

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, ScanError, Tag};

use self::building::{Building, Collection};
use crate::error::PlanError;
use crate::node::{Document, Node, Place};

/// The deepest nesting that is read.
const DEEPEST: usize = 128;
/// The most comments that are set apart before the document is refused.
const MOST_COMMENTS: usize = 64;

/// Reads a YAML document.
///
/// A comment right behind a quote or a bracket, as in `'a'#b`, is no YAML 1.2, but YAML 1.1's
/// readers take it: it is set apart, and the document is read again.
pub(crate) fn read(text: &str) -> Result<Document, PlanError> {
    read_with(text, Building::default)
}

/// Reads a template, with the places of its resources and its selectors.
pub(crate) fn template(text: &str) -> Result<Document, PlanError> {
    read_with(text, Building::of_template)
}

fn read_with(text: &str, building: fn() -> Building) -> Result<Document, PlanError> {
    let mut text = Cow::Borrowed(text);
    for _ in 0..MOST_COMMENTS {
        match events(&text, building()) {
            Ok(document) => return document,
            Err(error) => match set_apart(&text, &error) {
                Some(apart) => text = Cow::Owned(apart),
                None => return Err(not_yaml(&error)),
            },
        }
    }
    events(&text, building()).unwrap_or_else(|error| Err(not_yaml(&error)))
}

fn not_yaml(error: &ScanError) -> PlanError {
    refused(error.info(), place(*error.marker()))
}

/// Whether a scalar without quotes is a text.
pub(crate) fn is_text(text: &str) -> bool {
    matches!(scalar::plain(text), Node::Text(_))
}

/// The text with a blank before the comment that an error is about.
fn set_apart(text: &str, error: &ScanError) -> Option<String> {
    let is_comment = *error.kind() == ErrorKind::CommentNotSeparated;
    let (start, first) = text.char_indices().nth(error.marker().index())?;
    (is_comment && first == '#').then(|| {
        let (before, comment) = text.split_at(start);
        format!("{before} {comment}")
    })
}

fn events(text: &str, mut building: Building) -> Result<Result<Document, PlanError>, ScanError> {
    for event in Parser::new_from_str(text) {
        let (event, span) = event?;
        if let Err(error) = take(&mut building, event, place(span.start)) {
            return Ok(Err(error));
        }
    }
    Ok(building.finish())
}

fn take(building: &mut Building, event: Event<'_>, at: Place) -> Result<(), PlanError> {
    match event {
        Event::DocumentStart(..) => building.start(at),
        Event::Alias(anchor) => building.alias(anchor, at),
        Event::Scalar(text, style, anchor, tag) => {
            let is_plain = style == ScalarStyle::Plain;
            if building.key(&text, is_plain, anchor, at)? {
                return Ok(());
            }
            let tag = tag.as_deref();
            building.add(called(function(tag), scalar(&text, tag, is_plain)), anchor, at)
        }
        Event::SequenceStart(_, anchor, tag) => {
            building.open(Collection::List(Vec::new()), function(tag.as_deref()), anchor, at)
        }
        Event::MappingStart(_, anchor, tag) => {
            building.open(Collection::map(), function(tag.as_deref()), anchor, at)
        }
        Event::SequenceEnd | Event::MappingEnd => building.close(at),
        _ => Ok(()),
    }
}

fn place(marker: Marker) -> Place {
    Place { line: marker.line(), column: marker.col() + 1 }
}

fn refused(what: impl Into<String>, place: Place) -> PlanError {
    PlanError::Syntax { what: what.into(), line: place.line, column: place.column }
}

fn scalar(text: &str, tag: Option<&Tag>, is_plain: bool) -> Node {
    match tag.map(Tag::core_suffix) {
        Some(Some("str")) => Node::Text(text.to_string()),
        Some(Some(_)) => Node::Unclear(text.to_string()),
        None if is_plain => scalar::plain(text),
        Some(None) | None => Node::Text(text.to_string()),
    }
}

/// The long name of a function in its short form: `!Sub` is `Fn::Sub`.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>
fn function(tag: Option<&Tag>) -> Option<String> {
    let name = tag.filter(|tag| tag.core_suffix().is_none())?.suffix();
    match name {
        "" => None,
        "Ref" | "Condition" => Some(name.to_string()),
        other => Some(format!("Fn::{other}")),
    }
}

fn called(function: Option<String>, argument: Node) -> Node {
    match function {
        Some(function) => Node::Map(vec![(function, argument)]),
        None => argument,
    }
}

#[cfg(test)]
mod tests;
