//! `trailproof diff`: what two snapshots of an account log differently.

use cis_rules::diff::diff;

use crate::args::{FileOrStdin, Format, FormatArgs};
use crate::outcome::{Done, Failure};
use crate::output::to_stdout;
use crate::text::Page;
use crate::{input, json, text};

const EXIT_CODES: &str = "\
Exit codes:
  0  all that was surely logged before is surely logged now
  1  something that was surely logged before is not surely logged now
  2  usage or input error";

/// Compare two snapshots of an account: what was surely logged before and is not now, and the other
/// way round. Two spellings of one meaning differ in nothing
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Args {
    /// The snapshot before, `-` for standard input
    before: FileOrStdin,

    /// The snapshot after, `-` for standard input
    after: FileOrStdin,

    #[command(flatten)]
    format: FormatArgs,
}

/// Compares and writes the difference.
///
/// # Errors
/// Where a snapshot cannot be read, they are of different accounts, or the difference cannot be
/// written.
pub(crate) fn run(args: &Args) -> Result<Done, Failure> {
    let sources = [&args.before, &args.after];
    if sources == [&FileOrStdin::Stdin, &FileOrStdin::Stdin] {
        return Err(Failure::Refused(
            "standard input was given twice: it is one of the snapshots".to_string(),
        ));
    }
    let before = input::snapshot(&args.before)?;
    let after = input::snapshot(&args.after)?;
    let difference =
        diff(&before, &after).map_err(|mismatch| Failure::Refused(mismatch.to_string()))?;
    to_stdout(|out| match args.format.format {
        Format::Json => json::document(out, &difference),
        Format::Text => {
            let mut page = Page::new(out, args.format.is_coloured());
            text::difference(&mut page, [&before, &after], &difference)
        }
    })?;
    Ok(Done::Compared { is_loss: difference.is_loss() })
}
