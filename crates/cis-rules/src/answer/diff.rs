//! What two snapshots of one account log differently: which records were surely logged before and
//! are not surely logged now, and the other way round.
//!
//! Snapshots are compared by what they mean, so two spellings of one meaning differ in nothing.

mod regions;
mod sides;

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::answer::evaluate::{distinct, unlisted};
use crate::answer::explain::Answer;
use crate::answer::report::{Assumption, LeftOut, Witness, version};
use crate::aws::snapshot::Snapshot;
use crate::aws::unknown::Unknown;
use crate::engine::compile::Purpose;
use crate::engine::problem::{Account, Problem};
use crate::spec::question::{Deliveries, Kind, Mode, Question};
use crate::spec::trail::{Demands, Trail};
use sides::{Comparison, Side};

/// What two snapshots log differently.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Difference {
    /// The version of this shape: 1.
    #[serde(deserialize_with = "version")]
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::schema::version"))]
    pub schema_version: u32,
    /// The 12-digit account id.
    pub account_id: String,
    /// The snapshot before.
    pub before: Compared,
    /// The snapshot after.
    pub after: Compared,
    /// All trails together, for each kind of event.
    pub account: Vec<Change>,
    /// Each trail, those from before first.
    pub trails: Vec<TrailDifference>,
    /// Readings of undocumented behaviour without which the account would differ otherwise:
    /// `arn-prefix`.
    pub assumptions: Vec<Assumption>,
    /// What is not compared.
    #[serde(default)]
    pub left_out: Vec<LeftOut>,
}

/// One of the two snapshots.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Compared {
    /// Its label.
    pub name: Option<String>,
    /// When the account was observed.
    pub collected_at: Option<String>,
    /// Whether it is what is planned, and not what was observed.
    pub planned: bool,
    /// Why its list of trails is not complete.
    pub unknowns: Vec<Unknown>,
}

/// Where a trail is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Presence {
    /// In both snapshots.
    Both,
    /// Only in the snapshot before.
    OnlyBefore,
    /// Only in the snapshot after.
    OnlyAfter,
}

/// What one trail logs differently.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct TrailDifference {
    /// The trail's ARN, by which it is found in both snapshots.
    pub arn: String,
    /// Where it is.
    pub presence: Presence,
    /// Why it did not count, and what about it was not known, where this is so only before.
    pub reasons_before: Vec<String>,
    /// Why it does not count, and what about it is not known, where this is so only after.
    pub reasons_after: Vec<String>,
    /// What this trail by itself logs differently, for each kind of event.
    pub changes: Vec<Change>,
}

/// What is logged differently of one kind of event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The kind.
    pub kind: Kind,
    /// What was surely logged before and is not surely logged now, largest region first.
    pub lost: Vec<Moved>,
    /// Whether more is lost than is listed.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub more_lost: bool,
    /// What is surely logged now and was not surely logged before, largest region first.
    pub gained: Vec<Moved>,
    /// Whether more is gained than is listed.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub more_gained: bool,
}

/// A region of records that is surely logged on one side only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Moved {
    /// The whole region in words.
    pub description: String,
    /// What the other side does with all of it: never `LOGGED`.
    pub otherwise: Answer,
    /// One record of the region.
    pub witness: Witness,
}

impl Change {
    /// Whether something is lost.
    #[must_use]
    pub const fn is_loss(&self) -> bool {
        !self.lost.is_empty() || self.more_lost
    }

    /// Whether something is gained.
    #[must_use]
    pub const fn is_gain(&self) -> bool {
        !self.gained.is_empty() || self.more_gained
    }
}

impl Difference {
    /// The version that this library writes.
    pub const SCHEMA_VERSION: u32 = 1;

    /// Whether the account lost something: a record that was surely logged by some trail before,
    /// and is not surely logged by any now.
    #[must_use]
    pub fn is_loss(&self) -> bool {
        self.account.iter().any(Change::is_loss)
    }

    /// Whether the account gained something.
    #[must_use]
    pub fn is_gain(&self) -> bool {
        self.account.iter().any(Change::is_gain)
    }
}

/// Two snapshots that cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the snapshots are of different {what}: `{before}` before, `{after}` after")]
pub struct Mismatch {
    what: &'static str,
    before: String,
    after: String,
}

impl Mismatch {
    fn check(what: &'static str, before: &str, after: &str) -> Result<(), Self> {
        if before == after {
            return Ok(());
        }
        Err(Self { what, before: before.to_string(), after: after.to_string() })
    }
}

