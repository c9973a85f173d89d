//! Lost records: a region in words, and one record of it.

use alloc::collections::BTreeMap;
use alloc::string::String;

use serde::de::Error as _;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::aws::field::RecordField;
use crate::aws::record::{FieldValue, Record};
use crate::spec::scope::is_documented;

/// A region of records that are surely lost.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Gap {
    /// The whole region in words.
    pub description: String,
    /// One record of the region.
    pub witness: Witness,
}

/// One concrete record that would be lost.
///
/// It is written as an object of the [fields that a witness shows](RecordField::SHOWN), `null` for
/// those that the record lacks, with `documented` before them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Witness {
    /// Whether AWS documents that there are such records. Where none such is lost, the selectors name
    /// today's events one by one, and lose those that AWS adds.
    pub documented: bool,
    /// The record. Without an `awsRegion` it is one of any Region but the home Regions of
    /// single-Region trails.
    pub record: Record,
}

impl Witness {
    /// The member that is no field of the record.
    pub(crate) const DOCUMENTED: &'static str = "documented";

    /// The witness of a record.
    #[must_use]
    pub fn new(record: Record) -> Self {
        Self { documented: is_documented(&record), record }
    }

    /// The text in a field of the record.
    #[must_use]
    pub fn get(&self, field: RecordField) -> Option<&str> {
        self.record.get(field)
    }

    /// The record's `eventName`.
    #[must_use]
    pub fn event_name(&self) -> &str {
        self.get(RecordField::EventName).unwrap_or_default()
    }

    /// The object's ARN; with an empty key, the record's `ARNPrefix`.
    #[must_use]
    pub fn arn(&self) -> &str {
        self.record.arn()
    }
}

impl Serialize for Witness {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(RecordField::SHOWN.len() + 1))?;
        map.serialize_entry(Self::DOCUMENTED, &self.documented)?;
        for field in RecordField::SHOWN {
            map.serialize_entry(field.name(), &self.get(field))?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Witness {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Members {
            documented: bool,
            #[serde(flatten)]
            fields: BTreeMap<String, Option<String>>,
        }
        let Members { documented, mut fields } = Members::deserialize(deserializer)?;
        let mut record = Record::of_object("");
        for field in RecordField::SHOWN {
            let value = fields.remove(field.name()).ok_or_else(|| {
                D::Error::custom(format_args!("a witness without `{}`", field.name()))
            })?;
            match (field, value) {
                (RecordField::ResourcesArn, Some(arn)) => {
                    record.set(field, FieldValue::of_object(arn));
                }
                (_, value) => record.set(field, value),
            }
        }
        Ok(Self { documented, record })
    }
}
