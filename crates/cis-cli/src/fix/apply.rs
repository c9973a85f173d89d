//! `trailproof fix --apply`: makes the calls, and keeps the way back.

use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use cis_aws::Changer;
use cis_fix::apply::{CallError, Note, Outcome, Service, State, apply};
use cis_fix::json::pretty;
use cis_fix::{Account, Change, Fix};
use cis_rules::diff::{Difference, diff};
use cis_rules::question::{Deliveries, Question};
use serde_json::json;

use super::folder;
use crate::live::{Live, block_on};
use crate::outcome::{Done, Failure, reason};
use crate::text::Page;
use crate::text::escape::escape;
use crate::text::{Commands, difference as write_difference, fix as write_fix};

/// The account as it was when the fix was made.
const BEFORE: &str = "before.json";
/// The fix.
const FIX: &str = "fix.json";
/// What was done so far, one note in a line.
const JOURNAL: &str = "journal.jsonl";

/// What is to be applied.
pub(super) struct Plan {
    pub(super) fix: Fix,
    pub(super) before: Account,
}

/// The plan of an earlier run in a folder, where there was one.
///
/// # Errors
/// Where its files cannot be read.
pub(super) fn earlier(folder: &Path) -> Result<Option<Plan>, Failure> {
    if !folder.join(BEFORE).exists() {
        return Ok(None);
    }
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read_to_string(&path).map_err(|error| cannot("read", &path, &error))
    };
    let refused = |name: &str, error: &dyn std::fmt::Display| {
        Failure::Refused(format!("`{}`: {error}", folder.join(name).display()))
    };
    let fix = serde_json::from_str(&read(FIX)?).map_err(|error| refused(FIX, &error))?;
    let before = Account::from_json(&read(BEFORE)?).map_err(|error| refused(BEFORE, &error))?;
    Ok(Some(Plan { fix, before }))
}

/// Makes the calls of a plan that are not made yet.
///
/// # Errors
/// Where the credentials are of another account, the answer is not yes, or a file cannot be written.
pub(super) fn run(
    plan: &Plan,
    questions: &[Question],
    live: &Live,
    folder: &Path,
    is_agreed: bool,
    is_new: bool,
) -> Result<Done, Failure> {
    let Plan { fix, before } = plan;
    if let Some(other) = fix.changes.iter().find(|it| it.account_id != fix.account_id) {
        return Err(Failure::Refused(format!(
            "the trail belongs to account {}: run this with that account's credentials, on that \
             account",
            other.account_id
        )));
    }
    let account = &live.identity.account.id;
    if *account != fix.account_id {
        return Err(Failure::Refused(format!(
            "the fix is of account {}, but the credentials belong to account {account}",
            fix.account_id
        )));
    }
    if is_new {
        folder::write(folder, std::slice::from_ref(fix))?;
        save(&folder.join(BEFORE), &(pretty(&before.document().text()) + "\n"))?;
    }
    agree(fix, folder, is_agreed)?;
    let journal = folder.join(JOURNAL);
    let opened = File::options().create(true).append(true).open(&journal);
    let journal = opened.map_err(|error| cannot("write to", &journal, &error))?;
    let changer = Changer::new(&live.config);
    let mut service = Connected { live, changer, journal };
    let outcome = apply(fix, before, questions, &mut service);
    tell(&outcome, plan, questions, folder)
}

/// Shows the fix, and asks.
fn agree(fix: &Fix, folder: &Path, is_agreed: bool) -> Result<(), Failure> {
    let mut text = Page::new(Vec::new(), false);
    write_fix(&mut text, fix, Commands::InFolder(folder))?;
    io::stderr()
        .write_all(&text.into_inner())
        .map_err(|error| Failure::Output { target: "standard error".to_string(), error })?;
    if is_agreed {
        return Ok(());
    }
    if !io::stdin().is_terminal() {
        return Err(Failure::Refused(
            "`--apply` asks before it changes anything, and there is no terminal to ask on: give \
             `--yes`"
                .to_string(),
        ));
    }
    let _closed = write!(
        io::stderr(),
        "\nMake these {} calls in account {}? Type yes: ",
        fix.changes.len(),
        escape(&fix.account_id)
    );
    let mut answer = String::new();
    let read = io::stdin().read_line(&mut answer);
    match read {
        Ok(_) if answer.trim() == "yes" => Ok(()),
        _ => Err(Failure::Refused("nothing was changed: the answer was not yes".to_string())),
    }
}

