//! What a finding is made of: one answer, and what a finding must say besides it.

use cis_rules::question::Question;
use cis_rules::report::{AccountMembers, AccountResult};
use cis_rules::snapshot::Snapshot;

use crate::time::Time;

/// One answer about one account, and what a finding of it must say besides.
#[derive(Clone, Copy, Debug)]
pub struct FindingInput<'a> {
    /// The account.
    pub snapshot: &'a Snapshot,
    /// What was asked.
    pub question: &'a Question,
    /// The answer.
    pub result: &'a AccountResult,
    /// Whose question it is: a rule's name, or the tool's. Two that ask differently, by another
    /// mode or with other buckets allowed, must not have the same name.
    pub asked_by: &'a str,
    /// The Region that the finding belongs to.
    pub region: &'a str,
    /// When the account was read.
    pub read_at: &'a Time,
}

impl FindingInput<'_> {
    /// What identifies the finding. It holds no time and nothing that AWS makes up again each time, so that the
    /// next answer to the same question updates the finding, even when the rule was made again. A
    /// plan's finding is not the account's.
    #[must_use]
    pub fn id(&self) -> String {
        let planned = if self.snapshot.planned { "/planned" } else { "" };
        let (asked_by, region) = (self.asked_by, self.region);
        let AccountMembers { account_id, kind, .. } = &**self.result;
        format!("{asked_by}/{account_id}/{region}/s3-object-level-{kind}{planned}")
    }

    /// What made the finding: the same in every account and for every rule, so that one filter
    /// finds them all.
    #[must_use]
    pub fn generator(&self) -> String {
        format!("trailproof/s3-object-level-{}", self.result.kind)
    }
}

#[cfg(test)]
mod tests {
    use crate::samples::Sample;

    #[test]
    fn an_id_is_of_a_question_and_not_of_a_time() {
        let mut sample = Sample::non_compliant();
        let id = "my-rule/111122223333/us-east-1/s3-object-level-write";
        assert_eq!(sample.input().id(), id);
        sample.read_at = crate::Time::parse("2030-01-01T00:00:00Z").unwrap();
        sample.result = Sample::compliant().result;
        assert_eq!(sample.input().id(), id);
    }

    #[test]
    fn what_asks_something_else_has_another_id() {
        let sample = Sample::non_compliant();
        let mut others = vec![sample.clone(); 3];
        others[0].change(|members| members.kind = cis_rules::question::Kind::Read);
        others[1].change(|members| members.account_id = "444455556666".to_owned());
        others[2].snapshot.planned = true;
        for other in &others {
            assert_ne!(other.input().id(), sample.input().id());
        }
    }
}
