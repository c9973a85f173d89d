//! What is known of a trail at one time, and what a call makes of it.

use cis_rules::diff::diff;
use cis_rules::question::Deliveries;
use cis_rules::snapshot::{InputError, Snapshot};
use serde_json::{Map, Value, json};

use crate::call::{TrailChange, TrailMembers};
use crate::management::Management;
use crate::trail_id::TrailId;

/// What is known of a trail; a member is `None` where it is not.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct State {
    /// Whether there is such a trail.
    pub(crate) exists: Option<bool>,
    /// Whether it logs.
    pub(crate) is_logging: Option<bool>,
    /// Its selectors, as GetEventSelectors spells them.
    pub(crate) selectors: Option<Value>,
    /// Whether it is a multi-Region trail.
    pub(crate) is_multi_region: Option<bool>,
    /// Whether it is an organization trail.
    pub(crate) is_organization: Option<bool>,
    /// The bucket that it delivers to.
    pub(crate) bucket: Option<String>,
    /// The key that it encrypts with; the empty text where it is known to have none.
    pub(crate) key: Option<String>,
    /// The rest of its item of DescribeTrails, where that was observed.
    pub(crate) rest: Option<Value>,
}

/// What a step says of a trail.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    /// A call changed it.
    Changed(TrailChange),
    /// A snapshot shows it so, or shows that there is none.
    Observed(Box<State>),
    /// A later observation differs from what the calls made of it, so a change was not seen.
    Unseen,
}

/// The members of a state that change by themselves.
pub(crate) const MEMBERS: usize = 7;

impl State {
    /// What a snapshot's trail shows.
    pub(crate) fn observed(trail: &Value) -> Self {
        let item = trail.get("trail").unwrap_or(&Value::Null);
        let flag = |member: &str| item.get(member).and_then(Value::as_bool);
        let text = |member: &str| item.get(member).and_then(Value::as_str).map(String::from);
        let selectors = trail.get("eventSelectors").filter(|found| found.is_object()).cloned();
        Self {
            exists: Some(true),
            is_logging: trail.pointer("/status/IsLogging").and_then(Value::as_bool),
            selectors: selectors.or_else(|| {
                let is_default = flag("HasCustomEventSelectors") == Some(false);
                is_default.then(default_selectors)
            }),
            is_multi_region: flag("IsMultiRegionTrail"),
            is_organization: flag("IsOrganizationTrail"),
            bucket: text("S3BucketName"),
            key: Some(text("KmsKeyId").unwrap_or_default()),
            rest: Some(item.clone()),
        }
    }

    /// That there is no such trail.
    pub(crate) fn none() -> Self {
        Self { exists: Some(false), ..Self::default() }
    }

    /// The state after a call.
    #[must_use]
    pub(crate) fn after(&self, change: &TrailChange) -> Self {
        let mut state = Self { exists: Some(true), ..self.clone() };
        match change {
            TrailChange::Create(members) => {
                // What a request leaves out has its default:
                // <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_CreateTrail.html>
                state = Self {
                    exists: Some(true),
                    is_logging: Some(false),
                    selectors: Some(default_selectors()),
                    is_multi_region: Some(false),
                    is_organization: Some(false),
                    bucket: None,
                    key: Some(String::new()),
                    rest: None,
                };
                state.update(members);
            }
            TrailChange::Update(members) => state.update(members),
            TrailChange::Selectors(selectors) => state.selectors.clone_from(selectors),
            TrailChange::Logging(is_logging) => state.is_logging = Some(*is_logging),
            TrailChange::Delete => state = Self::none(),
        }
        state
    }

    fn update(&mut self, members: &TrailMembers) {
        if let Some(bucket) = &members.bucket {
            self.bucket = Some(bucket.clone());
        }
        if members.key.is_some() || members.is_whole {
            self.key = Some(members.key.clone().unwrap_or_default());
        }
        self.is_multi_region = members.is_multi_region.or(self.is_multi_region);
        self.is_organization = members.is_organization.or(self.is_organization);
    }

    /// Whether the selectors of a trail mean the same in both, however they are written.
    fn selects_as(&self, other: &Self, id: &TrailId) -> Option<bool> {
        let (one, two) = (self.selectors.as_ref()?, other.selectors.as_ref()?);
        if one == two {
            return Some(true);
        }
        let of = |selectors: &Value| {
            let state = Self { selectors: Some(selectors.clone()), ..Self::default() };
            let trails = state.trail(id, true).into_iter().collect();
            account(&id.account_id, &id.partition, trails, true).ok()
        };
        let is_same = of(one)
            .zip(of(two))
            .and_then(|(one, two)| diff(&one, &two, Deliveries::Require).ok())
            .is_some_and(|found| !found.is_loss() && !found.is_gain());
        Some(is_same && Management::of(one) == Management::of(two))
    }

