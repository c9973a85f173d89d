//! The requests that are really sent: how many, and which have no answer yet.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;

/// Sees every request of a configuration's clients, each try of a call being one.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    seen: Arc<Mutex<Seen>>,
}

#[derive(Debug, Default)]
struct Seen {
    sent: u64,
    waiting: BTreeMap<u64, String>,
}

impl Requests {
    /// The configuration with every request of its clients seen here.
    ///
    /// What an HTTP client would do when one of them is made, load the certificate authorities, waits
    /// for the first request: there is a client for each service and Region, and they share it.
    #[must_use]
    pub fn watch(&self, config: SdkConfig) -> SdkConfig {
        use aws_smithy_runtime_api::client::http::HttpClient as _;
        let Some(client) = config.http_client() else {
            return config;
        };
        let requests = self.clone();
        let watched = http_client_fn(move |settings, components| {
            let inner = client.http_connector(settings, components);
            SharedHttpConnector::new(Watched { requests: requests.clone(), inner })
        });
        config.into_builder().http_client(watched).build()
    }

    /// How many requests have been sent so far.
    #[must_use]
    pub fn sent(&self) -> u64 {
        self.seen().sent
    }

    /// The operations that have no answer yet, each once, in the order that they were asked in.
    #[must_use]
    pub fn waiting(&self) -> Vec<String> {
        let mut operations: Vec<String> = Vec::new();
        for operation in self.seen().waiting.values() {
            if !operations.contains(operation) {
                operations.push(operation.clone());
            }
        }
        operations
    }

    fn send(&self, operation: String) -> Waiting {
        let mut seen = self.seen();
        let number = seen.sent;
        seen.sent += 1;
        seen.waiting.insert(number, operation);
        Waiting { requests: self.clone(), number }
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request without an answer: it ends with the answer, or when the caller gives up.
struct Waiting {
    requests: Requests,
    number: u64,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.requests.seen().waiting.remove(&self.number);
    }
}

#[derive(Debug)]
struct Watched {
    requests: Requests,
    inner: SharedHttpConnector,
}

impl HttpConnector for Watched {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let waiting = self.requests.send(operation(&request));
        let answer = self.inner.call(request);
        HttpConnectorFuture::new(async move {
            let answer = answer.await;
            drop(waiting);
            answer
        })
    }
}

/// The operation that a request's target names after the dot; where a service's protocol has no
/// target, the host and path.
///
/// Source: <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>
fn operation(request: &HttpRequest) -> String {
    let target = request.headers().get("x-amz-target");
    match target.and_then(|target| target.rsplit('.').next()) {
        Some(operation) => operation.to_owned(),
        None => {
            let uri = request.uri();
            let (_, place) = uri.split_once("://").unwrap_or(("", uri));
            place.split('?').next().unwrap_or_default().to_owned()
        }
    }
}
