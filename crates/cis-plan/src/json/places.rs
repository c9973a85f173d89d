//! Where the objects of a JSON document are written. What was read from the text is walked beside the
//! text: so it is known what each character is a part of.

use crate::node::{Node, Place, is_of_selectors};

/// Which objects get a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Which {
    /// All of them: where each begins.
    All,
    /// A template's resources, at their logical ids, and selectors.
    OfTemplate,
}

/// Notes in a document where its objects are written; `root` was read from `text`.
pub(crate) fn put(text: &str, root: &mut Node, which: Which) {
    let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
    let lines = std::iter::once(0).chain(ends.map(|(end, _)| end + 1)).collect();
    // Where the two do not agree, the rest has no places.
    let last = (0, Place { line: 1, column: 1 });
    let _ = Walk { text, at: 0, lines, which, last }.value(root, Within::Root, None);
}

/// What a value is a member of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Within {
    Root,
    /// The answer of `get-template` holds the template.
    Body,
    Section,
    Resource,
    Other,
}

impl Within {
    fn member(self, name: &str) -> Self {
        match (self, name) {
            (Self::Root | Self::Body, "Resources") => Self::Section,
            (Self::Root, "TemplateBody") => Self::Body,
            (Self::Section, _) => Self::Resource,
            _ => Self::Other,
        }
    }
}

struct Walk<'t> {
    text: &'t str,
    at: usize,
    lines: Vec<usize>,
    which: Which,
    /// The last place that was asked for, and where in the text it is.
    last: (usize, Place),
}

impl Walk<'_> {
    fn value(&mut self, node: &mut Node, within: Within, key: Option<usize>) -> Option<()> {
        self.blanks();
        let start = self.at;
        match node {
            Node::Map(members) => {
                let place = match (self.which, within, key) {
                    (Which::OfTemplate, Within::Resource, Some(key)) => Some(self.place(key)),
                    (Which::OfTemplate, ..) if !is_of_selectors(members) => None,
                    _ => Some(self.place(start)),
                };
                self.one(b'{')?;
                for (name, member) in members.iter_mut() {
                    self.blanks();
                    if self.peek() == Some(b',') {
                        self.at += 1;
                        self.blanks();
                    }
                    let key = self.at;
                    self.scalar()?;
                    self.blanks();
                    self.one(b':')?;
                    self.value(member, within.member(name), Some(key))?;
                }
                self.blanks();
                self.one(b'}')?;
                if let Some(place) = place {
                    node.put_place(place);
                }
                Some(())
            }
            Node::List(elements) => {
                self.one(b'[')?;
                for element in elements {
                    self.blanks();
                    if self.peek() == Some(b',') {
                        self.at += 1;
                    }
                    self.value(element, Within::Other, None)?;
                }
                self.blanks();
                self.one(b']')
            }
            Node::Null | Node::Bool(_) | Node::Text(_) | Node::Unclear(_) => self.scalar(),
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn one(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    fn blanks(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// Goes past a text in quotes, a number, or a name.
    fn scalar(&mut self) -> Option<()> {
        if self.one(b'"').is_none() {
            while self.peek().is_some_and(|byte| !b",]}: \t\r\n".contains(&byte)) {
                self.at += 1;
            }
            return Some(());
        }
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.one(b'"')
    }

    /// The place of a byte; the next one is not before it.
    fn place(&mut self, at: usize) -> Place {
        let line = self.lines.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|line| self.lines.get(line)).copied();
        let (start, column) = match self.last {
            (last, place) if place.line == line && last <= at => (last, place.column),
            _ => (start.unwrap_or_default(), 1),
        };
        let between = self.text.get(start..at).unwrap_or_default();
        let place = Place { line, column: column + between.chars().count() };
        self.last = (at, place);
        place
    }
}