/// Says how the run ended.
fn tell(
    outcome: &Outcome,
    plan: &Plan,
    questions: &[Question],
    folder: &Path,
) -> Result<Done, Failure> {
    let mut lines = Vec::new();
    let mut moved = None;
    let mut is_whole = false;
    match outcome {
        Outcome::Stale { differences, now } => {
            moved = meaning(&plan.before, now, questions);
            lines.push(
                "STALE  Nothing was changed: the account is not as it was when the fix was made."
                    .to_string(),
            );
            lines.extend(differences.iter().map(|difference| format!("  - {difference}")));
            lines.push("  Plan again, with a new folder.".to_string());
        }
        Outcome::Applied { is_proved, .. } => {
            is_whole = *is_proved;
            lines.push(if *is_proved {
                "APPLIED  The account was read back, and is proved COMPLIANT.".to_string()
            } else {
                "APPLIED  The calls were made and read back, but the account as it was read is not \
                 COMPLIANT: audit it."
                    .to_string()
            });
            lines.push(format!("  The way back: `{}`", folder.join("undo.sh").display()));
        }
        Outcome::Stopped { at, why, states } => {
            lines.push(match at {
                Some(number) => format!("STOPPED  At call {number}: {why}."),
                None => format!("STOPPED  {why}."),
            });
            match states {
                None => lines.push(
                    "  What is true now is not known: the account could not be read.".to_string(),
                ),
                Some(states) => {
                    for (change, state) in plan.fix.changes.iter().zip(states) {
                        let is = match state {
                            State::Old => "as before",
                            State::New => "as after the call",
                            State::Other => "neither: somebody else changed it",
                        };
                        let (call, trail) = (change.call.name(), change.trail());
                        lines.push(format!("  - {call} on {trail}: {is}"));
                    }
                }
            }
            lines.push("  Run the same command again to go on.".to_string());
        }
    }
    crate::output::to_stdout(|out| -> io::Result<()> {
        for line in &lines {
            writeln!(out, "{}", escape(line))?;
        }
        let Some((difference, accounts)) = &moved else { return Ok(()) };
        writeln!(out, "\nWhat that means for what is logged:")?;
        write_difference(&mut Page::new(out, false), accounts.map(Account::snapshot), difference)
    })?;
    Ok(Done::Fixed { is_whole })
}

/// What is logged otherwise since the fix was made; `None` if the two are not one account.
fn meaning<'a>(
    before: &'a Account,
    now: &'a Account,
    questions: &[Question],
) -> Option<(Difference, [&'a Account; 2])> {
    let deliveries = questions.first().map_or(Deliveries::Ignore, |it| it.deliveries);
    let difference = diff(before.snapshot(), now.snapshot(), deliveries).ok()?;
    Some((difference, [before, now]))
}

/// The live account.
struct Connected<'a> {
    live: &'a Live,
    changer: Changer,
    journal: File,
}

impl Service for Connected<'_> {
    fn read(&mut self) -> Result<Account, String> {
        let collected = block_on(self.live.collect()).map_err(|failure| failure.to_string())?;
        Account::from_json(&collected.document().to_string()).map_err(|error| error.to_string())
    }

    fn call(&mut self, change: &Change) -> Result<(), CallError> {
        let request = change.request.text();
        let called = block_on(self.changer.call(change.call.name(), &change.region, &request));
        match called {
            Ok(called) => {
                called.map_err(|failure| CallError { code: failure.code, message: failure.message })
            }
            Err(failure) => {
                Err(CallError { code: "NotSent".to_string(), message: failure.to_string() })
            }
        }
    }

    fn wait(&mut self, times: u32) {
        std::thread::sleep(Duration::from_secs(1 << times.clamp(1, 5).saturating_sub(1)));
    }

    fn note(&mut self, note: Note) -> Result<(), String> {
        let line = match note {
            Note::Calling(number) => json!({"calling": number}),
            Note::Made(number) => json!({"made": number}),
            Note::Done => json!({"done": true}),
        };
        writeln!(self.journal, "{line}")
            .and_then(|()| self.journal.sync_all())
            .map_err(|error| format!("the journal cannot be written: {}", reason(&error)))
    }
}

fn save(path: &PathBuf, text: &str) -> Result<(), Failure> {
    let written = File::create_new(path).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.sync_all()
    });
    written.map_err(|error| cannot("write to", path, &error))
}

fn cannot(what: &str, path: &Path, error: &io::Error) -> Failure {
    Failure::Refused(format!("cannot {what} `{}`: {}", path.display(), reason(error)))
}
