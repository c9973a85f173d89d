//! Which records must be logged, and which are documented, against the naive model.

use cis_rules::RecordField;
use cis_rules::field::{CLOUDTRAIL_SERVICE, Values};
use cis_rules::internals::scope::{in_scope, is_documented};
use cis_rules::record::Record;
use testkit::accounts::account;
use testkit::chance::{Chance, Rng};
use testkit::model;
use testkit::question::{question, to_json};
use testkit::records::{Texts, to_model};
use testkit::texts::near;

/// Changes one field of a record: to nothing, to an example, or to what nearly is its value.
fn change(rng: &mut Rng, record: &mut Record) {
    let fields: Vec<RecordField> = RecordField::all().collect();
    let field = *rng.pick(&fields);
    let facts = field.facts();
    let value = record.get(field).unwrap_or_default().to_owned();
    match rng.below(4) {
        0 => record.set(field, None::<String>),
        1 if !facts.samples.is_empty() => record.set(field, *rng.pick(facts.samples)),
        2 => record.set(RecordField::InvokedBy, CLOUDTRAIL_SERVICE),
        _ => {
            let text = near(rng, &value);
            match facts.values {
                Values::ObjectArns => {
                    record.set(field, cis_rules::record::FieldValue::of_object(text))
                }
                Values::Any | Values::Only(_) | Values::OfKind => record.set(field, text),
            }
        }
    }
}

#[test]
fn the_scope_is_the_models_and_so_is_what_is_documented() {
    let (mut inside, mut outside, mut documented) = (0, 0, 0);
    for seed in crate::seeds(crate::accounts()) {
        let mut rng = Rng::new(seed);
        let account = account(&mut rng);
        let question = question(&mut rng);
        let partition = account["partition"].as_str().unwrap();
        let texts = Texts::of(&[&account]);
        let model = model::Account::new(&account, &to_json(&question));
        for _ in 0..8 {
            let mut record = texts.record(&mut rng, question.kind);
            for _ in 0..rng.below(3) {
                change(&mut rng, &mut record);
            }
            let told = to_model(&record);
            let is_in_scope = in_scope(&record, &question, partition);
            assert_eq!(is_in_scope, model.in_scope(&told), "{question:?} {record:?}");
            assert_eq!(is_documented(&record), model::is_documented(&told), "{record:?}");
            inside += u64::from(is_in_scope);
            outside += u64::from(!is_in_scope);
            documented += u64::from(is_documented(&record));
        }
    }
    println!("{inside} in scope, {outside} not; {documented} documented");
    let least = crate::accounts() / 50;
    assert!([inside, outside, documented].iter().all(|count| *count > least));
}
