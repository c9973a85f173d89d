//! Several plans of one account as one account.

use std::sync::Arc;

use cis_rules::open_values::{Asked, Completions, OpenValues, PlannedBucket, Split, Way};
use cis_rules::report::Unknown;
use cis_rules::snapshot::{ObservedTrail, Snapshot};

use crate::error::PlanError;
use crate::trail::calls_cloudtrail;

/// Puts the trails of several plans of one account together; none where there is no plan.
pub(crate) fn together(all: Vec<Snapshot>) -> Result<Option<Snapshot>, PlanError> {
    Together { parts: all, beside: Vec::new() }.whole()
}

/// A plan with trails of others beside its own.
pub(crate) fn beside(plan: Snapshot, trails: Vec<ObservedTrail>) -> Result<Snapshot, PlanError> {
    let own = plan.clone();
    let whole = Together { parts: vec![plan], beside: trails }.whole()?;
    Ok(whole.unwrap_or(own))
}

/// Plans of one account, and trails that may be in it.
#[derive(Clone, Debug)]
struct Together {
    parts: Vec<Snapshot>,
    beside: Vec<ObservedTrail>,
}

impl Together {
    /// The account; none where there is no plan.
    fn whole(self) -> Result<Option<Snapshot>, PlanError> {
        let mut parts = self.parts.iter().cloned();
        let Some(mut whole) = parts.next() else { return Ok(None) };
        for part in parts {
            add(&mut whole, part)?;
        }
        match &mut whole.trails {
            Some(trails) => trails.extend(self.beside.iter().cloned()),
            None if self.beside.is_empty() => {}
            None => whole.trails = Some(self.beside.clone()),
        }
        doubt_what_is_called(&mut whole);
        let is_open = self.parts.iter().any(|part| part.open_values.completions().is_some());
        whole.open_values =
            if is_open { OpenValues::new(Arc::new(self)) } else { OpenValues::default() };
        Ok(Some(whole))
    }

    fn completions(&self) -> impl Iterator<Item = (usize, &dyn Completions)> {
        let all = self.parts.iter().enumerate();
        all.filter_map(|(position, part)| Some((position, &**part.open_values.completions()?)))
    }
}

impl Completions for Together {
    fn buckets(&self) -> Vec<PlannedBucket> {
        self.completions().flat_map(|(_, part)| part.buckets()).collect()
    }

    fn mentions(&self) -> Vec<String> {
        self.completions().flat_map(|(_, part)| part.mentions()).collect()
    }

    /// The first part that can be filled in further, compared with the texts of the others too.
    fn split(&self, asked: &Asked<'_>) -> Option<Split> {
        let of_part = |(position, part): (usize, &dyn Completions)| {
            let others = self.completions().filter(|(other, _)| *other != position);
            let mut mentions = asked.mentions.to_vec();
            for (_, other) in others {
                mentions.extend(other.mentions());
                mentions.extend(other.buckets().into_iter().filter_map(|bucket| bucket.name));
            }
            let split = part.split(&Asked { mentions: &mentions, ..*asked })?;
            let with = |Way { value, stand_in, account }| {
                let mut whole = self.clone();
                *whole.parts.get_mut(position)? = account;
                Some(Way { value, stand_in, account: whole.whole().ok().flatten()? })
            };
            // A partition that the other plans cannot have is left open with all others.
            let ways = split.ways.into_iter().map(with).collect::<Option<Vec<Way>>>()?;
            Some(Split { ways, ..split })
        };
        self.completions().find_map(of_part)
    }
}

/// Adds a plan of the same account.
fn add(whole: &mut Snapshot, one: Snapshot) -> Result<(), PlanError> {
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
    Ok(())
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
