//! Real logs: two public data sets, which are not part of this repository.
//!
//! `TRAILPROOF_LOGS` is a folder with `SANS-504-S3-ransomware-lab` of
//! <https://github.com/Yamato-Security/suzaku-sample-data> and with
//! <https://github.com/invictus-ir/aws_dataset> as `invictus`.

use std::path::Path;

use serde_json::{Value, json};

use super::command::run;

fn answer(set: &str) -> Option<Value> {
    let Some(logs) = std::env::var_os("TRAILPROOF_LOGS") else {
        println!("SKIPPED: TRAILPROOF_LOGS names no folder with the data sets");
        return None;
    };
    let folder = Path::new(&logs).join(set);
    let ran = run(&["logs", folder.to_str().unwrap(), "--format", "json"], b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (Some(0), ""), "{set}");
    Some(serde_json::from_str(&ran.stdout).unwrap())
}

fn named<'a>(answer: &'a Value, name: &str) -> Vec<&'a Value> {
    let history = answer["history"].as_array().unwrap();
    history.iter().filter(|entry| entry["call"]["eventName"] == name).collect()
}

#[test]
fn the_first_set_confirms_that_selectors_of_all_buckets_take_a_prefix() {
    let Some(answer) = answer("SANS-504-S3-ransomware-lab") else { return };
    let read = &answer["read"];
    assert_eq!(read["files"], 3_872);
    assert_eq!((&read["records"], &read["events"]), (&json!(30_477), &json!(23_981)));
    assert_eq!(read["duplicates"], 6_496);
    assert_eq!((&read["recordsOfS3"], &read["ofS3"]), (&json!(23_377), &json!(20_151)));
    let callers = answer["delivered"]["callers"].as_array().unwrap();
    let events = callers.iter().map(|of| of["counts"]["events"].as_u64().unwrap()).sum::<u64>();
    assert_eq!(events, 16_574);
    assert_eq!(answer["delivered"]["all"]["events"], 16_574);
    let evidence = &answer["assumptions"]["arn-prefix"];
    assert_eq!((&evidence["confirmed"], &evidence["refuted"]), (&json!(327), &json!(0)));
    assert_eq!(evidence["confirmedBy"], json!({"HeadBucket": 325, "ListObjects": 2}));
    let put = named(&answer, "PutEventSelectors");
    assert_eq!(put.len(), 1);
    let selectors = &answer["trails"][0]["eventSelectors"]["EventSelectors"][0];
    assert_eq!(selectors["DataResources"][0]["Values"], json!(["arn:aws:s3"]));
    assert_eq!(answer["contradictions"], json!([]));
    assert_eq!(answer["unrecorded"], json!([]));
    let failed =
        named(&answer, "UpdateTrail").iter().filter(|entry| entry["effect"] == "FAILED").count();
    assert_eq!(failed, 3);
}

#[test]
fn the_blinding_of_the_second_set_is_found_and_failed_calls_are_not_counted() {
    let Some(answer) = answer("invictus") else { return };
    assert_eq!((&answer["read"]["records"], &answer["read"]["ofS3"]), (&json!(2_900), &json!(271)));
    let effects = |name: &str| -> Vec<&str> {
        named(&answer, name).iter().map(|entry| entry["effect"].as_str().unwrap()).collect()
    };
    assert_eq!(effects("StopLogging"), ["FAILED"; 3]);
    assert_eq!(effects("PutEventSelectors"), ["LOSES", "GAINS"]);
    assert_eq!(effects("DeleteTrail"), ["FAILED", "LOSES", "LOSES"]);
    let unrecorded = answer["unrecorded"].as_array().unwrap();
    let told: Vec<_> = unrecorded
        .iter()
        .map(|found| {
            let cause = &found["causedBy"];
            (cause["eventName"].as_str().unwrap(), cause["caller"]["arn"].as_str().unwrap())
        })
        .collect();
    let by = "arn:aws:iam::123837392027:user/bert-jan";
    assert_eq!(
        told,
        [
            ("PutEventSelectors", by),
            ("PutEventSelectors", by),
            ("DeleteTrail", by),
            ("DeleteTrail", by)
        ]
    );
}
