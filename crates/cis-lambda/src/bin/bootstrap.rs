//! The function: what Lambda starts for the AWS Config custom rule, and for its remediation.

use cis_aws::{Budget, Connections, Reader, Requests, Sessions};
use cis_lambda::function::Function;
use cis_lambda::remediation::{Remediation, is_remediation};
use cis_lambda::{ConfigService, SecurityHub, ahead, logs, metrics, waits};
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logs::start();
    let (budget, requests) = (Budget::default(), Requests::default());
    // In words, for what ends the start is printed as Rust shows it.
    let connections = Connections::new().map_err(|error| error.to_string())?;
    let config =
        cis_aws::config_of_environment(connections.client()).map_err(|error| error.to_string())?;
    let config = requests.watch(budget.limit(config));
    ahead::open(&connections, &config).await;
    let region = config.region().map(ToString::to_string).unwrap_or_default();
    let sessions = Sessions::new(&config);
    let accounts = Reader::new(&sessions).waiting_up_to(waits::longest());
    let evaluations = ConfigService::new(&sessions);
    let findings = SecurityHub::new(&sessions);
    let remediation = Remediation::new(config, budget.clone());
    let function = Function::new(accounts, evaluations, findings, region, budget, requests)
        .publishing(metrics::chosen());
    let (function, remediation) = (&function, &remediation);
    run(service_fn(async |event: LambdaEvent<Value>| {
        if is_remediation(&event.payload) {
            remediation.respond(event).await
        } else {
            function.respond(event).await
        }
    }))
    .await
}
