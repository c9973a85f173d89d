//! The cause in a sentence, and the condition that is it.

use super::{At, Mistake, Slip};
use cis_rules::RecordField;
use cis_rules::catalogue;
use cis_rules::question::{Kind, Question};
use cis_rules::report::{AccountResult, TrailResult, Verdict};
use cis_rules::selector::{BasicSelector, Condition, DataResource, Field, Operator, ReadWriteType};
use cis_rules::snapshot::Snapshot;

use crate::near::nearest;
use crate::told::written;

/// Values that a sentence names.
const NAMED: usize = 3;

/// What a trail is called: its name, as it stands at the end of its ARN.
#[must_use]
pub fn name(trail: &TrailResult) -> &str {
    trail.arn.rsplit('/').next().filter(|name| !name.is_empty()).unwrap_or(&trail.arn)
}

/// The first sentence: the cause and its effect.
#[must_use]
pub fn sentence(mistake: &Mistake<'_>, snapshot: &Snapshot, question: &Question) -> String {
    let kind = question.kind;
    let events = verb_events(kind);
    let Some((observed, trail)) = mistake.trail else {
        return match (snapshot.planned, question.kind) {
            (true, _) => format!("The file plans no trail: no S3 {kind} event is recorded."),
            (false, _) => format!("There is no trail: no S3 {kind} event is recorded."),
        };
    };
    let planned = if snapshot.planned { "Planned trail" } else { "Trail" };
    let this = format!("{planned} {}", name(trail));
    let region = observed.trail.home_region.as_deref();
    let selects = if mistake.has_selectors_too {
        format!("does not select every S3 {kind} event, and")
    } else {
        format!("selects every S3 {kind} event, but")
    };
    match &mistake.slip {
        Slip::NoTrail => String::new(),
        Slip::AnotherAccounts => {
            format!(
                "{this} belongs to another account and is no organization trail: nothing is recorded."
            )
        }
        Slip::Stopped => {
            format!("{this} {selects} it is stopped: nothing is recorded.")
        }
        Slip::SingleRegion => format!(
            "{this} {selects} it is a single-Region trail: only those of \
             {} are recorded.",
            region.unwrap_or("its home Region")
        ),
        Slip::UntrustedBucket(bucket) => format!(
            "{this} {selects} it delivers to {bucket}, which is no trusted \
             log bucket."
        ),
        Slip::NotDelivered(error) => {
            format!("{this} {selects} its latest log file was not delivered: {error}.")
        }
        Slip::DeliveriesLeftOut => format!(
            "{this} records every other S3 {kind} event, but CloudTrail's own log deliveries are \
             left out by RecursiveLogging false."
        ),
        Slip::NoDataEvents => {
            format!("{this} records no events on S3 objects: it has no selector of S3 data events.")
        }
        Slip::OtherKind(other) => {
            format!("{this} records S3 {other} events only, and no {events}.")
        }
        Slip::NoSlash { bucket } => {
            format!("{this} does not record {events} to buckets whose names start with {bucket}.")
        }
        Slip::LeavesOutBuckets { buckets, .. } => {
            format!("{this} does not record {events} to {}.", named(buckets, "bucket", "buckets"))
        }
        Slip::NotEqualsBucket { .. } => format!(
            "{this} leaves out the records that name a bucket and no object, such as ListObjects and \
             DeleteObjects."
        ),
        Slip::OnlySome { values } => format!(
            "{this} records only the {events} that {}: none to other buckets, nor to future ones.",
            match values.len() {
                1 => "one value names".to_string(),
                count => format!("{count} values name"),
            }
        ),
        Slip::OtherPartition { value, partition } => format!(
            "{this} is in the partition {partition}, and {value} is of another one: it takes nothing."
        ),
        Slip::Star { value } => {
            format!("{this} takes no object by {value}: a * is an ordinary character there.")
        }
        Slip::TodaysNames => {
            format!("{this} names today's {events} one by one: it loses those that AWS adds.")
        }
        Slip::NamesOfOtherKind { name } => format!(
            "{this} names events of the other kind, such as {name}, and so records no {events}."
        ),
        Slip::SomeNames => format!("{this} records some {events} by name, and loses all others."),
        Slip::LeavesOutNames { names } => {
            format!("{this} does not record {}.", named(names, "the event", "the events"))
        }
        Slip::ConsoleOnly => {
            format!("{this} records {events} of console sessions only, not of programs.")
        }
        Slip::NoConsole => format!("{this} does not record {events} of console sessions."),
        Slip::Callers => format!("{this} does not record {events} of every caller."),
        Slip::Narrowed | Slip::Several => match mistake.lost {
            Some(gap) => format!("{this} does not record {}.", gap.description),
            None => format!("{this} does not record every S3 {kind} event."),
        },
    }
}

fn verb_events(kind: Kind) -> &'static str {
    match kind {
        Kind::Write => "writes",
        Kind::Read => "reads",
    }
}

