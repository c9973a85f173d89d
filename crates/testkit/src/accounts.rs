//! Random accounts that nearly cover the scope: partitions of it, some with one condition changed.

use cis_rules::RecordField;
use cis_rules::partition::{PARTITIONS, Partition};
use cis_rules::selector::LEFT_OPEN;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::selectors::{Condition, Maker};
use crate::texts::BUCKETS;

/// The account that is asked about.
pub const ACCOUNT: &str = "111122223333";

/// Another account: the organization's management account, or anybody's.
const OTHER_ACCOUNT: &str = "999988887777";

/// Regions to be enabled, and one that there is not, besides the well-known ones.
const OTHER_REGIONS: [&str; 3] = ["ap-southeast-3", "eu-south-1", "us-east-3"];

/// A random account as a snapshot.
pub fn account(chance: &mut impl Chance) -> Value {
    let partition = if chance.once_in(12) { chance.pick(&PARTITIONS) } else { &PARTITIONS[0] };
    let maker = Maker::new(chance, partition.id);
    let mut selectors = Vec::new();
    let depth = 1 + chance.below(4);
    maker.partition(chance, &[], depth, &mut selectors);
    if chance.once_in(2) {
        let at = chance.below(selectors.len());
        if let Some(condition) = selectors[at].last_mut() {
            maker.change(chance, condition);
        }
    }
    if chance.once_in(6) {
        let at = chance.below(selectors.len());
        selectors.remove(at);
    }
    let is_odd = chance.once_in(4);
    let selectors: Vec<Value> = selectors
        .iter()
        .map(|conditions| {
            let odd = is_odd && chance.once_in(2);
            maker.advanced(chance, conditions, odd)
        })
        .collect();
    let count = [0, 1, 1, 1, 1, 2, 2, 3][chance.below(8)];
    let mut shares: Vec<Vec<Value>> = vec![Vec::new(); count];
    for selector in selectors {
        for share in &mut shares {
            if count == 1 || chance.once_in(count) {
                share.push(selector.clone());
            }
        }
    }
    let trail = Trail { maker: &maker, partition };
    let mut trails: Vec<Value> = Vec::new();
    for (number, share) in shares.into_iter().enumerate() {
        trails.push(trail.with(chance, number, share));
    }
    if chance.once_in(8) {
        trails.push(trail.single_region(chance, trails.len()));
    }
    if chance.once_in(16) && !trails.is_empty() {
        // Its shadow in another Region.
        trails.push(chance.pick(&trails).clone());
    }
    let mut account = json!({
        "schemaVersion": 1, "accountId": ACCOUNT, "partition": partition.id, "trails": trails,
    });
    if chance.once_in(50) {
        let calls = ["DescribeTrails", "ListTrails", "GetCallerIdentity"];
        let failed = json!({"call": chance.pick(&calls), "code": "AccessDeniedException"});
        account["unreadable"] = json!([failed]);
    }
    account
}

/// Makes the trails of one account.
struct Trail<'a> {
    maker: &'a Maker,
    partition: &'static Partition,
}

