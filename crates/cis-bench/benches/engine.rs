//! How long parsing, matching and proving take, on a typical account, on families of accounts that
//! grow to AWS's quotas, and on the slowest one known.
#![expect(clippy::expect_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;

use cis_bench::configuration::VALUES;
use cis_bench::family;
use cis_rules::RecordField;
use cis_rules::evaluate;
use cis_rules::internals::trail::{Demands, Trail};
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::record::Record;
use cis_rules::snapshot::Snapshot;
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use serde_json::Value;

/// A management selector, one that leaves out the log bucket, and one that takes it.
const TYPICAL: &str = r#"{"schemaVersion":1,"accountId":"111122223333","partition":"aws","trails":[{
  "trail":{"Name":"main","S3BucketName":"acme-trail-logs",
    "TrailARN":"arn:aws:cloudtrail:us-east-1:111122223333:trail/main","HomeRegion":"us-east-1",
    "IsMultiRegionTrail":true,"IsOrganizationTrail":false,"HasCustomEventSelectors":true},
  "status":{"IsLogging":true,"LatestDeliveryTime":1763700000.0},
  "eventSelectors":{"AdvancedEventSelectors":[
    {"FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]},
    {"FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},
      {"Field":"resources.type","Equals":["AWS::S3::Object"]},{"Field":"readOnly","Equals":["false"]},
      {"Field":"resources.ARN","NotStartsWith":["arn:aws:s3:::acme-trail-logs/"]}]},
    {"FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},
      {"Field":"resources.type","Equals":["AWS::S3::Object"]},
      {"Field":"resources.ARN","StartsWith":["arn:aws:s3:::acme-trail-logs/"]}]}]}}]}"#;

/// The slowest account that the search has found so far.
const SLOWEST: &str = include_str!("../data/slowest.json");

/// A family's account.
fn account(family: &str, values: usize) -> String {
    let found = family::all(values).find(|(name, _)| *name == family);
    found.expect("the benchmark names families that there are").1.to_json().to_string()
}

fn question(mode: Mode) -> Question {
    Question::new(Kind::Write, mode)
}

fn snapshot(text: &str) -> Snapshot {
    Snapshot::from_json(text).expect("the benchmark's accounts are snapshots")
}

/// What all times are compared with: the JSON of the typical account, read as it is.
fn yardstick(criterion: &mut Criterion) {
    criterion.bench_function("yardstick", |bencher| {
        bencher.iter(|| serde_json::from_str::<Value>(black_box(TYPICAL)));
    });
}

fn parse(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("parse");
    for (name, text) in
        [("typical", TYPICAL.to_owned()), ("5x500", account("list-in-each-trail", VALUES))]
    {
        group
            .bench_function(name, |bencher| bencher.iter(|| Snapshot::from_json(black_box(&text))));
    }
    group.finish();
}

fn matching(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("match");
    let record = Record::of_object("arn:aws:s3:::payroll/2026/11.csv")
        .with(RecordField::ReadOnly, "false")
        .with(RecordField::EventName, "PutObject")
        .with(RecordField::EventSource, "s3.amazonaws.com")
        .with(RecordField::EventType, "AwsApiCall")
        .with(RecordField::UserIdentityArn, "arn:aws:iam::111122223333:user/alice");
    for (name, text) in
        [("typical", TYPICAL.to_owned()), ("5x500", account("list-in-each-trail", VALUES))]
    {
        let snapshot = snapshot(&text);
        let observed = snapshot.trails.as_deref().unwrap_or_default();
        let trails: Vec<Trail<'_>> =
            observed.iter().map(|trail| Trail::new(trail, &snapshot, Demands::default())).collect();
        group.bench_function(name, |bencher| {
            bencher.iter(|| trails.iter().map(|trail| trail.logs(black_box(&record))).max());
        });
    }
    group.finish();
}

fn prove(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("prove");
    for (name, text, mode) in [("typical", TYPICAL, Mode::Any), ("slowest", SLOWEST, Mode::Union)] {
        let account = snapshot(text);
        group.bench_function(name, |bencher| {
            bencher.iter(|| evaluate(black_box(&account), &question(mode)));
        });
    }
    for name in family::GROWING {
        for values in [10, 50, 100, 250, 500] {
            let account = snapshot(&account(name, values));
            group.bench_function(BenchmarkId::new(name, values), |bencher| {
                bencher.iter(|| evaluate(black_box(&account), &question(Mode::Union)));
            });
        }
    }
    group.finish();
}

criterion_group!(benches, yardstick, parse, matching, prove);
criterion_main!(benches);
