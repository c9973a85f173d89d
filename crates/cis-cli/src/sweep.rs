//! `trailproof sweep`: answers for every account of an organization, from one terminal.

mod listing;
mod progress;
mod reading;
mod recorded;

use std::path::PathBuf;
use std::time::Instant;

use aws_config::SdkConfig;
use cis_aws::{MemberRole, Members, Pace, Requests};
use cis_rules::report::SkippedAccount;
use cis_sweep::account::Listed;
use cis_sweep::journal::{Journal, JournalError, Settings};
use cis_sweep::selection::Selected;

use self::listing::ListArgs;
use self::progress::Shown;
use self::reading::{Read, Reading};
use self::recorded::AggregatorArgs;
use crate::accounts::{Accounts, Part};
use crate::args::FileOrStdin;
use crate::audit::{AnswerArgs, Asked};
use crate::lines::Lines;
use crate::live::{Live, LiveArgs, block_on};
use crate::outcome::{Done, Failure, complain, reason};
use crate::output::to_stdout;
use crate::text::{self, Page};

/// Read every account of an organization, or of a list, and answer whether every S3 object-level event
/// is logged. Each account is read in a role, an organization's trail once for all of them
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    list: ListArgs,

    #[command(flatten)]
    role: RoleArgs,

    #[command(flatten)]
    live: LiveArgs,

    /// Keep the snapshots in this file, one account a line, in the list's order; `audit` and `diff` take
    /// it. While the sweep runs they are in FILE.partial. Example: --keep today.jsonl
    #[arg(long, value_name = "FILE")]
    keep: Option<PathBuf>,

    /// Go on with the sweep of this file that was interrupted: accounts that are finished are not read
    /// again. Of a whole sweep, read again what failed for a reason that passes
    #[arg(long, requires = "keep")]
    resume: bool,

    /// The most accounts that are read at a time; fewer while AWS says that there are too many requests
    #[arg(
        long,
        value_name = "COUNT",
        default_value_t = 32,
        value_parser = clap::value_parser!(u16).range(1..=256)
    )]
    at_once: u16,

    #[command(flatten)]
    aggregator: AggregatorArgs,

    #[command(flatten)]
    answers: AnswerArgs,
}

/// How accounts are entered.
#[derive(Debug, clap::Args)]
struct RoleArgs {
    /// The role that is assumed in each account but the caller's own, with its path if it has one.
    /// Organizations makes the default one in accounts that it creates; Control Tower makes
    /// `AWSControlTowerExecution`
    #[arg(
        long,
        value_name = "NAME",
        default_value = "OrganizationAccountAccessRole",
        value_parser = role_name
    )]
    role_name: String,

    /// What that role's trust policy asks for (`sts:ExternalId`)
    #[arg(long, value_name = "ID")]
    member_external_id: Option<String>,

    /// A profile whose own account is read with its own credentials, and not in the role: the management
    /// account, where the caller is a delegated administrator; may be repeated
    #[arg(long = "own-profile", value_name = "NAME")]
    own_profiles: Vec<String>,

    /// Leave sessions all that the role may do. Else a session policy cuts them down to
    /// DescribeTrails, GetTrailStatus and GetEventSelectors
    #[arg(long)]
    no_session_policy: bool,
}

/// A role's name, perhaps with its path: `reader`, `team/reader`.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_Role.html>
fn role_name(text: &str) -> Result<String, String> {
    let is_named = |part: &str| {
        let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
        (1..=64).contains(&part.len()) && part.bytes().all(is_allowed)
    };
    if text.split('/').all(is_named) {
        Ok(text.to_string())
    } else {
        Err("a role's name is 1 to 64 of A-Z, a-z, 0-9 and `+=,.@_-`, after its path: `reader` or \
             `team/reader`"
            .to_string())
    }
}

/// Who sweeps, and what is swept.
struct Started {
    live: Live,
    requests: Requests,
    /// The caller's configuration, with each request counted.
    config: SdkConfig,
    pace: Pace,
    selected: Selected,
    at: Instant,
}

/// Sweeps and answers.
///
/// # Errors
/// Where there is no list, the caller's credentials are not taken, or something cannot be written. An
/// account that cannot be read is an answer.
pub(crate) fn run(args: &Args) -> Result<Done, Failure> {
    let asked = args.answers.asked()?;
    if args.aggregator.is_given() {
        return recorded::run(args, &asked);
    }
    let (started, accounts, read) = block_on(async {
        let started = start(args).await?;
        let (accounts, read) = sweep(args, &asked, &started).await?;
        Ok::<_, Failure>((started, accounts, read))
    })??;
    let is_in_text = asked.is_told_in_text();
    let asked = asked.with_skipped(started.selected.skipped.iter().map(not_read).collect());
    let done = asked.answer(&accounts)?;
    skipped(is_in_text, &started.selected)?;
    told(&started, read);
    Ok(done)
}

