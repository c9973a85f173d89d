//! Rows for trails: one evaluation for each trail that is the rule's own to report.
//!
//! A trail that is proved to log everything complies. One that is surely no such trail is
//! NOT_APPLICABLE and never NON_COMPLIANT: no control demands that each trail logs data events.
//! An undecided trail is NOT_APPLICABLE too, with an annotation that begins with INDETERMINATE.
//! Where the rule's parameters make its cause an error, it gets no row, and its last row stays.

use cis_aws::Account;
use cis_rules::report::{Gap, Report, Verdict};
use cis_rules::snapshot::{ObservedTrail, Snapshot};

use crate::annotation::annotation;
use crate::evaluation::{Compliance, Evaluation};
use crate::event::{ChangedTrail, Event};
use crate::parameters::{OnUndecided, UndecidedPolicy};
use crate::undecided::Cause;

/// What is put about the trails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rows {
    /// The evaluations, in the snapshot's order.
    pub(crate) evaluations: Vec<Evaluation>,
    /// The ids of the undecided trails that get no row.
    pub(crate) undecided: Vec<String>,
}

impl Rows {
    /// The rows of an account's own trails that are at home in the rule's Region: AWS Config
    /// records a trail there, under the trail's name. Others are reported where they are at home.
    ///
    /// `None` where not all trails are known: a row that is missing then proves nothing.
    pub(crate) fn of(
        event: &Event,
        account: &Account,
        snapshot: &Snapshot,
        report: &Report,
        policy: UndecidedPolicy,
    ) -> Option<Self> {
        let observed = snapshot.trails.as_deref().filter(|_| snapshot.unreadable.is_empty())?;
        let mut rows = Self { evaluations: Vec::new(), undecided: Vec::new() };
        let changed = event.changed_trail.as_ref();
        if let Some(gone) = changed.filter(|changed| changed.is_gone) {
            let text = format!("the trail {} was deleted or left the rule's scope", gone.id);
            rows.add(event, &gone.id, Compliance::NotApplicable, &text);
        }
        for observed in observed {
            let trail = match Whose::of(observed, account) {
                Whose::Own(trail) => trail,
                Whose::Other => continue,
                Whose::Nameless => return None,
            };
            let id = changed.filter(|changed| trail.is(changed)).map_or(trail.name, |it| &it.id);
            if rows.mentions(id) {
                continue;
            }
            match trail.arn.map(|arn| Standing::of(arn, report)) {
                Some(Standing::Proving(text)) => {
                    rows.add(event, id, Compliance::Compliant, &text);
                }
                Some(Standing::Lacking(text)) => {
                    rows.add(event, id, Compliance::NotApplicable, &text);
                }
                Some(Standing::Unknown)
                    if policy.on(Cause::of_trail(observed)) != OnUndecided::Error =>
                {
                    rows.push(event, id, Compliance::NotApplicable, &undecided(trail.name, report));
                }
                Some(Standing::Unknown) | None => rows.undecided.push(id.to_owned()),
            }
        }
        Some(rows)
    }

    /// Whether a stored result of this resource is still what this report says or leaves open.
    pub(crate) fn covers(&self, resource_type: &str, id: &str) -> bool {
        resource_type == Evaluation::TRAIL && self.mentions(id)
    }

    fn mentions(&self, id: &str) -> bool {
        self.undecided.iter().any(|undecided| undecided == id)
            || self.evaluations.iter().any(|said| said.compliance_resource_id == id)
    }

    /// A row whose annotation begins with what is put.
    fn add(&mut self, event: &Event, id: &str, compliance: Compliance, text: &str) {
        self.push(event, id, compliance, &format!("{}: {text}", compliance.name()));
    }

    fn push(&mut self, event: &Event, id: &str, compliance: Compliance, text: &str) {
        self.evaluations.push(Evaluation {
            compliance_resource_type: Evaluation::TRAIL.into(),
            compliance_resource_id: id.to_owned(),
            compliance_type: compliance,
            annotation: annotation(text, compliance.name()),
            ordering_timestamp: event.ordering_timestamp.clone(),
        });
    }
}

/// Whose a trail is.
enum Whose<'a> {
    /// The rule's to report, or it may be.
    Own(Known<'a>),
    /// Another account's, or at home in another Region.
    Other,
    /// It has neither ARN nor name, so not even its row can be named.
    Nameless,
}

