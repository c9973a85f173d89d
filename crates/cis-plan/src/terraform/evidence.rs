//! What a plan says of the account it is for: its id, its partition, its Region, and where it says
//! so.

use cis_rules::partition::Partition;

use super::brings::is_trail;
use super::providers::{Providers, constant, role};
use super::resources::Resource;
use crate::error::PlanError;
use crate::node::Node;

/// Something that is said at a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) value: String,
    place: String,
}

impl Said {
    pub(super) fn new(value: impl Into<String>, place: impl Into<String>) -> Self {
        Self { value: value.into(), place: place.into() }
    }

    /// That two places say different things.
    pub(super) fn contradicts(&self, what: &'static str, other: &Self) -> PlanError {
        let words = |said: &Self| format!("`{}` says `{}`", said.place, said.value);
        PlanError::Contradiction { what, one: words(self), other: words(other) }
    }
}

/// What is said of one account.
#[derive(Default)]
pub(super) struct Evidence {
    /// Account ids, but not those in the ARNs of trails.
    pub(super) accounts: Vec<Said>,
    /// Account ids in the ARNs of trails.
    pub(super) accounts_of_trails: Vec<Said>,
    pub(super) partitions: Vec<Said>,
    pub(super) regions: Vec<Said>,
}

impl Evidence {
    /// What a provider's configuration says.
    pub(super) fn add_provider(&mut self, providers: &Providers<'_>, key: &str) {
        let Some(configuration) = providers.configuration(key) else { return };
        // What another tool configures stands somewhere else.
        let place = |member: &str| match configuration.get("place") {
            Some(Node::Text(place)) => format!("{place}.{member}"),
            _ => format!("configuration.provider_config.{key}.{member}"),
        };
        if let Some(role) = role(configuration) {
            self.add_arn(role, &place("assume_role"));
            self.accounts.extend(account_in(role).map(|id| Said::new(id, place("assume_role"))));
        }
        let allowed = constant(configuration, "allowed_account_ids").map(Node::elements);
        if let Some([Node::Text(id)]) = allowed {
            self.accounts.push(Said::new(id.as_str(), place("allowed_account_ids")));
        }
        if let Some(Node::Text(region)) = constant(configuration, "region") {
            self.add_region(region, &place("region"));
        }
    }

    /// What a resource or a data source says.
    pub(super) fn add_resource(&mut self, resource: &Resource<'_>) {
        let values = resource.values.unwrap_or(&Node::Null);
        let text = |member: &str| values.get(member).and_then(Node::text);
        let place = |member: &str| format!("{}.{member}", resource.address);
        match resource.kind {
            "aws_caller_identity" => {
                if let Some(id) = text("account_id") {
                    self.accounts.push(Said::new(id, place("account_id")));
                }
                if let Some(arn) = text("arn") {
                    self.add_arn(arn, &place("arn"));
                }
            }
            "aws_partition" => {
                if let Some(id) = text("partition").or_else(|| text("id")) {
                    self.partitions.push(Said::new(id, place("partition")));
                }
            }
            "aws_region" => {
                if let Some(region) = text("region").or_else(|| text("name")) {
                    self.add_region(region, &place("region"));
                }
            }
            // It takes apart whatever ARN it is given.
            "aws_arn" => {}
            _ => {
                if let Some(arn) = text("arn") {
                    self.add_arn(arn, &place("arn"));
                }
                if is_trail(resource.kind) {
                    for member in ["home_region", "region"] {
                        if let Some(region) = text(member) {
                            self.add_region(region, &place(member));
                        }
                    }
                    let account = text("arn").and_then(account_in);
                    let said = account.map(|id| Said::new(id, place("arn")));
                    self.accounts_of_trails.extend(said);
                }
            }
        }
    }

    fn add_arn(&mut self, arn: &str, place: &str) {
        if let Some(partition) = Partition::of_arn(arn) {
            self.partitions.push(Said::new(partition.id, place));
        }
    }

    pub(super) fn add_region(&mut self, region: &str, place: &str) {
        self.partitions.push(Said::new(Partition::of_region(region).id, place));
        self.regions.push(Said::new(region, place));
    }

    /// What is said of the partition and the Region, without the accounts.
    pub(super) fn of_place(&self) -> Self {
        Self {
            partitions: self.partitions.clone(),
            regions: self.regions.clone(),
            ..Self::default()
        }
    }

    /// The one partition that all places say.
    pub(super) fn partition(&self) -> Result<Option<&Said>, PlanError> {
        one("partition", &self.partitions)
    }

    /// What `--partition` and `--region` say.
    pub(super) fn add_setting(&mut self, setting: &crate::Setting) {
        if let Some(partition) = &setting.partition {
            self.partitions.push(Said::new(partition.as_str(), "--partition"));
        }
        if let Some(region) = &setting.region {
            self.partitions.push(Said::new(Partition::of_region(region).id, "--region"));
        }
    }

    /// The Region, where only one is said.
    pub(super) fn region(&self) -> Option<&str> {
        let (first, rest) = self.regions.split_first()?;
        rest.iter().all(|other| other.value == first.value).then_some(first.value.as_str())
    }
}

/// The one value that all places say.
pub(super) fn one<'a>(what: &'static str, all: &'a [Said]) -> Result<Option<&'a Said>, PlanError> {
    let Some((first, rest)) = all.split_first() else { return Ok(None) };
    match rest.iter().find(|other| other.value != first.value) {
        Some(other) => Err(first.contradicts(what, other)),
        None => Ok(Some(first)),
    }
}

/// The account id in an ARN.
pub(super) fn account_in(arn: &str) -> Option<&str> {
    let id = arn.split(':').nth(4)?;
    (id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_digit())).then_some(id)
}
