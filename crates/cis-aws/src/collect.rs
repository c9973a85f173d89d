//! Reading one account's trails.

use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use aws_config::{Region, SdkConfig};
use aws_sdk_cloudtrail::Client;
use aws_sdk_cloudtrail::config::Builder;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use cis_rules::report::ReadBy;
use cis_rules::snapshot::{InputError, Snapshot};
use futures_util::future::join;
use futures_util::stream::{StreamExt as _, iter};
use serde_json::{Value, json};

use crate::account::Account;
use crate::failure::Failure;
use crate::raw::RawBody;

/// How many trails are read at a time, with two calls each.
///
/// An account has at most five trails in a Region, and CloudTrail answers ten reads a second and
/// Region: so many at once never exceed it. Where others use it up, the SDK waits and retries.
///
/// Source: <https://docs.aws.amazon.com/general/latest/gr/ct.html>
const TRAILS_AT_ONCE: usize = 5;

/// Reads accounts with one set of credentials. Its clients, one per Region, are made once.
#[derive(Debug)]
pub struct Collector {
    config: SdkConfig,
    clients: Mutex<HashMap<String, Client>>,
}

impl Collector {
    /// A collector with this configuration's credentials, endpoint and HTTP client. The Region is
    /// each account's own.
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self { config: config.clone(), clients: Mutex::default() }
    }

    /// Reads what the account's trails record: one call, and at most two for each trail.
    ///
    /// What cannot be read is said in the snapshot.
    pub async fn collect(&self, account: &Account) -> Collected {
        self.collect_by(account, |trail| self.observe(account, trail)).await
    }

    /// The same, with each trail's entry made in another way.
    pub(crate) async fn collect_by<F: Future<Output = Value>>(
        &self,
        account: &Account,
        observe: impl Fn(Value) -> F,
    ) -> Collected {
        let mut document = heading(account);
        match self.list(account).await {
            Ok(trails) => {
                let trails = iter(trails).map(observe).buffered(TRAILS_AT_ONCE).collect().await;
                document["trails"] = Value::Array(trails);
            }
            Err(failure) => {
                document["trails"] = json!([]);
                add_unreadable(&mut document, &[failure]);
            }
        }
        Collected { document, unread_for: None }
    }

    /// The trails that are seen from the account's Region, each once.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html>
    async fn list(&self, account: &Account) -> Result<Vec<Value>, Failure> {
        const CALL: &str = "DescribeTrails";
        let raw = RawBody::default();
        let sent = self
            .client(&account.region)
            .describe_trails()
            .include_shadow_trails(true)
            .customize()
            .interceptor(raw.clone())
            .send()
            .await;
        let mut response = raw.object(CALL, sent)?;
        let Some(Value::Array(mut trails)) = response.get_mut("trailList").map(Value::take) else {
            return Err(Failure::invalid(CALL, "the response has no `trailList`"));
        };
        let mut seen = HashSet::new();
        trails.retain(|trail| arn(trail).is_none_or(|arn| seen.insert(arn.to_owned())));
        Ok(trails)
    }

    /// One trail with its status and its selectors, asked by full ARN where the trail is at home:
    /// the only way that works for shadow trails and organization trails.
    pub(crate) async fn observe(&self, account: &Account, trail: Value) -> Value {
        let client = self.client(home_region(&trail).unwrap_or(&account.region));
        // Asked for even where `HasCustomEventSelectors` is false: the verdict must not rest on a
        // summary where the selectors themselves can be read.
        let (status, selectors) =
            join(Part::Status.read(&client, &trail), Part::EventSelectors.read(&client, &trail))
                .await;
        let mut unreadable = Vec::new();
        let mut observed = |result: Result<Value, Failure>| {
            result.unwrap_or_else(|failure| {
                unreadable.push(failure);
                Value::Null
            })
        };
        let (status, selectors) = (observed(status), observed(selectors));
        let mut entry = json!({"trail": trail, "status": status, "eventSelectors": selectors});
        add_unreadable(&mut entry, &unreadable);
        entry
    }

    /// One part of a trail's observation, asked for where the trail is at home, or else in a Region.
    pub(crate) async fn read(
        &self,
        part: Part,
        trail: &Value,
        region: &str,
    ) -> Result<Value, Failure> {
        part.read(&self.client(home_region(trail).unwrap_or(region)), trail).await
    }

    /// The client of a Region.
    fn client(&self, region: &str) -> Client {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients
            .entry(region.to_owned())
            .or_insert_with(|| {
                let config = Builder::from(&self.config).region(Region::new(region.to_owned()));
                Client::from_conf(config.build())
            })
            .clone()
    }
}

/// What is asked of each trail besides its description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Part {
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html>
    Status,
    /// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html>
    EventSelectors,
}

