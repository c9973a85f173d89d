//! What was delivered, as the answer has it.

use cis_evidence::answer::{Bucket, Counts, Delivered, OfCaller, OfDay, OfEvent};
use cis_logs::{callers, delivered};
use cis_rules::record::caller::{Caller, CallerType};

/// The counts of a scan.
fn counts(counted: &delivered::Counts) -> Counts {
    let delivered::Counts { events, errors, foreign, bytes_in, bytes_out } = *counted;
    Counts { events, errors, from_outside: foreign, bytes_in, bytes_out }
}

/// How many callers are told.
const CALLERS: usize = 100;

/// A caller, as the answer has it.
fn caller_of(caller: callers::Caller) -> Caller {
    let callers::Caller { caller_type, name, is_group } = caller;
    let name = if is_group { format!("{name}*") } else { name.into_string() };
    let (mut arn, mut account_id, mut service) = (None, None, None);
    let place = match caller_type {
        _ if name.starts_with("arn:") => &mut arn,
        CallerType::AwsService => &mut service,
        _ => &mut account_id,
    };
    *place = Some(name).filter(|name| !name.is_empty());
    Caller { caller_type, arn, account_id, service }
}

/// What a scan counted.
pub(super) fn delivered(counted: &delivered::Delivered) -> Delivered {
    let mut all = Counts::default();
    let buckets = counted.buckets().into_iter().map(|(bucket, counted)| {
        let of_bucket = counts(&counted.whole());
        all.add(&of_bucket);
        let by_event = counted.by_sort.iter().map(|(sort, counted)| OfEvent {
            event_name: sort.event_name.clone(),
            kind: sort.kind,
            caller_type: sort.caller_type,
            counts: counts(counted),
        });
        let by_day = counted.by_day.iter().map(|(day, counted)| OfDay {
            day: day.map(|day| day.to_string().chars().take(10).collect()),
            counts: counts(counted),
        });
        Bucket { bucket, all: of_bucket, by_event: by_event.collect(), by_day: by_day.collect() }
    });
    let buckets = buckets.collect();
    let callers = counted.callers().most();
    let more_callers = callers.len().saturating_sub(CALLERS) as u64;
    let callers = callers.into_iter().take(CALLERS);
    let callers = callers.map(|(caller, counted)| OfCaller {
        is_group: caller.is_group,
        caller: caller_of(caller),
        counts: counts(&counted),
    });
    Delivered { all, buckets, callers: callers.collect(), more_callers }
}
