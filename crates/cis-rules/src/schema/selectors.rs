//! Schemas of AWS's JSON that is read by hand: event selectors, and what a plan leaves open.
//!
//! Every object lets pass other members. Inside a selector they may narrow it, and are kept.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Map, Value, json};

use super::code;
use crate::aws::selector::wire::EventSelectors;
use crate::aws::selector::{Field, LEFT_OPEN, Operator};
use crate::aws::snapshot::RecursiveLogging;

impl JsonSchema for RecursiveLogging {
    fn schema_name() -> Cow<'static, str> {
        "RecursiveLogging".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"enum": [true, false, null, LEFT_OPEN]})
    }
}

impl JsonSchema for EventSelectors {
    fn schema_name() -> Cow<'static, str> {
        "EventSelectors".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let basic = generator.subschema_for::<Basic>();
        let advanced = generator.subschema_for::<Advanced>();
        json_schema!({
            "description": "A GetEventSelectors response: \
                https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html",
            "type": "object",
            "properties": {
                "EventSelectors": {"type": ["array", "null"], "items": basic},
                "AdvancedEventSelectors": {"type": ["array", "null"], "items": advanced},
            },
            "additionalProperties": true,
        })
    }
}

/// Any texts, or nothing.
fn texts() -> Value {
    json!({"type": ["array", "null"], "items": {"type": "string"}})
}

/// An entry of `EventSelectors`.
struct Basic;

impl JsonSchema for Basic {
    fn schema_name() -> Cow<'static, str> {
        "EventSelector".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({
            "description": "A basic event selector. A member that is not known may narrow it: \
                https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html",
            "type": "object",
            "properties": {
                "ReadWriteType": {
                    "description": "`All`, `ReadOnly` or `WriteOnly`; `null` means `All`. What any \
                        other value selects is not known.",
                    "type": ["string", "null"],
                },
                "DataResources": {
                    "type": ["array", "null"],
                    "items": {
                        "type": "object",
                        "properties": {
                            "Type": {"type": ["string", "null"]},
                            "Values": texts(),
                        },
                        "additionalProperties": true,
                    },
                },
            },
            "additionalProperties": true,
        })
    }
}

/// An entry of `AdvancedEventSelectors`.
struct Advanced;

impl JsonSchema for Advanced {
    fn schema_name() -> Cow<'static, str> {
        "AdvancedEventSelector".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let field_selector = generator.subschema_for::<FieldSelector>();
        json_schema!({
            "description": "An advanced event selector. A member that is not known may narrow it: \
                https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html",
            "type": "object",
            "properties": {
                "Name": {"type": ["string", "null"]},
                "FieldSelectors": {"type": ["array", "null"], "items": field_selector},
            },
            "additionalProperties": true,
        })
    }
}

/// An entry of `FieldSelectors`.
struct FieldSelector;

impl JsonSchema for FieldSelector {
    fn schema_name() -> Cow<'static, str> {
        "AdvancedFieldSelector".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let names: Vec<String> = Field::known().map(|field| code(field.name())).collect();
        let field = json!({
            "description": alloc::format!(
                "One of {}. Any other may narrow the selector.", names.join(", ")
            ),
            "type": ["string", "null"],
        });
        let operators = Operator::ALL.map(|operator| (operator.name().to_string(), texts()));
        let properties: Map<String, Value> =
            [("Field".to_string(), field)].into_iter().chain(operators).collect();
        json_schema!({
            "description": "A condition on one field. An operator that is not known may narrow it: \
                https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html",
            "type": "object",
            "properties": properties,
            "additionalProperties": true,
        })
    }
}
