//! What AWS Config has recorded of accounts, beside the list of accounts and, where both are asked for,
//! beside what a sweep found (schemaVersion 1).

use std::collections::HashMap;

use cis_rules::question::Kind;
use cis_rules::report::Verdict;
use serde::{Deserialize, Serialize};

use crate::account::Listed;

/// What an aggregator says of the accounts of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecordedCompliance {
    /// The version of this shape: 1.
    #[cfg_attr(feature = "schema", schemars(schema_with = "crate::version"))]
    pub schema_version: u32,
    /// The aggregator's name.
    pub aggregator: String,
    /// The rule's name.
    pub rule: String,
    /// The kind of events that the rule asks about.
    pub kind: Kind,
    /// Every account that was asked for, those that need a look first.
    pub recorded: Vec<RecordedAccount>,
    /// How many there are of each sort.
    pub counts: Counts,
}

/// What is recorded of an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct RecordedAccount {
    /// The 12-digit account id.
    pub account_id: String,
    /// Its name.
    pub name: Option<String>,
    /// The worst that is recorded in any Region; null where nothing is.
    pub compliance: Option<Compliance>,
    /// Whether that can be relied upon.
    pub freshness: Freshness,
    /// Why it is not current, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the account's own trails say now. Left out where that was not asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    /// Whether the two agree. The rule records INDETERMINATE as NON_COMPLIANT, so those do. Left out where
    /// one of them is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agrees: Option<bool>,
}

/// What AWS Config records, the worst first.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_Compliance.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Compliance {
    /// The rule put NON_COMPLIANT.
    NonCompliant,
    /// The rule put nothing yet, or what it put cannot be shown.
    InsufficientData,
    /// The rule put COMPLIANT.
    Compliant,
}

/// Whether what is recorded can be relied upon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Freshness {
    /// The aggregator has nothing of the account.
    Missing,
    /// The aggregator could not update what it has of the account.
    Stale,
    /// The aggregator has updated it.
    Current,
}

/// How many accounts there are of each sort. An account that is not current counts as such only.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Counts {
    /// Current and COMPLIANT.
    pub compliant: usize,
    /// Current and NON_COMPLIANT.
    pub non_compliant: usize,
    /// Current without a result.
    pub insufficient_data: usize,
    /// Stale.
    pub stale: usize,
    /// Missing.
    pub missing: usize,
    /// Accounts of which the two sources disagree, whatever else they count as.
    pub disagreeing: usize,
}

/// One row of the aggregator: a rule in an account and a Region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The account.
    pub account_id: String,
    /// The Region.
    pub region: String,
    /// AWS Config's word.
    pub compliance: String,
}

/// A source that the aggregator could not update.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaleSource {
    /// The account; `None` for all of the organization.
    pub account_id: Option<String>,
    /// The Region; `None` for all of them.
    pub region: Option<String>,
    /// Why, and since when.
    pub reason: String,
}

impl RecordedAccount {
    /// An account, by all rows and stale sources that are about it.
    #[must_use]
    pub fn of(account: &Listed, rows: &[&Row], stale: &[StaleSource]) -> Self {
        let compliance = rows.iter().map(|row| match row.compliance.as_str() {
            "COMPLIANT" => Compliance::Compliant,
            "NON_COMPLIANT" => Compliance::NonCompliant,
            _ => Compliance::InsufficientData,
        });
        let compliance = compliance.min();
        let is_of = |source: &&StaleSource| {
            source.account_id.as_ref().is_none_or(|id| *id == account.id)
                && source.region.as_ref().is_none_or(|region| {
                    rows.is_empty() || rows.iter().any(|row| row.region == *region)
                })
        };
        let reason = stale.iter().find(is_of).map(|source| source.reason.clone());
        let (freshness, reason) = match (compliance, reason) {
            (None, None) => (
                Freshness::Missing,
                Some(
                    "the aggregator has no result: the rule is not in the account, has not run, put \
                     NOT_APPLICABLE, or the account is not among the aggregator's sources"
                        .to_owned(),
                ),
            ),
            (None, reason) => (Freshness::Missing, reason),
            (Some(_), Some(reason)) => (Freshness::Stale, Some(reason)),
            (Some(_), None) => (Freshness::Current, None),
        };
        Self {
            account_id: account.id.clone(),
            name: account.name.clone(),
            compliance,
            freshness,
            reason,
            verdict: None,
            agrees: None,
        }
    }

