//! What a plan must not break, of whole documents, for tests.

use crate::account::Account;
use crate::inclusion::lost;
use crate::limits::is_accepted;
use crate::selectors::SelectorSet;
use crate::trail::trails;

/// What the selectors of an account's trails took before and may not take after, in words.
#[must_use]
pub fn lost_selectors(before: &Account, after: &Account) -> Vec<String> {
    let (before, _) = trails(before);
    let (after, _) = trails(after);
    let mut all = Vec::new();
    for handle in &before {
        let Some(set) = &handle.set else { continue };
        let same = after.iter().find(|other| other.name == handle.name);
        match same.and_then(|other| other.set.as_ref()) {
            Some(kept) => all.extend(lost(set, kept, handle.partition)),
            None => all.push(format!("trail {}", handle.name)),
        }
    }
    all
}

/// Whether the sets that are put are accepted.
#[must_use]
pub fn quotas_hold(after: &Account, trail: &str) -> bool {
    let (handles, _) = trails(after);
    handles.iter().filter(|handle| handle.name == trail).all(|handle| {
        handle.set.as_ref().is_some_and(|set: &SelectorSet| is_accepted(set, handle.partition))
    })
}
