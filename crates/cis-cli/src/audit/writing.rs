//! All answers, with what stands before, between and behind them.

use std::env;
use std::fs::OpenOptions;
use std::io::Write as _;

use cis_findings::{junit, markdown, sarif};
use cis_pages::audit as page;
use cis_rules::report::Verdict;

use super::answer::{Audit, COLUMNS, Telling, Written};
use crate::accounts::Accounts;
use crate::format::AnswerFormat;
use crate::outcome::{Failure, Tally, complain};
use crate::output::{Held, append, held};
use crate::text::{self, Page};
use crate::{json, spreadsheet};

/// The most that GitHub takes as a job's summary; more is dropped whole.
///
/// Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands#adding-a-job-summary>
const LARGEST_SUMMARY: usize = 1 << 20;

/// Audits and writes the answers.
///
/// # Errors
/// Where an account cannot be read, or the answers cannot be written.
pub(super) fn write(
    audit: &Audit,
    out: &mut Held,
    accounts: &Accounts,
    tally: &mut Tally,
) -> Result<(), Failure> {
    let answers = accounts.each(|snapshot| audit.answers(snapshot));
    let mut answers = answers
        .flat_map(|answers| match answers {
            Ok(answers) => answers,
            Err(failure) => vec![Err(failure)],
        })
        .inspect(|answer| {
            if let Ok(piece) = answer {
                tally.add(piece.verdict);
            }
        })
        .filter(|answer| match answer {
            Ok(piece) => audit.is_asked_for(piece.verdict),
            Err(_) => true,
        });
    match audit.format {
        AnswerFormat::Json => return json::report(out, answers.map(text)),
        AnswerFormat::Asff | AnswerFormat::Ocsf => return json::array(out, answers.map(text)),
        AnswerFormat::Gitlab => return json::array(out, answers.map(text).filter(is_written)),
        AnswerFormat::Sarif => return sarif(out, &mut answers),
        AnswerFormat::Github => return github(out, &mut answers),
        AnswerFormat::Csv => {
            out.write_all(spreadsheet::row(COLUMNS)?.as_bytes())?;
            return one_by_one(out, &mut answers, b"");
        }
        AnswerFormat::Markdown => {
            out.write_all(markdown::HEAD.as_bytes())?;
            return one_by_one(out, &mut answers, b"");
        }
        AnswerFormat::Junit => {
            let mut cases = held();
            one_by_one(&mut cases, &mut answers, b"")?;
            drop(answers);
            let (failures, errors) = (tally.non_compliant, tally.indeterminate);
            let passed = if audit.is_failing_only { 0 } else { tally.compliant };
            out.write_all(junit::head(passed + failures + errors, failures, errors).as_bytes())?;
            append(out, cases)?;
            return Ok(out.write_all(junit::TAIL.as_bytes())?);
        }
        AnswerFormat::Html => {
            let mut page = page::Page::default();
            let mut data = held();
            let mut shown = 0_usize;
            for answer in answers.by_ref() {
                if let Some(entry) = answer?.entry {
                    data.write_all(page.add(entry).as_bytes())?;
                    shown += 1;
                }
            }
            drop(answers);
            let left_out = tally.total().saturating_sub(shown);
            out.write_all(page.before(&audit.questions, left_out).as_bytes())?;
            append(out, data)?;
            return Ok(out.write_all(page.after()?.as_bytes())?);
        }
        AnswerFormat::Text if audit.telling == Telling::Line => worst_first(out, &mut answers)?,
        AnswerFormat::Text => one_by_one(out, &mut answers, b"\n")?,
    }
    drop(answers);
    Ok(text::total(&mut Page::new(out, audit.is_coloured), tally)?)
}

fn text(answer: Written) -> Result<String, Failure> {
    answer.map(|piece| piece.text)
}

fn is_written(text: &Result<String, Failure>) -> bool {
    !text.as_ref().is_ok_and(String::is_empty)
}

fn one_by_one(
    out: &mut Held,
    answers: &mut dyn Iterator<Item = Written>,
    between: &[u8],
) -> Result<(), Failure> {
    for (index, answer) in answers.enumerate() {
        if index > 0 {
            out.write_all(between)?;
        }
        out.write_all(text(answer)?.as_bytes())?;
    }
    Ok(())
}

/// Writes answers by their verdicts, in their order where the verdicts are the same.
fn worst_first(out: &mut Held, answers: &mut dyn Iterator<Item = Written>) -> Result<(), Failure> {
    let (mut refuted, mut open, mut proved) = (held(), held(), held());
    for answer in answers {
        let piece = answer?;
        let kept = match piece.verdict {
            Verdict::NonCompliant => &mut refuted,
            Verdict::Indeterminate => &mut open,
            Verdict::Compliant => &mut proved,
        };
        kept.write_all(piece.text.as_bytes())?;
    }
    for kept in [refuted, open, proved] {
        append(out, kept)?;
    }
    Ok(())
}

/// Writes results for code scanning: those that are refuted first, for it refuses a file with too many.
fn sarif(out: &mut Held, answers: &mut dyn Iterator<Item = Written>) -> Result<(), Failure> {
    let (mut refuted, mut open) = (Vec::new(), Vec::new());
    let mut left_out = 0_usize;
    for answer in answers {
        let piece = answer?;
        let kept = match piece.verdict {
            Verdict::NonCompliant => &mut refuted,
            Verdict::Indeterminate => &mut open,
            Verdict::Compliant => continue,
        };
        if kept.len() < sarif::MOST_RESULTS {
            kept.push(piece.text);
        } else {
            left_out += 1;
        }
    }
    let room = sarif::MOST_RESULTS.saturating_sub(refuted.len());
    left_out += open.len().saturating_sub(room);
    open.truncate(room);
    out.write_all(sarif::head().as_bytes())?;
    json::array(out, refuted.into_iter().chain(open).map(Ok::<_, Failure>))?;
    out.write_all(sarif::TAIL.as_bytes())?;
    out.write_all(b"\n")?;
    if left_out > 0 {
        let most = sarif::MOST_RESULTS;
        complain(
            "warning",
            &format!("{left_out} results are left out: code scanning takes {most} at most"),
        );
    }
    Ok(())
}

/// Writes annotations, the worst first, for GitHub shows ten of a kind; and the job's summary.
fn github(out: &mut Held, answers: &mut dyn Iterator<Item = Written>) -> Result<(), Failure> {
    let mut summary = markdown::HEAD.to_string();
    let mut hidden = 0_usize;
    let mut rows = |answer: &Written| {
        if let Ok(piece) = answer {
            if summary.len() + piece.row.len() < LARGEST_SUMMARY - 100 {
                summary.push_str(&piece.row);
            } else {
                hidden += 1;
            }
        }
    };
    worst_first(out, &mut answers.inspect(|answer| rows(answer)))?;
    if hidden > 0 {
        summary += &format!("\n{hidden} more are not shown.\n");
    }
    let Some(path) = env::var_os("GITHUB_STEP_SUMMARY").filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let written = OpenOptions::new()
        .append(true)
        .create(true)
        .open(&path)
        .and_then(|mut file| file.write_all(summary.as_bytes()));
    written.map_err(|error| Failure::Output {
        target: format!("`{}`, which `GITHUB_STEP_SUMMARY` names", path.display()),
        error,
    })
}
