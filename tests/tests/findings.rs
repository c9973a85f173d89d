//! Findings against what is published: ASFF by boto3's service model and the stand-in's, OCSF by its
//! schema.

use std::collections::{BTreeMap, BTreeSet};

use e2e::Result;
use e2e::boto::Boto;
use e2e::cases;
use e2e::cli::{NO_AWS, trailproof};
use e2e::ocsf::Schema;
use e2e::servers::{Standin, world_of};
use e2e::trails::{ACCOUNT, account, all_s3, all_s3_but, trail};
use serde_json::{Value, json};

const HOME: &str = "us-east-1";

fn lossy() -> Value {
    account(&[trail(HOME, "main", &all_s3_but("arn:aws:s3:::payroll/"))])
}

fn findings(form: &str, arguments: &[&str], input: &Value) -> Result<Vec<Value>> {
    let all = [&["audit", "--format", form, "--snapshot", "-"], arguments].concat();
    let ran = trailproof(NO_AWS, &all, &input.to_string())?;
    serde_json::from_str(&ran.stdout).map_err(|error| format!("{error}: {ran:?}").into())
}

fn world_with_hub(snapshot: &Value) -> Value {
    let mut world = world_of(snapshot);
    world["hubs"] = json!([[snapshot["accountId"], snapshot["region"]]]);
    world
}

fn import(boto: &mut Boto, region: &str, findings: &[Value]) -> Result<e2e::boto::Outcome> {
    boto.call(region, "securityhub", "batch_import_findings", json!({"Findings": findings}))
}

/// Each case's account once with both kinds, with a Region where it says none.
fn accounts() -> Result<Vec<Value>> {
    let mut accounts = Vec::new();
    for case in cases::all()? {
        let mut snapshot = case.snapshot;
        if snapshot["region"].is_null() {
            snapshot["region"] = json!(HOME);
        }
        snapshot["collectedAt"] = json!("2026-11-21T08:00:00Z");
        accounts.push(snapshot);
    }
    Ok(accounts)
}

#[test]
fn security_hub_takes_the_findings_of_every_case() -> Result {
    let standin = Standin::start()?;
    let mut boto = Boto::start(&standin.url())?;
    let accounts = accounts()?;
    let all = findings("asff", &["--kind", "write,read"], &json!(accounts))?;
    assert_eq!(all.len(), 2 * accounts.len());
    let mut statuses = BTreeSet::new();
    let mut of_account = BTreeMap::<String, (&Value, Vec<Value>)>::new();
    for (snapshot, pair) in accounts.iter().zip(all.chunks(2)) {
        let product = pair[0]["ProductArn"].to_string();
        let (_, findings) = of_account.entry(product).or_insert((snapshot, Vec::new()));
        findings.extend_from_slice(pair);
        statuses.extend(pair.iter().map(|finding| finding["Compliance"]["Status"].to_string()));
    }
    for (snapshot, findings) in of_account.values() {
        standin.set_world(&world_with_hub(snapshot))?;
        let region = snapshot["region"].as_str().unwrap_or(HOME);
        for batch in findings.chunks(100) {
            let answer = import(&mut boto, region, batch)??;
            assert_eq!(answer["FailedFindings"], json!([]));
            assert_eq!(answer["SuccessCount"], batch.len());
        }
        standin.check_models()?;
    }
    assert_eq!(Vec::from_iter(statuses), ["\"FAILED\"", "\"NOT_AVAILABLE\"", "\"PASSED\""]);
    Ok(())
}

#[test]
fn security_hub_takes_the_largest_findings() -> Result {
    let trails: Vec<Value> = (0..120)
        .map(|number| {
            let name = format!("trail-{number}-{}", "n".repeat(100));
            trail(HOME, &name, &all_s3_but(&format!("arn:aws:s3:::{}", "\u{1f600}".repeat(200))))
        })
        .collect();
    let snapshot = account(&trails);
    let standin = Standin::with(&world_with_hub(&snapshot))?;
    let mut boto = Boto::start(&standin.url())?;
    for mode in ["any", "every"] {
        let arguments = ["--trails", mode, "--kind", "write,read"];
        let findings = findings("asff", &arguments, &snapshot)?;
        assert_eq!(findings[0]["Resources"].as_array().map(Vec::len), Some(32));
        let answer = import(&mut boto, HOME, &findings)??;
        assert_eq!(answer["FailedFindings"], json!([]));
    }
    standin.check_models()
}

#[test]
fn a_later_answer_updates_the_finding_and_an_older_one_does_not() -> Result {
    let standin = Standin::with(&world_with_hub(&lossy()))?;
    let mut boto = Boto::start(&standin.url())?;
    let good = account(&[trail(HOME, "main", &all_s3())]);
    for (mut snapshot, read_at, status) in [
        (lossy(), "2026-11-21T08:00:00Z", "FAILED"),
        (good.clone(), "2026-11-21T09:00:00Z", "PASSED"),
        (lossy(), "2026-11-20T08:00:00Z", "PASSED"),
        (lossy(), "2026-11-21T09:00:00Z", "PASSED"),
    ] {
        snapshot["collectedAt"] = json!(read_at);
        import(&mut boto, HOME, &findings("asff", &[], &snapshot)?)??;
        let stored = standin.findings()?;
        assert_eq!(stored.len(), 1);
        assert_eq!(stored[0]["Compliance"]["Status"], status, "{read_at}");
    }
    Ok(())
}

