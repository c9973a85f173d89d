//! What AWS Config has recorded of accounts, a line each.

use std::io::{self, Write};

use cis_rules::report::Verdict;
use cis_sweep::recorded::{Compliance, Counts, Freshness, RecordedAccount, RecordedCompliance};

use super::page::{Page, Tone};

/// Writes what is recorded, what needs a look first.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn recorded<W: Write>(
    page: &mut Page<W>,
    recorded: &RecordedCompliance,
) -> io::Result<()> {
    let RecordedCompliance { aggregator, rule, kind, .. } = recorded;
    page.text(
        0,
        &format!(
            "What the aggregator `{aggregator}` of AWS Config has recorded of the rule `{rule}`, about \
             {kind} events. It is as old as the rule's last run, and comes without a proof."
        ),
    )?;
    page.blank()?;
    for account in &recorded.recorded {
        line(page, account)?;
    }
    page.blank()?;
    totals(page, &recorded.counts)
}

fn line<W: Write>(page: &mut Page<W>, account: &RecordedAccount) -> io::Result<()> {
    let (tone, word) = match (account.freshness, account.compliance) {
        (Freshness::Missing, _) | (_, None) => (Tone::Doubtful, "MISSING"),
        (Freshness::Stale, _) => (Tone::Doubtful, "STALE"),
        (Freshness::Current, Some(Compliance::NonCompliant)) => (Tone::Bad, "NON_COMPLIANT"),
        (Freshness::Current, Some(Compliance::InsufficientData)) => {
            (Tone::Doubtful, "INSUFFICIENT_DATA")
        }
        (Freshness::Current, Some(Compliance::Compliant)) => (Tone::Good, "COMPLIANT"),
    };
    let mut text = format!("  {}", account.account_id);
    if let Some(name) = &account.name {
        text += &format!(" ({name})");
    }
    if account.freshness == Freshness::Stale {
        let was = match account.compliance {
            Some(Compliance::Compliant) => "COMPLIANT",
            Some(Compliance::NonCompliant) => "NON_COMPLIANT",
            _ => "without a result",
        };
        text += &format!("  was {was}");
    }
    if let Some(verdict) = account.verdict {
        let agrees = match account.agrees {
            Some(false) => ", which DISAGREES",
            _ => "",
        };
        text += &format!("  its trails: {}{agrees}", Verdict::name(verdict));
    }
    if let Some(reason) = &account.reason {
        text += &format!("  {reason}");
    }
    page.line(tone, &format!("{word:17}"), &text)
}

fn totals<W: Write>(page: &mut Page<W>, counts: &Counts) -> io::Result<()> {
    let Counts { compliant, non_compliant, insufficient_data, stale, missing, disagreeing } =
        counts;
    let disagreeing = match disagreeing {
        0 => String::new(),
        count => format!("; in {count} the account's own trails say otherwise"),
    };
    page.text(
        0,
        &format!(
            "{non_compliant} NON_COMPLIANT, {insufficient_data} without a result, {compliant} COMPLIANT, \
             {stale} stale, {missing} missing{disagreeing}"
        ),
    )
}
