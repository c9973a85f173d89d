//! A search for the configurations that AWS allows and that take the engine longest.
//!
//! It starts from families that meet the engine where it works hardest, changes the slowest ones
//! found, keeps what is slower, and never leaves AWS's quotas. What it finds is an account like any
//! other: the slowest is kept as the benchmark that must not become slower.

use std::hint::black_box;
use std::time::{Duration, Instant};

use cis_rules::evaluate;
use cis_rules::question::Question;
use cis_rules::report::Verdict;
use cis_rules::snapshot::Snapshot;
use fastrand::Rng;

use crate::change::changed;
use crate::configuration::{Configuration, VALUES};
use crate::family;

/// How many configurations are kept at a time.
const KEPT: usize = 12;

/// A configuration and how long its evaluation takes.
#[derive(Clone, Debug)]
pub struct Found {
    /// What was evaluated.
    pub configuration: Configuration,
    /// How long one evaluation takes, the shortest of a few.
    pub time: Duration,
    /// What it finds.
    pub verdict: Verdict,
}

/// Searches for some time, and tells of every configuration that is slower than all before it.
pub fn search(seed: u64, time: Duration, mut tell: impl FnMut(&Found)) {
    let start = Instant::now();
    let mut rng = Rng::with_seed(seed);
    let mut kept: Vec<Found> =
        family::all(VALUES).map(|(_, configuration)| measure(configuration)).collect();
    while start.elapsed() < time {
        kept.sort_by_key(|found| std::cmp::Reverse(found.time));
        kept.truncate(KEPT);
        if let Some(slowest) = kept.first() {
            tell(slowest);
        }
        let parent = rng.usize(..kept.len());
        let other = rng.usize(..kept.len());
        let child = changed(&mut rng, &kept[parent].configuration, &kept[other].configuration);
        let child = measure(child);
        if child.time > kept[parent].time {
            kept[parent] = child;
        } else if kept.iter().any(|found| child.time > found.time) {
            kept.push(child);
        }
    }
}

/// Evaluates a configuration a few times.
#[must_use]
pub fn measure(configuration: Configuration) -> Found {
    let text = configuration.to_json().to_string();
    let snapshot = Snapshot::from_json(&text);
    assert!(snapshot.is_ok(), "{snapshot:?}: {text}");
    let (time, verdict) = snapshot.map_or((Duration::ZERO, Verdict::Indeterminate), |snapshot| {
        time_of(&snapshot, &configuration.question())
    });
    Found { configuration, time, verdict }
}

/// How long one evaluation takes, the shortest of a few, and what it finds.
#[must_use]
pub fn time_of(snapshot: &Snapshot, question: &Question) -> (Duration, Verdict) {
    let once = |_| {
        let start = Instant::now();
        let verdict = black_box(evaluate(black_box(snapshot), question)).verdict;
        (start.elapsed(), verdict)
    };
    (0..3)
        .map(once)
        .min_by_key(|(time, _)| *time)
        .unwrap_or((Duration::ZERO, Verdict::Indeterminate))
}
