//! Where a request was sent to, so that what says a connection failed can name it.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_sts::config::interceptors::BeforeTransmitInterceptorContextRef;
use aws_sdk_sts::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_sts::error::{BoxError, ProvideErrorMetadata, SdkError};

use crate::failure::Failure;

/// An interceptor that keeps the scheme, host and port of one operation's last request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Endpoint {
    url: Arc<Mutex<Option<String>>>,
}

impl Intercept for Endpoint {
    fn name(&self) -> &'static str {
        "Endpoint"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let uri = context.request().uri();
        let url = uri.split_once("://").map(|(scheme, rest)| {
            let host = rest.split(['/', '?']).next().unwrap_or_default();
            format!("{scheme}://{host}")
        });
        *self.url.lock().unwrap_or_else(PoisonError::into_inner) = url;
        Ok(())
    }
}

impl Endpoint {
    /// Why the call failed, with the endpoint where no answer came from it.
    pub(crate) fn failure<E>(&self, call: &'static str, error: &SdkError<E>) -> Failure
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let failure = Failure::of(call, error);
        let is_unanswered =
            matches!(error, SdkError::DispatchFailure(_) | SdkError::TimeoutError(_));
        match self.url.lock().unwrap_or_else(PoisonError::into_inner).as_deref() {
            Some(url) if is_unanswered => failure.of_endpoint(url),
            _ => failure,
        }
    }
}