impl Trail<'_> {
    fn home(&self, chance: &mut impl Chance) -> &'static str {
        let own = self.partition.sample_regions;
        let regions: &[&str] = match chance.below(4) {
            0 if self.partition.id == "aws" => &OTHER_REGIONS,
            1 => RecordField::AwsRegion.facts().samples,
            _ => &own[..own.len().min(2)],
        };
        regions[chance.below(regions.len())]
    }

    fn with(&self, chance: &mut impl Chance, number: usize, selectors: Vec<Value>) -> Value {
        let event_selectors = if chance.once_in(8) {
            let count = 1 + chance.below(3);
            let basic: Vec<Value> = (0..count).map(|_| self.maker.basic(chance)).collect();
            json!({ "EventSelectors": basic })
        } else {
            json!({ "AdvancedEventSelectors": selectors })
        };
        let home = self.home(chance);
        let partition = self.partition.id;
        let arn = |account: &str| {
            json!(format!("arn:{partition}:cloudtrail:{home}:{account}:trail/t{number}"))
        };
        let mut observed = json!({
            "trail": {
                "Name": format!("t{number}"), "TrailARN": arn(ACCOUNT), "HomeRegion": home,
                "IsMultiRegionTrail": true, "IsOrganizationTrail": false,
                "HasCustomEventSelectors": true,
                "S3BucketName": *chance.pick(&[BUCKETS[0], BUCKETS[0], BUCKETS[1], BUCKETS[5]]),
            },
            "status": {"IsLogging": true},
            "eventSelectors": event_selectors,
        });
        if chance.once_in(4) {
            let told = [json!(false), json!(false), json!(true), json!(LEFT_OPEN)];
            observed["trail"]["RecursiveLogging"] = chance.pick(&told).clone();
        }
        match chance.below(48) {
            0 | 1 => observed["trail"]["IsMultiRegionTrail"] = json!(false),
            2 => observed["status"]["IsLogging"] = json!(false),
            3 => observed["status"] = Value::Null,
            4 => observed["eventSelectors"] = Value::Null,
            5 => {
                observed["eventSelectors"] = Value::Null;
                observed["trail"]["HasCustomEventSelectors"] = json!(false);
            }
            6 => observed["trail"]["TrailARN"] = arn(OTHER_ACCOUNT),
            7..=12 => of_the_organization(chance, &mut observed, arn(OTHER_ACCOUNT)),
            13..=19 => {
                let members = [
                    "S3BucketName",
                    "IsMultiRegionTrail",
                    "HomeRegion",
                    "TrailARN",
                    "IsOrganizationTrail",
                    "HasCustomEventSelectors",
                ];
                let member = *chance.pick(&members);
                forget(&mut observed["trail"], member);
            }
            20..=22 => {
                let errors = [json!("NoSuchBucket"), json!("AccessDenied"), json!(""), Value::Null];
                observed["status"]["LatestDeliveryError"] = chance.pick(&errors).clone();
            }
            23 => unreadable(chance, &mut observed),
            24 => forget(&mut observed["status"], "IsLogging"),
            _ => {}
        }
        observed
    }

    /// A trail that logs everything, or nearly, of one Region.
    fn single_region(&self, chance: &mut impl Chance, number: usize) -> Value {
        let count = chance.below(2);
        let conditions: Vec<Condition> = (0..count).map(|_| self.maker.condition(chance)).collect();
        let selectors = vec![self.maker.advanced(chance, &conditions, false)];
        let mut observed = self.with(chance, number, selectors);
        observed["trail"]["IsMultiRegionTrail"] = json!(false);
        if chance.once_in(12) {
            // Whose Region is not known.
            forget(&mut observed["trail"], "HomeRegion");
            forget(&mut observed["trail"], "TrailARN");
        }
        observed
    }
}

fn forget(object: &mut Value, member: &str) {
    if let Some(members) = object.as_object_mut() {
        members.remove(member);
    }
}

/// Calls about the trail that failed, so that their answers are not there.
fn unreadable(chance: &mut impl Chance, observed: &mut Value) {
    let parts = [("GetTrailStatus", "status"), ("GetEventSelectors", "eventSelectors")];
    let (call, member) = *chance.pick(&parts);
    forget(observed, member);
    observed["unreadable"] = json!([{"call": call, "code": "AccessDeniedException"}]);
}

/// Makes it the organization's trail, read by the account itself or through another role.
fn of_the_organization(chance: &mut impl Chance, observed: &mut Value, arn: Value) {
    observed["trail"]["TrailARN"] = arn;
    observed["trail"]["IsOrganizationTrail"] = json!(true);
    let role = format!("arn:aws:iam::{OTHER_ACCOUNT}:role/reader");
    let calls: &[&str] = match chance.below(6) {
        0 => return,
        1 => &["GetEventSelectors"],
        2 => &["GetTrailStatus"],
        3 => &[],
        _ => &["GetTrailStatus", "GetEventSelectors"],
    };
    observed["readThrough"] = json!({"roleArn": role, "calls": calls});
    if chance.once_in(8) {
        observed["status"]["IsLogging"] = json!(false);
    }
}
