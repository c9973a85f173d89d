//! What the rule reads from and puts to, at a desk or for real.

use std::sync::OnceLock;

use aws_config::SdkConfig;
use cis_aws::{Account, Collector};
use cis_lambda::ConfigService;
use cis_lambda::evaluation::PutRequest;
use cis_lambda::ports::{PutError, PutEvaluations, ReadAccount};
use cis_rules::snapshot::{InputError, Snapshot};

/// Where the account is read, and what was seen there, for the text that is written of it.
#[derive(Debug)]
pub(super) struct Accounts {
    source: Source,
    seen: OnceLock<Snapshot>,
}

#[derive(Debug)]
enum Source {
    Recorded(Snapshot),
    Live(Box<Collector>),
}

impl Accounts {
    /// An account that was read before.
    pub(super) const fn recorded(snapshot: Snapshot) -> Self {
        Self { source: Source::Recorded(snapshot), seen: OnceLock::new() }
    }

    /// The live account.
    pub(super) fn live(config: &SdkConfig) -> Self {
        Self { source: Source::Live(Box::new(Collector::new(config))), seen: OnceLock::new() }
    }

    /// What was read, if anything was.
    pub(super) fn into_seen(self) -> Option<Snapshot> {
        self.seen.into_inner()
    }
}

impl ReadAccount for &Accounts {
    async fn read(&self, account: &Account) -> Result<Snapshot, InputError> {
        let snapshot = match &self.source {
            Source::Recorded(snapshot) => snapshot.clone(),
            Source::Live(collector) => collector.read(account).await?,
        };
        Ok(self.seen.get_or_init(|| snapshot).clone())
    }
}

/// Where evaluations are put.
#[derive(Debug)]
pub(super) enum Evaluations {
    /// Nowhere: they are only shown.
    Nowhere,
    /// AWS Config.
    AwsConfig(Box<ConfigService>),
}

impl Evaluations {
    /// AWS Config, with this configuration's credentials.
    pub(super) fn aws_config(config: &SdkConfig) -> Self {
        Self::AwsConfig(Box::new(ConfigService::new(config)))
    }
}

impl PutEvaluations for Evaluations {
    async fn put(&self, account: &Account, request: &PutRequest) -> Result<(), PutError> {
        match self {
            Self::Nowhere => Ok(()),
            Self::AwsConfig(service) => service.put(account, request).await,
        }
    }
}
