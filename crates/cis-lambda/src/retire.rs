//! Retiring results that the rule does not report any more.
//!
//! AWS Config keeps a result until the rule puts another one or is deleted. One that is put as
//! NOT_APPLICABLE is cleaned up:
//! <https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_lambda-functions.html>.

use crate::annotation::annotation;
use crate::error::RuleError;
use crate::evaluation::{Compliance, Evaluation};
use crate::event::{Event, EventError};
use crate::ports::Stored;
use crate::trails::Rows;

/// The longest name of a rule whose results AWS Config lists.
///
/// Names of rules have up to 128 characters, and those of rules in conformance packs and of
/// organization rules are made longer by AWS Config.
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_GetComplianceDetailsByConfigRule.html>
pub(crate) const LONGEST_RULE_NAME: usize = 64;

/// The rule's name, by which its results can be listed.
///
/// # Errors
/// Where the event does not say it, or AWS Config would not take it: rows that could never be
/// retired must not be put.
pub(crate) fn rule_name(event: &Event) -> Result<&str, RuleError> {
    let name = event
        .rule_name
        .as_deref()
        .ok_or_else(|| EventError::new("configRuleName".to_owned(), "is missing".to_owned()))?;
    let length = name.chars().count();
    if length > LONGEST_RULE_NAME {
        return Err(RuleError::RuleNameTooLong { name: name.to_owned(), length });
    }
    Ok(name)
}

/// What retires the stored results that a complete report says nothing of.
///
/// A result newer than the event is kept: it used newer data.
pub(crate) fn retired(stored: &[Stored], event: &Event, rows: &Rows) -> Vec<Evaluation> {
    let is_reported = |stored: &Stored| {
        let (kind, id) = (stored.resource_type.as_str(), stored.resource_id.as_str());
        (kind, id) == (Evaluation::ACCOUNT, event.account_id.as_str()) || rows.covers(kind, id)
    };
    stored
        .iter()
        .filter(|stored| !is_reported(stored) && !stored.is_after(&event.ordering_timestamp))
        .map(|stored| {
            let name = Compliance::NotApplicable.name();
            let id = &stored.resource_id;
            let text = format!("{name}: {id} is not, or not any more, what this rule reports on");
            Evaluation {
                compliance_resource_type: stored.resource_type.clone().into(),
                compliance_resource_id: id.clone(),
                compliance_type: Compliance::NotApplicable,
                annotation: annotation(&text, name),
                ordering_timestamp: event.ordering_timestamp.clone(),
            }
        })
        .collect()
}
