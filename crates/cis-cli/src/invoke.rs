//! `trailproof invoke`: runs the rule exactly as AWS Config would.

mod ports;
mod sample;

use std::io::{self, Write as _};

use cis_aws::Sessions;
use cis_lambda::evaluation::PutRequest;
use cis_lambda::{Handled, Rule, RuleError, questions, today};
use cis_rules::question::Question;
use cis_rules::report::Report;
use cis_rules::snapshot::Snapshot;
use serde_json::{Map, Value, json};

use self::ports::{Accounts, Evaluations, Findings};
use crate::args::{FileOrStdin, QuestionArgs};
use crate::format::{Format, FormatArgs};
use crate::live::{self, LiveArgs};
use crate::outcome::{Failure, Tally, complain};
use crate::output::to_stdout;
use crate::text::Page;
use crate::{input, json, text};

/// Run the rule as AWS Config would: an invocation event in, a PutEvaluations request out
///
/// Without arguments an embedded sample event meets an embedded sample account. Nothing is sent to
/// AWS unless `--live` is given.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The invocation event, `-` for standard input. Without it: a scheduled event for the account
    /// that is read, with the result token TESTMODE, for which AWS Config stores nothing
    #[arg(long, value_name = "FILE")]
    event: Option<FileOrStdin>,

    /// Read the account from a snapshot, `-` for standard input, instead of the embedded sample
    #[arg(long, value_name = "FILE", conflicts_with = "live")]
    snapshot: Option<FileOrStdin>,

    /// Read the live account AND PUT the result to AWS Config for real
    #[arg(long)]
    live: bool,

    #[command(flatten)]
    question: QuestionArgs,

    #[command(flatten)]
    live_account: LiveArgs,

    /// Everything that is known, in text: each trail, the proof, the commands
    #[arg(long)]
    details: bool,

    #[command(flatten)]
    format: FormatArgs,
}

/// Runs the rule and writes what it put and why.
///
/// # Errors
/// Where the rule fails without an answer, or the answer cannot be written.
pub(crate) fn run(args: &Args) -> Result<Tally, Failure> {
    if args.event == Some(FileOrStdin::Stdin) && args.snapshot == Some(FileOrStdin::Stdin) {
        return Err(Failure::Refused(
            "standard input was given twice: as `--event` and as `--snapshot`".to_string(),
        ));
    }
    if args.live_account.is_given() && !args.live {
        return Err(Failure::Refused(
            "`--profile`, `--region` and `--role-arn` are for the live account: they need `--live`"
                .to_string(),
        ));
    }
    let event = args.event.as_ref().map(input::json).transpose()?;
    let parameters = args.question.rule_parameters();
    let invocation = if args.live {
        live::block_on(on_the_live_account(&args.live_account, event, &parameters))??
    } else {
        let snapshot = match &args.snapshot {
            Some(source) => input::snapshot(source)?,
            None => sample::account()?,
        };
        live::block_on(at_the_desk(snapshot, event, &parameters))??
    };
    invocation.write(args.format, args.details)
}

/// One run of the rule.
struct Invocation {
    snapshot: Option<Snapshot>,
    /// What the event asks; empty where the event is not valid, which the rule says.
    questions: Vec<Question>,
    handled: Result<Handled, RuleError>,
    is_live: bool,
}

async fn at_the_desk(
    snapshot: Snapshot,
    event: Option<Value>,
    parameters: &Map<String, Value>,
) -> Result<Invocation, Failure> {
    let event = match event {
        Some(event) => event,
        None => {
            let region = snapshot.region.as_deref();
            sample::event(&snapshot.account_id, &snapshot.partition, region, parameters)?
        }
    };
    let region = snapshot.region.clone().unwrap_or_default();
    let accounts = Accounts::recorded(snapshot);
    let rule = Rule::new(&accounts, Evaluations::Nowhere, Findings::Nowhere, region);
    let questions = questions(&event, today()).unwrap_or_default();
    let handled = rule.handle(event).await;
    Ok(Invocation { snapshot: accounts.into_seen(), questions, handled, is_live: false })
}

