//! Event names in selectors that are none of S3's.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_findings::mistake::{Mistake, hint};
use cis_findings::told::Told;
use cis_rules::{Kind, Mode, Question, Snapshot};
use serde_json::{Value, json};

/// What is said of the condition of a trail that takes these names only.
fn said(names: &Value) -> (Option<String>, String) {
    let snapshot = json!({"schemaVersion": 1, "accountId": "111122223333", "trails": [{
        "trail": {
            "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main",
            "HomeRegion": "us-east-1", "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
        },
        "status": {"IsLogging": true},
        "eventSelectors": {"AdvancedEventSelectors": [{"FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            {"Field": "eventName", "Equals": names},
        ]}]},
    }]});
    let snapshot = Snapshot::from_json(&snapshot.to_string()).unwrap();
    let question = Question::new(Kind::Write, Mode::Any);
    let result = cis_rules::evaluate(&snapshot, &question);
    let mistake = Mistake::of(&snapshot, &question, &result).unwrap();
    let told = Told::of(&snapshot, &question, &result);
    (hint(&mistake), told.why.unwrap())
}

#[test]
fn a_misspelt_event_name_in_a_selector_has_a_near_one_of_the_catalogue() {
    for (names, written, meant) in [
        (json!(["PutObjct"]), "PutObjct", "PutObject"),
        (json!(["putobject"]), "putobject", "PutObject"),
        (json!(["PutObject", "DeletObject"]), "DeletObject", "DeleteObject"),
    ] {
        let (hint, why) = said(&names);
        let hint = hint.unwrap_or_else(|| panic!("{names}: {why}"));
        assert!(hint.contains(&format!("called {written}: is {meant} meant?")), "{hint}");
        assert!(why.contains(&hint), "{why}");
    }
}

#[test]
fn a_name_of_the_catalogue_or_far_from_each_is_no_misspelling() {
    for names in [json!(["PutObject"]), json!(["InvokeFunction"])] {
        assert_eq!(said(&names).0, None, "{names}");
    }
}
