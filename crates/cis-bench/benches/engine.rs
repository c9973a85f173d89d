//! How long parsing, matching and proving take, on a typical account and on the largest that AWS allows.
#![expect(clippy::expect_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use cis_rules::evaluate;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::record::{Record, Resource};
use cis_rules::snapshot::Snapshot;
use cis_rules::trail::Trail;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};

fn selector(fields: &[Value]) -> Value {
    let required = [
        json!({"Field": "eventCategory", "Equals": ["Data"]}),
        json!({"Field": "resources.type", "Equals": ["AWS::S3::Object"]}),
    ];
    json!({"FieldSelectors": ([&required[..], fields].concat())})
}

fn account(trails: Vec<Vec<Value>>) -> String {
    let trails: Vec<Value> = trails
        .into_iter()
        .enumerate()
        .map(|(number, selectors)| {
            json!({
                "trail": {
                    "Name": format!("trail-{number}"), "S3BucketName": "acme-trail-logs",
                    "TrailARN": format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/trail-{number}"),
                    "HomeRegion": "us-east-1", "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
                    "IncludeGlobalServiceEvents": true, "HasCustomEventSelectors": true,
                },
                "status": {"IsLogging": true, "LatestDeliveryTime": 1_763_700_000.0},
                "eventSelectors": {"AdvancedEventSelectors": selectors},
            })
        })
        .collect();
    json!({"schemaVersion": 1, "accountId": "111122223333", "partition": "aws", "trails": trails})
        .to_string()
}

fn bucket(trail: usize, number: usize) -> String {
    format!("arn:aws:s3:::team-{trail}-bucket-{number:04}/")
}

/// A management selector and one that leaves out the log bucket, which another selector takes.
fn typical() -> String {
    let log_bucket = json!(["arn:aws:s3:::acme-trail-logs/"]);
    account(vec![vec![
        json!({"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}),
        selector(&[
            json!({"Field": "readOnly", "Equals": ["false"]}),
            json!({"Field": "resources.ARN", "NotStartsWith": log_bucket}),
        ]),
        selector(&[json!({"Field": "resources.ARN", "StartsWith": log_bucket})]),
    ]])
}

/// One trail that leaves out buckets, and takes them again one by one, with this many values in all.
fn exclusions(values: usize) -> String {
    let half = values / 2;
    let left_out: Vec<String> = (0..half).map(|number| bucket(0, number)).collect();
    let mut selectors =
        vec![selector(&[json!({"Field": "resources.ARN", "NotStartsWith": left_out})])];
    selectors.extend(
        left_out
            .iter()
            .map(|arn| selector(&[json!({"Field": "resources.ARN", "StartsWith": [arn]})])),
    );
    account(vec![selectors])
}

/// Five trails of this many values each: every trail leaves out other buckets.
fn five_trails(values: usize) -> String {
    let trail = |trail| {
        let left_out: Vec<String> = (0..values).map(|number| bucket(trail, number)).collect();
        vec![selector(&[json!({"Field": "resources.ARN", "NotStartsWith": left_out})])]
    };
    account((0..5).map(trail).collect())
}

fn question(mode: Mode) -> Question {
    Question { kind: Kind::Write, mode, allow_unlogged: Vec::new() }
}

fn snapshot(text: &str) -> Snapshot {
    Snapshot::from_json(text).expect("the benchmark's accounts are snapshots")
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    for (name, text) in [("typical", typical()), ("5x500", five_trails(500))] {
        group
            .bench_function(name, |bencher| bencher.iter(|| Snapshot::from_json(black_box(&text))));
    }
    group.finish();
}

fn matching(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("match");
    let record = Record {
        event_category: "Data".into(),
        resource_type: "AWS::S3::Object".into(),
        read_only: "false".into(),
        event_name: "PutObject".into(),
        event_source: "s3.amazonaws.com".into(),
        event_type: "AwsApiCall".into(),
        resource: Resource::Arn("arn:aws:s3:::payroll/2026/11.csv".into()),
        user_identity_arn: Some("arn:aws:iam::111122223333:user/alice".into()),
        session_credential_from_console: None,
    };
    for (name, text) in [("typical", typical()), ("5x500", five_trails(500))] {
        let snapshot = snapshot(&text);
        let observed = snapshot.trails.as_deref().unwrap_or_default();
        let trails: Vec<Trail<'_>> = observed
            .iter()
            .map(|trail| Trail::new(trail, &snapshot.account_id, &snapshot.partition))
            .collect();
        group.bench_function(name, |bencher| {
            bencher.iter(|| trails.iter().map(|trail| trail.logs(black_box(&record))).max());
        });
    }
    group.finish();
}

fn prove(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("prove");
    let typical = snapshot(&typical());
    group.bench_function("typical", |bencher| {
        bencher.iter(|| evaluate(black_box(&typical), &question(Mode::Any)))
    });
    for values in [10, 50, 100, 250, 500] {
        let account = snapshot(&exclusions(values));
        group.bench_function(BenchmarkId::new("exclusions", values), |bencher| {
            bencher.iter(|| evaluate(black_box(&account), &question(Mode::Any)));
        });
        let account = snapshot(&five_trails(values));
        group.bench_function(BenchmarkId::new("five-trails-union", values), |bencher| {
            bencher.iter(|| evaluate(black_box(&account), &question(Mode::Union)));
        });
    }
    group.finish();
}

criterion_group!(benches, parse, matching, prove);
criterion_main!(benches);
