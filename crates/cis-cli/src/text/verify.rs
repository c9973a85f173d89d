//! What verification found, as text: the outcome, each finding in one line, then each chain.

use std::io::{self, Write};

use cis_logs::digest::report::{Chain, Counts, Finding, Outcome, Verification};

use super::Page;
use super::page::Tone;

/// Writes what was found.
///
/// # Errors
/// Where the page cannot be written.
pub(crate) fn verification<W: Write>(page: &mut Page<W>, found: &Verification) -> io::Result<()> {
    let (tone, word) = match found.outcome {
        Outcome::Proved => (Tone::Good, "PROVED"),
        Outcome::Broken => (Tone::Bad, "BROKEN"),
        Outcome::Undecided => (Tone::Doubtful, "NOT DECIDED"),
    };
    page.headline(tone, word, &summary(found))?;
    for (title, findings) in [
        ("Faults", &found.faults),
        ("Not decided", &found.undecided),
        ("Limits of this proof", &found.limits),
    ] {
        if findings.is_empty() {
            continue;
        }
        page.section(title)?;
        for finding in findings {
            page.verbatim(4, &line(finding))?;
        }
    }
    for chain in &found.chains {
        of_chain(page, chain)?;
    }
    if found.other_files > 0 {
        page.blank()?;
        let count = found.other_files;
        page.text(
            2,
            &format!("not looked at: {count} files that no digest names and that are no log files"),
        )?;
    }
    Ok(())
}

fn summary(found: &Verification) -> String {
    let sum = |of: fn(&Chain) -> u64| found.chains.iter().map(of).sum::<u64>();
    let proved = |what: u64, all: u64| format!("{what} of {all}");
    let digests = proved(
        sum(|chain| chain.digests.valid + chain.backfill_digests.valid),
        sum(|chain| all(&chain.digests) + all(&chain.backfill_digests)),
    );
    let logs = proved(sum(|chain| chain.log_files.valid), sum(|chain| all(&chain.log_files)));
    let files = format!("{digests} digests and {logs} log files are what CloudTrail delivered");
    match (found.outcome, found.faults.len()) {
        (Outcome::Broken, 1) => format!("1 fault: {files}"),
        (Outcome::Broken, count) => format!("{count} faults: {files}"),
        _ => files,
    }
}

const fn all(counts: &Counts) -> u64 {
    counts.valid + counts.invalid + counts.missing + counts.unproved
}

/// A finding in one line, which begins with its kind.
fn line(finding: &Finding) -> String {
    format!("{}  {}", finding.kind.name(), finding.message)
}

fn of_chain<W: Write>(page: &mut Page<W>, chain: &Chain) -> io::Result<()> {
    let Chain { account_id, region, trail, home_region, .. } = chain;
    let organization = chain.organization.as_ref().map(|id| format!(" of {id}"));
    let organization = organization.unwrap_or_default();
    let home = if home_region == region { String::new() } else { format!(" ({home_region})") };
    page.section(&format!("Account {account_id} in {region}, trail {trail}{home}{organization}"))?;
    if chain.proved.is_empty() {
        page.verbatim(4, "proved       nothing")?;
    }
    for (time, label) in
        chain.proved.iter().zip(std::iter::once("proved").chain(std::iter::repeat("")))
    {
        page.verbatim(4, &format!("{label:<11}  {} to {}", time.from, time.to))?;
    }
    let of = |name: &str, counts: &Counts| {
        let Counts { valid, invalid, missing, unproved } = counts;
        format!(
            "{name:<11}  {valid} valid, {invalid} invalid, {missing} missing, {unproved} not proved"
        )
    };
    page.text(4, &of("digests", &chain.digests))?;
    if all(&chain.backfill_digests) > 0 {
        page.text(4, &of("backfill", &chain.backfill_digests))?;
    }
    page.text(4, &of("log files", &chain.log_files))
}
