//! The JSON Schema of the answer.

use schemars::{Schema, SchemaGenerator, json_schema};
use serde_json::Value;

use crate::answer::LogsAnswer;

/// The answer's name among the documents.
pub const NAME: &str = "logs";

/// The schema of the answer, draft 2020-12.
#[must_use]
pub fn schema() -> Value {
    cis_rules::schema::of_written::<LogsAnswer>(NAME)
}

/// The version of the answer: 1.
pub(crate) fn version(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "const": 1})
}
