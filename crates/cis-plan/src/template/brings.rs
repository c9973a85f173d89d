//! Resource types that bring resources of another template, or may.

/// What a resource brings trails as; none where its type is known to bring none.
///
/// Sources: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html>,
/// <https://docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-resource-application.html>
pub(crate) fn brings_trails(kind: &str) -> Option<&'static str> {
    match kind {
        "AWS::CloudFormation::Stack" => Some("the nested stack"),
        "AWS::CloudFormation::StackSet" => Some("the stack set"),
        "AWS::Serverless::Application" => Some("the nested application"),
        "AWS::ServiceCatalog::CloudFormationProvisionedProduct" => Some("the provisioned product"),
        "AWS::ControlTower::LandingZone" => Some("the landing zone"),
        "AWS::ControlTower::EnabledBaseline" => Some("the baseline"),
        _ if kind.ends_with("::MODULE") => Some("the module"),
        _ if is_custom(kind) => None,
        _ => match kind.split("::").next() {
            Some("AWS" | "Alexa") => None,
            _ => Some("the resource of a type that is not AWS's,"),
        },
    }
}

/// Whether a resource is one that a function or a topic makes.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html>
pub(super) fn is_custom(kind: &str) -> bool {
    kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource"
}
