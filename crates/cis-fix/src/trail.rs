//! A trail that can be changed: where it is, whose it is, and how a request names it.

use cis_rules::snapshot::ObservedTrail;

use crate::account::Account;
use crate::json::Members;
use crate::selectors::{SelectorSet, partition_of};

/// What stands for a Region that a plan leaves open.
pub(crate) const OPEN_REGION: &str = "REGION";

/// What stands for an account that a plan leaves open.
pub(crate) const OPEN_ACCOUNT: &str = "000000000000";

/// A trail of an account, as a request names it.
#[derive(Clone, Debug)]
pub(crate) struct Handle<'a> {
    /// Its entries: a shadow trail is listed again.
    pub(crate) entries: Vec<usize>,
    /// What was observed.
    pub(crate) observed: &'a ObservedTrail,
    /// Its full ARN, or its name where the ARN was not observed.
    pub(crate) name: &'a str,
    /// Its home Region.
    pub(crate) region: &'a str,
    /// The account that owns it.
    pub(crate) owner: &'a str,
    /// Whether that is another account than the one that is asked about.
    pub(crate) is_of_other: bool,
    /// Its partition.
    pub(crate) partition: &'a str,
    /// Its selectors, where they are known.
    pub(crate) set: Option<SelectorSet>,
}

/// The trails of an account that a request can name, each once, and how many it cannot name.
pub(crate) fn trails(account: &Account) -> (Vec<Handle<'_>>, usize) {
    let mut handles: Vec<Handle<'_>> = Vec::new();
    let mut unnamed = 0;
    for (at, (observed, entry)) in account.trails().iter().zip(account.entries()).enumerate() {
        let arn = observed.trail.arn.as_deref();
        let listed = handles
            .iter_mut()
            .find(|handle| arn.is_some() && handle.observed.trail.arn.as_deref() == arn);
        if let Some(handle) = listed {
            let set = SelectorSet::of(entry, observed);
            if handle.set != set {
                // Two entries of one trail contradict each other: it is not known which is right.
                handle.set = None;
            }
            handle.entries.push(at);
            continue;
        }
        match Handle::new(account, at, observed, entry) {
            Some(handle) => handles.push(handle),
            None => unnamed += 1,
        }
    }
    (handles, unnamed)
}

impl<'a> Handle<'a> {
    fn new(
        account: &'a Account,
        at: usize,
        observed: &'a ObservedTrail,
        entry: &Members,
    ) -> Option<Self> {
        let snapshot = account.snapshot();
        let trail = &observed.trail;
        let arn = trail.arn.as_deref();
        let part = |index: usize| {
            arn.and_then(|arn| arn.split(':').nth(index)).filter(|part| !part.is_empty())
        };
        let home = trail.home_region.as_deref().or_else(|| part(3));
        let owner = part(4).unwrap_or(&snapshot.account_id);
        // No command is made of what is planned, and its trails may have names that are open.
        let plain = |text: &&str| snapshot.planned || is_plain(text);
        let open_region = snapshot.planned.then_some(OPEN_REGION);
        Some(Self {
            entries: vec![at],
            observed,
            name: arn.or(trail.name.as_deref()).filter(plain)?,
            region: home.or(snapshot.region.as_deref()).or(open_region).filter(plain)?,
            owner,
            is_of_other: owner != snapshot.account_id,
            partition: partition_of(observed, &snapshot.partition),
            set: SelectorSet::of(entry, observed),
        })
    }

    /// Whether it logs; `None` where that is not known.
    pub(crate) fn is_logging(&self) -> Option<bool> {
        self.observed.status.as_ref().and_then(|status| status.is_logging)
    }

    /// The bucket that it delivers to.
    pub(crate) fn log_bucket(&self) -> Option<&'a str> {
        self.observed.trail.s3_bucket_name.as_deref()
    }
}

/// Whether a text can be a name, an ARN, an account or a Region of AWS's. Any other was not given by
/// AWS, and would stand in commands and scripts.
pub(crate) fn is_plain(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/._-".contains(&byte))
}
