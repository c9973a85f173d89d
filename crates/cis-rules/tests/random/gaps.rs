//! The regions that are left, on random accounts: apart from every piece, as large as they can be,
//! none of them needless, and with the pieces all there is.

use cis_rules::internals::compile::Purpose;
use cis_rules::internals::gaps::{Gaps, find};
use cis_rules::internals::problem::{Account, Problem};
use cis_rules::internals::region::{Axis, Region};
use cis_rules::internals::search::prove;
use cis_rules::internals::trail::{Demands, Trail};

use testkit::accounts::account;
use testkit::chance::Rng;
use testkit::question::question;

use crate::snapshot;

#[test]
fn gaps_are_apart_and_wide_and_all_there_is() {
    let mut several = 0;
    for seed in crate::seeds(crate::accounts() / 2) {
        let mut rng = Rng::new(seed);
        let account = account(&mut rng);
        let question = question(&mut rng);
        let snapshot = snapshot(&account);
        let observed = snapshot.trails.as_deref().unwrap_or_default();
        let trails: Vec<Trail<'_>> = observed
            .iter()
            .map(|trail| Trail::new(trail, &snapshot, Demands::of(&question)))
            .collect();
        let in_account = Account { id: &snapshot.account_id, partition: &snapshot.partition };
        Problem::solve(&question, in_account, &trails, Purpose::Verdict, |problem| {
            let scope = &problem.scope;
            let others = problem.covering(&problem.possibly, |_| true).regions;
            let found = find(&problem.space, scope, &others);
            for gap in &found.regions {
                assert!(!gap.is_empty() && gap.is_subset(scope), "seed {seed}");
                assert!(others.iter().all(|other| !gap.intersects(other)), "seed {seed}");
                for axis in Axis::ALL {
                    assert_eq!(*gap, widest_on(axis, gap, scope, &others), "seed {seed}, {axis:?}");
                }
            }
            assert!(is_all(scope, &others, &found), "seed {seed}");
            several += usize::from(found.regions.len() > 1);
        });
    }
    assert!(several > 0, "no account has several gaps");
}

/// The region with all that an axis can have beside its other axes and apart from the others.
fn widest_on(axis: Axis, gap: &Region, scope: &Region, others: &[Region]) -> Region {
    let whole = gap.with(axis, scope.on(axis).clone());
    let blocking = others.iter().filter(|other| other.intersects(&whole));
    let free = blocking.fold(scope.on(axis).clone(), |free, other| free.minus(other.on(axis)));
    gap.with(axis, free)
}

/// Whether the gaps and the others are the whole scope, and each of the gaps is needed for that.
fn is_all(scope: &Region, others: &[Region], found: &Gaps) -> bool {
    let together = [others, &found.regions].concat();
    let is_left = prove(scope, &together).is_err();
    let is_needless = |at: usize| {
        let mut rest = found.regions.clone();
        let gap = rest.remove(at);
        prove(&gap, &rest).is_ok()
    };
    is_left == found.more && !(0..found.regions.len()).any(is_needless)
}
