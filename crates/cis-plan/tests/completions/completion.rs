//! What CloudFormation makes of a template once everything has a value: naive, and without a look
//! at how plans are read.

use crate::account::{Account, MadeAdvanced, MadeBasic, MadeTrail};
use crate::spelling::bucket_id;
use crate::template::{
    Advanced, Basic, Choice, Condition, OpenId, Template, Text, Trail, Values, partition_of,
};

/// That CloudFormation would refuse these values.
#[derive(Debug)]
pub(crate) struct Refused;

/// A template with a value for everything.
struct Deployment<'a> {
    template: &'a Template,
    ids: &'a [OpenId],
    values: &'a [String],
    truths: Vec<bool>,
    names: Vec<Option<String>>,
}

/// The account that a template makes with these values for what is open; `None` where it would not
/// deploy.
pub(crate) fn complete(template: &Template, ids: &[OpenId], values: &[String]) -> Option<Account> {
    let names = Vec::new();
    let mut deployment = Deployment { template, ids, values, truths: Vec::new(), names };
    deployment.run().ok()
}

impl Deployment<'_> {
    fn run(&mut self) -> Result<Account, Refused> {
        for condition in &self.template.conditions {
            let truth = self.truth(condition)?;
            self.truths.push(truth);
        }
        for at in 0..self.template.buckets.len() {
            let name = self.name_of_bucket(at)?;
            if name.as_ref().is_some_and(|name| self.names.iter().flatten().any(|n| n == name)) {
                return Err(Refused);
            }
            self.names.push(name);
        }
        let mut trails = Vec::new();
        for (at, trail) in self.template.trails.iter().enumerate() {
            if trail.condition.is_none_or(|condition| self.truths[condition]) {
                trails.push(self.trail(at, trail)?);
            }
        }
        let buckets = self.names.iter().enumerate();
        Ok(Account {
            id: self.account().to_string(),
            partition: self.partition().to_string(),
            region: self.region().to_string(),
            trails,
            buckets: buckets
                .filter_map(|(at, name)| Some((bucket_id(at), name.clone()?)))
                .collect(),
        })
    }

    fn open(&self, id: OpenId) -> Option<&str> {
        let at = self.ids.iter().position(|other| *other == id)?;
        Some(self.values[at].as_str())
    }

    fn region(&self) -> &str {
        let known = self.template.region.or_else(|| self.open(OpenId::Place));
        known.unwrap_or(match self.template.partition {
            Some("aws-cn") => "cn-north-1",
            _ => "us-east-1",
        })
    }

    fn partition(&self) -> &str {
        self.template.partition().unwrap_or_else(|| partition_of(self.region()))
    }

    fn account(&self) -> &str {
        self.template.account.or_else(|| self.open(OpenId::Account)).unwrap_or("111122223333")
    }

    fn parameter(&self, at: usize) -> Result<&str, Refused> {
        let parameter = &self.template.parameters[at];
        let value =
            parameter.known().or_else(|| self.open(OpenId::Parameter(at))).ok_or(Refused)?;
        if parameter.allows(value) { Ok(value) } else { Err(Refused) }
    }

    fn truth(&self, condition: &Condition) -> Result<bool, Refused> {
        let all = |all: &[Condition]| {
            all.iter().map(|one| self.truth(one)).collect::<Result<Vec<_>, _>>()
        };
        Ok(match condition {
            Condition::Equals(one, other) => self.text(one)? == self.text(other)?,
            Condition::Not(condition) => !self.truth(condition)?,
            Condition::And(parts) => all(parts)?.into_iter().all(|truth| truth),
            Condition::Or(parts) => all(parts)?.into_iter().any(|truth| truth),
            Condition::Named(at) => self.truths[*at],
        })
    }

    fn choose<'b, T>(&self, choice: &'b Choice<T>) -> Option<&'b T> {
        match choice {
            Choice::Is(value) => Some(value),
            Choice::If(condition, one, other) => {
                let branch = if self.truths[*condition] { one } else { other };
                self.choose(branch.as_ref()?)
            }
        }
    }

    /// The name of a bucket; none where it is not made.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
    fn name_of_bucket(&self, at: usize) -> Result<Option<String>, Refused> {
        let bucket = &self.template.buckets[at];
        if bucket.condition.is_some_and(|condition| !self.truths[condition]) {
            return Ok(None);
        }
        let given = bucket.name.as_ref().and_then(|name| self.choose(name));
        let name = match given {
            Some(text) => self.text(text)?,
            None => match self.open(OpenId::Generated(at)) {
                Some(name) => name.to_string(),
                // Nothing asks for this name.
                None => format!("unasked-{at}"),
            },
        };
        if is_bucket_name(&name) { Ok(Some(name)) } else { Err(Refused) }
    }

    fn text(&self, text: &Text) -> Result<String, Refused> {
        let name = |at: usize| self.names.get(at).cloned().flatten().ok_or(Refused);
        Ok(match text {
            Text::Known(text) => text.clone(),
            Text::Parameter(at) | Text::Joined(at) => self.parameter(*at)?.to_string(),
            Text::Bucket(at) => name(*at)?,
            Text::BucketArn(at) => format!("arn:{}:s3:::{}", self.partition(), name(*at)?),
            Text::Region => self.region().to_string(),
            Text::Partition => self.partition().to_string(),
            Text::Account => self.account().to_string(),
            Text::Import(at) => self.open(OpenId::Import(*at)).ok_or(Refused)?.to_string(),
            Text::Dynamic(at) => self.open(OpenId::Dynamic(*at)).ok_or(Refused)?.to_string(),
            Text::All(texts, _) => {
                texts.iter().map(|text| self.text(text)).collect::<Result<String, _>>()?
            }
        })
    }

    fn fact(&self, choice: &Choice<Text>) -> Result<Option<bool>, Refused> {
        let Some(text) = self.choose(choice) else { return Ok(None) };
        match self.text(text)?.as_str() {
            "true" => Ok(Some(true)),
            "false" => Ok(Some(false)),
            _ => Err(Refused),
        }
    }

    /// `IsLogging` and `S3BucketName` are required, `IsMultiRegionTrail` is false by default.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudtrail-trail.html>
    fn trail(&self, at: usize, trail: &Trail) -> Result<MadeTrail, Refused> {
        let is_logging = self.fact(&trail.is_logging)?.ok_or(Refused)?;
        let is_multi_region = match &trail.is_multi_region {
            Some(fact) => self.fact(fact)?.unwrap_or(false),
            None => false,
        };
        let bucket = self.text(self.choose(&trail.bucket).ok_or(Refused)?)?;
        let mut basic = Vec::new();
        for selector in trail.basic.iter().filter_map(|all| self.choose(all)).flatten() {
            if let Some(selector) = self.choose(selector) {
                basic.push(self.basic(selector)?);
            }
        }
        let mut advanced = Vec::new();
        for selector in trail.advanced.iter().filter_map(|all| self.choose(all)).flatten() {
            if let Some(selector) = self.choose(selector) {
                advanced.push(self.advanced(selector)?);
            }
        }
        if !basic.is_empty() && !advanced.is_empty() {
            return Err(Refused);
        }
        let name = format!("Trail{at}");
        Ok(MadeTrail { name, is_logging, is_multi_region, bucket, basic, advanced })
    }

    fn values(&self, values: &Values) -> Result<Vec<String>, Refused> {
        match values {
            Values::Items(items) => {
                let chosen = items.iter().filter_map(|item| self.choose(item));
                chosen.map(|text| self.text(text)).collect()
            }
            Values::List(at) => Ok(self.parameter(*at)?.split(',').map(str::to_string).collect()),
        }
    }

    fn basic(&self, selector: &Basic) -> Result<MadeBasic, Refused> {
        let read_write = selector.read_write.as_ref().and_then(|kind| self.choose(kind));
        let values = self.choose(&selector.values);
        Ok(MadeBasic {
            read_write: read_write.map(|kind| self.text(kind)).transpose()?,
            values: values.map(|values| self.values(values)).transpose()?,
        })
    }

    fn advanced(&self, selector: &Advanced) -> Result<MadeAdvanced, Refused> {
        let mut fields = Vec::new();
        for field in selector.fields.iter().filter_map(|field| self.choose(field)) {
            let mut operators = Vec::new();
            for (operator, values) in &field.operators {
                if let Some(values) = self.choose(values) {
                    operators.push((*operator, self.values(values)?));
                }
            }
            fields.push((field.field, operators));
        }
        Ok(MadeAdvanced { fields })
    }
}

/// Whether S3 makes a new bucket of this name.
pub(crate) fn is_bucket_name(name: &str) -> bool {
    let simple = |byte: &u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    (3..=63).contains(&bytes.len())
        && bytes.iter().all(|byte| simple(byte) || matches!(byte, b'.' | b'-'))
        && bytes.first().is_some_and(simple)
        && bytes.last().is_some_and(simple)
        && !name.contains("..")
}
