//! One call of Security Hub, over the SDK's own orchestrator.

use aws_types::SdkConfig;
use cis_aws::{Access, Account, Failure, SECURITY_HUB, ServiceCall, Sessions};
use cis_findings::asff::{Finding, batches};
use serde::{Deserialize, Serialize};

use super::{FailedFinding, ImportError, ImportFindings};

const CALL: &str = "BatchImportFindings";
const PATH: &str = "/findings/import";

/// Security Hub, with the caller's own credentials or in a role of the rule's account.
#[derive(Clone, Debug)]
pub struct SecurityHub {
    sessions: Sessions,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request<'a> {
    findings: &'a [Finding],
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    failed_count: usize,
    success_count: usize,
    #[serde(default)]
    failed_findings: Vec<FailedFinding>,
}

impl SecurityHub {
    /// Security Hub, in these sessions.
    #[must_use]
    pub fn new(sessions: &Sessions) -> Self {
        Self { sessions: sessions.clone() }
    }
}

impl ImportFindings for SecurityHub {
    /// Every batch is tried, whatever came of those before it, unless a call fails. Security Hub
    /// takes an account's findings only from that account, to which the caller or the role belongs.
    async fn import(&self, access: &Access, findings: &[Finding]) -> Result<usize, ImportError> {
        let config = self.sessions.config(access.role.as_ref()).await?;
        let operation = operation(&config, &access.account);
        let (mut taken, mut failed) = (0, Vec::new());
        for batch in batches(findings) {
            let response = call(&operation, batch).await?;
            taken += response.success_count;
            if response.failed_count > response.failed_findings.len() {
                let message = format!(
                    "`FailedCount` is {}, but `FailedFindings` has {}",
                    response.failed_count,
                    response.failed_findings.len()
                );
                return Err(ImportError::Call(invalid(message)));
            }
            failed.extend(response.failed_findings);
        }
        if failed.is_empty() {
            Ok(taken)
        } else {
            Err(ImportError::NotTaken { failed, of: findings.len() })
        }
    }
}

fn operation(config: &SdkConfig, account: &Account) -> ServiceCall {
    let place = (account.partition.as_str(), account.region.as_str());
    ServiceCall::rest(config, &SECURITY_HUB, place, CALL, PATH)
}

async fn call(operation: &ServiceCall, findings: &[Finding]) -> Result<Response, Failure> {
    let body = serde_json::to_string(&Request { findings }).map_err(|error| Failure {
        call: CALL,
        code: "ConstructionFailure".to_owned(),
        message: error.to_string(),
    })?;
    let answer = operation.send(body).await?;
    serde_json::from_slice(&answer).map_err(|error| Failure {
        call: CALL,
        code: "ResponseError".to_owned(),
        message: error.to_string(),
    })
}

fn invalid(message: String) -> Failure {
    Failure { call: CALL, code: Failure::INVALID_RESPONSE.to_owned(), message }
}
