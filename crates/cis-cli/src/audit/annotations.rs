//! Annotations of a GitHub Actions job: as many as GitHub shows, the worst first.

use std::io::{self, Write};

use cis_findings::github::{Level, MOST_ANNOTATIONS};

/// Annotations while answers come.
#[derive(Debug, Default)]
pub(super) struct Annotations {
    of_levels: [OfLevel; 3],
}

/// The annotations of one level.
#[derive(Debug, Default)]
struct OfLevel {
    /// The first of each answer: one account must not take the place of all others.
    firsts: Vec<String>,
    /// Others.
    others: Vec<String>,
    /// How many there are.
    count: usize,
}

impl Annotations {
    /// Adds those of one answer.
    pub(super) fn add(&mut self, level: Level, annotations: Vec<String>) {
        let found = Level::ALL.into_iter().zip(&mut self.of_levels).find(|(one, _)| *one == level);
        let Some((_, kept)) = found else { return };
        kept.count += annotations.len();
        for (index, annotation) in annotations.into_iter().enumerate() {
            let list = if index == 0 { &mut kept.firsts } else { &mut kept.others };
            if list.len() < MOST_ANNOTATIONS {
                list.push(annotation);
            }
        }
    }

    /// Writes as many as GitHub shows, and says how many there are more.
    ///
    /// # Errors
    /// Where they cannot be written.
    pub(super) fn write<W: Write>(self, out: &mut W) -> io::Result<()> {
        for (level, kept) in Level::ALL.into_iter().zip(self.of_levels) {
            let shown = kept.firsts.iter().chain(&kept.others).take(MOST_ANNOTATIONS);
            shown.clone().try_for_each(|annotation| writeln!(out, "{annotation}"))?;
            let more = kept.count.saturating_sub(shown.count());
            if more > 0 {
                let level = level.name();
                writeln!(
                    out,
                    "{more} more of the level {level} are no annotations, for GitHub shows \
                     {MOST_ANNOTATIONS} of a level: the job's summary has every answer."
                )?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(annotations: Annotations) -> Vec<String> {
        let mut out = Vec::new();
        annotations.write(&mut out).unwrap();
        String::from_utf8(out).unwrap().lines().map(str::to_string).collect()
    }

    #[test]
    fn no_account_takes_the_place_of_the_others() {
        let mut annotations = Annotations::default();
        let of_one = |name: &str, count: usize| -> Vec<String> {
            (0..count).map(|number| format!("{name}{number}")).collect()
        };
        annotations.add(Level::Warning, of_one("w", 1));
        annotations.add(Level::Error, of_one("a", 30));
        annotations.add(Level::Error, of_one("b", 2));
        let lines = written(annotations);
        assert_eq!(lines.len(), 12, "{lines:?}");
        assert_eq!(lines[..4], ["a0", "b0", "a1", "a2"]);
        assert!(lines[10].starts_with("22 more of the level error"), "{lines:?}");
        assert_eq!(lines[11], "w0");
    }

    #[test]
    fn as_many_as_are_shown_have_no_line_about_more() {
        let mut annotations = Annotations::default();
        annotations.add(Level::Notice, vec!["n".to_string(); MOST_ANNOTATIONS]);
        assert_eq!(written(annotations).len(), MOST_ANNOTATIONS);
    }
}
