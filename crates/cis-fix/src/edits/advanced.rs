//! Edits of advanced selectors: one more, or conditions that go.

use cis_rules::selector::{AdvancedSelector, Condition, Field, FieldSelector, Operator};
use cis_rules::{Deliveries, Kind, RecordField};

use super::{Edit, EditKind, Want};
use crate::json::Members;
use crate::selectors::{
    S3_OBJECT, SelectorSet, advanced, advanced_text, equals, field_selector, field_selector_text,
    is_of_objects,
};

/// The edits of a set.
pub(super) fn edits(selectors: &[Members], want: &Want<'_>) -> Vec<Edit> {
    let mut edits = vec![append(selectors, want, false)];
    if !want.allowed.is_empty() {
        edits.push(append(selectors, want, true));
    }
    for at in 0..selectors.len() {
        edits.extend(relax(selectors, at, want));
    }
    edits.extend(without_log_bucket(selectors, want));
    edits
}

/// One more selector.
fn append(selectors: &[Members], want: &Want<'_>, with_exceptions: bool) -> Edit {
    let mut all = selectors.to_vec();
    all.push(every_object(want, with_exceptions));
    let kinds = want.kinds_in_words();
    let (kind, but) = if with_exceptions {
        (EditKind::SelectorWithExceptions, ", but for the buckets that may stay unlogged")
    } else {
        (EditKind::AdvancedSelector, "")
    };
    Edit {
        kind,
        set: SelectorSet::Advanced(all),
        why: format!(
            "one more selector takes every S3 {kinds} event{but}; a trail logs what any of its \
             selectors takes, so the others stay as they are"
        ),
    }
}

/// The selector of every object-level event of some kinds.
pub(crate) fn every_object(want: &Want<'_>, with_exceptions: bool) -> Members {
    let mut fields = vec![
        field_selector_text(&equals(RecordField::EventCategory, &["Data"])),
        field_selector_text(&equals(RecordField::ResourcesType, &[S3_OBJECT])),
    ];
    let mut name = "Every S3 object-level event".to_owned();
    if let [kind] = want.kinds {
        fields.push(field_selector_text(&equals(RecordField::ReadOnly, &[kind.read_only()])));
        name = format!("Every S3 object-level {kind} event");
    }
    if with_exceptions {
        let starts = want.allowed_starts();
        let field = RecordField::ResourcesArn.name();
        fields.push(field_selector(field, Operator::NotStartsWith, &starts));
        name.push_str(" but for the excepted buckets");
    }
    advanced_text(&name, &fields)
}

/// One selector with conditions only on what may stay unlogged.
fn relax(selectors: &[Members], at: usize, want: &Want<'_>) -> Option<Edit> {
    let read = advanced(selectors.get(at)?).filter(is_of_objects)?;
    let kept = allowed_values(&read, want);
    let mut fields = Vec::new();
    for field in &read.field_selectors {
        match &field.field {
            Field::Known(RecordField::EventCategory | RecordField::ResourcesType) => {
                fields.push(field_selector_text(field));
            }
            Field::Known(RecordField::ReadOnly) if takes(field, want.kinds) => {
                fields.push(field_selector_text(field));
            }
            _ => {}
        }
    }
    if !kept.is_empty() {
        let field = RecordField::ResourcesArn.name();
        fields.push(field_selector(field, Operator::NotStartsWith, &kept));
    }
    let mut all = selectors.to_vec();
    let relaxed = all.get_mut(at)?;
    relaxed.set("FieldSelectors", &fields);
    let name = match &read.name {
        Some(name) if !name.is_empty() => format!("selector {at} (`{name}`)"),
        _ => format!("selector {at}"),
    };
    Some(if kept.is_empty() {
        Edit {
            kind: EditKind::RemoveConditions,
            set: SelectorSet::Advanced(all),
            why: format!("{name} loses its conditions, and takes what they kept out"),
        }
    } else {
        Edit {
            kind: EditKind::NarrowCondition,
            set: SelectorSet::Advanced(all),
            why: format!(
                "{name} leaves out only the buckets that may stay unlogged, each with a slash at \
                 its end ({})",
                kept.join(", ")
            ),
        }
    })
}

/// Whether a field selector on `readOnly` takes some kinds of events.
fn takes(field: &FieldSelector, kinds: &[Kind]) -> bool {
    match field.conditions.as_slice() {
        [Condition { operator: Operator::Equals, values }] => {
            kinds.iter().all(|kind| values.iter().any(|value| value == kind.read_only()))
        }
        _ => false,
    }
}

/// The starts of ARNs that a selector leaves out and may leave out.
fn allowed_values(selector: &AdvancedSelector, want: &Want<'_>) -> Vec<String> {
    let excluded: Vec<&String> = selector
        .on(RecordField::ResourcesArn)
        .flat_map(|field| &field.conditions)
        .filter(|condition| condition.operator == Operator::NotStartsWith)
        .flat_map(|condition| &condition.values)
        .collect();
    let mut starts = want.allowed_starts();
    starts.retain(|start| {
        excluded.iter().any(|value| *value == start || start.strip_suffix('/') == Some(value))
    });
    starts
}

/// The selectors without conditions on the trail's own log bucket, which `RecursiveLogging` false
/// makes needless.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-trail-recursive-logging.html>
fn without_log_bucket(selectors: &[Members], want: &Want<'_>) -> Option<Edit> {
    if want.deliveries != Deliveries::Ignore || want.allows_log_bucket() {
        return None;
    }
    // Deliveries are writes: whoever asks for reads only may have a selector that takes both.
    let mut takes_writes = want.kinds.contains(&Kind::Write);
    let start = want.objects_of(want.log_bucket?);
    let is_own = |value: &String| *value == start || start.strip_suffix('/') == Some(value);
    let mut is_changed = false;
    let mut all = Vec::new();
    for selector in selectors {
        let Some(read) = advanced(selector).filter(is_of_objects) else {
            all.push(selector.clone());
            continue;
        };
        let mut fields = Vec::new();
        let mut is_edited = false;
        for field in &read.field_selectors {
            let mut field = field.clone();
            if field.field == RecordField::ResourcesArn {
                for condition in &mut field.conditions {
                    let before = condition.values.len();
                    if !condition.operator.is_positive() {
                        condition.values.retain(|value| !is_own(value));
                    }
                    is_edited |= condition.values.len() < before;
                }
                if is_edited {
                    field.conditions.retain(|condition| !condition.values.is_empty());
                }
            }
            if !field.conditions.is_empty() {
                fields.push(field_selector_text(&field));
            }
        }
        is_changed |= is_edited;
        takes_writes |= is_edited && read.on(RecordField::ReadOnly).next().is_none();
        all.push(if is_edited {
            selector.clone().with("FieldSelectors", &fields)
        } else {
            selector.clone()
        });
    }
    (is_changed && takes_writes).then(|| Edit {
        kind: EditKind::OwnLogBucket,
        set: SelectorSet::Advanced(all),
        why: format!(
            "the conditions on the trail's own log bucket, {}, go: what users do there is then \
             logged",
            want.log_bucket.unwrap_or_default()
        ),
    })
}
