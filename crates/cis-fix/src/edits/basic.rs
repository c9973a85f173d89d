//! Edits of basic selectors: one more entry, or one more selector.

use cis_rules::selector::{DataResource, ReadWriteType};

use super::{Edit, EditKind, Want};
use crate::json::Members;
use crate::limits::is_accepted_object;
use crate::selectors::{
    Basic, S3_OBJECT, SelectorSet, basic, every_object, every_object_resource, read_write_name,
    read_write_of,
};

/// The edits of a set.
pub(super) fn edits(selectors: &[Members], want: &Want<'_>) -> Vec<Edit> {
    let wanted = read_write_of(want.kinds);
    let mut edits = Vec::new();
    for (at, selector) in selectors.iter().enumerate() {
        let Some(read) = basic(selector) else { continue };
        let is_same = read.data.read_write == wanted;
        let is_wider = read.data.read_write == ReadWriteType::All;
        if !read.data.unknown_members.is_empty() || !(is_same || is_wider) {
            continue;
        }
        let mut all = selectors.to_vec();
        let Some(edited) = all.get_mut(at) else { continue };
        add_entry(edited, &read, want.partition);
        let kinds = want.kinds_in_words();
        let has_data = read.data.data_resources.iter().any(|it| !it.values.is_empty());
        let set = SelectorSet::Basic(all);
        if is_same {
            let why = format!(
                "selector {at} gets the entry of every S3 object; it records {kinds} events"
            );
            edits.push(Edit { kind: EditKind::BasicEntry, set, why });
        } else {
            let kind =
                if has_data { EditKind::SharedBasicEntry } else { EditKind::WiderBasicEntry };
            let why = format!(
                "selector {at} gets the entry of every S3 object; it is one of read and write \
                 events, so both are recorded, and billed, although only {kinds} events are asked \
                 for"
            );
            edits.push(Edit { kind, set, why });
        }
    }
    edits.push(one_more(selectors, &wanted, want));
    edits
}

/// One more selector, without management events: another selector may have them, and to have them
/// twice is to pay for them.
fn one_more(selectors: &[Members], wanted: &ReadWriteType, want: &Want<'_>) -> Edit {
    let mut all = selectors.to_vec();
    all.push(
        Members::default()
            .with("ReadWriteType", &read_write_name(wanted))
            .with("IncludeManagementEvents", &false)
            .with("DataResources", &[every_object_resource(want.partition)]),
    );
    Edit {
        kind: EditKind::BasicSelector,
        set: SelectorSet::Basic(all),
        why: format!(
            "one more basic selector takes every S3 {} event; the others stay as they are",
            want.kinds_in_words()
        ),
    }
}

/// Adds the entry of every object, to the entry of objects where there is one.
fn add_entry(selector: &mut Members, read: &Basic, partition: &str) {
    let mut resources: Vec<Members> = selector.read("DataResources").unwrap_or_default();
    let is_of_objects = |resource: &DataResource| {
        resource.resource_type.as_deref() == Some(S3_OBJECT) && resource.unknown_members.is_empty()
    };
    let entry = read.data.data_resources.iter().position(is_of_objects);
    let entry =
        entry.and_then(|at| Some((read.data.data_resources.get(at)?, resources.get_mut(at)?)));
    match entry {
        Some((resource, text)) => {
            let mut values = resource.values.clone();
            values.retain(|value| is_accepted_object(value, partition));
            values.push(every_object(partition));
            text.set("Values", &values);
        }
        None => resources.push(every_object_resource(partition)),
    }
    selector.set("DataResources", &resources);
}
