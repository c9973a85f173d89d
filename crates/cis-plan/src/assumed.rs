//! Plans that do not say which partition they are for.
//!
//! Then `aws` is assumed. What is planned is read as if for another partition too, and read back
//! as if that one were `aws`. Where both are the same, nothing rests on the assumption. Where only
//! ARNs that are written out with `aws` differ, and the file names no other partition, the
//! assumption stands and is named. Where the file does name others, or asks which it is, what
//! differs between them is open.

use cis_rules::partition::{PARTITIONS, Partition};
use cis_rules::report::Unknown;
use cis_rules::selector::LEFT_OPEN;
use serde_json::{Value as Json, json};

use crate::error::PlanError;
use crate::node::Node;
use crate::selectors::leave_management_open;
use crate::trail::{doubtful, doubtful_as, label_of};
use crate::value::unknown;

/// The partition that is assumed.
const ASSUMED: &str = "aws";

const SETTLED_BY: &str = "give it with `--partition` or `--region`";

/// How a plan is read.
#[derive(Clone, Copy)]
pub(crate) struct How {
    /// Whether it asks for its partition.
    pub(crate) asks_partition: bool,
    /// Whether values are filled in with which a service may refuse it.
    pub(crate) is_filled_in: bool,
}

/// The trails of a plan, each as a snapshot has it.
pub(crate) struct Trails {
    /// The trails.
    pub(crate) trails: Vec<Json>,
    /// Whether the partition is assumed, and something rests on it.
    pub(crate) is_assumed: bool,
    /// Whether what is open may be so because it is not known which partition is meant.
    pub(crate) is_open: bool,
}

/// The partitions besides the assumed one that documents name, or that are those of `regions`.
pub(crate) fn named(documents: &[&Node], regions: &[&str]) -> Vec<&'static str> {
    let mut named = named_in(documents);
    for partition in regions.iter().map(|region| Partition::of_region(region).id) {
        if partition != ASSUMED && !named.contains(&partition) {
            named.push(partition);
        }
    }
    named
}

