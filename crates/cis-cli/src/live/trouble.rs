//! Why the live account cannot be read, and the next step: one line.

use cis_aws::{CredentialSource, Failure as CallFailure, Profiles};
use cis_rules::snapshot::Cause;

use super::profile::Chosen;

/// The most names that a message lists.
const LISTED: usize = 6;

/// What is known of the credentials that were looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Credentials<'a> {
    /// The profiles of the AWS configuration.
    pub(super) profiles: &'a Profiles,
    /// The profile that was chosen, if one was.
    pub(super) chosen: Option<&'a Chosen>,
    /// Whether the environment holds an access key, which comes before a profile that the
    /// environment chooses.
    pub(super) is_of_environment: bool,
}

impl Credentials<'_> {
    /// The profile that the credentials come from, if it is one's.
    pub(super) fn profile(&self) -> Option<&str> {
        match self.chosen {
            _ if self.is_of_environment => None,
            Some(chosen) => Some(&chosen.name),
            None => {
                let has_some = self.profiles.credentials("default") != CredentialSource::None;
                has_some.then_some("default")
            }
        }
    }

    /// Why there are none: `said` by the provider that failed, if one did.
    pub(super) fn missing(&self, said: Option<&str>) -> String {
        match self.profile() {
            Some(name) => of_profile(name, self.profiles, said.unwrap_or_default()),
            None => match said {
                Some(said) => format!(
                    "there are no credentials: none in the environment or in the profile `default`, \
                     and none could be had of a container or an instance ({}): {}",
                    one_line(said).trim_end_matches('.'),
                    choose_one(&self.profiles.names())
                ),
                None => format!(
                    "there are no credentials: none in the environment, in the profile `default`, of \
                     a container or an instance: {}",
                    choose_one(&self.profiles.names())
                ),
            },
        }
    }

    /// Why AWS refused a call that asks who one is, or assumes a role.
    pub(super) fn refused(&self, failure: &CallFailure) -> String {
        let CallFailure { call, code, message } = failure;
        let said = one_line(message);
        match Cause::of_code(code) {
            Cause::Expired => {
                format!("the credentials have expired ({code}): {}", self.renewal())
            }
            Cause::UnknownKey => format!(
                "AWS does not know the access key of {} ({code}): it was deleted or deactivated, or \
                 it is of another partition, for which `--region` gives a Region (`cn-north-1`, \
                 `us-gov-west-1`)",
                self.whose()
            ),
            Cause::Signature if is_of_the_clock(code, message) => format!(
                "AWS refused the time of the request ({code}: {said}): set the clock of this machine"
            ),
            Cause::Signature => format!(
                "the secret access key of {} is not the one of its access key ({code}): correct it, or \
                 make a new key",
                self.whose()
            ),
            Cause::Throttled => {
                format!(
                    "AWS answered {call} with {code}, too many requests: run it again in a minute"
                )
            }
            Cause::Network => format!("{said}: {}", network(message)),
            Cause::Denied => format!("AWS denied {call} ({code}): {said}"),
            Cause::Other => format!("{call} failed with {code}: {said}"),
        }
    }

    /// Why S3 refused to list a bucket.
    pub(super) fn of_bucket(&self, bucket: &str, failure: &CallFailure) -> String {
        let CallFailure { call, code, message } = failure;
        let said = one_line(message);
        match (code.as_str(), Cause::of_code(code)) {
            ("NoSuchBucket", _) => format!(
                "there is no bucket `{bucket}` ({code}): correct its name; a bucket of another \
                 partition shows with credentials of that partition only"
            ),
            ("InvalidBucketName", _) => {
                format!("no bucket can be called `{bucket}` ({code}): correct its name")
            }
            (
                "PermanentRedirect"
                | "AuthorizationHeaderMalformed"
                | "IllegalLocationConstraintException",
                _,
            ) => {
                format!(
                    "bucket `{bucket}` is in another Region ({code}: {said}): set `AWS_REGION` to it"
                )
            }
            (_, Cause::Denied) => format!(
                "AWS denied {call} ({code}): {said}: reading needs `s3:ListBucket` on the bucket and \
                 `s3:GetObject` on its objects, and `--request-payer` where the requester pays"
            ),
            _ => self.refused(failure),
        }
    }

    /// Whose key it is.
    fn whose(&self) -> String {
        match self.profile() {
            Some(name) => format!("profile `{name}`"),
            None if self.is_of_environment => "the environment (`AWS_ACCESS_KEY_ID`)".to_string(),
            None => "the container or instance".to_string(),
        }
    }

    /// How credentials that have expired are renewed.
    fn renewal(&self) -> String {
        match self.profile().map(|name| (name, self.profiles.credentials(name))) {
            Some((name, CredentialSource::Sso)) => format!("run `aws sso login --profile {name}`"),
            Some((name, CredentialSource::Login)) => format!("run `aws login --profile {name}`"),
            Some((name, _)) => format!("get new ones for profile `{name}`"),
            None if self.is_of_environment => {
                "export new ones in place of `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and \
                 `AWS_SESSION_TOKEN`"
                    .to_string()
            }
            None => "get new ones".to_string(),
        }
    }
}