impl Part {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Status, Self::EventSelectors];

    /// The operation.
    pub(crate) const fn call(self) -> &'static str {
        match self {
            Self::Status => "GetTrailStatus",
            Self::EventSelectors => "GetEventSelectors",
        }
    }

    /// The member of a trail's entry that holds the answer.
    pub(crate) const fn member(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::EventSelectors => "eventSelectors",
        }
    }

    /// Asks by the trail's full ARN.
    async fn read(self, client: &Client, trail: &Value) -> Result<Value, Failure> {
        let arn = required_arn(self.call(), trail)?;
        let raw = RawBody::default();
        match self {
            Self::Status => {
                let asked = client.get_trail_status().name(arn).customize();
                raw.object(self.call(), asked.interceptor(raw.clone()).send().await)
            }
            Self::EventSelectors => {
                let asked = client.get_event_selectors().trail_name(arn).customize();
                raw.object(self.call(), asked.interceptor(raw.clone()).send().await)
            }
        }
    }
}

fn arn(trail: &Value) -> Option<&str> {
    trail.get("TrailARN")?.as_str()
}

fn required_arn<'a>(call: &'static str, trail: &'a Value) -> Result<&'a str, Failure> {
    arn(trail).ok_or_else(|| Failure {
        call,
        code: "MissingTrailARN".to_owned(),
        message: "DescribeTrails gave the trail no ARN, so it cannot be asked for".to_owned(),
    })
}

/// The account that a trail's ARN names.
pub(crate) fn owner(trail: &Value) -> Option<&str> {
    arn(trail)?.split(':').nth(4).filter(|owner| !owner.is_empty())
}

/// The Region that a trail was made in: its `HomeRegion`, or else the one in its ARN.
pub(crate) fn home_region(trail: &Value) -> Option<&str> {
    let named = trail.get("HomeRegion").and_then(Value::as_str);
    named.or_else(|| arn(trail)?.split(':').nth(3)).filter(|region| !region.is_empty())
}

/// What a snapshot begins with.
fn heading(account: &Account) -> Value {
    json!({
        "schemaVersion": 1,
        "accountId": account.id,
        "partition": account.partition,
        "region": account.region,
        "collectedAt": now(),
    })
}

fn add_unreadable(entry: &mut Value, failures: &[Failure]) {
    if !failures.is_empty() {
        entry["unreadable"] = failures.iter().map(Failure::to_json).collect();
    }
}

/// The time in RFC 3339, UTC, in whole seconds.
fn now() -> String {
    let now = DateTime::from_secs(DateTime::from(SystemTime::now()).secs());
    // Only years past 9999 have no such form.
    now.fmt(Format::DateTime).unwrap_or_default()
}

/// What was read of one account.
#[derive(Clone, Debug, PartialEq)]
pub struct Collected {
    document: Value,
    unread_for: Option<Failure>,
}

impl Collected {
    /// An account that could not be entered, so that nothing was read: it is not known which trails it
    /// has.
    pub(crate) fn unread(account: &Account, failure: &Failure) -> Self {
        let mut document = heading(account);
        document["trails"] = Value::Null;
        add_unreadable(&mut document, std::slice::from_ref(failure));
        Self { document, unread_for: Some(failure.clone()) }
    }

    /// Why nothing was read, where the account could not be entered.
    #[must_use]
    pub const fn unread_for(&self) -> Option<&Failure> {
        self.unread_for.as_ref()
    }

    /// The snapshot document (schemaVersion 1), with AWS's own JSON unchanged inside it. The entry
    /// of a trail that was read in a role of another account has one member more:
    /// `"readThrough": {"roleArn": "…", "calls": ["GetEventSelectors"]}`.
    #[must_use]
    pub const fn document(&self) -> &Value {
        &self.document
    }

    /// Says who read the account.
    #[must_use]
    pub fn read_by(mut self, reader: &ReadBy) -> Self {
        if let (Value::Object(members), Ok(reader)) =
            (&mut self.document, serde_json::to_value(reader))
        {
            // The trails are long, and come last.
            let before = members.keys().position(|name| name == "trails").unwrap_or(members.len());
            members.shift_insert(before, "readBy".to_owned(), reader);
        }
        self
    }

    /// Gives the snapshot a label.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        if let Value::Object(members) = &mut self.document {
            members.shift_insert(members.len().min(1), "name".to_owned(), name.into());
        }
        self
    }

    /// Whether the trails could be listed.
    pub(crate) fn is_listed(&self) -> bool {
        self.document["unreadable"].is_null()
    }

    /// The trails' entries, to be completed.
    pub(crate) fn trails_mut(&mut self) -> impl Iterator<Item = &mut Value> {
        self.document["trails"].as_array_mut().into_iter().flatten()
    }

    /// The snapshot, read from the document in the way that a file is read, so that a live account
    /// and its snapshot can only get one verdict.
    ///
    /// # Errors
    /// Where AWS's JSON is not of the shape that its reference describes: in which member.
    pub fn snapshot(&self) -> Result<Snapshot, InputError> {
        Snapshot::from_json(&self.document.to_string())
    }
}
