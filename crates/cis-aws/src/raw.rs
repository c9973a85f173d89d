//! The JSON that AWS sent, beside what the SDK makes of it.

use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_cloudtrail::config::interceptors::{
    AfterDeserializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
};
use aws_sdk_cloudtrail::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_cloudtrail::error::{BoxError, ProvideErrorMetadata, SdkError};
use serde_json::Value;

use crate::endpoint::Endpoint;
use crate::failure::Failure;

/// An interceptor that keeps the body of one operation's last response, and where it was asked.
///
/// A success without a body is none: AWS answers with a JSON object, and the SDK takes the empty
/// answer of a proxy or a captive portal for one without members.
#[derive(Clone, Debug, Default)]
pub struct RawBody {
    body: Arc<Mutex<Option<Vec<u8>>>>,
    endpoint: Endpoint,
}

impl Intercept for RawBody {
    fn name(&self) -> &'static str {
        "RawBody"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        components: &RuntimeComponents,
        settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        self.endpoint.read_before_transmit(context, components, settings)
    }

    fn read_after_deserialization(
        &self,
        context: &AfterDeserializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let body = context.response().body().bytes().map(<[u8]>::to_vec);
        *self.body.lock().unwrap_or_else(PoisonError::into_inner) = body;
        Ok(())
    }
}

impl RawBody {
    /// The JSON object that the operation answered, once the SDK has taken it for a success.
    pub(crate) fn object<O, E>(
        &self,
        call: &'static str,
        sent: Result<O, SdkError<E>>,
    ) -> Result<Value, Failure>
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        sent.map_err(|error| self.endpoint.failure(call, &error))?;
        self.body(call)
    }

    /// What the SDK made of a success, where the answer was a JSON object.
    ///
    /// # Errors
    /// Where the call failed, and where what came back was no answer of a service of AWS.
    pub fn answered<O, E>(
        &self,
        call: &'static str,
        sent: Result<O, SdkError<E>>,
    ) -> Result<O, Failure>
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let output = sent.map_err(|error| self.endpoint.failure(call, &error))?;
        self.body(call)?;
        Ok(output)
    }

    fn body(&self, call: &'static str) -> Result<Value, Failure> {
        let body = self.body.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(body) = body.as_deref() else {
            return Err(Failure::invalid(call, "the response has no body"));
        };
        match serde_json::from_slice(body) {
            Ok(object @ Value::Object(_)) => Ok(object),
            Ok(_) => Err(Failure::invalid(call, "the response is no JSON object")),
            Err(error) => Err(Failure::invalid(call, format!("the response is not JSON: {error}"))),
        }
    }
}
