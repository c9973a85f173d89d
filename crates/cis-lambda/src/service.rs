//! AWS Config, with its clients, and what it holds of a rule.

use aws_sdk_config::Client;
use aws_sdk_config::config::{Builder, Region};
use aws_sdk_config::types::{ComplianceType, EvaluationResult};
use cis_aws::{Access, Failure, Sessions};

use crate::ports::{ListResults, Stored};

/// AWS Config, with the caller's own credentials or in a role of the rule's account.
#[derive(Clone, Debug)]
pub struct ConfigService {
    sessions: Sessions,
}

impl ConfigService {
    /// AWS Config, in these sessions.
    #[must_use]
    pub fn new(sessions: &Sessions) -> Self {
        Self { sessions: sessions.clone() }
    }

    /// The client of the rule's account and Region.
    pub(crate) async fn client(&self, access: &Access) -> Result<Client, Failure> {
        let config = self.sessions.config(access.role.as_ref()).await?;
        let region = Region::new(access.account.region.clone());
        Ok(Client::from_conf(Builder::from(&config).region(region).build()))
    }
}

const CALL: &str = "GetComplianceDetailsByConfigRule";

/// How many results a page has: the most there can be.
const PAGE: i32 = 100;

impl ListResults for ConfigService {
    /// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_GetComplianceDetailsByConfigRule.html>
    async fn list(&self, access: &Access, rule_name: &str) -> Result<Vec<Stored>, Failure> {
        let client = self.client(access).await?;
        let mut results = Vec::new();
        let mut next: Option<String> = None;
        loop {
            let page = client
                .get_compliance_details_by_config_rule()
                .config_rule_name(rule_name)
                .compliance_types(ComplianceType::Compliant)
                .compliance_types(ComplianceType::NonCompliant)
                .limit(PAGE)
                .set_next_token(next.clone())
                .send()
                .await
                .map_err(|error| Failure::of(CALL, &error))?;
            for result in page.evaluation_results() {
                results.push(stored(result).ok_or_else(|| unexpected("a result has no resource"))?);
            }
            match page.next_token().filter(|token| !token.is_empty()) {
                None => return Ok(results),
                Some(token) if next.as_deref() == Some(token) => {
                    return Err(unexpected("a page names itself as the next one"));
                }
                Some(token) => next = Some(token.to_owned()),
            }
        }
    }
}

fn stored(result: &EvaluationResult) -> Option<Stored> {
    let identifier = result.evaluation_result_identifier()?;
    let qualifier = identifier.evaluation_result_qualifier()?;
    Some(Stored {
        resource_type: qualifier.resource_type()?.to_owned(),
        resource_id: qualifier.resource_id()?.to_owned(),
        ordering_timestamp: identifier.ordering_timestamp().copied(),
    })
}

fn unexpected(message: &str) -> Failure {
    Failure { call: CALL, code: Failure::INVALID_RESPONSE.to_owned(), message: message.to_owned() }
}
