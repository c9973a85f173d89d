//! The trails of one account in a plan.

use super::Places;
use super::accounts::{Account, may_be_of_organization};
use super::brings::{
    CLOUD_CONTROL, CLOUD_CONTROL_TRAIL, CLOUDFORMATION_TRAIL, TRAIL, brings_trails,
    cloud_control_type, is_of_aws, may_have_trails,
};
use super::callers;
use super::document::Document;
use super::open::{OpenFact, OpenTrail, OpenTrails, Planned};
use super::providers::{Providers, constant};
use super::resources::{Resource, Resources};
use super::stacks;
use super::values::{Unknowns, value, with_aws_names};
use crate::NO_ACCOUNT;
use crate::error::PlanError;
use crate::node::Node;
use crate::trail::doubtful;
use crate::value::{Value, unknown};

/// What the trails of an account are read with.
pub(super) struct Reading<'a> {
    /// The account.
    pub(super) account: &'a Account,
    /// Its partition.
    pub(super) partition: &'a str,
    /// The plan's providers.
    pub(super) providers: &'a Providers<'a>,
    /// Where resources are written, as far as that is known.
    pub(super) places: &'a Places,
}

/// The trails of an account.
pub(super) fn of(
    document: &Document,
    resources: &Resources<'_>,
    reading: &Reading<'_>,
) -> Result<OpenTrails, PlanError> {
    let Reading { account, providers, .. } = *reading;
    let at = |positions: &[usize]| -> Vec<&Resource<'_>> {
        positions.iter().filter_map(|position| resources.managed.get(*position)).collect()
    };
    let mut trails = Vec::new();
    for resource in at(&account.own) {
        reading.add(&mut trails, resource)?;
    }
    let of_nobody = resources.managed.iter().filter(|resource| !is_of_aws(resource.kind));
    for resource in of_nobody {
        reading.add(&mut trails, resource)?;
    }
    for resource in at(&account.maybe).into_iter().filter(|resource| may_have_trails(resource)) {
        let address = &resource.address;
        let why = unknown(
            format!(
                "whether `{address}` is in this account is not known: its provider does not say"
            ),
            "plan each account by itself",
        );
        trails.push(reading.placed(doubtful(address, &[why]).into(), resource));
    }
    let others = at(&account.others).into_iter();
    for resource in others.filter(|other| other.kind == TRAIL && may_be_of_organization(other)) {
        let address = &resource.address;
        let why = unknown(
            format!("whether this account is in the organization of `{address}` is not known"),
            "apply, and audit the account",
        );
        trails.push(reading.placed(doubtful(address, &[why]).into(), resource));
    }
    if let Some(what) = incomplete(document.root()) {
        let why = unknown(format!("the plan is not complete: {what}"), "plan and apply all of it");
        trails.push(doubtful("the trails that the plan leaves out", &[why]).into());
    }
    let callers = callers::of(document, resources, providers);
    Ok(OpenTrails { trails, callers })
}

/// Why a plan may leave out resources.
fn incomplete(plan: &Node) -> Option<&'static str> {
    if plan.get("errored") == Some(&Node::Bool(true)) {
        return Some("planning ended with an error");
    }
    if plan.get("deferred_changes").is_some_and(|deferred| !deferred.elements().is_empty()) {
        return Some("it defers changes");
    }
    (plan.get("complete") == Some(&Node::Bool(false))).then_some("it is not applied in one run")
}

