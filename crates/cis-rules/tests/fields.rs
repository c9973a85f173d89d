//! Every field of the table is spoken of: what is lost by it is described with its name, and what is
//! not known of it is named. A field that is added without its words fails here.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use cis_rules::field::{Absence, RecordField, Values};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::Verdict;
use cis_rules::{evaluate, selector::Field};
use serde_json::{Value, json};

/// A value of a field that some records in scope have.
fn value(field: RecordField) -> &'static str {
    match field.facts().values {
        Values::ObjectArns => "arn:aws:s3:::payroll/2026/11.csv",
        Values::Only(only) => only,
        Values::Any | Values::OfKind => field.facts().samples.first().copied().unwrap_or("x"),
    }
}

fn condition(field: RecordField, operator: &str) -> Value {
    json!({"Field": field.name(), operator: [value(field)]})
}

fn varying() -> impl Iterator<Item = RecordField> {
    Field::known().filter(|field| RecordField::VARYING.contains(field))
}

fn answer(selectors: &[Value]) -> cis_rules::report::AccountResult {
    evaluate(&account::with(selectors), &Question::new(Kind::Write, Mode::Any))
}

#[test]
fn what_is_lost_by_a_field_is_described_by_its_name_or_its_value() {
    for field in varying() {
        let result = answer(&[account::objects(&[condition(field, "NotEquals")])]);
        assert_eq!(result.verdict, Verdict::NonCompliant, "{field}");
        let description = &result.gaps[0].description;
        // Objects and names of events are told by what they are.
        let is_told = description.contains(field.name()) || description.contains(value(field));
        assert!(is_told, "{field}: {description}");
        assert_ne!(description, "every write event in any bucket", "{field}");
        assert_eq!(result.gaps[0].witness.get(field), Some(value(field)), "{field}");
    }
}

#[test]
fn fields_that_no_selector_may_name_are_described_where_they_decide() {
    let others = RecordField::VARYING.into_iter().filter(|field| !field.facts().is_selectable);
    for field in others {
        let mut whole = account::trail("main", &account::advanced(&[account::objects(&[])]));
        let trail = &mut whole["trail"];
        let mut question = Question::new(Kind::Write, Mode::Any);
        match field {
            RecordField::InvokedBy => {
                trail["RecursiveLogging"] = json!(false);
                question.deliveries = cis_rules::question::Deliveries::Require;
            }
            _ => trail["IsMultiRegionTrail"] = json!(false),
        }
        let result = evaluate(&account::of(&[whole]), &question);
        assert_eq!(result.verdict, Verdict::NonCompliant, "{field}");
        assert!(result.gaps[0].description.contains(field.name()), "{:?}", result.gaps[0]);
    }
}

#[test]
fn what_is_not_known_of_a_field_is_named() {
    for field in varying() {
        let halves = ["NotEquals", "Equals"].map(|operator| {
            let condition = condition(field, operator);
            account::objects(&[condition])
        });
        let result = answer(&halves);
        let expected = match field.facts().absence {
            // A keyless ARN is compared, so the two halves are the whole.
            Absence::Undocumented { .. } if field != RecordField::ResourcesArn => {
                Verdict::Indeterminate
            }
            _ => Verdict::Compliant,
        };
        assert_eq!(result.verdict, expected, "{field}: {}", result.summary);
        assert_eq!(result.unknowns.is_empty(), expected == Verdict::Compliant, "{field}");
        if expected == Verdict::Indeterminate {
            let is_named = result.unknowns.iter().any(|one| one.reason.contains(field.name()));
            assert!(is_named, "{field}: {:?}", result.unknowns);
        }
    }
}
