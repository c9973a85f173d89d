//! One planned trail, as the snapshot's JSON of a trail.

use serde_json::{Value as Json, json};

use crate::error::PlanError;
use crate::opens::Opens;
use crate::selectors::{Place, Selectors, selectors};
use crate::value::{Open, Value};
use cis_rules::report::Unknown;
use cis_rules::selector::LEFT_OPEN;

/// A trail that is surely planned.
pub(crate) struct PlannedTrail<'a> {
    /// Where it stands in the plan, for errors.
    pub(crate) path: &'a str,
    /// The file that it is written in, where its selectors do not say one.
    pub(crate) file: Option<&'a str>,
    /// Its ARN, or one like it where the plan does not say it.
    pub(crate) arn: String,
    /// The partition of the ARN.
    pub(crate) partition: &'a str,
    /// Its name.
    pub(crate) name: Option<&'a str>,
    /// Its home Region.
    pub(crate) home_region: Option<&'a str>,
    /// Whether it logs, `true` where that is absent and has a default.
    pub(crate) is_logging: Fact<'a>,
    /// Whether it is multi-Region.
    pub(crate) is_multi_region: Fact<'a>,
    /// Whether it is an organization trail.
    pub(crate) is_organization: Fact<'a>,
    /// Whether CloudTrail's own deliveries are recorded.
    pub(crate) recursive_logging: Fact<'a>,
    /// Where log files go.
    pub(crate) bucket: &'a Value,
    /// `EventSelectors`.
    pub(crate) basic: &'a Value,
    /// `AdvancedEventSelectors`.
    pub(crate) advanced: &'a Value,
}

/// A boolean of a trail.
pub(crate) struct Fact<'a> {
    /// The property.
    pub(crate) name: &'a str,
    /// Its value.
    pub(crate) value: &'a Value,
    /// What holds where it is absent; none where it must be given.
    pub(crate) default: Option<bool>,
}

impl Fact<'_> {
    fn read(&self, path: &str, opens: &mut Opens) -> Result<Option<bool>, PlanError> {
        let refused =
            || PlanError::shape(format!("{path}.{}", self.name), "expected `true` or `false`");
        match self.value {
            Value::Absent => {
                if self.default.is_none() {
                    opens.say(crate::value::unknown(
                        format!("{} is not known: it is not given", self.name),
                        format!("write {}", self.name),
                    ));
                }
                Ok(self.default)
            }
            Value::Open(Open { why, .. }) | Value::Either(_, why) => {
                opens.note(self.name, why);
                Ok(None)
            }
            value => match value.known_text().ok_or_else(refused)? {
                text if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
                text if text.eq_ignore_ascii_case("false") => Ok(Some(false)),
                _ => Err(refused()),
            },
        }
    }
}

impl PlannedTrail<'_> {
    /// The trail as a snapshot has it.
    pub(crate) fn document(&self) -> Result<Json, PlanError> {
        let mut opens = Opens::default();
        let place = Place { partition: self.partition, path: self.path, file: self.file };
        let is_logging = self.is_logging.read(self.path, &mut opens)?;
        let mut trail = json!({
            "TrailARN": self.arn,
            "Name": self.name,
            "HomeRegion": self.home_region,
            "IsMultiRegionTrail": self.is_multi_region.read(self.path, &mut opens)?,
            "IsOrganizationTrail": self.is_organization.read(self.path, &mut opens)?,
            "RecursiveLogging": true,
        });
        trail["S3BucketName"] = self.bucket.known_text().into();
        match self.recursive_logging.read(self.path, &mut opens)? {
            Some(known) => trail["RecursiveLogging"] = known.into(),
            None => trail["RecursiveLogging"] = LEFT_OPEN.into(),
        }
        let Selectors { basic, advanced, places } =
            selectors(self.basic, self.advanced, place, &mut opens)?;
        let is_empty = |list: &Option<Vec<Json>>| list.as_ref().is_none_or(|list| list.is_empty());
        trail["HasCustomEventSelectors"] = (!is_empty(&basic) || !is_empty(&advanced)).into();
        let mut document = json!({
            "trail": trail,
            "status": is_logging.map(|is_logging| json!({"IsLogging": is_logging})),
            "eventSelectors": {"EventSelectors": basic, "AdvancedEventSelectors": advanced},
            "open": opens.into_all(),
        });
        if !places.is_empty() {
            document["selectorPlaces"] = json!(places);
        }
        Ok(document)
    }
}

/// A trail that may or may not be planned, or trails that another file plans. Nothing is said of
/// it: so it neither proves an account nor refutes it, in any mode. In the mode `every` a trail
/// that is known to be useless would refute an account, even where it is not there.
pub(crate) fn doubtful(label: &str, why: &[Unknown]) -> Json {
    json!({"trail": {"Name": label}, "open": why})
}

/// The same of a trail that was read: it keeps its name and its place.
pub(crate) fn doubtful_as(trail: &Json, why: &[Unknown]) -> Json {
    let mut doubted = doubtful(label_of(trail), why);
    if let Some(place) = trail.get("place") {
        doubted["place"] = place.clone();
    }
    doubted
}

/// What a trail is called.
pub(crate) fn label_of(trail: &Json) -> &str {
    let member = |name| trail.get("trail")?.get(name)?.as_str();
    member("TrailARN").or_else(|| member("Name")).unwrap_or_default()
}

/// Takes everything out of what is known of trails, for a resource calls CloudTrail and may change
/// them or make others.
pub(crate) fn doubt_all(trails: &mut Vec<Json>, caller: &str) {
    let why = crate::value::unknown(
        format!("{caller}{CALLS_CLOUDTRAIL}"),
        "deploy, and audit the account",
    );
    for planned in trails.iter_mut() {
        *planned = doubtful_as(planned, std::slice::from_ref(&why));
    }
    trails.push(doubtful(&format!("the trails of {caller}"), &[why]));
}

const CALLS_CLOUDTRAIL: &str = " calls CloudTrail, and may change trails or make some";

/// Whether this is why [`doubt_all`] doubted.
pub(crate) fn calls_cloudtrail(why: &Unknown) -> bool {
    why.reason.ends_with(CALLS_CLOUDTRAIL)
}