/// Compares two snapshots of one account, with CloudTrail's own deliveries of log files where they
/// are asked for.
///
/// # Errors
/// Where they are not of one account in one partition.
pub fn diff(
    before: &Snapshot,
    after: &Snapshot,
    deliveries: Deliveries,
) -> Result<Difference, Mismatch> {
    Mismatch::check("partitions", &before.partition, &after.partition)?;
    Mismatch::check("accounts", &before.account_id, &after.account_id)?;
    let (mut trails, new) = (trails_of(before), trails_of(after));
    let first_new = trails.len();
    trails.extend(new);
    let compared = [before, after].map(|snapshot| Compared {
        name: snapshot.name.clone(),
        collected_at: snapshot.collected_at.clone(),
        planned: snapshot.planned,
        unknowns: unlisted(snapshot),
    });
    let [listed_before, listed_after] =
        compared.each_ref().map(|compared| compared.unknowns.is_empty());
    let all = [
        Side { positions: (0..first_new).collect(), is_listed: listed_before },
        Side { positions: (first_new..trails.len()).collect(), is_listed: listed_after },
    ];
    let mut account = Vec::new();
    let mut rests_on_prefix = false;
    let arns = arns(&trails);
    let mut each: Vec<TrailDifference> =
        arns.iter().map(|arn| unchanged(&trails, &all, arn)).collect();
    let in_account = Account { id: &before.account_id, partition: &before.partition };
    for kind in Kind::ALL {
        let question = Question { deliveries, ..Question::new(kind, Mode::Union) };
        Problem::solve(&question, in_account, &trails, Purpose::Recording, |problem| {
            let comparison = Comparison::new(problem);
            account.push(comparison.change(&all));
            rests_on_prefix |= comparison.rests_on_prefix(&all);
            for (trail, arn) in each.iter_mut().zip(&arns) {
                let sides = all.each_ref().map(|side| side.of_trail(&trails, arn));
                trail.changes.push(comparison.change(&sides));
            }
        });
    }
    let [before_compared, after_compared] = compared;
    Ok(Difference {
        schema_version: Difference::SCHEMA_VERSION,
        account_id: before.account_id.clone(),
        before: before_compared,
        after: after_compared,
        account,
        trails: each,
        assumptions: rests_on_prefix.then_some(Assumption::ArnPrefix).into_iter().collect(),
        left_out: match deliveries {
            Deliveries::Ignore => alloc::vec![LeftOut::CloudtrailDeliveries],
            Deliveries::Require => Vec::new(),
        },
    })
}

fn trails_of(snapshot: &Snapshot) -> Vec<Trail<'_>> {
    distinct(snapshot.trails.as_deref().unwrap_or_default())
        .into_iter()
        .map(|trail| Trail::new(trail, snapshot, Demands::default()))
        .collect()
}

/// The ARNs of trails, each once.
fn arns<'a>(trails: &[Trail<'a>]) -> Vec<&'a str> {
    let mut arns = Vec::new();
    for trail in trails {
        if !arns.contains(&trail.arn) {
            arns.push(trail.arn);
        }
    }
    arns
}

/// The parts of a trail's difference that do not need its changes.
fn unchanged(trails: &[Trail<'_>], all: &[Side; 2], arn: &str) -> TrailDifference {
    let reasons = |side: &Side| -> Vec<String> {
        let positions = side.of_trail(trails, arn).positions;
        let trails = positions.iter().filter_map(|position| trails.get(*position));
        trails
            .flat_map(|trail| {
                let doubts = trail.doubts.iter().map(|doubt| &doubt.reason);
                trail.disqualified.iter().chain(doubts).cloned().collect::<Vec<_>>()
            })
            .collect()
    };
    let is_in = |side: &Side| !side.of_trail(trails, arn).positions.is_empty();
    let [before, after] = all.each_ref().map(reasons);
    let [is_before, is_after] = all.each_ref().map(is_in);
    let only = |these: &[String], those: &[String]| {
        these.iter().filter(|reason| !those.contains(reason)).cloned().collect()
    };
    TrailDifference {
        arn: arn.to_string(),
        presence: match (is_before, is_after) {
            (true, false) => Presence::OnlyBefore,
            (false, true) => Presence::OnlyAfter,
            _ => Presence::Both,
        },
        reasons_before: only(&before, &after),
        reasons_after: only(&after, &before),
        changes: Vec::new(),
    }
}
