//! Calls of services for which there is no SDK crate here, over the SDK's own orchestrator: the same
//! HTTP client, credentials, signature, retries and timeouts, and JSON in and out.
//!
//! A crate of the SDK has a type for every member of every operation. For one call, or for five, that
//! is minutes of a release build and a larger binary. What the types would have checked, tests check
//! against the service models that AWS publishes.

mod endpoint;

use aws_config::{Region, SdkConfig};
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::auth::{SigV4OperationSigningConfig, SigningOptions};
use aws_runtime::recursion_detection::RecursionDetectionInterceptor;
use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::auth::{
    AuthSchemeOptionResolverParams, SharedAuthScheme, SharedAuthSchemeOptionResolver,
};
use aws_smithy_runtime_api::client::identity::SharedIdentityResolver;
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse, OrchestratorError};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::config_bag::Layer;
use aws_smithy_types::error::ErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use aws_types::SigningName;
use aws_types::region::SigningRegion;
use serde_json::Value;

use self::endpoint::endpoint;
use crate::failure::Failure;

/// The header in which AWS's REST protocols name an error.
///
/// Source: <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization>
const ERROR_TYPE: &str = "x-amzn-errortype";

/// A service of AWS, as its service model names it.
#[derive(Debug)]
pub struct Service {
    /// The service's id, by which environment variables and profiles name it: `SecurityHub`.
    pub id: &'static str,
    /// What requests are signed for.
    pub signing_name: &'static str,
    /// What the names of its hosts begin with.
    pub host: &'static str,
}

/// AWS Security Hub CSPM, which speaks REST.
pub const SECURITY_HUB: Service =
    Service { id: "SecurityHub", signing_name: "securityhub", host: "securityhub" };

/// AWS Organizations, which has one Region in each partition.
pub(crate) const ORGANIZATIONS: Service =
    Service { id: "Organizations", signing_name: "organizations", host: "organizations" };

/// AWS Config.
pub(crate) const CONFIG: Service =
    Service { id: "Config Service", signing_name: "config", host: "config" };

/// A call of a service in one Region.
#[derive(Clone, Debug)]
pub struct ServiceCall {
    operation: Operation<String, Vec<u8>, ErrorMetadata>,
    call: &'static str,
}

/// How a request says which operation it asks for.
#[derive(Clone, Copy, Debug)]
enum Target {
    /// By its path, as in <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html>.
    Path(&'static str),
    /// By a header, as in <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>.
    Header(&'static str, &'static str),
}

impl ServiceCall {
    /// A call that its path names, in a partition and a Region.
    #[must_use]
    pub fn rest(
        config: &SdkConfig,
        service: &Service,
        place: (&str, &str),
        call: &'static str,
        path: &'static str,
    ) -> Self {
        Self::new(config, service, place, call, Target::Path(path))
    }

    /// A call that a header names after this prefix, in a partition and a Region.
    pub(crate) fn json(
        config: &SdkConfig,
        service: &Service,
        place: (&str, &str),
        call: &'static str,
        prefix: &'static str,
    ) -> Self {
        Self::new(config, service, place, call, Target::Header(prefix, call))
    }

    fn new(
        config: &SdkConfig,
        service: &Service,
        (partition, region): (&str, &str),
        call: &'static str,
        target: Target,
    ) -> Self {
        let url = endpoint(config, service, partition, region);
        let retries = config.retry_config().cloned().unwrap_or_else(RetryConfig::standard);
        let mut builder = Operation::builder()
            .service_name(service.id)
            .operation_name(call)
            .endpoint_url(&url)
            .standard_retry(&retries)
            .retry_classifier(HttpStatusCodeClassifier::default())
            .retry_classifier(TransientErrorClassifier::<ErrorMetadata>::new())
            .retry_classifier(AwsErrorCodeClassifier::<ErrorMetadata>::new())
            .interceptor(UserAgentInterceptor::new())
            .interceptor(RecursionDetectionInterceptor::new())
            .runtime_plugin(signed(config, service, region))
            .with_connection_poisoning();
        // No other one in its place: a function would carry both.
        if let Some(client) = config.http_client() {
            builder = builder.http_client(client);
        }
        if let Some(version) = config.behavior_version() {
            builder = builder.behavior_version(version);
        }
        if let Some(timeouts) = config.timeout_config() {
            builder = builder.timeout_config(timeouts.clone());
        }
        if let Some(sleep) = config.sleep_impl() {
            builder = builder.sleep_impl(sleep);
        }
        if let Some(time) = config.time_source() {
            builder = builder.time_source(time);
        }
        let serializer = move |body| request(target, body);
        let operation = builder.serializer(serializer).deserializer(response).build();
        Self { operation, call }
    }

    /// Sends a request's JSON; the bytes of the answer.
    ///
    /// # Errors
    /// Where the call fails.
    pub async fn send(&self, body: String) -> Result<Vec<u8>, Failure> {
        self.operation.invoke(body).await.map_err(|error| Failure::of(self.call, &error))
    }

