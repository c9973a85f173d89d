//! Texts that are put together from parts, some of which are not known.

use cis_rules::report::Unknown;

use crate::value::{Open, Value, unknown};

/// The longest text that is put together, in bytes; AWS's limits on the values that matter are far
/// below it.
const LONGEST: usize = 1 << 16;

/// A text that grows part by part.
#[derive(Default)]
pub(super) struct Parts {
    /// What is known of the start.
    prefix: String,
    /// What is known since the last part that is not.
    suffix: String,
    is_open: bool,
    why: Vec<Unknown>,
}

impl Parts {
    /// Adds a known part.
    pub(super) fn text(&mut self, text: &str) {
        let known = if self.is_open { &mut self.suffix } else { &mut self.prefix };
        if known.len() + text.len() > LONGEST {
            self.open(&[unknown("a text is too long", "make it shorter")]);
        } else {
            known.push_str(text);
        }
    }

    /// Adds a value.
    pub(super) fn value(&mut self, value: &Value) {
        match value {
            Value::Open(open) => {
                self.text(&open.prefix);
                self.open(&open.why);
                self.text(&open.suffix);
            }
            Value::Either(_, why) => self.open(why),
            value => match value.known_text() {
                Some(text) => self.text(text),
                None => self.open(&[unknown(
                    "something other than a text stands in a text",
                    "write a text there",
                )]),
            },
        }
    }

    fn open(&mut self, why: &[Unknown]) {
        self.is_open = true;
        self.suffix.clear();
        for why in why {
            if !self.why.contains(why) {
                self.why.push(why.clone());
            }
        }
    }

    /// The whole.
    pub(super) fn finish(self) -> Value {
        if self.is_open {
            Value::Open(Open { prefix: self.prefix, suffix: self.suffix, why: self.why })
        } else {
            Value::Text(self.prefix)
        }
    }
}

/// A text as the template has it. A dynamic reference in it is resolved when the stack is deployed.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>
pub(super) fn literal(text: &str) -> Value {
    match text.split_once("{{resolve:") {
        None => Value::Text(text.to_string()),
        Some((before, rest)) => Value::Open(Open {
            prefix: before.to_string(),
            suffix: match rest.rsplit_once("}}") {
                Some((_, after)) => after.to_string(),
                None => String::new(),
            },
            why: vec![unknown(
                format!("the dynamic reference in `{text}` is resolved when the stack is deployed"),
                "deploy, and audit the account",
            )],
        }),
    }
}

/// A part of a text with `${…}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part<'a> {
    /// Itself.
    Text(&'a str),
    /// The name in the braces.
    Name(&'a str),
}

/// The parts of an argument of `Fn::Sub`; `${!Name}` stands for `${Name}`.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html>
pub(super) fn parts(mut rest: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else { break };
        parts.push(Part::Text(before));
        match name.strip_prefix('!') {
            Some(literal) => parts.extend([Part::Text("${"), Part::Text(literal), Part::Text("}")]),
            None => parts.push(Part::Name(name.trim())),
        }
        rest = after;
    }
    parts.push(Part::Text(rest));
    parts
}
