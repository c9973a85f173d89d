//! Why a verdict is INDETERMINATE: because calls failed, or because AWS does not document what the
//! configuration means.
//!
//! The two need different answers. Where a call failed, reading again may settle the verdict, so
//! the last result may stay until then. Where the meaning of a selector is not documented, no
//! retry will ever settle it. If that were an error, AWS Config would keep the last COMPLIANT, and
//! whoever writes an ambiguous selector would freeze the account's result.

use cis_findings::evidence::trails_with_results;
use cis_rules::partition::is_enabled_by_default;
use cis_rules::question::Mode;
use cis_rules::report::{AccountResult, TrailResult, Verdict};
use cis_rules::snapshot::{ObservedTrail, Snapshot};

use crate::parameters::{OnUndecided, UndecidedPolicy};

/// What a verdict that is INDETERMINATE rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Calls failed, or were not made, that could settle it.
    Unreadable,
    /// Everything was read, and AWS does not document what it means.
    Undocumented,
}

impl Cause {
    /// The cause of an answer that is INDETERMINATE; `None` where the answer is decided.
    ///
    /// It is [`Cause::Unreadable`] where the trails could not be listed, or where something of a
    /// trail that could still decide the answer was not read.
    #[must_use]
    pub fn of_account(snapshot: &Snapshot, result: &AccountResult) -> Option<Self> {
        if result.verdict != Verdict::Indeterminate {
            return None;
        }
        let is_unlisted = snapshot.trails.is_none() || !snapshot.unreadable.is_empty();
        let is_unread = trails_with_results(snapshot, result)
            .any(|(observed, trail)| may_decide(result.mode, trail) && !is_read(observed));
        Some(if is_unlisted || is_unread { Self::Unreadable } else { Self::Undocumented })
    }

    /// The cause of an INDETERMINATE about one trail.
    #[must_use]
    pub fn of_trail(observed: &ObservedTrail) -> Self {
        if is_read(observed) { Self::Undocumented } else { Self::Unreadable }
    }
}

impl UndecidedPolicy {
    /// What is put where a verdict is INDETERMINATE for this cause.
    #[must_use]
    pub const fn on(self, cause: Cause) -> OnUndecided {
        match cause {
            Cause::Unreadable => self.unreadable,
            Cause::Undocumented => self.indeterminate,
        }
    }
}

/// Whether more knowledge of a trail could decide an answer that is INDETERMINATE.
///
/// A trail that surely loses an event may still contribute what others lack, in mode `union`.
fn may_decide(mode: Mode, trail: &TrailResult) -> bool {
    match mode {
        Mode::Any | Mode::Every => trail.verdict == Verdict::Indeterminate,
        Mode::Union => trail.counts && trail.verdict != Verdict::Compliant,
    }
}

/// Whether everything about a trail was read: no call failed, and the answers that a verdict needs
/// are there.
fn is_read(observed: &ObservedTrail) -> bool {
    let trail = &observed.trail;
    let is_logging = observed.status.as_ref().and_then(|status| status.is_logging);
    observed.unreadable.is_empty()
        && trail.arn.is_some()
        && trail.is_multi_region_trail.is_some()
        && is_logging.is_some()
        && observed.event_selectors.is_some()
        && !is_of_opt_in_region(observed)
}

/// Whether another account read the status of a trail whose home Region this account may not have
/// enabled: reading it from the account itself could still settle what it does here.
fn is_of_opt_in_region(observed: &ObservedTrail) -> bool {
    let read_through = observed.read_through.as_ref();
    if !read_through.is_some_and(|read| read.calls.iter().any(|call| call == "GetTrailStatus")) {
        return false;
    }
    let mut parts = observed.trail.arn.as_deref().unwrap_or_default().split(':').skip(1);
    let partition = parts.next().unwrap_or("aws");
    let region = observed.trail.home_region.as_deref().or_else(|| parts.nth(1)).unwrap_or_default();
    !is_enabled_by_default(region, partition)
}

#[cfg(test)]
mod tests {
    use cis_rules::evaluate;
    use cis_rules::question::{Kind, Question};
    use serde_json::{Value, json};

    use super::*;

    /// A trail that logs, with these event selectors.
    fn trail(name: &str, selectors: &Value) -> Value {
        json!({
            "trail": {
                "TrailARN": format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/{name}"),
                "IsMultiRegionTrail": true,
                "HasCustomEventSelectors": true,
            },
            "status": {"IsLogging": true},
            "eventSelectors": selectors,
        })
    }

