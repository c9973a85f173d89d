//! Findings as Compliance Findings of the Open Cybersecurity Schema Framework, version 1.6.0: the
//! version that AWS's own OCSF findings have.
//!
//! Sources: <https://schema.ocsf.io/1.6.0/classes/compliance_finding?profiles=cloud>,
//! <https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-ocsf.html>
//!
//! AWS offers no call that imports them: they are written to files, for lakes and other tools.

use cis_rules::report::{AccountResult, Verdict};
use cis_rules::snapshot::ObservedTrail;
use serde_json::{Map, Value, json};

use crate::evidence::{example, trails_with_results, without_verdict};
use crate::exception;
use crate::finding_input::FindingInput;
use crate::wording;

/// The version of the schema.
pub const VERSION: &str = "1.6.0";

/// The class: Compliance Finding, of the category Findings.
pub const CLASS_UID: u32 = 2003;
const CATEGORY_UID: u32 = 2;

/// A finding that is told, as against one that is updated or closed: the command knows of no other.
const CREATE: u32 = 1;

/// The finding of an answer.
#[must_use]
pub fn finding(input: &FindingInput<'_>) -> Value {
    let FindingInput { snapshot, result, region, read_at, .. } = *input;
    let time = read_at.milliseconds();
    let description = wording::description(input);
    let exceptions = exception::sentences(result);
    let comment = (!exceptions.is_empty()).then(|| exceptions.join(" "));
    told(json!({
        "activity_id": CREATE,
        "activity_name": "Create",
        "category_uid": CATEGORY_UID,
        "category_name": "Findings",
        "class_uid": CLASS_UID,
        "class_name": "Compliance Finding",
        "type_uid": CLASS_UID * 100 + CREATE,
        "type_name": "Compliance Finding: Create",
        "time": time,
        "severity_id": 3,
        "severity": "Medium",
        "status_id": if result.excepted().is_some() { 3 } else { 1 },
        "status": if result.excepted().is_some() { "Suppressed" } else { "New" },
        "comment": comment,
        "message": description,
        "metadata": {
            "version": VERSION,
            "product": {
                "name": wording::TOOL,
                "vendor_name": wording::TOOL,
                "version": wording::VERSION,
            },
            "profiles": ["cloud"],
        },
        "cloud": {
            "provider": "AWS",
            "account": {
                "uid": result.account_id,
                "name": result.name,
                "type_id": 10,
                "type": "AWS Account",
            },
            "cloud_partition": snapshot.partition,
            "region": region,
        },
        "finding_info": {
            "uid": input.id(),
            "title": wording::title(input),
            "desc": description,
            "types": [wording::TYPE],
            "created_time": time,
            "modified_time": time,
            "analytic": {
                "uid": input.generator(),
                "name": input.asked_by,
                "type_id": 1,
                "type": "Rule",
            },
        },
        "compliance": compliance(input),
        "evidences": evidences(result),
        "remediation": wording::remediation(input)
            .map(|fix| json!({"desc": fix, "references": [wording::ABOUT]})),
        "resources": resources(input),
    }))
}

fn compliance(input: &FindingInput<'_>) -> Value {
    let result = input.result;
    let (status_id, status) = match result.verdict {
        Verdict::Compliant => (1, "Pass"),
        // "did not yield a result due to missing information"
        Verdict::Indeterminate => (2, "Warning"),
        Verdict::NonCompliant => (3, "Fail"),
    };
    let requirements = wording::requirements(result);
    let mut standards: Vec<&str> =
        requirements.iter().filter_map(|named| Some(named.rsplit_once('/')?.0)).collect();
    standards.dedup();
    let settings = wording::settings(input.question).into_iter();
    let parameters: Vec<Value> =
        settings.map(|(name, value)| json!({"name": name, "value": value})).collect();
    let why = std::iter::once(without_verdict(result).to_owned());
    let details: Vec<String> = why.chain(result.trails.iter().map(wording::trail)).collect();
    json!({
        "control": requirements.first(),
        "control_parameters": parameters,
        "requirements": requirements,
        "standards": standards,
        "status_id": status_id,
        "status": status,
        "status_code": result.verdict.name(),
        "status_details": details,
    })
}

/// The lost records, each with the region that it is of.
fn evidences(result: &AccountResult) -> Vec<Value> {
    let of_no_trail = result.gaps.iter().collect::<Vec<_>>();
    let gaps = if of_no_trail.is_empty() {
        example(result).map(|(_, gap)| gap).into_iter().collect()
    } else {
        of_no_trail
    };
    gaps.into_iter()
        .map(|gap| json!({"name": gap.description, "data": {"lost_record": gap.witness}}))
        .collect()
}