/// Why a profile has no credentials.
fn of_profile(name: &str, profiles: &Profiles, said: &str) -> String {
    // The SDK fetches the credentials of a session or a role from AWS, and had no answer.
    let is_unanswered = said.contains("dispatch failure");
    let said = &one_line(said);
    if is_unanswered {
        return format!(
            "profile `{name}`: its credentials could not be fetched: {said}: {}",
            network(said)
        );
    }
    match profiles.credentials(name) {
        CredentialSource::Sso => {
            let state = if said.contains("expired") || said.contains("Unauthorized") {
                "has expired"
            } else if said.contains("SSO token") || said.contains("failed to read") {
                "was never opened on this machine, or its cache is gone"
            } else {
                return format!(
                    "profile `{name}`: IAM Identity Center gave no credentials: {said}: see that the \
                     account and the permission set of the profile are assigned to you, or run `aws \
                     sso login --profile {name}`"
                );
            };
            format!(
                "profile `{name}`: its session with IAM Identity Center {state}: run `aws sso login \
                 --profile {name}`"
            )
        }
        CredentialSource::Login => format!(
            "profile `{name}`: its session with the console is not there, or has expired: run `aws \
             login --profile {name}`"
        ),
        CredentialSource::Process(program) => {
            let program = program.split_whitespace().next().unwrap_or_default();
            format!(
                "profile `{name}`: its `credential_process`, `{program}`, gave no credentials: {said}"
            )
        }
        CredentialSource::Role { source: Some(source), .. } if !profiles.has(&source) => {
            format!(
                "profile `{name}`: its `source_profile` is `{source}`, and there is no such profile"
            )
        }
        CredentialSource::Role { role, .. } => {
            format!("profile `{name}`: the role `{role}` could not be assumed: {said}")
        }
        CredentialSource::WebIdentity(file) => format!(
            "profile `{name}`: the token in its `web_identity_token_file`, `{file}`, gave no \
             credentials: {said}"
        ),
        CredentialSource::Missing(key) => format!(
            "profile `{name}` is not complete: it has no `{key}`: add it, or run `aws configure \
             --profile {name}`"
        ),
        CredentialSource::None => format!(
            "profile `{name}` has no credentials: run `aws configure sso --profile {name}`, or `aws \
             configure --profile {name}`"
        ),
        CredentialSource::Keys => format!("profile `{name}`: no credentials could be had: {said}"),
    }
}

/// What can be done where there is no profile `default`.
fn choose_one(names: &[&str]) -> String {
    if names.is_empty() {
        return "run `aws configure sso`, or set `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`"
            .to_string();
    }
    let shown: Vec<_> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
    let more = if names.len() > LISTED { ", …" } else { "" };
    format!("choose a profile by `--profile` ({}{more})", shown.join(", "))
}

/// Whether AWS refused a signature for the time in it.
fn is_of_the_clock(code: &str, message: &str) -> bool {
    matches!(code, "RequestExpired" | "RequestTimeTooSkewed")
        || ["expired", "not yet current"].iter().any(|words| message.contains(words))
}

/// What to look at where no answer came.
fn network(message: &str) -> &'static str {
    let message = message.to_lowercase();
    if message.contains("certificate") {
        "set `AWS_CA_BUNDLE` or `SSL_CERT_FILE` to the certificate authority of your proxy"
    } else if message.contains("dns") {
        "see that the Region exists, and that this machine resolves its name, or set `HTTPS_PROXY`"
    } else {
        "see that this machine reaches it, or set `HTTPS_PROXY` or `AWS_ENDPOINT_URL`"
    }
}

/// What the SDK puts before the cause.
const FILLERS: [&str; 9] = [
    "tcp connect error",
    "an error occurred while loading credentials",
    "an error occurred while loading an access token",
    "the credential provider was not enabled",
    "unexpected credentials error",
    "dispatch failure",
    "io error",
    "other",
    "client error (Connect)",
];

/// A message as one line, without what says nothing: the SDK's can be lists.
fn one_line(message: &str) -> String {
    let words = message.split_whitespace().collect::<Vec<_>>().join(" ");
    let parts = words.split(": ").filter(|part| !FILLERS.contains(part));
    let parts: Vec<_> =
        parts.map(|part| part.split(" (os error").next().unwrap_or_default()).collect();
    parts.join(": ")
}