impl Reading<'_> {
    /// The Region of a resource's provider.
    fn region(&self, resource: &Resource<'_>) -> Option<&str> {
        let configuration = self.providers.configuration(&self.providers.key(resource))?;
        constant(configuration, "region")?.text()
    }

    /// A trail with the place where its resource is written.
    fn placed(&self, mut trail: Planned, resource: &Resource<'_>) -> Planned {
        trail.place = self.places.get(&resource.address).cloned();
        trail
    }

    /// Adds the trails of a resource, each with its place.
    fn add(&self, trails: &mut Vec<Planned>, resource: &Resource<'_>) -> Result<(), PlanError> {
        let mut of_resource = Vec::new();
        self.add_to(&mut of_resource, resource)?;
        trails.extend(of_resource.into_iter().map(|trail| self.placed(trail, resource)));
        Ok(())
    }

    fn add_to(&self, trails: &mut Vec<Planned>, resource: &Resource<'_>) -> Result<(), PlanError> {
        let address = &resource.address;
        match resource.kind {
            TRAIL => trails.push(self.trail(resource)?),
            CLOUD_CONTROL_TRAIL => {
                let values = self.values(resource)?;
                trails.push(self.by_cloudformation(address, resource, &with_aws_names(values)));
            }
            CLOUD_CONTROL => self.cloud_control(trails, resource)?,
            "aws_cloudformation_stack_set" | "awscc_cloudformation_stack_set"
                if stacks::has_no_trails(resource) => {}
            kind => {
                let Some(what) = brings_trails(kind) else { return Ok(()) };
                let region = self.region(resource);
                let is_stack = kind.ends_with("cloudformation_stack") && what == "the stack";
                if is_stack
                    && let Some(of_stack) =
                        stacks::trails(resource, self.account, self.partition, region)?
                {
                    trails.extend(of_stack.into_iter().map(Planned::from));
                    return Ok(());
                }
                let why = unknown(
                    format!("the plan does not say what trails {what} `{address}` makes"),
                    "audit the account after apply",
                );
                trails.push(doubtful(&format!("the trails of {what} `{address}`"), &[why]).into());
            }
        }
        Ok(())
    }

    fn values(&self, resource: &Resource<'_>) -> Result<Value, PlanError> {
        match resource.values {
            Some(values @ Node::Map(_)) => {
                Ok(value(Some(values), resource.unknowns, &resource.address))
            }
            _ => Err(PlanError::shape(&resource.address, "expected an object `values`")),
        }
    }

    /// A resource of Cloud Control's: its properties are a text.
    fn cloud_control(
        &self,
        trails: &mut Vec<Planned>,
        resource: &Resource<'_>,
    ) -> Result<(), PlanError> {
        let address = &resource.address;
        let values = self.values(resource)?;
        let kind = cloud_control_type(resource).unwrap_or(CLOUDFORMATION_TRAIL);
        if kind != CLOUDFORMATION_TRAIL {
            if let Some(what) = crate::template::brings_trails(kind) {
                let why = unknown(
                    format!("the plan does not say what trails {what} `{address}` makes"),
                    "audit the account after apply",
                );
                trails.push(doubtful(&format!("the trails of {what} `{address}`"), &[why]).into());
            }
            return Ok(());
        }
        let known = (values.get("type_name"), values.get("desired_state"));
        let (Value::Text(_), Value::Text(state)) = known else {
            let why = unknown(
                format!("what `{address}` makes is known after apply"),
                "write `type_name` and `desired_state` out, or apply and audit the account",
            );
            trails.push(doubtful(address, &[why]).into());
            return Ok(());
        };
        let path = format!("{address}.desired_state");
        let properties = crate::json::read(state)
            .map_err(|error| PlanError::shape(&path, error.to_string()))
            .map(|state| value(Some(&state), Unknowns::Nothing, &path))?;
        trails.push(self.by_cloudformation(&path, resource, &properties));
        Ok(())
    }

    /// A trail with CloudFormation's properties.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html>
    fn by_cloudformation(
        &self,
        path: &str,
        resource: &Resource<'_>,
        properties: &Value,
    ) -> Planned {
        if let Value::Open(open) = properties {
            return doubtful(path, &open.why).into();
        }
        let fact = |name: &'static str, default| OpenFact {
            name,
            value: properties.get(name).clone(),
            default,
        };
        let name = properties.get("TrailName").known_text();
        let region = self.region(resource).or(self.account.region.as_deref());
        let block = |name| match properties.get(name) {
            Value::List(blocks) if blocks.is_empty() => Value::Absent,
            blocks => blocks.clone(),
        };
        let arn = properties.get("Arn").known_text();
        Planned::from(OpenTrail {
            path: path.to_string(),
            arn: arn.map_or_else(|| self.arn(region, name, &resource.address), str::to_string),
            partition: self.partition.to_string(),
            name: name.map(str::to_string),
            home_region: region.map(str::to_string),
            is_logging: fact("IsLogging", None),
            is_multi_region: fact("IsMultiRegionTrail", Some(false)),
            is_organization: fact("IsOrganizationTrail", Some(false)),
            recursive_logging: fact("RecursiveLogging", Some(true)),
            bucket: properties.get("S3BucketName").clone(),
            basic: block("EventSelectors"),
            advanced: block("AdvancedEventSelectors"),
        })
    }

    fn arn(&self, region: Option<&str>, name: Option<&str>, address: &str) -> String {
        let id = self.account.id.as_deref().unwrap_or(NO_ACCOUNT);
        // A trail's name is what follows the last slash.
        let made_up = || format!("${{{}}}", address.replace('/', ":"));
        let name = name.map_or_else(made_up, str::to_string);
        let region = region.unwrap_or("REGION");
        format!("arn:{}:cloudtrail:{region}:{id}:trail/{name}", self.partition)
    }

    /// A trail of the AWS provider.
    ///
    /// Source: <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/cloudtrail>
    fn trail(&self, resource: &Resource<'_>) -> Result<Planned, PlanError> {
        let address = &resource.address;
        let values = self.values(resource)?;
        if let Value::Open(open) = &values {
            return Ok(doubtful(address, &open.why).into());
        }
        let name = values.get("name").known_text();
        let region = ["home_region", "region"].map(|member| values.get(member).known_text());
        let region = region[0].or(region[1]).or_else(|| self.region(resource));
        let region = region.or(self.account.region.as_deref());
        let arn = values.get("arn").known_text();
        let block = |name: &str| match values.get(name) {
            Value::List(blocks) if blocks.is_empty() => Value::Absent,
            blocks => with_aws_names(blocks.clone()),
        };
        let fact = |name: &'static str, default| OpenFact {
            name,
            value: values.get(name).clone(),
            default: Some(default),
        };
        Ok(Planned::from(OpenTrail {
            path: address.clone(),
            arn: arn.map_or_else(|| self.arn(region, name, address), str::to_string),
            partition: self.partition.to_string(),
            name: name.map(str::to_string),
            home_region: region.map(str::to_string),
            is_logging: fact("enable_logging", true),
            is_multi_region: fact("is_multi_region_trail", false),
            is_organization: fact("is_organization_trail", false),
            recursive_logging: fact("recursive_logging", true),
            bucket: values.get("s3_bucket_name").clone(),
            basic: block("event_selector"),
            advanced: block("advanced_event_selector"),
        }))
    }
}
