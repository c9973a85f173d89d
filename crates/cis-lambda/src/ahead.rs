//! What the function does before it asks for its first event: it opens the connections that an
//! evaluation of an account begins and ends with.
//!
//! Nothing is sent on them, and nothing depends on them. Where they cannot be opened, or not in time,
//! the requests open their own.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_config::Client;
use cis_aws::Connections;
use tokio::time::timeout;

/// How long the first event waits for connections at most. In a Region they are open after some
/// milliseconds.
const LONGEST: Duration = Duration::from_millis(300);

/// Opens two connections to CloudTrail, for a trail's status and its selectors are asked for at one
/// time, and one to AWS Config: in the configuration's Region, which is the function's own.
pub async fn open(connections: &Connections, config: &SdkConfig) {
    if config.region().is_none() {
        return;
    }
    let ahead = connections.ahead(config);
    let all = async {
        tokio::join!(
            ahead.open_to_cloudtrail(),
            ahead.open_to_cloudtrail(),
            open_to_config(ahead.config()),
        )
    };
    if timeout(LONGEST, Box::pin(all)).await.is_err() {
        tracing::debug!("connections are not open yet");
    }
}

async fn open_to_config(config: &SdkConfig) {
    let client = Client::new(config);
    // It fails in any case. This call reads, so that even a request that was sent would change
    // nothing.
    drop(client.get_compliance_details_by_config_rule().send().await);
}