impl<'a> Whose<'a> {
    fn of(observed: &'a ObservedTrail, account: &Account) -> Self {
        let trail = &observed.trail;
        let Some(arn) = trail.arn.as_deref() else {
            let name = trail.name.as_deref();
            return name.map_or(Self::Nameless, |name| Self::Own(Known { name, arn: None }));
        };
        let mut parts = arn.splitn(6, ':').skip(3);
        let (Some(region), Some(owner)) = (parts.next(), parts.next()) else {
            return Self::Nameless;
        };
        let home = trail.home_region.as_deref().unwrap_or(region);
        if owner != account.id || home != account.region {
            return Self::Other;
        }
        let in_arn = || parts.next()?.strip_prefix("trail/");
        let name = trail.name.as_deref().or_else(in_arn);
        name.map_or(Self::Nameless, |name| Self::Own(Known { name, arn: Some(arn) }))
    }
}

/// A trail that is the rule's to report, or may be.
struct Known<'a> {
    name: &'a str,
    /// The ARN; without one it is not known whose the trail is.
    arn: Option<&'a str>,
}

impl Known<'_> {
    /// Whether this is the trail of an event, whose id is AWS Config's own.
    fn is(&self, changed: &ChangedTrail) -> bool {
        changed.id == self.name || (self.arn.is_some() && changed.arn.as_deref() == self.arn)
    }
}

/// What the report says of one trail.
enum Standing {
    /// It logs everything that was asked about by itself: there is a proof for each kind.
    Proving(String),
    /// It surely does not.
    Lacking(String),
    /// Neither is known.
    Unknown,
}

impl Standing {
    fn of(arn: &str, report: &Report) -> Self {
        let said = || {
            report.results.iter().flat_map(|result| {
                let of_trail = result.trails.iter().filter(|trail| trail.arn == arn);
                of_trail.map(move |trail| (result.kind, trail))
            })
        };
        let name = arn.rsplit('/').next().unwrap_or(arn);
        if let Some((kind, trail)) =
            said().find(|(_, trail)| trail.verdict == Verdict::NonCompliant)
        {
            return Self::Lacking(
                match (trail.counts, trail.reasons.first(), trail.gaps.first()) {
                    (false, Some(reason), _) => format!("trail {name} does not count: {reason}"),
                    (_, _, Some(gap)) => format!("trail {name} alone loses {}", lost(gap)),
                    _ => format!(
                        "trail {name} alone does not log every S3 object-level {kind} event"
                    ),
                },
            );
        }
        let mut kinds: Vec<String> = Vec::new();
        for (kind, trail) in said() {
            if trail.verdict != Verdict::Compliant {
                return Self::Unknown;
            }
            let kind = kind.to_string();
            if !kinds.contains(&kind) {
                kinds.push(kind);
            }
        }
        if kinds.len() < report.results.len() || kinds.is_empty() {
            return Self::Unknown;
        }
        let kinds = kinds.join(" and ");
        Self::Proving(format!("trail {name} is proved to log every S3 object-level {kinds} event"))
    }
}

/// The annotation of a trail that is neither proved to log everything nor surely lacking.
fn undecided(name: &str, report: &Report) -> String {
    let kinds: Vec<String> = report.results.iter().map(|result| result.kind.to_string()).collect();
    format!(
        "{}: whether trail {name} logs every S3 object-level {} event is not known",
        Verdict::Indeterminate,
        kinds.join(" and ")
    )
}

/// The example first: it is what may not be cut.
fn lost(gap: &Gap) -> String {
    let Gap { description, witness } = gap;
    format!("{} on {}, one of: {description}", witness.event_name(), witness.arn())
}

#[cfg(test)]
mod tests {
    use cis_rules::evaluate;
    use serde_json::{Map, json};

    use super::*;
    use crate::parameters::Parameters;

    /// A report on a trail `main` that logs everything, and its ARN.
    fn report() -> (Report, &'static str) {
        let arn = "arn:aws:cloudtrail:us-east-2:123456789012:trail/main";
        let account = json!({"schemaVersion": 1, "accountId": "123456789012", "trails": [{
            "trail": {"TrailARN": arn, "IsMultiRegionTrail": true},
            "status": {"IsLogging": true},
            "eventSelectors": {"EventSelectors": [{
                "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
            }]},
        }]});
        let snapshot = Snapshot::from_json(&account.to_string()).unwrap();
        let parameters = Parameters::from_json(&Map::new(), crate::today()).unwrap();
        (Report::new(vec![evaluate(&snapshot, &parameters.questions[0])]), arn)
    }

    #[test]
    fn a_trail_is_proving_only_where_every_answer_says_so() {
        let (report, arn) = report();
        assert!(matches!(Standing::of(arn, &report), Standing::Proving(_)));
        assert!(matches!(Standing::of(arn, &Report::new(Vec::new())), Standing::Unknown));
        assert!(matches!(Standing::of("arn:of-no-trail", &report), Standing::Unknown));

        let unsaid = report.results[0].clone().with(|members| members.trails.clear()).unwrap();
        let both = Report::new(vec![report.results[0].clone(), unsaid]);
        assert!(matches!(Standing::of(arn, &both), Standing::Unknown));
    }
}
