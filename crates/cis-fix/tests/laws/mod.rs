//! What every fix must keep to, whatever the account.
#![allow(dead_code, reason = "each test uses some of them")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use cis_fix::internals::{lost_selectors, quotas_hold};
use cis_fix::{Account, Call, Change, Fix, Options, fix};
use cis_rules::report::Verdict;
use cis_rules::{Question, evaluate};
use serde_json::{Value, json};
use testkit::brute::tried;
use testkit::model;
use testkit::question::to_json;

/// The fix of an account, which keeps to all laws as its alternatives do, or what is wrong.
pub(crate) fn lawful(text: &str, questions: &[Question]) -> Result<Fix, String> {
    let found = lawful_alone(text, questions)?;
    let account = Account::from_json(text).unwrap();
    for (at, alternative) in found.alternatives.iter().enumerate() {
        let options = Options { choice: at + 1, ..Options::default() };
        let other = fix(&account, questions, &options);
        if other.changes != alternative.changes {
            return Err(format!("alternative {} is not what is chosen with it", at + 1));
        }
        check(&account, questions, &other).map_err(|why| format!("alternative {at}: {why}"))?;
    }
    Ok(found)
}

/// The fix of an account, which keeps to all laws, or what is wrong with it.
pub(crate) fn lawful_alone(text: &str, questions: &[Question]) -> Result<Fix, String> {
    let account = Account::from_json(text).unwrap();
    let found = fix(&account, questions, &Options::default());
    check(&account, questions, &found)?;
    Ok(found)
}

fn check(account: &Account, questions: &[Question], found: &Fix) -> Result<(), String> {
    let after = Account::from_json(&found.after.text()).map_err(|error| error.to_string())?;
    let is_compliant = questions
        .iter()
        .all(|question| evaluate(after.snapshot(), question).verdict == Verdict::Compliant);
    if is_compliant != found.is_fixed() {
        return Err(format!("it says that it is fixed: {}", found.is_fixed()));
    }
    if !found.is_fixed() {
        return match (found.changes.is_empty(), found.warnings.is_empty()) {
            (true, false) if after.document() == account.document() => Ok(()),
            _ => Err("no fix, and changes or no reason".to_owned()),
        };
    }
    if found.changes.is_empty() && after.document() != account.document() {
        return Err("nothing changes, but something has changed".to_owned());
    }
    let lost = lost_selectors(account, &after);
    if !lost.is_empty() && !found.changes.iter().any(|it| it.why.contains("not sure")) {
        return Err(format!("it loses {lost:?}"));
    }
    for change in &found.changes {
        accepted(&after, change)?;
    }
    let again = fix(&after, questions, &Options::default());
    if !again.changes.is_empty() {
        return Err(format!("a fixed account is changed again: {:?}", again.changes));
    }
    undone(account, found)
}

/// Whether a request is whole and of a shape that the service takes.
fn accepted(after: &Account, change: &Change) -> Result<(), String> {
    let name = change.request.read::<String>("TrailName");
    let name = name.or_else(|| change.request.read("Name")).ok_or("a request without a trail")?;
    if change.why.is_empty() || change.region.is_empty() {
        return Err("a change without a reason or a Region".to_owned());
    }
    match change.call {
        Call::PutEventSelectors if !quotas_hold(after, &name) => {
            Err(format!("a set that is not accepted: {}", change.request.text()))
        }
        Call::StopLogging | Call::DeleteTrail => Err("a change that undoes".to_owned()),
        _ => Ok(()),
    }
}

/// Whether the selectors are those of before once the changes are undone.
fn undone(account: &Account, found: &Fix) -> Result<(), String> {
    let before: Value = serde_json::from_str(&account.document().text()).unwrap();
    for change in found.changes.iter().filter(|it| it.call == Call::PutEventSelectors) {
        let name: String = change.request.read("TrailName").unwrap();
        let trail = before["trails"]
            .as_array()
            .unwrap()
            .iter()
            .find(|entry| entry["trail"]["TrailARN"] == name || entry["trail"]["Name"] == name);
        let Some(trail) = trail else { continue };
        let [undo] = change.undo.as_slice() else {
            return Err("selectors that cannot be put back".to_owned());
        };
        let put: Value = serde_json::from_str(&undo.request.text()).unwrap();
        for member in ["EventSelectors", "AdvancedEventSelectors"] {
            let list = &trail["eventSelectors"][member];
            let is_same = list.is_null() || list == &json!([]) || list == &put[member];
            if !is_same {
                return Err(format!("{member} is not put back: {put}"));
            }
        }
    }
    Ok(())
}

/// What the naive model says of the account afterwards.
pub(crate) fn by_the_model(found: &Fix, question: &Question) -> &'static str {
    let after: Value = serde_json::from_str(&found.after.text()).unwrap();
    let asked = to_json(question);
    let tried = tried(&after, &asked, false);
    model::Account::new(&after, &asked).verdict(question.mode.name(), &tried.alone, tried.together)
}

/// A fix in a few words: its calls, and what is done to selectors.
pub(crate) fn kind(found: &Fix) -> String {
    if found.changes.is_empty() {
        return if found.is_fixed() { "nothing to do" } else { "no fix" }.to_owned();
    }
    let mut calls: Vec<String> = Vec::new();
    let is_new = found.changes.iter().any(|it| it.call == Call::CreateTrail);
    for change in &found.changes {
        let what = match change.call {
            Call::PutEventSelectors if is_new => continue,
            Call::StartLogging if is_new => continue,
            Call::UpdateTrail if change.request.has("IsMultiRegionTrail") => "multi-Region",
            Call::UpdateTrail if change.request.has("S3BucketName") => "another bucket",
            Call::UpdateTrail => "RecursiveLogging",
            Call::CreateTrail => "a new trail",
            Call::StartLogging => "switch it on",
            _ => continue,
        };
        calls.push(what.to_owned());
    }
    if !is_new {
        calls.extend(found.edits.iter().cloned());
    }
    calls.sort();
    calls.dedup();
    calls.join(" + ")
}
