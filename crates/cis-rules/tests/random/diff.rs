//! Differences of accounts against the naive model.

use cis_rules::diff::{Change, Difference, diff};
use cis_rules::explain::Answer;
use cis_rules::question::{Deliveries, Kind, Mode, Question};
use cis_rules::record::Record;
use testkit::accounts::account;
use testkit::chance::{Chance, Rng};
use testkit::model::{self, Bounds};
use testkit::question::to_json;
use testkit::records::{Texts, to_model};

use crate::edits::{edited, respelled};
use crate::snapshot;

/// What an account, or one trail of it, does with a record, by the model.
fn answer(account: &model::Account, arn: Option<&str>, record: &Record) -> Answer {
    let record = to_model(record);
    let meant =
        (0..account.trails()).filter(|trail| arn.is_none_or(|arn| arn == account.arn(*trail)));
    let logged: Vec<Bounds> = meant.map(|trail| account.records(trail, &record)).collect();
    let known = logged.iter().copied().fold(Bounds::LOST, Bounds::or);
    // A trail that is there is known, whatever else there may be.
    crate::explain::answer(if arn.is_some() && !logged.is_empty() {
        known
    } else {
        account.listed(known)
    })
}

/// The changes of the account and of each trail.
fn changes(difference: &Difference) -> Vec<(Option<&str>, &Change)> {
    let account = difference.account.iter().map(|change| (None, change));
    let trails = difference.trails.iter().flat_map(|trail| {
        trail.changes.iter().map(move |change| (Some(trail.arn.as_str()), change))
    });
    account.chain(trails).collect()
}

fn assert_same(difference: &Difference, place: impl Fn() -> String) {
    for (arn, change) in changes(difference) {
        assert!(!change.is_loss() && !change.is_gain(), "{arn:?} {change:#?}\n{}", place());
    }
    assert!(difference.assumptions.is_empty(), "{}", place());
}

#[test]
fn an_account_does_not_differ_from_itself_however_it_is_spelled() {
    for seed in crate::seeds(crate::accounts() / 2) {
        let mut rng = Rng::new(seed);
        let one = account(&mut rng);
        let before = snapshot(&one);
        assert_same(&diff(&before, &before, Deliveries::Require).unwrap(), || {
            format!("seed {seed}: {one:#}")
        });
        let other = respelled(&mut rng, &one);
        let after = snapshot(&other);
        for (from, to) in [(&before, &after), (&after, &before)] {
            assert_same(&diff(from, to, Deliveries::Require).unwrap(), || {
                format!("seed {seed}: {one:#}\n{other:#}")
            });
        }
    }
}

#[test]
fn what_is_lost_and_gained_is_what_the_model_finds() {
    let (mut losses, mut gains, mut doubts, mut unchanged, mut sampled) = (0, 0, 0, 0, 0);
    for seed in crate::seeds(crate::accounts() / 2) {
        let mut rng = Rng::new(seed);
        let before = account(&mut rng);
        let other = account(&mut rng);
        let after = edited(&mut rng, &before, &other);
        let texts = Texts::of(&[&before, &after]);
        let place = || format!("seed {seed}: {before:#}\n{after:#}");
        let [old, new] = [&before, &after].map(snapshot);
        let deliveries = *rng.pick(&Deliveries::ALL);
        let difference = diff(&old, &new, deliveries).unwrap();
        for (arn, change) in changes(&difference) {
            let question = Question { deliveries, ..Question::new(change.kind, Mode::Union) };
            let [old, new] =
                [&before, &after].map(|side| model::Account::new(side, &to_json(&question)));
            for (from, to, moved, more) in [
                (&old, &new, &change.lost, change.more_lost),
                (&new, &old, &change.gained, change.more_gained),
            ] {
                for moved in moved {
                    let record = &moved.witness.record;
                    assert!(from.in_scope(&to_model(record)), "{record:?}\n{}", place());
                    assert_eq!(answer(from, arn, record), Answer::Logged, "{}", place());
                    assert_eq!(answer(to, arn, record), moved.otherwise, "{}", place());
                    assert_ne!(moved.otherwise, Answer::Logged);
                    doubts += u64::from(moved.otherwise == Answer::NotKnown);
                }
                let record = texts.record(&mut rng, change.kind);
                let now = answer(to, arn, &record);
                let was_logged = answer(from, arn, &record) == Answer::Logged;
                if from.in_scope(&to_model(&record)) && was_logged && now != Answer::Logged {
                    let is_told = more || moved.iter().any(|moved| moved.otherwise == now);
                    assert!(is_told, "{arn:?} {record:?}\n{}", place());
                    sampled += 1;
                }
                assert!(!more || !moved.is_empty(), "no witness: {}", place());
            }
        }
        losses += u64::from(difference.is_loss());
        gains += u64::from(difference.is_gain());
        unchanged += u64::from(!difference.is_loss() && !difference.is_gain());
        assert_eq!(difference.account.len(), Kind::ALL.len());
    }
    println!(
        "{losses} losses, {gains} gains, {unchanged} neither; {doubts} not known; {sampled} sampled"
    );
    let least = crate::accounts() / 100;
    assert!([losses, gains, doubts, unchanged, sampled].iter().all(|count| *count > least));
}
