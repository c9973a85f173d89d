//! How a run ends: by its verdicts, or by a failure that comes before any.

use std::io::{self, Write as _};
use std::process::ExitCode;
use std::sync::OnceLock;

use cis_logs::digest::report::Outcome;
use cis_rules::explain::Answer;
use cis_rules::report::{AccountResult, Verdict};

use crate::text::escape::escape;

const NON_COMPLIANT: u8 = 1;
const FAILED: u8 = 2;
const INDETERMINATE: u8 = 3;
/// What a shell shows for a process that a closed pipe killed; no verdict has this code.
const BROKEN_PIPE: u8 = 141;

/// What a run did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// It answered.
    Answered(Tally),
    /// It answered, and only some verdicts fail the run.
    Judged(Tally, FailOn),
    /// It explained events; this is the worst answer, none where no event was in question.
    Explained(Option<Answer>),
    /// It compared two snapshots.
    Compared {
        /// Whether something that was surely logged is not any more.
        is_loss: bool,
    },
    /// It verified digests and log files.
    Verified(Outcome),
    /// It looked for fixes.
    Fixed {
        /// Whether each account has one, or needs none.
        is_whole: bool,
    },
    /// It wrote what it was asked to write.
    Written,
    /// It read logs, and a delivered record contradicts the selectors of its time.
    Contradicted,
    /// It wrote what could be read, and something could not be.
    WrittenInPart,
}

impl Done {
    /// The exit code.
    pub(crate) fn exit_code(self) -> ExitCode {
        ExitCode::from(match self {
            Self::Answered(tally) => tally.code(),
            Self::Judged(tally, fail_on) => tally.code_for(fail_on),
            Self::Explained(Some(Answer::Logged)) => 0,
            Self::Explained(Some(Answer::NotLogged)) => NON_COMPLIANT,
            Self::Explained(Some(Answer::NotKnown)) => INDETERMINATE,
            Self::Explained(None) => FAILED,
            Self::Compared { is_loss: true } | Self::Contradicted => NON_COMPLIANT,
            Self::Compared { is_loss: false } => 0,
            Self::Verified(Outcome::Proved) => 0,
            Self::Verified(Outcome::Broken) => NON_COMPLIANT,
            Self::Verified(Outcome::Undecided) => INDETERMINATE,
            Self::Fixed { is_whole: false } => INDETERMINATE,
            Self::Fixed { is_whole: true } => 0,
            Self::Written => 0,
            Self::WrittenInPart => INDETERMINATE,
        })
    }
}

/// The verdicts so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    /// How many are COMPLIANT.
    pub(crate) compliant: usize,
    /// How many are NON_COMPLIANT.
    pub(crate) non_compliant: usize,
    /// How many are INDETERMINATE.
    pub(crate) indeterminate: usize,
    /// How many are not COMPLIANT, but of an account that is excepted. They are not among the others.
    pub(crate) excepted: usize,
    /// How many are not COMPLIANT, but an earlier run found all that is amiss. They are not among the
    /// others.
    pub(crate) known: usize,
}

/// Which verdicts fail a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FailOn {
    /// NON_COMPLIANT: an INDETERMINATE has the exit code 0 too
    NonCompliant,
    /// NON_COMPLIANT and INDETERMINATE
    #[default]
    Indeterminate,
    /// None: the exit code is 0 unless there is an error
    Never,
}

impl Tally {
    /// Counts one more.
    pub(crate) fn add(&mut self, result: &AccountResult) {
        self.count(result.verdict, result.excepted().is_some());
    }

    /// Counts one more verdict.
    pub(crate) fn count(&mut self, verdict: Verdict, is_excepted: bool) {
        *match verdict {
            Verdict::Compliant => &mut self.compliant,
            Verdict::NonCompliant | Verdict::Indeterminate if is_excepted => &mut self.excepted,
            Verdict::NonCompliant => &mut self.non_compliant,
            Verdict::Indeterminate => &mut self.indeterminate,
        } += 1;
    }

    /// How many there are.
    pub(crate) const fn total(&self) -> usize {
        self.compliant + self.non_compliant + self.indeterminate + self.excepted + self.known
    }

    /// The exit code where only some verdicts fail the run.
    fn code_for(&self, fail_on: FailOn) -> u8 {
        match (fail_on, self.code()) {
            (_, FAILED) => FAILED,
            (FailOn::Never, _) | (FailOn::NonCompliant, INDETERMINATE) => 0,
            (FailOn::NonCompliant | FailOn::Indeterminate, code) => code,
        }
    }

