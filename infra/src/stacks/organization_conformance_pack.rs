//! The same pack in every account of an organization, with one central function.

use super::central_function::member_role_name;
use super::{header, parameters};
use crate::constructs::pack_body::{function_arn, pack_body};
use crate::inputs::{frequency, inputs};
use crate::intrinsic::{Function, Text, only_if, reference};
use crate::resources::{OrganizationConformancePack, PackParameter};
use crate::template::{Input, Resource, Template, uses};

const PACK_NAME: &str = "PackName";

/// The parameter that names accounts without rules.
pub(super) const EXCLUDED: &str = "ExcludedAccounts";

/// The rule's parameters where the function is central.
pub(super) fn asked() -> Vec<(&'static str, Input)> {
    [inputs(&parameters()), vec![member_role_name()]].concat()
}

/// Accounts of the organization that get no rule.
pub(super) fn excluded() -> (&'static str, Input) {
    let input = Input::text("Accounts that get no rule, such as suspended ones. At most 1000.");
    let pattern = "^([0-9]{12}(,[0-9]{12})*)?$";
    (EXCLUDED, input.or("").like(pattern, "account ids, separated by commas"))
}

/// The same as a property.
pub(super) fn excluded_accounts() -> Text {
    let accounts = Function::Split(",".to_owned(), Box::new(reference(EXCLUDED)));
    only_if(&uses(EXCLUDED), accounts).into()
}

pub(super) fn template() -> Template {
    let mut template = Template::new(
        "A conformance pack of the S3 object-level logging rules for an organization",
        &header(
            "A pack in every account of the organization. Deploy it in the management account, after \
             central-function.yaml there and member-role.yaml in every account. One that another \
             account made may stay in CREATE_IN_PROGRESS.",
        ),
    );
    let name = Input::text("The pack's name.").or("s3-object-level-logging");
    template.inputs("The pack", vec![(PACK_NAME, name), function_arn(), frequency(), excluded()]);
    template.inputs("The question", asked());
    let conformance_pack_input_parameters =
        template.handing_on(&[PACK_NAME, EXCLUDED], |name, value| PackParameter {
            parameter_name: name.to_owned(),
            parameter_value: value.into(),
        });
    template.resource(
        "Pack",
        Resource::new(
            "The rules, in the form that conformance packs have.",
            &OrganizationConformancePack {
                organization_conformance_pack_name: reference(PACK_NAME).into(),
                excluded_accounts: excluded_accounts(),
                conformance_pack_input_parameters,
                template_body: pack_body(asked()),
            },
        ),
    );
    template
}