/// The account and its trails.
fn resources(input: &FindingInput<'_>) -> Vec<Value> {
    let partition = &input.snapshot.partition;
    let account = json!({
        "type": "AwsAccount",
        "uid": format!("AWS::::Account:{}", input.result.account_id),
        "name": input.result.name,
        "cloud_partition": partition,
        "region": input.region,
    });
    let trails = trails_with_results(input.snapshot, input.result)
        .filter(|(observed, _)| observed.trail.arn.is_some() || observed.trail.name.is_some())
        .map(|(observed, _)| resource(observed, partition));
    std::iter::once(account).chain(trails).collect()
}

fn resource(observed: &ObservedTrail, partition: &str) -> Value {
    let trail = &observed.trail;
    json!({
        "type": "AwsCloudTrailTrail",
        "uid": trail.arn,
        "name": trail.name,
        "cloud_partition": partition,
        "region": trail.home_region,
        "data": {
            "is_multi_region_trail": trail.is_multi_region_trail,
            "is_organization_trail": trail.is_organization_trail,
            "has_custom_event_selectors": trail.has_custom_event_selectors,
            "is_logging": observed.status.as_ref().and_then(|status| status.is_logging),
            "s3_bucket_name": trail.s3_bucket_name,
            "source_file": observed.place.as_ref().map(|place| &place.file),
            "source_line": observed.place.as_ref().and_then(|place| place.line),
        },
    })
}

/// A value without the members that say nothing, except inside records, where `null` says that a
/// field is absent.
fn told(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let said = members.into_iter().filter(|(_, member)| !is_nothing(member));
            let said: Map<String, Value> = said
                .map(|(name, member)| {
                    let member = if name == "lost_record" { member } else { told(member) };
                    (name, member)
                })
                .collect();
            Value::Object(said)
        }
        Value::Array(items) => items.into_iter().map(told).collect(),
        other => other,
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use cis_rules::snapshot::Place;

    use super::*;
    use crate::asff;
    use crate::samples::{Sample, TRAIL};

    #[test]
    fn each_verdict_has_its_status() {
        let statuses = Sample::all().map(|sample| {
            let finding = finding(&sample.input());
            assert_eq!(finding["class_uid"], 2003);
            assert_eq!(finding["type_uid"], 200_301);
            assert_eq!(finding["severity_id"], 3);
            finding["compliance"]["status"].clone()
        });
        assert_eq!(statuses, ["Pass", "Fail", "Warning"]);
    }

    #[test]
    fn it_says_the_same_as_the_other_format() {
        for sample in Sample::all() {
            let ocsf = finding(&sample.input());
            let asff = serde_json::to_value(asff::Finding::new(&sample.input())).unwrap();
            for (here, there) in [
                ("/finding_info/uid", "/Id"),
                ("/finding_info/title", "/Title"),
                ("/finding_info/desc", "/Description"),
                ("/finding_info/types", "/FindingProviderFields/Types"),
                ("/remediation/desc", "/Remediation/Recommendation/Text"),
                ("/compliance/requirements", "/Compliance/RelatedRequirements"),
                ("/cloud/account/uid", "/AwsAccountId"),
                ("/resources/1/uid", "/Resources/1/Id"),
            ] {
                assert_eq!(ocsf.pointer(here), asff.pointer(there), "{here}");
            }
        }
    }

    #[test]
    fn lost_records_are_evidence_with_what_is_absent_from_them() {
        let sample = Sample::non_compliant();
        let finding = finding(&sample.input());
        let record = &finding["evidences"][0]["data"]["lost_record"];
        assert_eq!(*record, serde_json::to_value(&sample.result.gaps[0].witness).unwrap());
        assert!(record.as_object().unwrap().contains_key("userIdentity.arn"));
        let compliant = super::finding(&Sample::compliant().input());
        assert_eq!((compliant.get("evidences"), compliant.get("remediation")), (None, None));
    }

    #[test]
    fn a_trail_of_a_file_says_its_file_and_line() {
        let mut sample = Sample::non_compliant();
        let trail = &mut sample.snapshot.trails.as_mut().unwrap()[0];
        trail.place = Some(Place { file: "main.tf".into(), line: Some(12) });
        let found = finding(&sample.input());
        let data = &found["resources"][1]["data"];
        assert_eq!((&data["source_file"], &data["source_line"]), (&json!("main.tf"), &json!(12)));
        let without = finding(&Sample::non_compliant().input());
        assert_eq!(without["resources"][1]["data"].get("source_file"), None);
    }

    #[test]
    fn what_is_not_known_is_not_said() {
        let mut sample = Sample::non_compliant();
        sample.snapshot.name = None;
        sample.change(|members| members.name = None);
        let trail = &mut sample.snapshot.trails.as_mut().unwrap()[0];
        trail.trail.home_region = None;
        trail.status = None;
        let finding = finding(&sample.input());
        let resource = &finding["resources"][1];
        assert_eq!(resource["uid"], TRAIL);
        assert_eq!(resource.get("region"), None);
        assert_eq!(resource["data"].get("is_logging"), None);
        assert_eq!(finding["cloud"]["account"].get("name"), None);
    }
}
