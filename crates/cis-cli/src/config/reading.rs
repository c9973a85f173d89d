//! The text of a `trailproof.toml`, checked as a whole, each fault with its line and column.

use std::ops::Range;
use std::str::FromStr;

use cis_rules::question::{BucketName, Date, Deliveries, Excepted, Exception, Kind, Mode};
use serde::Deserialize;
use toml::{Spanned, Value};

use super::Config;
use cis_findings::near::nearest;

/// What is wrong with the file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} column {column}: {problem}")]
pub(super) struct Fault {
    line: usize,
    column: usize,
    problem: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    kinds: Option<Vec<Spanned<String>>>,
    mode: Option<Spanned<String>>,
    deliveries: Option<Spanned<String>>,
    #[serde(default)]
    exceptions: Vec<Spanned<Entry>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    bucket: Option<Spanned<String>>,
    trail: Option<Spanned<String>>,
    account: Option<Spanned<Value>>,
    reason: Option<Spanned<String>>,
    owner: Option<Spanned<String>>,
    expires: Option<Spanned<Value>>,
}

/// Reads the text.
pub(super) fn config(text: &str, today: Date) -> Result<Config, Fault> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let reader = Reader { text };
    let file: File = toml::from_str(text).map_err(|error| {
        let at = error.span().unwrap_or_default();
        reader.fault(&at, error.message().trim_end().replace('\n', ", "))
    })?;
    let kinds = match file.kinds {
        None => None,
        Some(kinds) if kinds.is_empty() => {
            let at = text.find("kinds").unwrap_or_default();
            return Err(reader.fault(&(at..at), "`kinds` is empty: name `write`, `read` or both"));
        }
        Some(kinds) => {
            let mut all = Vec::new();
            for kind in &kinds {
                let kind = reader.choice(kind, "kind", &Kind::ALL.map(Kind::name))?;
                if !all.contains(&kind) {
                    all.push(kind);
                }
            }
            Some(all)
        }
    };
    let mode = |mode| reader.choice(&mode, "mode", &Mode::ALL.map(Mode::name));
    let deliveries =
        |it| reader.choice(&it, "choice of deliveries", &Deliveries::ALL.map(Deliveries::name));
    let mut exceptions: Vec<Exception> = Vec::new();
    for entry in &file.exceptions {
        let exception = reader.exception(entry, today)?;
        let is_same =
            |other: &Exception| (other.of, &other.name) == (exception.of, &exception.name);
        if exceptions.iter().any(is_same) {
            let Exception { of, name, .. } = &exception;
            return Err(reader.fault(&entry.span(), format!("{of} `{name}` is excepted twice")));
        }
        exceptions.push(exception);
    }
    Ok(Config {
        kinds,
        mode: file.mode.map(mode).transpose()?,
        deliveries: file.deliveries.map(deliveries).transpose()?,
        exceptions,
        today,
    })
}

struct Reader<'t> {
    text: &'t str,
}

