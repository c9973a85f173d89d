//! What an aggregator of AWS Config has recorded, in place of reading accounts or beside it.

use loopback::{Answer, Request};
use serde_json::{Value, json};

use super::world::{MANAGEMENT, Site, World, id};

const RULE: &str = "cis-3-8-s3-object-level-write-logging";

/// An aggregator of a world of five members: what it has of them, by the rule's name in each.
fn aggregated(request: &Request, rule: impl Fn(usize) -> String) -> Option<Answer> {
    let asked = request.json();
    match request.operation() {
        "DescribeAggregateComplianceByConfigRules" => {
            assert_eq!(asked["ConfigurationAggregatorName"], "all");
            // Nothing of member 4.
            let compliance = ["COMPLIANT", "NON_COMPLIANT", "COMPLIANT", "COMPLIANT"];
            let row = |(number, compliance): (usize, &&str)| {
                json!({
                    "AccountId": id(number), "AwsRegion": "us-east-1", "ConfigRuleName": rule(number),
                    "Compliance": {"ComplianceType": compliance},
                })
            };
            let mut rows: Vec<Value> = compliance.iter().enumerate().map(row).collect();
            rows.push(json!({
                "AccountId": MANAGEMENT, "AwsRegion": "us-east-1", "ConfigRuleName": rule(9),
                "Compliance": {"ComplianceType": "COMPLIANT"},
            }));
            let wanted = &asked["Filters"]["ConfigRuleName"];
            rows.retain(|row| wanted.is_null() || row["ConfigRuleName"] == *wanted);
            Some(match asked["NextToken"].as_str() {
                // Pages may be empty.
                None => Answer::ok(
                    &json!({"AggregateComplianceByConfigRules": [], "NextToken": "rest"}),
                ),
                Some(_) => Answer::ok(&json!({"AggregateComplianceByConfigRules": rows})),
            })
        }
        "DescribeConfigurationAggregatorSourcesStatus" => Some(Answer::ok(&json!({
            "AggregatedSourceStatusList": [
                {"SourceId": id(0), "SourceType": "ACCOUNT", "AwsRegion": "us-east-1",
                 "LastUpdateStatus": "SUCCEEDED", "LastUpdateTime": 1.7e9},
                {"SourceId": id(3), "SourceType": "ACCOUNT", "AwsRegion": "us-east-1",
                 "LastUpdateStatus": "OUTDATED", "LastUpdateTime": 1.7e9,
                 "LastErrorCode": "ServiceFailure", "LastErrorMessage": "gone"},
            ],
        }))),
        _ => None,
    }
}

fn of_accounts(document: &Value) -> Vec<(String, Value, Value)> {
    let all = document["recorded"].as_array().unwrap().iter();
    let mut all: Vec<_> = all
        .map(|one| {
            let id = one["accountId"].as_str().unwrap().to_owned();
            (id, one["compliance"].clone(), one["freshness"].clone())
        })
        .collect();
    all.sort_by(|one, other| one.0.cmp(&other.0));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_recorded_is_told_with_accounts_that_are_missing_or_stale() {
    let site =
        Site::with(World::of(5), |request, _| aggregated(request, |_| RULE.to_owned())).await;
    let ran = site.run(&["--from-aggregator", "all", "--format", "json"]);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"));
    let expected = [
        (id(0), "COMPLIANT", "CURRENT"),
        (id(1), "NON_COMPLIANT", "CURRENT"),
        (id(2), "COMPLIANT", "CURRENT"),
        (id(3), "COMPLIANT", "STALE"),
        (id(4), "", "MISSING"),
        (MANAGEMENT.to_owned(), "COMPLIANT", "CURRENT"),
    ];
    let expected = expected.map(|(id, compliance, freshness)| {
        let compliance = if compliance.is_empty() { Value::Null } else { compliance.into() };
        (id, compliance, Value::from(freshness))
    });
    assert_eq!(of_accounts(&document), expected);
    assert_eq!(ran.code, Some(1));
    assert_eq!(site.server.requests_for("AssumeRole").len(), 0, "no account is read");

    let text = site.run(&["--from-aggregator", "all"]).stdout;
    for said in [
        format!("MISSING            {} (name-{})", id(4), id(4)),
        format!("NON_COMPLIANT      {}", id(1)),
        format!("STALE              {} (name-{})  was COMPLIANT", id(3), id(3)),
        "1 NON_COMPLIANT, 0 without a result, 3 COMPLIANT, 1 stale, 1 missing".to_owned(),
    ] {
        assert!(text.contains(&said), "{said}: {text}");
    }
    let csv = site.run(&["--from-aggregator", "all", "--format", "csv"]).stdout;
    assert!(
        csv.contains("is OUTDATED (ServiceFailure: gone); it was last updated at 2023-"),
        "{csv}"
    );
    let current = format!("{},{},{}", id(0), id(2), MANAGEMENT);
    let ran = site.run(&["--from-aggregator", "all", "--include", &current]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let ran = site.run(&["--from-aggregator", "all", "--include", &id(3)]);
    assert_eq!(ran.code, Some(3), "what is stale is not known");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_accounts_own_trails_stand_beside_what_is_recorded() {
    let made = |number: usize| format!("OrgConfigRule-{RULE}-ab12cd3{number}");
    let site = Site::with(World::of(5), move |request, _| aggregated(request, made)).await;
    let ran = site.run(&[
        "--from-aggregator",
        "all",
        "--compare",
        "--format",
        "json",
        "--keep",
        "sweep.jsonl",
    ]);
    let document: Value = serde_json::from_str(&ran.stdout).unwrap_or_else(|_| panic!("{ran:?}"));
    // The organization's trail covers all of them.
    let first = &document["recorded"][0];
    assert_eq!(
        (&first["accountId"], &first["verdict"], &first["agrees"]),
        (&json!(id(1)), &json!("COMPLIANT"), &json!(false))
    );
    assert_eq!(document["counts"]["disagreeing"], 1);
    assert_eq!(site.snapshots("sweep.jsonl").len(), 6);
    assert_eq!(ran.code, Some(1));
    let text = site.run(&["--from-aggregator", "all", "--compare"]).stdout;
    assert!(text.contains("its trails: COMPLIANT, which DISAGREES"), "{text}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_an_aggregator_cannot_answer_is_refused() {
    let site =
        Site::with(World::of(2), |request, _| aggregated(request, |_| RULE.to_owned())).await;
    let from = ["--from-aggregator", "all"];
    site.run(&[&from[..], &["--rule", "other"]].concat()).is_refused(&["`other`", "--rule"]);
    site.run(&[&from[..], &["--kind", "write,read"]].concat()).is_refused(&["one `--kind`"]);
    site.run(&[&from[..], &["--format", "sarif"]].concat()).is_refused(&["text, json or csv"]);
    site.run(&[&from[..], &["--keep", "x"]].concat()).is_refused(&["--compare"]);
    let site = Site::with(World::of(2), |request, _| {
        (request.operation() == "DescribeAggregateComplianceByConfigRules")
            .then(|| Answer::error("NoSuchConfigurationAggregatorException", "none"))
    })
    .await;
    site.run(&from)
        .is_refused(&["aggregator `all` of account 999988887777 in us-east-1", "--region"]);
}
