//! A stack as the document of a Terraform plan.
//!
//! Source: <https://developer.hashicorp.com/terraform/internals/json-format>

use cis_rules::report::Unknown;

use super::kinds::{self, Kind, NATIVE_TRAIL, Names, TRAIL};
use super::properties::{Properties, Property};
use super::providers::Providers;
use super::stack::{Resource, Stack, address};
use super::values::{Known, Values};
use crate::node::Node;
use crate::value::unknown;

/// What makes a difference between trails of the provider AWS.
const OF_TRAIL: [&str; 7] = [
    "enable_logging",
    "is_multi_region_trail",
    "is_organization_trail",
    "recursive_logging",
    "s3_bucket_name",
    "event_selector",
    "advanced_event_selector",
];
/// What makes a difference between trails with CloudFormation's properties.
const OF_NATIVE_TRAIL: [&str; 7] = [
    "IsLogging",
    "IsMultiRegionTrail",
    "IsOrganizationTrail",
    "RecursiveLogging",
    "S3BucketName",
    "EventSelectors",
    "AdvancedEventSelectors",
];
/// What makes a difference between stacks, and between resources of Cloud Control's.
const OF_OTHERS: [&str; 4] = ["template_body", "parameters", "type_name", "desired_state"];

/// The document of a stack, and the trails that may be there besides: of what, and why.
pub(super) fn of(stack: &Stack<'_>) -> (Node, Vec<(String, Unknown)>) {
    let mut building = Building {
        values: Values { is_preview: stack.is_planned, generated: &stack.generated },
        providers: Providers::of(stack),
        resources: Vec::new(),
        changes: Vec::new(),
        doubts: stack.doubts.clone(),
    };
    for resource in &stack.resources {
        building.add(resource);
    }
    let Building { providers, resources, changes, doubts, .. } = building;
    let variables =
        stack.config.iter().map(|(name, value)| (name.clone(), map([("value", value.clone())])));
    let root_module = map([("resources", Node::List(resources))]);
    let document = map([
        ("format_version", text("1.2")),
        ("variables", Node::Map(variables.collect())),
        ("planned_values", map([("root_module", root_module)])),
        ("resource_changes", Node::List(changes)),
        ("configuration", map([("provider_config", Node::Map(providers.configurations))])),
    ]);
    (document, doubts)
}

/// A document that is being made.
struct Building<'a> {
    values: Values<'a>,
    providers: Providers<'a>,
    resources: Vec<Node>,
    changes: Vec<Node>,
    doubts: Vec<(String, Unknown)>,
}

impl<'a> Building<'a> {
    fn add(&mut self, resource: &'a Resource<'a>) {
        if !resource.is_custom {
            return;
        }
        let at = address(resource.urn);
        match kinds::of(resource.kind) {
            Kind::Provider | Kind::Nothing => {}
            Kind::Terraform(kind, Names::Own) => {
                let given = resource.inputs.cloned().unwrap_or(Node::Null);
                self.push(resource, kind, (Node::Map(vec![("inputs".into(), given)]), no()));
            }
            Kind::Terraform(kind, names) => {
                let expected = match kind {
                    TRAIL => &OF_TRAIL[..],
                    NATIVE_TRAIL => &OF_NATIVE_TRAIL,
                    _ => &OF_OTHERS,
                };
                let known = self.values.of(&resource.properties, at, names, expected);
                self.push(resource, kind, known);
            }
            Kind::Extension => self.add_extension(resource),
            Kind::OfAws(kind) => {
                // It may say the partition.
                let arn = resource.properties.get("arn").filter(|arn| arn.text().is_some());
                let arn = arn.map(|arn| ("arn".to_string(), arn.clone()));
                self.push(resource, kind, (Node::Map(arn.into_iter().collect()), no()));
            }
            Kind::Bucket(kind) => {
                let named = Properties {
                    all: resource.properties.all.iter().copied().filter(is_of_bucket).collect(),
                    missing: resource.properties.missing,
                };
                let known =
                    self.values.of(&named, at, Names::Terraform, &["bucket", "bucket_name"]);
                self.push(resource, kind, known);
            }
            Kind::Brings(what) => self.doubt(what, at),
            Kind::Runs(what) => {
                self.doubt(what, at);
                let given = resource.inputs.cloned().unwrap_or(Node::Null);
                let given = Node::Map(vec![("inputs".into(), given)]);
                self.push(resource, "terraform_data", (given, no()));
            }
        }
    }

    /// Any resource of Cloud Control's.
    ///
    /// Source: <https://www.pulumi.com/registry/packages/aws-native/api-docs/extensionresource/>
    fn add_extension(&mut self, resource: &'a Resource<'a>) {
        let at = address(resource.urn);
        let kind = resource.properties.get("type");
        if kind.and_then(Node::text) == Some("AWS::CloudTrail::Trail") {
            let inner = match resource.properties.get("properties") {
                Some(given @ Node::Map(_)) => Properties {
                    all: given
                        .members()
                        .iter()
                        .map(|(name, value)| (name.as_str(), Property::Is(value)))
                        .collect(),
                    missing: resource.properties.missing,
                },
                _ => Properties::unknown("the provider did not answer with it"),
            };
            let known = self.values.of(&inner, at, Names::CloudFormation, &OF_NATIVE_TRAIL);
            self.push(resource, NATIVE_TRAIL, known);
            return;
        }
        let (mut values, mut unknowns) = (Vec::new(), Vec::new());
        let kind = self.values.of(
            &Properties {
                all: kind.map(|kind| ("typeName", Property::Is(kind))).into_iter().collect(),
                missing: Some("it is not given"),
            },
            at,
            Names::TerraformOutside,
            &["type_name"],
        );
        values.extend(kind.0.members().iter().cloned());
        unknowns.extend(kind.1.members().iter().cloned());
        let known = (Node::Map(values), Node::Map(unknowns));
        self.push(resource, "aws_cloudcontrolapi_resource", known);
    }

    fn doubt(&mut self, what: &str, at: &str) {
        let why = unknown(
            format!("Pulumi does not say what trails {what} `{at}` makes"),
            "deploy, and audit the account",
        );
        self.doubts.push((format!("the trails of {what} `{at}`"), why));
    }

    fn push(&mut self, resource: &'a Resource<'a>, kind: &str, (values, unknowns): Known) {
        let key = self.providers.key(resource.provider);
        let at = address(resource.urn);
        self.resources.push(map([
            ("address", text(at)),
            ("mode", text("managed")),
            ("type", text(kind)),
            ("provider_name", text(&key)),
            ("values", values),
        ]));
        self.changes.push(map([
            ("address", text(at)),
            ("type", text(kind)),
            ("change", map([("after_unknown", unknowns)])),
        ]));
    }
}

/// Whether a property says what a bucket is called, or where it is.
fn is_of_bucket((name, _): &(&str, Property<'_>)) -> bool {
    matches!(*name, "arn" | "bucket" | "bucketName" | "bucketPrefix")
}

fn text(text: &str) -> Node {
    Node::Text(text.to_string())
}

const fn no() -> Node {
    Node::Bool(false)
}

fn map<const N: usize>(members: [(&str, Node); N]) -> Node {
    Node::Map(members.map(|(name, node)| (name.to_string(), node)).into())
}
