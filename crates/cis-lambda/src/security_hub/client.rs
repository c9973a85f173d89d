//! One call of Security Hub, over the SDK's own orchestrator.

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
use aws_types::region::{Region, SigningRegion};
use aws_types::{SdkConfig, SigningName};
use cis_aws::{Access, Account, Failure, Sessions};
use cis_findings::asff::{Finding, batches};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::endpoint::endpoint;
use super::{FailedFinding, ImportError, ImportFindings};

const SERVICE: &str = "securityhub";
const CALL: &str = "BatchImportFindings";
const PATH: &str = "/findings/import";

/// The header in which AWS's REST protocols name an error.
///
/// Source: <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html#operation-error-serialization>
const ERROR_TYPE: &str = "x-amzn-errortype";

/// Security Hub, with the caller's own credentials or in a role of the rule's account.
#[derive(Clone, Debug)]
pub struct SecurityHub {
    sessions: Sessions,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Request<'a> {
    findings: &'a [Finding],
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    failed_count: usize,
    success_count: usize,
    #[serde(default)]
    failed_findings: Vec<FailedFinding>,
}

/// The call: JSON in, AWS's answer or AWS's error out.
type Import = Operation<String, Response, ErrorMetadata>;

impl SecurityHub {
    /// Security Hub, in these sessions.
    #[must_use]
    pub fn new(sessions: &Sessions) -> Self {
        Self { sessions: sessions.clone() }
    }
}

impl ImportFindings for SecurityHub {
    /// Every batch is tried, whatever came of those before it, unless a call fails. Security Hub
    /// takes an account's findings only from that account, to which the caller or the role belongs.
    async fn import(&self, access: &Access, findings: &[Finding]) -> Result<usize, ImportError> {
        let config = self.sessions.config(access.role.as_ref()).await?;
        let operation = operation(&config, &access.account);
        let (mut taken, mut failed) = (0, Vec::new());
        for batch in batches(findings) {
            let response = call(&operation, batch).await?;
            taken += response.success_count;
            if response.failed_count > response.failed_findings.len() {
                let message = format!(
                    "`FailedCount` is {}, but `FailedFindings` has {}",
                    response.failed_count,
                    response.failed_findings.len()
                );
                return Err(ImportError::Call(invalid(message)));
            }
            failed.extend(response.failed_findings);
        }
        if failed.is_empty() {
            Ok(taken)
        } else {
            Err(ImportError::NotTaken { failed, of: findings.len() })
        }
    }
}

async fn call(operation: &Import, findings: &[Finding]) -> Result<Response, Failure> {
    let body = serde_json::to_string(&Request { findings }).map_err(|error| Failure {
        call: CALL,
        code: "ConstructionFailure".to_owned(),
        message: error.to_string(),
    })?;
    operation.invoke(body).await.map_err(|error| Failure::of(CALL, &error))
}

fn operation(config: &SdkConfig, account: &Account) -> Import {
    let url = endpoint(config, &account.partition, &account.region);
    let retries = config.retry_config().cloned().unwrap_or_else(RetryConfig::standard);
    let mut builder = Operation::builder()
        .service_name("SecurityHub")
        .operation_name(CALL)
        .endpoint_url(&url)
        .http_client(config.http_client().unwrap_or_else(cis_aws::http_client))
        .standard_retry(&retries)
        .retry_classifier(HttpStatusCodeClassifier::default())
        .retry_classifier(TransientErrorClassifier::<ErrorMetadata>::new())
        .retry_classifier(AwsErrorCodeClassifier::<ErrorMetadata>::new())
        .interceptor(UserAgentInterceptor::new())
        .interceptor(RecursionDetectionInterceptor::new())
        .runtime_plugin(signed(config, &account.region))
        .with_connection_poisoning();
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
    builder.serializer(request).deserializer(response).build()
}

/// How requests are signed: Signature Version 4 for this service and Region.
fn signed(config: &SdkConfig, region: &str) -> StaticRuntimePlugin {
    let mut layer = Layer::new(SERVICE);
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(SigV4OperationSigningConfig {
        region: Some(SigningRegion::from(Region::new(region.to_owned()))),
        name: Some(SigningName::from_static(SERVICE)),
        signing_options: SigningOptions::default(),
        ..SigV4OperationSigningConfig::default()
    });
    layer.store_put(ApiMetadata::new(SERVICE, env!("CARGO_PKG_VERSION")));
    if let Some(name) = config.app_name() {
        layer.store_put(name.clone());
    }
    let mut components = RuntimeComponentsBuilder::new(SERVICE);
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

fn request(body: String) -> Result<HttpRequest, BoxError> {
    let length = body.len().to_string();
    let mut request = HttpRequest::new(SdkBody::from(body));
    request.set_method("POST")?;
    request.set_uri(PATH)?;
    request.headers_mut().insert("content-type", "application/json");
    request.headers_mut().insert("content-length", length);
    Ok(request)
}

fn response(response: &HttpResponse) -> Result<Response, OrchestratorError<ErrorMetadata>> {
    let body = response.body().bytes().unwrap_or_default();
    if response.status().is_success() {
        return serde_json::from_slice(body).map_err(OrchestratorError::other);
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

fn invalid(message: String) -> Failure {
    Failure { call: CALL, code: Failure::INVALID_RESPONSE.to_owned(), message }
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
