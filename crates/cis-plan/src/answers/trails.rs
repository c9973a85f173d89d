//! What is known of each trail, and which command prints the rest.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::{Value as Json, json};

use super::AnswerFile;
use crate::error::PlanError;
use crate::trail::doubtful;
use crate::value::unknown;

/// The trails that answers are about.
#[derive(Default)]
pub(super) struct Trails {
    /// Whether the list of all of them is there.
    pub(super) is_whole: bool,
    /// Their ARNs, in the order of the answers.
    order: Vec<String>,
    by_arn: BTreeMap<String, Known>,
}

/// What is known of a trail.
#[derive(Default)]
struct Known {
    name: Option<Json>,
    description: Option<Json>,
    status: Option<Json>,
    selectors: Option<Json>,
}

impl Trails {
    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.order.is_empty()
    }

    /// Takes a description, of `describe-trails` or `get-trail`.
    pub(super) fn describe(&mut self, file: &AnswerFile<'_>, item: Json) -> Result<(), PlanError> {
        let arn = arn_in(file, &item)?;
        put(&mut self.of(&arn).description, item, file, &arn, "the trail's description")
    }

    /// Takes an item of `list-trails`.
    pub(super) fn name(&mut self, file: &AnswerFile<'_>, item: Json) -> Result<(), PlanError> {
        let arn = arn_in(file, &item)?;
        put(&mut self.of(&arn).name, item, file, &arn, "the trail's name")
    }

    /// Takes what `get-event-selectors` printed.
    pub(super) fn select(
        &mut self,
        file: &AnswerFile<'_>,
        arn: &str,
        answer: Json,
    ) -> Result<(), PlanError> {
        put(&mut self.of(arn).selectors, answer, file, arn, "the trail's selectors")
    }

    /// Takes what `get-trail-status` printed.
    pub(super) fn status(
        &mut self,
        file: &AnswerFile<'_>,
        arn: &str,
        answer: Json,
    ) -> Result<(), PlanError> {
        put(&mut self.of(arn).status, answer, file, arn, "the trail's status")
    }

    fn of(&mut self, arn: &str) -> &mut Known {
        if !self.by_arn.contains_key(arn) {
            self.order.push(arn.to_string());
        }
        self.by_arn.entry(arn.to_string()).or_default()
    }

    /// Whether some answer lists or describes trails.
    pub(super) fn are_described(&self) -> bool {
        self.is_whole
            || self.by_arn.values().any(|known| known.description.is_some() || known.name.is_some())
    }

    /// What else must be given where no answer describes a trail.
    pub(super) fn what_is_missing(&self, has_status: bool) -> String {
        let has_selectors = self.by_arn.values().any(|known| known.selectors.is_some());
        let example = self.order.first().map_or("ARN", String::as_str);
        let mut given = Vec::new();
        let mut missing = vec!["`aws cloudtrail describe-trails`".to_string()];
        for (has, command) in [
            (has_selectors, "get-event-selectors --trail-name"),
            (has_status, "get-trail-status --name"),
        ] {
            let name = command.split(' ').next().unwrap_or_default();
            if has {
                given.push(format!("`{name}`"));
            } else {
                missing.push(format!("`aws cloudtrail {command} {example}`"));
            }
        }
        format!(
            "what {} printed is not enough for an answer: also give what {} prints",
            if given.is_empty() { "these commands".to_string() } else { given.join(" and ") },
            missing.join(" and ")
        )
    }

    /// The trail of a status, told by the path of its file, or because there is only one.
    pub(super) fn told_by(&self, file: &AnswerFile<'_>) -> Result<String, PlanError> {
        if let [only] = self.order.as_slice() {
            return Ok(only.clone());
        }
        let mut named = self.order.iter().filter(|arn| is_named(file.path, name_of(arn)));
        match (named.next(), named.next()) {
            (Some(only), None) => Ok(only.clone()),
            _ => Err(PlanError::shape(
                file.path,
                format!(
                    "what `get-trail-status` prints does not say of which trail it is, and the \
                     file's name does not either: name it `status-NAME.json` or put it in a \
                     folder with the trail's name (the trails: {})",
                    self.order
                        .iter()
                        .map(|arn| format!("`{}`", name_of(arn)))
                        .collect::<Vec<_>>()
                        .join(", ")
                ),
            )),
        }
    }

    /// The accounts whose own trails there are: an organization's trail shows in each of its
    /// accounts.
    pub(super) fn owners(&self) -> BTreeSet<String> {
        let own = self.by_arn.iter().filter(|(_, known)| {
            let description = known.description.as_ref();
            known.name.is_some()
                || description.is_some_and(|item| item["IsOrganizationTrail"] == json!(false))
        });
        own.filter_map(|(arn, _)| arn.split(':').nth(4).map(str::to_string)).collect()
    }

    /// The partition of the trails' ARNs.
    pub(super) fn partition(&self) -> Result<Option<String>, PlanError> {
        let all: BTreeSet<&str> =
            self.order.iter().filter_map(|arn| arn.split(':').nth(1)).collect();
        match (all.first(), all.last()) {
            (Some(first), Some(last)) if first != last => Err(PlanError::Contradiction {
                what: "partition",
                one: format!("one trail is in `{first}`"),
                other: format!("another is in `{last}`"),
            }),
            (first, _) => Ok(first.map(|partition| (*partition).to_string())),
        }
    }

    /// The trails as a snapshot has them.
    pub(super) fn documents(&self) -> Vec<Json> {
        let documents =
            self.order.iter().filter_map(|arn| Some(self.by_arn.get(arn)?.document(arn)));
        let mut all: Vec<Json> = documents.collect();
        if !self.is_whole {
            let why = unknown(
                "the answers do not list all trails of the account",
                "give what `aws cloudtrail describe-trails` prints, too",
            );
            all.push(doubtful("the account's other trails", &[why]));
        }
        all
    }
}

