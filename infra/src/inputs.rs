//! The rule's own parameters as a template's: the same names, values and defaults as the handler's.

use cis_lambda::parameters::{EVENT_KINDS, Parameter, Values};
use serde_json::Value;

use crate::intrinsic::{Function, json, reference, sub};
use crate::template::{Input, Template, uses};
use crate::{FREQUENCIES, Rule};

/// The parameter that says how often the rule is evaluated.
pub(crate) const FREQUENCY: &str = "MaximumExecutionFrequency";

/// A rule's parameter as a template's.
pub(crate) fn input(parameter: &Parameter) -> Input {
    let input = Input::text(parameter.description).or(parameter.default);
    match parameter.values {
        Values::OneOf(values) => input.one_of(values),
        Values::Text(form) => {
            input.like(&format!("^({})?$", form.pattern), form.meaning).at_most(form.longest)
        }
    }
}

/// The same with another default, which is not empty: then the parameter may not be empty either.
pub(crate) fn input_or(parameter: &Parameter, default: &str) -> Input {
    let input = input(parameter).or(default);
    match parameter.values {
        Values::OneOf(_) => input,
        Values::Text(form) => input.like(&format!("^{}$", form.pattern), form.meaning),
    }
}

/// The same for several, with their names.
pub(crate) fn inputs<'a>(parameters: &[&'a Parameter]) -> Vec<(&'a str, Input)> {
    parameters.iter().map(|parameter| (parameter.name, input(parameter))).collect()
}

/// The names of parameters.
pub(crate) fn names<'a>(inputs: &[(&'a str, Input)]) -> Vec<&'a str> {
    inputs.iter().map(|(name, _)| *name).collect()
}

/// How often the rule is evaluated.
pub(crate) fn frequency() -> (&'static str, Input) {
    let input = Input::text("How often the rule is evaluated, whatever happens.")
        .one_of(FREQUENCIES.map(|(name, _)| name))
        .or("TwentyFour_Hours");
    (FREQUENCY, input)
}

/// What a rule is given: the kind of event that it is about, and the values of the template's
/// parameters. AWS Config takes no empty values, so what is empty is left out.
pub(crate) fn rule_parameters(template: &Template, rule: &Rule, parameters: &[&str]) -> Value {
    let kind = (EVENT_KINDS.name.to_owned(), Value::from(rule.kind.name()));
    let given = parameters.iter().map(|name| {
        let value = template.if_given(name, reference(name));
        (String::from(*name), json(value))
    });
    std::iter::once(kind).chain(given).collect()
}

/// The same as a text of JSON, which organization rules are given.
///
/// CloudFormation puts values into it as they are. That makes JSON, for no choice and no form of a
/// text admits a character that JSON escapes: `forms_admit_nothing_that_json_escapes` in the tests.
pub(crate) fn rule_parameters_text(
    template: &Template,
    rule: &Rule,
    parameters: &[&str],
) -> Function {
    let mut parts = vec![Value::from("{"), Value::from(member(EVENT_KINDS.name, rule.kind.name()))];
    for name in parameters {
        let member = sub(format!(",{}", member(name, &format!("${{{name}}}"))));
        parts.push(if template.may_be_empty(name) {
            json(Function::If(uses(name), json(member), Value::from("")))
        } else {
            json(member)
        });
    }
    parts.push(Value::from("}"));
    Function::Join(String::new(), parts)
}

/// A member of an object in JSON.
fn member(name: &str, value: &str) -> String {
    format!("{}:{}", Value::from(name), Value::from(value))
}
