//! The findings of one invocation.

use cis_aws::Account;
use cis_findings::FindingInput;
use cis_findings::asff::Finding;
use cis_rules::question::Question;
use cis_rules::report::{AccountResult, Report};
use cis_rules::snapshot::Snapshot;

use crate::event::Event;

/// One finding for each answer. They are the rule's by its name, which stays when the rule is made
/// again, and are ordered by the event's own time, as the evaluations are: what is reported late
/// never takes the place of something newer.
pub(crate) fn findings(
    event: &Event,
    account: &Account,
    snapshot: &Snapshot,
    questions: &[Question],
    report: &Report,
) -> Vec<Finding> {
    let of = |(question, result): (&Question, &AccountResult)| {
        Finding::new(&FindingInput {
            snapshot,
            question,
            result,
            asked_by: event.rule_name.as_deref().unwrap_or(&event.rule_id),
            region: &account.region,
            read_at: &event.ordering_timestamp,
        })
    };
    questions.iter().zip(&report.results).map(of).collect()
}
