//! Texts that are put together from parts, some of which are not known.

use cis_rules::report::Unknown;

use crate::completions::{Domain, Fill, OpenText};
use crate::value::{Open, Value, unknown};

/// The longest text that is put together, in bytes; AWS's limits on the values that matter are far
/// below it.
const LONGEST: usize = 1 << 16;

/// The most texts that are kept apart where a part is one of several.
const MOST_WAYS: usize = 16;

/// A text that grows part by part.
pub(super) struct Parts {
    /// What it may be: one text, or several where a part is one of several.
    ways: Vec<Way>,
    /// Why it is not known which.
    why: Vec<Unknown>,
}

/// One text that grows.
#[derive(Clone, Default)]
struct Way {
    /// What is known of the start.
    prefix: String,
    /// What is known since the last part that is not.
    suffix: String,
    is_open: bool,
    why: Vec<Unknown>,
}

impl Default for Parts {
    fn default() -> Self {
        Self { ways: vec![Way::default()], why: Vec::new() }
    }
}

impl Parts {
    /// Adds a known part.
    pub(super) fn text(&mut self, text: &str) {
        self.ways.iter_mut().for_each(|way| way.text(text));
    }

    /// Adds a value.
    pub(super) fn value(&mut self, value: &Value) {
        match value {
            Value::Either(values, why) if values.len() * self.ways.len() <= MOST_WAYS => {
                let before = std::mem::take(&mut self.ways);
                for value in values {
                    self.ways.extend(before.iter().map(|way| way.with(value)));
                }
                merge(&mut self.why, why);
            }
            value => self.ways.iter_mut().for_each(|way| way.value(value)),
        }
    }

    /// The whole.
    pub(super) fn finish(self) -> Value {
        let why = self.why;
        let texts = self.ways.into_iter().map(Way::finish);
        let whole = texts.reduce(|one, other| Value::either(one, other, why.clone()));
        whole.unwrap_or(Value::Text(String::new()))
    }
}

impl Way {
    fn text(&mut self, text: &str) {
        let known = if self.is_open { &mut self.suffix } else { &mut self.prefix };
        if known.len() + text.len() > LONGEST {
            self.open(&[unknown("a text is too long", "make it shorter")]);
        } else {
            known.push_str(text);
        }
    }

    fn with(&self, value: &Value) -> Self {
        let mut way = self.clone();
        way.value(value);
        way
    }

    fn value(&mut self, value: &Value) {
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
        merge(&mut self.why, why);
    }

    fn finish(self) -> Value {
        let Self { prefix, suffix, is_open, why } = self;
        if is_open {
            Value::Open(Open { prefix, suffix, not: Vec::new(), pieces: Vec::new(), why })
        } else {
            Value::Text(prefix)
        }
    }
}

fn merge(all: &mut Vec<Unknown>, more: &[Unknown]) {
    for why in more {
        if !all.contains(why) {
            all.push(why.clone());
        }
    }
}

/// A text as the template has it. A dynamic reference in it is resolved when the stack is deployed.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html>
pub(super) fn literal(text: &str, fill: &Fill) -> Value {
    let Some((before, rest)) = text.split_once("{{resolve:") else {
        return Value::Text(text.to_string());
    };
    let (inside, after) = rest.rsplit_once("}}").unwrap_or((rest, ""));
    let reference = format!("{{{{resolve:{inside}}}}}");
    let mut whole = Parts::default();
    whole.text(before);
    let what = format!("what `{reference}` gives");
    whole.value(&fill.text(
        || OpenText {
            what: what.clone(),
            shown: reference.clone(),
            settled_by: AFTER_DEPLOYMENT.to_string(),
            domain: Domain::any(),
        },
        &what,
        Value::open(unknown(
            format!("the dynamic reference in `{text}` is resolved when the stack is deployed"),
            AFTER_DEPLOYMENT,
        )),
    ));
    whole.text(after);
    whole.finish()
}

const AFTER_DEPLOYMENT: &str = "deploy, and audit the account";

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
