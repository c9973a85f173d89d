//! Whether one selector matches one record: naive on purpose, for this file is the specification.
//!
//! AWS leaves some behaviour undocumented, so the answer has three values. What is *surely* matched
//! is the selector's must, what is *surely* or *maybe* matched its may.

use crate::aws::record::{Record, Resource};
use crate::aws::selector::{
    AdvancedSelector, BasicSelector, DataResource, Field, FieldSelector, ReadWriteType, Selector,
};

/// Whether a record is matched. The order is the order of logic: `No < Maybe < Surely`, so that
/// "and" is the minimum and "or" the maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Match {
    /// The record is surely not matched.
    No,
    /// Neither is documented, or a fact is missing.
    Maybe,
    /// The record is surely matched.
    Surely,
}

impl Match {
    /// Yes or no, where that is known.
    #[must_use]
    pub const fn known(yes: bool) -> Self {
        if yes { Self::Surely } else { Self::No }
    }

    /// This answer, less sure where there is a doubt.
    #[must_use]
    pub fn doubted(self, doubt: bool) -> Self {
        if doubt { self.min(Self::Maybe) } else { self }
    }

    /// The answer where a fact may be missing.
    #[must_use]
    pub const fn from_fact(fact: Option<bool>) -> Self {
        match fact {
            Some(yes) => Self::known(yes),
            None => Self::Maybe,
        }
    }
}

/// The category of data events.
pub const DATA: &str = "Data";

/// The resource type of objects in general purpose buckets.
pub const S3_OBJECT: &str = "AWS::S3::Object";

impl Selector {
    /// Whether a selector of a trail in this partition matches a record.
    #[must_use]
    pub fn matches(&self, record: &Record, partition: &str) -> Match {
        match self {
            Self::Basic(basic) => basic.matches(record, partition),
            Self::Advanced(advanced) => advanced.matches(record),
        }
    }
}

impl BasicSelector {
    /// Whether a basic selector of a trail in this partition matches a record.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html>
    #[must_use]
    pub fn matches(&self, record: &Record, partition: &str) -> Match {
        if record.event_category != DATA {
            return Match::No;
        }
        let kind = match self.read_write {
            ReadWriteType::All => Match::Surely,
            ReadWriteType::ReadOnly => Match::known(record.read_only == "true"),
            ReadWriteType::WriteOnly => Match::known(record.read_only == "false"),
            ReadWriteType::Unknown(_) => Match::Maybe,
        };
        let resource = self
            .data_resources
            .iter()
            .map(|data_resource| data_resource.matches(record, partition))
            .max()
            .unwrap_or(Match::No);
        kind.min(resource).doubted(!self.unknown_members.is_empty())
    }
}

impl DataResource {
    pub(crate) fn matches(&self, record: &Record, partition: &str) -> Match {
        if self.resource_type.as_deref() != Some(S3_OBJECT) || record.resource_type != S3_OBJECT {
            return Match::No;
        }
        let arn = record.resource.text();
        self.values
            .iter()
            .map(|value| match ObjectValue::of(value, partition) {
                ObjectValue::All => Match::Surely,
                ObjectValue::Prefix => Match::known(arn.starts_with(value.as_str())),
                ObjectValue::BucketWithoutSlash => {
                    Match::known(arn.starts_with(value.as_str())).doubted(true)
                }
                ObjectValue::Nothing => Match::No,
            })
            .max()
            .unwrap_or(Match::No)
            .doubted(!self.unknown_members.is_empty())
    }
}

/// What a value of a data resource of type `AWS::S3::Object` means.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DataResource.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ObjectValue {
    /// All objects of all buckets: `arn:<partition>:s3` and `arn:<partition>:s3:::`.
    All,
    /// ARNs that start with the value, which has a slash after the bucket.
    Prefix,
    /// A bucket with no slash, which AWS refuses: if it ever means something, then a prefix.
    BucketWithoutSlash,
    /// Another partition, a wildcard, or no ARN of S3 at all.
    Nothing,
}

impl ObjectValue {
    /// The meaning of a value on a trail in this partition.
    #[must_use]
    pub fn of(value: &str, partition: &str) -> Self {
        let Some(rest) = value
            .strip_prefix("arn:")
            .and_then(|rest| rest.strip_prefix(partition))
            .and_then(|rest| rest.strip_prefix(":s3"))
        else {
            return Self::Nothing;
        };
        match rest.strip_prefix(":::") {
            None if rest.is_empty() => Self::All,
            None => Self::Nothing,
            Some("") => Self::All,
            Some(object) if object.contains('*') => Self::Nothing,
            Some(object) if object.contains('/') => Self::Prefix,
            Some(_) => Self::BucketWithoutSlash,
        }
    }
}

