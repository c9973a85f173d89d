//! A CloudFormation template: parameters in groups, conditions, resources, outputs.

use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::intrinsic::{Function, Items, Property, differs, json, only_if, reference};
use crate::yaml;

/// A template under construction.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    comment: String,
    description: String,
    transform: Option<&'static str>,
    groups: Vec<Value>,
    parameters: Map<String, Value>,
    conditions: Map<String, Value>,
    resources: Map<String, Value>,
    outputs: Map<String, Value>,
}

/// A type of resource: its properties.
pub(crate) trait Properties: Serialize {
    /// The type's name.
    const TYPE: &'static str;
}

/// A resource, with what CloudFormation itself is told of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Resource {
    #[serde(rename = "#")]
    comment: &'static str,
    r#type: &'static str,
    condition: Option<&'static str>,
    depends_on: Option<&'static str>,
    deletion_policy: Option<&'static str>,
    update_replace_policy: Option<&'static str>,
    properties: Value,
}

impl Resource {
    /// A resource with these properties. The comment says why it is there.
    pub(crate) fn new<P: Properties>(comment: &'static str, properties: &P) -> Self {
        Self {
            comment,
            r#type: P::TYPE,
            condition: None,
            depends_on: None,
            deletion_policy: None,
            update_replace_policy: None,
            properties: json(properties),
        }
    }

    /// The same, made only where a condition holds.
    pub(crate) const fn when(mut self, condition: &'static str) -> Self {
        self.condition = Some(condition);
        self
    }

    /// The same, said to be deleted with the stack, and what it holds with it.
    pub(crate) const fn not_kept(mut self) -> Self {
        self.deletion_policy = Some("Delete");
        self.update_replace_policy = Some("Delete");
        self
    }

    /// The same, said to outlive the stack.
    pub(crate) const fn kept(mut self) -> Self {
        self.deletion_policy = Some("Retain");
        self.update_replace_policy = Some("Retain");
        self
    }

    /// The same, made after another resource.
    pub(crate) const fn after(mut self, resource: &'static str) -> Self {
        self.depends_on = Some(resource);
        self
    }
}

/// What a template asks of the person who deploys it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Input {
    description: String,
    r#type: &'static str,
    default: Option<String>,
    allowed_values: Option<Vec<String>>,
    allowed_pattern: Option<String>,
    constraint_description: Option<String>,
    max_length: Option<u32>,
    #[serde(skip)]
    empty_like_any: bool,
}

impl Input {
    /// A text that must be given.
    pub(crate) fn text(description: &str) -> Self {
        Self {
            description: description.to_owned(),
            r#type: "String",
            default: None,
            allowed_values: None,
            allowed_pattern: None,
            constraint_description: None,
            max_length: None,
            empty_like_any: false,
        }
    }

    /// Texts, separated by commas, that must be given.
    pub(crate) fn list(description: &str) -> Self {
        Self { r#type: "CommaDelimitedList", ..Self::text(description) }
    }

    /// `true` or `false`.
    pub(crate) fn switch(description: &str, default: bool) -> Self {
        Self::text(description).one_of(["true", "false"]).or(&default.to_string())
    }

    /// The same, with a default.
    pub(crate) fn or(mut self, default: &str) -> Self {
        self.default = Some(default.to_owned());
        self
    }

    /// The same, one of these values.
    pub(crate) fn one_of<T: ToString>(mut self, values: impl IntoIterator<Item = T>) -> Self {
        self.allowed_values = Some(values.into_iter().map(|value| value.to_string()).collect());
        self
    }

    /// The same, of this form: a regular expression, and what it means in words.
    pub(crate) fn like(mut self, pattern: &str, meaning: &str) -> Self {
        self.allowed_pattern = Some(pattern.to_owned());
        self.constraint_description = Some(meaning.to_owned());
        self
    }

    /// The same, where an empty text is a value like any other: there is no condition on it.
    pub(crate) const fn empty_like_any(mut self) -> Self {
        self.empty_like_any = true;
        self
    }

    fn may_be_empty(&self) -> bool {
        !self.empty_like_any && self.default.as_deref() == Some("")
    }

    /// The same, of at most so many characters.
    pub(crate) const fn at_most(mut self, length: u32) -> Self {
        self.max_length = Some(length);
        self
    }
}

/// The condition that a parameter, which may be empty, is not.
pub(crate) fn uses(parameter: &str) -> String {
    format!("Uses{parameter}")
}

impl Template {
    /// An empty template. The comment says how it is deployed.
    pub(crate) fn new(description: &str, comment: &str) -> Self {
        Self {
            comment: comment.to_owned(),
            description: description.to_owned(),
            transform: None,
            groups: Vec::new(),
            parameters: Map::new(),
            conditions: Map::new(),
            resources: Map::new(),
            outputs: Map::new(),
        }
    }

