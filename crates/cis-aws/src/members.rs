//! Reading the accounts of an organization one after the other: each in its own role, and what they
//! share, the organization's trails, once.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use aws_config::SdkConfig;
use aws_sdk_cloudtrail::config::SharedHttpClient;
use cis_rules::partition::is_enabled_by_default;
use cis_rules::report::ReadBy;
use cis_rules::snapshot::Cause;
use futures_util::future::join;
use serde_json::{Value, json};

use crate::access::Role;
use crate::account::{Account, CallerError, Identity};
use crate::collect::{Collected, Collector, Part, home_region, owner};
use crate::credentials::LoadedCredentials;
use crate::failure::Failure;
use crate::pace::{CLOUDTRAIL_READS_A_SECOND, Pace};
use crate::sessions::Sessions;

/// What a session may do, whatever its role may: the three calls that a verdict needs.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies.html#policies_session>
const SESSION_POLICY: &str = "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\
     \"Action\":[\"cloudtrail:DescribeTrails\",\"cloudtrail:GetTrailStatus\",\
     \"cloudtrail:GetEventSelectors\"],\"Resource\":\"*\"}]}";

/// How members are entered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberRole {
    /// The name of the role, which each member has, with its path if it has one.
    pub name: String,
    /// How its sessions are called.
    pub session_name: String,
    /// What the role's trust policy may ask for: `sts:ExternalId`.
    pub external_id: Option<String>,
    /// Whether sessions may do all that the role may, and not only the three calls that are needed.
    pub is_whole: bool,
}

/// Reads the accounts of an organization.
#[derive(Debug)]
pub struct Members {
    caller: Identity,
    sessions: Sessions,
    role: MemberRole,
    /// Accounts whose own credentials are at hand, the caller's among them.
    own: HashMap<String, Entered>,
    /// The HTTP client without the caller's pace: each account has its own.
    client: Option<SharedHttpClient>,
    paces: Mutex<HashMap<String, Pace>>,
    // A member that needs a trail waits while another one's need of it is answered.
    trails: futures_util::lock::Mutex<HashMap<String, Owned>>,
}

/// An account that can be read.
#[derive(Debug)]
struct Entered {
    config: SdkConfig,
    /// Who reads it.
    arn: String,
}

impl Entered {
    fn new(config: &SdkConfig, identity: &Identity) -> Self {
        Self { config: config.clone(), arn: identity.arn.clone() }
    }
}

/// An organization trail as its owner reads it.
#[derive(Clone, Debug)]
struct Owned {
    /// The owner's role; `None` where the owner's own credentials are at hand.
    role: Option<String>,
    status: Result<Value, Failure>,
    selectors: Result<Value, Failure>,
}

impl Members {
    /// A reader that enters members by this role, with the caller's credentials and at the caller's pace.
    /// The caller's own account is read without the role.
    #[must_use]
    pub fn new(config: &SdkConfig, caller: &Identity, pace: &Pace, role: MemberRole) -> Self {
        let sessions = Sessions::new(&pace.keep(config.clone()));
        let is_whole = role.is_whole;
        Self {
            caller: caller.clone(),
            sessions: if is_whole { sessions } else { sessions.cut_down_to(SESSION_POLICY) },
            role,
            own: HashMap::from([(caller.account.id.clone(), Entered::new(config, caller))]),
            client: config.http_client(),
            paces: Mutex::default(),
            trails: futures_util::lock::Mutex::default(),
        }
    }

    /// Reads another account with credentials of its own, too, and not in the role: the management
    /// account, where the caller is a delegated administrator.
    #[must_use]
    pub fn with_own(mut self, config: &SdkConfig, identity: &Identity) -> Self {
        self.own.insert(identity.account.id.clone(), Entered::new(config, identity));
        self
    }

