//! Planned trails whose values may be known after apply only, each of which can be filled in.
//!
//! A plan does not say how a value is made that is not known. So each one may be any that its type
//! allows, and two are never known to be the same.

mod filling;

use cis_rules::snapshot::Place;
use serde_json::{Value as Json, json};

use crate::completions::{Fill, Marks};
use crate::error::PlanError;
use crate::trail::{Fact, PlannedTrail, doubt_all};
use crate::value::Value;

/// The trails of an account, in one partition.
#[derive(Clone, Debug)]
pub(super) struct OpenTrails {
    /// The trails.
    pub(super) trails: Vec<Planned>,
    /// What calls CloudTrail: it may change all of them.
    pub(super) callers: Vec<String>,
}

/// A trail, or what a snapshot has in its place.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    trail: Content,
    /// Where it is written, if that is known.
    pub(super) place: Option<Place>,
}

#[derive(Clone, Debug)]
enum Content {
    Written(Json),
    Open(Box<OpenTrail>),
}

impl From<Json> for Planned {
    fn from(trail: Json) -> Self {
        Self { trail: Content::Written(trail), place: None }
    }
}

impl From<OpenTrail> for Planned {
    fn from(trail: OpenTrail) -> Self {
        Self { trail: Content::Open(Box::new(trail)), place: None }
    }
}

/// A trail that is surely planned.
#[derive(Clone, Debug)]
pub(super) struct OpenTrail {
    /// Its address.
    pub(super) path: String,
    /// Its ARN, or one like it where the plan does not say it.
    pub(super) arn: String,
    /// The partition of the ARN.
    pub(super) partition: String,
    /// Its name.
    pub(super) name: Option<String>,
    /// Its home Region.
    pub(super) home_region: Option<String>,
    /// Whether it logs.
    pub(super) is_logging: OpenFact,
    /// Whether it is multi-Region.
    pub(super) is_multi_region: OpenFact,
    /// Whether it is an organization trail.
    pub(super) is_organization: OpenFact,
    /// Whether CloudTrail's own deliveries are recorded.
    pub(super) recursive_logging: OpenFact,
    /// Where log files go.
    pub(super) bucket: Value,
    /// `EventSelectors`.
    pub(super) basic: Value,
    /// `AdvancedEventSelectors`.
    pub(super) advanced: Value,
}

/// A boolean of a trail.
#[derive(Clone, Debug)]
pub(super) struct OpenFact {
    /// The property.
    pub(super) name: &'static str,
    /// Its value.
    pub(super) value: Value,
    /// What holds where it is absent; none where it must be given.
    pub(super) default: Option<bool>,
}

impl OpenTrails {
    /// The trails as a snapshot has them.
    pub(super) fn documents(&self, fill: &Fill) -> Result<Vec<Json>, PlanError> {
        let mut all = Vec::new();
        for (position, Planned { trail, place }) in self.trails.iter().enumerate() {
            let mut document = match trail {
                Content::Written(trail) => trail.clone(),
                Content::Open(trail) => trail.filled(fill, position).document()?,
            };
            if let Some(place) = place {
                document["place"] = json!(place);
            }
            all.push(document);
        }
        self.callers.iter().for_each(|caller| doubt_all(&mut all, caller));
        Ok(all)
    }

    /// Notes where marks stand, and what stands beside them.
    pub(super) fn note_marks(&self, fill: &Fill, marks: &Marks) {
        for (position, Planned { trail, .. }) in self.trails.iter().enumerate() {
            match trail {
                Content::Written(trail) => {
                    let texts = trail.get("eventSelectors").map(texts_in).unwrap_or_default();
                    for compared in ["StartsWith", "EndsWith"] {
                        let of_all = (compared.to_string(), Value::List(texts.clone()));
                        marks.note_selectors(&Value::Map(vec![of_all]));
                    }
                }
                Content::Open(trail) => trail.filled(fill, position).note_marks(marks),
            }
        }
    }

    /// How much work it is to write them down.
    pub(super) fn size(&self) -> usize {
        self.trails.iter().fold(0, |all, planned| {
            all.saturating_add(match &planned.trail {
                Content::Written(_) => 1,
                Content::Open(trail) => trail.size(),
            })
        })
    }
}

impl OpenTrail {
    fn document(&self) -> Result<Json, PlanError> {
        PlannedTrail {
            path: &self.path,
            file: None,
            arn: self.arn.clone(),
            partition: &self.partition,
            name: self.name.as_deref(),
            home_region: self.home_region.as_deref(),
            is_logging: self.is_logging.read(),
            is_multi_region: self.is_multi_region.read(),
            is_organization: self.is_organization.read(),
            recursive_logging: self.recursive_logging.read(),
            bucket: &self.bucket,
            basic: &self.basic,
            advanced: &self.advanced,
        }
        .document()
    }

    fn note_marks(&self, marks: &Marks) {
        for fact in self.facts() {
            marks.note_fact(&fact.value);
        }
        marks.note_log_bucket(&self.bucket);
        marks.note_selectors(&self.basic);
        marks.note_selectors(&self.advanced);
    }

    const fn facts(&self) -> [&OpenFact; 4] {
        [&self.is_logging, &self.is_multi_region, &self.is_organization, &self.recursive_logging]
    }

    fn size(&self) -> usize {
        size(&self.basic).saturating_add(size(&self.advanced)).saturating_add(1)
    }
}

impl OpenFact {
    const fn read(&self) -> Fact<'_> {
        Fact { name: self.name, value: &self.value, default: self.default }
    }
}

fn size(value: &Value) -> usize {
    match value {
        Value::List(values) | Value::Either(values, _) => {
            values.iter().fold(1, |all, value| all.saturating_add(size(value)))
        }
        Value::Map(members) => {
            members.iter().fold(1, |all, (_, value)| all.saturating_add(size(value)))
        }
        _ => 1,
    }
}

/// All texts in a part of JSON.
fn texts_in(part: &Json) -> Vec<Value> {
    let mut parts = vec![part];
    let mut texts = Vec::new();
    while let Some(part) = parts.pop() {
        match part {
            Json::String(text) => texts.push(Value::Text(text.clone())),
            Json::Array(elements) => parts.extend(elements),
            Json::Object(members) => parts.extend(members.values()),
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }
    texts
}
