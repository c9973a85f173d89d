//! SARIF 2.1.0, as code scanning reads it.
//!
//! Source: <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html> and
//! <https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning>

use cis_rules::question::{Exception, Question};
use cis_rules::report::{AccountResult, Verdict};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

use crate::exception;
use crate::told::{RULES, Told, Written};
use crate::wording::{ABOUT, TOOL, VERSION};

/// The schema that a log names.
const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

/// Where the project is described.
const HOME: &str =
    "https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-22";

/// The most results of a run: code scanning refuses a file that has more.
pub const MOST_RESULTS: usize = 25_000;

/// The results of a run that code scanning shows.
pub const SHOWN_RESULTS: usize = 5_000;

/// The bytes of a compressed file that code scanning takes: 10 MB.
pub const LARGEST_FILE: usize = 10_000_000;

/// The steps of a code flow that code scanning shows. It refuses a file with ten times as many.
const MOST_STEPS: usize = 1_000;

/// The results of an answer, each with what it is called in every run: one for each region that a trail
/// loses, one of an INDETERMINATE, none of a COMPLIANT.
#[must_use]
pub fn results(
    snapshot: &Snapshot,
    question: &Question,
    answer: &AccountResult,
) -> Vec<(String, Value)> {
    let level = match answer.verdict {
        Verdict::Compliant => return Vec::new(),
        Verdict::NonCompliant => "error",
        Verdict::Indeterminate => "warning",
    };
    let each = Told::each(snapshot, question, answer);
    each.into_iter()
        .filter_map(|told| Some((told.identity.clone(), result(&told, level, answer)?)))
        .collect()
}

fn result(told: &Told, level: &str, answer: &AccountResult) -> Option<Value> {
    let index = RULES.iter().position(|(name, ..)| *name == told.rule)?;
    let mut text = told.cause.clone();
    for (label, part) in [("Why", &told.why), ("Lost", &told.lost)] {
        if let Some(part) = part {
            text += &format!(" {label}: {}.", part.trim_end_matches('.'));
        }
    }
    if !told.fix.is_empty() {
        text += &format!(" Fix: {}.", told.fix.join("; "));
    }
    for exception in &told.exceptions {
        text += &format!(" {exception}");
    }
    let mut result = json!({
        "ruleId": format!("{TOOL}/{}", told.rule),
        "ruleIndex": index,
        "level": level,
        "message": {"text": text},
        "partialFingerprints": {FINGERPRINT: told.identity},
        "properties": {
            "verdict": answer.verdict.name(),
            "accountId": answer.account_id,
            "kind": answer.kind.name(),
            "mode": answer.mode.name(),
        },
    });
    if !answer.exceptions.is_empty() {
        result["properties"]["exceptions"] = json!(answer.exceptions);
    }
    if let Some(exception) = answer.excepted() {
        let why = exception::sentence(exception);
        result["suppressions"] =
            json!([{"kind": "external", "status": "accepted", "justification": why}]);
    }
    // What has no place in a file is not shown by code scanning, but it is in the log.
    result["locations"] = told.place.iter().map(location).collect();
    // The last step is the mistake itself.
    let first = told.steps.len().saturating_sub(MOST_STEPS);
    let steps: Vec<Value> = told.steps.iter().skip(first).filter_map(step).collect();
    if !steps.is_empty() {
        result["codeFlows"] = json!([{"threadFlows": [{"locations": steps}]}]);
    }
    Some(result)
}

/// A selector on the way of the event through the trail, and what keeps it out.
fn step((place, said): &(Option<Written>, String)) -> Option<Value> {
    let mut location = location(place.as_ref()?);
    location["message"] = json!({"text": said});
    Some(json!({"location": location}))
}

/// The member of `partialFingerprints` that is ours.
pub const FINGERPRINT: &str = "trailproofAnswer/v1";

fn location(place: &Written) -> Value {
    // Code scanning wants all four.
    let (line, column) = (place.line.unwrap_or(1), place.column.unwrap_or(1));
    let region = json!({
        "startLine": line, "endLine": line, "startColumn": column, "endColumn": column.saturating_add(1),
    });
    json!({"physicalLocation": {
        "artifactLocation": {"uri": uri(&place.file)},
        "region": region,
    }})
}

/// A relative path as the URI that SARIF demands.
fn uri(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut uri = String::new();
    for byte in path.trim_start_matches("./").bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            other => uri += &format!("%{other:02X}"),
        }
    }
    uri
}

/// The log before its results: a text that ends where the first one stands. It names all exceptions of
/// the run, for a COMPLIANT that rests on one has no result.
#[must_use]
pub fn head(exceptions: &[Exception]) -> String {
    let rules: Vec<Value> = RULES
        .iter()
        .map(|(name, title, help)| {
            json!({
                "id": format!("{TOOL}/{name}"),
                "name": name,
                "shortDescription": {"text": title},
                "fullDescription": {"text": format!("{title}. {help}")},
                "helpUri": ABOUT,
                "help": {"text": help, "markdown": format!("{help}\n\n[Data events]({ABOUT})")},
                "defaultConfiguration": {"level": if *name == "undecided" { "warning" } else { "error" }},
                "properties": {
                    "tags": ["security", "aws", "cloudtrail"],
                    "security-severity": if *name == "undecided" { "4.0" } else { "6.5" },
                    "precision": "very-high",
                },
            })
        })
        .collect();
    let driver = json!({
        "name": TOOL, "semanticVersion": VERSION, "informationUri": HOME, "rules": rules,
    });
    let properties = match exceptions {
        [] => String::new(),
        some => format!("\"properties\":{},", json!({"exceptions": some})),
    };
    format!(
        "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{driver}}},\
         \"automationDetails\":{{\"id\":\"{TOOL}/\"}},\"columnKind\":\"unicodeCodePoints\",{properties}\
         \"results\":"
    )
}

/// What stands after the results. It says how many were left out for the limits of code scanning.
#[must_use]
pub fn tail(left_out: usize) -> String {
    if left_out == 0 {
        return "}]}".to_string();
    }
    let text = format!("{left_out} results are left out, for code scanning takes no more.");
    let notification = json!({"level": "warning", "message": {"text": text}});
    let invocations = json!([{
        "executionSuccessful": true, "toolExecutionNotifications": [notification],
    }]);
    format!(",\"invocations\":{invocations}}}]}}")
}
