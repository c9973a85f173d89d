//! Random records near what an account compares with.

use cis_rules::catalogue;
use cis_rules::field::{Absence, CLOUDTRAIL_SERVICE, RecordField, Values};
use cis_rules::question::{BucketName, Kind};
use cis_rules::record::Record;
use serde_json::Value;

use crate::rng::Rng;

const HEADER: &str = "arn:aws:s3:::";

/// Every string in a JSON document.
fn strings(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Array(values) => values.iter().for_each(|value| strings(value, found)),
        Value::Object(members) => members.values().for_each(|value| strings(value, found)),
        _ => {}
    }
}

/// What the selectors of some accounts compare with.
pub(crate) struct Texts(Vec<String>);

impl Texts {
    pub(crate) fn of(accounts: &[&Value]) -> Self {
        let mut found = vec![String::new()];
        for account in accounts {
            for trail in account["trails"].as_array().unwrap() {
                strings(&trail["eventSelectors"], &mut found);
            }
        }
        found.sort_unstable();
        found.dedup();
        Self(found)
    }

    /// A text that is often one that is compared with, or starts or ends like one.
    fn text(&self, rng: &mut Rng, given: &[&str]) -> String {
        let start =
            if rng.once_in(3) { (*rng.pick(given)).to_string() } else { rng.pick(&self.0).clone() };
        match rng.below(5) {
            0 => format!("{start}~{}", rng.pick(&self.0)),
            1 => format!("~{start}"),
            2 => {
                let mut shorter = start;
                shorter.pop();
                shorter
            }
            _ => start,
        }
    }

    fn object(&self, rng: &mut Rng) -> String {
        for _ in 0..8 {
            let text = self.text(rng, &["acme-logs/in/x.csv", "zeta/a", "other/"]);
            let object = text.strip_prefix(HEADER).unwrap_or(&text);
            let (bucket, key) = object.split_once('/').unwrap_or((object, "x"));
            let bucket = if rng.once_in(4) { format!("{bucket}-q") } else { bucket.to_string() };
            if BucketName::is_valid(&bucket) {
                let end = if rng.once_in(3) { rng.pick(&self.0).as_str() } else { "" };
                let key = format!("{key}{end}");
                let longest = if key.len() <= 1024 { key.as_str() } else { "x" };
                return format!("{HEADER}{bucket}/{longest}");
            }
        }
        format!("{HEADER}qqq/x")
    }

    /// A record in the scope of a kind.
    pub(crate) fn record(&self, rng: &mut Rng, kind: Kind) -> Record {
        let names =
            ["PutObject", "GetObject", "DeleteObject", "DeleteObjects", "ListObjects", "Unheard"];
        let mut event_name = self.text(rng, &names);
        if catalogue::confirmed(kind.other()).any(|other| other == event_name) {
            event_name = "Unheard".into();
        }
        let mut record = Record::of_object(self.object(rng))
            .with(RecordField::EventName, event_name)
            .with(RecordField::ReadOnly, kind.read_only());
        let others = RecordField::VARYING
            .into_iter()
            .filter(|field| !matches!(field, RecordField::ResourcesArn | RecordField::EventName));
        for field in others {
            let facts = field.facts();
            if facts.absence != Absence::Never && rng.once_in(3) {
                continue;
            }
            let value = match facts.values {
                Values::Only(only) => only.to_string(),
                _ if facts.samples.is_empty() => {
                    self.text(rng, &["arn:aws:iam::111122223333:user/a"])
                }
                _ => self.text(rng, facts.samples),
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
