//! Reading members of JSON objects, with errors that name the member by its path.

use serde_json::{Map, Value};

use crate::event::EventError;

/// An object and the path to it.
pub(crate) struct Object<'a> {
    path: String,
    members: &'a Map<String, Value>,
}

impl<'a> Object<'a> {
    /// An event's outermost object.
    pub(crate) fn outermost(value: &'a Value) -> Result<Self, EventError> {
        Self::of(String::new(), value)
    }

    /// The object that a value at this path is.
    pub(crate) fn of(path: String, value: &'a Value) -> Result<Self, EventError> {
        match value {
            Value::Object(members) => Ok(Self { path, members }),
            other => Err(EventError::new(path, expected("an object", other))),
        }
    }

    /// A member that may be missing or null.
    pub(crate) fn optional(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name).filter(|value| !value.is_null())
    }

    /// A text that must be there.
    pub(crate) fn text(&self, name: &str) -> Result<&'a str, EventError> {
        match self.required(name)? {
            Value::String(text) => Ok(text),
            other => Err(self.error(name, expected("a string", other))),
        }
    }

    /// A text that may be missing or null.
    pub(crate) fn optional_text(&self, name: &str) -> Result<Option<&'a str>, EventError> {
        self.optional(name).map(|_| self.text(name)).transpose()
    }

    /// A truth value that may be missing or null.
    pub(crate) fn flag(&self, name: &str) -> Result<Option<bool>, EventError> {
        match self.optional(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(other) => Err(self.error(name, expected("a boolean", other))),
        }
    }

    /// An object that must be there.
    pub(crate) fn object(&self, name: &str) -> Result<Self, EventError> {
        Self::of(self.path_to(name), self.required(name)?)
    }

    /// What is wrong with a member.
    pub(crate) fn error(&self, name: &str, problem: impl Into<String>) -> EventError {
        EventError::new(self.path_to(name), problem.into())
    }

    fn required(&self, name: &str) -> Result<&'a Value, EventError> {
        self.optional(name).ok_or_else(|| self.error(name, "is missing"))
    }

    fn path_to(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

/// The JSON value of a member that holds JSON as a string. An object is taken as it is.
pub(crate) fn embedded(path: &str, value: &Value) -> Result<Value, EventError> {
    match value {
        Value::String(text) => serde_json::from_str(text)
            .map_err(|error| EventError::new(path.to_owned(), format!("is not JSON: {error}"))),
        other => Ok(other.clone()),
    }
}

fn expected(what: &str, found: &Value) -> String {
    let found = match found {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    };
    format!("must be {what}, not {found}")
}