impl AdvancedSelector {
    /// Whether an advanced selector matches a record.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html>
    #[must_use]
    pub fn matches(&self, record: &Record) -> Match {
        Field::KNOWN
            .iter()
            .map(|field| self.matches_field(field, &Value::of(field, record)))
            .min()
            .unwrap_or(Match::Surely)
            .doubted(self.has_unknown_condition())
    }

    /// Whether the selector may be narrower than what this library understands of it.
    pub(crate) fn has_unknown_condition(&self) -> bool {
        !self.unknown_members.is_empty()
            || self
                .field_selectors
                .iter()
                .any(|selector| matches!(selector.field, Field::Unknown(_)))
    }

    /// Whether the selector takes records with this value of a field, as far as that field goes.
    pub(crate) fn matches_value(&self, field: &Field, value: &str) -> Match {
        self.matches_field(field, &Value::Present(value))
    }

    pub(crate) fn matches_field(&self, field: &Field, value: &Value<'_>) -> Match {
        let required = matches!(field, Field::EventCategory | Field::ResourcesType);
        self.on_field(field, value).doubted(required && !self.requires_exactly_one(field))
    }

    /// All field selectors on one field together. Whether a repeated field means "and" or "or" is
    /// not documented: surely matched is what all match, surely not what none does.
    fn on_field(&self, field: &Field, value: &Value<'_>) -> Match {
        let answers = self.on(field).map(|selector| selector.matches(value));
        let (least, most) = answers.fold((Match::Surely, Match::No), |(least, most), answer| {
            (least.min(answer), most.max(answer))
        });
        match (least, most) {
            (Match::Surely, _) => Match::Surely,
            (_, Match::No) => Match::No,
            _ => Match::Maybe,
        }
    }
}

/// What a field selector looks at.
pub(crate) enum Value<'a> {
    /// The field is in the record.
    Present(&'a str),
    /// The field is not in the record.
    Absent,
    /// The record has an `ARNPrefix` where the selector asks for an ARN.
    ArnPrefix(&'a str),
}

impl<'a> Value<'a> {
    pub(crate) fn of(field: &Field, record: &'a Record) -> Self {
        let optional = |value: &'a Option<_>| value.as_deref().map_or(Self::Absent, Self::Present);
        match field {
            Field::EventCategory => Self::Present(&record.event_category),
            Field::ResourcesType => Self::Present(&record.resource_type),
            Field::ReadOnly => Self::Present(&record.read_only),
            Field::EventName => Self::Present(&record.event_name),
            Field::EventSource => Self::Present(&record.event_source),
            Field::EventType => Self::Present(&record.event_type),
            Field::ResourcesArn => match &record.resource {
                Resource::Arn(arn) => Self::Present(arn),
                Resource::ArnPrefix(prefix) => Self::ArnPrefix(prefix),
            },
            Field::UserIdentityArn => optional(&record.user_identity_arn),
            Field::SessionCredentialFromConsole => {
                optional(&record.session_credential_from_console)
            }
            Field::Unknown(_) => Self::Absent,
        }
    }
}

impl FieldSelector {
    fn matches(&self, value: &Value<'_>) -> Match {
        if !self.is_well_formed() {
            return Match::Maybe;
        }
        match value {
            Value::Present(value) => Match::known(self.compares(value)),
            Value::Absent => self.matches_absent(),
            Value::ArnPrefix(prefix) if self.compares(prefix) => Match::Surely,
            Value::ArnPrefix(_) => self.matches_absent(),
        }
    }

    /// What is absent is not equal to anything; whether a negative operator takes it is not documented.
    fn matches_absent(&self) -> Match {
        Match::known(!self.has_positive()).doubted(true)
    }

    fn compares(&self, value: &str) -> bool {
        let meets = |positive: bool| {
            self.conditions
                .iter()
                .filter(move |condition| condition.operator.is_positive() == positive)
                .any(|condition| {
                    condition
                        .values
                        .iter()
                        .any(|pattern| condition.operator.compares(value, pattern))
                })
        };
        (meets(true) || !self.has_positive()) && !meets(false)
    }
}
