//! Type constraints of variables, and what they make of a value.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/expressions/type-constraints>

use std::rc::Rc;

use hcl_edit::expr::{Expression, ObjectKey};

use super::fault::{Answer, Fault};
use super::limits::Budget;
use super::value::{ListKind, Members, Number, Val};

/// A type.
#[derive(Clone, Debug)]
pub(super) enum Type {
    /// `any`, or one that is not known here.
    Any,
    /// `string`.
    Text,
    /// `number`.
    Number,
    /// `bool`.
    Bool,
    /// `list(…)`.
    List(Box<Type>),
    /// `set(…)`.
    Set(Box<Type>),
    /// `map(…)`.
    Map(Box<Type>),
    /// `tuple([…])`.
    Tuple(Vec<Type>),
    /// `object({…})`, with those that are optional.
    Object(Vec<(String, Type, Option<Expression>)>),
}

impl Type {
    /// Whether a value on the command line is a text as it stands.
    pub(super) const fn is_scalar(&self) -> bool {
        matches!(self, Self::Text | Self::Number | Self::Bool)
    }

    /// Reads a constraint.
    pub(super) fn of(expression: &Expression) -> Answer<Self> {
        let name = match expression {
            Expression::Variable(name) => name.as_str(),
            Expression::String(name) => name.as_str(),
            Expression::Parenthesis(inner) => return Self::of(inner.inner()),
            Expression::FuncCall(call) => {
                let inner = call.args.iter().next();
                return match (call.name.name.as_str(), inner) {
                    ("list", Some(inner)) => Ok(Self::List(Box::new(Self::of(inner)?))),
                    ("set", Some(inner)) => Ok(Self::Set(Box::new(Self::of(inner)?))),
                    ("map", Some(inner)) => Ok(Self::Map(Box::new(Self::of(inner)?))),
                    ("tuple", Some(Expression::Array(all))) => {
                        Ok(Self::Tuple(all.iter().map(Self::of).collect::<Answer<_>>()?))
                    }
                    ("object", Some(Expression::Object(all))) => Self::object(all),
                    (other, _) => Fault::wrong(format!("`{other}` is no type")),
                };
            }
            _ => return Fault::wrong("a type is expected"),
        };
        match name {
            "string" => Ok(Self::Text),
            "number" => Ok(Self::Number),
            "bool" => Ok(Self::Bool),
            "any" => Ok(Self::Any),
            "list" => Ok(Self::List(Box::new(Self::Any))),
            "map" => Ok(Self::Map(Box::new(Self::Any))),
            "set" => Ok(Self::Set(Box::new(Self::Any))),
            other => Fault::wrong(format!("`{other}` is no type")),
        }
    }

    fn object(object: &hcl_edit::expr::Object) -> Answer<Self> {
        let mut members = Vec::new();
        for (key, value) in object {
            let name = match key {
                ObjectKey::Ident(name) => name.to_string(),
                ObjectKey::Expression(Expression::String(name)) => name.value().clone(),
                ObjectKey::Expression(_) => return Fault::wrong("a type's member has no name"),
            };
            let member = match value.expr() {
                Expression::FuncCall(call) if call.name.name.as_str() == "optional" => {
                    let mut args = call.args.iter();
                    let of = args.next().map_or(Ok(Self::Any), Self::of)?;
                    let default = args.next().cloned().unwrap_or_else(Expression::null);
                    (name, of, Some(default))
                }
                of => (name, Self::of(of)?, None),
            };
            members.push(member);
        }
        Ok(Self::Object(members))
    }

    /// A value as one of this type. `read` evaluates defaults and attributes.
    pub(super) fn convert(&self, value: Val, reader: &dyn Reader) -> Answer<Val> {
        reader.budget().spend(1)?;
        let wrong = |value: &Val| {
            Fault::wrong(format!("{} is given where {} is needed", value.noun(), self.noun()))
        };
        match (self, value) {
            (_, open @ Val::Open(_)) => Ok(open),
            (_, Val::Null) => Ok(Val::Null),
            (Self::Any, value) => Ok(value),
            (Self::Text, value) => text(&value).map(Val::Text),
            (Self::Number, value) => number(&value).map(Val::Number),
            (Self::Bool, value) => truth(&value).map(Val::Bool),
            (Self::List(of), Val::List(list)) => {
                Val::list(ListKind::List, one_type(self.each(of, &list.items, reader)?, reader)?)
            }
            (Self::Set(of), Val::List(list)) => {
                set(one_type(self.each(of, &list.items, reader)?, reader)?)
            }
            (Self::Tuple(of), Val::List(list)) if of.len() == list.items.len() => {
                let all = of.iter().zip(&list.items);
                let all = all.map(|(of, item)| of.convert(item.clone(), reader));
                Val::tuple(all.collect::<Answer<_>>()?)
            }
            (Self::Map(of), Val::Map(map)) => {
                let all = map.members.values().cloned().collect::<Vec<_>>();
                let all = one_type(self.each(of, &all, reader)?, reader)?;
                Val::object(map.members.keys().cloned().zip(all).collect())
            }
            (Self::Object(of), value @ (Val::Map(_) | Val::Handle(_))) => {
                let mut members = Members::new();
                for (name, of, default) in of {
                    let given = match &value {
                        Val::Map(map) => map.members.get(name.as_str()).cloned(),
                        handle => Some(reader.attribute(handle, name)?),
                    };
                    let given = match (given, default) {
                        (None | Some(Val::Null), Some(default)) => reader.constant(default)?,
                        (Some(given), _) => given,
                        (None, None) => return Fault::wrong(format!("`{name}` is missing")),
                    };
                    members.insert(Rc::from(name.as_str()), of.convert(given, reader)?);
                }
                Val::object(members)
            }
            (Self::Map(_), Val::Handle(_)) => Ok(Val::open(
                "all attributes of a resource are not known",
                "give the attributes one by one",
            )),
            (_, value) => wrong(&value),
        }
    }

