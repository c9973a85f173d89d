//! The regions that are left, on random accounts: apart from every piece, as large as they can be,
//! none of them needless, and with the pieces all there is.

use cis_rules::internals::compile::{Bound, SelectedRegion, Texts, pieces, scope, vocabulary};
use cis_rules::internals::gaps::{Gaps, find};
use cis_rules::internals::region::{Axis, Region, Space};
use cis_rules::internals::scope::object_arn_header;
use cis_rules::internals::search::prove;
use cis_rules::internals::trail::Trail;

use crate::question::question;
use crate::rng::Rng;
use crate::{accounts, snapshot};

#[test]
fn gaps_are_apart_and_wide_and_all_there_is() {
    let mut several = 0;
    for seed in 0..crate::accounts() / 4 {
        let mut rng = Rng::new(seed);
        let account = accounts::account(&mut rng);
        let question = question(&mut rng);
        let snapshot = snapshot(&account);
        let observed = snapshot.trails.as_deref().unwrap_or_default();
        let trails: Vec<Trail<'_>> =
            observed.iter().map(|trail| Trail::new(trail, "111122223333", "aws")).collect();
        let (header, texts) = (object_arn_header("aws"), Texts::new(&question, "aws"));
        let space = Space::new(&header, vocabulary(&texts, &question, &trails));
        let scope = scope(&space, &texts, &question);
        let pieces: Vec<SelectedRegion> = trails
            .iter()
            .enumerate()
            .flat_map(|(at, trail)| pieces(&space, &question, trail, at, Bound::Possibly))
            .collect();
        let found = find(&space, &scope, &pieces, |_| true);
        for gap in &found.regions {
            assert!(!gap.is_empty() && gap.is_subset(&scope), "seed {seed}");
            assert!(pieces.iter().all(|piece| !gap.intersects(&piece.region)), "seed {seed}");
            for axis in Axis::ALL {
                assert_eq!(*gap, widest_on(axis, gap, &scope, &pieces), "seed {seed}, {axis:?}");
            }
        }
        assert!(is_all(&scope, &pieces, &found), "seed {seed}");
        several += usize::from(found.regions.len() > 1);
    }
    assert!(several > 0, "no account has several gaps");
}

/// The region with all that an axis can have beside its other axes and apart from the pieces.
fn widest_on(axis: Axis, gap: &Region, scope: &Region, pieces: &[SelectedRegion]) -> Region {
    let whole = gap.with(axis, scope.on(axis).clone());
    let blocking = pieces.iter().filter(|piece| piece.region.intersects(&whole));
    let free =
        blocking.fold(scope.on(axis).clone(), |free, piece| free.minus(piece.region.on(axis)));
    gap.with(axis, free)
}

/// Whether the gaps and the pieces are the whole scope, and each of the gaps is needed for that.
fn is_all(scope: &Region, pieces: &[SelectedRegion], found: &Gaps) -> bool {
    let gap = |region: &Region| SelectedRegion {
        trail: usize::MAX,
        selector: None,
        region: region.clone(),
    };
    let gaps: Vec<SelectedRegion> = found.regions.iter().map(gap).collect();
    let together: Vec<SelectedRegion> = pieces.iter().chain(&gaps).cloned().collect();
    let is_left = prove(scope, &together, |_| true).is_err();
    let is_needless = |at: usize| {
        let mut others = gaps.clone();
        let gap = others.remove(at);
        prove(&gap.region, &others, |_| true).is_ok()
    };
    is_left == found.more && !(0..gaps.len()).any(is_needless)
}
