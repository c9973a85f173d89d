//! A conformance pack for one account, with a function that is deployed already.

use super::{header, parameters};
use crate::constructs::pack_body::{function_arn, pack_body};
use crate::inputs::{frequency, inputs};
use crate::intrinsic::reference;
use crate::resources::{ConformancePack, PackParameter};
use crate::template::{Input, Resource, Template};

const PACK_NAME: &str = "PackName";

pub(super) fn template() -> Template {
    let mut template = Template::new(
        "A conformance pack of the S3 object-level logging rules",
        &header(
            "One account's pack. Its function is that of rule.yaml, deployed before, with CreateRules \
             false where the pack's rules are to be the only ones.",
        ),
    );
    let name = Input::text("The pack's name.").or("s3-object-level-logging");
    template.inputs("The pack", vec![(PACK_NAME, name), function_arn(), frequency()]);
    template.inputs("The question", inputs(&parameters()));
    let conformance_pack_input_parameters = template.handing_on(&[PACK_NAME], |name, value| {
        PackParameter { parameter_name: name.to_owned(), parameter_value: value.into() }
    });
    template.resource(
        "Pack",
        Resource::new(
            "The rules, in the form that conformance packs have.",
            &ConformancePack {
                conformance_pack_name: reference(PACK_NAME).into(),
                conformance_pack_input_parameters,
                template_body: pack_body(inputs(&parameters())),
            },
        ),
    );
    template
}
