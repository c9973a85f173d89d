//! The function: what Lambda starts for the AWS Config custom rule.

use cis_aws::{Reader, Sessions};
use cis_lambda::{ConfigService, Rule, function};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let config = cis_aws::load_config(None, None).await;
    let region = config.region().map(ToString::to_string).unwrap_or_default();
    let sessions = Sessions::new(&config);
    let rule = Rule::new(Reader::new(&sessions), ConfigService::new(&sessions), region);
    run(service_fn(|event: LambdaEvent<Value>| function::respond(&rule, event))).await
}
