//! Putting evaluations to AWS Config.

use std::time::Duration;

use aws_sdk_config::Client;
use aws_sdk_config::types::{ComplianceType, Evaluation as SdkEvaluation};
use cis_aws::{Access, Failure, RawBody};

use crate::evaluation::{Evaluation, PutRequest};
use crate::ports::{PutError, PutEvaluations};
use crate::service::ConfigService;

/// The most evaluations that one call takes.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_PutEvaluations.html>
const MOST: usize = 100;

/// How long after a first try that AWS Config did not take the second one comes.
const BACKOFF: Duration = Duration::from_millis(500);

const CALL: &str = "PutEvaluations";

impl PutEvaluations for ConfigService {
    /// Puts in the rule's Region, a hundred at a time and in the request's order. What AWS Config
    /// did not take is put once more: the token and the times are the same, so a second time is the
    /// same report.
    async fn put(&self, access: &Access, request: &PutRequest) -> Result<(), PutError> {
        let client = self.client(access).await?;
        let evaluations =
            request.evaluations.iter().map(sdk_evaluation).collect::<Result<Vec<_>, _>>()?;
        for batch in evaluations.chunks(MOST) {
            let left = put_batch(&client, request, batch.to_vec()).await?;
            if left.is_empty() {
                continue;
            }
            tokio::time::sleep(BACKOFF).await;
            let left = put_batch(&client, request, left).await?;
            if !left.is_empty() {
                return Err(PutError::NotTaken(left.len()));
            }
        }
        Ok(())
    }
}

/// One call; the evaluations that AWS Config did not take.
async fn put_batch(
    client: &Client,
    request: &PutRequest,
    batch: Vec<SdkEvaluation>,
) -> Result<Vec<SdkEvaluation>, Failure> {
    let token = request.result_token.expose();
    let raw = RawBody::default();
    let sent = client
        .put_evaluations()
        .set_evaluations(Some(batch.clone()))
        .result_token(token)
        .test_mode(request.test_mode)
        .customize()
        .interceptor(raw.clone())
        .send()
        .await;
    let response = raw.answered(CALL, sent).map_err(|failure| redacted(failure, token))?;
    let failed = response.failed_evaluations();
    if failed.is_empty() {
        return Ok(Vec::new());
    }
    let resource = |evaluation: &SdkEvaluation| {
        let id = evaluation.compliance_resource_id().to_owned();
        (evaluation.compliance_resource_type().to_owned(), id)
    };
    let failed: Vec<_> = failed.iter().map(resource).collect();
    let left: Vec<_> =
        batch.iter().filter(|put| failed.contains(&resource(put))).cloned().collect();
    // Something failed, and where it is not said what, all of it may have.
    Ok(if left.is_empty() { batch } else { left })
}

fn sdk_evaluation(evaluation: &Evaluation) -> Result<SdkEvaluation, Failure> {
    SdkEvaluation::builder()
        .compliance_resource_type(evaluation.compliance_resource_type.as_ref())
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
