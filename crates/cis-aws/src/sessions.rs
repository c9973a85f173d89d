//! Sessions of assumed roles, each kept until it nears its end.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use aws_config::{Region, SdkConfig};
use aws_sdk_sts::Client;
use aws_sdk_sts::config::{Builder, Credentials, IdentityCache, SharedCredentialsProvider};
use aws_sdk_sts::types::Credentials as Assumed;

use crate::access::Role;
use crate::endpoint::Endpoint;
use crate::failure::Failure;

const CALL: &str = "AssumeRole";

/// How much longer than now a session must last to be used again: more than an evaluation takes.
const RESERVE: Duration = Duration::from_secs(5 * 60);

/// The most sessions that are kept. A central function meets thousands of accounts in an hour, and
/// each of them only once or twice.
const MOST: usize = 64;

/// Assumes roles with one set of credentials. Clones share their sessions.
///
/// A session lasts an hour, the longest that a role which is itself assumed, as a function's is, may
/// ask for:
/// <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>.
#[derive(Clone, Debug)]
pub struct Sessions {
    config: SdkConfig,
    policy: Option<&'static str>,
    kept: Arc<Mutex<HashMap<Role, Session>>>,
}

#[derive(Clone, Debug)]
struct Session {
    config: SdkConfig,
    ends: SystemTime,
}

impl Sessions {
    /// Sessions that are opened with this configuration's credentials, endpoint and HTTP client.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self { config: config.clone(), policy: None, kept: Arc::default() }
    }

    /// Sessions that may do only what this policy allows, whatever their roles may.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session>
    #[must_use]
    pub fn cut_down_to(self, policy: &'static str) -> Self {
        Self { policy: Some(policy), kept: Arc::default(), ..self }
    }

    /// The caller's own configuration.
    pub(crate) const fn own(&self) -> &SdkConfig {
        &self.config
    }

    /// The configuration to call AWS with: in the role, or as the caller where there is none.
    ///
    /// # Errors
    /// Where the role could not be assumed. That is not remembered.
    pub async fn config(&self, role: Option<&Role>) -> Result<SdkConfig, Failure> {
        let Some(role) = role else {
            return Ok(self.config.clone());
        };
        let now = SystemTime::now();
        if let Some(session) = self.kept().get(role).filter(|session| session.lasts(now)) {
            return Ok(session.config.clone());
        }
        // On the heap, for a session is opened in the middle of other calls.
        let session = Box::pin(self.assume(role)).await?;
        let config = session.config.clone();
        keep(&mut self.kept(), role, session, now);
        Ok(config)
    }

    /// Does not use a role's session again: what it was refused may be due to the session itself,
    /// for example because the role was deleted and made again.
    pub(crate) fn forget(&self, role: &Role) {
        self.kept().remove(role);
    }

    /// One AssumeRole, at the Regional endpoint: sessions of the global one are not valid in
    /// Regions that an account opted in to.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_region-endpoints.html>
    async fn assume(&self, role: &Role) -> Result<Session, Failure> {
        let region = Region::new(role.region.clone());
        let client = Client::from_conf(Builder::from(&self.config).region(region).build());
        let endpoint = Endpoint::default();
        let answer = client
            .assume_role()
            .role_arn(&role.arn)
            .role_session_name(&role.session_name)
            .set_external_id(role.external_id.clone())
            .set_policy(self.policy.map(str::to_owned))
            .customize()
            .interceptor(endpoint.clone())
            .send()
            .await
            .map_err(|error| endpoint.failure(CALL, &error))?;
        let given = answer
            .credentials()
            .ok_or_else(|| Failure::invalid(CALL, "the response has no credentials"))?;
        let ends = SystemTime::try_from(*given.expiration())
            .map_err(|error| Failure::invalid(CALL, error.to_string()))?;
        let config = self
            .config
            .to_builder()
            .credentials_provider(provider(given, ends))
            // The credentials are at hand, and another role's must not be taken for them.
            .identity_cache(IdentityCache::no_cache())
            .build();
        Ok(Session { config, ends })
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<Role, Session>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn lasts(&self, now: SystemTime) -> bool {
        self.ends > now + RESERVE
    }
}

/// Keeps a session. Those that are over go, and the one that ends first where there are too many.
fn keep(kept: &mut HashMap<Role, Session>, role: &Role, session: Session, now: SystemTime) {
    kept.retain(|_, session| session.lasts(now));
    if kept.len() >= MOST {
        let first = kept.iter().min_by_key(|(_, session)| session.ends);
        if let Some(first) = first.map(|(role, _)| role.clone()) {
            kept.remove(&first);
        }
    }
    kept.insert(role.clone(), session);
}

fn provider(given: &Assumed, ends: SystemTime) -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(Credentials::new(
        given.access_key_id(),
        given.secret_access_key(),
        Some(given.session_token().to_owned()),
        Some(ends),
        CALL,
    ))
}

#[cfg(test)]
mod tests {
    use aws_config::BehaviorVersion;

    use super::*;

    fn role(number: usize) -> Role {
        Role {
            arn: format!("arn:aws:iam::{number:012}:role/reader"),
            session_name: "rule".to_owned(),
            region: "eu-west-1".to_owned(),
            external_id: None,
        }
    }

    fn session(ends: SystemTime) -> Session {
        let config = SdkConfig::builder().behavior_version(BehaviorVersion::latest()).build();
        Session { config, ends }
    }

    #[test]
    fn sessions_that_are_over_go_and_those_that_end_first_where_there_are_too_many() {
        let now = SystemTime::UNIX_EPOCH;
        let in_minutes = |minutes: usize| now + Duration::from_secs(60 * minutes as u64);
        let mut kept = HashMap::new();
        for number in 0..MOST {
            keep(&mut kept, &role(number), session(in_minutes(60 + number)), now);
        }
        assert_eq!(kept.len(), MOST);

        keep(&mut kept, &role(MOST), session(in_minutes(200)), now);
        assert_eq!(kept.len(), MOST);
        assert!(!kept.contains_key(&role(0)) && kept.contains_key(&role(1)));

        keep(&mut kept, &role(MOST + 1), session(in_minutes(300)), in_minutes(120));
        let mut left: Vec<Role> = kept.into_keys().collect();
        left.sort_by(|a, b| a.arn.cmp(&b.arn));
        assert_eq!(left, [role(MOST), role(MOST + 1)]);
    }
}
