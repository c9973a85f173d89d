//! What got worse between two sweeps.

use std::collections::HashSet;
use std::io::Write as _;

use cis_rules::diff::{Difference, diff};
use cis_rules::question::Deliveries;
use cis_rules::snapshot::Snapshot;
use cis_sweep::difference::{SweepDifference, Totals, Vanished, unobserved};
use serde_json::json;

use super::Args;
use super::index::{Index, twice};
use crate::accounts::Accounts;
use crate::format::Format;
use crate::json;
use crate::outcome::{Done, Failure};
use crate::output::{Held, cannot_hold, held, to_stdout_whole};
use crate::text::{self, Page, Worse};

/// What came of one account of the sweep before.
struct Compared {
    id: String,
    outcome: Outcome,
}

enum Outcome {
    Worse(Box<(Snapshot, Difference)>),
    Better,
    Same,
    Vanished(Vanished),
}

/// Compares and writes what got worse.
///
/// # Errors
/// Where an account cannot be read, or is in one file twice.
pub(super) fn run(args: &Args, before: &Accounts, after: &Accounts) -> Result<Done, Failure> {
    let index = Index::of(after, &args.after.to_string())?;
    let deliveries = args.cloudtrail_deliveries;
    let mut walk = Walk {
        label: args.before.to_string(),
        ids: HashSet::new(),
        vanished: Vec::new(),
        totals: Totals::default(),
    };
    let compared = before.each(|snapshot| compare(snapshot, &index, deliveries));
    let mut compared = compared.map(|compared| compared.and_then(|compared| compared));
    let mut out = held();
    let written = match args.format.format {
        Format::Json => walk.json(&mut out, &mut compared, &index),
        Format::Text => {
            let is_coloured = args.format.is_coloured();
            walk.text(&mut Page::new(&mut out, is_coloured), &mut compared, &index)
        }
    };
    written.map_err(|failure| match failure {
        Failure::Output { error, .. } => cannot_hold(&error),
        refused @ Failure::Refused(_) => refused,
    })?;
    to_stdout_whole(out)?;
    let is_loss = walk.totals.worse > 0 || walk.vanished.iter().any(|gone| gone.was_logged);
    Ok(Done::Compared { is_loss })
}

fn compare(
    before: &Snapshot,
    index: &Index<'_>,
    deliveries: Deliveries,
) -> Result<Compared, Failure> {
    let id = before.account_id.clone();
    let after = index.get(&id)?;
    let is_there = after.is_some();
    let after = after.unwrap_or_else(|| unobserved(before));
    let difference = diff(before, &after, deliveries)
        .map_err(|mismatch| Failure::Refused(format!("account {id}: {mismatch}")))?;
    let outcome = match (is_there, difference.is_loss(), difference.is_gain()) {
        (false, was_logged, _) => Outcome::Vanished(Vanished {
            account_id: id.clone(),
            name: before.name.clone(),
            was_logged,
        }),
        (true, true, _) => Outcome::Worse(Box::new((after, difference))),
        (true, false, true) => Outcome::Better,
        (true, false, false) => Outcome::Same,
    };
    Ok(Compared { id, outcome })
}

/// What is known after the accounts that were walked over.
struct Walk {
    label: String,
    ids: HashSet<String>,
    vanished: Vec<Vanished>,
    totals: Totals,
}

type Each<'a> = &'a mut dyn Iterator<Item = Result<Compared, Failure>>;

impl Walk {
    /// Counts an account; what it lost, if it did.
    fn step(
        &mut self,
        compared: Result<Compared, Failure>,
    ) -> Result<Option<Box<(Snapshot, Difference)>>, Failure> {
        let Compared { id, outcome } = compared?;
        if !self.ids.insert(id.clone()) {
            return Err(twice(&self.label, &id));
        }
        match outcome {
            Outcome::Worse(worse) => {
                self.totals.compare(true, worse.1.is_gain());
                return Ok(Some(worse));
            }
            Outcome::Better => self.totals.compare(false, true),
            Outcome::Same => self.totals.compare(false, false),
            Outcome::Vanished(gone) => {
                self.totals.vanished += 1;
                self.vanished.push(gone);
            }
        }
        Ok(None)
    }

    fn json(&mut self, out: &mut Held, each: Each<'_>, index: &Index<'_>) -> Result<(), Failure> {
        let version = SweepDifference::SCHEMA_VERSION;
        write!(out, "{{\"schemaVersion\":{version},\"worse\":")?;
        let worse = each.filter_map(|compared| match self.step(compared) {
            Ok(None) => None,
            Ok(Some(worse)) => Some(json::text(&worse.1).map_err(Failure::from)),
            Err(failure) => Some(Err(failure)),
        });
        json::array(out, worse)?;
        let new = index.known().iter().filter(|known| !self.ids.contains(&known.account_id));
        write!(out, ",\"vanished\":")?;
        json::array(out, self.vanished.iter().map(json::text))?;
        write!(out, ",\"new\":")?;
        json::array(out, new.inspect(|_| self.totals.new += 1).map(json::text))?;
        Ok(writeln!(out, ",\"totals\":{}}}", json!(self.totals))?)
    }

    fn text(
        &mut self,
        page: &mut Page<&mut Held>,
        each: Each<'_>,
        index: &Index<'_>,
    ) -> Result<(), Failure> {
        let mut worse = Worse::default();
        for compared in each {
            if let Some(lost) = self.step(compared)? {
                worse.add(&lost.0, &lost.1)?;
            }
        }
        let new: Vec<_> =
            index.known().iter().filter(|known| !self.ids.contains(&known.account_id)).collect();
        self.totals.new = new.len();
        worse.write(page)?;
        text::vanished_and_new(page, &self.vanished, &new)?;
        Ok(text::sweep_totals(page, &self.totals)?)
    }
}
