//! Findings in the AWS Security Finding Format, as BatchImportFindings takes them.
//!
//! Source: <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html>
//!
//! * The severity is MEDIUM whatever the verdict, as it is for every finding that Security Hub makes
//!   of an AWS Config rule; what the account's verdict is, `Compliance.Status` says. Severity and
//!   types stand in `FindingProviderFields`, where a provider's own belong.
//! * `Compliance.RelatedRequirements` names the benchmark's controls. `SecurityControlId` stays
//!   empty: S3.22 and S3.23 are Security Hub's own controls, with findings and scores of their own.
//! * Every limit that the reference gives is kept by construction, and [`Finding::new`] makes the
//!   finding smaller where it is larger than a finding may be.

mod batch;
mod resource;

use cis_rules::report::Verdict;
use serde::ser::{Serialize, SerializeMap, Serializer};

pub use self::batch::{MOST_IN_A_BATCH, batches};
use self::resource::Resource;
use crate::evidence::example;
use crate::exception;
use crate::finding_input::FindingInput;
use crate::text::{is_said, line};
use crate::wording;

/// The longest `Title`, in characters.
pub const TITLE_LENGTH: usize = 256;
/// The longest `Description`, in characters.
pub const DESCRIPTION_LENGTH: usize = 1024;
/// The longest `Remediation.Recommendation.Text`, in characters.
pub const RECOMMENDATION_LENGTH: usize = 512;
/// The most `ProductFields`.
pub const MOST_PRODUCT_FIELDS: usize = 50;
/// The longest value of a product field, in characters.
pub const PRODUCT_FIELD_LENGTH: usize = 2048;
/// The most `Resources`.
pub const MOST_RESOURCES: usize = 32;
/// The largest finding, in bytes of JSON: 240 KB.
pub const FINDING_SIZE: usize = 240_000;