impl Known {
    fn document(&self, arn: &str) -> Json {
        let mut open = Vec::new();
        let mut miss = |what: &str, command: &str| {
            let call = command.split(' ').next().unwrap_or_default();
            open.push(unknown(
                format!("{what} is not known: the answer of `{call}` is missing"),
                format!("give what `aws cloudtrail {command} {arn}` prints, too"),
            ));
        };
        if self.description.is_none() {
            miss("whether it is multi-Region", "get-trail --name");
        }
        if self.status.is_none() {
            miss("whether it is logging", "get-trail-status --name");
        }
        let trail = self.description.as_ref().or(self.name.as_ref());
        let has_selectors = trail.is_none_or(|it| it["HasCustomEventSelectors"] != json!(false));
        if self.selectors.is_none() && has_selectors {
            miss("what it selects", "get-event-selectors --trail-name");
        }
        json!({
            "trail": trail.cloned().unwrap_or_else(|| json!({"TrailARN": arn})),
            "status": self.status,
            "eventSelectors": self.selectors,
            "open": open,
        })
    }
}

fn arn_in(file: &AnswerFile<'_>, item: &Json) -> Result<String, PlanError> {
    match item.get("TrailARN").and_then(Json::as_str) {
        Some(arn) if arn.split(':').count() == 6 => Ok(arn.to_string()),
        Some(arn) => Err(PlanError::shape(file.path, format!("`{arn}` is no trail's ARN"))),
        None => Err(PlanError::shape(file.path, "a trail has no `TrailARN`")),
    }
}

/// Puts an answer where none was; the same one may be given twice.
fn put(
    place: &mut Option<Json>,
    answer: Json,
    file: &AnswerFile<'_>,
    arn: &str,
    what: &str,
) -> Result<(), PlanError> {
    if place.as_ref().is_some_and(|known| *known != answer) {
        return Err(PlanError::shape(
            file.path,
            format!("{what} is not the one that another answer gives (`{arn}`): remove the older"),
        ));
    }
    *place = Some(answer);
    Ok(())
}

fn name_of(arn: &str) -> &str {
    arn.rsplit_once('/').map_or(arn, |(_, name)| name)
}

/// Whether a path names a trail: its folder does, or its file does but for the command's name.
fn is_named(path: &str, name: &str) -> bool {
    let path = Path::new(path);
    let folder = path.parent().and_then(Path::file_name);
    if folder.is_some_and(|folder| folder == name) {
        return true;
    }
    let stem = path.file_stem().map(|stem| stem.to_string_lossy()).unwrap_or_default();
    let separators = ['-', '_', '.', ' '];
    let is_rest_of = |text: &str| {
        let words = ["get-trail-status", "trail-status", "status"];
        let rest = words.iter().flat_map(|word| {
            let before = text.strip_prefix(word).and_then(|rest| rest.strip_prefix(separators));
            let after = text.strip_suffix(word).and_then(|rest| rest.strip_suffix(separators));
            [before, after]
        });
        rest.flatten().any(|rest| rest == name)
    };
    stem == name || is_rest_of(&stem)
}
