//! The same calls to moto and to the stand-in: the same answers wherever moto is right.
//!
//! Where the two differ, the difference is named here with the documentation that decides it.

use e2e::Result;
use e2e::boto::{Boto, Outcome};
use e2e::servers::{Moto, Standin, world_of};
use e2e::trails::{all_s3, all_s3_but};
use serde_json::{Value, json};

/// moto's account.
const ACCOUNT: &str = "123456789012";
const HOME: &str = "us-east-1";
const ELSEWHERE: &str = "eu-west-1";

fn arn(region: &str, name: &str) -> String {
    format!("arn:aws:cloudtrail:{region}:{ACCOUNT}:trail/{name}")
}

fn basic() -> Value {
    json!([{
        "ReadWriteType": "WriteOnly",
        "IncludeManagementEvents": true,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
        "ExcludeManagementEventSources": [],
    }])
}

/// The trails of both worlds: region, name, multi-Region, logging, selectors.
fn trails() -> [(&'static str, &'static str, bool, bool, &'static str, Value); 4] {
    [
        (HOME, "alpha", true, true, "AdvancedEventSelectors", all_s3()),
        (HOME, "beta", false, true, "EventSelectors", basic()),
        (HOME, "gamma", true, false, "AdvancedEventSelectors", all_s3_but("arn:aws:s3:::logs/")),
        (ELSEWHERE, "delta", true, true, "EventSelectors", basic()),
    ]
}

fn create_in_moto(moto: &Moto) -> Result<Boto> {
    let mut boto = Boto::start(&moto.url())?;
    boto.call(HOME, "s3", "create_bucket", json!({"Bucket": "trail-logs"}))??;
    for (region, name, multi, logging, kind, selectors) in trails() {
        let trail =
            json!({"Name": name, "S3BucketName": "trail-logs", "IsMultiRegionTrail": multi});
        boto.call(region, "cloudtrail", "create_trail", trail)??;
        let mut put = json!({"TrailName": name});
        put[kind] = selectors;
        boto.call(region, "cloudtrail", "put_event_selectors", put)??;
        if logging {
            boto.call(region, "cloudtrail", "start_logging", json!({"Name": name}))??;
        }
    }
    Ok(boto)
}

fn describe_to_standin(standin: &Standin) -> Result<Boto> {
    let described = trails().map(|(region, name, multi, logging, kind, selectors)| {
        let mut found = json!({"TrailARN": arn(region, name)});
        found[kind] = selectors;
        json!({
            "trail": {
                "Name": name,
                "S3BucketName": "trail-logs",
                "IncludeGlobalServiceEvents": true,
                "IsMultiRegionTrail": multi,
                "HomeRegion": region,
                "TrailARN": arn(region, name),
                "LogFileValidationEnabled": false,
                "HasCustomEventSelectors": true,
                "HasInsightSelectors": false,
                "IsOrganizationTrail": false,
            },
            "status": {"IsLogging": logging},
            "eventSelectors": found,
        })
    });
    standin.set_world(&world_of(&json!({
        "schemaVersion": 1, "accountId": ACCOUNT, "partition": "aws", "region": HOME,
        "trails": described,
    })))?;
    Boto::start(&standin.url())
}

/// The answer without what depends on the clock, without empty lists, and with lists in order.
fn comparable(outcome: Outcome) -> Outcome {
    outcome.map(|mut value| {
        if let Some(members) = value.as_object_mut() {
            members.retain(|name, member| {
                let of_the_clock = name.contains("Time") || name.starts_with("Latest");
                !of_the_clock && *member != json!([])
            });
            for list in ["trailList", "Trails"] {
                if let Some(list) = members.get_mut(list).and_then(Value::as_array_mut) {
                    list.sort_by_key(|item| item["TrailARN"].to_string());
                }
            }
        }
        value
    })
}

struct Both {
    moto: Boto,
    standin: Boto,
}

impl Both {
    fn call(&mut self, region: &str, method: &str, parameters: &Value) -> Result<[Outcome; 2]> {
        let moto = self.moto.call(region, "cloudtrail", method, parameters.clone())?;
        let standin = self.standin.call(region, "cloudtrail", method, parameters.clone())?;
        Ok([comparable(moto), comparable(standin)])
    }
}

#[test]
fn the_same_answers_wherever_moto_is_right() -> Result {
    let (moto, standin) = (Moto::start_corrected()?, Standin::start()?);
    let mut both = Both { moto: create_in_moto(&moto)?, standin: describe_to_standin(&standin)? };
    let mut calls: Vec<(&str, &str, Value)> = Vec::new();
    for region in [HOME, ELSEWHERE, "ap-south-1"] {
        calls.push((region, "describe_trails", json!({})));
        calls.push((region, "describe_trails", json!({"includeShadowTrails": true})));
        calls.push((region, "describe_trails", json!({"includeShadowTrails": false})));
        for (home, name, multi, ..) in trails() {
            let at_home = region == home;
            let by_arn = arn(home, name);
            if at_home {
                calls.push((region, "get_event_selectors", json!({"TrailName": name})));
                calls.push((region, "get_event_selectors", json!({"TrailName": by_arn})));
                calls.push((region, "get_trail_status", json!({"Name": name})));
            } else {
                calls.push((region, "get_event_selectors", json!({"TrailName": name})));
                calls.push((region, "get_trail", json!({"Name": name})));
            }
            if at_home || multi {
                calls.push((region, "get_trail_status", json!({"Name": by_arn})));
            }
        }
        for unknown in ["missing", &arn(region, "missing"), "a"] {
            calls.push((region, "get_trail", json!({"Name": unknown})));
            calls.push((region, "get_trail_status", json!({"Name": unknown})));
            calls.push((region, "get_event_selectors", json!({"TrailName": unknown})));
        }
    }
    let mut answers = 0;
    for (region, method, parameters) in calls {
        let [moto, standin] = both.call(region, method, &parameters)?;
        assert_eq!(moto, standin, "{method} {parameters} in {region}");
        answers += usize::from(standin.is_ok());
    }
    assert_eq!(answers, 31, "calls that both answer without an error");
    standin.check_models()
}

/// <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html>
#[test]
fn moto_errs_on_has_custom_event_selectors() -> Result {
    let moto = Moto::start()?;
    let mut boto = create_in_moto(&moto)?;
    let answer = boto.call(HOME, "cloudtrail", "get_trail", json!({"Name": "alpha"}))??;
    assert_eq!(
        answer["Trail"]["HasCustomEventSelectors"], false,
        "moto is right now: start it uncorrected",
    );
    Ok(())
}

/// Each call to which moto gives a wrong answer, with what decides that it is wrong.
#[test]
fn moto_errs_where_the_documentation_says_otherwise() -> Result {
    let (moto, standin) = (Moto::start_corrected()?, Standin::start()?);
    let mut both = Both { moto: create_in_moto(&moto)?, standin: describe_to_standin(&standin)? };
    let alpha = arn(HOME, "alpha");
    let not_found = Err("TrailNotFoundException".to_string());

    // "Specifies the name of the trail or trail ARN", without a restriction to the home Region.
    // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetEventSelectors.html
    let [wrong, right] =
        both.call(ELSEWHERE, "get_event_selectors", &json!({"TrailName": alpha}))?;
    assert_eq!(wrong, not_found);
    assert_eq!(right?["AdvancedEventSelectors"], all_s3());

    // "The name or the Amazon Resource Name (ARN) of the trail", likewise.
    // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrail.html
    let [wrong, right] = both.call(ELSEWHERE, "get_trail", &json!({"Name": alpha}))?;
    assert_eq!(wrong, not_found);
    assert_eq!(right?["Trail"]["TrailARN"], alpha);

    // HomeRegion, "The Region in which the trail was created", is a member of every trail.
    // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_Trail.html
    let [wrong, right] = both.call(HOME, "get_trail", &json!({"Name": "alpha"}))?;
    assert_eq!(wrong?["Trail"].get("HomeRegion"), None);
    assert_eq!(right?["Trail"]["HomeRegion"], HOME);

    // "To get the status of a shadow trail (a replication of the trail in another Region), you must
    // specify its ARN."
    // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html
    let [wrong, right] = both.call(ELSEWHERE, "get_trail_status", &json!({"Name": "alpha"}))?;
    assert_eq!(wrong?["IsLogging"], true);
    assert_eq!(right, not_found);

    // "information is returned only if the names match".
    // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_DescribeTrails.html
    let [wrong, right] = both.call(HOME, "describe_trails", &json!({"trailNameList": ["beta"]}))?;
    assert_eq!(wrong?["trailList"].as_array().map(Vec::len), Some(4));
    let right = right?;
    assert_eq!(right["trailList"][0]["Name"], "beta");
    assert_eq!(right["trailList"].as_array().map(Vec::len), Some(1));

    // "Returns the name, ARN, and home Region of trails in the current account": single-Region trails
    // of other Regions too.
    // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_ListTrails.html
    let [wrong, right] = both.call(ELSEWHERE, "list_trails", &json!({}))?;
    assert_eq!(wrong?["Trails"].as_array().map(Vec::len), Some(3));
    assert_eq!(right?["Trails"].as_array().map(Vec::len), Some(4));

    // CloudTrailARNInvalidException: "when an operation is called with an ARN that is not valid".
    let [wrong, right] = both.call(HOME, "get_trail", &json!({"Name": "arn:aws:iam::1:x"}))?;
    assert_eq!(wrong, not_found);
    assert_eq!(right, Err("CloudTrailARNInvalidException".to_string()));
    Ok(())
}
