//! The live account: the one that the credentials belong to.

pub(crate) mod bucket;
mod profile;
pub(crate) mod region;
mod trouble;

use std::future::Future;

use aws_config::SdkConfig;
use cis_aws::{
    CallerError, Collected, Collector, Identity, LoadedCredentials, Profiles, Role, Sessions,
};
use cis_rules::report::ReadBy;
use cis_rules::snapshot::Snapshot;

use self::profile::Chosen;
use self::trouble::Credentials;
use crate::outcome::{Failure, complain, is_verbose};

/// Whose account is read.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(id = "live_account", multiple = true)]
pub(crate) struct LiveArgs {
    /// The profile whose credentials are used
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// The Region that is asked; trails of other Regions show there too
    #[arg(long, value_name = "REGION", value_parser = region::parse)]
    region: Option<String>,

    /// A role to assume with the credentials: the account that is read is the role's
    #[arg(long, value_name = "ARN", value_parser = role)]
    role_arn: Option<String>,

    /// What the role's trust policy asks for (`sts:ExternalId`)
    #[arg(long, value_name = "ID", requires = "role_arn")]
    external_id: Option<String>,
}

/// That a default was taken.
const NO_REGION: &str = "no Region is set, so the default one of the partition is asked; multi-Region \
                         trails show there as in every other one, and `--region` asks another";

/// A role's ARN: `arn:aws:iam::111122223333:role/audit`.
fn role(text: &str) -> Result<String, String> {
    let parts: Vec<&str> = text.splitn(6, ':').collect();
    match parts.as_slice() {
        ["arn", partition, "iam", "", account, resource]
            if !partition.is_empty()
                && account.len() == 12
                && account.bytes().all(|byte| byte.is_ascii_digit())
                && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty()) =>
        {
            Ok(text.to_string())
        }
        _ => Err("a role's ARN is `arn:aws:iam::111122223333:role/NAME`".to_string()),
    }
}

/// A live account that can be read, and who reads it.
#[derive(Debug)]
pub(crate) struct Live {
    /// The SDK's configuration: with the role's credentials, where there is a role.
    pub(crate) config: SdkConfig,
    /// Whose credentials these are.
    pub(crate) identity: Identity,
    read_by: ReadBy,
}

/// Credentials that were found, and where.
#[derive(Debug)]
struct Loaded {
    /// The SDK's configuration: with the role's credentials, where there is a role.
    config: SdkConfig,
    profiles: Profiles,
    chosen: Option<Chosen>,
    is_of_environment: bool,
    /// What is to be said of the Region.
    note: Option<&'static str>,
}

impl Loaded {
    const fn credentials(&self) -> Credentials<'_> {
        Credentials {
            profiles: &self.profiles,
            chosen: self.chosen.as_ref(),
            is_of_environment: self.is_of_environment,
        }
    }

    /// Says that the environment's credentials come before those of a profile that it names, too.
    fn note_environment(&self) {
        let Some(chosen) = self.chosen.as_ref().filter(|_| self.is_of_environment) else { return };
        complain(
            "note",
            &format!(
                "the credentials are those of `AWS_ACCESS_KEY_ID`, which come before the profile \
                 `{}` of `{}`: `--profile {}` uses the profile's",
                chosen.name, chosen.by, chosen.name
            ),
        );
    }
}

impl LiveArgs {
    /// Whose credentials a profile has, asked in a Region.
    pub(crate) fn of_profile(profile: &str, region: &str) -> Self {
        let (profile, region) = (Some(profile.to_string()), Some(region.to_string()));
        Self { profile, region, role_arn: None, external_id: None }
    }

    /// Whether any of it was given.
    pub(crate) const fn is_given(&self) -> bool {
        self.profile.is_some() || self.region.is_some() || self.role_arn.is_some()
    }

    /// The Region that was given.
    pub(crate) fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// Finds the credentials.
    ///
    /// # Errors
    /// Where a profile does not exist, there are no credentials, or the role cannot be assumed.
    async fn load(&self) -> Result<Loaded, Failure> {
        let profiles =
            Profiles::load().await.map_err(|error| Failure::Refused(error.to_string()))?;
        let chosen = profile::choose(self.profile.as_deref(), &profiles, profile::variable)?;
        let is_of_environment =
            self.profile.is_none() && profile::variable("AWS_ACCESS_KEY_ID").is_some();
        let strict = chosen.as_ref().map(|chosen| chosen.name.as_str());
        let (config, note) = self.config(strict.filter(|_| !is_of_environment)).await?;
        let loaded = Loaded { config, profiles, chosen, is_of_environment, note };
        let credentials = loaded.credentials();
        match LoadedCredentials::of(&loaded.config).await {
            LoadedCredentials::Loaded => {}
            LoadedCredentials::None => return Err(Failure::Refused(credentials.missing(None))),
            LoadedCredentials::Failed(said) => {
                if is_verbose() {
                    complain("note", &format!("the AWS SDK says: {said}"));
                }
                return Err(Failure::Refused(credentials.missing(Some(&said))));
            }
        }
        let config = self.in_role(loaded.config.clone(), credentials).await?;
        Ok(Loaded { config, ..loaded })
    }

