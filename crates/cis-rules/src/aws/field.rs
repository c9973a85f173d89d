//! The fields of a record, each described once.
//!
//! What is known of a field stands in one row of [`RecordField::facts`]: AWS's name, whether a
//! selector may name it, which values it has, what its absence means and in which words, readable
//! examples, the option that gives it on a command line. The matcher, the axes of regions, doubts,
//! descriptions, witnesses and the generators of random accounts read that row. To add a field is to
//! add a variant, a row, its number in [`RecordField::VARYING`] or [`RecordField::FIXED`], and the
//! place of its member to the reader of records; the compiler and the tests of this table name
//! whatever is left out.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>

use alloc::string::String;
use core::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A field of a CloudTrail record that the rule looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RecordField {
    /// `resources[].ARN`, or `resources[].ARNPrefix`.
    ResourcesArn,
    /// `eventName`.
    EventName,
    /// `eventSource`.
    EventSource,
    /// `eventType`.
    EventType,
    /// `userIdentity.arn`.
    UserIdentityArn,
    /// `userIdentity.invokedBy`.
    InvokedBy,
    /// `sessionCredentialFromConsole`.
    SessionCredentialFromConsole,
    /// `awsRegion`.
    AwsRegion,
    /// `eventCategory`.
    EventCategory,
    /// `resources[].type`.
    ResourcesType,
    /// `readOnly`.
    ReadOnly,
}

/// What is known of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FieldFacts {
    /// The name as selectors spell it, and as reports do where no selector may name it.
    pub name: &'static str,
    /// Whether a field selector of a data event selector may name it.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html>
    pub is_selectable: bool,
    /// The values that it has in the records of a scope.
    pub values: Values,
    /// What it means that a record lacks it.
    pub absence: Absence,
    /// Values that a reader recognises, the best first.
    pub samples: &'static [&'static str],
    /// The option of the command line that gives it, without its dashes.
    pub option: Option<&'static str>,
}

/// The values of a field in the records of a scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Values {
    /// Any text.
    Any,
    /// ARNs of objects, and with an empty key the `ARNPrefix` of a bucket's objects.
    ObjectArns,
    /// This text only.
    Only(&'static str),
    /// The one that the kind of events demands: `true` or `false`.
    OfKind,
}

/// What it means that a record lacks a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Absence {
    /// No record of a scope lacks it. Where a record does, nothing is known of it.
    Never,
    /// Some records lack it. No selector may name the field.
    Ordinary,
    /// Some records lack it, and whether a negative operator takes them AWS does not document.
    Undocumented {
        /// Which records they are, after "takes".
        records: &'static str,
    },
    /// Some records lack it, and a negative operator takes them: the field is written only where it
    /// has its one value, and "not that value" is AWS's way to name all other records.
    IsNotTheValue,
}

/// The event category of data events.
pub const DATA: &str = "Data";

/// The resource type of objects in general purpose buckets.
pub const S3_OBJECT: &str = "AWS::S3::Object";

/// The caller of CloudTrail's own deliveries of log files.
pub const CLOUDTRAIL_SERVICE: &str = "cloudtrail.amazonaws.com";

/// The usual source of events on objects.
pub const S3_SOURCE: &str = "s3.amazonaws.com";

impl RecordField {
    /// The fields in which records of a scope differ, the one with the most structure first.
    pub const VARYING: [Self; 8] = [
        Self::ResourcesArn,
        Self::EventName,
        Self::EventSource,
        Self::EventType,
        Self::UserIdentityArn,
        Self::InvokedBy,
        Self::SessionCredentialFromConsole,
        Self::AwsRegion,
    ];

    /// The fields that have one value in all records of a scope.
    pub const FIXED: [Self; 3] = [Self::EventCategory, Self::ResourcesType, Self::ReadOnly];

    /// How many fields there are.
    pub const COUNT: usize = Self::VARYING.len() + Self::FIXED.len();

    /// All fields, those that vary first.
    pub fn all() -> impl Iterator<Item = Self> + Clone {
        Self::VARYING.into_iter().chain(Self::FIXED)
    }

    /// The fields that a witness shows, in the order of its members.
    pub const SHOWN: [Self; 9] = [
        Self::AwsRegion,
        Self::InvokedBy,
        Self::EventName,
        Self::EventSource,
        Self::EventType,
        Self::ReadOnly,
        Self::ResourcesArn,
        Self::UserIdentityArn,
        Self::SessionCredentialFromConsole,
    ];

