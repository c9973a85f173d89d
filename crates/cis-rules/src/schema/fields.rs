//! Schemas of what the table of fields describes: fields, witnesses, and names of buckets.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::code;
use crate::answer::report::Witness;
use crate::aws::bucket_name::BucketName;
use crate::aws::field::{Absence, RecordField, Values};
use crate::spec::question::{Date, Kind};

impl JsonSchema for BucketName {
    fn schema_name() -> Cow<'static, str> {
        "BucketName".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "The exact name of an S3 bucket.",
            "type": "string",
            "minLength": Self::MIN_LENGTH,
            "maxLength": Self::MAX_LENGTH,
            "pattern": "^[A-Za-z0-9._-]*$",
        })
    }
}

impl JsonSchema for Date {
    fn schema_name() -> Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A day in UTC.",
            "type": "string",
            "format": "date",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
        })
    }
}

impl JsonSchema for RecordField {
    fn schema_name() -> Cow<'static, str> {
        "RecordField".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<&str> = Self::all().map(Self::name).collect();
        json_schema!({
            "description": "A field of a CloudTrail record, as field selectors spell it.",
            "type": "string",
            "enum": names,
        })
    }
}

impl JsonSchema for Witness {
    fn schema_name() -> Cow<'static, str> {
        "Witness".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let documented = json!({
            "description": "Whether AWS documents that there are such records. Where none such is \
                lost, the selectors name today's events one by one, and lose those that AWS adds.",
            "type": "boolean",
        });
        let documented = (Self::DOCUMENTED.to_string(), documented);
        let fields = RecordField::SHOWN.map(|field| (field.name().to_string(), shown(field)));
        let properties: Map<String, Value> = [documented].into_iter().chain(fields).collect();
        let required: Vec<&String> = properties.keys().collect();
        json_schema!({
            "description": "One concrete CloudTrail record that would be lost.",
            "type": "object",
            "properties": properties,
            "required": required,
        })
    }
}

/// What a witness has in a field.
fn shown(field: RecordField) -> Value {
    let facts = field.facts();
    let name = code(field.name());
    let (may_be_absent, description) = match field {
        RecordField::AwsRegion => (
            true,
            alloc::format!(
                "The record's {name}. `null`: one of any Region but the home Regions of \
                 single-Region trails."
            ),
        ),
        RecordField::ResourcesArn => (
            false,
            alloc::format!(
                "The record's {name}; with nothing after the bucket's slash, its \
                 `resources.ARNPrefix`."
            ),
        ),
        _ if facts.absence == Absence::Never => (false, alloc::format!("The record's {name}.")),
        _ => (true, alloc::format!("The record's {name}. `null`: the record lacks it.")),
    };
    let mut values: Vec<Value> = match facts.values {
        Values::Only(value) => alloc::vec![json!(value)],
        Values::OfKind => Kind::ALL.map(|kind| json!(kind.read_only())).into(),
        Values::Any | Values::ObjectArns => Vec::new(),
    };
    let types = if may_be_absent { json!(["string", "null"]) } else { json!("string") };
    let mut schema = json!({"description": description, "type": types});
    if !values.is_empty() {
        values.extend(may_be_absent.then_some(Value::Null));
        schema["enum"] = values.into();
    }
    if facts.values == Values::ObjectArns {
        schema["pattern"] = json!("^arn:[^:]+:s3:::[A-Za-z0-9._-]{3,255}/");
    }
    schema
}