/// Settles who the caller is and which accounts are swept.
async fn start(args: &Args) -> Result<Started, Failure> {
    let at = Instant::now();
    // A fault in the list is told before AWS is asked for anything.
    let given = args.list.given()?;
    let live = args.live.connect(None).await?;
    let requests = Requests::default();
    let config = requests.watch(live.config.clone());
    let pace = Pace::watching();
    let listed = match given {
        Some(listed) => listed,
        None => args.list.read(&pace.keep(config.clone()), &live.identity).await?,
    };
    let selected = args.list.select(listed)?;
    Ok(Started { live, requests, config, pace, selected, at })
}

/// Reads every account; the accounts in the list's order.
async fn sweep(
    args: &Args,
    asked: &Asked<'_>,
    started: &Started,
) -> Result<(Accounts, Read), Failure> {
    let Started { live, config, pace, selected, .. } = started;
    let settings = Settings {
        caller_account: live.identity.account.id.clone(),
        role_name: args.role.role_name.clone(),
        region: live.identity.account.region.clone(),
    };
    let role = MemberRole {
        name: args.role.role_name.clone(),
        session_name: "trailproof".to_string(),
        external_id: args.role.member_external_id.clone(),
        is_whole: args.role.no_session_policy,
    };
    let mut members = Members::new(config, &live.identity, pace, role);
    for profile in &args.role.own_profiles {
        let own = LiveArgs::of_profile(profile, &settings.region).connect(None).await?;
        members = members.with_own(&started.requests.watch(own.config.clone()), &own.identity);
    }
    let mut journal = match &args.keep {
        None => Journal::temporary(),
        Some(path) if args.resume => Journal::resume(path, &settings),
        Some(path) => Journal::begin(path, &settings),
    }
    .map_err(unkept)?;
    let shown = Shown::new(selected.read.len(), asked.questions());
    let reading = Reading {
        members: &members,
        pace,
        at_once: args.at_once.into(),
        is_kept: args.keep.is_some(),
    };
    let read = reading.read(&selected.read, &mut journal, &shown).await;
    shown.end();
    let read = read?;
    let order = selected.read.iter().map(|account| account.id.as_str());
    let snapshots = journal.finish(order).map_err(unkept)?;
    let source = args.keep.clone().unwrap_or_else(|| "the accounts".into());
    let lines = Lines::of_file(FileOrStdin::File(source), snapshots);
    Ok((Accounts::new(vec![Part::Lines(lines)]), read))
}

/// Says how much was read.
fn told(started: &Started, read: Read) {
    let kept = match read.kept {
        0 => String::new(),
        kept => format!("; {kept} had been read before"),
    };
    let seconds = started.at.elapsed().as_secs_f64();
    let requests = started.requests.sent();
    let read = match read.new {
        1 => "1 account was read".to_string(),
        new => format!("{new} accounts were read"),
    };
    complain("note", &format!("{read} with {requests} requests in {seconds:.1} s{kept}"));
}

/// An account that is skipped, as the report names it.
fn not_read(account: &Listed) -> SkippedAccount {
    let state = account.state.to_string();
    SkippedAccount {
        account_id: account.id.clone(),
        name: account.name.clone(),
        reason: format!("no role of an account can be assumed while its state is {state}"),
        state,
    }
}

/// Says which accounts were not read because of their states: below the answers where those are for
/// people, else on standard error.
fn skipped(is_in_text: bool, selected: &Selected) -> Result<(), Failure> {
    let count = selected.skipped.len();
    if count == 0 {
        return Ok(());
    }
    if is_in_text {
        return to_stdout(|out| text::skipped(&mut Page::new(out, false), &selected.skipped));
    }
    for (state, accounts) in selected.skipped_by_state() {
        let named: Vec<String> = accounts.iter().map(|account| account.to_string()).collect();
        let accounts = named.join(", ");
        complain("note", &format!("skipped, for the state is {state}: {accounts}"));
    }
    Ok(())
}

/// Why a sweep cannot be kept.
fn unkept(error: JournalError) -> Failure {
    match error {
        JournalError::Io { path, error } => Failure::Refused(format!(
            "cannot keep what is read in `{}`: {}",
            path.display(),
            reason(&error)
        )),
        other => Failure::Refused(other.to_string()),
    }
}
