//! The accounts of an organization, as AWS Organizations lists them.

use aws_config::SdkConfig;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::service::{ORGANIZATIONS, ServiceCall, pages};

/// What the operation's name follows in a request.
const TARGET: &str = "AWSOrganizationsV20161128";

/// How many accounts a page has: the most there can be.
const PAGE: u32 = 20;

/// AWS Organizations, asked with one set of credentials: those of the management account, or of a
/// delegated administrator.
#[derive(Debug)]
pub struct Organization {
    config: SdkConfig,
    partition: String,
}

/// An account of an organization.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrganizationAccount {
    /// Its 12-digit id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// `State`, or where that is missing `Status`, which AWS replaces by it; `None` where both are.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html>
    pub state: Option<String>,
}

impl Organization {
    /// The organization that these credentials belong to.
    #[must_use]
    pub fn new(config: &SdkConfig, partition: &str) -> Self {
        Self { config: config.clone(), partition: partition.to_owned() }
    }

    /// Every account.
    ///
    /// # Errors
    /// Where the caller may not list them, or a call fails.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccounts.html>
    pub async fn accounts(&self) -> Result<Vec<OrganizationAccount>, Failure> {
        let request = json!({"MaxResults": PAGE});
        let listed = self.pages("ListAccounts", request, "Accounts").await?;
        listed.iter().map(|item| account("ListAccounts", item)).collect()
    }

    /// The accounts of a root or an organizational unit, with those of the units below it.
    ///
    /// # Errors
    /// Where there is no such unit, or a call fails.
    ///
    /// Sources: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListAccountsForParent.html>,
    /// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListOrganizationalUnitsForParent.html>
    pub async fn accounts_below(&self, parent: &str) -> Result<Vec<OrganizationAccount>, Failure> {
        const ACCOUNTS: &str = "ListAccountsForParent";
        const UNITS: &str = "ListOrganizationalUnitsForParent";
        let mut accounts = Vec::new();
        let mut units = vec![parent.to_owned()];
        while let Some(unit) = units.pop() {
            let request = json!({"ParentId": unit, "MaxResults": PAGE});
            for item in self.pages(ACCOUNTS, request.clone(), "Accounts").await? {
                accounts.push(account(ACCOUNTS, &item)?);
            }
            for item in self.pages(UNITS, request, "OrganizationalUnits").await? {
                units.push(text(UNITS, &item, "Id")?.to_owned());
            }
        }
        Ok(accounts)
    }

    /// The tags of an account: keys and values.
    ///
    /// # Errors
    /// Where the caller may not read them, or a call fails.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTagsForResource.html>
    pub async fn tags(&self, account: &str) -> Result<Vec<(String, String)>, Failure> {
        const CALL: &str = "ListTagsForResource";
        let tags = self.pages(CALL, json!({"ResourceId": account}), "Tags").await?;
        let pair = |tag: &Value| {
            Ok((text(CALL, tag, "Key")?.to_owned(), text(CALL, tag, "Value")?.to_owned()))
        };
        tags.iter().map(pair).collect()
    }

    /// The id of the management account, which every account of the organization may ask for.
    ///
    /// # Errors
    /// Where the account is in no organization, or the call fails.
    ///
    /// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html>
    pub async fn management_account(&self) -> Result<String, Failure> {
        const CALL: &str = "DescribeOrganization";
        let answer = self.call(CALL).ask(&json!({})).await?;
        Ok(text(CALL, &answer["Organization"], "MasterAccountId")?.to_owned())
    }

    async fn pages(
        &self,
        call: &'static str,
        request: Value,
        member: &str,
    ) -> Result<Vec<Value>, Failure> {
        pages(&self.call(call), request, member).await
    }

    fn call(&self, call: &'static str) -> ServiceCall {
        let place = (self.partition.as_str(), region(&self.partition));
        ServiceCall::json(&self.config, &ORGANIZATIONS, place, call, TARGET)
    }
}

/// The Region in which a partition has its organizations.
///
/// Source: <https://docs.aws.amazon.com/general/latest/gr/ao.html>, and the endpoints that the AWS SDKs
/// publish, <https://github.com/boto/botocore/blob/1.44.5/botocore/data/endpoints.json>
fn region(partition: &str) -> &'static str {
    match partition {
        "aws-cn" => "cn-northwest-1",
        "aws-us-gov" => "us-gov-west-1",
        "aws-iso" => "us-iso-east-1",
        "aws-iso-b" => "us-isob-east-1",
        "aws-iso-e" => "eu-isoe-west-1",
        "aws-iso-f" => "us-isof-south-1",
        "aws-eusc" => "eusc-de-east-1",
        _ => "us-east-1",
    }
}

fn account(call: &'static str, item: &Value) -> Result<OrganizationAccount, Failure> {
    let known = |member: &str| item[member].as_str().map(str::to_owned);
    Ok(OrganizationAccount {
        id: text(call, item, "Id")?.to_owned(),
        name: known("Name"),
        state: known("State").or_else(|| known("Status")),
    })
}

fn text<'a>(call: &'static str, item: &'a Value, member: &str) -> Result<&'a str, Failure> {
    let text = item[member].as_str();
    text.ok_or_else(|| Failure::invalid(call, format!("the response has no `{member}`")))
}
