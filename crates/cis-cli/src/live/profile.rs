//! Which profile's credentials are used: never another one's than was asked for.

use std::env;

use cis_aws::Profiles;
use cis_findings::near::nearest;

use crate::outcome::Failure;

/// The most names that a message lists.
const LISTED: usize = 12;

/// A profile that was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Chosen {
    /// Its name.
    pub(crate) name: String,
    /// What chose it: `--profile`, `AWS_PROFILE`.
    pub(crate) by: &'static str,
}

/// The profile that an option or the environment chooses.
///
/// boto3 reads `AWS_DEFAULT_PROFILE` too. Where the two name different profiles, tools differ in whose
/// credentials they take, so neither is.
///
/// # Errors
/// Where the two differ, or there is no such profile.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html>
pub(crate) fn choose(
    option: Option<&str>,
    profiles: &Profiles,
    variable: impl Fn(&'static str) -> Option<String>,
) -> Result<Option<Chosen>, Failure> {
    let chosen = match option {
        Some(name) => Some(Chosen { name: name.to_string(), by: "--profile" }),
        None => {
            let [first, second] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"].map(|by| {
                variable(by).filter(|name| !name.is_empty()).map(|name| Chosen { name, by })
            });
            if let (Some(first), Some(second)) = (&first, &second)
                && first.name != second.name
            {
                return Err(Failure::Refused(format!(
                    "`AWS_PROFILE` is `{}` and `AWS_DEFAULT_PROFILE` is `{}`: unset one of them, or \
                     give `--profile`",
                    first.name, second.name
                )));
            }
            first.or(second)
        }
    };
    match &chosen {
        Some(chosen) if !profiles.has(&chosen.name) => Err(unknown(chosen, &profiles.names())),
        _ => Ok(chosen),
    }
}

fn unknown(chosen: &Chosen, names: &[&str]) -> Failure {
    let Chosen { name, by } = chosen;
    let next = match (nearest(name, names.iter().copied()), names) {
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, []) => "the AWS configuration has no profiles: make one by `aws configure sso`, or \
                       `aws configure`"
            .to_string(),
        (None, names) => {
            let shown: Vec<_> = names.iter().take(LISTED).map(|name| format!("`{name}`")).collect();
            let more = match names.len().saturating_sub(LISTED) {
                0 => String::new(),
                more => format!(" and {more} more"),
            };
            format!("the AWS configuration has {}{more}", shown.join(", "))
        }
    };
    Failure::Refused(format!("{by}: there is no profile `{name}`: {next}"))
}

/// An environment variable, if it is set and is text.
pub(crate) fn variable(name: &'static str) -> Option<String> {
    env::var(name).ok()
}