impl Reader<'_> {
    fn fault(&self, at: &Range<usize>, problem: impl Into<String>) -> Fault {
        let before = self.text.get(..at.start).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Fault { line, column, problem: problem.into() }
    }

    /// One of some words.
    fn choice<T: FromStr>(
        &self,
        given: &Spanned<String>,
        what: &str,
        words: &[&'static str],
    ) -> Result<T, Fault> {
        let text = given.as_ref();
        text.parse().map_err(|_| {
            let meant = nearest(text, words.iter().copied())
                .map_or_else(String::new, |word| format!(": did you mean `{word}`?"));
            let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            let problem = format!("`{text}` is no {what}, allowed are {}{meant}", all.join(", "));
            self.fault(&given.span(), problem)
        })
    }

    fn exception(&self, entry: &Spanned<Entry>, today: Date) -> Result<Exception, Fault> {
        let here = entry.span();
        let entry = entry.as_ref();
        let subjects = [entry.bucket.is_some(), entry.trail.is_some(), entry.account.is_some()];
        if subjects.iter().filter(|is_given| **is_given).count() != 1 {
            let problem = "an exception is of one `bucket`, one `trail` or one `account`: give \
                           exactly one of them";
            return Err(self.fault(&here, problem));
        }
        let expires = entry.expires.as_ref().map(|date| self.date(date)).transpose()?;
        let new = |of, name: &str| Exception::new(of, name, expires, today);
        let exception = if let Some(bucket) = &entry.bucket {
            let name = self.bucket(bucket)?;
            new(Excepted::Bucket, name.as_str())
        } else if let Some(trail) = &entry.trail {
            new(Excepted::Trail, self.trail(trail)?)
        } else if let Some(account) = &entry.account {
            new(Excepted::Account, &self.account(account)?)
        } else {
            return Err(self.fault(&here, "an exception of nothing"));
        };
        let reason = self.said(entry.reason.as_ref(), "reason")?.ok_or_else(|| {
            let problem = "this exception has no `reason`: say why it is made, for example reason = \
                           \"public website, logged at the CDN\"";
            self.fault(&here, problem)
        })?;
        let owner = self.said(entry.owner.as_ref(), "owner")?;
        Ok(Exception { reason: Some(reason), owner, ..exception })
    }

    fn bucket(&self, given: &Spanned<String>) -> Result<BucketName, Fault> {
        given.as_ref().parse().map_err(|error: cis_rules::question::InvalidBucketName| {
            self.fault(&given.span(), error.to_string())
        })
    }

    /// A trail is named as answers name it, so that no other one of the same name is meant.
    fn trail<'g>(&self, given: &'g Spanned<String>) -> Result<&'g str, Fault> {
        let text = given.as_ref().as_str();
        if text.trim().is_empty() || text.contains('*') {
            let problem = format!("`{text}` is no trail: give its ARN as the answer shows it");
            return Err(self.fault(&given.span(), problem));
        }
        Ok(text)
    }

    fn account(&self, given: &Spanned<Value>) -> Result<String, Fault> {
        let text = self.written(given);
        match (given.as_ref(), crate::source::account(&text)) {
            (Value::String(_), Ok(id)) if id.bytes().any(|byte| byte != b'0') => Ok(id),
            _ => Err(self.fault(
                &given.span(),
                format!("`{text}` is no account: give its 12 digits in quotation marks"),
            )),
        }
    }

    fn date(&self, given: &Spanned<Value>) -> Result<Date, Fault> {
        let text = self.written(given);
        text.parse().map_err(|error: cis_rules::question::InvalidDate| {
            self.fault(&given.span(), error.to_string())
        })
    }

    /// A value as it stands in the file, a text without its quotation marks.
    fn written(&self, given: &Spanned<Value>) -> String {
        match given.as_ref() {
            Value::String(text) => text.clone(),
            _ => self.text.get(given.span()).unwrap_or_default().to_string(),
        }
    }

    /// A text that must not be blank where it is given.
    fn said(&self, given: Option<&Spanned<String>>, member: &str) -> Result<Option<String>, Fault> {
        match given {
            Some(text) if text.as_ref().trim().is_empty() => {
                Err(self.fault(&text.span(), format!("`{member}` is empty")))
            }
            other => Ok(other.map(|text| text.as_ref().trim().to_string())),
        }
    }
}

#[cfg(test)]
mod tests {
    use cis_rules::question::ExceptionState;

    use super::*;

    fn today() -> Date {
        "2026-11-26".parse().unwrap()
    }

    fn read(text: &str) -> Result<Config, String> {
        config(text, today()).map_err(|fault| fault.to_string())
    }

