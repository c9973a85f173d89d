//! What a plan leaves open about one trail, collected while the trail is written down.

use std::collections::BTreeSet;

use cis_rules::report::Unknown;

/// What is left open, each thing once, in the order of the document.
#[derive(Debug, Default)]
pub(crate) struct Opens {
    found: Vec<Unknown>,
    seen: BTreeSet<Unknown>,
}

impl Opens {
    /// Notes that something is open, and why.
    pub(crate) fn note(&mut self, what: &str, why: &[Unknown]) {
        for why in why {
            let reason = format!("{what} is not known: {}", why.reason);
            self.say(Unknown { reason, settled_by: why.settled_by.clone() });
        }
    }

    /// Notes that something is open, in these words.
    pub(crate) fn say(&mut self, open: Unknown) {
        if self.seen.insert(open.clone()) {
            self.found.push(open);
        }
    }

    /// All of it.
    pub(crate) fn into_all(self) -> Vec<Unknown> {
        self.found
    }
}
