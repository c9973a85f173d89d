//! Answers of the AWS CLI about CloudTrail, put together into one account.
//!
//! Each file holds what some command printed, one answer after the other or in arrays. What the
//! answers leave out is not known, and says which command prints it.
//!
//! Source: <https://docs.aws.amazon.com/cli/latest/reference/cloudtrail/>

mod call;
mod trails;

use std::collections::BTreeSet;

use cis_rules::snapshot::Snapshot;
use serde_json::{Value as Json, json};

use self::call::{Answer, answers_in};
use self::trails::Trails;
use crate::error::PlanError;
use crate::{NO_ACCOUNT, Setting};

/// A file with answers.
#[derive(Clone, Copy, Debug)]
pub struct AnswerFile<'a> {
    /// Its path: an answer that does not say of which trail it is is told by it.
    pub path: &'a str,
    /// Its text.
    pub text: &'a str,
}

/// Puts the answers of files together.
pub(crate) fn read(files: &[AnswerFile<'_>], setting: &Setting) -> Result<Snapshot, PlanError> {
    Snapshot::from_json(&text(files, setting)?)
        .map_err(|error| PlanError::shape("the answers", error.to_string()))
}

/// The text of the snapshot that the answers of files make.
pub(crate) fn text(files: &[AnswerFile<'_>], setting: &Setting) -> Result<String, PlanError> {
    let mut trails = Trails::default();
    let mut callers = BTreeSet::new();
    let mut statuses = Vec::new();
    for file in files {
        let answers = answers_in(file)?;
        let of_one = only_trail(&answers);
        for answer in answers {
            match answer {
                Answer::List(items) => {
                    trails.is_whole = true;
                    items.into_iter().try_for_each(|item| trails.describe(file, item))?;
                }
                Answer::Names(items) => {
                    items.into_iter().try_for_each(|item| trails.name(file, item))?;
                }
                Answer::Trail(item) => trails.describe(file, item)?,
                Answer::Selectors(arn, answer) => trails.select(file, &arn, answer)?,
                Answer::Status(answer) => statuses.push((file, of_one.clone(), answer)),
                Answer::Caller(account) => drop(callers.insert(account)),
            }
        }
    }
    if !trails.are_described() {
        return Err(PlanError::Kind(trails.what_is_missing(!statuses.is_empty())));
    }
    for (file, of_one, answer) in statuses {
        let arn = match of_one {
            Some(arn) => arn,
            None => trails.told_by(file)?,
        };
        trails.status(file, &arn, answer)?;
    }
    let account = account(&trails, &callers, setting)?;
    let partition = trails.partition()?.or_else(|| setting.partition.clone());
    let partition = match (&partition, &setting.region) {
        (Some(partition), _) => partition.as_str(),
        (None, _) => setting.partition(),
    };
    let snapshot = json!({
        "schemaVersion": 1,
        "accountId": account,
        "partition": partition,
        "region": setting.region,
        "trails": trails.documents(),
    });
    Ok(snapshot.to_string())
}

/// The trail of which a file's answers are, where they name exactly one.
fn only_trail(answers: &[Answer]) -> Option<String> {
    let mut arns = BTreeSet::new();
    let mut add = |item: &Json| {
        if let Some(arn) = item.get("TrailARN").and_then(Json::as_str) {
            arns.insert(arn.to_string());
        }
    };
    for answer in answers {
        match answer {
            Answer::List(items) | Answer::Names(items) => items.iter().for_each(&mut add),
            Answer::Trail(item) => add(item),
            Answer::Selectors(_, answer) => add(answer),
            Answer::Status(_) | Answer::Caller(_) => {}
        }
    }
    let is_one = arns.len() == 1;
    arns.pop_first().filter(|_| is_one)
}

/// The account that the answers are of.
fn account(
    trails: &Trails,
    callers: &BTreeSet<String>,
    setting: &Setting,
) -> Result<String, PlanError> {
    let owners = trails.owners();
    let said = setting.account_id.iter().chain(callers).chain(&owners);
    let said: BTreeSet<&String> = said.collect();
    match (said.first(), said.len()) {
        (Some(only), 1) => Ok((*only).clone()),
        (Some(_), _) => Err(PlanError::Kind(format!(
            "the answers are of several accounts ({}): give those of one account at a time",
            said.into_iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
        ))),
        (None, _) if trails.is_empty() => Ok(NO_ACCOUNT.to_string()),
        (None, _) => Err(PlanError::Kind(
            "the trails are an organization's, so they do not say which account was asked: add \
             `--account`, or what `aws sts get-caller-identity` prints"
                .to_string(),
        )),
    }
}
