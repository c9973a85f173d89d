//! The live account: the one that the credentials belong to.

use std::future::Future;

use aws_config::SdkConfig;
use cis_aws::{Account, Collected, Collector};
use cis_rules::snapshot::Snapshot;

use crate::outcome::Failure;

/// Whose account is read.
#[derive(Clone, Debug, Default, clap::Args)]
#[group(id = "live_account", multiple = true)]
pub(crate) struct LiveArgs {
    /// The profile whose credentials are used
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,

    /// The Region that is asked; trails of other Regions show there too
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
}

impl LiveArgs {
    /// Whether any of it was given.
    pub(crate) const fn is_given(&self) -> bool {
        self.profile.is_some() || self.region.is_some()
    }

    /// The Region that was given.
    pub(crate) fn region(&self) -> Option<&str> {
        self.region.as_deref()
    }

    /// The SDK's configuration, as the AWS CLI would load it.
    pub(crate) async fn config(&self) -> SdkConfig {
        cis_aws::load_config(self.profile.as_deref(), self.region.as_deref()).await
    }

    /// Reads the account.
    ///
    /// # Errors
    /// Where it is not known which account that is. A call that is denied later is in the snapshot.
    pub(crate) fn read(&self) -> Result<Collected, Failure> {
        block_on(async {
            let config = self.config().await;
            let account = caller(&config).await?;
            Ok(Collector::new(&config).collect(&account).await)
        })?
    }
}

/// The account that the credentials belong to.
///
/// # Errors
/// Where that is not known.
pub(crate) async fn caller(config: &SdkConfig) -> Result<Account, Failure> {
    cis_aws::caller(config).await.map_err(|error| {
        Failure::Refused(format!(
            "cannot tell which account to read: {}",
            one_line(&error.to_string())
        ))
    })
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

/// A message as one line: the SDK's can be lists.
fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
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
