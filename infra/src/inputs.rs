//! The rule's own parameters as a template's: the same names, values and defaults as the handler's.

use cis_lambda::parameters::{
    ALLOWED_UNLOGGED_BUCKETS, EVENT_KINDS, ORGANIZATION_TRAIL_ROLE_ARN, Parameter, Values,
};
use serde_json::{Value, json};

use crate::intrinsic::{Function, json, reference, sub};
use crate::template::{Input, Template, uses};
use crate::{FREQUENCIES, Rule};

/// The parameter that says how often the rule is evaluated.
pub(crate) const FREQUENCY: &str = "MaximumExecutionFrequency";

/// What texts may be, and how long. A rule's `InputParameters` hold 1,024 characters in all.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigRule.html>
const FORMS: [(&str, &str, u32); 2] = [
    (ALLOWED_UNLOGGED_BUCKETS.name, "^([A-Za-z0-9._-]{3,255}(,[A-Za-z0-9._-]{3,255})*)?$", 512),
    (
        ORGANIZATION_TRAIL_ROLE_ARN.name,
        "^(arn:[a-z-]+:iam::[0-9]{12}:role/([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]{1,64})?$",
        160,
    ),
];

/// A rule's parameter as a template's.
pub(crate) fn input(parameter: &Parameter) -> Input {
    let input = Input::text(parameter.description).or(parameter.default);
    match parameter.values {
        Values::OneOf(values) => input.one_of(values),
        Values::Text(meaning) => {
            let form = FORMS.iter().find(|(name, ..)| *name == parameter.name);
            match form {
                Some((_, pattern, longest)) => input.like(pattern, meaning).at_most(*longest),
                None => input,
            }
        }
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

/// The same as a text of JSON, which organization rules are given. The forms of the values leave
/// nothing to escape.
pub(crate) fn rule_parameters_text(
    template: &Template,
    rule: &Rule,
    parameters: &[&str],
) -> Function {
    let kind = json!({EVENT_KINDS.name: rule.kind.name()}).to_string();
    let mut parts = vec![Value::from(kind.trim_end_matches('}'))];
    for name in parameters {
        let member = sub(format!(",\"{name}\":\"${{{name}}}\""));
        parts.push(if template.may_be_empty(name) {
            json(Function::If(uses(name), json(member), Value::from("")))
        } else {
            json(member)
        });
    }
    parts.push(Value::from("}"));
    Function::Join(String::new(), parts)
}
