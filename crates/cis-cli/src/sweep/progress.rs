//! How far a sweep is: a line on a terminal, and nothing in a pipe.

use std::cell::RefCell;
use std::time::Duration;

use cis_aws::Collected;
use cis_rules::question::Question;
use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::live;
use crate::outcome::{Tally, is_quiet};

/// What is shown of a sweep.
pub(super) struct Shown<'a> {
    bar: ProgressBar,
    questions: &'a [Question],
    tally: RefCell<Tally>,
}

impl<'a> Shown<'a> {
    /// A sweep of so many accounts.
    pub(super) fn new(accounts: usize, questions: &'a [Question]) -> Self {
        // It is hidden where standard error is no terminal.
        let target = match is_quiet() {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr(),
        };
        let bar = ProgressBar::with_draw_target(Some(accounts as u64), target);
        let style = ProgressStyle::with_template("{wide_bar} {pos}/{len} accounts, {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message("none is read yet");
        bar.enable_steady_tick(Duration::from_millis(200));
        Self { bar, questions, tally: RefCell::default() }
    }

    /// Accounts that need not be read.
    pub(super) fn kept(&self, accounts: usize) {
        self.bar.inc(accounts as u64);
        // They took no time.
        self.bar.reset_eta();
    }

    /// An account was read. It is decided only where somebody looks.
    pub(super) fn read(&self, collected: &Collected) {
        self.bar.inc(1);
        if self.bar.is_hidden() {
            return;
        }
        let mut tally = self.tally.borrow_mut();
        if let Ok(snapshot) = live::snapshot(collected) {
            for question in self.questions {
                tally.add(&cis_rules::evaluate(&snapshot, question));
            }
        }
        let Tally { compliant, non_compliant, indeterminate, .. } = *tally;
        let counts = format!(
            "{non_compliant} NON_COMPLIANT, {indeterminate} INDETERMINATE, {compliant} COMPLIANT"
        );
        // After the first account there is no rate yet.
        let rate = self.bar.per_sec();
        self.bar.set_message(if rate > 0.0 {
            format!("{counts}, {rate:.1}/s, {} left", HumanDuration(self.bar.eta()))
        } else {
            counts
        });
    }

    /// The sweep has ended.
    pub(super) fn end(&self) {
        self.bar.finish_and_clear();
    }
}