    /// Sends a request; the JSON of the answer.
    ///
    /// # Errors
    /// Where the call fails, or what it answers is not JSON.
    pub(crate) async fn ask(&self, body: &Value) -> Result<Value, Failure> {
        let answer = self.send(body.to_string()).await?;
        serde_json::from_slice(&answer).map_err(|error| {
            Failure::invalid(self.call, format!("the response is not JSON: {error}"))
        })
    }
}

/// Asks for all pages of a list; the items that this member of each has. A page may be empty and yet
/// have others after it.
///
/// # Errors
/// Where a call fails, or what it answers is no page.
pub(crate) async fn pages(
    call: &ServiceCall,
    mut request: Value,
    member: &str,
) -> Result<Vec<Value>, Failure> {
    let mut items = Vec::new();
    loop {
        let mut answer = call.ask(&request).await?;
        let Some(Value::Array(page)) = answer.get_mut(member).map(Value::take) else {
            let message = format!("the response has no `{member}`");
            return Err(Failure::invalid(call.call, message));
        };
        items.extend(page);
        match answer["NextToken"].as_str().filter(|token| !token.is_empty()) {
            None => return Ok(items),
            Some(token) if request["NextToken"] == token => {
                return Err(Failure::invalid(call.call, "a page names itself as the next one"));
            }
            Some(token) => request["NextToken"] = token.into(),
        }
    }
}

/// How requests are signed: Signature Version 4 for this service and Region.
fn signed(config: &SdkConfig, service: &Service, region: &str) -> StaticRuntimePlugin {
    let mut layer = Layer::new(service.id);
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(SigV4OperationSigningConfig {
        region: Some(SigningRegion::from(Region::new(region.to_owned()))),
        name: Some(SigningName::from_static(service.signing_name)),
        signing_options: SigningOptions::default(),
        ..SigV4OperationSigningConfig::default()
    });
    layer.store_put(ApiMetadata::new(service.signing_name, env!("CARGO_PKG_VERSION")));
    if let Some(name) = config.app_name() {
        layer.store_put(name.clone());
    }
    let mut components = RuntimeComponentsBuilder::new(service.id);
    components.push_auth_scheme(SharedAuthScheme::new(SigV4AuthScheme::new()));
    components.set_auth_scheme_option_resolver(Some(SharedAuthSchemeOptionResolver::new(
        StaticAuthSchemeOptionResolver::new(vec![SCHEME_ID]),
    )));
    if let Some(credentials) = config.credentials_provider() {
        components.set_identity_resolver(SCHEME_ID, SharedIdentityResolver::new(credentials));
    }
    if let Some(cache) = config.identity_cache() {
        components.set_identity_cache(Some(cache));
    }
    StaticRuntimePlugin::new().with_config(layer.freeze()).with_runtime_components(components)
}

fn request(target: Target, body: String) -> Result<HttpRequest, BoxError> {
    let length = body.len().to_string();
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.set_method("POST")?;
    match target {
        Target::Path(path) => {
            request.set_uri(path)?;
            request.headers_mut().insert("content-type", "application/json");
        }
        Target::Header(prefix, call) => {
            request.set_uri("/")?;
            request.headers_mut().insert("content-type", "application/x-amz-json-1.1");
            request.headers_mut().insert("x-amz-target", format!("{prefix}.{call}"));
        }
    }
    request.headers_mut().insert("content-length", length);
    Ok(request)
}

fn response(response: &HttpResponse) -> Result<Vec<u8>, OrchestratorError<ErrorMetadata>> {
    let body = response.body().bytes().unwrap_or_default();
    if response.status().is_success() {
        return Ok(body.to_vec());
    }
    let said: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = |names: [&str; 2]| {
        names.into_iter().find_map(|name| said.get(name)?.as_str()).map(str::to_owned)
    };
    let code = response.headers().get(ERROR_TYPE).map(str::to_owned);
    let code = code.or_else(|| text(["code", "__type"]));
    let mut error = ErrorMetadata::builder();
    if let Some(code) = code {
        error = error.code(bare(&code));
    }
    if let Some(message) = text(["Message", "message"]) {
        error = error.message(message);
    }
    Err(OrchestratorError::operation(error.build()))
}

/// An error's name without its namespace and without the address after it.
fn bare(code: &str) -> &str {
    let name = code.split(':').next().unwrap_or(code);
    name.rsplit('#').next().unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_errors_name_is_found_in_what_services_write() {
        for code in [
            "InvalidAccessException",
            "InvalidAccessException:http://internal.amazon.com/coral/x/",
            "com.amazonaws.securityhub#InvalidAccessException",
            "com.amazonaws.securityhub#InvalidAccessException:http://internal.amazon.com/x",
        ] {
            assert_eq!(bare(code), "InvalidAccessException");
        }
    }
}
