//! The rules of AWS Config, one for each kind of event.

use cis_lambda::event::{CHANGED, OVERSIZED_CHANGED, SCHEDULED};
use cis_lambda::parameters::EVENT_KINDS;

use crate::inputs::{FREQUENCY, rule_parameters};
use crate::intrinsic::{Function, Items, Property, Text, differs, only_if, reference};
use crate::resources::{ConfigRule, Scope, Source, Trigger};
use crate::template::{Input, Template};
use crate::{LONGEST_PREFIX, RULE_NAME_PREFIX, RULES, Rule};

/// Where all triggers of a custom rule come from.
const EVENT_SOURCE: &str = "aws.config";

/// The condition that a rule's changes trigger it.
pub(crate) const ON_CHANGE: &str = "EvaluatesOnChange";

/// The condition that each rule is wanted: that the events are not all of another kind.
pub(crate) fn wanted_kinds() -> impl Iterator<Item = (&'static Rule, Vec<Function>)> {
    RULES.iter().map(|rule| {
        let others = RULES.iter().filter(|other| other.kind != rule.kind);
        (rule, others.map(|other| differs(EVENT_KINDS.name, other.kind.name())).collect())
    })
}

/// A rule that is evaluated periodically, and, where that is asked for, when a trail changes.
///
/// The period is not optional: a trail's recorded configuration holds neither its selectors nor
/// whether it is logging, so most of what matters is no change to AWS Config.
pub(crate) fn config_rule(
    template: &Template,
    rule: &Rule,
    name: impl Into<Text>,
    function: impl Into<Text>,
    parameters: &[&str],
    on_change: bool,
) -> ConfigRule {
    let periodic = Trigger {
        event_source: EVENT_SOURCE,
        message_type: SCHEDULED,
        maximum_execution_frequency: Some(reference(FREQUENCY).into()),
    };
    let changed = |message_type| Trigger {
        event_source: EVENT_SOURCE,
        message_type,
        maximum_execution_frequency: None,
    };
    let mut source_details: Items<Trigger> = vec![Property::Known(periodic)];
    if on_change {
        source_details
            .extend([CHANGED, OVERSIZED_CHANGED].map(|it| only_if(ON_CHANGE, changed(it)).into()));
    }
    // Without a scope, every change in the account would invoke the function.
    let scope = || Scope { compliance_resource_types: vec!["AWS::CloudTrail::Trail"] };
    ConfigRule {
        config_rule_name: name.into(),
        description: rule.description(),
        scope: on_change.then(|| only_if(ON_CHANGE, scope()).into()),
        source: Source {
            owner: "CUSTOM_LAMBDA",
            source_identifier: function.into(),
            source_details,
        },
        input_parameters: rule_parameters(template, rule, parameters),
    }
}

/// What the rules' names begin with, as a parameter. Only rules of their own have it: to those of packs
/// and of organizations AWS Config appends so much that no room is left.
pub(crate) fn name_prefix() -> (&'static str, Input) {
    let input = Input::text("What the rules' names begin with, where your account demands it.");
    let longest = u32::try_from(LONGEST_PREFIX).unwrap_or_default();
    let input = input.like("^[A-Za-z0-9_-]*$", "letters, digits, _ and -").at_most(longest);
    (RULE_NAME_PREFIX, input.or("").empty_like_any())
}

/// A rule's name where it is wanted, for lists.
pub(crate) fn wanted(rule: &Rule, value: Function) -> Function {
    only_if(rule.condition, value)
}