    /// Reads an account. What fails of it, be it that the role cannot be assumed, is said in the
    /// snapshot.
    ///
    /// # Errors
    /// Where AWS does not take the caller's own credentials any more: nothing can be read of any account.
    pub async fn read(&self, id: &str) -> Result<Collected, Failure> {
        let Account { partition, region, .. } = &self.caller.account;
        let account =
            Account { id: id.to_owned(), partition: partition.clone(), region: region.clone() };
        let read = match self.enter(id).await {
            Ok(entered) => {
                let collector = Collector::new(&entered.config);
                let observe = |trail| self.observe(&collector, &account, trail);
                // On the heap, for the SDK's futures are large, and many accounts are read at a time.
                let collected = Box::pin(collector.collect_by(&account, observe)).await;
                let region = Some(account.region.clone());
                Ok(collected.read_by(&ReadBy { arn: entered.arn, profile: None, region }))
            }
            Err(failure) if self.is_of_caller(&failure).await => Err(failure),
            Err(failure) => Ok(Collected::unread(&account, &failure)),
        };
        self.paces().remove(id);
        read
    }

    /// The configuration with which an account is read, once it is certain whose it is.
    async fn enter(&self, id: &str) -> Result<Entered, Failure> {
        let pace = {
            let mut paces = self.paces();
            let pace = || Pace::at_most(CLOUDTRAIL_READS_A_SECOND);
            paces.entry(id.to_owned()).or_insert_with(pace).clone()
        };
        if let Some(Entered { config, arn }) = self.own.get(id) {
            return Ok(Entered { config: pace.keep(config.clone()), arn: arn.clone() });
        }
        let role = self.role_in(id);
        let config = pace.keep(self.unpaced(self.sessions.config(Some(&role)).await?));
        let identity = crate::identity(&config).await.map_err(|error| match error {
            CallerError::Call(failure) => failure,
            CallerError::NoRegion => Failure::invalid("GetCallerIdentity", error.to_string()),
        })?;
        if identity.account.id == id {
            return Ok(Entered { config, arn: identity.arn });
        }
        self.sessions.forget(&role);
        Err(Failure {
            call: "GetCallerIdentity",
            code: Failure::OTHER_ACCOUNT.to_owned(),
            message: format!(
                "the session of {} belongs to account {}, as {}",
                role.arn, identity.account.id, identity.arn
            ),
        })
    }

    fn unpaced(&self, config: SdkConfig) -> SdkConfig {
        match &self.client {
            Some(client) => config.into_builder().http_client(client.clone()).build(),
            None => config,
        }
    }

    /// The role in an account.
    fn role_in(&self, id: &str) -> Role {
        let Account { partition, region, .. } = &self.caller.account;
        let MemberRole { name, session_name, external_id, .. } = &self.role;
        Role {
            arn: format!("arn:{partition}:iam::{id}:role/{name}"),
            session_name: session_name.clone(),
            region: region.clone(),
            external_id: external_id.clone(),
        }
    }

    /// Whether a failure to enter an account is one of the caller's own credentials.
    async fn is_of_caller(&self, failure: &Failure) -> bool {
        match Cause::of_code(&failure.code) {
            _ if failure.call != "AssumeRole" => false,
            Cause::Expired | Cause::UnknownKey | Cause::Signature => true,
            // A request that cannot be signed is not sent.
            Cause::Network => {
                LoadedCredentials::of(self.sessions.own()).await != LoadedCredentials::Loaded
            }
            Cause::Denied | Cause::Throttled | Cause::Other => false,
        }
    }

