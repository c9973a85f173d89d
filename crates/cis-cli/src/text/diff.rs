//! What two snapshots log differently.

mod sweeps;

use std::io::{self, Write};

use cis_rules::diff::{Change, Compared, Difference, Moved, Presence, TrailDifference};
use cis_rules::explain::{Answer, explain_record};
use cis_rules::snapshot::Snapshot;

use super::decision::Which;
use super::page::{Page, Tone};
use super::{assumptions, decision, event, unknowns};
pub(crate) use sweeps::{Worse, sweep_totals, vanished_and_new};

/// Regions of one kind of event that are shown of one trail.
const REGIONS: usize = 4;

/// Which way something changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Lost,
    Gained,
}

impl Way {
    fn of(self, change: &Change) -> (&[Moved], bool) {
        match self {
            Self::Lost => (&change.lost, change.more_lost),
            Self::Gained => (&change.gained, change.more_gained),
        }
    }

    /// What the other side does with what is surely logged on one alone.
    const fn otherwise(self, answer: Answer) -> &'static str {
        match (self, answer) {
            (Self::Lost, Answer::NotLogged) => "now surely not logged",
            (Self::Lost, _) => "now not known to be logged",
            (Self::Gained, Answer::NotLogged) => "surely not logged before",
            (Self::Gained, _) => "not known to be logged before",
        }
    }
}

/// Writes a difference: what the account lost and gained, then each trail.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn difference<W: Write>(
    page: &mut Page<W>,
    [before, after]: [&Snapshot; 2],
    difference: &Difference,
) -> io::Result<()> {
    let (tone, lead, said) = match (difference.is_loss(), difference.is_gain()) {
        (true, false) => (Tone::Bad, "LOST", "something that was surely logged is not any more"),
        (true, true) => (
            Tone::Bad,
            "LOST",
            "something that was surely logged is not any more, and something else is now",
        ),
        (false, true) => {
            (Tone::Good, "GAINED", "all that was surely logged still is, and more is now")
        }
        (false, false) => (Tone::Good, "SAME", "exactly what was surely logged still is"),
    };
    let account = &difference.account_id;
    page.headline(tone, lead, &format!("account {account}: {said}"))?;
    page.text(2, &format!("before: {}", side(&difference.before)))?;
    page.text(2, &format!("after: {}", side(&difference.after)))?;
    moved(page, difference, Way::Lost, "Surely logged before and not now", after)?;
    moved(page, difference, Way::Gained, "Surely logged now and not before", before)?;
    trails(page, difference)?;
    let not_listed: Vec<_> = [&difference.before, &difference.after]
        .iter()
        .flat_map(|side| side.unknowns.clone())
        .collect();
    unknowns(page, &not_listed)?;
    assumptions(page, &difference.assumptions, "comparison")
}

fn side(compared: &Compared) -> String {
    let known = [&compared.name, &compared.collected_at];
    let known: Vec<&str> = known.into_iter().filter_map(|known| known.as_deref()).collect();
    let what = if compared.planned { "a plan" } else { "a snapshot" };
    if known.is_empty() { format!("{what} without name and time") } else { known.join(", ") }
}

/// Writes what the account lost or gained, each with what the other side makes of an example.
fn moved<W: Write>(
    page: &mut Page<W>,
    difference: &Difference,
    way: Way,
    title: &str,
    other: &Snapshot,
) -> io::Result<()> {
    let (all, more): (Vec<_>, Vec<_>) =
        difference.account.iter().map(|change| way.of(change)).unzip();
    if all.iter().all(|moved| moved.is_empty()) && !more.contains(&true) {
        return Ok(());
    }
    page.section(title)?;
    for moved in all.into_iter().flatten() {
        page.item(4, "-", &moved.description)?;
        let otherwise = way.otherwise(moved.otherwise);
        let example = event::sentence(&moved.witness);
        page.text(6, &format!("{otherwise}, for example {example}"))?;
        if way == Way::Lost {
            for trail in &explain_record(other, &moved.witness.record).trails {
                decision::trail(page, 8, trail, Which::OfObjects)?;
            }
        }
    }
    if more.contains(&true) {
        page.item(4, "-", "and more")?;
    }
    Ok(())
}

fn trails<W: Write>(page: &mut Page<W>, difference: &Difference) -> io::Result<()> {
    page.section("Trails")?;
    if difference.trails.is_empty() {
        page.text(4, "none, neither before nor after")?;
    }
    for trail in &difference.trails {
        page.text(4, &trail.arn)?;
        page.text(6, state(trail))?;
        for (when, reasons) in [("before", &trail.reasons_before), ("now", &trail.reasons_after)] {
            for reason in reasons {
                page.item(6, "-", &format!("{when}: {reason}"))?;
            }
        }
        // What the account changed by this trail alone was said above.
        if trail.changes == difference.account {
            continue;
        }
        for (way, word) in [(Way::Lost, "loses"), (Way::Gained, "gains")] {
            for change in &trail.changes {
                regions(page, word, way, change)?;
            }
        }
    }
    Ok(())
}

fn state(trail: &TrailDifference) -> &'static str {
    let is_changed = trail.changes.iter().any(|change| change.is_loss() || change.is_gain());
    match (trail.presence, is_changed) {
        (Presence::OnlyBefore, _) => "only before",
        (Presence::OnlyAfter, _) => "only after",
        (Presence::Both, true) => "changed",
        (Presence::Both, false) => "surely logs what it surely logged",
    }
}

fn regions<W: Write>(page: &mut Page<W>, word: &str, way: Way, change: &Change) -> io::Result<()> {
    let (moved, more) = way.of(change);
    for moved in moved.iter().take(REGIONS) {
        let otherwise = way.otherwise(moved.otherwise);
        page.item(6, "-", &format!("{word} {} ({otherwise})", moved.description))?;
    }
    let hidden = moved.len().saturating_sub(REGIONS);
    if hidden > 0 || more {
        let at_least = if more { "at least " } else { "" };
        let text = format!("{word} {at_least}{hidden} more: `--format json` lists them");
        page.item(6, "-", if hidden > 0 { &text } else { "and more" })?;
    }
    Ok(())
}
