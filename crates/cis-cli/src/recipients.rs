//! `trailproof recipients`: which accounts receive a copy of an event.

use std::io::{self, Write};
use std::str::FromStr;

use cis_records::Level;
use cis_records::catalogue;
use cis_records::recipients::{Copy, Outcome, Recipients, Request, Requester};
use clap::ValueEnum;
use clap::builder::{PossibleValuesParser, TypedValueParser as _};

use crate::format::{Format, FormatArgs};
use crate::json;
use crate::outcome::Failure;
use crate::output::to_stdout;
use crate::text::Page;

/// Say which accounts receive a copy of an event of S3: the requester's, and the bucket owner's
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The event by its `eventName`, or the API operation: PutObject
    #[arg(long, value_name = "NAME")]
    operation: String,

    /// Who makes the request: an account, `anonymous`, or an AWS service such as
    /// cloudtrail.amazonaws.com
    #[arg(long, value_name = "WHO")]
    requester: Who,

    /// The account that owns the bucket
    #[arg(long, value_name = "ACCOUNT", value_parser = account)]
    bucket_owner: String,

    /// The account that owns the object
    #[arg(long, value_name = "ACCOUNT", value_parser = account)]
    object_owner: Option<String>,

    /// Whether the bucket owner may do the same to the object; it may where it owns it
    #[arg(long, value_enum, value_name = "ANSWER")]
    owner_has_permission: Option<Answer>,

    /// How the request ends
    #[arg(
        long,
        value_name = "OUTCOME",
        default_value = Outcome::Allowed.name(),
        value_parser = PossibleValuesParser::new(Outcome::ALL.map(Outcome::name)).map(outcome)
    )]
    outcome: Outcome,

    /// The request grants access by e-mail address
    #[arg(long)]
    grant_by_email: bool,

    #[command(flatten)]
    format: FormatArgs,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Answer {
    Yes,
    No,
}

/// A requester, as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Who {
    written: String,
    requester: Requester,
}

impl FromStr for Who {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let is_service = [".amazonaws.com", ".amazonaws.com.cn"]
            .iter()
            .any(|end| text.strip_suffix(end).is_some_and(|name| !name.is_empty()));
        let requester = match text {
            "anonymous" => Requester::Anonymous,
            _ if is_service => Requester::Service,
            _ => Requester::Account(account(text).map_err(|_| {
                "a requester is an account of 12 digits, `anonymous`, or an AWS service such as \
                 cloudtrail.amazonaws.com"
                    .to_string()
            })?),
        };
        Ok(Self { written: text.to_string(), requester })
    }
}

fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text.to_string())
    } else {
        Err("an account has 12 digits".to_string())
    }
}

fn outcome(name: String) -> Outcome {
    Outcome::ALL.into_iter().find(|outcome| outcome.name() == name).unwrap_or_default()
}

/// Writes who receives a copy.
///
/// # Errors
/// Where S3 has no such event, or the answer cannot be written.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    let recipients = args.request()?.recipients();
    to_stdout(|out| match args.format.format {
        Format::Json => json::document(out, &recipients),
        Format::Text => text(&mut Page::new(out, args.format.is_coloured()), args, &recipients),
    })
}

impl Args {
    fn request(&self) -> Result<Request, Failure> {
        Ok(Request {
            level: self.level()?,
            requester: self.requester.requester.clone(),
            bucket_owner: Some(self.bucket_owner.clone()),
            object_owner: self.object_owner.clone(),
            owner_has_permission: self.owner_has_permission.map(|answer| answer == Answer::Yes),
            outcome: self.outcome,
            grants_by_email: self.grant_by_email,
        })
    }

    fn level(&self) -> Result<Level, Failure> {
        let name = self.operation.as_str();
        let of_operation = || {
            let events = catalogue::EVENTS.iter().filter(|event| event.operation == name);
            events.map(|event| event.level).max()
        };
        catalogue::level_of(name).or_else(of_operation).ok_or_else(|| {
            Failure::Refused(format!(
                "S3 has no event and no operation `{name}`: `trailproof events` lists them"
            ))
        })
    }
}

fn text<W: Write>(page: &mut Page<W>, args: &Args, recipients: &Recipients) -> io::Result<()> {
    let Args { operation, requester, bucket_owner, outcome, .. } = args;
    let requester = &requester.written;
    page.text(
        0,
        &format!(
            "{operation} by {requester} in a bucket of {bucket_owner}, {}",
            outcome.name().replace('-', " ")
        ),
    )?;
    lines(page, recipients)?;
    if let Some(third) = args.object_owner.as_ref().filter(|it| *it != bucket_owner)
        && third != requester
    {
        page.text(2, &format!("no text of AWS's names the object's owner {third} as a recipient"))?;
    }
    page.text(
        2,
        "A copy is offered to the trails of an account: their selectors decide whether it is kept.",
    )
}

/// Writes the rule below what it is about.
///
/// # Errors
/// Where the output cannot be written.
fn lines<W: Write>(page: &mut Page<W>, recipients: &Recipients) -> io::Result<()> {
    page.text(2, &format!("requester's account: {}", recipients.requester.name()))?;
    page.text(2, &format!("bucket owner's account: {}", recipients.bucket_owner.name()))?;
    if !recipients.redacted_fields.is_empty() {
        let fields = recipients.redacted_fields.join(", ");
        page.text(2, &format!("a redacted copy lacks: {fields}"))?;
    }
    page.text(2, &format!("rule: {}", recipients.rule))?;
    page.text(2, &format!("source: {}", recipients.source))?;
    if let Some(older) = &recipients.older_text {
        let owner = match older.bucket_owner {
            Copy::Unknown => "a copy only with the permission, which is not known here",
            other => other.name(),
        };
        let source = older.source;
        page.text(2, &format!("bucket owner's account by an older edition: {owner} ({source})"))?;
    }
    Ok(())
}
