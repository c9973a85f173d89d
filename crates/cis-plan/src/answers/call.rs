//! Which command printed an answer, told by the answer's members.

use serde_json::Value as Json;

use super::AnswerFile;
use crate::error::PlanError;
use crate::node::Node;
use crate::yaml;

/// What one command printed.
pub(super) enum Answer {
    /// `describe-trails`: every trail, with its description.
    List(Vec<Json>),
    /// `list-trails`: the names of the account's own trails.
    Names(Vec<Json>),
    /// `get-trail`: one trail's description.
    Trail(Json),
    /// `get-event-selectors`, with the trail's ARN.
    Selectors(String, Json),
    /// `get-trail-status`, which does not say of which trail it is.
    Status(Json),
    /// `aws sts get-caller-identity`: the account.
    Caller(String),
}

/// The answers of a file, in order.
pub(super) fn answers_in(file: &AnswerFile<'_>) -> Result<Vec<Answer>, PlanError> {
    let text = file.text.trim_start_matches('\u{feff}');
    if !text.trim_start().starts_with(['{', '[']) {
        let mut answers = Vec::new();
        add(&mut answers, file, of_yaml(file, text)?)?;
        return Ok(answers);
    }
    let wrong = |error: serde_json::Error| PlanError::shape(file.path, error.to_string());
    // A name that stands twice in an object is an error.
    for document in serde_json::Deserializer::from_str(text).into_iter::<Node>() {
        document.map_err(wrong)?;
    }
    let mut answers = Vec::new();
    for document in serde_json::Deserializer::from_str(text).into_iter::<Json>() {
        add(&mut answers, file, document.map_err(wrong)?)?;
    }
    Ok(answers)
}

/// What a command printed with `--output yaml` or `--output yaml-stream`.
///
/// Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-usage-output-format.html>
fn of_yaml(file: &AnswerFile<'_>, text: &str) -> Result<Json, PlanError> {
    let document =
        yaml::read(text).map_err(|error| PlanError::shape(file.path, error.to_string()))?;
    if let Some(repeat) = document.repeats.first() {
        let what = format!("`{}` stands twice, at {} too", repeat.name, repeat.first);
        return Err(PlanError::shape(format!("{} {}", file.path, repeat.second), what));
    }
    Ok(json_of(document.root))
}

/// Numbers stay texts: no answer has one that is read.
fn json_of(node: Node) -> Json {
    match node {
        Node::Null => Json::Null,
        Node::Bool(value) => value.into(),
        Node::Text(text) | Node::Unclear(text) => text.into(),
        Node::List(elements) => elements.into_iter().map(json_of).collect(),
        Node::Map(members) => {
            members.into_iter().map(|(name, member)| (name, json_of(member))).collect()
        }
    }
}

fn add(answers: &mut Vec<Answer>, file: &AnswerFile<'_>, document: Json) -> Result<(), PlanError> {
    let unknown = || {
        PlanError::shape(
            file.path,
            "expected what `describe-trails`, `list-trails`, `get-trail`, `get-trail-status` or \
             `get-event-selectors` of `aws cloudtrail` prints",
        )
    };
    let mut members = match document {
        Json::Array(elements) => {
            return elements.into_iter().try_for_each(|element| add(answers, file, element));
        }
        Json::Object(members) => members,
        _ => return Err(unknown()),
    };
    let mut list = |name: &str| match members.remove(name) {
        None => Ok(None),
        Some(Json::Array(items)) => Ok(Some(items)),
        Some(_) => Err(PlanError::shape(file.path, format!("expected a list in `{name}`"))),
    };
    if let Some(items) = list("trailList")? {
        answers.push(Answer::List(items));
        return Ok(());
    }
    if let Some(items) = list("Trails")? {
        answers.push(Answer::Names(items));
        return Ok(());
    }
    let text = |name: &str| members.get(name).and_then(Json::as_str).map(str::to_string);
    let has = |name: &str| members.contains_key(name);
    let arn = text("TrailARN");
    answers.push(if let Some(trail) = members.get("Trail") {
        Answer::Trail(trail.clone())
    } else if let Some(account) = text("Account").filter(|_| has("UserId")) {
        Answer::Caller(account)
    } else if has("IsLogging") {
        Answer::Status(Json::Object(members))
    } else {
        match arn {
            Some(_) if has("InsightSelectors") => return Ok(()),
            Some(arn) if has("EventSelectors") || has("AdvancedEventSelectors") => {
                Answer::Selectors(arn, Json::Object(members))
            }
            // An element of a list that `--query` printed without the list.
            Some(_) if has("Name") => Answer::Trail(Json::Object(members)),
            _ => return Err(unknown()),
        }
    });
    Ok(())
}
