//! Values of Terraform's language, of which some are not known.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/expressions/types>

use std::collections::BTreeMap;
use std::rc::Rc;

use cis_rules::report::Unknown;

use super::fault::{Answer, Fault};

/// How deep lists and maps nest in each other.
const DEPTH: u16 = 100;

/// A value.
#[derive(Clone, Debug)]
pub(super) enum Val {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number.
    Number(Number),
    /// A text.
    Text(Rc<str>),
    /// A list, a tuple or a set.
    List(Rc<List>),
    /// A map or an object.
    Map(Rc<Map>),
    /// A resource, a data source or a module: its attributes are read one by one.
    Handle(Handle),
    /// It is not known, and this is why.
    Open(Why),
}

/// Why a value is not known.
pub(super) type Why = Rc<Unknown>;

/// A number. Whole numbers are exact; what is not exact here is not computed with.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub(super) enum Number {
    /// A whole number.
    Whole(i64),
    /// Another number, with few enough digits to be written as it was.
    Fraction(f64),
}

/// What a list was made as. A set is sorted, each element once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ListKind {
    /// `[…]`, or what a function makes of elements of any type.
    Tuple,
    /// Elements of one type.
    List,
    /// `toset(…)`.
    Set,
}

/// A list, a tuple or a set.
#[derive(Debug)]
pub(super) struct List {
    /// What it was made as.
    pub(super) kind: ListKind,
    /// The elements.
    pub(super) items: Vec<Val>,
    depth: u16,
}

/// A map or an object, by name.
#[derive(Debug)]
pub(super) struct Map {
    /// Whether the members have one type.
    pub(super) is_typed: bool,
    /// The members.
    pub(super) members: Members,
    depth: u16,
}

/// Members by name, in order.
pub(super) type Members = BTreeMap<Rc<str>, Val>;

/// Something that is declared, and in which instance of its module.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Handle {
    /// A resource or a data source.
    Resource {
        /// The instance of the module.
        instance: usize,
        /// The declaration's position in the module.
        resource: usize,
        /// Which of its instances.
        key: Key,
    },
    /// An instance of a module.
    Module(usize),
}

/// Which instance of what is repeated.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Key {
    /// It is not repeated.
    None,
    /// `count`.
    Index(usize),
    /// `for_each`.
    Name(Rc<str>),
    /// It is not known how often it is repeated.
    Open,
}

impl Key {
    /// As it stands behind an address.
    pub(super) fn suffix(&self) -> String {
        match self {
            Self::None | Self::Open => String::new(),
            Self::Index(index) => format!("[{index}]"),
            Self::Name(name) => format!("[{}]", serde_json::Value::from(&**name)),
        }
    }
}

impl Number {
    /// A number that was written with a point or an exponent: a whole one is one, as `1.0` is 1.
    pub(super) fn of_float(float: f64) -> Option<Self> {
        if float.fract() != 0.0 {
            return Some(Self::Fraction(float));
        }
        format!("{float:.0}").parse().ok().map(Self::Whole)
    }

    /// As Terraform writes it.
    pub(super) fn text(self) -> String {
        match self {
            Self::Whole(whole) => whole.to_string(),
            Self::Fraction(fraction) => fraction.to_string(),
        }
    }
}

impl Val {
    /// A text.
    pub(super) fn text(text: impl AsRef<str>) -> Self {
        Self::Text(Rc::from(text.as_ref()))
    }

    /// A whole number; one that is too large is not computed with.
    pub(super) fn whole(number: usize) -> Self {
        i64::try_from(number).map_or_else(
            |_| Self::open("a number is too large to be exact", "write a smaller number"),
            |number| Self::Number(Number::Whole(number)),
        )
    }

    /// A value that is not known.
    pub(super) fn open(reason: impl Into<String>, settled_by: impl Into<String>) -> Self {
        Self::Open(why(reason, settled_by))
    }

    /// A list.
    pub(super) fn list(kind: ListKind, items: Vec<Self>) -> Answer<Self> {
        let depth = deeper(items.iter())?;
        Ok(Self::List(Rc::new(List { kind, items, depth })))
    }

    /// A tuple.
    pub(super) fn tuple(items: Vec<Self>) -> Answer<Self> {
        Self::list(ListKind::Tuple, items)
    }

    /// A map, or an object.
    pub(super) fn map(is_typed: bool, members: Members) -> Answer<Self> {
        let depth = deeper(members.values())?;
        Ok(Self::Map(Rc::new(Map { is_typed, members, depth })))
    }

    /// An object.
    pub(super) fn object(members: Members) -> Answer<Self> {
        Self::map(false, members)
    }

    fn depth(&self) -> u16 {
        match self {
            Self::List(list) => list.depth,
            Self::Map(map) => map.depth,
            _ => 0,
        }
    }

    /// What it is, in words.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Bool(_) => "a bool",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List(list) if list.kind == ListKind::Set => "a set",
            Self::List(_) => "a list",
            Self::Map(_) => "a map",
            Self::Handle(_) => "a resource",
            Self::Open(_) => "a value that is not known",
        }
    }
}

/// Why a value is not known, and what settles it.
pub(super) fn why(reason: impl Into<String>, settled_by: impl Into<String>) -> Why {
    Rc::new(crate::value::unknown(reason, settled_by))
}

fn deeper<'a>(values: impl Iterator<Item = &'a Val>) -> Answer<u16> {
    let depth = values.map(Val::depth).max().unwrap_or_default() + 1;
    if depth > DEPTH {
        return Err(Fault::refused(format!("lists and maps nest deeper than {DEPTH} levels")));
    }
    Ok(depth)
}
