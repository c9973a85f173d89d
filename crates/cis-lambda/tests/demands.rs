//! What the rule's parameters demand of deliveries and log buckets, and what comes of it.
#![expect(clippy::unwrap_used, reason = "what a helper cannot unwrap fails the test")]

use cis_aws::{Access, Failure};
use cis_findings::asff::Finding;
use cis_lambda::Rule;
use cis_lambda::evaluation::PutRequest;
use cis_lambda::ports::{ListResults, PutError, PutEvaluations, ReadAccount, ReadError, Stored};
use cis_lambda::security_hub::{ImportError, ImportFindings};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

/// An account that is given, and an AWS Config and a Security Hub that take everything.
struct World(Value);

impl ReadAccount for &World {
    async fn read(&self, _: &Access) -> Result<Snapshot, ReadError> {
        Ok(Snapshot::from_json(&self.0.to_string())?)
    }
}

impl ListResults for &World {
    async fn list(&self, _: &Access, _: &str) -> Result<Vec<Stored>, Failure> {
        Ok(Vec::new())
    }
}

impl PutEvaluations for &World {
    async fn put(&self, _: &Access, _: &PutRequest) -> Result<(), PutError> {
        Ok(())
    }
}

impl ImportFindings for &World {
    async fn import(&self, _: &Access, findings: &[Finding]) -> Result<usize, ImportError> {
        Ok(findings.len())
    }
}

/// An account with one trail that logs everything and delivers to `audit-logs`.
fn account() -> Value {
    json!({
        "schemaVersion": 1,
        "accountId": "123456789012",
        "trails": [{
            "trail": {
                "TrailARN": "arn:aws:cloudtrail:us-east-2:123456789012:trail/main",
                "HomeRegion": "us-east-2",
                "IsMultiRegionTrail": true,
                "S3BucketName": "audit-logs",
            },
            "status": {"IsLogging": true},
            "eventSelectors": {"EventSelectors": [{
                "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}],
            }]},
        }],
    })
}

/// What is put about the account: the compliance and the annotation.
async fn put(account: Value, parameters: Value) -> (&'static str, String) {
    let mut event: Value = serde_json::from_str(include_str!("events/scheduled.json")).unwrap();
    event["ruleParameters"] = parameters.to_string().into();
    let world = World(account);
    let handled = Rule::new(&world, &world, &world, "us-east-2").handle(event).await.unwrap();
    let evaluation = &handled.request.evaluations[0];
    (evaluation.compliance_type.name(), evaluation.annotation.clone())
}

#[tokio::test]
async fn a_trail_counts_only_if_it_delivers_to_a_trusted_bucket() {
    for (buckets, expected) in [
        ("", "COMPLIANT"),
        ("audit-logs", "COMPLIANT"),
        ("central-logs,audit-logs", "COMPLIANT"),
        ("central-logs", "NON_COMPLIANT"),
        ("audit-logs-2", "NON_COMPLIANT"),
    ] {
        let (compliance, annotation) = put(account(), json!({"TrustedLogBuckets": buckets})).await;
        assert_eq!(compliance, expected, "{buckets}: {annotation}");
    }
}

#[tokio::test]
async fn a_trail_with_a_delivery_error_counts_unless_delivery_is_required() {
    let mut failing = account();
    failing["trails"][0]["status"]["LatestDeliveryError"] = "AccessDenied".into();
    for (account, require, expected) in [
        (account(), "true", "COMPLIANT"),
        (failing.clone(), "false", "COMPLIANT"),
        (failing, "true", "NON_COMPLIANT"),
    ] {
        let (compliance, annotation) = put(account, json!({"RequireDelivery": require})).await;
        assert_eq!(compliance, expected, "{require}: {annotation}");
    }
}

#[tokio::test]
async fn cloudtrails_own_deliveries_are_asked_for_only_on_demand() {
    let mut suppressing = account();
    suppressing["trails"][0]["trail"]["RecursiveLogging"] = false.into();
    for (account, deliveries, expected) in [
        (account(), "require", "COMPLIANT"),
        (suppressing.clone(), "ignore", "COMPLIANT"),
        (suppressing, "require", "NON_COMPLIANT"),
    ] {
        let parameters = json!({"CloudTrailDeliveries": deliveries});
        let (compliance, annotation) = put(account, parameters).await;
        assert_eq!(compliance, expected, "{deliveries}: {annotation}");
    }
}
