//! Random records near what accounts compare with.

use cis_rules::catalogue;
use cis_rules::field::{Absence, CLOUDTRAIL_SERVICE, RecordField, Values};
use cis_rules::question::{BucketName, Kind};
use cis_rules::record::Record;
use serde_json::Value;

use crate::chance::Chance;
use crate::model;

/// Every string in a JSON document.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| strings(value, found)),
        Value::Object(members) => members.values().for_each(|value| strings(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// What the selectors of some accounts compare with.
#[derive(Debug)]
pub struct Texts {
    texts: Vec<String>,
    header: String,
    homes: Vec<String>,
}

impl Texts {
    /// The texts of accounts, which are in one partition.
    #[must_use]
    pub fn of(accounts: &[&Value]) -> Self {
        let mut texts = vec![String::new()];
        let mut homes = Vec::new();
        for trail in accounts.iter().flat_map(|account| account["trails"].as_array()).flatten() {
            strings(&trail["eventSelectors"], &mut texts);
            homes.extend(trail["trail"]["HomeRegion"].as_str().map(str::to_owned));
        }
        texts.sort_unstable();
        texts.dedup();
        let partition = accounts.first().and_then(|account| account["partition"].as_str());
        Self { texts, homes, header: format!("arn:{}:s3:::", partition.unwrap_or("aws")) }
    }

    /// A text that is often one that is compared with, or starts or ends like one.
    fn text(&self, chance: &mut impl Chance, given: &[&str]) -> String {
        let start = if !given.is_empty() && chance.once_in(3) {
            (*chance.pick(given)).to_owned()
        } else {
            chance.pick(&self.texts).clone()
        };
        match chance.below(5) {
            0 => format!("{start}~{}", chance.pick(&self.texts)),
            1 => format!("~{start}"),
            2 => {
                let mut shorter = start;
                shorter.pop();
                shorter
            }
            _ => start,
        }
    }

    fn object(&self, chance: &mut impl Chance) -> String {
        for _ in 0..8 {
            let text = self.text(chance, &["acme-logs/in/x.csv", "zeta/a", "other/"]);
            let object = text.strip_prefix(&self.header).unwrap_or(&text);
            let (bucket, key) = object.split_once('/').unwrap_or((object, "x"));
            let bucket = if chance.once_in(4) { format!("{bucket}-q") } else { bucket.to_owned() };
            if BucketName::is_valid(&bucket) {
                let end = if chance.once_in(3) { chance.pick(&self.texts).as_str() } else { "" };
                let key = format!("{key}{end}");
                let longest = if key.len() <= 1024 { key.as_str() } else { "x" };
                return format!("{}{bucket}/{longest}", self.header);
            }
        }
        format!("{}qqq/x", self.header)
    }

    /// A record in the scope of a kind.
    pub fn record(&self, chance: &mut impl Chance, kind: Kind) -> Record {
        let names =
            ["PutObject", "GetObject", "DeleteObject", "DeleteObjects", "ListObjects", "Unheard"];
        let mut event_name = self.text(chance, &names);
        if catalogue::is_confirmed(&event_name, kind.other()) {
            event_name = "Unheard".into();
        }
        let mut record = Record::of_object(self.object(chance))
            .with(RecordField::EventName, event_name)
            .with(RecordField::ReadOnly, kind.read_only());
        let others = RecordField::VARYING
            .into_iter()
            .filter(|field| !matches!(field, RecordField::ResourcesArn | RecordField::EventName));
        for field in others {
            let facts = field.facts();
            if facts.absence != Absence::Never && chance.once_in(3) {
                continue;
            }
            let value = match facts.values {
                Values::Only(only) => only.to_owned(),
                _ if field == RecordField::AwsRegion
                    && !self.homes.is_empty()
                    && chance.once_in(2) =>
                {
                    chance.pick(&self.homes).clone()
                }
                _ if !facts.samples.is_empty() && chance.once_in(2) => {
                    (*chance.pick(facts.samples)).to_owned()
                }
                _ => self.text(chance, facts.samples),
            };
            record.set(field, value);
        }
        // CloudTrail itself has no ARN and no session.
        if record.get(RecordField::InvokedBy) == Some(CLOUDTRAIL_SERVICE) {
            record.set(RecordField::UserIdentityArn, None::<String>);
            record.set(RecordField::SessionCredentialFromConsole, None::<String>);
        }
        record
    }
}

/// The record as the [model] reads it.
#[must_use]
pub fn to_model(record: &Record) -> model::Record {
    RecordField::all()
        .fold(model::Record::default(), |told, field| told.with(field.name(), record.get(field)))
}