/// "bucket a", "buckets a, b and 3 more".
fn named(names: &[&str], one: &str, many: &str) -> String {
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len() {
        1 => format!("{one} {shown}"),
        count if count <= NAMED => format!("{many} {shown}"),
        count => format!("{many} {shown} and {} more", count - NAMED),
    }
}

/// That there are further trails, and that none of them makes up for it.
#[must_use]
pub fn other_trails(mistake: &Mistake<'_>, result: &AccountResult) -> Option<String> {
    let others = result.trails.len().checked_sub(1).filter(|others| *others > 0)?;
    let failing = result.trails.iter().filter(|one| one.verdict != Verdict::Compliant).count();
    let (_, _trail) = mistake.trail?;
    Some(match result.mode {
        cis_rules::question::Mode::Every => {
            format!("{failing} of {} trails fail: `--details` has each.", result.trails.len())
        }
        _ if others == 1 => "The other trail does not make up for it.".to_string(),
        _ => format!("The other {others} trails do not make up for it."),
    })
}

/// The selector and the condition: "selector 0 (S3 writes): resources.ARN NotStartsWith x".
#[must_use]
pub fn place(at: &At<'_>, mistake: &Mistake<'_>) -> String {
    let name = at.name.map_or_else(String::new, |name| format!(" ({name})"));
    let file = mistake.trail.and_then(|(observed, trail)| written(observed, trail, Some(at)));
    let file = file.map_or_else(String::new, |place| format!("{place}, "));
    let said = match at.condition {
        Some((_, condition)) => {
            let conditions: Vec<_> = condition
                .conditions
                .iter()
                .map(|one| format!("{} {}", one.operator.name(), values(&one.values)))
                .collect();
            format!("{} {}", condition.field.name(), conditions.join(" and "))
        }
        None => at.basic.map_or_else(String::new, |basic| basic_selector(basic, mistake)),
    };
    format!("{file}selector {}{name}: {said}", at.selector)
}

/// What a basic selector says that loses the event.
fn basic_selector(basic: &BasicSelector, mistake: &Mistake<'_>) -> String {
    if matches!(mistake.slip, Slip::OtherKind(_)) {
        return match &basic.read_write {
            ReadWriteType::All => "ReadWriteType All".to_string(),
            ReadWriteType::ReadOnly => "ReadWriteType ReadOnly".to_string(),
            ReadWriteType::WriteOnly => "ReadWriteType WriteOnly".to_string(),
            ReadWriteType::Unknown(value) => format!("ReadWriteType {value}"),
        };
    }
    let of_objects = |resource: &&DataResource| {
        resource.resource_type.as_deref() == Some(cis_rules::field::S3_OBJECT)
    };
    let resources = basic.data_resources.iter().filter(of_objects);
    let named: Vec<String> = resources.flat_map(|resource| resource.values.clone()).collect();
    format!("AWS::S3::Object values {}", values(&named))
}

/// What `NotEquals` with the ARN of a bucket does.
#[must_use]
pub fn not_equals(value: &str) -> String {
    format!(
        "NotEquals compares the whole ARN: objects in {value} are still recorded. NotStartsWith would \
         leave the bucket out."
    )
}

/// What about the condition is easily overlooked.
#[must_use]
pub fn hint(mistake: &Mistake<'_>) -> Option<String> {
    if let Some((written, meant)) = mistake.at.and_then(misspelt_name) {
        return Some(format!(
            "No event of S3 is called {written}: is {meant} meant? Names are compared exactly."
        ));
    }
    Some(match &mistake.slip {
        Slip::NoSlash { bucket } => {
            format!("There is no slash at the end, so {bucket}-2 is left out as well.")
        }
        Slip::LeavesOutBuckets { is_own_log_bucket: true, .. } => {
            "That is the trail's own log bucket.".to_string()
        }
        Slip::NotEqualsBucket { value } => not_equals(value),
        Slip::Several => {
            "Other conditions keep the event out as well: `--details` has each.".to_string()
        }
        _ => return None,
    })
}

/// An event name in a condition that is none of S3's, and the one that it is near to.
fn misspelt_name<'a>(at: At<'a>) -> Option<(&'a str, &'static str)> {
    let (_, condition) = at.condition?;
    if condition.field != Field::Known(RecordField::EventName) {
        return None;
    }
    let whole = |one: &&Condition| matches!(one.operator, Operator::Equals | Operator::NotEquals);
    let values = condition.conditions.iter().filter(whole).flat_map(|one| &one.values);
    let mut unknown = values.filter(|name| !catalogue::is_documented(name));
    unknown.find_map(|name| {
        let kinds = [Some(Kind::Write), Some(Kind::Read), None];
        let known = kinds.into_iter().flat_map(catalogue::object_events);
        Some((name.as_str(), nearest(name, known)?))
    })
}

/// A condition's values, cut after the first few.
#[must_use]
pub fn values(values: &[String]) -> String {
    let mut shown: Vec<_> = values.iter().take(NAMED).map(|value| format!("`{value}`")).collect();
    let hidden = values.len() - shown.len();
    if hidden > 0 {
        shown.push(format!("{hidden} more"));
    }
    shown.join(", ")
}
