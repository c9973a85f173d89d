//! One account and Region: the function and its rules. As it stands, it is also what a StackSet
//! puts into every account: no transform, no fixed names but the rules', nothing of other stacks.

use cis_lambda::parameters::EVENT_KINDS;

use super::{header, parameters};
use crate::RULES;
use crate::constructs::config_rule::{ON_CHANGE, config_rule, name_prefix, wanted_kinds};
use crate::constructs::{function, notices, reevaluation};
use crate::inputs::{frequency, input, inputs, names};
use crate::intrinsic::{Function, attribute, equals, reference, sub};
use crate::policy::{add_evaluating, organization_trail};
use crate::resources::Permission;
use crate::template::{Input, Resource, Template};

const CREATE_RULES: &str = "CreateRules";
const REEVALUATE: &str = "ReevaluateOnTrailChange";
const EVALUATE_ON_CHANGE: &str = "EvaluateOnChange";

pub(super) fn template() -> Template {
    let mut template = Template::new(
        "AWS Config rules that prove whether CloudTrail records every S3 object-level event",
        &header(
            "One account: the function, its rules, and alarms. Deploy it in the Region that is home \
             to the trails, with CAPABILITY_IAM.",
        ),
    );
    function::add_code_inputs(&mut template);
    template.inputs("The question", question());
    template.inputs("When it is asked", when());
    function::add_operation_inputs(&mut template, function::OF_ONE);
    for (rule, mut wanted) in wanted_kinds() {
        wanted.push(equals(CREATE_RULES, "true"));
        template.condition(rule.condition, Function::And(wanted));
    }
    template.condition(ON_CHANGE, equals(EVALUATE_ON_CHANGE, "true"));
    let reevaluates = vec![equals(CREATE_RULES, "true"), equals(REEVALUATE, "true")];
    template.condition(reevaluation::CONDITION, Function::And(reevaluates));

    let mut allowed = add_evaluating(&mut template);
    allowed.push(organization_trail());
    function::add(&mut template, allowed);
    template.resource(
        "Permission",
        Resource::new(
            "AWS Config may invoke the function, only for rules of this account.",
            &Permission {
                function_name: reference(function::FUNCTION).into(),
                action: "lambda:InvokeFunction",
                principal: "config.amazonaws.com",
                source_account: reference("AWS::AccountId").into(),
            },
        ),
    );
    for rule in &RULES {
        let function = attribute(function::FUNCTION, "Arn");
        let resource = config_rule(
            &template,
            rule,
            sub(rule.prefixed()),
            function,
            &names(&inputs(&parameters())),
            true,
        );
        let resource = Resource::new(rule.comment, &resource);
        // AWS Config refuses a rule whose function it may not invoke.
        template.resource(rule.logical_name, resource.when(rule.condition).after("Permission"));
    }
    reevaluation::add(&mut template);
    // A conformance pack's rules, whose function this may be, have names that begin alike.
    notices::add_non_compliant(&mut template, &RULES.map(|rule| sub(rule.prefixed()).into()));
    template
}

fn question() -> Vec<(&'static str, Input)> {
    let mut asked = vec![(EVENT_KINDS.name, input(&EVENT_KINDS))];
    asked.extend(inputs(&parameters()));
    asked.push((
        CREATE_RULES,
        Input::switch("false makes only the function, for a conformance pack's rules.", true),
    ));
    asked.push(name_prefix());
    asked
}

fn when() -> Vec<(&'static str, Input)> {
    let on_change = "Whether AWS Config also evaluates when it records a changed trail. It needs a \
                     recorder, and does not see that selectors change.";
    let reevaluate = "Whether a call that changes a trail has the rules evaluated within minutes.";
    vec![
        frequency(),
        (REEVALUATE, Input::switch(reevaluate, true)),
        (EVALUATE_ON_CHANGE, Input::switch(on_change, false)),
    ]
}
