//! Which accounts are swept: those of a file, or those that AWS Organizations lists.

use std::collections::HashMap;

use aws_config::SdkConfig;
use cis_aws::{Failure as CallFailure, Identity, Organization, OrganizationAccount};
use cis_rules::snapshot::Cause;
use cis_sweep::account::{Listed, State};
use cis_sweep::list;
use cis_sweep::selection::{Selected, Selection};
use futures_util::stream::{StreamExt as _, TryStreamExt as _, iter};

use crate::args::FileOrStdin;
use crate::input;
use crate::outcome::Failure;
use crate::source;

/// How many accounts' tags are asked for at a time: Organizations answers few requests a second.
const TAGS_AT_ONCE: usize = 4;

/// The accounts.
#[derive(Debug, clap::Args)]
pub(super) struct ListArgs {
    /// The accounts: ids, one a line, CSV with titles, or JSON such as `aws organizations
    /// list-accounts` prints; `-` for standard input. Without it, all accounts that AWS Organizations
    /// lists
    #[arg(long, value_name = "FILE")]
    accounts: Option<FileOrStdin>,

    /// Only accounts of this organizational unit (or root) and those below it; may be repeated
    #[arg(long = "ou", value_name = "ID", conflicts_with = "accounts", value_parser = unit)]
    units: Vec<String>,

    /// Only accounts with this tag, whatever its value or with this one; may be repeated, and all of
    /// them must be there
    #[arg(long = "tag", value_name = "KEY[=VALUE]", conflicts_with = "accounts", value_parser = tag)]
    tags: Vec<Tag>,

    /// Only this account of the list; may be repeated
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = source::account)]
    include: Vec<String>,

    /// Not this account; may be repeated
    #[arg(long, value_name = "ID", value_delimiter = ',', value_parser = source::account)]
    exclude: Vec<String>,
}

/// A tag that accounts must have.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tag {
    key: String,
    value: Option<String>,
}

/// An organizational unit's or a root's id.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html>
fn unit(text: &str) -> Result<String, String> {
    let is_word = |word: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        (4..=32).contains(&word.len()) && word.bytes().all(is_allowed)
    };
    let parts: Vec<&str> = text.split('-').collect();
    match parts.as_slice() {
        ["r", root] if is_word(root) => Ok(text.to_string()),
        ["ou", root, unit] if is_word(root) && is_word(unit) => Ok(text.to_string()),
        _ => Err("a unit's id is `ou-ab12-cdefghij`, and a root's `r-ab12`".to_string()),
    }
}

fn tag(text: &str) -> Result<Tag, String> {
    let (key, value) = match text.split_once('=') {
        Some((key, value)) => (key, Some(value.to_string())),
        None => (text, None),
    };
    if key.is_empty() {
        return Err("expected KEY or KEY=VALUE".to_string());
    }
    Ok(Tag { key: key.to_string(), value })
}

impl Tag {
    fn is_among(&self, tags: &[(String, String)]) -> bool {
        tags.iter().any(|(key, value)| {
            *key == self.key && self.value.as_ref().is_none_or(|wanted| wanted == value)
        })
    }
}

impl ListArgs {
    /// The list of a file, if one is given.
    ///
    /// # Errors
    /// Where the file cannot be read.
    pub(super) fn given(&self) -> Result<Option<Vec<Listed>>, Failure> {
        let Some(file) = &self.accounts else { return Ok(None) };
        let listed = list::read(&input::text(file)?);
        listed.map(Some).map_err(|error| Failure::Refused(format!("{file}: {error}")))
    }

    /// The accounts that Organizations lists.
    ///
    /// # Errors
    /// Where it does not.
    pub(super) async fn read(
        &self,
        config: &SdkConfig,
        caller: &Identity,
    ) -> Result<Vec<Listed>, Failure> {
        let organization = Organization::new(config, &caller.account.partition);
        match self.listed(&organization).await {
            Ok(listed) => Ok(listed),
            Err(failure) => Err(unlisted(&organization, caller, &failure).await),
        }
    }

