//! A trail's set of selectors, as AWS wrote it and as it is read.

use cis_rules::partition::Partition;
use cis_rules::selector::{
    AdvancedSelector, BasicSelector, Condition, DataResource, Field, FieldSelector, Operator,
    ReadWriteType,
};
use cis_rules::snapshot::ObservedTrail;
use cis_rules::{Kind, RecordField};
use serde::Serialize;
use serde_json::json;

use crate::json::Members;

/// The type of S3 objects, as selectors spell it.
pub(crate) const S3_OBJECT: &str = "AWS::S3::Object";

/// The types that basic selectors can have.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html>
pub(crate) const BASIC_TYPES: [&str; 3] =
    [S3_OBJECT, "AWS::Lambda::Function", "AWS::DynamoDB::Table"];

/// What PutEventSelectors replaces: basic selectors, or advanced ones.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum SelectorSet {
    /// `EventSelectors`.
    Basic(Vec<Members>),
    /// `AdvancedEventSelectors`.
    Advanced(Vec<Members>),
}

/// What a basic selector says.
#[derive(Clone, Debug)]
pub(crate) struct Basic {
    /// What it says of data events.
    pub(crate) data: BasicSelector,
    /// `IncludeManagementEvents`; absent means true.
    pub(crate) management: bool,
    /// `ExcludeManagementEventSources`.
    pub(crate) excluded: Vec<String>,
}

impl SelectorSet {
    /// The set that a trail has; `None` where it is not known, or is of no shape that AWS gives.
    pub(crate) fn of(entry: &Members, observed: &ObservedTrail) -> Option<Self> {
        if observed.event_selectors.is_none() {
            let is_default = observed.trail.has_custom_event_selectors == Some(false);
            return is_default.then(Self::default_set);
        }
        let response: Members = entry.read("eventSelectors")?;
        let basic: Vec<Members> = response.read("EventSelectors").unwrap_or_default();
        let advanced: Vec<Members> = response.read("AdvancedEventSelectors").unwrap_or_default();
        match (basic.is_empty(), advanced.is_empty()) {
            // AWS never gives neither: a trail without selectors has the default ones.
            (true, true) => Some(Self::default_set()),
            (false, true) => Some(Self::Basic(basic)),
            (true, false) => Some(Self::Advanced(advanced)),
            // AWS never gives both, and PutEventSelectors takes only one of them.
            (false, false) => None,
        }
    }

    /// The selectors of a trail to which none were given: all management events.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html>
    pub(crate) fn default_set() -> Self {
        let management = Members::default()
            .with("ReadWriteType", &"All")
            .with("IncludeManagementEvents", &true)
            .with("DataResources", &json!([]))
            .with("ExcludeManagementEventSources", &json!([]));
        Self::Basic(vec![management])
    }

    /// The member of requests and answers that holds the set.
    pub(crate) const fn member(&self) -> &'static str {
        match self {
            Self::Basic(_) => "EventSelectors",
            Self::Advanced(_) => "AdvancedEventSelectors",
        }
    }

    /// The selectors.
    pub(crate) fn selectors(&self) -> &[Members] {
        match self {
            Self::Basic(selectors) | Self::Advanced(selectors) => selectors,
        }
    }
}

/// Reads a basic selector; `None` if it is none.
pub(crate) fn basic(selector: &Members) -> Option<Basic> {
    let data: BasicSelector = serde_json::from_str(&selector.text()).ok()?;
    Some(Basic {
        data,
        management: selector.read("IncludeManagementEvents").unwrap_or(true),
        excluded: selector.read("ExcludeManagementEventSources").unwrap_or_default(),
    })
}

/// Reads an advanced selector; `None` if it is none.
pub(crate) fn advanced(selector: &Members) -> Option<AdvancedSelector> {
    serde_json::from_str(&selector.text()).ok()
}

/// The only value of a field that must have one, such as `eventCategory`.
pub(crate) fn only_value(selector: &AdvancedSelector, field: RecordField) -> Option<&str> {
    let is_one = selector.requires_exactly_one(field);
    let condition = selector.on(field).next().filter(|_| is_one)?.conditions.first()?;
    condition.values.first().map(String::as_str)
}

/// Whether a selector is a well-formed one of data events on S3 objects.
pub(crate) fn is_of_objects(selector: &AdvancedSelector) -> bool {
    only_value(selector, RecordField::EventCategory) == Some("Data")
        && only_value(selector, RecordField::ResourcesType) == Some(S3_OBJECT)
}

/// `ReadWriteType` of some kinds of events.
pub(crate) fn read_write_of(kinds: &[Kind]) -> ReadWriteType {
    match kinds {
        [Kind::Write] => ReadWriteType::WriteOnly,
        [Kind::Read] => ReadWriteType::ReadOnly,
        _ => ReadWriteType::All,
    }
}

/// How AWS spells a `ReadWriteType`.
pub(crate) fn read_write_name(read_write: &ReadWriteType) -> &str {
    match read_write {
        ReadWriteType::All => "All",
        ReadWriteType::ReadOnly => "ReadOnly",
        ReadWriteType::WriteOnly => "WriteOnly",
        ReadWriteType::Unknown(other) => other,
    }
}

/// The value of a basic selector that means all objects of all buckets.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html>
pub(crate) fn every_object(partition: &str) -> String {
    format!("arn:{partition}:s3")
}

/// A data resource of all objects.
pub(crate) fn every_object_resource(partition: &str) -> Members {
    Members::default().with("Type", &S3_OBJECT).with("Values", &[every_object(partition)])
}

/// A data resource as AWS spells it.
pub(crate) fn resource_text(resource: &DataResource) -> Members {
    let kind = resource.resource_type.as_deref().unwrap_or_default();
    Members::default().with("Type", &kind).with("Values", &resource.values)
}

/// One field selector with one operator, as AWS spells it.
pub(crate) fn field_selector(field: &str, operator: Operator, values: &[String]) -> Members {
    Members::default().with("Field", &field).with(operator.name(), &values)
}

/// An advanced selector with a name, as AWS spells it.
pub(crate) fn advanced_text(name: &str, fields: &impl Serialize) -> Members {
    let named = Members::default();
    let named = if name.is_empty() { named } else { named.with("Name", &name) };
    named.with("FieldSelectors", fields)
}

/// A field selector that was read, as AWS spells it.
pub(crate) fn field_selector_text(selector: &FieldSelector) -> Members {
    let field = Members::default().with("Field", &selector.field.name());
    selector.conditions.iter().fold(field, |members, Condition { operator, values }| {
        members.with(operator.name(), values)
    })
}

/// A field selector with one `Equals`, as the engine reads it.
pub(crate) fn equals(field: RecordField, values: &[&str]) -> FieldSelector {
    FieldSelector {
        field: Field::Known(field),
        conditions: vec![Condition {
            operator: Operator::Equals,
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        }],
        unknown_operators: Vec::new(),
    }
}

/// The partition of a trail: that of its ARN, or the account's.
pub(crate) fn partition_of<'a>(observed: &'a ObservedTrail, account: &'a str) -> &'a str {
    let arn = observed.trail.arn.as_deref();
    arn.and_then(Partition::of_arn).map_or(account, |partition| partition.id)
}
