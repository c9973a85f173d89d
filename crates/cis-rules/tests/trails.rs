//! What the facts about a trail do to the verdict, one by one.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod account;

use cis_rules::RecordField;
use cis_rules::evaluate;
use cis_rules::question::{Deliveries, Kind, Mode, Question};
use cis_rules::report::{AccountResult, ConsoleTemplate, LeftOut, Verdict};
use cis_rules::snapshot::Snapshot;
use serde_json::{Value, json};

/// A change to a trail, or to a selector.
type Change = fn(&mut Value);

/// A trail that logs everything, with changes.
fn trail(change: impl Fn(&mut Value)) -> Value {
    let mut trail = json!({
        "trail": {
            "Name": "main", "TrailARN": "arn:aws:cloudtrail:us-east-1:111122223333:trail/main",
            "HomeRegion": "us-east-1", "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
            "HasCustomEventSelectors": true, "S3BucketName": "acme-trail-logs",
        },
        "status": {"IsLogging": true},
        "eventSelectors": {"EventSelectors": [{"ReadWriteType": "All",
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]}]},
    });
    change(&mut trail);
    trail
}

fn decide(trails: &[Value], kind: Kind) -> AccountResult {
    answer(trails, kind, Mode::Any)
}

fn answer(trails: &[Value], kind: Kind, mode: Mode) -> AccountResult {
    evaluate(&account::of(trails), &Question::new(kind, mode))
}

fn write(change: impl Fn(&mut Value)) -> AccountResult {
    decide(&[trail(change)], Kind::Write)
}

#[test]
fn each_fact_that_disqualifies_a_trail() {
    assert_eq!(write(|_| {}).verdict, Verdict::Compliant);
    let disqualified: [(&str, Change); 3] = [
        ("it is a single-Region trail", |trail| {
            trail["trail"]["IsMultiRegionTrail"] = json!(false)
        }),
        ("it is stopped", |trail| trail["status"]["IsLogging"] = json!(false)),
        ("it belongs to another account and is not an organization trail", |trail| {
            trail["trail"]["TrailARN"] =
                json!("arn:aws:cloudtrail:us-east-1:999988887777:trail/main");
        }),
    ];
    for (reason, change) in disqualified {
        let result = write(change);
        assert_eq!(result.verdict, Verdict::NonCompliant, "{reason}");
        assert!(!result.trails[0].counts);
        assert_eq!(result.trails[0].reasons, [reason]);
    }
}

#[test]
fn another_accounts_organization_trail_counts() {
    let result = write(|trail| {
        trail["trail"]["TrailARN"] = json!("arn:aws:cloudtrail:us-east-1:999988887777:trail/main");
        trail["trail"]["IsOrganizationTrail"] = json!(true);
    });
    assert_eq!(result.verdict, Verdict::Compliant);
}

#[test]
fn each_fact_that_is_not_known_leaves_it_open() {
    let unknown: [(&str, Change); 5] = [
        ("IsMultiRegionTrail", |trail| trail["trail"]["IsMultiRegionTrail"] = Value::Null),
        ("status", |trail| trail["status"] = Value::Null),
        ("IsLogging", |trail| trail["status"] = json!({})),
        ("selectors", |trail| trail["eventSelectors"] = Value::Null),
        ("owner", |trail| trail["trail"]["TrailARN"] = Value::Null),
    ];
    for (fact, change) in unknown {
        let result = write(change);
        assert_eq!(result.verdict, Verdict::Indeterminate, "{fact}");
        assert!(result.trails[0].counts && !result.trails[0].reasons.is_empty(), "{fact}");
        assert!(!result.unknowns.is_empty(), "{fact}");
    }
}

#[test]
fn default_selectors_log_no_data_events() {
    let result = write(|trail| {
        trail["eventSelectors"] = Value::Null;
        trail["trail"]["HasCustomEventSelectors"] = json!(false);
    });
    assert_eq!(result.verdict, Verdict::NonCompliant);
}