    /// One trail, with its status and its selectors: of an organization's trail, those that its owner
    /// reads.
    async fn observe(&self, collector: &Collector, account: &Account, trail: Value) -> Value {
        let owner = owner(&trail).map(str::to_owned);
        let is_of_organization = trail["IsOrganizationTrail"] == Value::Bool(true);
        let Some(owner) = owner.filter(|_| is_of_organization) else {
            return collector.observe(account, trail).await;
        };
        let owned = self.owned(&owner, &trail, &account.region).await;
        // Whether a member that has not enabled the trail's Region sends anything, only it can tell.
        let is_everywhere =
            home_region(&trail).is_some_and(|home| is_enabled_by_default(home, &account.partition));
        let own_first = !is_everywhere && owner != account.id;
        let read = |part| collector.read(part, &trail, &account.region);
        let (status, selectors) = join(
            either(&owned.status, own_first, || read(Part::Status)),
            either(&owned.selectors, false, || read(Part::EventSelectors)),
        )
        .await;
        let mut entry = json!({"trail": trail});
        let mut through = Vec::new();
        let mut unreadable = Vec::new();
        for (part, (answer, is_owners, failures)) in
            [(Part::Status, status), (Part::EventSelectors, selectors)]
        {
            entry[part.member()] = answer;
            if is_owners && owner != account.id {
                through.push(part.call());
            }
            unreadable.extend(failures);
        }
        if !through.is_empty() {
            entry["readThrough"] = match &owned.role {
                Some(role) => json!({"roleArn": role, "calls": through}),
                None => json!({"calls": through}),
            };
        }
        if !unreadable.is_empty() {
            entry["unreadable"] = unreadable.iter().map(Failure::to_json).collect();
        }
        entry
    }

    /// A trail as its owner reads it: asked once, unless that failed for a reason that passes.
    async fn owned(&self, owner: &str, trail: &Value, region: &str) -> Owned {
        let arn = trail["TrailARN"].as_str().unwrap_or_default();
        let mut trails = self.trails.lock().await;
        if let Some(owned) = trails.get(arn) {
            return owned.clone();
        }
        let is_own = self.own.contains_key(owner);
        let role = (!is_own).then(|| self.role_in(owner).arn);
        let owned = match Box::pin(self.enter(owner)).await {
            Ok(Entered { config, .. }) => {
                let collector = Collector::new(&config);
                let (status, selectors) = join(
                    collector.read(Part::Status, trail, region),
                    collector.read(Part::EventSelectors, trail, region),
                )
                .await;
                let selectors = selectors.and_then(|answer| about(arn, answer));
                Owned { role, status, selectors }
            }
            Err(failure) => Owned { role, status: Err(failure.clone()), selectors: Err(failure) },
        };
        let owned = Owned {
            status: owned.status.map_err(|failure| by_owner(owner, failure)),
            selectors: owned.selectors.map_err(|failure| by_owner(owner, failure)),
            ..owned
        };
        let passes = |part: &Result<Value, Failure>| {
            part.as_ref().is_err_and(|failure| failure.is_passing())
        };
        if !passes(&owned.status) && !passes(&owned.selectors) {
            trails.insert(arn.to_owned(), owned.clone());
        }
        owned
    }

    fn paces(&self) -> std::sync::MutexGuard<'_, HashMap<String, Pace>> {
        self.paces.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The owner's answer or the account's own, whether it is the owner's, and where there is none what
/// failed. The account is asked where its answer comes first, or the owner's is missing.
async fn either<F: Future<Output = Result<Value, Failure>>>(
    owners: &Result<Value, Failure>,
    own_first: bool,
    read: impl FnOnce() -> F,
) -> (Value, bool, Vec<Failure>) {
    match (owners, own_first) {
        (Ok(answer), false) => (answer.clone(), true, Vec::new()),
        (Ok(answer), true) => match read().await {
            Ok(own) => (own, false, Vec::new()),
            Err(_) => (answer.clone(), true, Vec::new()),
        },
        (Err(failure), _) => match read().await {
            Ok(own) => (own, false, Vec::new()),
            Err(own) => (Value::Null, false, vec![failure.clone(), own]),
        },
    }
}

/// An answer that is about the trail which was asked for.
fn about(arn: &str, answer: Value) -> Result<Value, Failure> {
    let answered = answer.get("TrailARN").and_then(Value::as_str);
    if answered.is_some_and(|answered| answered != arn) {
        let call = Part::EventSelectors.call();
        return Err(Failure::invalid(call, "the response is about another trail"));
    }
    Ok(answer)
}

fn by_owner(owner: &str, mut failure: Failure) -> Failure {
    failure.message = format!("in account {owner}, which owns the trail: {}", failure.message);
    failure
}
