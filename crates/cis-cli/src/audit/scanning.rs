//! Results of code scanning, within its limits: it refuses a file that goes beyond one of them.

use std::io::{self, Write};

use cis_findings::sarif::{self, LARGEST_FILE, MOST_RESULTS, SHOWN_RESULTS};
use cis_rules::report::Verdict;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::json::Lines;
use crate::outcome::complain;

/// How much text is counted as it stands before it is compressed.
const CHUNK: usize = 1 << 18;

/// Results while answers come.
#[derive(Debug, Default)]
pub(super) struct Results {
    refuted: Vec<String>,
    open: Vec<String>,
    left_out: usize,
}

impl Results {
    /// Adds those of one answer.
    pub(super) fn add(&mut self, verdict: Verdict, results: Vec<String>) {
        let is_refuted = verdict == Verdict::NonCompliant;
        let kept = if is_refuted { &mut self.refuted } else { &mut self.open };
        let room = MOST_RESULTS.saturating_sub(kept.len());
        self.left_out += results.len().saturating_sub(room);
        kept.extend(results.into_iter().take(room));
    }

    /// Writes as many as code scanning takes, the worst first, and what stands after them; and says what
    /// is left out.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub(super) fn write<W: Write>(self, out: &mut W) -> io::Result<()> {
        let written = self.write_up_to(out, LARGEST_FILE)?;
        let Written { results, left_out } = written;
        if left_out > 0 {
            complain(
                "warning",
                &format!(
                    "{left_out} results are left out: code scanning takes {MOST_RESULTS} at most, and \
                     10 MB of compressed text"
                ),
            );
        }
        if results > SHOWN_RESULTS {
            complain(
                "note",
                &format!("code scanning shows {SHOWN_RESULTS} of the {results} results"),
            );
        }
        Ok(())
    }

    fn write_up_to<W: Write>(self, out: &mut W, most: usize) -> io::Result<Written> {
        let Self { refuted, open, mut left_out } = self;
        let mut size = Size::up_to(most);
        let mut lines = Lines::default();
        let mut results = 0;
        out.write_all(b"[")?;
        for result in refuted.into_iter().chain(open) {
            if results < MOST_RESULTS && size.has_room(&result)? {
                results += 1;
                lines.item(out, &result)?;
            } else {
                left_out += 1;
            }
        }
        writeln!(out, "\n]{}", sarif::tail(left_out))?;
        Ok(Written { results, left_out })
    }
}

/// How many results are written, and how many are not.
struct Written {
    results: usize,
    left_out: usize,
}

/// The size of a compressed file while it grows.
struct Size {
    encoder: GzEncoder<Count>,
    /// What was written and is not yet compressed: it takes no more than this once it is.
    pending: usize,
    most: usize,
    is_full: bool,
}

/// Counts bytes.
#[derive(Debug, Default)]
struct Count(usize);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Size {
    /// A file of so many bytes at most; a twentieth is kept for what stands around the results, and for
    /// a compression that is a little worse than this one.
    fn up_to(most: usize) -> Self {
        let encoder = GzEncoder::new(Count::default(), Compression::fast());
        Self { encoder, pending: 0, most: most - most / 20, is_full: false }
    }

    /// Whether a text has room, and takes the room. Once one has none, none has: those that come first
    /// are the worst.
    fn has_room(&mut self, text: &str) -> io::Result<bool> {
        if self.pending > CHUNK || self.room() < text.len() {
            self.encoder.flush()?;
            self.pending = 0;
        }
        self.is_full |= self.room() < text.len();
        if !self.is_full {
            self.encoder.write_all(text.as_bytes())?;
            // Text that cannot be compressed grows by a few bytes in each block.
            self.pending += text.len() + text.len() / 1000 + 16;
        }
        Ok(!self.is_full)
    }

    fn room(&self) -> usize {
        self.most.saturating_sub(self.encoder.get_ref().0 + self.pending)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Texts that compress badly.
    fn texts(count: usize) -> Vec<String> {
        let mut state = 1_u64;
        let mut text = || {
            let mut next = || {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                format!("{:016x}", state)
            };
            format!("{{\"text\":\"{}\"}}", (0..20).map(|_| next()).collect::<String>())
        };
        (0..count).map(|_| text()).collect()
    }

    fn compressed(text: &[u8]) -> usize {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap().len()
    }

    #[test]
    fn a_file_stays_below_the_size_that_is_taken_and_says_what_is_left_out() {
        let most = 100_000;
        let mut results = Results::default();
        results.add(Verdict::Indeterminate, vec!["{\"open\":1}".to_string()]);
        results.add(Verdict::NonCompliant, texts(2_000));
        let mut out = Vec::new();
        let Written { results, left_out } = results.write_up_to(&mut out, most).unwrap();
        assert_eq!(results + left_out, 2_001);
        let size = compressed(&out);
        assert!(size <= most && size > most / 2, "{size}");
        let text = String::from_utf8(out).unwrap();
        assert!(!text.contains("open"), "what is refuted comes first");
        let log: serde_json::Value =
            serde_json::from_str(&format!("{}{text}", sarif::head(&[]))).unwrap();
        let run = &log["runs"][0];
        assert_eq!(run["results"].as_array().unwrap().len(), results);
        let said = &run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"];
        assert!(said.as_str().unwrap().starts_with(&format!("{left_out} results")), "{said}");
    }

    #[test]
    fn no_more_results_are_written_than_are_taken() {
        let mut results = Results::default();
        let one = || "{}".to_string();
        results.add(Verdict::Indeterminate, vec![one(); 10]);
        results.add(Verdict::NonCompliant, vec![one(); MOST_RESULTS - 4]);
        let mut out = Vec::new();
        let written = results.write_up_to(&mut out, LARGEST_FILE).unwrap();
        assert_eq!((written.results, written.left_out), (MOST_RESULTS, 6));
    }
}
