//! Putting evaluations to AWS Config.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_config::Client;
use aws_sdk_config::config::{Builder, Region};
use aws_sdk_config::types::{ComplianceType, Evaluation as SdkEvaluation};
use cis_aws::{Account, Failure};

use crate::evaluation::{Evaluation, PutRequest};
use crate::ports::{PutError, PutEvaluations};

/// How long after a first try that AWS Config did not take the second one comes.
const BACKOFF: Duration = Duration::from_millis(500);

/// AWS Config, with the function's own credentials.
#[derive(Clone, Debug)]
pub struct ConfigService {
    client: Client,
}

impl ConfigService {
    /// AWS Config with this configuration's credentials, endpoint and HTTP client.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self { client: Client::new(config) }
    }

    /// One call; how many evaluations AWS Config did not take.
    ///
    /// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html>
    async fn try_put(
        &self,
        account: &Account,
        request: &PutRequest,
        evaluations: Vec<SdkEvaluation>,
    ) -> Result<usize, Failure> {
        let token = request.result_token.expose();
        self.client
            .put_evaluations()
            .set_evaluations(Some(evaluations))
            .result_token(token)
            .test_mode(request.test_mode)
            .customize()
            .config_override(Builder::new().region(Region::new(account.region.clone())))
            .send()
            .await
            .map(|response| response.failed_evaluations().len())
            .map_err(|error| redacted(Failure::of(CALL, &error), token))
    }
}

const CALL: &str = "PutEvaluations";

impl PutEvaluations for ConfigService {
    /// Puts in the rule's Region. What AWS Config did not take is put once more: the token and the
    /// times are the same, so a second time is the same report.
    async fn put(&self, account: &Account, request: &PutRequest) -> Result<(), PutError> {
        let evaluations =
            request.evaluations.iter().map(sdk_evaluation).collect::<Result<Vec<_>, _>>()?;
        if self.try_put(account, request, evaluations.clone()).await? == 0 {
            return Ok(());
        }
        tokio::time::sleep(BACKOFF).await;
        match self.try_put(account, request, evaluations).await? {
            0 => Ok(()),
            failed => Err(PutError::NotTaken(failed)),
        }
    }
}

fn sdk_evaluation(evaluation: &Evaluation) -> Result<SdkEvaluation, Failure> {
    SdkEvaluation::builder()
        .compliance_resource_type(evaluation.compliance_resource_type)
        .compliance_resource_id(&evaluation.compliance_resource_id)
        .compliance_type(ComplianceType::from(evaluation.compliance_type.name()))
        .annotation(&evaluation.annotation)
        .ordering_timestamp(evaluation.ordering_timestamp.time())
        .build()
        .map_err(|error| Failure {
            call: CALL,
            code: "ConstructionFailure".to_owned(),
            message: error.to_string(),
        })
}

/// AWS's messages may repeat a request's members, and the token is not to be shown.
fn redacted(mut failure: Failure, token: &str) -> Failure {
    if !token.is_empty() {
        failure.message = failure.message.replace(token, "(result token)");
    }
    failure
}