    /// Puts what the account's own trails say beside it.
    pub fn beside(&mut self, verdict: Verdict) {
        self.verdict = Some(verdict);
        self.agrees = match (self.compliance, verdict) {
            (None | Some(Compliance::InsufficientData), _) => None,
            (Some(Compliance::Compliant), verdict) => Some(verdict == Verdict::Compliant),
            (Some(Compliance::NonCompliant), verdict) => Some(verdict != Verdict::Compliant),
        };
    }

    /// What both sources say together: NON_COMPLIANT where one does, COMPLIANT where all that was asked
    /// does, currently.
    #[must_use]
    pub fn standing(&self) -> Verdict {
        let is_non_compliant = self.compliance == Some(Compliance::NonCompliant)
            || self.verdict == Some(Verdict::NonCompliant);
        let is_compliant = self.compliance == Some(Compliance::Compliant)
            && self.freshness == Freshness::Current
            && self.verdict.is_none_or(|verdict| verdict == Verdict::Compliant);
        match (is_non_compliant, is_compliant) {
            (true, _) => Verdict::NonCompliant,
            (false, true) => Verdict::Compliant,
            (false, false) => Verdict::Indeterminate,
        }
    }

    /// What needs a look comes first: a disagreement, then what is missing, then NON_COMPLIANT.
    fn rank(&self) -> (bool, Option<Compliance>, Freshness) {
        (self.agrees != Some(false), self.compliance, self.freshness)
    }
}

impl RecordedCompliance {
    /// The version that this library writes.
    pub const SCHEMA_VERSION: u32 = 1;

    /// What an aggregator says of these accounts, and what their own trails say, where that is known.
    #[must_use]
    pub fn new(
        (aggregator, rule): (&str, &str),
        kind: Kind,
        accounts: &[Listed],
        (rows, stale): (&[Row], &[StaleSource]),
        verdicts: &HashMap<String, Verdict>,
    ) -> Self {
        let mut by_account: HashMap<&str, Vec<&Row>> = HashMap::new();
        for row in rows {
            by_account.entry(&row.account_id).or_default().push(row);
        }
        let mut counts = Counts::default();
        let mut recorded: Vec<RecordedAccount> = Vec::new();
        for account in accounts {
            let rows = by_account.get(account.id.as_str()).map_or(&[][..], Vec::as_slice);
            let mut one = RecordedAccount::of(account, rows, stale);
            if let Some(verdict) = verdicts.get(&account.id) {
                one.beside(*verdict);
            }
            counts.add(&one);
            recorded.push(one);
        }
        recorded.sort_by_key(RecordedAccount::rank);
        Self {
            schema_version: Self::SCHEMA_VERSION,
            aggregator: aggregator.to_owned(),
            rule: rule.to_owned(),
            kind,
            recorded,
            counts,
        }
    }
}

