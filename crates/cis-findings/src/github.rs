//! Annotations of a GitHub Actions job.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use cis_rules::question::Question;
use cis_rules::report::{AccountResult, Verdict};
use cis_rules::snapshot::Snapshot;

use crate::told::Told;

/// The most annotations of one level that a step shows; GitHub drops the rest without a word.
///
/// Source: <https://github.com/actions/toolkit/blob/main/docs/problem-matchers.md#limitations>
pub const MOST_ANNOTATIONS: usize = 10;

/// How severe an annotation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// What is lost.
    Error,
    /// What is not known.
    Warning,
    /// What is excepted.
    Notice,
}

impl Level {
    /// The levels, the worst first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Notice];

    /// The workflow command.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// The workflow commands of an answer that is not COMPLIANT, all of one level: one for each region that
/// a trail loses, one of an INDETERMINATE. A COMPLIANT has none.
#[must_use]
pub fn annotations(
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> Option<(Level, Vec<String>)> {
    let level = match result.verdict {
        Verdict::Compliant => return None,
        _ if result.excepted().is_some() => Level::Notice,
        Verdict::NonCompliant => Level::Error,
        Verdict::Indeterminate => Level::Warning,
    };
    let each = Told::each(snapshot, question, result);
    Some((level, each.into_iter().map(|told| annotation(level, told, result)).collect()))
}

fn annotation(level: Level, told: Told, result: &AccountResult) -> String {
    let mut properties = Vec::new();
    if let Some(place) = &told.place {
        properties.push(format!("file={}", property(&place.file)));
        for (name, number) in [("line", place.line), ("col", place.column)] {
            properties.extend(number.map(|number| format!("{name}={number}")));
        }
    }
    let account = result.name.as_deref().unwrap_or(&result.account_id);
    let title = format!("{} {account} S3 {} events", result.verdict, result.kind);
    properties.push(format!("title={}", property(&title)));
    let mut lines = vec![told.cause];
    lines.extend(told.why.map(|why| format!("Why: {why}")));
    lines.extend(told.lost.map(|lost| format!("Lost, for example: {lost}")));
    lines.extend(told.fix.iter().map(|fix| format!("Fix: {fix}")));
    lines.extend(told.exceptions);
    format!("::{} {}::{}", level.name(), properties.join(","), data(&lines.join("\n")))
}

/// A text as a command's data.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as the value of a property.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;

    #[test]
    fn an_annotation_is_one_line_that_nothing_of_an_account_can_leave() {
        let mut sample = Sample::non_compliant();
        sample.change(|members| members.name = Some("a\n::error::b,c:d%".to_string()));
        let (level, lines) =
            annotations(&sample.snapshot, &sample.question, &sample.result).unwrap();
        let [line] = lines.as_slice() else { panic!("{lines:?}") };
        assert_eq!(level, Level::Error);
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(line.contains("a%0A%3A%3Aerror%3A%3Ab%2Cc%3Ad%25"), "{line}");
        assert!(line.contains("%0AFix: "), "{line}");
    }

    #[test]
    fn what_is_proved_is_not_annotated() {
        let sample = Sample::compliant();
        assert_eq!(annotations(&sample.snapshot, &sample.question, &sample.result), None);
    }

    #[test]
    fn each_trail_that_loses_something_is_annotated() {
        let sample = Sample::with_trails(3, |number| format!("{}-{number}", crate::samples::TRAIL));
        let (_, lines) = annotations(&sample.snapshot, &sample.question, &sample.result).unwrap();
        assert_eq!(lines.len(), 3, "{lines:?}");
    }
}