#[test]
fn cloudtrails_own_deliveries_are_demanded_only_where_they_are_asked_for() {
    let without = trail(|trail| trail["trail"]["RecursiveLogging"] = json!(false));
    let with = trail(|_| {});
    let asked = |trails: &[Value], kind, mode, deliveries| {
        let question = Question { deliveries, ..Question::new(kind, mode) };
        evaluate(&account::of(trails), &question)
    };
    for mode in Mode::ALL {
        let ignored = asked(std::slice::from_ref(&without), Kind::Write, mode, Deliveries::Ignore);
        assert_eq!(ignored.verdict, Verdict::Compliant);
        assert_eq!(ignored.left_out, [LeftOut::CloudtrailDeliveries]);
        let lost = asked(std::slice::from_ref(&without), Kind::Write, mode, Deliveries::Require);
        assert_eq!((lost.verdict, lost.left_out.len()), (Verdict::NonCompliant, 0));
        let gap = &lost.trails[0].gaps[0];
        assert_eq!(
            gap.description,
            "PutObject in any bucket, with eventSource `s3.amazonaws.com`, with userIdentity.arn \
             absent, with userIdentity.invokedBy `cloudtrail.amazonaws.com`, with \
             sessionCredentialFromConsole absent"
        );
        assert!(gap.witness.documented);
        assert_eq!(gap.witness.get(RecordField::InvokedBy), Some("cloudtrail.amazonaws.com"));
        assert_eq!(gap.witness.get(RecordField::UserIdentityArn), None);
        let reads = asked(std::slice::from_ref(&without), Kind::Read, mode, Deliveries::Require);
        assert_eq!(reads.verdict, Verdict::Compliant);
    }
    let both = [without, with];
    assert_eq!(
        asked(&both, Kind::Write, Mode::Union, Deliveries::Require).verdict,
        Verdict::Compliant
    );
}

#[test]
fn a_single_region_trail_proves_nothing_and_its_region_is_no_witness() {
    let single = trail(|trail| {
        trail["trail"]["IsMultiRegionTrail"] = json!(false);
        trail["trail"]["HomeRegion"] = json!("eu-west-1");
    });
    for mode in Mode::ALL {
        let result = answer(std::slice::from_ref(&single), Kind::Write, mode);
        assert_eq!(result.verdict, Verdict::NonCompliant);
        let gap = &result.trails[0].gaps[0];
        assert_eq!(
            gap.description,
            "every write event in any bucket, with awsRegion other than `eu-west-1`"
        );
        let region = gap.witness.get(RecordField::AwsRegion).unwrap();
        assert_ne!(region, "eu-west-1");
    }
    // What a multi-Region trail misses, the other one has in its own Region.
    let misses = trail(|trail| {
        let filter = json!({"Field": "eventName", "NotEquals": ["DeleteObject"]});
        trail["eventSelectors"] = json!({"AdvancedEventSelectors": [account::objects(&[filter])]});
    });
    let result = answer(&[misses, single], Kind::Write, Mode::Union);
    let witness = &result.gaps[0].witness;
    assert_eq!((witness.event_name(), result.verdict), ("DeleteObject", Verdict::NonCompliant));
    assert_ne!(witness.get(RecordField::AwsRegion), Some("eu-west-1"));
}

#[test]
fn a_single_region_trail_of_a_region_that_is_not_known_leaves_the_region_of_a_witness_open() {
    let single = trail(|trail| {
        trail["trail"] = json!({"Name": "t", "IsMultiRegionTrail": false, "TrailARN": null,
            "IsOrganizationTrail": true});
    });
    let result = answer(&[single], Kind::Write, Mode::Any);
    assert_eq!(result.verdict, Verdict::NonCompliant);
    assert_eq!(result.gaps[0].witness.get(RecordField::AwsRegion), None);
}

#[test]
fn a_trail_that_delivers_elsewhere_or_not_at_all_counts_only_where_nothing_is_demanded() {
    let elsewhere = trail(|trail| trail["trail"]["S3BucketName"] = json!("acme-trail-logz"));
    let unknown = trail(|trail| trail["trail"]["S3BucketName"] = Value::Null);
    let failing = trail(|trail| trail["status"]["LatestDeliveryError"] = json!("AccessDenied"));
    let empty = trail(|trail| trail["status"]["LatestDeliveryError"] = json!(""));
    let trusted = |question: Question| Question {
        trusted_log_buckets: vec!["acme-trail-logs".parse().unwrap()],
        ..question
    };
    let delivering = |question: Question| Question { require_delivery: true, ..question };
    let plain = Question::new(Kind::Write, Mode::Any);
    for (trail, question, verdict) in [
        (&elsewhere, plain.clone(), Verdict::Compliant),
        (&elsewhere, trusted(plain.clone()), Verdict::NonCompliant),
        (&unknown, trusted(plain.clone()), Verdict::Indeterminate),
        (&failing, trusted(plain.clone()), Verdict::Compliant),
        (&failing, plain.clone(), Verdict::Compliant),
        (&failing, delivering(plain.clone()), Verdict::NonCompliant),
        (&empty, delivering(plain.clone()), Verdict::Compliant),
    ] {
        let result = evaluate(&account::of(std::slice::from_ref(trail)), &question);
        assert_eq!(result.verdict, verdict, "{question:?} {trail:#}");
    }
}