/// The longest field that tells of one trail, so that many of them have room.
const TRAIL_FIELD_LENGTH: usize = 512;

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct Finding {
    schema_version: &'static str,
    id: String,
    product_arn: String,
    product_name: &'static str,
    generator_id: String,
    aws_account_id: String,
    created_at: String,
    updated_at: String,
    last_observed_at: String,
    title: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<Remediation>,
    product_fields: Fields,
    resources: Vec<Resource>,
    compliance: Compliance,
    finding_provider_fields: FindingProviderFields,
    record_state: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
struct Remediation {
    recommendation: Recommendation,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
struct Recommendation {
    text: String,
    url: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
struct Compliance {
    status: &'static str,
    related_requirements: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
struct FindingProviderFields {
    severity: Severity,
    types: [&'static str; 1],
}

#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "PascalCase")]
struct Severity {
    label: &'static str,
    original: &'static str,
}

/// Names and values, the most important first.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Fields(Vec<(String, String)>);

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl Finding {
    /// The finding of an answer. `CreatedAt` is the answer's own time, as `UpdatedAt` is: when the
    /// first answer was given cannot be told from the last.
    #[must_use]
    pub fn new(input: &FindingInput<'_>) -> Self {
        let FindingInput { snapshot, result, region, .. } = *input;
        let (partition, account) = (&snapshot.partition, &result.account_id);
        let time = input.read_at.to_string();
        let finding = Self {
            schema_version: "2018-10-08",
            id: input.id(),
            product_arn: format!(
                "arn:{partition}:securityhub:{region}:{account}:product/{account}/default"
            ),
            product_name: wording::TOOL,
            generator_id: input.generator(),
            aws_account_id: account.clone(),
            created_at: time.clone(),
            updated_at: time.clone(),
            last_observed_at: time,
            title: line(&wording::title(input), TITLE_LENGTH),
            description: line(&wording::description(input), DESCRIPTION_LENGTH),
            remediation: wording::remediation(input).map(|text| Remediation {
                recommendation: Recommendation {
                    text: line(&text, RECOMMENDATION_LENGTH),
                    url: wording::ABOUT,
                },
            }),
            product_fields: fields(input),
            resources: resource::all(input),
            compliance: Compliance {
                status: status(result.verdict),
                related_requirements: wording::requirements(result),
            },
            finding_provider_fields: FindingProviderFields {
                severity: Severity { label: "MEDIUM", original: result.verdict.name() },
                types: [wording::TYPE],
            },
            record_state: "ACTIVE",
        };
        finding.fitted()
    }

    /// What identifies the finding.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.id
    }

    /// How many bytes of JSON the finding has.
    #[must_use]
    pub fn size(&self) -> usize {
        serde_json::to_vec(self).map_or(0, |json| json.len())
    }

    /// The finding within the size that a finding may have: the last trails are left out first.
    fn fitted(mut self) -> Self {
        while self.size() > FINDING_SIZE {
            let is_smaller = if self.resources.len() > 1 {
                self.resources.pop().is_some()
            } else {
                self.product_fields.0.pop().is_some()
            };
            if !is_smaller {
                break;
            }
        }
        self
    }
}

/// How Security Hub spells a verdict. What could not be decided was not checked.
const fn status(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Compliant => "PASSED",
        Verdict::NonCompliant => "FAILED",
        Verdict::Indeterminate => "NOT_AVAILABLE",
    }
}

/// The details that no other member has a place for.
fn fields(input: &FindingInput<'_>) -> Fields {
    let result = input.result;
    let mut fields = vec![("Verdict".to_owned(), result.verdict.name().to_owned())];
    let settings = wording::settings(input.question).into_iter();
    fields.extend(settings.map(|(name, value)| (name.to_owned(), value)));
    fields.push(("Exceptions".to_owned(), exception::sentences(result).join(" ")));
    if let Some((_, gap)) = example(result) {
        fields.push(("LostRecord".to_owned(), wording::witness(gap)));
    }
    fields.push(("LostRegions".to_owned(), wording::lost(result)));
    fields.push(("Assumptions".to_owned(), result.assumptions.join(",")));
    fields.push(("Version".to_owned(), wording::VERSION.to_owned()));
    let trails = result.trails.iter().enumerate().map(|(index, trail)| {
        (format!("Trail{}", index + 1), line(&wording::trail(trail), TRAIL_FIELD_LENGTH))
    });
    fields.extend(trails);
    fields.retain(|(_, value)| is_said(value));
    fields.truncate(MOST_PRODUCT_FIELDS);
    let named = fields.into_iter().map(|(name, value)| {
        (format!("{}/{name}", wording::TOOL), line(&value, PRODUCT_FIELD_LENGTH))
    });
    Fields(named.collect())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::samples::{Sample, TRAIL};
    use crate::text::length;

    fn written(sample: &Sample) -> Value {
        serde_json::to_value(Finding::new(&sample.input())).unwrap()
    }

    #[test]
    fn a_finding_is_spelled_as_security_hub_spells_it() {
        let finding = written(&Sample::non_compliant());
        assert_eq!(
            finding["ProductArn"],
            "arn:aws:securityhub:us-east-1:111122223333:product/111122223333/default"
        );
        assert_eq!(finding["Compliance"]["Status"], "FAILED");
        assert_eq!(finding["FindingProviderFields"]["Severity"]["Label"], "MEDIUM");
        assert_eq!(finding["UpdatedAt"], "2026-11-21T08:00:00Z");
        assert_eq!(
            finding["Resources"],
            json!([
                {"Type": "AwsAccount", "Id": "AWS::::Account:111122223333",
                 "Partition": "aws", "Region": "us-east-1"},
                {"Type": "AwsCloudTrailTrail", "Id": TRAIL, "Partition": "aws",
                 "Region": "us-east-1",
                 "Details": {"AwsCloudTrailTrail": {
                    "Name": "main", "TrailArn": TRAIL, "HomeRegion": "us-east-1",
                    "IsMultiRegionTrail": true, "HasCustomEventSelectors": true,
                    "S3BucketName": "audit-logs"}}},
            ])
        );
    }

    #[test]
    fn each_verdict_has_its_status_and_the_same_severity() {
        let statuses = Sample::all().map(|sample| {
            let finding = written(&sample);
            assert_eq!(finding["FindingProviderFields"]["Severity"]["Label"], "MEDIUM");
            finding["Compliance"]["Status"].clone()
        });
        assert_eq!(statuses, ["PASSED", "FAILED", "NOT_AVAILABLE"]);
    }

    #[test]
    fn the_lost_record_and_the_fix_are_in_the_texts() {
        let sample = Sample::non_compliant();
        let finding = written(&sample);
        let witness = serde_json::to_value(&sample.result.gaps[0].witness).unwrap();
        let field = finding["ProductFields"]["trailproof/LostRecord"].as_str().unwrap();
        assert_eq!(serde_json::from_str::<Value>(field).unwrap(), witness);
        assert!(finding["Description"].as_str().unwrap().contains(field), "{finding:#}");
        let fix = finding["Remediation"]["Recommendation"]["Text"].as_str().unwrap();
        assert!(fix.starts_with(&format!("Trail {TRAIL}: ")), "{fix}");
        assert_eq!(written(&Sample::compliant()).get("Remediation"), None);
    }

    #[test]
    fn it_does_not_pretend_to_be_security_hubs_own_control() {
        for sample in Sample::all() {
            let compliance = &written(&sample)["Compliance"];
            assert_eq!(compliance.get("SecurityControlId"), None);
            let text = compliance.to_string();
            assert!(text.contains("CIS AWS Foundations Benchmark v7.0.0/4.8"), "{text}");
            assert!(!text.contains("S3.22"), "{text}");
        }
    }

    #[test]
    fn limits_are_kept_whatever_an_account_holds() {
        let long = |number: usize| {
            format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/{number}{}", "ü".repeat(198))
        };
        let mut sample = Sample::with_trails(200, long);
        let hostile = "\u{1f600}\"\u{1b}".repeat(5_000);
        sample.change(|members| {
            let trails = members.trails.drain(..);
            let with_reason = trails
                .map(|trail| trail.with(|trail| trail.reasons.push(hostile.clone())).unwrap());
            members.trails = with_reason.collect();
            for gap in &mut members.gaps {
                gap.description = hostile.clone();
                gap.witness.record.set(cis_rules::RecordField::ResourcesArn, hostile.clone());
            }
            members.summary = hostile.clone();
        });
        for trail in sample.snapshot.trails.iter_mut().flatten() {
            trail.trail.name = Some(hostile.clone());
            trail.trail.s3_bucket_name = Some(String::new());
        }
        let finding = Finding::new(&sample.input());
        assert!(finding.size() <= FINDING_SIZE, "{}", finding.size());
        let finding = serde_json::to_value(finding).unwrap();
        let texts = [
            (&finding["Title"], TITLE_LENGTH),
            (&finding["Description"], DESCRIPTION_LENGTH),
            (&finding["Remediation"]["Recommendation"]["Text"], RECOMMENDATION_LENGTH),
        ];
        let fields = finding["ProductFields"].as_object().unwrap();
        assert!(fields.len() <= MOST_PRODUCT_FIELDS, "{}", fields.len());
        let fields = fields.values().map(|value| (value, PRODUCT_FIELD_LENGTH));
        for (text, most) in texts.into_iter().chain(fields) {
            let text = text.as_str().unwrap();
            assert!(length(text) <= most && !text.trim().is_empty(), "{text}");
            assert!(!text.contains(char::is_control), "{text:?}");
        }
        let resources = finding["Resources"].as_array().unwrap().len();
        assert!((2..=MOST_RESOURCES).contains(&resources), "{resources}");
    }

    #[test]
    fn a_finding_that_is_too_large_loses_its_last_trails_and_then_fields() {
        let sample = Sample::with_trails(9, |number| format!("{TRAIL}-{number}"));
        let mut finding = Finding::new(&sample.input());
        let resources = finding.resources.len();
        finding.product_fields.0.push(("last".to_owned(), "x".repeat(FINDING_SIZE)));
        let fields = finding.product_fields.0.len();
        let fitted = finding.fitted();
        assert_eq!((resources, fitted.resources.len()), (10, 1));
        assert_eq!(fitted.product_fields.0.len(), fields - 1);
        assert!(fitted.size() <= FINDING_SIZE);
    }
}
