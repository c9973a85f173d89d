//! Whether there are credentials, before anything is asked with them.

use aws_config::SdkConfig;
use aws_credential_types::provider::error::CredentialsError;
use aws_sdk_sts::config::ProvideCredentials as _;

use crate::failure::chain;

/// What credentials a configuration has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadedCredentials {
    /// There are some, from a provider that the SDK names so: `Environment`, `ProfileFile`.
    Loaded,
    /// No provider has any.
    None,
    /// A provider failed: what it said, from the outermost cause to the innermost.
    Failed(String),
}

impl LoadedCredentials {
    /// Asks the configuration's provider.
    pub async fn of(config: &SdkConfig) -> Self {
        let Some(provider) = config.credentials_provider() else {
            return Self::None;
        };
        match provider.provide_credentials().await {
            Ok(_) => Self::Loaded,
            Err(error @ CredentialsError::CredentialsNotLoaded(_)) => {
                tracing::debug!(error = chain(&error), "no credentials");
                Self::None
            }
            Err(error) => Self::Failed(chain(&error)),
        }
    }
}
