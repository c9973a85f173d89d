//! The JSON Schema of the answer.

use schemars::{Schema, SchemaGenerator, json_schema};

/// The version of the answer: 1.
pub(crate) fn version(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "const": 1})
}
