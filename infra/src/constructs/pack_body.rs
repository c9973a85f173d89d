//! The template inside a conformance pack: both rules, and a function that is there already.
//!
//! A pack's template holds rules and remediations only, so the function comes from elsewhere.
//! Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_PutConformancePack.html>

use super::config_rule::config_rule;
use crate::RULES;
use crate::inputs::{frequency, names};
use crate::intrinsic::reference;
use crate::template::{Input, Resource, Template};

/// The parameter that holds the function's ARN.
pub(crate) const FUNCTION_ARN: &str = "FunctionArn";

/// A function's ARN. AWS Config refuses one with `$LATEST`, and more than 256 characters.
pub(crate) fn function_arn() -> (&'static str, Input) {
    let input =
        Input::text("The function that evaluates the rules: the output FunctionArn of its stack.")
            .like(
                "^arn:[a-z-]+:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]+$",
                "the ARN of a Lambda function, without a version",
            )
            .at_most(256);
    (FUNCTION_ARN, input)
}

/// The template's text, with these parameters for the rules.
pub(crate) fn pack_body(asked: Vec<(&str, Input)>) -> String {
    let mut template =
        Template::new("", "Both rules. Their function is deployed apart from the pack.");
    let names = names(&asked);
    template.inputs("", [vec![function_arn(), frequency()], asked].concat());
    for rule in &RULES {
        let resource =
            config_rule(&template, rule, rule.name, reference(FUNCTION_ARN), &names, false);
        template.resource(rule.logical_name, Resource::new(rule.comment, &resource));
    }
    template.to_pack_body()
}
