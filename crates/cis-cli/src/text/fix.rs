//! A fix as a person reads it: what to do first, then what to know, then what else there is.

use std::io::{self, Write};
use std::path::Path;

use cis_findings::exception;
use cis_fix::command::{Request, command};
use cis_fix::{Call, Change, Fix, Warning, WarningKind};

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
    match (fix.is_fixed(), fix.changes.is_empty() && fix.written.is_empty()) {
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
    if fix.written.is_empty() {
        write_calls(page, fix, commands)?;
    } else {
        write_source(page, fix, commands)?;
    }
    if !fix.exceptions.is_empty() {
        page.section("Exceptions")?;
        for exception in &fix.exceptions {
            page.item(4, "-", &exception::sentence(exception))?;
        }
    }
    // Of what is planned it was said above where the change belongs.
    let is_said =
        |warning: &&Warning| !fix.written.is_empty() && warning.kind == WarningKind::ManagedBy;
    let warnings: Vec<&Warning> = fix.warnings.iter().filter(|it| !is_said(it)).collect();
    if !warnings.is_empty() {
        page.section("To know")?;
        for warning in warnings {
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

/// The calls that change what is deployed.
fn write_calls<W: Write>(page: &mut Page<W>, fix: &Fix, commands: Commands<'_>) -> io::Result<()> {
    page.text(
        2,
        "Nothing was changed. With these calls the account is COMPLIANT: that is proved by the same \
         engine that audits it.",
    )?;
    for (index, change) in fix.changes.iter().enumerate() {
        write_change(page, index + 1, change, matches!(commands, Commands::Inline))?;
    }
    let Commands::InFolder(folder) = commands else { return Ok(()) };
    page.section("Files")?;
    page.text(
        4,
        &format!(
            "`{}`: apply.sh makes the calls, undo.sh takes them back; the requests, and the text for \
             Terraform and CloudFormation, stand beside them.",
            folder.display()
        ),
    )
}

/// What the source of planned trails is to say.
fn write_source<W: Write>(page: &mut Page<W>, fix: &Fix, commands: Commands<'_>) -> io::Result<()> {
    page.text(
        2,
        "Nothing was changed. With this in the source the account is COMPLIANT, whatever the values \
         are that it leaves open: that is proved by the same engine that audits it.",
    )?;
    for (index, written) in fix.written.iter().enumerate() {
        let place = match (&written.place, written.is_new) {
            (Some(place), _) => format!("in {place}"),
            (None, true) => "one more resource".to_owned(),
            (None, false) => "where it is written".to_owned(),
        };
        page.section(&format!("{}. Trail {}, {place}", index + 1, written.trail))?;
        for why in &written.whys {
            page.text(4, &format!("{}.", capitalized(why)))?;
        }
        let what = match written.adds_to {
            Some(list) => format!(
                "Keep the selectors that are written there, for a value in them is not known before \
                 the deployment, and add to {list}:"
            ),
            None if written.is_new => "Add:".to_owned(),
            None => "Set these, each as a whole; the rest stays:".to_owned(),
        };
        page.text(4, &what)?;
        let is_cloudformation = !written.is_terraform();
        let mut blocks = Vec::new();
        if !written.is_cloudformation() {
            blocks.push(written.terraform.as_str());
        }
        if is_cloudformation {
            blocks.push(written.cloudformation.as_str());
        }
        for block in blocks {
            for line in block.lines() {
                if line.is_empty() { page.blank()? } else { page.verbatim(6, line)? }
            }
        }
        if written.sets_recursive_logging && is_cloudformation {
            page.text(
                4,
                "CloudFormation has no property for RecursiveLogging: set it with `aws cloudtrail \
                 update-trail` once the trail is there.",
            )?;
        }
    }
    let Commands::InFolder(folder) = commands else { return Ok(()) };
    page.section("Files")?;
    page.text(4, &format!("`{}`: the text for Terraform and for CloudFormation.", folder.display()))
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
        "{}{name}: S3 {} events, trails: {}",
        account_in_words(&fix.account_id),
        kinds.join(" and "),
        fix.mode
    )
}

/// An account in words: what stands for one that a plan leaves open is no fact.
pub(crate) fn account_in_words(id: &str) -> String {
    match id {
        cis_plan::NO_ACCOUNT => "account not known".to_owned(),
        id => format!("account {id}"),
    }
}

fn capitalized(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|first| first.to_uppercase().collect::<String>());
    first.unwrap_or_default() + characters.as_str()
}
