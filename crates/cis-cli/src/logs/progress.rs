//! How far a pass is: a line on a terminal, and nothing in a pipe.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use cis_logs::Progress;
use indicatif::{HumanBytes, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::outcome::is_quiet;

/// How often the line is drawn.
const EVERY: Duration = Duration::from_millis(100);

/// What is shown of a pass.
pub(super) struct Shown {
    bar: ProgressBar,
    progress: Progress,
}

impl Shown {
    /// A pass over so many files; `None` where that is not known before they are listed.
    pub(super) fn new(what: &'static str, files: Option<u64>) -> Self {
        // It is hidden where standard error is no terminal, too.
        let target =
            if is_quiet() { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(files, target);
        let template = match files {
            Some(_) => "{prefix} {wide_bar} {pos}/{len} files, {msg}",
            None => "{prefix} {pos} files, {msg}",
        };
        let style = ProgressStyle::with_template(template);
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_prefix(what);
        Self { bar, progress: Progress::default() }
    }

    /// Where the pass writes how far it is.
    pub(super) const fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Shows it during the pass.
    pub(super) fn during<T>(&self, pass: impl FnOnce() -> T) -> T {
        if self.bar.is_hidden() {
            return pass();
        }
        let is_done = AtomicBool::new(false);
        let done = thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    self.draw();
                    thread::sleep(EVERY);
                }
            });
            let done = pass();
            is_done.store(true, Ordering::Relaxed);
            done
        });
        self.bar.finish_and_clear();
        done
    }

    fn draw(&self) {
        let files = self.progress.files.load(Ordering::Relaxed);
        let bytes = self.progress.bytes.load(Ordering::Relaxed);
        let seconds = self.bar.elapsed().as_secs_f64().max(0.1);
        let rate = HumanBytes((bytes as f64 / seconds) as u64);
        let left = match self.bar.length() {
            Some(_) => format!(", {} left", HumanDuration(self.bar.eta())),
            None => String::new(),
        };
        self.bar.set_message(format!("{} read, {rate}/s{left}", HumanBytes(bytes)));
        self.bar.set_position(files);
    }
}
