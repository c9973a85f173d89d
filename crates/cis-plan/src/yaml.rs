//! YAML documents as CloudFormation reads them: YAML 1.1, short forms of functions as tags, and
//! neither aliases nor hash merges.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html>
//!
//! Reading takes no recursion: a document that nests deeper than [`DEEPEST`] is refused.

mod scalar;

use std::collections::HashSet;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, Tag};

use crate::error::PlanError;
use crate::node::Node;

/// The deepest nesting that is read.
const DEEPEST: usize = 128;

/// Reads a YAML document.
pub(crate) fn read(text: &str) -> Result<Node, PlanError> {
    let mut parser = Parser::new_from_str(text);
    let mut building = Building::default();
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| refused(error.info(), *error.marker()))?;
        building.take(event, span.start)?;
    }
    building.document.ok_or_else(|| PlanError::Kind("the file is empty".to_string()))
}

fn refused(what: impl Into<String>, place: Marker) -> PlanError {
    PlanError::Syntax { what: what.into(), line: place.line(), column: place.col() + 1 }
}

/// A document that is being built: the innermost collection last.
#[derive(Default)]
struct Building {
    frames: Vec<Frame>,
    document: Option<Node>,
}

/// A collection that is not complete.
struct Frame {
    collection: Collection,
    function: Option<String>,
}

enum Collection {
    List(Vec<Node>),
    Map { members: Vec<(String, Node)>, names: HashSet<String>, name: Option<String> },
}

impl Building {
    fn take(&mut self, event: Event<'_>, place: Marker) -> Result<(), PlanError> {
        match event {
            Event::Scalar(text, style, _, tag) => {
                let is_plain = matches!(style, ScalarStyle::Plain);
                if let Some(Frame {
                    collection: Collection::Map { names, name: name @ None, .. },
                    ..
                }) = self.frames.last_mut()
                {
                    if is_plain && text == "<<" {
                        return Err(refused("cloudformation does not support hash merges", place));
                    }
                    if !names.insert(text.to_string()) {
                        return Err(refused(format!("`{text}` stands twice in one map"), place));
                    }
                    *name = Some(text.into_owned());
                    return Ok(());
                }
                let node = match tag.as_deref().filter(|tag| tag.is_yaml_core_schema()) {
                    Some(core) if core.suffix == "str" => Node::Text(text.into_owned()),
                    Some(_) => Node::Unclear(text.into_owned()),
                    None if is_plain && tag.is_none() => scalar::plain(&text),
                    None => Node::Text(text.into_owned()),
                };
                self.add(called(function(tag.as_deref()), node), place)
            }
            Event::SequenceStart(_, tag) => {
                self.open(Collection::List(Vec::new()), tag.as_deref(), place)
            }
            Event::MappingStart(_, tag) => {
                let (members, names) = (Vec::new(), HashSet::new());
                let map = Collection::Map { members, names, name: None };
                self.open(map, tag.as_deref(), place)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.frames.pop() {
                Some(Frame { collection: Collection::List(elements), function }) => {
                    self.add(called(function, Node::List(elements)), place)
                }
                Some(Frame { collection: Collection::Map { members, .. }, function }) => {
                    self.add(called(function, Node::Map(members)), place)
                }
                None => Ok(()),
            },
            Event::Alias(_) => Err(refused("cloudformation does not support aliases", place)),
            Event::DocumentStart(_) if self.document.is_some() => {
                Err(refused("a second document starts", place))
            }
            Event::DocumentStart(_)
            | Event::DocumentEnd
            | Event::StreamStart
            | Event::StreamEnd
            | Event::Nothing => Ok(()),
        }
    }

    fn open(
        &mut self,
        collection: Collection,
        tag: Option<&Tag>,
        place: Marker,
    ) -> Result<(), PlanError> {
        if self.frames.len() == DEEPEST {
            return Err(refused(format!("nested deeper than {DEEPEST} levels"), place));
        }
        if let Some(Frame { collection: Collection::Map { name: None, .. }, .. }) =
            self.frames.last()
        {
            return Err(refused("a key must be a text", place));
        }
        self.frames.push(Frame { collection, function: function(tag) });
        Ok(())
    }

    fn add(&mut self, node: Node, place: Marker) -> Result<(), PlanError> {
        match self.frames.last_mut().map(|frame| &mut frame.collection) {
            None => self.document = Some(node),
            Some(Collection::List(elements)) => elements.push(node),
            Some(Collection::Map { members, name, .. }) => match name.take() {
                Some(name) => members.push((name, node)),
                None => return Err(refused("a key must be a text", place)),
            },
        }
        Ok(())
    }
}

/// The long name of a function in its short form: `!Sub` is `Fn::Sub`.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>
fn function(tag: Option<&Tag>) -> Option<String> {
    let tag = tag.filter(|tag| !tag.is_yaml_core_schema())?;
    Some(match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix.clone(),
        other => format!("Fn::{other}"),
    })
}

fn called(function: Option<String>, argument: Node) -> Node {
    match function {
        Some(function) => Node::Map(vec![(function, argument)]),
        None => argument,
    }
}

#[cfg(test)]
mod tests;
