//! The stacks, each one a file in `infra/templates`.

mod aggregator;
mod central_function;
mod conformance_pack;
mod dashboard;
mod member_role;
mod organization_conformance_pack;
mod organization_rule;
mod organization_trail_role;
mod remediation;
mod rule;
mod stackset;
mod topic;

use cis_lambda::parameters::{ALL, EVENT_KINDS, MEMBER_ROLE_NAME, Parameter};

use crate::template::Template;

/// The rule's parameters that every shape of deployment has. `EventKinds` says which rules there
/// are, and the member role is for a central function only.
fn parameters() -> Vec<&'static Parameter> {
    let apart = [EVENT_KINDS.name, MEMBER_ROLE_NAME.name];
    ALL.iter().filter(|parameter| !apart.contains(&parameter.name)).collect()
}

/// A file's name, and what makes it.
type Stack = (&'static str, fn() -> Template);

const STACKS: [Stack; 12] = [
    ("rule.yaml", rule::template),
    ("stackset.yaml", stackset::template),
    ("topic.yaml", topic::template),
    ("organization-trail-role.yaml", organization_trail_role::template),
    ("conformance-pack.yaml", conformance_pack::template),
    ("central-function.yaml", central_function::template),
    ("member-role.yaml", member_role::template),
    ("organization-rule.yaml", organization_rule::template),
    ("organization-conformance-pack.yaml", organization_conformance_pack::template),
    ("aggregator.yaml", aggregator::template),
    ("dashboard.yaml", dashboard::template),
    ("remediation.yaml", remediation::template),
];

/// The template of this file, for what is made of it in other forms.
pub(crate) fn named(file: &str) -> Option<Template> {
    STACKS.into_iter().find(|(name, _)| *name == file).map(|(_, template)| template())
}

/// The names of the template files.
pub(crate) fn names() -> [&'static str; STACKS.len()] {
    STACKS.map(|(name, _)| name)
}

/// The names of the template files, and their YAML.
#[must_use]
pub fn templates() -> Vec<(&'static str, String)> {
    STACKS.into_iter().map(|(name, template)| (name, template().to_yaml())).collect()
}

/// The comment at the top of a template.
fn header(text: &str) -> String {
    format!(
        "{text}\n\nMade by `cargo xtask synth`; see infra/README.md. Changes belong in infra/src."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::tests::{read, uncommented};

    #[test]
    fn every_template_is_read_as_it_was_composed() {
        for (name, template) in STACKS {
            let template = template();
            assert_eq!(read(&template.to_yaml()), uncommented(&template.to_json()), "{name}");
        }
    }
}
