//! The profiles in the files that the AWS CLI reads, and where each one's credentials come from.

use aws_config::profile::{self, Profile, ProfileSet};
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_types::os_shim_internal::{Env, Fs};

/// The files cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("cannot read the profiles of the AWS configuration: {0}")]
pub struct ProfileFilesError(String);

/// The profiles of the AWS configuration: `~/.aws/config` and `~/.aws/credentials`, or the files that
/// `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>
#[derive(Debug)]
pub struct Profiles(ProfileSet);

/// Where a profile's credentials come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CredentialSource {
    /// `aws_access_key_id` and `aws_secret_access_key`.
    Keys,
    /// IAM Identity Center: `aws sso login`.
    Sso,
    /// The console's session: `aws login`.
    Login,
    /// A program: `credential_process`.
    Process(String),
    /// A role, `role_arn`, with the credentials of another profile.
    Role {
        /// `role_arn`.
        role: String,
        /// `source_profile`.
        source: Option<String>,
    },
    /// A role, with a token in a file: `web_identity_token_file`.
    WebIdentity(String),
    /// Only a part of what is needed; this is missing.
    Missing(&'static str),
    /// The profile says nothing of credentials.
    None,
}

impl Profiles {
    /// Reads the files. Files that do not exist have no profiles.
    ///
    /// # Errors
    /// Where a file cannot be read or parsed.
    pub async fn load() -> Result<Self, ProfileFilesError> {
        let read = profile::load(&Fs::real(), &Env::real(), &EnvConfigFiles::default(), None).await;
        read.map(Self).map_err(|error| ProfileFilesError(crate::failure::chain(&error)))
    }

    /// The names, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<_> = self.0.profiles().collect();
        names.sort_unstable();
        names
    }

    /// Whether there is a profile of this name.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.get_profile(name).is_some()
    }

    /// Where the credentials of a profile come from, in the order in which the SDK looks.
    #[must_use]
    pub fn credentials(&self, name: &str) -> CredentialSource {
        self.0.get_profile(name).map_or(CredentialSource::None, |profile| of(profile, name))
    }
}

fn of(profile: &Profile, name: &str) -> CredentialSource {
    let get = |key: &str| profile.get(key).map(str::to_owned);
    let has = |key: &str| profile.get(key).is_some();
    if let Some(role) = get("role_arn") {
        if let Some(file) = get("web_identity_token_file") {
            return CredentialSource::WebIdentity(file);
        }
        // A profile that names itself is its own keys, with the role.
        let source = get("source_profile").filter(|source| source != name);
        if source.is_none() && !has("source_profile") && !has("credential_source") {
            return CredentialSource::Missing("source_profile");
        }
        return CredentialSource::Role { role, source };
    }
    if has("sso_session") || has("sso_start_url") {
        let needed = ["sso_account_id", "sso_role_name"];
        return needed
            .into_iter()
            .find(|key| !has(key))
            .map_or(CredentialSource::Sso, CredentialSource::Missing);
    }
    if has("login_session") {
        return CredentialSource::Login;
    }
    if let Some(process) = get("credential_process") {
        return CredentialSource::Process(process);
    }
    match (has("aws_access_key_id"), has("aws_secret_access_key")) {
        (true, true) => CredentialSource::Keys,
        (true, false) => CredentialSource::Missing("aws_secret_access_key"),
        (false, true) => CredentialSource::Missing("aws_access_key_id"),
        (false, false) => CredentialSource::None,
    }
}
