//! Annotations of a GitHub Actions job.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>

use cis_rules::question::Question;
use cis_rules::report::{AccountResult, Verdict};
use cis_rules::snapshot::Snapshot;

use crate::told::Told;

/// A workflow command of an answer that is not COMPLIANT; a COMPLIANT has none.
#[must_use]
pub fn annotation(
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> Option<String> {
    let told = Told::of(snapshot, question, result);
    let level = match result.verdict {
        Verdict::Compliant => return None,
        Verdict::NonCompliant | Verdict::Indeterminate if told.is_excepted => "notice",
        Verdict::NonCompliant => "error",
        Verdict::Indeterminate => "warning",
    };
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
    Some(format!("::{level} {}::{}", properties.join(","), data(&lines.join("\n"))))
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
        let line = annotation(&sample.snapshot, &sample.question, &sample.result).unwrap();
        assert_eq!(line.lines().count(), 1, "{line}");
        assert!(line.contains("a%0A%3A%3Aerror%3A%3Ab%2Cc%3Ad%25"), "{line}");
        assert!(line.contains("%0AFix: "), "{line}");
    }

    #[test]
    fn what_is_proved_is_not_annotated() {
        let sample = Sample::compliant();
        assert_eq!(annotation(&sample.snapshot, &sample.question, &sample.result), None);
    }
}
