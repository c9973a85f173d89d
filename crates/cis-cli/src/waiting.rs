//! What is shown while somebody waits: a line after two seconds, and a bar for many accounts.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::outcome::{complain, is_quiet};

/// How long nothing is said.
const PATIENCE: Duration = Duration::from_secs(2);

/// Fewer accounts than these are answered before a bar could be read.
const MANY: usize = 500;

/// Says what is waited for, once, if it takes longer than two seconds.
#[derive(Debug)]
pub(crate) struct Waiting {
    done: Option<Sender<()>>,
    teller: Option<JoinHandle<()>>,
}

impl Waiting {
    /// From now on; until it is dropped.
    pub(crate) fn for_what(what: impl Into<String>) -> Self {
        if is_quiet() {
            return Self { done: None, teller: None };
        }
        let what = what.into();
        let (done, is_done) = mpsc::channel::<()>();
        let tell = move || {
            if is_done.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                complain("note", &what);
            }
        };
        // Where there is no thread to be had, nothing is said.
        let teller = thread::Builder::new().spawn(tell).ok();
        Self { done: Some(done), teller }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(teller) = self.teller.take() {
            // It panics on nothing, and what it would say is no answer.
            let _ended = teller.join();
        }
    }
}

/// How many of many accounts are answered: a bar on a terminal, and nothing in a pipe.
#[derive(Debug)]
pub(crate) struct Bar(Option<ProgressBar>);

impl Bar {
    /// A bar over so many accounts; over a number that is not known, where there is none.
    pub(crate) fn over(accounts: Option<usize>) -> Self {
        if is_quiet() || accounts.is_some_and(|count| count < MANY) {
            return Self(None);
        }
        let length = accounts.and_then(|count| u64::try_from(count).ok());
        // It is hidden where standard error is no terminal.
        let bar = ProgressBar::with_draw_target(length, ProgressDrawTarget::stderr());
        let template = match length {
            Some(_) => "{wide_bar} {pos}/{len} accounts, {eta} left",
            None => "{spinner} {pos} accounts, {per_sec}",
        };
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(Some(bar))
    }

    /// Whether nothing is shown.
    pub(crate) fn is_none(&self) -> bool {
        self.0.as_ref().is_none_or(ProgressBar::is_hidden)
    }

    /// One more is answered.
    pub(crate) fn one_more(&self) {
        self.0.iter().for_each(|bar| bar.inc(1));
    }

    /// All are.
    pub(crate) fn end(&self) {
        self.0.iter().for_each(ProgressBar::finish_and_clear);
    }
}
