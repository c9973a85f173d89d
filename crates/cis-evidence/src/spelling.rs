//! The two spellings of selectors: records have the members with a small first letter, answers of
//! GetEventSelectors with a large one.

use serde_json::Value;

/// A member's name with a large first letter.
pub(crate) fn pascal_case(member: &str) -> String {
    let mut characters = member.chars();
    let first = characters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}

/// Selectors as GetEventSelectors spells them. What is not known keeps its place, for it may narrow a
/// selector.
pub(crate) fn selectors(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            members.iter().map(|(member, value)| (pascal_case(member), selectors(value))).collect()
        }
        Value::Array(entries) => entries.iter().map(selectors).collect(),
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn members_get_a_large_letter_and_values_stay() {
        let written = json!([{"name": "s3", "later": {"a": 1}, "fieldSelectors":
            [{"field": "resources.ARN", "notStartsWith": ["arn:aws:s3:::payroll/"]}]}]);
        let read = json!([{"Name": "s3", "Later": {"A": 1}, "FieldSelectors":
            [{"Field": "resources.ARN", "NotStartsWith": ["arn:aws:s3:::payroll/"]}]}]);
        assert_eq!(selectors(&written), read);
        assert_eq!(selectors(&read), read);
    }
}
