//! `trailproof schema`: the JSON Schemas of the documents that it reads and writes.

use std::io::Write as _;

use clap::ValueEnum;

use crate::outcome::Failure;
use crate::output::to_stdout;

/// Print the JSON Schema (draft 2020-12) of a document that the command reads or writes
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The document
    #[arg(value_enum, value_name = "NAME")]
    document: Document,
}

/// A document that has a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Document {
    /// What was observed of an account: what `snapshot` writes and every command reads
    Snapshot,
    /// Answers about accounts: `audit --format json`, `explain --proof --format json`
    Report,
    /// How events fare in an account: `explain --format json`
    Explanation,
    /// What two snapshots log differently: `diff --format json`
    Difference,
    /// What logs say: `logs --format json`
    Logs,
    /// What CloudTrail's digests prove of log files: `verify --format json`
    Verification,
    /// What got worse between two sweeps: `diff --format json` of files of many accounts
    SweepDifference,
    /// What AWS Config has recorded: `sweep --from-aggregator --format json`
    Recorded,
    /// What makes accounts COMPLIANT: `fix --format json`
    Fix,
}

impl Document {
    /// The schema: the committed file, which a test holds equal to the types.
    const fn schema(self) -> &'static str {
        match self {
            Self::Snapshot => include_str!("../../../docs/schemas/snapshot.json"),
            Self::Report => include_str!("../../../docs/schemas/report.json"),
            Self::Explanation => include_str!("../../../docs/schemas/explanation.json"),
            Self::Difference => include_str!("../../../docs/schemas/difference.json"),
            Self::Logs => include_str!("../../../docs/schemas/logs.json"),
            Self::Verification => include_str!("../../../docs/schemas/verification.json"),
            Self::SweepDifference => {
                include_str!("../../../docs/schemas/sweep-difference.json")
            }
            Self::Recorded => include_str!("../../../docs/schemas/recorded.json"),
            Self::Fix => include_str!("../../../docs/schemas/fix.json"),
        }
    }
}

/// Prints the schema.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn run(args: &Args) -> Result<(), Failure> {
    to_stdout(|out| out.write_all(args.document.schema().as_bytes()))
}
