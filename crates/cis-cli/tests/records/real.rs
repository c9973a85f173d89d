//! Real logs: what the command reads in two public data sets, against what was counted in them by other
//! means. They are not part of this repository.
//!
//! `TRAILPROOF_LOGS` is a folder with `SANS-504-S3-ransomware-lab` of
//! <https://github.com/Yamato-Security/suzaku-sample-data> and with
//! <https://github.com/invictus-ir/aws_dataset> as `invictus`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use super::command::run;

#[test]
fn every_record_of_real_logs_is_read() {
    let Some(logs) = std::env::var_os("TRAILPROOF_LOGS") else {
        println!("SKIPPED: TRAILPROOF_LOGS names no folder with the data sets");
        return;
    };
    for (set, all, of_s3, on_objects, different, callers) in [
        (
            "SANS-504-S3-ransomware-lab",
            30_477,
            23_377,
            16_574,
            23_981,
            &[("aws-service", 22_130), ("iam-user", 1_173), ("root", 74)][..],
        ),
        ("invictus", 2_900, 271, 0, 2_900, &[("aws-service", 8), ("iam-user", 263)]),
    ] {
        let folder = Path::new(&logs).join(set);
        let ran = run(&["records", folder.to_str().unwrap(), "--all", "--format", "jsonl"], b"");
        assert_eq!(ran.code, Some(0), "{set}: {}", ran.stderr);
        let rows: Vec<Value> =
            ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        let ids: BTreeSet<&str> = rows.iter().filter_map(|row| row["eventID"].as_str()).collect();
        let s3: Vec<&Value> = rows.iter().filter(|row| row["level"] != "other").collect();
        let objects = s3.iter().filter(|row| row["level"] == "object").count();
        assert_eq!((rows.len(), s3.len(), objects), (all, of_s3, on_objects), "{set}");
        assert_eq!(ids.len(), different, "{set}");
        let mut types: BTreeMap<&str, usize> = BTreeMap::new();
        for row in s3 {
            *types.entry(row["caller"]["type"].as_str().unwrap()).or_default() += 1;
        }
        assert_eq!(types, callers.iter().copied().collect(), "{set}");
    }
}
