//! What the source of planned trails is to say: the change, where it is written.

use cis_rules::snapshot::Place;
use serde_json::Value;

use crate::account::Account;
use crate::change::{Call, Change};
use crate::plan::Plan;
use crate::planned::has_open_part;
use crate::render::{cloudformation, terraform};
use crate::trail::{OPEN_ACCOUNT, OPEN_REGION, is_plain};

/// What the source of one planned trail is to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The trail's name.
    pub trail: String,
    /// Where it is written; `None` where that is not known, or it is new.
    pub place: Option<Place>,
    /// Whether it is new.
    pub is_new: bool,
    /// The list to which selectors are added, where those that are written there stay because a value
    /// in them is not known before the deployment; else the selectors are whole.
    pub adds_to: Option<&'static str>,
    /// Why, as clauses.
    pub whys: Vec<String>,
    /// Whether `RecursiveLogging` is set, for which CloudFormation has no property.
    pub sets_recursive_logging: bool,
    /// As Terraform.
    pub terraform: String,
    /// As CloudFormation.
    pub cloudformation: String,
}

impl Written {
    /// Whether the trail is written in Terraform's language: in a file of its, or in a plan, which has
    /// no lines.
    #[must_use]
    pub fn is_terraform(&self) -> bool {
        let ends = [".tf", ".tf.json", ".tofu", ".tofu.json"];
        match &self.place {
            Some(place) => ends.iter().any(|end| place.file.ends_with(end)),
            None => !self.is_new,
        }
    }

    /// Whether the trail is written in a template of CloudFormation.
    #[must_use]
    pub fn is_cloudformation(&self) -> bool {
        self.place.is_some() && !self.is_terraform()
    }
}

/// The changes of each trail, in their order, with its ARN or its name.
#[must_use]
pub fn by_trail(changes: &[Change]) -> Vec<(String, Vec<&Change>)> {
    let mut all: Vec<(String, Vec<&Change>)> = Vec::new();
    for change in changes {
        let name = change.trail();
        // A new trail is named before it has an ARN.
        let short = |name: &str| name.rsplit('/').next().unwrap_or_default().to_string();
        let is_same = |(other, _): &&mut (String, Vec<&Change>)| {
            *other == name || short(other) == name || short(&name) == *other
        };
        match all.iter_mut().find(is_same) {
            Some((_, changes)) => changes.push(change),
            None => all.push((name, vec![change])),
        }
    }
    all
}

/// Whether a plan can be written into the source: where a value in selectors is not known, they must
/// stay as they are.
pub(crate) fn can_be_written(plan: &Plan) -> bool {
    plan.puts.iter().all(|put| {
        let before = put.before.selectors();
        !before.iter().any(|selector| has_open_part(&selector.text()))
            || put.before.member() == put.after.member()
                && put.after.selectors().starts_with(before)
    })
}

/// What the source is to say for a plan, trail by trail.
pub(crate) fn written(account: &Account, plan: &Plan) -> Vec<Written> {
    let of_trail = |(name, changes): (String, Vec<&Change>)| {
        let short = name.rsplit('/').next().unwrap_or_default();
        // What is open of a name stands as `${aws_cloudtrail.main}`.
        let short = short.trim_start_matches("${").trim_end_matches('}').to_owned();
        let mut put = plan.puts.iter().find(|put| {
            account.trails().get(put.entry).is_some_and(|observed| {
                let trail = &observed.trail;
                trail.arn.as_deref() == Some(&name) || trail.name.as_deref() == Some(&name)
            })
        });
        put =
            put.filter(|put| has_open_part(&serde_json::json!(put.before.selectors()).to_string()));
        let mut changes: Vec<Change> = changes.into_iter().cloned().collect();
        for change in &mut changes {
            let bucket: Option<String> = change.request.read("S3BucketName");
            if bucket.is_some_and(|bucket| bucket.contains(OPEN_ACCOUNT)) {
                change.request.set("S3BucketName", &"NAME-OF-THE-LOG-BUCKET");
            }
        }
        if let Some(put) = put {
            let stay = put.before.selectors().len();
            let added = put.after.selectors().get(stay..).unwrap_or_default();
            for change in changes.iter_mut().filter(|it| it.call == Call::PutEventSelectors) {
                change.request.set(put.after.member(), &added);
            }
        }
        let observed = account.trails().iter().find(|observed| {
            let trail = &observed.trail;
            trail.arn.as_deref() == Some(&name) || trail.name.as_deref() == Some(&name)
        });
        let texts: Vec<&Change> = changes.iter().collect();
        Written {
            trail: observed.and_then(|it| it.trail.name.clone()).unwrap_or(short),
            place: observed.and_then(|it| it.place.clone()),
            is_new: changes.iter().any(|change| change.call == Call::CreateTrail),
            adds_to: put.map(|put| put.after.member()),
            whys: changes.iter().map(|change| change.why.clone()).collect(),
            sets_recursive_logging: changes
                .iter()
                .any(|change| change.request.read::<Value>("RecursiveLogging").is_some()),
            terraform: terraform(&texts),
            cloudformation: cloudformation(&texts),
        }
    };
    by_trail(&plan.draft.changes).into_iter().map(of_trail).collect()
}

/// Whether a request of a plan cannot be put, for something in it is not known before the deployment.
pub(crate) fn is_open(plan: &Plan) -> bool {
    plan.after.snapshot().planned
        && plan.draft.changes.iter().any(|change| {
            let text = change.request.text();
            has_open_part(&text)
                || text.contains(OPEN_ACCOUNT)
                || change.account_id == OPEN_ACCOUNT
                || change.region == OPEN_REGION
                || !is_plain(&change.trail())
        })
}