    /// Settles whose account is read, before anything of it is.
    ///
    /// # Errors
    /// Where a profile does not exist, there are no valid credentials, or the account is not the one
    /// that is `expected`.
    pub(crate) async fn connect(&self, expected: Option<&str>) -> Result<Live, Failure> {
        let loaded = self.load().await?;
        let credentials = loaded.credentials();
        let identity = cis_aws::identity(&loaded.config).await.map_err(|error| match error {
            CallerError::Call(failure) => {
                if is_verbose() {
                    complain("note", &format!("the AWS SDK says: {failure}"));
                }
                Failure::Refused(credentials.refused(&failure))
            }
            error @ CallerError::NoRegion => Failure::Refused(error.to_string()),
        })?;
        check_account(&identity, expected)?;
        loaded.note_environment();
        if let Some(note) = loaded.note {
            complain("note", note);
        }
        let read_by = ReadBy {
            arn: identity.arn.clone(),
            profile: credentials.profile().map(str::to_string),
            region: Some(identity.account.region.clone()),
        };
        Ok(Live { config: loaded.config, identity, read_by })
    }

    /// The SDK's configuration, as the AWS CLI would load it, with a Region; and what is to be said of
    /// the Region.
    async fn config(
        &self,
        profile: Option<&str>,
    ) -> Result<(SdkConfig, Option<&'static str>), Failure> {
        let config = cis_aws::load_config(profile, self.region.as_deref()).await;
        if let Some(region) = config.region() {
            region::parse(region.as_ref()).map_err(|error| {
                Failure::Refused(format!("the Region of the environment or the profile: {error}"))
            })?;
            return Ok((config, None));
        }
        let partition = self.role_arn.as_deref().and_then(|arn| arn.split(':').nth(1));
        let region = region::default_of(partition.unwrap_or_default());
        Ok((cis_aws::load_config(profile, Some(region)).await, Some(NO_REGION)))
    }

    async fn in_role(
        &self,
        config: SdkConfig,
        credentials: Credentials<'_>,
    ) -> Result<SdkConfig, Failure> {
        let Some(arn) = &self.role_arn else {
            return Ok(config);
        };
        let role = Role {
            arn: arn.clone(),
            session_name: "trailproof".to_string(),
            region: config.region().map(ToString::to_string).unwrap_or_default(),
            external_id: self.external_id.clone(),
        };
        Sessions::new(&config).config(Some(&role)).await.map_err(|failure| {
            Failure::Refused(format!(
                "the role `{arn}` cannot be assumed: {}",
                credentials.refused(&failure)
            ))
        })
    }

    /// Reads the account.
    ///
    /// # Errors
    /// Where it is not known which account that is, or it is not the one that is `expected`. A call
    /// that is denied later is in the snapshot.
    pub(crate) fn read(&self, expected: Option<&str>) -> Result<Collected, Failure> {
        block_on(async { Ok(self.connect(expected).await?.collect().await) })?
    }
}

impl Live {
    /// Reads the account. A call that is denied is in the snapshot.
    pub(crate) async fn collect(&self) -> Collected {
        let collected = Collector::new(&self.config).collect(&self.identity.account).await;
        collected.read_by(&self.read_by)
    }
}

/// Refuses an account that is not the one which was asked for.
fn check_account(identity: &Identity, expected: Option<&str>) -> Result<(), Failure> {
    match expected {
        Some(expected) if expected != identity.account.id => Err(Failure::Refused(format!(
            "`--account {expected}`: the credentials belong to account {}, as {}: nothing was read; \
             choose others by `--profile` or `--role-arn`",
            identity.account.id, identity.arn
        ))),
        _ => Ok(()),
    }
}

/// The snapshot in what was collected.
///
/// # Errors
/// Where AWS's answers are not of the shape that its reference describes.
pub(crate) fn snapshot(collected: &Collected) -> Result<Snapshot, Failure> {
    collected.snapshot().map_err(|error| {
        Failure::Refused(format!("AWS's answer is not what was expected: {error}"))
    })
}

/// Runs a future to its end.
///
/// # Errors
/// Where the machine has no resources for it.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::Refused(format!("cannot start: {error}")))?;
    Ok(runtime.block_on(future))
}