#[test]
fn the_stand_in_refuses_what_security_hub_refuses() -> Result {
    let standin = Standin::with(&world_of(&lossy()))?;
    let mut boto = Boto::start(&standin.url())?;
    let good = findings("asff", &[], &lossy())?.remove(0);
    let off = import(&mut boto, HOME, std::slice::from_ref(&good))?;
    assert_eq!(off, Err("InvalidAccessException".to_string()), "the hub is off");

    standin.set_world(&world_with_hub(&lossy()))?;
    let with = |member: &str, value: Value| {
        let mut changed = good.clone();
        changed[member] = value;
        changed
    };
    let fields: serde_json::Map<String, Value> =
        (0..51).map(|number| (number.to_string(), json!("x"))).collect();
    let mut too_long = good.clone();
    too_long["Remediation"]["Recommendation"]["Text"] = json!("x".repeat(513));
    for (finding, said) in [
        (with("AwsAccountId", json!("444455556666")), "caller's account"),
        (with("AwsAccountId", json!("1")), "must have 12 characters"),
        (with("Title", json!("x".repeat(257))), ".Title: is longer than 256"),
        (with("Description", json!("x".repeat(1025))), ".Description: is longer than 1024"),
        (with("UpdatedAt", json!("yesterday")), "is not a time"),
        (with("ProductFields", Value::Object(fields)), "more than 50 pairs"),
        (with("ProductFields", json!({"a": "x".repeat(2049)})), "is too long"),
        (with("Resources", vec![good["Resources"][0].clone(); 33].into()), "more than 32 items"),
        (too_long, "is longer than 512"),
    ] {
        let answer = import(&mut boto, HOME, &[finding, good.clone()])??;
        assert_eq!((&answer["FailedCount"], &answer["SuccessCount"]), (&json!(1), &json!(1)));
        let message = answer["FailedFindings"][0]["ErrorMessage"].as_str().unwrap_or_default();
        assert!(message.contains(said), "{message}");
    }
    let unchecked = |boto: &mut Boto, findings: Value| {
        boto.call_unchecked(
            HOME,
            "securityhub",
            "batch_import_findings",
            json!({"Findings": findings}),
        )
    };
    for refused in [
        json!([]),
        vec![good.clone(); 101].into(),
        json!([with("Title", json!(" "))]),
        json!([with("RecordState", json!("OPEN"))]),
    ] {
        let answer = unchecked(&mut boto, refused)?;
        assert_eq!(answer, Err("ValidationException".to_string()));
    }
    Ok(())
}

#[test]
fn ocsf_findings_are_of_the_published_schema() -> Result {
    let schema = Schema::load()?;
    for finding in findings("ocsf", &["--kind", "write,read"], &json!(accounts()?))? {
        assert_eq!(schema.problems(&finding)?, Vec::<String>::new(), "{finding:#}");
    }
    let planned = json!({"Resources": {"Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {
        "IsLogging": true, "S3BucketName": "logs"}}}});
    let arguments =
        ["audit", "--format", "ocsf", "--template", "-", "--region", HOME, "--account", ACCOUNT];
    let ran = trailproof(NO_AWS, &arguments, &planned.to_string())?;
    let finding = &ran.json()?[0];
    assert_eq!(schema.problems(finding)?, Vec::<String>::new(), "{finding:#}");
    Ok(())
}

#[test]
fn the_schema_is_not_kept_by_just_anything() -> Result {
    let schema = Schema::load()?;
    let good = findings("ocsf", &[], &lossy())?.remove(0);
    let cases: [(&str, Value, &str); 12] = [
        ("/class_uid", json!(2004), "class_uid: 2004 must be 2003"),
        ("/type_uid", json!(200302), "type_uid"),
        ("/time", json!("now"), ".time: must be of type timestamp_t"),
        ("/severity_id", json!(7), ".severity_id: 7 is not one of its values"),
        ("/severity", json!("Bad"), ".severity_id: 3 is \"Medium\""),
        ("/metadata/profiles", json!([]), ".cloud: is not an attribute here"),
        ("/metadata/version", json!("1.0.0"), "metadata.version"),
        ("/cloud/account", json!({"tags": []}), ".cloud.account: at_least_one"),
        ("/compliance/status", json!("Failed"), ".compliance.status_id: 3 is \"Fail\""),
        ("/compliance/standards", json!("CIS"), ".compliance.standards: must be an array"),
        ("/finding_info", json!({"title": "no uid"}), ".finding_info.uid: is required"),
        ("/resources/0", json!({"uid": 1}), ".resources[0].uid: must be of type resource_uid_t"),
    ];
    for (place, value, said) in cases {
        let mut changed = good.clone();
        *changed.pointer_mut(place).ok_or(place)? = value;
        let problems = schema.problems(&changed)?;
        assert!(problems.iter().any(|problem| problem.contains(said)), "{place}: {problems:?}");
    }
    let mut deprecated = good;
    deprecated["resource"] = json!({"uid": "x"});
    assert_eq!(schema.problems(&deprecated)?, [".resource: is deprecated"]);
    Ok(())
}
