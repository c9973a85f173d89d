//! Trails made with boto3 in moto's server, as a user makes them, read by the real binaries.

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::moto::{ACCOUNT, Account, HOME, ONE_TRY};
use e2e::servers::Moto;
use e2e::trails::{all_s3, all_s3_but};
use serde_json::{Value, json};

fn start() -> Result<(Moto, Account)> {
    let moto = Moto::start()?;
    let account = Account::at(&moto.url())?;
    Ok((moto, account))
}

#[test]
fn one_trail_through_its_life() -> Result {
    let (_moto, mut account) = start()?;
    let (code, none) = account.audit(&[])?;
    assert_eq!((code, &none["verdict"]), (1, &json!("NON_COMPLIANT")), "no trail");
    assert_eq!(none["trails"], json!([]));

    account.advanced("main", all_s3())?;
    let (code, good) = account.audit(&[])?;
    assert_eq!((code, &good["verdict"]), (0, &json!("COMPLIANT")));
    let arn = format!("arn:aws:cloudtrail:{HOME}:{ACCOUNT}:trail/main");
    assert_eq!(good["trails"][0]["arn"], json!(arn));
    assert_eq!(good["trails"][0]["counts"], true);
    assert_eq!(good["trails"][0]["template"], "Log all events");
    assert_eq!(good["gaps"], json!([]));
    assert!(good["proof"].to_string().contains(&arn), "the proof cites the trail: {good:#}");

    account.call(HOME, "stop_logging", json!({"Name": "main"}))?;
    let (code, stopped) = account.audit(&[])?;
    assert_eq!((code, &stopped["verdict"]), (1, &json!("NON_COMPLIANT")));
    assert_eq!(stopped["trails"][0]["counts"], false);
    assert_ne!(stopped["trails"][0]["reasons"], json!([]));

    account.call(HOME, "start_logging", json!({"Name": "main"}))?;
    assert_eq!(account.audit(&[])?.0, 0, "logging again");

    account.call(HOME, "update_trail", json!({"Name": "main", "IsMultiRegionTrail": false}))?;
    let (code, single) = account.audit(&[])?;
    assert_eq!((code, &single["trails"][0]["counts"]), (1, &json!(false)), "one Region only");

    account.call(HOME, "delete_trail", json!({"Name": "main"}))?;
    assert_eq!(account.audit(&[])?, (1, none), "deleted: as if it had never been");
    Ok(())
}

#[test]
fn a_filter_on_one_bucket_is_shown_with_a_lost_event() -> Result {
    let (_moto, mut account) = start()?;
    account.advanced("main", all_s3_but("arn:aws:s3:::payroll/"))?;
    let (code, result) = account.audit(&[])?;
    assert_eq!((code, &result["verdict"]), (1, &json!("NON_COMPLIANT")));
    let witness = &result["gaps"][0]["witness"];
    let lost = witness["resources.ARN"].as_str().unwrap_or_default();
    assert!(lost.starts_with("arn:aws:s3:::payroll/"), "{witness}");
    assert_eq!(witness["readOnly"], "false");
    let summary = result["summary"].as_str().unwrap_or_default();
    assert!(summary.contains("payroll"), "{summary}");

    let allowed = account.audit(&["--allow-unlogged", "payroll"])?;
    assert_eq!((allowed.0, &allowed.1["verdict"]), (0, &json!("COMPLIANT")));
    let other = account.audit(&["--allow-unlogged", "payroll-2"])?;
    assert_eq!(other.0, 1, "another bucket's name allows nothing here");
    Ok(())
}

#[test]
fn basic_selectors_of_one_kind() -> Result {
    let (_moto, mut account) = start()?;
    let selectors = json!([{
        "ReadWriteType": "WriteOnly",
        "IncludeManagementEvents": true,
        "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
    }]);
    account.create("eu-west-1", "far", true, "EventSelectors", selectors)?;
    let (code, write) = account.audit(&["--kind", "write"])?;
    assert_eq!((code, &write["verdict"]), (0, &json!("COMPLIANT")));
    assert_eq!(write["trails"][0]["template"], "Log only write events");
    assert_eq!(
        write["trails"][0]["arn"],
        format!("arn:aws:cloudtrail:eu-west-1:{ACCOUNT}:trail/far"),
        "a trail whose home is another Region",
    );
    let (code, read) = account.audit(&["--kind", "read"])?;
    assert_eq!((code, &read["verdict"]), (1, &json!("NON_COMPLIANT")));
    assert_eq!(read["gaps"][0]["witness"]["readOnly"], "true");
    let both = account.run(&["audit", "--kind", "write", "--kind", "read", "--format", "json"])?;
    let verdicts = [&both.json()?["results"][0]["verdict"], &both.json()?["results"][1]["verdict"]]
        .map(Value::to_string);
    assert_eq!(verdicts, ["\"COMPLIANT\"", "\"NON_COMPLIANT\""]);
    assert_eq!(both.code, 1);
    Ok(())
}

#[test]
fn two_trails_in_the_three_modes() -> Result {
    let (moto, mut account) = start()?;
    account.advanced("most", all_s3_but("arn:aws:s3:::payroll/"))?;
    let payroll = json!([{"Name": "payroll", "FieldSelectors": [
        {"Field": "eventCategory", "Equals": ["Data"]},
        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
        {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::payroll/"]},
    ]}]);
    account.advanced("payroll", payroll)?;
    for (mode, code) in [("any", 1), ("union", 0), ("every", 1)] {
        assert_eq!(account.audit(&["--trails", mode])?.0, code, "{mode}");
    }
    moto.reset()?;
    account.advanced("all", all_s3())?;
    account.advanced("too", all_s3())?;
    for mode in ["any", "union", "every"] {
        assert_eq!(account.audit(&["--trails", mode])?.0, 0, "{mode}");
    }
    Ok(())
}

#[test]
fn the_function_reports_in_test_mode() -> Result {
    let (moto, mut account) = start()?;
    account.advanced("main", all_s3_but("arn:aws:s3:::payroll/"))?;
    let mut function = Bootstrap::start_with(&moto.url(), HOME, &ONE_TRY)?;
    account.reports_in_test_mode(&mut function)?;
    Ok(())
}