    /// Whether each member is the same in both; `None` where one of them is not known.
    pub(crate) fn agreement(&self, other: &Self, id: &TrailId) -> [Option<bool>; MEMBERS] {
        fn same<T: PartialEq>(one: &Option<T>, other: &Option<T>) -> Option<bool> {
            Some(one.as_ref()? == other.as_ref()?)
        }
        [
            same(&self.exists, &other.exists),
            same(&self.is_logging, &other.is_logging),
            self.selects_as(other, id),
            same(&self.is_multi_region, &other.is_multi_region),
            same(&self.is_organization, &other.is_organization),
            same(&self.bucket, &other.bucket),
            same(&self.key, &other.key),
        ]
    }

    /// Takes the members of another state that this one does not know, or those that are chosen.
    pub(crate) fn take(&mut self, other: &Self, is_chosen: [bool; MEMBERS]) {
        fn take<T: Clone>(to: &mut Option<T>, from: &Option<T>, is_chosen: bool) {
            if is_chosen {
                to.clone_from(from);
            }
        }
        let [exists, logging, selectors, multi, organization, bucket, key] = is_chosen;
        take(&mut self.exists, &other.exists, exists);
        take(&mut self.is_logging, &other.is_logging, logging);
        take(&mut self.selectors, &other.selectors, selectors);
        take(&mut self.is_multi_region, &other.is_multi_region, multi);
        take(&mut self.is_organization, &other.is_organization, organization);
        take(&mut self.bucket, &other.bucket, bucket);
        take(&mut self.key, &other.key, key);
        if self.rest.is_none() {
            self.rest.clone_from(&other.rest);
        }
    }

    /// Which members are not known.
    pub(crate) fn unknown(&self) -> [bool; MEMBERS] {
        [
            self.exists.is_none(),
            self.is_logging.is_none(),
            self.selectors.is_none(),
            self.is_multi_region.is_none(),
            self.is_organization.is_none(),
            self.bucket.is_none(),
            self.key.is_none(),
        ]
    }

    /// Whether it surely records nothing: there is no such trail, or it is stopped.
    pub(crate) fn is_off(&self) -> bool {
        self.exists == Some(false) || self.is_logging == Some(false)
    }

    /// The management events that it records while it logs.
    pub(crate) fn management(&self) -> Option<Management> {
        self.selectors.as_ref().map(Management::of)
    }

    /// The trail in a snapshot, with a status that is assumed where it is not known; `None` where
    /// there is none.
    pub(crate) fn trail(&self, id: &TrailId, assumed: bool) -> Option<Value> {
        if self.exists == Some(false) {
            return None;
        }
        let mut trail = match &self.rest {
            Some(Value::Object(rest)) => rest.clone(),
            _ => Map::new(),
        };
        let mut set = |member: &str, value: Value| {
            if value.is_null() {
                trail.remove(member);
            } else {
                trail.insert(member.to_string(), value);
            }
        };
        let or_assumed = |flag: Option<bool>| json!(flag.or(assumed.then_some(true)));
        set("TrailARN", json!(id.to_string()));
        set("Name", json!(id.name));
        set("HomeRegion", json!(id.home_region));
        set("IsMultiRegionTrail", or_assumed(self.is_multi_region));
        set("IsOrganizationTrail", json!(self.is_organization));
        set("S3BucketName", json!(self.bucket));
        // The selectors themselves say more.
        set("HasCustomEventSelectors", Value::Null);
        let is_logging = self.is_logging.filter(|_| self.exists.is_some() || assumed);
        Some(json!({
            "trail": trail,
            "status": {"IsLogging": or_assumed(is_logging)},
            "eventSelectors": self.selectors,
        }))
    }
}

/// What a trail selects that was made without selectors: management events.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_PutEventSelectors.html>
fn default_selectors() -> Value {
    json!({"EventSelectors": [
        {"ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": []},
    ]})
}

/// The account whose trails are these.
///
/// # Errors
/// Where a call's selectors are no selectors.
pub(crate) fn account(
    account_id: &str,
    partition: &str,
    trails: Vec<Value>,
    is_listed: bool,
) -> Result<Snapshot, InputError> {
    let unlisted = json!([{"call": "DescribeTrails"}]);
    let account = json!({
        "schemaVersion": 1,
        "accountId": account_id,
        "partition": partition,
        "trails": trails,
        "unreadable": if is_listed { json!([]) } else { unlisted },
    });
    Snapshot::from_json(&account.to_string())
}
