//! Trails made with boto3 in moto's server, as a user makes them, read by the real binaries.

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::boto::Boto;
use e2e::cli::{Aws, Ran, trailproof};
use e2e::event::scheduled;
use e2e::servers::Moto;
use e2e::trails::{all_s3, all_s3_but};
use serde_json::{Value, json};

/// moto's account.
const ACCOUNT: &str = "123456789012";
const HOME: &str = "us-east-1";

/// An account in moto, and the user who sets it up.
struct Account {
    moto: Moto,
    user: Boto,
}

impl Account {
    fn start() -> Result<Self> {
        let moto = Moto::start()?;
        let user = Boto::start(&moto.url())?;
        Ok(Self { moto, user })
    }

    fn call(&mut self, region: &str, method: &str, parameters: Value) -> Result<Value> {
        Ok(self.user.call(region, "cloudtrail", method, parameters)??)
    }

    /// CreateTrail, PutEventSelectors and StartLogging: a trail as the console's wizard makes one.
    fn create(
        &mut self,
        region: &str,
        name: &str,
        multi: bool,
        kind: &str,
        selectors: Value,
    ) -> Result {
        let bucket = json!({"Bucket": "trail-logs"});
        self.user.call(HOME, "s3", "create_bucket", bucket)??;
        let trail =
            json!({"Name": name, "S3BucketName": "trail-logs", "IsMultiRegionTrail": multi});
        self.call(region, "create_trail", trail)?;
        let mut put = json!({"TrailName": name});
        put[kind] = selectors;
        self.call(region, "put_event_selectors", put)?;
        self.call(region, "start_logging", json!({"Name": name}))?;
        Ok(())
    }

    fn advanced(&mut self, name: &str, selectors: Value) -> Result {
        self.create(HOME, name, true, "AdvancedEventSelectors", selectors)
    }

    fn run(&self, arguments: &[&str]) -> Result<Ran> {
        let url = self.moto.url();
        trailproof(Aws { endpoint: &url, region: HOME }, arguments, "")
    }

    /// The live audit's only result, after a check that its snapshot gives the same.
    fn audit(&self, arguments: &[&str]) -> Result<(i32, Value)> {
        let audit = ["audit", "--format", "json"];
        let live = self.run(&[&audit[..], arguments].concat())?;
        let snapshot = self.run(&["snapshot"])?;
        assert_eq!((snapshot.code, snapshot.stderr.as_str()), (0, ""));
        let from_file = trailproof(
            e2e::cli::NO_AWS,
            &[&audit[..], &["--snapshot", "-"], arguments].concat(),
            &snapshot.stdout,
        )?;
        assert_eq!(live.json()?, from_file.json()?, "live and from its snapshot");
        assert_eq!(live.code, from_file.code);
        let mut report = live.json()?;
        assert_eq!(report["results"].as_array().map(Vec::len), Some(1));
        assert_eq!(report["results"][0]["accountId"], ACCOUNT);
        Ok((live.code, report["results"][0].take()))
    }
}

#[test]
fn one_trail_through_its_life() -> Result {
    let mut account = Account::start()?;
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
    let mut account = Account::start()?;
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
    let mut account = Account::start()?;
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
    let mut account = Account::start()?;
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
    account.moto.reset()?;
    account.advanced("all", all_s3())?;
    account.advanced("too", all_s3())?;
    for mode in ["any", "union", "every"] {
        assert_eq!(account.audit(&["--trails", mode])?.0, 0, "{mode}");
    }
    Ok(())
}

#[test]
fn the_function_reports_in_test_mode() -> Result {
    let mut account = Account::start()?;
    account.advanced("main", all_s3_but("arn:aws:s3:::payroll/"))?;
    let tries = [("AWS_MAX_ATTEMPTS", "1")];
    let mut bootstrap = Bootstrap::start_with(&account.moto.url(), HOME, &tries)?;
    let mut event = scheduled(ACCOUNT, HOME, "aws", &json!({}));
    event["resultToken"] = json!("TESTMODE");
    let answer = bootstrap.invoke_to_answer(&event)?;
    let (_, audit) = account.audit(&[])?;
    assert_eq!(
        answer["Evaluations"],
        json!([{
            "ComplianceResourceType": "AWS::::Account",
            "ComplianceResourceId": ACCOUNT,
            "ComplianceType": "NON_COMPLIANT",
            "Annotation": audit["summary"],
            "OrderingTimestamp": "2026-11-20T21:50:00.373Z",
        }])
    );
    // moto answers PutEvaluations with an error where it is not a test.
    event["resultToken"] = json!("token");
    let failed = bootstrap.invoke_to_fail(&event)?;
    assert_eq!(failed.error_type, "PutEvaluationsFailed");
    Ok(())
}
