//! Other readings of what AWS does not document: where a record was delivered, a reading under which
//! no trail logs it is refuted.

use cis_rules::explain::Answer;
use cis_rules::field::{Absence, RecordField};
use cis_rules::record::event::{Event, ObjectEvent};
use cis_rules::record::{FieldValue, Record};
use cis_rules::selector::Field;
use cis_rules::snapshot::Snapshot;
use serde_json::Value;

use super::answer_of;
use crate::state;

/// A text that no selector has, so that it is unlike every value.
const UNLIKE: &str = "\u{0}";

/// A delivered event, and the trails of its time.
pub(super) struct Reading<'a> {
    pub(super) trails: &'a [Value],
    pub(super) snapshot: &'a Snapshot,
    pub(super) event: &'a Event,
    pub(super) object: &'a ObjectEvent,
}

/// Whether a record has an `ARNPrefix` in place of an ARN.
pub(super) fn is_keyless(record: &Record) -> bool {
    matches!(record.value(RecordField::ResourcesArn), FieldValue::ArnPrefix(_))
}

impl Reading<'_> {
    fn answer(&self, trails: Vec<Value>, change: impl Fn(&Record) -> Record) -> Answer {
        let Self { snapshot, event, object, .. } = self;
        let account = state::account(&snapshot.account_id, &snapshot.partition, trails, true);
        let Ok(account) = account else { return Answer::NotKnown };
        let records = object.records.iter().map(change).collect();
        answer_of(&account, event, ObjectEvent { records, ..(*object).clone() })
    }

    /// Whether a record with an `ARNPrefix` shows that it is compared as an ARN is (`true`), or that it
    /// is not. It shows neither where it would be delivered both ways.
    pub(super) fn of_prefix(&self, answer: Answer) -> Option<bool> {
        let absent =
            |record: &Record| record.clone().with(RecordField::ResourcesArn, FieldValue::Absent);
        // Basic selectors know nothing but ARNs.
        let without_arn = || {
            self.answer(kept(self.trails, |member, _| member == "AdvancedEventSelectors"), absent)
        };
        if answer == Answer::Logged {
            return (without_arn() == Answer::NotLogged).then_some(true);
        }
        let compared = |record: &Record| {
            let arn = record.arn().to_string();
            record.clone().with(RecordField::ResourcesArn, FieldValue::Text(arn.into()))
        };
        let is_compared = self.answer(self.trails.to_vec(), compared);
        (is_compared == Answer::NotLogged && without_arn() != Answer::NotLogged).then_some(false)
    }

    /// Whether trails take some of the objects that the event names, and surely not others.
    pub(super) fn is_of_some_objects(&self) -> bool {
        let mut arns: Vec<&str> = self.object.records.iter().map(Record::arn).collect();
        arns.sort_unstable();
        arns.dedup();
        if arns.len() < 2 {
            return false;
        }
        let of = |arn: &str| {
            let records = self.object.records.iter().filter(|record| record.arn() == arn);
            let object = ObjectEvent { records: records.cloned().collect(), ..self.object.clone() };
            answer_of(self.snapshot, self.event, object)
        };
        let answers: Vec<Answer> = arns.into_iter().map(of).collect();
        answers.contains(&Answer::Logged) && answers.contains(&Answer::NotLogged)
    }

    /// Whether only a negative condition on a field that the record lacks lets a trail log it.
    pub(super) fn rests_on_absence(&self) -> bool {
        let lacks = |field: RecordField| {
            field.facts().absence != Absence::Never
                && self.object.records.iter().any(|record| record.get(field).is_none())
        };
        let lacking: Vec<RecordField> = Field::known().filter(|field| lacks(*field)).collect();
        let unlike = |record: &Record| {
            let mut record = record.clone();
            for field in &lacking {
                if record.get(*field).is_none() {
                    record.set(*field, UNLIKE);
                }
            }
            record
        };
        if self.answer(self.trails.to_vec(), unlike) != Answer::Logged {
            return false;
        }
        let has_condition = |selector: &Value| {
            let fields = selector.get("FieldSelectors").and_then(Value::as_array);
            let names = fields.into_iter().flatten().filter_map(|field| field.get("Field"));
            let mut names = names.filter_map(Value::as_str);
            names.any(|name| lacking.iter().any(|field| field.name() == name))
        };
        let without = kept(self.trails, |_, selector| !has_condition(selector));
        self.answer(without, Record::clone) == Answer::NotLogged
    }
}

/// The trails with only those selectors that are kept, by the member that lists them.
fn kept(trails: &[Value], is_kept: impl Fn(&str, &Value) -> bool) -> Vec<Value> {
    let mut trails = trails.to_vec();
    for trail in &mut trails {
        let Some(selectors) = trail.get_mut("eventSelectors").and_then(Value::as_object_mut) else {
            continue;
        };
        for (member, list) in selectors.iter_mut() {
            if let Some(list) = list.as_array_mut() {
                list.retain(|selector| is_kept(member, selector));
            }
        }
    }
    trails
}