    async fn listed(&self, organization: &Organization) -> Result<Vec<Listed>, CallFailure> {
        let mut accounts = Vec::new();
        if self.units.is_empty() {
            accounts = organization.accounts().await?;
        }
        for unit in &self.units {
            accounts.extend(organization.accounts_below(unit).await?);
        }
        let mut seen = HashMap::new();
        accounts.retain(|account| seen.insert(account.id.clone(), ()).is_none());
        if !self.tags.is_empty() {
            accounts = self.tagged(organization, accounts).await?;
        }
        Ok(accounts.into_iter().map(listed).collect())
    }

    /// Those with the tags.
    async fn tagged(
        &self,
        organization: &Organization,
        accounts: Vec<OrganizationAccount>,
    ) -> Result<Vec<OrganizationAccount>, CallFailure> {
        let with_tags = iter(accounts).map(|account| async move {
            let tags = organization.tags(&account.id).await?;
            let is_tagged = self.tags.iter().all(|tag| tag.is_among(&tags));
            Ok(is_tagged.then_some(account))
        });
        let found: Vec<Option<OrganizationAccount>> =
            with_tags.buffered(TAGS_AT_ONCE).try_collect().await?;
        Ok(found.into_iter().flatten().collect())
    }

    /// The accounts that are read, and those that are skipped.
    ///
    /// # Errors
    /// Where an account is named that is not listed, or none is left.
    pub(super) fn select(&self, listed: Vec<Listed>) -> Result<Selected, Failure> {
        let selection = Selection { include: self.include.clone(), exclude: self.exclude.clone() };
        let selected = selection.of(listed).map_err(|error| Failure::Refused(error.to_string()))?;
        if selected.read.is_empty() {
            return Err(Failure::Refused(match selected.skipped.len() {
                0 => "no account is left: the options leave all of the list out".to_string(),
                skipped => format!(
                    "no account is left: {skipped} are asked for, and none of them is ACTIVE"
                ),
            }));
        }
        Ok(selected)
    }
}

fn listed(account: OrganizationAccount) -> Listed {
    let OrganizationAccount { id, name, state } = account;
    Listed { id, name, state: State::of(state.as_deref()) }
}

/// Why Organizations does not list, and who can.
async fn unlisted(
    organization: &Organization,
    caller: &Identity,
    failure: &CallFailure,
) -> Failure {
    let own = &caller.account.id;
    if failure.code == "AWSOrganizationsNotInUseException" {
        return Failure::Refused(format!(
            "account {own} is in no organization: name the accounts by `--accounts FILE`"
        ));
    }
    let mut said = format!("the accounts cannot be listed: {failure}");
    if Cause::of_code(&failure.code) == Cause::Denied {
        let who = match organization.management_account().await {
            Ok(management) if management == *own => {
                format!("allow organizations:{} to {}", failure.call, caller.arn)
            }
            Ok(management) => format!(
                "use credentials of the management account, {management}, or of a delegated \
                 administrator, where {own} is neither"
            ),
            Err(_) => "use credentials of the management account, or of a delegated administrator"
                .to_string(),
        };
        said = format!("{said}: {who}; or name the accounts by `--accounts FILE`");
    }
    Failure::Refused(said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_written_as_organizations_writes_them() {
        for id in ["r-ab12", "ou-ab12-cdefghij", "ou-ab12-1234567890abcdef"] {
            assert_eq!(unit(id), Ok(id.to_string()));
        }
        for id in ["", "ou", "ou-ab12", "Sandbox", "ou-AB12-cdefghij", "r-a", "111122223333"] {
            assert!(unit(id).is_err(), "{id}");
        }
    }

    #[test]
    fn a_tag_without_a_value_takes_every_value() {
        let tags = vec![("env".to_string(), "prod".to_string()), ("x".into(), String::new())];
        for (text, is_there) in
            [("env", true), ("env=prod", true), ("env=", false), ("x=", true), ("Env", false)]
        {
            assert_eq!(tag(text).unwrap().is_among(&tags), is_there, "{text}");
        }
        assert!(tag("=prod").is_err());
    }
}