    fn each(&self, of: &Self, items: &[Val], reader: &dyn Reader) -> Answer<Vec<Val>> {
        items.iter().map(|item| of.convert(item.clone(), reader)).collect()
    }

    const fn noun(&self) -> &'static str {
        match self {
            Self::Any => "any value",
            Self::Text => "a string",
            Self::Number => "a number",
            Self::Bool => "a bool",
            Self::List(_) | Self::Tuple(_) => "a list",
            Self::Set(_) => "a set",
            Self::Map(_) => "a map",
            Self::Object(_) => "an object",
        }
    }
}

/// Elements with one type: texts, where one of them is a text.
pub(super) fn one_type(items: Vec<Val>, reader: &dyn Reader) -> Answer<Vec<Val>> {
    let is_scalar = |item: &Val| matches!(item, Val::Bool(_) | Val::Number(_));
    if !items.iter().any(|item| matches!(item, Val::Text(_))) || !items.iter().any(is_scalar) {
        return Ok(items);
    }
    items.into_iter().map(|item| Type::Text.convert(item, reader)).collect()
}

/// What types need of the evaluator.
pub(super) trait Reader {
    /// An attribute of a resource or a module.
    fn attribute(&self, handle: &Val, name: &str) -> Answer<Val>;
    /// An expression that refers to nothing.
    fn constant(&self, expression: &Expression) -> Answer<Val>;
    /// What is left to spend.
    fn budget(&self) -> &Budget;
}

/// A scalar's text.
pub(super) fn text(value: &Val) -> Answer<Rc<str>> {
    match value {
        Val::Text(text) => Ok(Rc::clone(text)),
        Val::Bool(value) => Ok(Rc::from(value.to_string())),
        Val::Number(number) => Ok(Rc::from(number.text())),
        Val::Open(why) => Err(Fault::Open(Rc::clone(why))),
        other => Fault::wrong(format!("{} is given where a string is needed", other.noun())),
    }
}

/// A number, also one that is written as a text.
pub(super) fn number(value: &Val) -> Answer<Number> {
    match value {
        Val::Number(number) => Ok(*number),
        Val::Text(text) => match text.parse() {
            Ok(whole) if !text.starts_with('+') => Ok(Number::Whole(whole)),
            _ if text.parse::<f64>().is_ok() => Err(Fault::Open(super::value::why(
                format!("`{text}` is not computed with here"),
                "write a whole number",
            ))),
            _ => Fault::wrong(format!("`{text}` is no number")),
        },
        Val::Open(why) => Err(Fault::Open(Rc::clone(why))),
        other => Fault::wrong(format!("{} is given where a number is needed", other.noun())),
    }
}

/// True or false, also as a text.
pub(super) fn truth(value: &Val) -> Answer<bool> {
    match value {
        Val::Bool(value) => Ok(*value),
        Val::Text(text) => match &**text {
            "true" | "1" => Ok(true),
            "false" | "0" => Ok(false),
            other => Fault::wrong(format!("`{other}` is neither true nor false")),
        },
        Val::Open(why) => Err(Fault::Open(Rc::clone(why))),
        other => Fault::wrong(format!("{} is given where a bool is needed", other.noun())),
    }
}

/// A set: of texts, numbers or bools, sorted, each once. The order of other sets is not known.
pub(super) fn set(items: Vec<Val>) -> Answer<Val> {
    let mut texts: Vec<Rc<str>> = Vec::new();
    for item in &items {
        match item {
            Val::Text(text) => texts.push(Rc::clone(text)),
            Val::Open(why) => return Ok(Val::Open(Rc::clone(why))),
            _ => {
                return if items.len() == 1 {
                    Val::list(ListKind::Set, items)
                } else {
                    Ok(Val::open(
                        "the order of a set of other values than strings is not known here",
                        "use a set of strings",
                    ))
                };
            }
        }
    }
    texts.sort_unstable();
    texts.dedup();
    Val::list(ListKind::Set, texts.into_iter().map(Val::Text).collect())
}
