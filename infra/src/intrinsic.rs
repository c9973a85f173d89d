//! CloudFormation's intrinsic functions, and values that may be one.
//!
//! They serialize to the long form, `{"Fn::Sub": …}`; [`crate::yaml`] writes the short one.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html>

use serde::Serialize;
use serde_json::Value;

/// An intrinsic function, evaluated when a template is deployed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) enum Function {
    /// A parameter's value, or what names a resource.
    Ref(String),
    /// An attribute of a resource, `Resource.Attribute`.
    #[serde(rename = "Fn::GetAtt")]
    GetAtt(String),
    /// A text with `${names}` in it.
    #[serde(rename = "Fn::Sub")]
    Sub(String),
    /// A value where a condition holds, and another where it does not.
    #[serde(rename = "Fn::If")]
    If(String, Value, Value),
    /// Texts, one after another, with a separator between them.
    #[serde(rename = "Fn::Join")]
    Join(String, Vec<Value>),
    /// The parts of a text between separators.
    #[serde(rename = "Fn::Split")]
    Split(String, Box<Self>),
    /// Whether two values are the same. For conditions only, as the next two are.
    #[serde(rename = "Fn::Equals")]
    Equals(Box<Self>, String),
    /// Whether a condition does not hold.
    #[serde(rename = "Fn::Not")]
    Not(Box<[Self; 1]>),
    /// Whether all of these hold.
    #[serde(rename = "Fn::And")]
    And(Vec<Self>),
}

/// What stands for "this is not given" in [`Function::If`].
pub(crate) const NO_VALUE: &str = "AWS::NoValue";

/// `!Ref`.
pub(crate) fn reference(name: &str) -> Function {
    Function::Ref(name.to_owned())
}

/// `!GetAtt`.
pub(crate) fn attribute(resource: &str, name: &str) -> Function {
    Function::GetAtt(format!("{resource}.{name}"))
}

/// `!Sub`.
pub(crate) fn sub(text: impl Into<String>) -> Function {
    Function::Sub(text.into())
}

/// `!If`, with nothing where the condition does not hold.
pub(crate) fn only_if(condition: &str, value: impl Serialize) -> Function {
    Function::If(condition.to_owned(), json(value), json(reference(NO_VALUE)))
}

/// `!Equals`, of a parameter.
pub(crate) fn equals(parameter: &str, value: &str) -> Function {
    Function::Equals(Box::new(reference(parameter)), value.to_owned())
}

/// `!Not` of `!Equals`.
pub(crate) fn differs(parameter: &str, value: &str) -> Function {
    Function::Not(Box::new([equals(parameter, value)]))
}

/// The JSON of a part of a template, without the members that are not given.
///
/// The parts are plain structs, lists and texts, which always have one; `null`, which no template
/// holds and the tests refuse, stands for the impossible.
pub(crate) fn json(part: impl Serialize) -> Value {
    given(serde_json::to_value(part).unwrap_or_default())
}

fn given(value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, given(value)))
            .collect(),
        Value::Array(items) => items.into_iter().map(given).collect(),
        other => other,
    }
}

/// A property's value: known now, or computed when the template is deployed.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub(crate) enum Property<T> {
    /// Known now.
    Known(T),
    /// Computed.
    Computed(Function),
}

/// A text property.
pub(crate) type Text = Property<String>;

/// Properties whose entries may each depend on a condition.
pub(crate) type Items<T> = Vec<Property<T>>;

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self::Known(text.to_owned())
    }
}

impl<T> From<Function> for Property<T> {
    fn from(function: Function) -> Self {
        Self::Computed(function)
    }
}

impl<T> From<Vec<T>> for Property<Vec<T>> {
    fn from(items: Vec<T>) -> Self {
        Self::Known(items)
    }
}

impl From<u32> for Property<u32> {
    fn from(number: u32) -> Self {
        Self::Known(number)
    }
}
