//! The values of a planned trail with what is filled in.

use cis_rules::selector::Operator;

use super::super::values::AFTER_APPLY;
use super::{OpenFact, OpenTrail};
use crate::completions::{Domain, Fill, OpenText};
use crate::value::{Piece, Value};

impl OpenTrail {
    /// The trail with what is filled in; the position tells it from others of its address.
    pub(super) fn filled(&self, fill: &Fill, position: usize) -> Self {
        let at = |member: &str| Member {
            position,
            path: &self.path,
            partition: &self.partition,
            member: member.to_string(),
        };
        let fact = |fact: &OpenFact| OpenFact {
            value: at(fact.name).text(fill, &fact.value, truths),
            ..fact.clone()
        };
        Self {
            is_logging: fact(&self.is_logging),
            is_multi_region: fact(&self.is_multi_region),
            is_organization: fact(&self.is_organization),
            recursive_logging: fact(&self.recursive_logging),
            bucket: at("S3BucketName").text(fill, &self.bucket, Domain::any),
            basic: at("EventSelectors").selectors(fill, &self.basic),
            advanced: at("AdvancedEventSelectors").selectors(fill, &self.advanced),
            ..self.clone()
        }
    }
}

/// Where a value stands.
struct Member<'a> {
    position: usize,
    path: &'a str,
    partition: &'a str,
    member: String,
}

impl Member<'_> {
    fn within(&self, member: &str) -> Self {
        Self { member: format!("{}{member}", self.member), ..*self }
    }

    /// The value, as it is filled in where it is a text that is not known.
    fn text(&self, fill: &Fill, value: &Value, domain: fn() -> Domain) -> Value {
        let Value::Open(open) = value else { return value.clone() };
        if !open.pieces.is_empty() {
            return self.put_together(&open.pieces);
        }
        let path = format!("{}.{}", self.path, self.member);
        let text = || {
            let why = open.why.first();
            let reason = why.map(|why| why.reason.as_str()).unwrap_or_default();
            // A plan says which value it is, a source which of its own values that rests on.
            let (what, shown) = match reason.strip_suffix(AFTER_APPLY) {
                Some(named) => (named.trim().to_string(), named.trim().trim_matches('`')),
                None => (format!("`{path}` ({reason})"), path.as_str()),
            };
            OpenText {
                what,
                shown: format!("${{{shown}}}"),
                settled_by: why.map(|why| why.settled_by.clone()).unwrap_or_default(),
                domain: domain(),
            }
        };
        fill.text(text, &format!("{path} of {}", self.position), value.clone())
    }

    /// A text of which the pieces are known.
    fn put_together(&self, pieces: &[Piece]) -> Value {
        let text = |piece: &Piece| match piece {
            Piece::Text(text) => text.clone(),
            Piece::Partition => self.partition.to_string(),
        };
        Value::Text(pieces.iter().map(text).collect())
    }

    /// Selectors, with the texts in them that are filled in.
    fn selectors(&self, fill: &Fill, value: &Value) -> Value {
        match value {
            Value::List(elements) => {
                let elements = elements.iter().enumerate();
                let filled = elements
                    .map(|(at, element)| self.within(&format!("[{at}]")).selectors(fill, element));
                Value::List(filled.collect())
            }
            Value::Map(members) => {
                let filled = members.iter().map(|(name, value)| {
                    let member = self.within(&format!(".{name}"));
                    let value = match name.as_str() {
                        "DataResources" | "FieldSelectors" => member.selectors(fill, value),
                        "ReadWriteType" => member.text(fill, value, read_write_types),
                        "Values" => member.texts(fill, value),
                        name if Operator::ALL.iter().any(|operator| operator.name() == name) => {
                            member.texts(fill, value)
                        }
                        _ => value.clone(),
                    };
                    (name.clone(), value)
                });
                Value::Map(filled.collect())
            }
            value => value.clone(),
        }
    }

    /// A list of texts.
    fn texts(&self, fill: &Fill, value: &Value) -> Value {
        let Value::List(elements) = value else { return value.clone() };
        let elements = elements.iter().enumerate();
        let filled = elements
            .map(|(at, element)| self.within(&format!("[{at}]")).text(fill, element, Domain::any));
        Value::List(filled.collect())
    }
}

fn truths() -> Domain {
    Domain::Listed(["true", "false"].map(String::from).into())
}

/// What the provider allows.
///
/// Source: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail>
fn read_write_types() -> Domain {
    Domain::Listed(["All", "ReadOnly", "WriteOnly"].map(String::from).into())
}
