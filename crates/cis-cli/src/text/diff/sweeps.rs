//! What got worse between two sweeps: what accounts lost, once for all that lost the same.

use std::collections::HashMap;
use std::io::{self, Write};

use cis_rules::diff::Difference;
use cis_rules::snapshot::Snapshot;
use cis_sweep::difference::{Known, Totals, Vanished};

use super::{Way, moved};
use crate::text::page::{Page, Tone};

/// Accounts of one line.
const A_LINE: usize = 4;

/// What accounts lost, in the order of the first that lost it.
#[derive(Debug, Default)]
pub(crate) struct Worse {
    texts: Vec<(String, Vec<String>)>,
    positions: HashMap<String, usize>,
}

impl Worse {
    /// Adds an account that lost something.
    ///
    /// # Errors
    /// Where what it lost is no text.
    pub(crate) fn add(&mut self, after: &Snapshot, difference: &Difference) -> io::Result<()> {
        let mut page = Page::new(Vec::new(), false);
        moved(&mut page, difference, Way::Lost, "Surely logged before and not now", after)?;
        for trail in &difference.trails {
            for reason in &trail.reasons_after {
                page.item(4, "-", &format!("{}: {reason}", trail.arn))?;
            }
        }
        for unknown in &difference.after.unknowns {
            page.item(4, "-", &format!("{}; settled by: {}", unknown.reason, unknown.settled_by))?;
        }
        let text = String::from_utf8(page.into_inner()).map_err(io::Error::other)?;
        let id = &difference.account_id;
        let account = named(id, after.name.as_deref());
        // Accounts that differ only in their ids, in the ARNs of trails and callers, lost the same.
        let meaning = text.replace(id.as_str(), "");
        match self.positions.get(&meaning).and_then(|position| self.texts.get_mut(*position)) {
            Some((_, accounts)) => accounts.push(account),
            None => {
                self.positions.insert(meaning, self.texts.len());
                self.texts.push((text, vec![account]));
            }
        }
        Ok(())
    }

    /// Writes what was lost.
    ///
    /// # Errors
    /// Where the output cannot be written.
    pub(crate) fn write<W: Write>(&self, page: &mut Page<W>) -> io::Result<()> {
        for (text, accounts) in &self.texts {
            match accounts.as_slice() {
                [only] => page.headline(Tone::Bad, "LOST", &format!("account {only}"))?,
                many => {
                    let first = many.first().map(String::as_str).unwrap_or_default();
                    let said = format!("{} accounts lost the same, as told of {first}", many.len());
                    page.headline(Tone::Bad, "LOST", &said)?;
                    for some in many.chunks(A_LINE) {
                        page.text(4, &some.join(", "))?;
                    }
                }
            }
            page.written(text)?;
            page.blank()?;
        }
        Ok(())
    }
}

/// Writes the accounts that only one of the sweeps has.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn vanished_and_new<W: Write>(
    page: &mut Page<W>,
    vanished: &[Vanished],
    new: &[&Known],
) -> io::Result<()> {
    for gone in vanished {
        let account = named(&gone.account_id, gone.name.as_deref());
        let (tone, said) = if gone.was_logged {
            (Tone::Bad, "something of it was surely logged, and now nothing is known of it")
        } else {
            (Tone::Neutral, "nothing of it was surely logged before")
        };
        page.headline(tone, "GONE", &format!("account {account}: {said}"))?;
    }
    for known in new {
        let account = named(&known.account_id, known.name.as_deref());
        page.headline(Tone::Neutral, "NEW", &format!("account {account}"))?;
    }
    if !vanished.is_empty() || !new.is_empty() {
        page.blank()?;
    }
    Ok(())
}

/// Writes how many accounts there are of each sort.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn sweep_totals<W: Write>(page: &mut Page<W>, totals: &Totals) -> io::Result<()> {
    let Totals { compared, worse, better, same, vanished, new } = totals;
    page.text(
        0,
        &format!(
            "{compared} accounts are in both: {worse} lost something, {better} only gained, {same} are \
             the same; {vanished} are gone, {new} are new"
        ),
    )
}

fn named(id: &str, name: Option<&str>) -> String {
    match name {
        Some(name) => format!("{id} ({name})"),
        None => id.to_string(),
    }
}
