//! Several plans of one account as one account.

use cis_rules::report::Unknown;
use cis_rules::snapshot::Snapshot;

use crate::error::PlanError;
use crate::trail::calls_cloudtrail;

/// Puts the trails of several plans of one account together; none where there is no plan.
pub(crate) fn together(all: Vec<Snapshot>) -> Result<Option<Snapshot>, PlanError> {
    let mut all = all.into_iter();
    let Some(mut whole) = all.next() else { return Ok(None) };
    for one in all {
        for (what, mine, other) in [
            ("account", &whole.account_id, &one.account_id),
            ("partition", &whole.partition, &one.partition),
        ] {
            if mine != other {
                return Err(PlanError::Contradiction {
                    what,
                    one: format!("one file is for `{mine}`"),
                    other: format!("another is for `{other}`"),
                });
            }
        }
        if whole.region != one.region {
            whole.region = None;
        }
        whole.name = None;
        whole.planned |= one.planned;
        whole.assumed_partition |= one.assumed_partition;
        whole.unreadable.extend(one.unreadable);
        match (&mut whole.trails, one.trails) {
            (Some(trails), Some(others)) => trails.extend(others),
            (trails, _) => *trails = None,
        }
    }
    doubt_what_is_called(&mut whole);
    Ok(Some(whole))
}

/// What calls CloudTrail in one plan may change the trails of the others.
pub(crate) fn doubt_what_is_called(whole: &mut Snapshot) {
    let trails = whole.trails.iter_mut().flatten();
    let mut trails: Vec<_> = trails.collect();
    let calls = |open: &Vec<Unknown>| open.iter().find(|why| calls_cloudtrail(why)).cloned();
    let Some(why) = trails.iter().find_map(|trail| calls(&trail.open)) else { return };
    for trail in &mut trails {
        if calls(&trail.open).is_none() {
            trail.trail.is_multi_region_trail = None;
            trail.trail.is_organization_trail = None;
            trail.trail.has_custom_event_selectors = None;
            trail.status = None;
            trail.event_selectors = None;
            trail.open = vec![why.clone()];
        }
    }
}
