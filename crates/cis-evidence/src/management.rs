//! Which management events a trail's selectors take. The engine is about objects only, but a trail
//! that is blinded for management events no longer shows who blinds it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// How much of one kind of management events selectors take. The order is from nothing to all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Extent {
    /// None.
    None,
    /// Some: those of a source are left out, or a condition is there that is not looked into.
    Some,
    /// All.
    All,
}

/// The management events that selectors take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Management {
    /// Write events: every call that changes logging is one.
    pub write: Extent,
    /// Read events.
    pub read: Extent,
}

impl Management {
    const NOTHING: Self = Self { write: Extent::None, read: Extent::None };

    /// What the selectors in an answer of GetEventSelectors take.
    ///
    /// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html>
    pub(crate) fn of(selectors: &Value) -> Self {
        let list = |member: &str| selectors.get(member).and_then(Value::as_array);
        let basic = list("EventSelectors").into_iter().flatten().map(of_basic);
        let advanced = list("AdvancedEventSelectors").into_iter().flatten().map(of_advanced);
        basic.chain(advanced).fold(Self::NOTHING, |all, one| Self {
            write: all.write.max(one.write),
            read: all.read.max(one.read),
        })
    }
}

fn of_basic(selector: &Value) -> Management {
    if selector.get("IncludeManagementEvents") == Some(&Value::Bool(false)) {
        return Management::NOTHING;
    }
    let excluded = selector.get("ExcludeManagementEventSources").and_then(Value::as_array);
    let extent = if excluded.is_some_and(|sources| !sources.is_empty()) {
        Extent::Some
    } else {
        Extent::All
    };
    match selector.get("ReadWriteType").and_then(Value::as_str) {
        None | Some("All") => Management { write: extent, read: extent },
        Some("ReadOnly") => Management { write: Extent::None, read: extent },
        Some("WriteOnly") => Management { write: extent, read: Extent::None },
        Some(_) => Management { write: Extent::Some, read: Extent::Some },
    }
}

fn of_advanced(selector: &Value) -> Management {
    let fields = selector.get("FieldSelectors").and_then(Value::as_array);
    let mut taken = Management { write: Extent::All, read: Extent::All };
    let mut is_of_management = false;
    for field in fields.into_iter().flatten() {
        let equals = field.get("Equals").and_then(Value::as_array);
        let is_only = |value: &str| {
            equals.is_some_and(|values| values.as_slice() == [Value::from(value)])
                && field.as_object().is_some_and(|members| members.len() == 2)
        };
        match field.get("Field").and_then(Value::as_str) {
            Some("eventCategory") if is_only("Management") => is_of_management = true,
            Some("eventCategory") => return Management::NOTHING,
            Some("readOnly") if is_only("true") => taken.write = Extent::None,
            Some("readOnly") if is_only("false") => taken.read = Extent::None,
            _ => {
                taken.write = taken.write.min(Extent::Some);
                taken.read = taken.read.min(Extent::Some);
            }
        }
    }
    if is_of_management { taken } else { Management::NOTHING }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_kinds_of_selectors_say_which_management_events_they_take() {
        use Extent::{All, None as Nothing, Some as Part};
        let category = json!({"Field": "eventCategory", "Equals": ["Management"]});
        let basic = |selector: Value| json!({"EventSelectors": [selector]});
        let advanced =
            |fields: Value| json!({"AdvancedEventSelectors": [{"FieldSelectors": fields}]});
        for (selectors, write, read) in [
            (basic(json!({})), All, All),
            (basic(json!({"ReadWriteType": "ReadOnly"})), Nothing, All),
            (basic(json!({"ReadWriteType": "WriteOnly"})), All, Nothing),
            (basic(json!({"IncludeManagementEvents": false})), Nothing, Nothing),
            (basic(json!({"ExcludeManagementEventSources": ["kms.amazonaws.com"]})), Part, Part),
            (json!({"EventSelectors": []}), Nothing, Nothing),
            (advanced(json!([category])), All, All),
            (advanced(json!([category, {"Field": "readOnly", "Equals": ["false"]}])), All, Nothing),
            (
                advanced(
                    json!([category, {"Field": "eventSource", "NotEquals": ["kms.amazonaws.com"]}]),
                ),
                Part,
                Part,
            ),
            (advanced(json!([{"Field": "eventCategory", "Equals": ["Data"]}])), Nothing, Nothing),
            (advanced(json!([])), Nothing, Nothing),
        ] {
            assert_eq!(Management::of(&selectors), Management { write, read }, "{selectors}");
        }
    }
}
