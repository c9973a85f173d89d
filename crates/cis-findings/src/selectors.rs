//! The selectors that advice proposes, as JSON to put and in words.

use cis_rules::RecordField;
use cis_rules::question::Kind;

/// An advanced event selector in which each field equals one value.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedEventSelector.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Advanced {
    name: String,
    fields: Vec<(RecordField, &'static str)>,
}

impl Advanced {
    /// All management events.
    #[must_use]
    pub fn management() -> Self {
        Self {
            name: "Management events".to_owned(),
            fields: vec![(RecordField::EventCategory, "Management")],
        }
    }

    /// Every S3 object-level event of a kind.
    #[must_use]
    pub fn every_object_event(kind: Kind) -> Self {
        Self {
            name: format!("Every S3 object-level {kind} event"),
            fields: vec![
                (RecordField::EventCategory, "Data"),
                (RecordField::ResourcesType, "AWS::S3::Object"),
                (RecordField::ReadOnly, kind.read_only()),
            ],
        }
    }

    /// The selector as PutEventSelectors takes it, one field in a line.
    #[must_use]
    pub fn json(&self) -> String {
        let fields: Vec<String> = self
            .fields
            .iter()
            .map(|(field, value)| {
                format!("  {{\"Field\":{},\"Equals\":[{}]}}", quoted(field.name()), quoted(value))
            })
            .collect();
        format!("{{\"Name\":{},\"FieldSelectors\":[\n{}]}}", quoted(&self.name), fields.join(",\n"))
    }

    /// The selector in words: `an advanced selector with eventCategory Equals Data and …`.
    #[must_use]
    pub fn words(&self) -> String {
        let fields: Vec<String> = self
            .fields
            .iter()
            .map(|(field, value)| format!("{} Equals {value}", field.name()))
            .collect();
        let list = match fields.as_slice() {
            [] => String::new(),
            [only] => only.clone(),
            [first @ .., last] => format!("{} and {last}", first.join(", ")),
        };
        format!("an advanced selector with {list}")
    }
}

/// A basic event selector of every S3 object-level event of a kind.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_EventSelector.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Basic {
    kind: Kind,
    value: String,
}

impl Basic {
    /// Every S3 object-level event of a kind, in a partition.
    #[must_use]
    pub fn every_object_event(kind: Kind, partition: &str) -> Self {
        Self { kind, value: format!("arn:{partition}:s3") }
    }

    /// The selector as PutEventSelectors takes it, one data resource in a line.
    #[must_use]
    pub fn json(&self) -> String {
        let read_write = match self.kind {
            Kind::Write => "WriteOnly",
            Kind::Read => "ReadOnly",
        };
        format!(
            "{{\"ReadWriteType\":{},\"IncludeManagementEvents\":false,\"DataResources\":[\n  \
             {{\"Type\":\"AWS::S3::Object\",\"Values\":[{}]}}]}}",
            quoted(read_write),
            quoted(&self.value)
        )
    }

    /// The data resources in words, for the end of a sentence.
    #[must_use]
    pub fn words(&self) -> String {
        format!(
            "data resources of AWS::S3::Object with the value {} for {} events",
            self.value, self.kind
        )
    }
}

/// A text as JSON.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use cis_rules::evaluate;
    use cis_rules::question::{Mode, Question};
    use cis_rules::report::Verdict;
    use cis_rules::snapshot::Snapshot;

    use super::*;

    #[test]
    fn each_selector_logs_what_it_is_proposed_for() {
        for kind in Kind::ALL {
            let advanced = Advanced::every_object_event(kind).json();
            let basic = Basic::every_object_event(kind, "aws").json();
            for (list, entry) in [("AdvancedEventSelectors", advanced), ("EventSelectors", basic)] {
                let account = format!(
                    r#"{{"schemaVersion":1,"accountId":"111122223333","trails":[{{"trail":{{"TrailARN":"{}","IsMultiRegionTrail":true}},"status":{{"IsLogging":true}},"eventSelectors":{{"{list}":[{entry}]}}}}]}}"#,
                    crate::samples::TRAIL
                );
                let snapshot = Snapshot::from_json(&account).unwrap();
                let result = evaluate(&snapshot, &Question::new(kind, Mode::Every));
                assert_eq!(result.verdict, Verdict::Compliant, "{entry}");
            }
        }
    }

    #[test]
    fn words_and_json_name_the_same_fields() {
        for selector in [Advanced::management(), Advanced::every_object_event(Kind::Read)] {
            let (words, json) = (selector.words(), selector.json());
            for (field, value) in &selector.fields {
                assert!(words.contains(&format!("{} Equals {value}", field.name())), "{words}");
                assert!(json.contains(&format!("\"{}\",\"Equals\":[\"{value}\"]", field.name())));
            }
        }
        assert_eq!(
            Advanced::every_object_event(Kind::Write).words(),
            "an advanced selector with eventCategory Equals Data, resources.type Equals \
             AWS::S3::Object and readOnly Equals false"
        );
    }
}