    /// What is known of the field.
    #[must_use]
    pub const fn facts(self) -> FieldFacts {
        let facts = FieldFacts {
            name: "",
            is_selectable: true,
            values: Values::Any,
            absence: Absence::Never,
            samples: &[],
            option: None,
        };
        match self {
            Self::ResourcesArn => FieldFacts {
                name: "resources.ARN",
                values: Values::ObjectArns,
                absence: Absence::Undocumented {
                    records: "records that carry an ARNPrefix instead (ListObjects, DeleteObjects)",
                },
                option: Some("arn"),
                ..facts
            },
            Self::EventName => FieldFacts {
                name: "eventName",
                samples: &["DeleteObject", "PutObject", "GetObject"],
                option: Some("event-name"),
                ..facts
            },
            // https://docs.aws.amazon.com/awscloudtrail/latest/userguide/filtering-data-events.html
            Self::EventSource => FieldFacts {
                name: "eventSource",
                samples: &[S3_SOURCE, "s3lifecycle.amazonaws.com", "s3-authn-errors.amazonaws.com"],
                option: Some("event-source"),
                ..facts
            },
            Self::EventType => FieldFacts {
                name: "eventType",
                samples: &[
                    "AwsApiCall",
                    "AwsServiceEvent",
                    "AwsConsoleAction",
                    "AwsConsoleSignIn",
                    "AwsVpceEvents",
                    "AwsCloudTrailInsight",
                ],
                option: Some("event-type"),
                ..facts
            },
            Self::UserIdentityArn => FieldFacts {
                name: "userIdentity.arn",
                absence: Absence::Undocumented {
                    records: "records without userIdentity.arn (anonymous callers, AWS services)",
                },
                option: Some("principal"),
                ..facts
            },
            Self::InvokedBy => FieldFacts {
                name: "userIdentity.invokedBy",
                is_selectable: false,
                absence: Absence::Ordinary,
                samples: &[CLOUDTRAIL_SERVICE],
                option: Some("invoked-by"),
                ..facts
            },
            Self::SessionCredentialFromConsole => FieldFacts {
                name: "sessionCredentialFromConsole",
                values: Values::Only("true"),
                absence: Absence::IsNotTheValue,
                samples: &["true"],
                option: Some("console"),
                ..facts
            },
            Self::AwsRegion => FieldFacts {
                name: "awsRegion",
                is_selectable: false,
                samples: &[
                    "eu-west-1",
                    "us-east-1",
                    "us-west-2",
                    "ap-southeast-2",
                    "eu-central-1",
                    "ca-central-1",
                    "sa-east-1",
                    "ap-northeast-1",
                ],
                option: Some("aws-region"),
                ..facts
            },
            Self::EventCategory => {
                FieldFacts { name: "eventCategory", values: Values::Only(DATA), ..facts }
            }
            Self::ResourcesType => {
                FieldFacts { name: "resources.type", values: Values::Only(S3_OBJECT), ..facts }
            }
            Self::ReadOnly => FieldFacts {
                name: "readOnly",
                values: Values::OfKind,
                samples: &["false", "true"],
                option: Some("read-only"),
                ..facts
            },
        }
    }

    /// The field's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.facts().name
    }

    /// The field of this name, whether or not selectors may name it.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::all().find(|field| field.name() == name)
    }
}

impl Serialize for RecordField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for RecordField {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::named(&name)
            .ok_or_else(|| D::Error::custom(format_args!("`{name}` is no field of a record")))
    }
}

impl fmt::Display for RecordField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn every_field_has_its_place_and_a_name_of_its_own() {
        let fields: Vec<RecordField> = RecordField::all().collect();
        assert_eq!(fields.len(), RecordField::COUNT);
        for (index, field) in fields.iter().enumerate() {
            assert_eq!(*field as usize, index, "{field} is not where its number says");
            assert_eq!(RecordField::named(field.name()), Some(*field));
        }
    }

    #[test]
    fn every_field_is_shown_that_tells_two_records_of_one_scope_or_two_scopes_apart() {
        for field in RecordField::all() {
            let is_told =
                field.facts().values == Values::OfKind || RecordField::VARYING.contains(&field);
            assert_eq!(RecordField::SHOWN.contains(&field), is_told, "{field}");
        }
    }

    #[test]
    fn a_field_that_does_not_vary_has_one_value_in_a_scope() {
        for field in RecordField::FIXED {
            let values = field.facts().values;
            assert!(matches!(values, Values::Only(_) | Values::OfKind), "{field}: {values:?}");
        }
    }

    #[test]
    fn what_selectors_do_with_absence_is_known_of_the_fields_that_they_may_name() {
        for field in RecordField::all() {
            let facts = field.facts();
            assert_eq!(facts.absence == Absence::Ordinary, field == RecordField::InvokedBy);
            assert!(facts.absence != Absence::Ordinary || !facts.is_selectable, "{field}");
            let has_one_value = matches!(facts.values, Values::Only(_));
            assert!(facts.absence != Absence::IsNotTheValue || has_one_value, "{field}");
        }
    }
}
