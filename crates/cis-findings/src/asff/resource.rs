//! What a finding is about: the account, and its trails.

use cis_rules::report::TrailResult;
use cis_rules::snapshot::ObservedTrail;
use serde::Serialize;

use super::MOST_RESOURCES;
use crate::evidence::trails_with_results;
use crate::finding_input::FindingInput;
use crate::text::{is_said, length};

/// The longest name of a resource; one that does not fit is no name any more.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/asff-required-attributes.html#Resources>
const LONGEST_ID: usize = 512;

/// The longest text that stands beside what the format has members for.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resourcedetails-other.html>
const LONGEST_OTHER: usize = 1023;

/// The longest name of a Region.
const LONGEST_REGION: usize = 16;

/// The partitions that the format has names for.
///
/// Source: <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Resource.html>
const PARTITIONS: [&str; 3] = ["aws", "aws-cn", "aws-us-gov"];

/// One resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Resource {
    #[serde(rename = "Type")]
    kind: &'static str,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Details {
    aws_cloud_trail_trail: Trail,
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<Other>,
}

/// Where a planned trail is written: what the format has no member for stands in texts here.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resourcedetails-other.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Other {
    source_file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source_line: Option<String>,
}

/// What the format can say of a trail; its selectors are not among it.
///
/// Source: <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsCloudTrailTrailDetails.html>
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Trail {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    trail_arn: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    home_region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_multi_region_trail: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_organization_trail: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    has_custom_event_selectors: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    s3_bucket_name: Option<String>,
}

/// The account, and then its trails: those that count first, as many as a finding may name.
pub(super) fn all(input: &FindingInput<'_>) -> Vec<Resource> {
    let partition = PARTITIONS
        .contains(&input.snapshot.partition.as_str())
        .then(|| input.snapshot.partition.clone());
    let account = Resource {
        kind: "AwsAccount",
        id: format!("AWS::::Account:{}", input.result.account_id),
        partition: partition.clone(),
        region: Some(input.region.to_owned()).filter(|region| length(region) <= LONGEST_REGION),
        details: None,
    };
    let mut trails: Vec<(&ObservedTrail, &TrailResult)> =
        trails_with_results(input.snapshot, input.result).collect();
    trails.sort_by_key(|(_, trail)| !trail.counts);
    let trails = trails.iter().filter_map(|(observed, _)| of_trail(observed, partition.as_ref()));
    std::iter::once(account).chain(trails).take(MOST_RESOURCES).collect()
}

/// A trail; none where it has no ARN that the format takes.
fn of_trail(observed: &ObservedTrail, partition: Option<&String>) -> Option<Resource> {
    let trail = &observed.trail;
    let short = |text: &Option<String>, longest| {
        text.clone().filter(|text| is_said(text) && length(text) <= longest && is_line(text))
    };
    let arn = short(&trail.arn, LONGEST_ID)?;
    let region = short(&trail.home_region, LONGEST_REGION);
    Some(Resource {
        kind: "AwsCloudTrailTrail",
        id: arn.clone(),
        partition: partition.cloned(),
        region: region.clone(),
        details: Some(Details {
            aws_cloud_trail_trail: Trail {
                name: short(&trail.name, LONGEST_ID),
                trail_arn: arn,
                home_region: region,
                is_multi_region_trail: trail.is_multi_region_trail,
                is_organization_trail: trail.is_organization_trail,
                has_custom_event_selectors: trail.has_custom_event_selectors,
                s3_bucket_name: short(&trail.s3_bucket_name, LONGEST_ID),
            },
            other: observed.place.as_ref().and_then(|place| {
                Some(Other {
                    source_file: short(&Some(place.file.clone()), LONGEST_OTHER)?,
                    source_line: place.line.map(|line| line.to_string()),
                })
            }),
        }),
    })
}

fn is_line(text: &str) -> bool {
    !text.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use cis_rules::snapshot::Place;
    use serde_json::json;

    use super::*;
    use crate::samples::{Sample, TRAIL};

    #[test]
    fn trails_that_count_are_named_first_and_the_account_always() {
        let mut sample = Sample::with_trails(40, |number| format!("{TRAIL}-{number}"));
        sample.change(|members| {
            for trail in &mut members.trails[..39] {
                *trail = trail.clone().with(|trail| trail.counts = false).unwrap();
            }
        });
        let resources = all(&sample.input());
        assert_eq!(resources.len(), MOST_RESOURCES);
        assert_eq!(resources[0].kind, "AwsAccount");
        assert_eq!(resources[1].id, format!("{TRAIL}-39"));
    }

    #[test]
    fn a_trail_that_the_format_cannot_name_is_left_out() {
        let mut sample = Sample::non_compliant();
        for arn in [None, Some(" ".to_owned()), Some("x".repeat(513)), Some("a\nb".to_owned())] {
            sample.snapshot.trails.as_mut().unwrap()[0].trail.arn = arn.clone();
            assert_eq!(all(&sample.input()).len(), 1, "{arn:?}");
        }
    }

    #[test]
    fn a_trail_of_a_file_says_its_file_and_line() {
        let mut sample = Sample::non_compliant();
        let of = |sample: &Sample| serde_json::to_value(all(&sample.input())).unwrap()[1].clone();
        assert_eq!(of(&sample)["Details"].get("Other"), None);
        for (file, line, expected) in [
            ("main.tf", Some(12), json!({"SourceFile": "main.tf", "SourceLine": "12"})),
            ("main.tf.json", None, json!({"SourceFile": "main.tf.json"})),
        ] {
            let trail = &mut sample.snapshot.trails.as_mut().unwrap()[0];
            trail.place = Some(Place { file: file.into(), line });
            assert_eq!(of(&sample)["Details"]["Other"], expected);
        }
        for file in ["x".repeat(1024), "a\nb.tf".to_string()] {
            let trail = &mut sample.snapshot.trails.as_mut().unwrap()[0];
            trail.place = Some(Place { file, line: None });
            assert_eq!(of(&sample)["Details"].get("Other"), None);
        }
    }

    #[test]
    fn a_partition_that_the_format_does_not_know_is_not_said() {
        let mut sample = Sample::non_compliant();
        sample.snapshot.partition = "aws-eusc".to_owned();
        assert!(all(&sample.input()).iter().all(|resource| resource.partition.is_none()));
    }
}
