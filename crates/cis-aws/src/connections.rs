//! Connections that are open before anything is asked on them.
//!
//! The first request to a service waits for a connection, and for the TLS handshake on it. A
//! function has time for both before it has an event, and more processor time than after. Nothing is
//! sent for that: a call is made as any other, so that the service's URL is the one that the call
//! would really go to, and where its request would be handed to the connection it is given up.
//! What is opened belongs to nobody's account: it is signed for no one.
//!
//! A connection that cannot be opened is no error. The request that needs one opens its own.

use std::error::Error;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_sdk_cloudtrail::config::SharedHttpClient;
use aws_smithy_http_client::pool::{Client, ConnectionEvent, ConnectionPool};
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::shared::IntoShared as _;
use aws_smithy_types::body::SdkBody;

use crate::authorities::{self, BundleError};
use crate::failure::chain;

/// Connections to services, shared by every client that has them from here.
#[derive(Clone, Debug)]
pub struct Connections {
    client: SharedHttpClient,
    tries: Tries,
}

/// Why there can be no connections.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConnectionsError {
    /// The environment asks for certificate authorities that there are not.
    #[error(transparent)]
    Authorities(#[from] BundleError),
    /// The SDK refuses its settings.
    #[error("the HTTP client cannot be made: {0}")]
    Client(String),
}

impl Connections {
    /// No connection yet: TLS, certificate authorities and proxies as
    /// [`http_client`](crate::http_client) has them.
    ///
    /// # Errors
    /// Where `AWS_CA_BUNDLE` names a file that cannot be used, or the SDK refuses these settings.
    pub fn new() -> Result<Self, ConnectionsError> {
        let refused = |error: &dyn Error| ConnectionsError::Client(chain(error));
        let trusted = authorities::trusted()?;
        let tries = Tries::default();
        let counted = tries.clone();
        let pool = ConnectionPool::builder()
            .proxy_config(ProxyConfig::from_env())
            .event_listener(move |event: &ConnectionEvent<'_>| counted.saw(event))
            .tls_provider(Provider::Rustls(CryptoMode::Ring))
            .tls_context(trusted)
            .build_https()
            .map_err(|error| refused(&error))?;
        let client = Client::new(&pool).map_err(|error| refused(&error))?;
        Ok(Self { client: client.into_shared(), tries })
    }

    /// The HTTP client that uses the connections.
    #[must_use]
    pub fn client(&self) -> SharedHttpClient {
        self.client.clone()
    }

    /// What opens connections for calls of this configuration.
    #[must_use]
    pub fn ahead(&self, config: &SdkConfig) -> Ahead {
        use aws_smithy_runtime_api::client::http::HttpClient as _;
        let held = Held::default();
        let (client, tries, holding) = (self.client(), self.tries.clone(), held.clone());
        let opening = http_client_fn(move |settings, components| {
            SharedHttpConnector::new(Opening {
                inner: client.http_connector(settings, components),
                tries: tries.clone(),
                held: holding.clone(),
            })
        });
        let once = RetryConfig::disabled();
        let config = config.to_builder().http_client(opening).retry_config(once).build();
        Ahead { config, held }
    }
}

/// Opens connections, which are there for requests when this is dropped: until then none of them
/// takes the place of another.
#[derive(Debug)]
pub struct Ahead {
    config: SdkConfig,
    held: Held,
}

impl Ahead {
    /// A configuration whose clients open a connection for each call, and send nothing: every call
    /// fails, when its connection is open or cannot be opened.
    #[must_use]
    pub const fn config(&self) -> &SdkConfig {
        &self.config
    }

    /// Opens a connection to CloudTrail in the configuration's Region. Ends when it is open or
    /// cannot be opened.
    pub async fn open_to_cloudtrail(&self) {
        // It fails in any case.
        drop(aws_sdk_cloudtrail::Client::new(&self.config).describe_trails().send().await);
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.held.release();
    }
}

/// Hands a request to a connection that is being opened, and never lets it be sent.
#[derive(Debug)]
struct Opening {
    inner: SharedHttpConnector,
    tries: Tries,
    held: Held,
}

impl HttpConnector for Opening {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let request = match bare(&request) {
            Ok(request) => request,
            Err(error) => {
                return HttpConnectorFuture::ready(Err(ConnectorError::user(error.into())));
            }
        };
        let (tries, held) = (self.tries.clone(), self.held.clone());
        let mut sending = Box::pin(self.inner.call(request));
        HttpConnectorFuture::new(async move {
            let number = tries.begin();
            // Asks for a connection, which a task of its own then opens.
            let asked = poll_fn(|context| Poll::Ready(sending.as_mut().poll(context))).await;
            if let Poll::Ready(Err(error)) = asked {
                tries.end();
                return Err(error);
            }
            // Asked once more, it would send the request.
            held.keep(sending);
            tries.reached(number).await;
            Err(ConnectorError::user("a connection was opened, and nothing sent on it".into()))
        })
    }
}

/// Requests that were handed to connections and are not to be sent.
#[derive(Clone, Default)]
struct Held(Arc<Mutex<Vec<Pin<Box<HttpConnectorFuture>>>>>);

impl Held {
    fn keep(&self, sending: Pin<Box<HttpConnectorFuture>>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sending);
    }

    /// Drops the requests, which leaves their connections to others.
    fn release(&self) {
        drop(std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner)));
    }
}

impl fmt::Debug for Held {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).len();
        f.debug_tuple("Held").field(&held).finish()
    }
}

/// A request to the same place, with nothing of the other one in it.
fn bare(request: &HttpRequest) -> Result<HttpRequest, aws_smithy_runtime_api::http::HttpError> {
    let mut bare = HttpRequest::new(SdkBody::empty());
    bare.set_uri(request.uri().to_owned())?;
    Ok(bare)
}

/// How many connections were begun to be opened, and how many of these tries have come to an end.
#[derive(Clone, Default)]
struct Tries(Arc<Mutex<Counted>>);

#[derive(Debug, Default)]
struct Counted {
    begun: u64,
    ended: u64,
    waiting: Vec<Waker>,
}

impl Tries {
    /// One more; its number.
    fn begin(&self) -> u64 {
        let mut counted = self.counted();
        counted.begun += 1;
        counted.begun
    }

    fn saw(&self, event: &ConnectionEvent<'_>) {
        if matches!(event, ConnectionEvent::Opened(_) | ConnectionEvent::EstablishmentFailed(_)) {
            self.end();
        }
    }

    /// One has ended.
    fn end(&self) {
        let mut counted = self.counted();
        counted.ended += 1;
        let waiting = std::mem::take(&mut counted.waiting);
        drop(counted);
        waiting.into_iter().for_each(Waker::wake);
    }

    /// Waits until so many have ended.
    async fn reached(&self, number: u64) {
        poll_fn(|context| {
            let mut counted = self.counted();
            if counted.ended >= number {
                return Poll::Ready(());
            }
            counted.waiting.push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn counted(&self) -> MutexGuard<'_, Counted> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Tries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.counted().fmt(f)
    }
}
