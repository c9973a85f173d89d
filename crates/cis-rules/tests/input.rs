//! Snapshots as files hold them, and what is said about files that hold something else.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_rules::selector::{AdvancedSelector, Field, FieldSelector, Selector};
use cis_rules::snapshot::Snapshot;

const SMALLEST: &str =
    r#"{"schemaVersion":1,"accountId":"111122223333","partition":"aws","trails":[]}"#;

fn error(text: &str) -> String {
    Snapshot::all_from_json(text).unwrap_err().to_string()
}

#[test]
fn one_an_array_and_one_per_line() {
    for (text, count) in [
        (SMALLEST.to_string(), 1),
        (format!("[{SMALLEST},{SMALLEST}]"), 2),
        ("[]".to_string(), 0),
        (format!("{SMALLEST}\n{SMALLEST}\n\n{SMALLEST}\n"), 3),
        (format!("\u{feff} {SMALLEST}[{SMALLEST}]"), 2),
    ] {
        assert_eq!(Snapshot::all_from_json(&text).unwrap().len(), count, "{text}");
    }
}

#[test]
fn errors_name_the_member_the_line_and_the_column() {
    assert_eq!(error(""), "no snapshot: the input is empty");
    assert_eq!(error(" \n"), "no snapshot: the input is empty");
    assert_eq!(error("{"), "EOF while parsing an object at line 1 column 1");
    assert_eq!(
        error("{\"schemaVersion\":2}"),
        "in `schemaVersion`: schemaVersion 2 is not supported, only 1 at line 1 column 19"
    );
    assert_eq!(error("{}"), "missing field `schemaVersion` at line 1 column 2");
    let trail = r#"{"schemaVersion":1,"accountId":"1","trails":[{"trail":{},"eventSelectors":
{"AdvancedEventSelectors":[{"FieldSelectors":[{"Field":"eventName","Equals":["a",5]}]}]}}]}"#;
    assert_eq!(
        error(trail),
        "in `trails[0].eventSelectors.AdvancedEventSelectors[0].FieldSelectors[0].Equals[1]`: \
         invalid type: integer `5`, expected a string at line 2 column 82"
    );
    let later = format!("{SMALLEST}\n{{\"schemaVersion\":1}}");
    assert_eq!(error(&later), "missing field `accountId` at line 2 column 19");
    assert_eq!(error(&format!("{SMALLEST}\nnonsense")), "expected ident at line 2 column 2");
}

#[test]
fn an_array_of_members_is_no_object() {
    assert_eq!(
        error("[[1]]"),
        "in `[0]`: invalid type: sequence, expected an object at line 1 column 1"
    );
    let trail = r#"{"schemaVersion":1,"accountId":"1","trails":[[{}]]}"#;
    assert!(
        error(trail).contains("in `trails[0]`: invalid type: sequence, expected an object"),
        "{}",
        error(trail)
    );
    let status = r#"{"schemaVersion":1,"accountId":"1","trails":[{"trail":{},"status":[true]}]}"#;
    assert!(error(status).contains("in `trails[0].status`"), "{}", error(status));
}

#[test]
fn deep_nesting_is_an_error_and_no_overflow() {
    assert!(error(&"[".repeat(1_000_000)).contains("line 1 column"));
    let nested = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    // Unknown members are passed over, however deep.
    assert!(error(&format!("{{\"extra\":{nested}}}")).starts_with("missing field `schemaVersion`"));
    let name = format!("{{\"schemaVersion\":1,\"name\":{nested}}}");
    assert!(error(&name).starts_with("in `name`: invalid type"), "{}", error(&name));
}

fn only_selector(event_selectors: &str) -> Selector {
    let text = format!(
        r#"{{"schemaVersion":1,"accountId":"1","trails":[{{"trail":{{}},"eventSelectors":{event_selectors}}}]}}"#
    );
    let snapshot = Snapshot::from_json(&text).unwrap();
    snapshot.trails.unwrap().remove(0).event_selectors.unwrap().remove(0)
}

#[test]
fn what_is_not_known_in_a_selector_is_kept() {
    let selector = only_selector(
        r#"{"AdvancedEventSelectors":[{"Name":null,"FieldSelectors":[{"Field":"eventName","Equals":null,
            "Contains":["x"],"NotEquals":[]},{"Field":"vpcEndpointId","Equals":["v"]},{"Equals":["v"]}],"Priority":7}]}"#,
    );
    let Selector::Advanced(AdvancedSelector { name, field_selectors, unknown_members }) = selector
    else {
        panic!("an advanced selector")
    };
    assert_eq!((name, unknown_members), (None, vec!["Priority".to_string()]));
    let [contains, unknown, nameless] = field_selectors.as_slice() else {
        panic!("three field selectors")
    };
    assert_eq!(contains.unknown_operators, ["Contains"]);
    assert_eq!(contains.conditions.len(), 1, "null is absent, an empty list is not");
    assert_eq!(unknown.field, Field::Unknown("vpcEndpointId".into()));
    assert_eq!(nameless.field, Field::Unknown(String::new()));
    assert!(!contains.is_well_formed());
    assert!(FieldSelector { conditions: Vec::new(), ..unknown.clone() } != *unknown);

    let selector = only_selector(
        r#"{"EventSelectors":[{"ReadWriteType":"Rarely","IncludeManagementEvents":true,"Sampling":0.5,
            "ExcludeManagementEventSources":[],"DataResources":[{"Type":"AWS::S3::Object","Values":null,"Until":1}]}]}"#,
    );
    let Selector::Basic(basic) = selector else { panic!("a basic selector") };
    assert_eq!(basic.unknown_members, ["Sampling"]);
    assert_eq!(basic.data_resources[0].unknown_members, ["Until"]);
    assert!(basic.data_resources[0].values.is_empty());
}

#[test]
fn a_member_that_stands_twice_in_a_selector_is_an_error() {
    let text = r#"{"schemaVersion":1,"accountId":"1","trails":[{"trail":{},"eventSelectors":
        {"AdvancedEventSelectors":[{"FieldSelectors":[{"Field":"eventName","Equals":["a"],"Equals":["b"]}]}]}}]}"#;
    assert!(
        error(text).contains("member `Equals` stands twice in a field selector"),
        "{}",
        error(text)
    );
}
