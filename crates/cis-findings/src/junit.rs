//! JUnit's XML, as Jenkins and GitLab read it: an account is a class, a control a test.
//!
//! Source: <https://docs.gitlab.com/ci/testing/unit_test_reports/>

use std::io;

use cis_rules::question::Question;
use cis_rules::report::{AccountResult, Verdict};
use cis_rules::snapshot::Snapshot;
use quick_xml::Writer;
use quick_xml::events::BytesText;

use crate::told::Told;

/// What stands before the test cases.
#[must_use]
pub fn head(tests: usize, failures: usize, errors: usize, skipped: usize) -> String {
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"trailproof\" {counts}>\n\
         <testsuite name=\"trailproof\" {counts} skipped=\"{skipped}\">\n"
    )
}

/// What stands after them.
pub const TAIL: &str = "</testsuite>\n</testsuites>\n";

/// The test case of an answer. NON_COMPLIANT is a failure, and INDETERMINATE an error: a test that is
/// skipped reads as harmless. So only of an account that is excepted it is skipped.
///
/// # Errors
/// Where it cannot be written.
pub fn case(
    snapshot: &Snapshot,
    question: &Question,
    result: &AccountResult,
) -> io::Result<String> {
    let told = Told::of(snapshot, question, result);
    let account = match &result.name {
        Some(name) => format!("{} {name}", result.account_id),
        None => result.account_id.clone(),
    };
    let name = format!("S3 object-level {} events ({})", result.kind, result.mode);
    let (account, name) = (plain(&account), plain(&name));
    let mut writer = Writer::new(Vec::new());
    let case = writer
        .create_element("testcase")
        .with_attributes([("classname", account.as_str()), ("name", name.as_str())]);
    let element = match result.verdict {
        Verdict::Compliant => None,
        Verdict::NonCompliant | Verdict::Indeterminate if told.is_excepted => Some("skipped"),
        Verdict::NonCompliant => Some("failure"),
        Verdict::Indeterminate => Some("error"),
    };
    let system_out = |writer: &mut Writer<Vec<u8>>| {
        let text = plain(&told.exceptions.join("\n"));
        writer.create_element("system-out").write_text_content(BytesText::new(&text)).map(drop)
    };
    match element {
        None if told.exceptions.is_empty() => case.write_empty()?,
        None => case.write_inner_content(system_out)?,
        Some(element) => case.write_inner_content(|writer| {
            // Some readers show the message, and some the text.
            let message = plain(&told.cause);
            writer
                .create_element(element)
                .with_attributes([("message", message.as_str()), ("type", told.rule)])
                .write_text_content(BytesText::new(&plain(&description(&told))))
                .map(drop)
        })?,
    };
    let mut text = String::from_utf8(writer.into_inner()).map_err(io::Error::other)?;
    text.push('\n');
    Ok(text)
}

fn description(told: &Told) -> String {
    let mut lines = vec![told.cause.clone()];
    lines.extend(told.why.iter().map(|why| format!("Why: {why}")));
    lines.extend(told.lost.iter().map(|lost| format!("Lost, for example: {lost}")));
    lines.extend(told.fix.iter().map(|fix| format!("Fix: {fix}")));
    lines.extend(told.exceptions.iter().cloned());
    lines.join("\n")
}

/// A text of what XML 1.0 allows: most control characters are not.
///
/// Source: <https://www.w3.org/TR/xml/#charsets>
fn plain(text: &str) -> String {
    let is_allowed = |character: char| {
        matches!(character, '\n' | '\t')
            || !(character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}'))
    };
    text.chars().map(|c| if is_allowed(c) { c } else { '\u{fffd}' }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Sample;

    fn written(sample: &Sample) -> String {
        case(&sample.snapshot, &sample.question, &sample.result).unwrap()
    }

    #[test]
    fn each_verdict_has_its_element() {
        assert!(written(&Sample::compliant()).ends_with("/>\n"));
        let text = written(&Sample::non_compliant());
        assert!(text.contains("<failure message=\"Trail main does not record writes"), "{text}");
        assert!(text.contains("type=\"prefix-without-slash\">Trail main"), "{text}");
        assert!(written(&Sample::indeterminate()).contains("<error message="));
    }

    #[test]
    fn nothing_of_an_account_is_markup() {
        let mut sample = Sample::non_compliant();
        sample.change(|members| members.name = Some("<x y=\"1\">&\u{1b}\u{0}".to_string()));
        let text = written(&sample);
        let safe = "classname=\"111122223333 &lt;x y=&quot;1&quot;&gt;&amp;\u{fffd}\u{fffd}\"";
        assert!(text.contains(safe), "{text}");
    }
}