#[test]
fn a_status_that_another_account_read_proves_nothing_in_an_opt_in_region() {
    let read_through = |region: &str, calls: &[&str]| {
        let (region, calls) = (region.to_string(), json!(calls));
        trail(move |trail| {
            trail["trail"]["HomeRegion"] = json!(region);
            trail["trail"]["TrailARN"] =
                json!(format!("arn:aws:cloudtrail:{region}:999988887777:trail/main"));
            trail["trail"]["IsOrganizationTrail"] = json!(true);
            trail["readThrough"] =
                json!({"roleArn": "arn:aws:iam::999988887777:role/reader", "calls": calls});
        })
    };
    for (region, calls, verdict) in [
        ("eu-west-1", &["GetTrailStatus", "GetEventSelectors"][..], Verdict::Compliant),
        ("eu-south-1", &["GetEventSelectors"], Verdict::Compliant),
        ("eu-south-1", &["GetTrailStatus"], Verdict::Indeterminate),
        // Which calls were made with the role is not told, so the status may be one of them.
        ("eu-south-1", &[], Verdict::Indeterminate),
        ("eu-west-1", &[], Verdict::Compliant),
    ] {
        let result = answer(&[read_through(region, calls)], Kind::Write, Mode::Any);
        assert_eq!(result.verdict, verdict, "{region} {calls:?}: {}", result.summary);
        if verdict == Verdict::Indeterminate {
            assert!(result.unknowns[0].reason.contains("eu-south-1"), "{:?}", result.unknowns);
            assert!(result.unknowns[0].settled_by.contains("GetTrailStatus"));
        }
    }
}

#[test]
fn trails_that_could_not_be_listed_decide_nothing() {
    for extra in [
        json!({"trails": [], "unreadable": [{"call": "DescribeTrails", "code": "AccessDeniedException"}]}),
        json!({"trails": [trail(|_| {})], "unreadable": [{"call": "DescribeTrails"}]}),
        json!({"trails": null}),
        json!({}),
    ] {
        let mut snapshot =
            json!({"schemaVersion": 1, "accountId": "111122223333", "partition": "aws"});
        snapshot.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let snapshot = Snapshot::from_json(&snapshot.to_string()).unwrap();
        for mode in Mode::ALL {
            let result = evaluate(&snapshot, &Question::new(Kind::Write, mode));
            assert_eq!(result.verdict, Verdict::Indeterminate, "{extra} {mode}");
            assert!(
                result.unknowns[0].reason.starts_with("the trails could not be listed"),
                "{extra}"
            );
        }
    }
}

#[test]
fn a_delivery_error_is_shown_and_does_not_decide() {
    let result = write(|trail| trail["status"]["LatestDeliveryError"] = json!("NoSuchBucket"));
    assert_eq!(result.verdict, Verdict::Compliant);
    assert_eq!(
        result.trails[0].reasons,
        ["it logs, but its latest log file was not delivered: NoSuchBucket"]
    );
}

#[test]
fn a_shadow_trail_is_its_home_trail() {
    let result = decide(&[trail(|_| {}), trail(|_| {})], Kind::Write);
    assert_eq!(result.trails.len(), 1);
}

#[test]
fn templates_have_the_consoles_names() {
    let advanced =
        |fields: Value| account::advanced(&[account::objects(fields.as_array().unwrap())]);
    let basic = |kind: &str| {
        json!({"EventSelectors": [{"ReadWriteType": kind,
            "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3:::"]}]}]})
    };
    let service_roles = json!([
        {"Field": "userIdentity.arn", "NotStartsWith": ["arn:aws:sts::assumed-role/AWSServiceRoleFor"]},
        {"Field": "eventType", "NotEquals": ["AwsServiceEvent"]},
    ]);
    for (selectors, template) in [
        (advanced(json!([])), Some("Log all events")),
        (
            advanced(json!([{"Field": "readOnly", "Equals": ["true"]}])),
            Some("Log only read events"),
        ),
        (
            advanced(json!([{"Field": "readOnly", "Equals": ["false"]}])),
            Some("Log only write events"),
        ),
        (
            advanced(json!([{"Field": "sessionCredentialFromConsole", "Equals": ["true"]}])),
            Some("Log only AWS Management Console events"),
        ),
        (advanced(service_roles), Some("Exclude AWS service initiated events")),
        (advanced(json!([{"Field": "eventName", "NotEquals": ["GetObject"]}])), Some("Custom")),
        (basic("All"), Some("Log all events")),
        (basic("ReadOnly"), Some("Log only read events")),
        (basic("WriteOnly"), Some("Log only write events")),
        (json!({"EventSelectors": [{"ReadWriteType": "All", "DataResources": []}]}), None),
        (
            json!({"AdvancedEventSelectors": [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]}),
            None,
        ),
    ] {
        let result = write(|trail| trail["eventSelectors"] = selectors.clone());
        assert_eq!(result.trails[0].template.map(ConsoleTemplate::name), template, "{selectors}");
    }
}

