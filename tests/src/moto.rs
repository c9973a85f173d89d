//! An account in moto as a user sets it up with boto3, and what the real binaries say of it.

use serde_json::{Value, json};

use crate::Result;
use crate::bootstrap::Bootstrap;
use crate::boto::Boto;
use crate::cli::{self, Aws, Ran, trailproof};
use crate::event::scheduled;

/// moto's account.
pub const ACCOUNT: &str = "123456789012";

/// The Region of the account's user.
pub const HOME: &str = "us-east-1";

/// The function's environment where moto's errors are to be reported at once.
pub const ONE_TRY: [(&str, &str); 1] = [("AWS_MAX_ATTEMPTS", "1")];

/// An account in moto, and the user who sets it up.
#[derive(Debug)]
pub struct Account {
    url: String,
    user: Boto,
}

impl Account {
    /// The account in the moto at this URL.
    ///
    /// # Errors
    /// Where boto3 cannot be started.
    pub fn at(url: &str) -> Result<Self> {
        Ok(Self { url: url.to_string(), user: Boto::start(url)? })
    }

    /// Calls CloudTrail.
    ///
    /// # Errors
    /// Where moto answers with an error.
    pub fn call(&mut self, region: &str, method: &str, parameters: Value) -> Result<Value> {
        Ok(self.user.call(region, "cloudtrail", method, parameters)??)
    }

    /// CreateTrail, PutEventSelectors and StartLogging: a trail as the console's wizard makes one.
    ///
    /// # Errors
    /// Where moto answers with an error.
    pub fn create(
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

    /// A trail of all Regions with advanced selectors.
    ///
    /// # Errors
    /// Where moto answers with an error.
    pub fn advanced(&mut self, name: &str, selectors: Value) -> Result {
        self.create(HOME, name, true, "AdvancedEventSelectors", selectors)
    }

    /// Runs the command line in the account.
    ///
    /// # Errors
    /// Where it cannot be run.
    pub fn run(&self, arguments: &[&str]) -> Result<Ran> {
        trailproof(Aws { endpoint: &self.url, region: HOME }, arguments, "")
    }

    /// The live audit's only result, after a check that its snapshot gives the same.
    ///
    /// # Errors
    /// Where the command line cannot be run or writes no JSON.
    pub fn audit(&self, arguments: &[&str]) -> Result<(i32, Value)> {
        let audit = ["audit", "--format", "json"];
        let live = self.run(&[&audit[..], arguments].concat())?;
        let snapshot = self.run(&["snapshot"])?;
        assert_eq!((snapshot.code, snapshot.stderr.as_str()), (0, ""));
        let from_file = trailproof(
            cli::NO_AWS,
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

    /// Invokes a function that has [`ONE_TRY`] in an account that is NON_COMPLIANT: it reports what
    /// the audit says, and fails where AWS Config does not take it. Its answer.
    ///
    /// # Errors
    /// Where an invocation ends in another way.
    pub fn reports_in_test_mode(&self, function: &mut Bootstrap) -> Result<Value> {
        let mut event = scheduled(ACCOUNT, HOME, "aws", &json!({}));
        event["resultToken"] = json!("TESTMODE");
        let answer = function.invoke_to_answer(&event)?;
        let (_, audit) = self.audit(&[])?;
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
        let failed = function.invoke_to_fail(&event)?;
        assert_eq!(failed.error_type, "PutEvaluationsFailed");
        Ok(answer)
    }
}