    /// The exit code: where nothing was proved, it is not 0.
    const fn code(&self) -> u8 {
        if self.non_compliant > 0 {
            NON_COMPLIANT
        } else if self.indeterminate > 0 {
            INDETERMINATE
        } else if self.compliant + self.excepted + self.known > 0 {
            0
        } else {
            FAILED
        }
    }
}

/// Why a run ends without verdicts.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// What was asked for cannot be done; the message says why.
    #[error("{0}")]
    Refused(String),
    /// The output cannot be written.
    #[error("cannot write to {target}: {error}", error = reason(.error))]
    Output {
        /// Where to.
        target: String,
        /// Why.
        error: io::Error,
    },
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output { target: "standard output".to_string(), error }
    }
}

impl Failure {
    /// Writes one message to standard error, none where the reader of the output went away.
    pub(crate) fn report(&self) -> ExitCode {
        if let Self::Output { error, .. } = self
            && error.kind() == io::ErrorKind::BrokenPipe
        {
            return ExitCode::from(BROKEN_PIPE);
        }
        complain("error", &self.to_string());
        ExitCode::from(FAILED)
    }
}

/// How much is written to standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Loudness {
    /// Errors only.
    Quiet,
    /// Notes and warnings too.
    #[default]
    Usual,
    /// What is behind an error too.
    Verbose,
}

static LOUDNESS: OnceLock<Loudness> = OnceLock::new();

/// Sets how much is written to standard error, once.
pub(crate) fn be(loudness: Loudness) {
    // A second call changes nothing.
    let _was_set = LOUDNESS.set(loudness);
}

fn loudness() -> Loudness {
    LOUDNESS.get().copied().unwrap_or_default()
}

/// Whether nothing but errors is written to standard error.
pub(crate) fn is_quiet() -> bool {
    loudness() == Loudness::Quiet
}

/// Whether what is behind an error is written too.
pub(crate) fn is_verbose() -> bool {
    loudness() == Loudness::Verbose
}

/// Writes one message to standard error, if messages of its level are asked for; where that is closed
/// there is nobody to tell.
pub(crate) fn complain(level: &str, message: &str) {
    if is_quiet() && level != "error" {
        return;
    }
    let _closed = writeln!(io::stderr(), "{level}: {}", escape(message));
}

/// An I/O error in words, without the operating system's number.
pub(crate) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(verdicts: &[Verdict]) -> u8 {
        let mut tally = Tally::default();
        for &verdict in verdicts {
            tally.count(verdict, false);
        }
        assert_eq!(tally.total(), verdicts.len());
        tally.code()
    }

    #[test]
    fn the_worst_verdict_decides_the_exit_code() {
        use Verdict::{Compliant, Indeterminate, NonCompliant};
        assert_eq!(code(&[Compliant, Compliant]), 0);
        assert_eq!(code(&[Compliant, Indeterminate]), 3);
        assert_eq!(code(&[Indeterminate, NonCompliant, Compliant]), 1);
    }

    #[test]
    fn an_account_that_is_excepted_decides_no_exit_code() {
        let mut tally = Tally::default();
        tally.count(Verdict::NonCompliant, true);
        tally.count(Verdict::Indeterminate, true);
        assert_eq!((tally.code(), tally.excepted, tally.total()), (0, 2, 2));
        tally.count(Verdict::Compliant, true);
        assert_eq!((tally.code(), tally.compliant), (0, 1));
        tally.count(Verdict::Indeterminate, false);
        assert_eq!(tally.code(), 3);
    }

    #[test]
    fn what_fails_a_run_can_be_chosen() {
        let tally = |non_compliant, indeterminate, compliant| Tally {
            non_compliant,
            indeterminate,
            compliant,
            ..Tally::default()
        };
        use FailOn::{Indeterminate, Never, NonCompliant};
        for (tally, codes) in [
            (tally(1, 1, 1), [1, 1, 0]),
            (tally(0, 1, 1), [0, 3, 0]),
            (tally(0, 0, 1), [0, 0, 0]),
            (tally(0, 0, 0), [2, 2, 2]),
            (Tally { known: 3, ..Tally::default() }, [0, 0, 0]),
        ] {
            let given = [NonCompliant, Indeterminate, Never].map(|on| tally.code_for(on));
            assert_eq!(given, codes, "{tally:?}");
        }
    }

    #[test]
    fn nothing_proved_is_no_success() {
        assert_eq!(code(&[]), 2);
    }

    #[test]
    fn io_errors_are_words() {
        let error = std::fs::read("no/such/file").unwrap_err();
        assert_eq!(reason(&error), "no such file or directory");
    }
}