impl Counts {
    fn add(&mut self, one: &RecordedAccount) {
        *match (one.freshness, one.compliance) {
            (Freshness::Missing, _) | (Freshness::Current, None) => &mut self.missing,
            (Freshness::Stale, _) => &mut self.stale,
            (Freshness::Current, Some(Compliance::Compliant)) => &mut self.compliant,
            (Freshness::Current, Some(Compliance::NonCompliant)) => &mut self.non_compliant,
            (Freshness::Current, Some(Compliance::InsufficientData)) => &mut self.insufficient_data,
        } += 1;
        self.disagreeing += usize::from(one.agrees == Some(false));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::State;

    fn listed(number: usize) -> Listed {
        Listed { id: format!("{number:012}"), name: None, state: State::Active }
    }

    fn row(number: usize, region: &str, compliance: &str) -> Row {
        Row {
            account_id: format!("{number:012}"),
            region: region.to_owned(),
            compliance: compliance.to_owned(),
        }
    }

    fn stale(number: Option<usize>, region: Option<&str>) -> StaleSource {
        StaleSource {
            account_id: number.map(|number| format!("{number:012}")),
            region: region.map(str::to_owned),
            reason: "OUTDATED".to_owned(),
        }
    }

    fn made(
        rows: &[Row],
        stale: &[StaleSource],
        verdicts: &[(usize, Verdict)],
    ) -> RecordedCompliance {
        let accounts: Vec<Listed> = (0..3).map(listed).collect();
        let verdicts = verdicts.iter().map(|(number, verdict)| (format!("{number:012}"), *verdict));
        let names = ("aggregator", "rule");
        RecordedCompliance::new(names, Kind::Write, &accounts, (rows, stale), &verdicts.collect())
    }

    /// Whether all stand as COMPLIANT, or else whether one stands as NON_COMPLIANT.
    fn worst(made: &RecordedCompliance) -> Verdict {
        let standings: Vec<Verdict> = made.recorded.iter().map(RecordedAccount::standing).collect();
        if standings.contains(&Verdict::NonCompliant) {
            return Verdict::NonCompliant;
        }
        let all = standings.iter().all(|standing| *standing == Verdict::Compliant);
        if all { Verdict::Compliant } else { Verdict::Indeterminate }
    }

    #[test]
    fn an_account_has_the_worst_of_its_regions_and_those_without_a_result_are_missing() {
        let made = made(
            &[
                row(0, "us-east-1", "COMPLIANT"),
                row(0, "eu-west-1", "NON_COMPLIANT"),
                row(1, "us-east-1", "COMPLIANT"),
                row(9, "us-east-1", "NON_COMPLIANT"),
            ],
            &[],
            &[],
        );
        let ids: Vec<&str> = made.recorded.iter().map(|one| one.account_id.as_str()).collect();
        assert_eq!(ids, ["000000000002", "000000000000", "000000000001"]);
        let counts = Counts { compliant: 1, non_compliant: 1, missing: 1, ..Counts::default() };
        assert_eq!(made.counts, counts, "an account that is not listed is not counted");
        assert_eq!(worst(&made), Verdict::NonCompliant);
    }

    #[test]
    fn stale_is_never_compliant() {
        let rows: Vec<Row> = (0..3).map(|number| row(number, "us-east-1", "COMPLIANT")).collect();
        assert_eq!(worst(&made(&rows, &[], &[])), Verdict::Compliant);
        for (source, count) in [
            (stale(Some(1), Some("us-east-1")), 1),
            (stale(Some(1), None), 1),
            (stale(None, Some("us-east-1")), 3),
            (stale(None, None), 3),
            (stale(Some(1), Some("eu-west-1")), 0),
            (stale(Some(9), None), 0),
        ] {
            let made = made(&rows, std::slice::from_ref(&source), &[]);
            assert_eq!(made.counts.stale, count, "{source:?}");
            let expected = if count == 0 { Verdict::Compliant } else { Verdict::Indeterminate };
            assert_eq!(worst(&made), expected, "{source:?}");
        }
        assert_eq!(worst(&made(&rows[..2], &[], &[])), Verdict::Indeterminate);
    }

    #[test]
    fn what_disagrees_comes_first_and_indeterminate_is_recorded_as_non_compliant() {
        use Verdict::{Compliant, Indeterminate, NonCompliant};
        let rows = [
            row(0, "us-east-1", "NON_COMPLIANT"),
            row(1, "us-east-1", "COMPLIANT"),
            row(2, "us-east-1", "INSUFFICIENT_DATA"),
        ];
        for (found, agrees) in [
            ([NonCompliant, Compliant, Compliant], [Some(true), Some(true), None]),
            ([Indeterminate, Compliant, Compliant], [Some(true), Some(true), None]),
            ([Compliant, NonCompliant, Compliant], [Some(false), Some(false), None]),
            ([NonCompliant, Indeterminate, Compliant], [Some(true), Some(false), None]),
        ] {
            let verdicts: Vec<(usize, Verdict)> = found.into_iter().enumerate().collect();
            let made = made(&rows, &[], &verdicts);
            let mut by_id = made.recorded.clone();
            by_id.sort_by(|one, other| one.account_id.cmp(&other.account_id));
            assert_eq!(by_id.iter().map(|one| one.agrees).collect::<Vec<_>>(), agrees, "{found:?}");
            assert_eq!(worst(&made), NonCompliant);
            let disagreeing = agrees.iter().filter(|agrees| **agrees == Some(false)).count();
            assert_eq!(made.counts.disagreeing, disagreeing);
            let first = made.recorded.iter().take(disagreeing);
            assert!(first.into_iter().all(|one| one.agrees == Some(false)), "{found:?}");
        }
    }
}