    #[test]
    fn a_whole_file_is_read() {
        let text = "
kinds = ['read', 'write', 'read']
mode = 'union'
deliveries = 'require'

[[exceptions]]
bucket = 'public-site'
reason = ' logged at the CDN '
owner = 'web'
expires = 2027-03-31

[[exceptions]]
trail = 'arn:aws:cloudtrail:us-east-1:111122223333:trail/dev'
reason = 'for developers'
expires = '2026-12-01'

[[exceptions]]
account = '444455556666'
reason = 'sandbox'
";
        let config = read(text).unwrap();
        assert_eq!(config.kinds, Some(vec![Kind::Read, Kind::Write]));
        assert_eq!(config.mode, Some(Mode::Union));
        assert_eq!(config.deliveries, Some(Deliveries::Require));
        let shown: Vec<_> = config
            .exceptions
            .iter()
            .map(|one| (one.of, one.reason.as_deref().unwrap_or_default(), one.state))
            .collect();
        let expected = [
            (Excepted::Bucket, "logged at the CDN", ExceptionState::Active),
            (Excepted::Trail, "for developers", ExceptionState::ExpiresSoon),
            (Excepted::Account, "sandbox", ExceptionState::Active),
        ];
        assert_eq!(shown, expected);
        assert_eq!(config.exceptions[0].owner.as_deref(), Some("web"));
        assert_eq!(read("").unwrap(), Config::none(today()));
        assert_eq!(read("\u{feff}mode = 'any'").unwrap().mode, Some(Mode::Any));
    }

    #[test]
    fn each_fault_says_its_line_and_column() {
        let entry = |lines: &str| format!("mode = 'any'\n\n[[exceptions]]\n{lines}\n");
        let reason = "reason = 'x'";
        for (text, says) in [
            ("mode = any".to_string(), "line 1 column 8: "),
            ("mode = 'any'\nkinds = ['wirte']".into(), "line 2 column 10: `wirte` is no kind"),
            ("kinds = ['wirte']".into(), "did you mean `write`?"),
            ("kinds = []".into(), "line 1 column 1: `kinds` is empty"),
            ("mode = 'all'".into(), "line 1 column 8: `all` is no mode, allowed are `any`"),
            ("deliveries = 1".into(), "line 1 column 14: "),
            ("modes = 'any'".into(), "line 1 column 1: unknown field `modes`"),
            (entry(reason), "line 3 column 1: an exception is of one `bucket`"),
            (entry(&format!("bucket = 'abc'\naccount = '111122223333'\n{reason}")), "line 3"),
            (entry("bucket = 'abc'"), "line 3 column 1: this exception has no `reason`"),
            (entry("bucket = 'abc'\nreason = ' '"), "line 5 column 10: `reason` is empty"),
            (entry(&format!("bucket = 'a*c'\n{reason}")), "line 4 column 10: `a*c` is not the"),
            (entry(&format!("trail = 'arn:*'\n{reason}")), "line 4 column 9: `arn:*` is no trail"),
            (entry(&format!("account = 444455556666\n{reason}")), "line 4 column 11: "),
            (entry(&format!("account = '000000000000'\n{reason}")), "is no account"),
            (
                entry(&format!("bucket = 'abc'\n{reason}\nexpires = 2027-02-30")),
                "line 6 column 11: ",
            ),
            (
                entry(&format!("bucket = 'abc'\n{reason}\nexpires = '31.3.2027'")),
                "line 6 column 11: `31.3.2027` is no date: write it as YYYY-MM-DD",
            ),
            (
                entry(&format!("bucket = 'abc'\n{reason}\nexpires = 2027-03-30T10:00:00Z")),
                "`2027-03-30T10:00:00Z` is no date",
            ),
            (
                entry(&format!(
                    "bucket = 'abc'\n{reason}\n[[exceptions]]\nbucket = 'abc'\n{reason}"
                )),
                "line 6 column 1: bucket `abc` is excepted twice",
            ),
            (
                entry(&format!("bucket = 'abc'\n{reason}\nexpries = 2027-03-31")),
                "unknown field `expries`",
            ),
        ] {
            let fault = read(&text).unwrap_err();
            assert!(fault.contains(says), "{text}\n{fault}");
            assert_eq!(fault.lines().count(), 1, "{fault}");
        }
    }
}