    /// A selector of all S3 data events, with one more field selector.
    fn advanced(more: &Value) -> Value {
        json!({"AdvancedEventSelectors": [{"FieldSelectors": [
            {"Field": "eventCategory", "Equals": ["Data"]},
            {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            more,
        ]}]})
    }

    /// Selectors whose meaning AWS does not document.
    fn ambiguous() -> Value {
        advanced(&json!({"Field": "newField", "Equals": ["x"]}))
    }

    /// Selectors that surely lose events.
    fn blind() -> Value {
        advanced(&json!({"Field": "eventName", "Equals": ["PutObject"]}))
    }

    fn cause(mode: Mode, trails: &[Value]) -> Option<Cause> {
        cause_in(mode, &json!({"schemaVersion": 1, "accountId": "111122223333", "trails": trails}))
    }

    fn cause_in(mode: Mode, account: &Value) -> Option<Cause> {
        let snapshot = Snapshot::from_json(&account.to_string()).unwrap();
        let result = evaluate(&snapshot, &Question::new(Kind::Write, mode));
        Cause::of_account(&snapshot, &result)
    }

    #[test]
    fn a_status_that_another_account_read_in_an_opt_in_region_can_still_be_read() {
        for (region, calls, cause) in [
            ("eu-west-1", &["GetTrailStatus"][..], Cause::Undocumented),
            ("eu-south-1", &["GetTrailStatus"], Cause::Unreadable),
            ("eu-south-1", &["GetEventSelectors"], Cause::Undocumented),
        ] {
            let mut trail = trail("main", &json!({"EventSelectors": []}));
            trail["trail"]["HomeRegion"] = json!(region);
            trail["readThrough"] = json!({"roleArn": "arn:aws:iam::1:role/r", "calls": calls});
            let snapshot = json!({"schemaVersion": 1, "accountId": "111122223333",
                "trails": [trail]});
            let snapshot = Snapshot::from_json(&snapshot.to_string()).unwrap();
            let observed = &snapshot.trails.unwrap()[0];
            assert_eq!(Cause::of_trail(observed), cause, "{region} {calls:?}");
        }
    }

    #[test]
    fn an_ambiguous_selector_is_not_a_failed_call() {
        for mode in Mode::ALL {
            let cause = cause(mode, &[trail("main", &ambiguous())]);
            assert_eq!(cause, Some(Cause::Undocumented), "{mode}");
        }
    }

    #[test]
    fn what_was_not_read_of_the_deciding_trail_is_unreadable() {
        let good = json!({"EventSelectors": [{
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
        }]});
        let no_selectors = trail("main", &Value::Null);
        let mut no_status = trail("main", &good);
        no_status["status"].take();
        let mut empty_status = trail("main", &good);
        empty_status["status"] = json!({});
        let mut nameless = trail("main", &good);
        nameless["trail"]["TrailARN"].take();
        let mut regions_not_told = trail("main", &good);
        regions_not_told["trail"]["IsMultiRegionTrail"].take();
        let mut failed = trail("main", &ambiguous());
        failed["unreadable"] = json!([{"call": "AssumeRole", "code": "AccessDenied"}]);
        let unread = [no_selectors, no_status, empty_status, nameless, regions_not_told, failed];
        for unread in unread {
            for mode in Mode::ALL {
                let cause = cause(mode, std::slice::from_ref(&unread));
                assert_eq!(cause, Some(Cause::Unreadable), "{mode} {unread}");
            }
        }
    }

    #[test]
    fn trails_that_could_not_be_listed_are_unreadable() {
        let account = json!({"schemaVersion": 1, "accountId": "111122223333"});
        let mut denied = account.clone();
        denied["trails"] = json!([]);
        denied["unreadable"] = json!([{"call": "DescribeTrails", "code": "AccessDenied"}]);
        for account in [account, denied] {
            assert_eq!(cause_in(Mode::Any, &account), Some(Cause::Unreadable), "{account}");
        }
    }

    #[test]
    fn a_trail_that_is_decided_has_no_say_in_why_another_is_not() {
        let mut stopped = trail("stopped", &Value::Null);
        stopped["status"]["IsLogging"] = false.into();
        let mut unread_and_blind = trail("blind", &blind());
        unread_and_blind["status"].take();
        let ambiguous = trail("main", &ambiguous());
        for decided in [stopped.clone(), unread_and_blind.clone()] {
            let cause = cause(Mode::Any, &[ambiguous.clone(), decided]);
            assert_eq!(cause, Some(Cause::Undocumented));
        }
        let union = |other| cause(Mode::Union, &[ambiguous.clone(), other]);
        assert_eq!(union(stopped), Some(Cause::Undocumented));
        assert_eq!(union(unread_and_blind), Some(Cause::Unreadable), "it may log what is missing");
    }

    #[test]
    fn a_decided_answer_has_no_cause() {
        assert_eq!(cause(Mode::Any, &[]), None);
        assert_eq!(cause(Mode::Any, &[trail("main", &blind())]), None);
    }
}
