//! What the rule reads from and puts to, at a desk or for real.

use std::sync::OnceLock;

use cis_aws::{Access, Failure, Reader, Sessions};
use cis_findings::asff::Finding;
use cis_lambda::evaluation::PutRequest;
use cis_lambda::ports::{ListResults, PutError, PutEvaluations, ReadAccount, ReadError, Stored};
use cis_lambda::security_hub::{ImportError, ImportFindings};
use cis_lambda::{ConfigService, SecurityHub};
use cis_rules::snapshot::Snapshot;

/// Where the account is read, and what was seen there, for the text that is written of it.
#[derive(Debug)]
pub(super) struct Accounts {
    source: Source,
    seen: OnceLock<Snapshot>,
}

#[derive(Debug)]
enum Source {
    Recorded(Box<Snapshot>),
    Live(Box<Reader>),
}

impl Accounts {
    /// An account that was read before.
    pub(super) fn recorded(snapshot: Snapshot) -> Self {
        Self { source: Source::Recorded(Box::new(snapshot)), seen: OnceLock::new() }
    }

    /// The live account.
    pub(super) fn live(sessions: &Sessions) -> Self {
        Self { source: Source::Live(Box::new(Reader::new(sessions))), seen: OnceLock::new() }
    }

    /// What was read, if anything was.
    pub(super) fn into_seen(self) -> Option<Snapshot> {
        self.seen.into_inner()
    }
}

impl ReadAccount for &Accounts {
    async fn read(&self, access: &Access) -> Result<Snapshot, ReadError> {
        let snapshot = match &self.source {
            Source::Recorded(snapshot) => (**snapshot).clone(),
            Source::Live(reader) => reader.read(access).await?,
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
    /// AWS Config, in these sessions.
    pub(super) fn aws_config(sessions: &Sessions) -> Self {
        Self::AwsConfig(Box::new(ConfigService::new(sessions)))
    }
}

impl ListResults for Evaluations {
    async fn list(&self, access: &Access, rule_name: &str) -> Result<Vec<Stored>, Failure> {
        match self {
            // At a desk nothing was put before.
            Self::Nowhere => Ok(Vec::new()),
            Self::AwsConfig(service) => service.list(access, rule_name).await,
        }
    }
}

impl PutEvaluations for Evaluations {
    async fn put(&self, access: &Access, request: &PutRequest) -> Result<(), PutError> {
        match self {
            Self::Nowhere => Ok(()),
            Self::AwsConfig(service) => service.put(access, request).await,
        }
    }
}

/// Where findings are imported.
#[derive(Debug)]
pub(super) enum Findings {
    /// Nowhere: they are only shown.
    Nowhere,
    /// Security Hub.
    SecurityHub(Box<SecurityHub>),
}

impl Findings {
    /// Security Hub, in these sessions.
    pub(super) fn security_hub(sessions: &Sessions) -> Self {
        Self::SecurityHub(Box::new(SecurityHub::new(sessions)))
    }
}

impl ImportFindings for Findings {
    async fn import(&self, access: &Access, findings: &[Finding]) -> Result<usize, ImportError> {
        match self {
            Self::Nowhere => Ok(0),
            Self::SecurityHub(hub) => hub.import(access, findings).await,
        }
    }
}