/// Reads the trails of a plan that does not say its partition; `read` reads them for one. Its
/// documents have the `named` partitions. Where the plan does not ask for its partition, what it
/// writes out is the same in all of them.
pub(crate) fn trails(
    named: &[&'static str],
    How { asks_partition, is_filled_in }: How,
    read: impl Fn(&'static str) -> Result<Vec<Json>, PlanError>,
) -> Result<Trails, PlanError> {
    let assumed = match read(ASSUMED) {
        Ok(assumed) => assumed,
        // With these values it cannot be deployed there, but it can elsewhere.
        Err(error) if is_filled_in && PARTITIONS.iter().any(|other| read(other.id).is_ok()) => {
            let why = unknown(error.to_string(), SETTLED_BY);
            return Ok(Trails {
                trails: vec![doubtful("the trails", &[why])],
                is_assumed: false,
                is_open: true,
            });
        }
        Err(error) => return Err(error),
    };
    // What is open is written with the partition in it.
    let is_open = |trail: &Json| trail.get("open").is_some_and(|open| *open != json!([]));
    let is_same_elsewhere = !asks_partition && !assumed.iter().any(is_open);
    let mut readings = Vec::new();
    let mut is_assumed = false;
    for partition in PARTITIONS.iter().map(|partition| partition.id).filter(|id| *id != ASSUMED) {
        let mut elsewhere = match is_same_elsewhere {
            true => moved(&assumed, partition),
            false => match read(partition) {
                Ok(trails) => trails,
                Err(_) if is_filled_in => continue,
                Err(error) => return Err(error),
            },
        };
        let is_written_out = differ_in_arns_only(&assumed, &elsewhere, partition);
        elsewhere.iter_mut().for_each(|trail| swap_in_trail(trail, partition));
        if !is_written_out || named.contains(&partition) {
            readings.push(elsewhere);
        } else {
            is_assumed |= !are_same(&assumed, &elsewhere);
        }
    }
    if readings.iter().all(|reading| are_same(&assumed, reading)) {
        return Ok(Trails { trails: assumed, is_assumed, is_open: false });
    }
    let names = match named {
        [] => "what is planned depends on it".to_string(),
        named => format!("the file names `{}`", named.join("`, `")),
    };
    let why = unknown(
        format!("the partition is not known: `{ASSUMED}` would be assumed, but {names}"),
        SETTLED_BY,
    );
    readings.insert(0, assumed);
    Ok(Trails { trails: merged(&readings, &why), is_assumed, is_open: true })
}

/// Trails as they are in another partition, where nothing but their ARNs depends on it.
fn moved(trails: &[Json], partition: &str) -> Vec<Json> {
    let mut moved = trails.to_vec();
    for arn in moved.iter_mut().filter_map(|trail| trail.pointer_mut("/trail/TrailARN")) {
        swap(arn, partition);
    }
    moved
}

/// The same by themselves or in an ARN.
fn named_in(documents: &[&Node]) -> Vec<&'static str> {
    let mut found = [false; PARTITIONS.len()];
    for document in documents {
        document.texts(&mut |text| {
            // Each partition's name has it, and most texts do not.
            if !text.contains(ASSUMED) {
                return;
            }
            for (found, partition) in found.iter_mut().zip(&PARTITIONS) {
                *found |= text == partition.id || names(text, partition);
            }
        });
    }
    let all = found.iter().zip(&PARTITIONS).filter(|(found, _)| **found);
    all.map(|(_, partition)| partition.id).filter(|id| *id != ASSUMED).collect()
}

fn names(text: &str, partition: &Partition) -> bool {
    let mut arns = text.match_indices("arn:").filter_map(|(position, _)| text.get(position..));
    arns.any(|arn| Partition::of_arn(arn) == Some(partition)) || begins(text, partition.id)
}

/// Whether ARNs of a partition start so, and the assumed one's do not: `arn:aws-us`.
fn begins(text: &str, partition: &str) -> bool {
    format!("arn:{partition}").starts_with(text) && !format!("arn:{ASSUMED}").starts_with(text)
}

/// Exchanges a partition with the assumed one where a trail has ARNs.
fn swap_in_trail(trail: &mut Json, partition: &str) {
    for place in ["/trail/TrailARN", "/trail/Name", "/eventSelectors"] {
        if let Some(part) = trail.pointer_mut(place) {
            swap(part, partition);
        }
    }
}

/// Exchanges a partition with the assumed one in all ARNs.
fn swap(json: &mut Json, partition: &str) {
    match json {
        Json::String(text) => {
            let [assumed, other] = [ASSUMED, partition].map(|id| format!("arn:{id}:"));
            if let Some(rest) = text.strip_prefix(&assumed) {
                *text = format!("{other}{rest}");
            } else if let Some(rest) = text.strip_prefix(&other) {
                *text = format!("{assumed}{rest}");
            } else if begins(text, partition) {
                // It is how the other partition's ARNs start: so do all of the assumed one's.
                *text = assumed;
            }
        }
        Json::Array(elements) => elements.iter_mut().for_each(|element| swap(element, partition)),
        Json::Object(members) => members.values_mut().for_each(|member| swap(member, partition)),
        Json::Null | Json::Bool(_) | Json::Number(_) => {}
    }
}

/// Whether two readings say the same of all trails, whatever they leave open and why.
fn are_same(one: &[Json], other: &[Json]) -> bool {
    let same = |(one, other): (&Json, &Json)| {
        ["trail", "status", "eventSelectors"]
            .iter()
            .all(|member| one.get(member) == other.get(member))
    };
    one.len() == other.len() && one.iter().zip(other).all(same)
}

/// Whether a reading for another partition differs in ARNs only, each of which has the partition
/// that is read for, or stands in the file as it is.
fn differ_in_arns_only(assumed: &[Json], elsewhere: &[Json], partition: &str) -> bool {
    let [start, other] = [ASSUMED, partition].map(|id| format!("arn:{id}:"));
    let are = |one: &Json, two: &Json| arns_only(one, two, &start, &other);
    assumed.len() == elsewhere.len()
        && assumed.iter().zip(elsewhere).all(|(one, two)| {
            let members = ["trail", "status", "eventSelectors"];
            members.iter().all(|member| match (one.get(member), two.get(member)) {
                (Some(one), Some(two)) => are(one, two),
                (one, two) => one == two,
            })
        })
}

fn arns_only(one: &Json, two: &Json, start: &str, other: &str) -> bool {
    match (one, two) {
        (Json::String(one), Json::String(two)) => {
            let rest = |text: &'_ str, start: &str| text.strip_prefix(start).map(str::to_string);
            one == two || rest(one, start).is_some() && rest(one, start) == rest(two, other)
        }
        (Json::Array(one), Json::Array(two)) => {
            let mut pairs = one.iter().zip(two);
            one.len() == two.len() && pairs.all(|(one, two)| arns_only(one, two, start, other))
        }
        (Json::Object(one), Json::Object(two)) => {
            one.len() == two.len()
                && one.iter().all(|(name, one)| {
                    two.get(name).is_some_and(|two| arns_only(one, two, start, other))
                })
        }
        _ => one == two,
    }
}

/// All trails of all readings: as they are where they are the same in all of them, and open where
/// they are not.
fn merged(readings: &[Vec<Json>], why: &Unknown) -> Vec<Json> {
    let Some((first, rest)) = readings.split_first() else { return Vec::new() };
    if rest.iter().all(|reading| reading.len() == first.len()) {
        let all = |position: usize| readings.iter().filter_map(move |all| all.get(position));
        let one = |position| one_of(&all(position).collect::<Vec<_>>(), why);
        return (0..first.len()).map(one).collect();
    }
    let mut labels: Vec<&str> = Vec::new();
    for label in readings.iter().flatten().map(label_of) {
        if !labels.contains(&label) {
            labels.push(label);
        }
    }
    let of_label = |label: &&str| {
        let found: Vec<&Json> = readings
            .iter()
            .filter_map(|reading| reading.iter().find(|trail| label_of(trail) == *label))
            .collect();
        if found.len() == readings.len() {
            one_of(&found, why)
        } else {
            doubtful(label, std::slice::from_ref(why))
        }
    };
    labels.iter().map(of_label).collect()
}

/// A trail of which there are several readings.
fn one_of(readings: &[&Json], why: &Unknown) -> Json {
    let selectors = |reading: &Json| reading.get("eventSelectors").cloned();
    let Some((first, rest)) = readings.split_first() else { return Json::Null };
    if rest.iter().all(|other| selectors(other) == selectors(first)) {
        return of_readings(readings, why);
    }
    // They may differ in management events, on which no verdict rests.
    let without = |reading: &&Json| {
        let mut reading = (*reading).clone();
        if let Some(selectors) = reading.get_mut("eventSelectors") {
            leave_management_open(selectors);
        }
        reading
    };
    let without: Vec<Json> = readings.iter().map(without).collect();
    of_readings(&without.iter().collect::<Vec<_>>(), why)
}

fn of_readings(readings: &[&Json], why: &Unknown) -> Json {
    let Some((first, rest)) = readings.split_first() else { return Json::Null };
    let agree = |member: &str| rest.iter().all(|other| first.get(member) == other.get(member));
    match (agree("trail") && agree("status"), agree("eventSelectors")) {
        (true, true) => (*first).clone(),
        (true, false) => either(first, readings, why),
        (false, _) => doubtful_as(first, std::slice::from_ref(why)),
    }
}

/// A trail with the selectors of one of several readings: those that stand in all of them surely
/// hold, the others may.
fn either(first: &Json, all: &[&Json], why: &Unknown) -> Json {
    let mut trail = first.clone();
    if let Json::Object(members) = &mut trail {
        // They are of the selectors of one reading.
        members.remove("selectorPlaces");
    }
    for kind in ["EventSelectors", "AdvancedEventSelectors"] {
        let lists: Vec<&[Json]> = all
            .iter()
            .filter_map(|trail| trail.get("eventSelectors")?.get(kind)?.as_array())
            .map(Vec::as_slice)
            .collect();
        let mut selectors: Vec<Json> = Vec::new();
        for selector in lists.iter().copied().flatten() {
            let mut selector = selector.clone();
            let is_sure =
                lists.len() == all.len() && lists.iter().all(|list| list.contains(&selector));
            if let (false, Json::Object(members)) = (is_sure, &mut selector) {
                members.insert(LEFT_OPEN.to_string(), Json::Null);
            }
            if !selectors.contains(&selector) {
                selectors.push(selector);
            }
        }
        if let Some(kinds) = trail.get_mut("eventSelectors").and_then(Json::as_object_mut) {
            let given = if selectors.is_empty() { Json::Null } else { selectors.into() };
            kinds.insert(kind.to_string(), given);
        }
    }
    if let Some(open) = trail.get_mut("open").and_then(Json::as_array_mut) {
        open.push(json!(why));
    }
    trail
}
