//! JSON Schemas of the documents that are read and written, so that a stranger can read them too.
//!
//! They are draft 2020-12. Most of each comes from the types themselves, with their documentation as
//! descriptions; `fields` and `selectors` have the types whose JSON is read by hand. A snapshot's
//! schema says what is accepted; those of the other documents say what is written.
//!
//! A schema lets pass members that it does not name: a later version may add some.

mod fields;
mod selectors;
mod tidy;

use alloc::borrow::Cow;
use alloc::string::{String, ToString};

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde_json::{Value, json};

use crate::answer::diff::Difference;
use crate::answer::explain::Explanations;
use crate::answer::report::{
    AccountMembers, AccountResult, Report, TrailMembers, TrailResult, Verdict,
};
use crate::aws::snapshot::Snapshot;

/// A document that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Document {
    /// [`Snapshot`]: what was observed of an account.
    Snapshot,
    /// [`Report`]: answers about accounts.
    Report,
    /// [`Explanations`]: how events fare in an account.
    Explanation,
    /// [`Difference`]: what two snapshots log differently.
    Difference,
}

impl Document {
    /// All documents.
    pub const ALL: [Self; 4] = [Self::Snapshot, Self::Report, Self::Explanation, Self::Difference];

    /// The document's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Snapshot => "snapshot",
            Self::Report => "report",
            Self::Explanation => "explanation",
            Self::Difference => "difference",
        }
    }

    /// The document's schema. Its members stand in the order of the types where `serde_json` keeps
    /// the order of members (its feature `preserve_order`).
    #[must_use]
    pub fn schema(self) -> Value {
        let draft = SchemaSettings::draft2020_12();
        let (reading, writing) = (draft.clone().for_deserialize(), draft.for_serialize());
        let schema = match self {
            Self::Snapshot => reading.into_generator().into_root_schema_for::<Snapshot>(),
            Self::Report => writing.into_generator().into_root_schema_for::<Report>(),
            Self::Explanation => writing.into_generator().into_root_schema_for::<Explanations>(),
            Self::Difference => writing.into_generator().into_root_schema_for::<Difference>(),
        };
        titled(schema, self.name())
    }
}

/// The schema of a document of this name that is written as this type, which another crate has.
#[must_use]
pub fn of_written<T: JsonSchema>(name: &str) -> Value {
    let schema = SchemaSettings::draft2020_12().for_serialize().into_generator();
    titled(schema.into_root_schema_for::<T>(), name)
}

fn titled(schema: Schema, name: &str) -> Value {
    tidy::tidied(schema.to_value(), alloc::format!("trailproof {name}, schemaVersion 1"))
}

/// The version of a document: 1.
pub(crate) fn version(_: &mut SchemaGenerator) -> Schema {
    json_schema!({"type": "integer", "const": 1})
}

/// Something that is so where the verdict is this one.
fn where_it_is(verdict: Verdict, then: &Value) -> Value {
    json!({
        "if": {"properties": {"verdict": {"const": verdict.name()}}, "required": ["verdict"]},
        "then": then,
    })
}

/// What the verdict of an account must not be without.
pub(crate) fn of_account(schema: &mut Schema) {
    let no_gaps = json!({"properties": {"gaps": {"maxItems": 0}, "moreGaps": {"const": false}}});
    let no_proof = json!({"properties": {"proof": {"type": "null"}}});
    let lost = Verdict::NonCompliant.name();
    let is_lost = json!({"properties": {"verdict": {"const": lost}}, "required": ["verdict"]});
    schema.insert(
        "allOf".to_string(),
        json!([
            where_it_is(
                Verdict::Compliant,
                &json!({
                    "properties": {
                        "proof": {"type": "object"},
                        "completions": {"items": {"required": ["proof"]}},
                    },
                    "allOf": [no_gaps],
                }),
            ),
            where_it_is(
                Verdict::NonCompliant,
                &json!({
                    "properties": {"completions": {"items": {"required": ["gaps"]}}},
                    "allOf": [no_proof],
                    "anyOf": [
                        {"properties": {"gaps": {"minItems": 1}}},
                        {"properties": {"trails": {"maxItems": 0}}},
                        {"properties": {"trails": {"contains": is_lost}}},
                    ],
                }),
            ),
            where_it_is(
                Verdict::Indeterminate,
                &json!({
                    "properties": {"unknowns": {"minItems": 1}, "completions": {"maxItems": 0}},
                    "allOf": [no_proof, no_gaps],
                }),
            ),
        ]),
    );
}

/// What the verdict of a trail must not be without.
pub(crate) fn of_trail(schema: &mut Schema) {
    let no_gaps = json!({"gaps": {"maxItems": 0}, "moreGaps": {"const": false}});
    let mut undecided = no_gaps.clone();
    undecided["reasons"] = json!({"minItems": 1});
    schema.insert(
        "allOf".to_string(),
        json!([
            where_it_is(Verdict::Compliant, &json!({"properties": no_gaps})),
            where_it_is(Verdict::NonCompliant, &json!({"properties": {"gaps": {"minItems": 1}}}),),
            where_it_is(Verdict::Indeterminate, &json!({"properties": undecided})),
        ]),
    );
}

macro_rules! same_schema {
    ($($checked:ty => $members:ty),*) => {$(
        impl JsonSchema for $checked {
            fn schema_name() -> Cow<'static, str> {
                <$members>::schema_name()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                <$members>::json_schema(generator)
            }
        }
    )*};
}

same_schema!(AccountResult => AccountMembers, TrailResult => TrailMembers);

/// A text in a description, in the way of the documentation.
fn code(text: &str) -> String {
    alloc::format!("`{text}`")
}
