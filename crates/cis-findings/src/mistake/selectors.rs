//! The condition that loses an event, and what slip it is.

use cis_rules::RecordField;
use cis_rules::catalogue;
use cis_rules::internals::matching::Match;
use cis_rules::question::{Kind, Question};
use cis_rules::record::Record;
use cis_rules::report::Gap;
use cis_rules::selector::{
    AdvancedSelector, BasicSelector, Field, FieldSelector, Operator, ReadWriteType, Selector,
};
use cis_rules::snapshot::{ObservedTrail, Snapshot};

use super::{At, Slip};

/// The type of S3 objects in selectors.
const OBJECT: &str = cis_rules::field::S3_OBJECT;

/// The slip in the selectors of a trail that loses an event.
pub(super) fn slip<'a>(
    snapshot: &'a Snapshot,
    question: &'a Question,
    observed: &'a ObservedTrail,
    gap: &'a Gap,
) -> (Slip<'a>, Option<At<'a>>) {
    let near = near(snapshot, question, observed, gap);
    match near.into_iter().min_by_key(|near| near.distance) {
        Some(near) => (near.slip, Some(near.at)),
        None => (Slip::NoDataEvents, None),
    }
}

/// The conditions that keep an event out of the selectors about S3 objects, one of each selector.
pub(super) fn path<'a>(
    snapshot: &'a Snapshot,
    question: &'a Question,
    observed: &'a ObservedTrail,
    gap: &'a Gap,
) -> Vec<At<'a>> {
    near(snapshot, question, observed, gap).into_iter().map(|near| near.at).collect()
}

fn near<'a>(
    snapshot: &'a Snapshot,
    question: &'a Question,
    observed: &'a ObservedTrail,
    gap: &'a Gap,
) -> Vec<Near<'a>> {
    let record = &gap.witness.record;
    let of_trail = observed.trail.arn.as_deref().and_then(|arn| arn.split(':').nth(1));
    let context = Context {
        record,
        question,
        partition: of_trail.unwrap_or(&snapshot.partition),
        log_bucket: observed.trail.s3_bucket_name.as_deref(),
        is_documented: gap.witness.documented,
    };
    let selectors = observed.event_selectors.as_deref().unwrap_or_default();
    let near = selectors.iter().enumerate().filter_map(|(index, selector)| match selector {
        Selector::Advanced(advanced) => context.of_advanced(index, advanced),
        Selector::Basic(basic) => context.of_basic(index, basic),
    });
    near.collect()
}

/// What a selector lacks to take the event.
struct Near<'a> {
    /// How many conditions keep the event out; those of the other kind are farthest.
    distance: usize,
    slip: Slip<'a>,
    at: At<'a>,
}

/// What is asked, and what is lost.
#[derive(Clone, Copy)]
struct Context<'a> {
    record: &'a Record,
    question: &'a Question,
    partition: &'a str,
    log_bucket: Option<&'a str>,
    is_documented: bool,
}

/// Farther than any number of conditions.
const OTHER_KIND: usize = 1000;