async fn on_the_live_account(
    args: &LiveArgs,
    event: Option<Value>,
    parameters: &Map<String, Value>,
) -> Result<Invocation, Failure> {
    let live = args.connect(None).await?;
    let (config, account) = (live.config, live.identity.account);
    let event = match event {
        Some(event) => event,
        None => sample::event(&account.id, &account.partition, Some(&account.region), parameters)?,
    };
    let sessions = Sessions::new(&config);
    let accounts = Accounts::live(&sessions);
    let evaluations = Evaluations::aws_config(&sessions);
    let findings = Findings::security_hub(&sessions);
    let questions = questions(&event, today()).unwrap_or_default();
    let handled = Rule::new(&accounts, evaluations, findings, &account.region)
        .handle_for(event, Some(&account.id))
        .await;
    Ok(Invocation { snapshot: accounts.into_seen(), questions, handled, is_live: true })
}

impl Invocation {
    fn write(self, format: FormatArgs, details: bool) -> Result<Tally, Failure> {
        let (request, report, error) = match &self.handled {
            Ok(Handled { request, report, .. }) => (Some(request), report, None),
            Err(error) => match error.report() {
                Some(report) => (None, report, Some(error)),
                None => return Err(Failure::Refused(error.to_string())),
            },
        };
        let (findings, imported) = match &self.handled {
            Ok(Handled { findings, imported, .. }) => (&findings[..], imported.as_ref()),
            Err(_) => (&[][..], None),
        };
        let mut tally = Tally::default();
        for result in &report.results {
            tally.add(result);
        }
        let request = request
            .map(|request| shown(request, self.is_live))
            .transpose()
            .map_err(io::Error::from)?;
        let findings = (!findings.is_empty()).then(|| json!({"Findings": findings}));
        to_stdout(|out| match (format.format, &self.snapshot) {
            (Format::Text, Some(snapshot)) => text(
                &mut Page::new(out, format.is_coloured()).wide(text::columns()),
                details,
                [("PutEvaluations", &request), ("BatchImportFindings", &findings)],
                snapshot,
                &self.questions,
                report,
                &tally,
            ),
            _ => {
                let mut all = json!({"putEvaluations": request, "report": report});
                if let Some(findings) = findings {
                    all["batchImportFindings"] = findings;
                }
                out.write_all(json::pretty(&all).as_bytes())
            }
        })?;
        if let Some(Err(error)) = imported {
            complain("warning", &format!("the findings were not imported: {error}"));
        }
        if let Some(error) = error {
            complain("error", &format!("nothing was put: {error}"));
        }
        Ok(tally)
    }
}

fn text<W: io::Write>(
    page: &mut Page<W>,
    details: bool,
    requests: [(&str, &Option<Value>); 2],
    snapshot: &Snapshot,
    questions: &[Question],
    report: &Report,
    tally: &Tally,
) -> io::Result<()> {
    let mut is_first = true;
    for (call, request) in requests.into_iter().filter_map(|(call, it)| Some((call, it.as_ref()?)))
    {
        if !std::mem::take(&mut is_first) {
            page.blank()?;
        }
        page.text(0, &format!("{call} request:"))?;
        for line in json::pretty(request).lines() {
            page.verbatim(0, line)?;
        }
    }
    for (question, result) in questions.iter().zip(&report.results) {
        if !std::mem::take(&mut is_first) {
            page.blank()?;
        }
        if details {
            text::account(page, snapshot, question, result)?;
        } else {
            text::brief::account(page, snapshot, question, result)?;
        }
    }
    text::total(page, tally)
}

/// The request as it is shown: whoever holds a real result token can report results.
fn shown(request: &PutRequest, is_live: bool) -> Result<Value, serde_json::Error> {
    let mut shown = serde_json::to_value(request)?;
    if is_live
        && !request.test_mode
        && let Some(token) = shown.get_mut("ResultToken")
    {
        *token = json!("(not shown)");
    }
    Ok(shown)
}