#[test]
fn doubts_are_told_of_trails_that_they_leave_undecided() {
    let with_doubt = |values: Value| {
        move |trail: &mut Value| {
            trail["eventSelectors"] = json!({"EventSelectors": [
                {"DataResources": [{"Type": "AWS::S3::Object", "Values": values}]},
                {"ReadWriteType": "Never",
                 "DataResources": [{"Type": "AWS::S3::Object", "Values": ["arn:aws:s3"]}]},
            ]});
        }
    };
    let named = |name: &'static str, change: &dyn Fn(&mut Value)| {
        trail(|trail| {
            change(trail);
            trail["trail"]["TrailARN"] =
                json!(format!("arn:aws:cloudtrail:us-east-1:111122223333:trail/{name}"));
        })
    };
    let open = named("open", &with_doubt(json!([])));
    let proved = named("proved", &with_doubt(json!(["arn:aws:s3"])));
    let stopped = named("stopped", &|trail| {
        with_doubt(json!([]))(trail);
        trail["status"]["IsLogging"] = json!(false);
    });
    let doubt = "selector 1: ReadWriteType `Never` is not known";
    let of_open = format!("trail arn:aws:cloudtrail:us-east-1:111122223333:trail/open: {doubt}");
    for (mode, other, verdict, reasons) in [
        (Mode::Any, &stopped, Verdict::NonCompliant, &["it is stopped"][..]),
        (Mode::Every, &proved, Verdict::Compliant, &[]),
    ] {
        let result = answer(&[open.clone(), other.clone()], Kind::Write, mode);
        let told: Vec<&str> =
            result.unknowns.iter().map(|unknown| unknown.reason.as_str()).collect();
        assert_eq!((result.verdict, told), (Verdict::Indeterminate, vec![of_open.as_str()]));
        assert_eq!(result.trails[0].reasons, [doubt]);
        assert_eq!(result.trails[1].verdict, verdict);
        assert_eq!(result.trails[1].reasons, reasons);
    }
}

#[test]
fn what_is_not_quite_a_template_is_custom() {
    let of = |selector: &Value| {
        let selectors = json!({"AdvancedEventSelectors": [selector]});
        write(|trail| trail["eventSelectors"] = selectors.clone()).trails[0]
            .template
            .map(ConsoleTemplate::name)
    };
    let any: [Change; 6] = [
        |selector| selector["FieldSelectors"][0]["Equals"] = json!(["Data", "Data"]),
        |selector| selector["FieldSelectors"][0]["StartsWith"] = json!(["Data"]),
        |selector| selector["FieldSelectors"][1]["Equals"] = json!(["AWS::S3::Object", "a"]),
        |selector| selector["FieldSelectors"][1]["Sounds"] = json!(["x"]),
        |selector| selector["Narrower"] = json!(true),
        |selector| {
            let fields = selector["FieldSelectors"].as_array_mut().unwrap();
            fields.push(json!({"Field": "eventName", "NotEquals": ["GetObject"]}));
        },
    ];
    let filtered: [Change; 3] = [
        |selector| selector["FieldSelectors"][2]["Sounds"] = json!(["x"]),
        |selector| selector["FieldSelectors"][2]["EndsWith"] = json!(["e"]),
        |selector| selector["FieldSelectors"][2]["Field"] = json!("eventName"),
    ];
    let without_services: [Change; 6] = [
        |selector| selector["FieldSelectors"][2]["NotEquals"] = json!(["AwsApiCall"]),
        |selector| selector["FieldSelectors"][2] = selector["FieldSelectors"][3].clone(),
        |selector| selector["FieldSelectors"][3] = selector["FieldSelectors"][2].clone(),
        |selector| selector["FieldSelectors"][3]["NotStartsWith"] = json!(["arn:aws:iam::"]),
        |selector| selector["FieldSelectors"][3]["Sounds"] = json!(["x"]),
        |selector| selector["FieldSelectors"][3]["Field"] = json!("resources.ARN"),
    ];
    let services = json!([
        {"Field": "eventType", "NotEquals": ["AwsServiceEvent"]},
        {"Field": "userIdentity.arn", "NotStartsWith": ["arn:aws:sts::assumed-role/AWSServiceRoleFor"]},
    ]);
    let console = json!([{"Field": "sessionCredentialFromConsole", "Equals": ["true"]}]);
    for (filters, edits) in [
        (json!([]), &[][..]),
        (json!([{"Field": "readOnly", "Equals": ["true"]}]), &filtered),
        (json!([{"Field": "readOnly", "Equals": ["false"]}]), &filtered),
        (console, &filtered),
        (services.clone(), &filtered),
        (services, &without_services),
    ] {
        let selector = account::objects(filters.as_array().unwrap());
        assert_ne!(of(&selector), Some("Custom"), "{selector}");
        for edit in any.iter().chain(edits) {
            let mut edited = selector.clone();
            edit(&mut edited);
            assert_eq!(of(&edited), Some("Custom"), "{edited}");
        }
    }
}