impl<'a> Context<'a> {
    fn of_advanced(self, index: usize, selector: &'a AdvancedSelector) -> Option<Near<'a>> {
        let fails = |condition: &FieldSelector| {
            let only = AdvancedSelector {
                name: None,
                field_selectors: vec![condition.clone()],
                unknown_members: Vec::new(),
            };
            // The fields that are missing here match: only this condition's answer is left.
            only.matches(self.record) == Match::No
        };
        let failing: Vec<_> =
            selector.field_selectors.iter().enumerate().filter(|(_, one)| fails(one)).collect();
        let is_of = |field: RecordField| {
            move |(_, one): &&(usize, &FieldSelector)| one.field == Field::Known(field)
        };
        let fixed = [RecordField::EventCategory, RecordField::ResourcesType];
        if fixed.into_iter().any(|field| failing.iter().any(|one| is_of(field)(&one))) {
            return None;
        }
        let other_kind = failing.iter().find(is_of(RecordField::ReadOnly));
        let (place, condition) = *other_kind.or_else(|| failing.first())?;
        let slip = match (other_kind, failing.as_slice()) {
            (Some(_), _) => Slip::OtherKind(other(self.question.kind)),
            (None, [_]) => self.of_condition(condition),
            (None, _) => match self.of_condition(condition) {
                // One of several may look like the cause, and its removal would not be enough.
                Slip::Narrowed | Slip::LeavesOutBuckets { .. } | Slip::LeavesOutNames { .. } => {
                    Slip::Several
                }
                slip => slip,
            },
        };
        let distance = failing.len() + if other_kind.is_some() { OTHER_KIND } else { 0 };
        let name = selector.name.as_deref().filter(|name| !name.is_empty());
        Some(Near {
            distance,
            slip,
            at: At { selector: index, name, condition: Some((place, condition)), basic: None },
        })
    }

    fn of_condition(self, condition: &'a FieldSelector) -> Slip<'a> {
        let Field::Known(field) = condition.field else { return Slip::Narrowed };
        let value = self.record.get(field);
        let Some((operator, values)) = culprit(condition, value) else { return Slip::Narrowed };
        match field {
            RecordField::ResourcesArn => self.of_arn(operator, values),
            RecordField::EventName => self.of_name(operator, values),
            RecordField::SessionCredentialFromConsole if operator.is_positive() => {
                Slip::ConsoleOnly
            }
            RecordField::SessionCredentialFromConsole => Slip::NoConsole,
            RecordField::UserIdentityArn => Slip::Callers,
            _ => Slip::Narrowed,
        }
    }

    fn of_arn(self, operator: Operator, values: Vec<&'a str>) -> Slip<'a> {
        let Some(&first) = values.first() else { return Slip::Narrowed };
        if operator.is_positive() {
            return self.of_taken(values);
        }
        let buckets: Vec<&str> = values.iter().filter_map(|value| bucket(value)).collect();
        match (operator, bucket(first)) {
            (Operator::NotStartsWith, Some(name)) if !first.contains(":::*") => {
                if !first.ends_with('/') && first.ends_with(name) {
                    return Slip::NoSlash { bucket: name };
                }
                let is_whole = buckets.len() == values.len()
                    && values.iter().all(|value| value.ends_with('/') && is_bucket(value));
                if is_whole {
                    let is_own_log_bucket =
                        buckets.iter().all(|name| Some(*name) == self.log_bucket);
                    return Slip::LeavesOutBuckets { buckets, is_own_log_bucket };
                }
                Slip::Narrowed
            }
            (Operator::NotEquals, Some(_)) if is_bucket(first) => {
                Slip::NotEqualsBucket { value: first }
            }
            _ => Slip::Narrowed,
        }
    }

    /// The slip in values that say what is taken.
    fn of_taken(self, values: Vec<&'a str>) -> Slip<'a> {
        let partition_of = |value: &str| {
            let (partition, rest) = value.strip_prefix("arn:")?.split_once(':')?;
            rest.starts_with("s3").then(|| partition.to_string())
        };
        let is_foreign =
            |value: &&&str| partition_of(value).is_some_and(|its| its != self.partition);
        if let Some(value) = values.iter().find(|value| value.contains('*')) {
            return Slip::Star { value };
        }
        match values.iter().find(is_foreign) {
            Some(value) if values.iter().all(|value| is_foreign(&value)) => {
                Slip::OtherPartition { value, partition: self.partition }
            }
            _ => Slip::OnlySome { values },
        }
    }

    fn of_name(self, operator: Operator, values: Vec<&'a str>) -> Slip<'a> {
        if !operator.is_positive() {
            return Slip::LeavesOutNames { names: values };
        }
        let other = other(self.question.kind);
        let is_of_other =
            |name: &&&str| catalogue::confirmed(other).iter().any(|confirmed| *confirmed == **name);
        match values.iter().find(is_of_other) {
            Some(name)
                if operator == Operator::Equals && values.iter().all(|name| is_of_other(&name)) =>
            {
                Slip::NamesOfOtherKind { name }
            }
            _ if !self.is_documented || self.has_todays_names(&values) => Slip::TodaysNames,
            _ => Slip::SomeNames,
        }
    }

    /// Whether these are all events that are known to be of the kind.
    fn has_todays_names(self, values: &[&str]) -> bool {
        let kind = self.question.kind;
        let known = catalogue::object_events(Some(kind));
        let mut confirmed = known.filter(|name| catalogue::confirmed(kind).contains(name));
        confirmed.all(|name| values.contains(&name))
    }

    fn of_basic(self, index: usize, selector: &'a BasicSelector) -> Option<Near<'a>> {
        let resources = selector
            .data_resources
            .iter()
            .filter(|resource| resource.resource_type.as_deref() == Some(OBJECT));
        let values: Vec<&str> =
            resources.flat_map(|resource| &resource.values).map(String::as_str).collect();
        if values.is_empty() {
            return None;
        }
        let at = At { selector: index, name: None, condition: None, basic: Some(selector) };
        let is_other = matches!(
            (&selector.read_write, self.question.kind),
            (ReadWriteType::ReadOnly, Kind::Write) | (ReadWriteType::WriteOnly, Kind::Read)
        );
        Some(if is_other {
            Near { distance: OTHER_KIND, slip: Slip::OtherKind(other(self.question.kind)), at }
        } else {
            Near { distance: 1, slip: self.of_taken(values), at }
        })
    }
}

/// The ARN of a bucket in a `NotEquals` on resources.ARN.
pub(super) fn not_equals_bucket(selector: &Selector) -> Option<&str> {
    let Selector::Advanced(advanced) = selector else { return None };
    let conditions = advanced
        .field_selectors
        .iter()
        .filter(|one| one.field == Field::Known(RecordField::ResourcesArn))
        .flat_map(|one| &one.conditions);
    let values =
        conditions.filter(|one| one.operator == Operator::NotEquals).flat_map(|one| &one.values);
    values.map(String::as_str).find(|value| is_bucket(value))
}

/// The operator of a condition that keeps a value out, and those of its values that do.
fn culprit<'a>(
    condition: &'a FieldSelector,
    value: Option<&str>,
) -> Option<(Operator, Vec<&'a str>)> {
    let hits = |operator: Operator, written: &str| {
        let value = value.unwrap_or_default();
        match operator {
            Operator::NotEquals => value == written,
            Operator::NotStartsWith => value.starts_with(written),
            Operator::NotEndsWith => value.ends_with(written),
            Operator::Equals | Operator::StartsWith | Operator::EndsWith => true,
        }
    };
    let found = condition.conditions.iter().filter_map(|one| {
        let values: Vec<&str> = one.values.iter().map(String::as_str).collect();
        let has_hit = values.iter().any(|written| hits(one.operator, written));
        // The value that hits comes first: it is the one that is shown.
        let mut values = values;
        values.sort_by_key(|written| !hits(one.operator, written));
        has_hit.then_some((one.operator, values))
    });
    // A negative operator that hits is the cause; else what is taken is too little.
    let mut found: Vec<_> = found.collect();
    found.sort_by_key(|(operator, _)| operator.is_positive());
    found.into_iter().next()
}

/// The bucket in an ARN or the start of one.
fn bucket(value: &str) -> Option<&str> {
    let name = value.strip_prefix("arn:")?.split_once(":s3:::")?.1;
    let name = name.split('/').next()?;
    (!name.is_empty()).then_some(name)
}

/// Whether a value is the ARN of a bucket with a slash behind it.
fn is_bucket(value: &str) -> bool {
    bucket(value).is_some_and(|name| value.ends_with(&format!(":{name}/")))
}

const fn other(kind: Kind) -> Kind {
    match kind {
        Kind::Read => Kind::Write,
        Kind::Write => Kind::Read,
    }
}
