//! A fix as a person reads it: what to do first, then what to know, then what else there is.

use std::io::{self, Write};
use std::path::Path;

use cis_fix::command::{Request, command};
use cis_fix::{Call, Change, Fix};

use super::page::{Page, Tone};

/// Where the commands of a fix stand.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Commands<'a> {
    /// In the text, with their requests.
    Inline,
    /// In files of this folder.
    InFolder(&'a Path),
}

/// Writes one fix.
///
/// # Errors
/// Where the output cannot be written.
pub(crate) fn fix<W: Write>(
    page: &mut Page<W>,
    fix: &Fix,
    commands: Commands<'_>,
) -> io::Result<()> {
    let subject = subject(fix);
    match (fix.is_fixed(), fix.changes.is_empty()) {
        (true, true) => {
            return page.headline(Tone::Good, "COMPLIANT", &format!("{subject}: nothing to do"));
        }
        (false, _) => {
            page.headline(Tone::Bad, "NO_FIX", &subject)?;
            for warning in &fix.warnings {
                page.item(2, "-", &warning.text)?;
            }
            return Ok(());
        }
        (true, false) => page.headline(Tone::Doubtful, "FIX", &subject)?,
    }
    page.text(
        2,
        "Nothing was changed. With these calls the account is COMPLIANT: that is proved by the same \
         engine that audits it.",
    )?;
    for (index, change) in fix.changes.iter().enumerate() {
        write_change(page, index + 1, change, matches!(commands, Commands::Inline))?;
    }
    if let Commands::InFolder(folder) = commands {
        page.section("Files")?;
        page.text(
            4,
            &format!(
                "`{}`: apply.sh makes the calls, undo.sh takes them back; the requests, and the text \
                 for Terraform and CloudFormation, stand beside them.",
                folder.display()
            ),
        )?;
    }
    if !fix.warnings.is_empty() {
        page.section("To know")?;
        for warning in &fix.warnings {
            page.item(4, "-", &format!("{}: {}", warning.kind.name(), warning.text))?;
        }
    }
    if let Some(cost) = &fix.cost {
        page.text(6, &format!("Source: {}.", cost.source))?;
    }
    if !fix.alternatives.is_empty() {
        page.section("Alternatives (--choose N)")?;
        for (index, alternative) in fix.alternatives.iter().enumerate() {
            page.item(4, &format!("{}.", index + 1), &format!("{}.", alternative.why))?;
        }
    }
    Ok(())
}

fn write_change<W: Write>(
    page: &mut Page<W>,
    number: usize,
    change: &Change,
    is_inline: bool,
) -> io::Result<()> {
    page.section(&format!(
        "{number}. {} in {}, account {}",
        change.call.name(),
        change.region,
        change.account_id
    ))?;
    page.text(4, &format!("{}.", capitalized(&change.why)))?;
    if change.call == Call::PutEventSelectors {
        page.text(4, "The call replaces the whole set; the request holds all of it.")?;
    }
    if is_inline {
        let line = command(change.call, &change.region, &change.request, Request::Inline);
        page.verbatim(6, &line)?;
        for undo in &change.undo {
            page.text(4, "The way back:")?;
            let line = command(undo.call, &change.region, &undo.request, Request::Inline);
            page.verbatim(6, &line)?;
        }
    }
    Ok(())
}

fn subject(fix: &Fix) -> String {
    let name = fix.name.as_ref().map(|name| format!(" ({name})")).unwrap_or_default();
    let kinds: Vec<&str> = fix.kinds.iter().map(|kind| kind.name()).collect();
    format!(
        "account {}{name}: S3 {} events, trails: {}",
        fix.account_id,
        kinds.join(" and "),
        fix.mode
    )
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().collect::<String>());
    first.unwrap_or_default() + characters.as_str()
}
