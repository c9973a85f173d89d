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

/// A result of an answer that is not COMPLIANT; a COMPLIANT has none.
#[must_use]
pub fn result(snapshot: &Snapshot, question: &Question, answer: &AccountResult) -> Option<Value> {
    let level = match answer.verdict {
        Verdict::Compliant => return None,
        Verdict::NonCompliant => "error",
        Verdict::Indeterminate => "warning",
    };
    let told = Told::of(snapshot, question, answer);
    let index = RULES.iter().position(|(name, ..)| *name == told.rule)?;
    let mut text = told.cause.clone();
    for (label, part) in [("Why", &told.why), ("Lost", &told.lost)] {
        if let Some(part) = part {
            text += &format!(" {label}: {part}.");
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
        "partialFingerprints": {"trailproofAnswer/v1": fingerprint(&told, answer)},
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
    let location = told.place.as_ref().map(location);
    result["locations"] = location.iter().cloned().collect();
    if let (Some(location), Some(why)) = (location, &told.why) {
        let mut step = location;
        step["message"] = json!({"text": why});
        result["codeFlows"] = json!([{"threadFlows": [{"locations": [{"location": step}]}]}]);
    }
    Some(result)
}

/// What stays the same while the file around it changes.
fn fingerprint(told: &Told, answer: &AccountResult) -> String {
    let file = told.place.as_ref().map_or("", |place| &place.file);
    let trail = told.trail.as_deref().unwrap_or_default();
    format!("{}|{}|{}|{file}|{trail}", told.rule, answer.account_id, answer.kind)
}

fn location(place: &Written) -> Value {
    let line = place.line.unwrap_or(1);
    let mut region = json!({"startLine": line, "endLine": line});
    if let Some(column) = place.column {
        region["startColumn"] = json!(column);
        region["endColumn"] = json!(column.saturating_add(1));
    }
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

/// What stands after the results.
pub const TAIL: &str = "}]}";
