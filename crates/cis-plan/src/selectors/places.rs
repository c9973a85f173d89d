//! Where selectors are written, once their positions are known.

use cis_rules::snapshot::SelectorPlace;
use serde_json::Value as Json;

use crate::node::PLACE;

/// Takes the places out of selectors.
pub(super) fn take<'a>(
    all: impl Iterator<Item = &'a mut Json>,
    file: Option<&str>,
) -> Vec<SelectorPlace> {
    let mut places = Vec::new();
    for (selector, written) in all.enumerate() {
        places.extend(take_one(written, (selector, None), file));
        let fields = written.get_mut("FieldSelectors").and_then(Json::as_array_mut);
        for (position, field) in fields.into_iter().flatten().enumerate() {
            places.extend(take_one(field, (selector, Some(position)), file));
        }
    }
    places
}

fn take_one(
    written: &mut Json,
    (selector, field_selector): (usize, Option<usize>),
    file: Option<&str>,
) -> Option<SelectorPlace> {
    let place = written.as_object_mut()?.remove(PLACE)?;
    let mut parts = place.as_str()?.splitn(3, ':');
    let line = parts.next()?.parse().ok()?;
    let column = parts.next()?.parse().ok();
    let file = parts.next().or(file)?.to_string();
    Some(SelectorPlace { selector, field_selector, file, line, column })
}
