//! A value of a plan, known or not.

use cis_rules::report::Unknown;
use serde::{Deserialize, Serialize};

use crate::node::PLACE;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Value {
    /// The member or the element is not there.
    Absent,
    /// True or false.
    Bool(bool),
    /// A text.
    Text(String),
    /// It is not known.
    Open(Open),
    /// It is one of these, and it is not known which.
    Either(Vec<Value>, Vec<Unknown>),
    /// A list.
    List(Vec<Value>),
    /// Members, each name once.
    Map(Vec<(String, Value)>),
}

/// What is known of a value that is not known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    /// How it starts, if it is a text.
    pub(crate) prefix: String,
    /// How it ends, if it is a text; start and end do not overlap.
    pub(crate) suffix: String,
    /// Texts that it is not.
    pub(crate) not: Vec<String>,
    /// What it is put together from, where that is known; else nothing.
    pub(crate) pieces: Vec<Piece>,
    /// Why it is not known.
    pub(crate) why: Vec<Unknown>,
}

/// A part of a text of which only the partition is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Piece {
    /// This text.
    Text(String),
    /// The partition of the trail.
    Partition,
}

impl Piece {
    /// Pieces on one line.
    pub(crate) fn written(all: &[Self]) -> String {
        serde_json::to_string(all).unwrap_or_default()
    }

    /// The pieces of a line; none where it has none.
    pub(crate) fn read(line: &str) -> Vec<Self> {
        serde_json::from_str(line).unwrap_or_default()
    }
}

impl Open {
    /// Whether the value may be this text.
    pub(crate) fn may_be(&self, text: &str) -> bool {
        let rest = text.strip_prefix(self.prefix.as_str());
        rest.is_some_and(|rest| rest.ends_with(self.suffix.as_str()))
            && !self.not.iter().any(|not| not == text)
    }
}

impl Value {
    /// A value of which nothing is known.
    pub(crate) fn open(why: Unknown) -> Self {
        Self::open_for(vec![why])
    }

    /// A value of which nothing is known, for these reasons.
    pub(crate) const fn open_for(why: Vec<Unknown>) -> Self {
        Self::Open(Open {
            prefix: String::new(),
            suffix: String::new(),
            not: Vec::new(),
            pieces: Vec::new(),
            why,
        })
    }

    /// One of two values.
    pub(crate) fn either(one: Self, other: Self, why: Vec<Unknown>) -> Self {
        if one.is_like(&other) {
            return one;
        }
        let all: Vec<Self> = [one, other]
            .into_iter()
            .flat_map(|value| match value {
                Self::Either(values, _) => values,
                value => vec![value],
            })
            .collect();
        Self::Either(all, why)
    }

    /// Whether two values are the same, wherever they are written.
    fn is_like(&self, other: &Self) -> bool {
        let all = |one: &[Self], other: &[Self]| {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is_like(other))
        };
        match (self, other) {
            (Self::List(one), Self::List(other)) => all(one, other),
            (Self::Either(one, why), Self::Either(other, other_why)) => {
                why == other_why && all(one, other)
            }
            (Self::Map(one), Self::Map(other)) => {
                let written = |(name, _): &&(String, Self)| name != PLACE;
                let mut pairs = (one.iter().filter(written), other.iter().filter(written));
                loop {
                    match (pairs.0.next(), pairs.1.next()) {
                        (None, None) => return true,
                        (Some((name, one)), Some((other_name, other)))
                            if name == other_name && one.is_like(other) => {}
                        _ => return false,
                    }
                }
            }
            _ => self == other,
        }
    }

    /// A member of a map.
    pub(crate) fn get(&self, name: &str) -> &Self {
        match self {
            Self::Map(members) => members
                .iter()
                .find(|(member, _)| member == name)
                .map_or(&Self::Absent, |(_, value)| value),
            _ => &Self::Absent,
        }
    }

    /// The text of a scalar whose text is known.
    pub(crate) fn known_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            _ => None,
        }
    }
}

/// A fact that a plan leaves open.
pub(crate) fn unknown(reason: impl Into<String>, settled_by: impl Into<String>) -> Unknown {
    Unknown { reason: reason.into(), settled_by: settled_by.into() }
}
