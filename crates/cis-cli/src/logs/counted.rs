//! What was delivered, as the answer has it.

use cis_evidence::answer::{Bucket, Counts, Delivered, OfDay, OfEvent};
use cis_logs::delivered;

/// The counts of a scan.
fn counts(counted: &delivered::Counts) -> Counts {
    let delivered::Counts { events, errors, foreign, bytes_in, bytes_out } = *counted;
    Counts { events, errors, from_outside: foreign, bytes_in, bytes_out }
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
    Delivered { all, buckets }
}