    /// Has CloudFormation expand loops (`Fn::ForEach`).
    pub(crate) const fn with_loops(&mut self) {
        self.transform = Some("AWS::LanguageExtensions");
    }

    /// Adds parameters under one heading of the console. One that may be empty has a condition that
    /// it is not: see [`uses`].
    pub(crate) fn inputs(&mut self, heading: &str, inputs: Vec<(&str, Input)>) {
        if inputs.is_empty() {
            return;
        }
        let names: Vec<&str> = inputs.iter().map(|(name, _)| *name).collect();
        self.groups.push(json!({"Label": {"default": heading}, "Parameters": names}));
        for (name, input) in inputs {
            if input.may_be_empty() {
                self.condition(&uses(name), differs(name, ""));
            }
            self.parameters.insert(name.to_owned(), json(input));
        }
    }

    /// What hands this template's parameters on to another one, but for these. What is empty is left
    /// to the other one's default.
    pub(crate) fn handing_on<T: Serialize>(
        &self,
        except: &[&str],
        hand: impl Fn(&str, Function) -> T,
    ) -> Items<T> {
        let names = self.parameters.keys().filter(|name| !except.contains(&name.as_str()));
        names.map(|name| self.if_given(name, hand(name, reference(name)))).collect()
    }

    /// A value that is left out where a parameter is empty.
    pub(crate) fn if_given<T: Serialize>(&self, parameter: &str, value: T) -> Property<T> {
        if self.may_be_empty(parameter) {
            only_if(&uses(parameter), value).into()
        } else {
            Property::Known(value)
        }
    }

    pub(crate) fn may_be_empty(&self, parameter: &str) -> bool {
        self.conditions.contains_key(&uses(parameter))
    }

    /// Adds a condition.
    pub(crate) fn condition(&mut self, name: &str, holds: Function) {
        self.conditions.insert(name.to_owned(), json(holds));
    }

    /// Adds a resource.
    pub(crate) fn resource(&mut self, name: &str, resource: Resource) {
        self.resources.insert(name.to_owned(), json(resource));
    }

    /// Adds a resource for each item of a list parameter; `${Item}` in the name and the properties
    /// is the item.
    pub(crate) fn resource_for_each(
        &mut self,
        list: &str,
        item: &str,
        name: &str,
        resource: Resource,
    ) {
        let body = json!([item, reference(list), {name: json(resource)}]);
        self.resources.insert(format!("Fn::ForEach::{item}s"), body);
    }

    /// Adds an output.
    pub(crate) fn output(
        &mut self,
        name: &str,
        description: &str,
        value: impl Into<Property<String>>,
    ) {
        let value: Property<String> = value.into();
        self.outputs.insert(name.to_owned(), json!({"Description": description, "Value": value}));
    }

    /// The template as one JSON value; comments are members named [`yaml::COMMENT`].
    pub(crate) fn to_json(&self) -> Value {
        let mut all = Map::new();
        let mut add = |name: &str, value: Value| {
            let empty = match &value {
                Value::Object(members) => members.is_empty(),
                Value::Null => true,
                _ => false,
            };
            if !empty {
                all.insert(name.to_owned(), value);
            }
        };
        add(yaml::COMMENT, json!(self.comment));
        add("AWSTemplateFormatVersion", json!("2010-09-09"));
        add("Transform", json!(self.transform));
        add("Description", json!(self.description));
        if !self.groups.is_empty() {
            let interface = json!({"ParameterGroups": self.groups});
            add("Metadata", json!({"AWS::CloudFormation::Interface": interface}));
        }
        add("Parameters", json!(self.parameters));
        add("Conditions", json!(self.conditions));
        add("Resources", json!(self.resources));
        add("Outputs", json!(self.outputs));
        Value::Object(all)
    }

    /// The template as a conformance pack's body, which has neither metadata nor outputs.
    pub(crate) fn to_pack_body(&self) -> String {
        let Value::Object(mut all) = self.to_json() else { return String::new() };
        for unknown in ["AWSTemplateFormatVersion", "Description", "Metadata", "Outputs"] {
            all.shift_remove(unknown);
        }
        yaml::document(&Value::Object(all))
    }

    /// The template as YAML.
    pub(crate) fn to_yaml(&self) -> String {
        yaml::document(&self.to_json())
    }
}
