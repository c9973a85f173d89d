//! What a record says of S3, without reading more of it than that takes.
//!
//! The rules are those of `cis-records`, which reads the whole record. Here only what most records have
//! is read; every other record is given to them.

use std::borrow::Cow;
use std::sync::LazyLock;

use cis_records::Level;
use cis_rules::question::Kind;
use cis_rules::record::caller::{CallerType, Identity};
use cis_rules::record::json::IdentityJson;
use cis_rules::record::member::{Member, Object};
use memchr::memmem::Finder;

use super::fast::{container, plain};
use super::{LogRecord, text};
use crate::json::{Cursor, Stop};
use crate::marked::Marked;

/// Who made a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogCaller {
    /// What the caller is.
    pub caller_type: CallerType,
    /// Whether the caller belongs to another account than the one that received the record, or to
    /// none.
    pub is_foreign: bool,
}

impl<'a> LogRecord<'a> {
    /// What the record is about.
    #[must_use]
    pub fn level(&self) -> Level {
        let (source, category) = (self.event_source(), self.event_category());
        cis_records::level_by_category(source, category, self.management_event)
            .or_else(|| self.parse().ok().map(|record| cis_records::level(&record)))
            .unwrap_or(Level::Other)
    }

    /// Whether the record is about objects: one of S3's data events.
    #[must_use]
    pub fn is_of_objects(&self) -> bool {
        match (self.event_source, self.event_category) {
            (Some(b"s3.amazonaws.com"), Some(b"Data")) => true,
            (_, Some(b"Management")) => false,
            _ => self.level() == Level::Object,
        }
    }

    /// Read or write, of a record at this level; `None` where nothing tells.
    #[must_use]
    pub fn kind(&self, level: Level) -> Option<Kind> {
        let name = self.event_name().filter(|_| level != Level::Other);
        cis_records::kind(self.read_only, name)
    }

    /// The bucket, that of the destination of a copy.
    #[must_use]
    pub fn bucket(&self) -> Option<Cow<'a, str>> {
        if let Some(name) = self.bucket_name() {
            return Some(Cow::Borrowed(name));
        }
        let record = self.parse().ok()?;
        let bucket = cis_records::bucket(&record).filter(|bucket| !bucket.is_empty())?;
        Some(Cow::Owned(bucket.to_string()))
    }

    /// `requestParameters.bucketName`, where it is a plain text that names a bucket.
    fn bucket_name(&self) -> Option<&'a str> {
        self.request_parameters?;
        let mut cursor = Cursor::new(self.marked?, self.parameters_at);
        if cursor.eat(b"{\"bucketName\":") {
            let name = text(plain(&mut cursor).ok()?)?;
            return Some(name).filter(|name| cis_records::is_bucket_name(name));
        }
        let found = find(&mut cursor, b"bucketName", plain);
        text(found.ok()?).filter(|name| cis_records::is_bucket_name(name))
    }

    /// Who made the request.
    #[must_use]
    pub fn caller(&self) -> LogCaller {
        self.with_caller(|caller, _name| caller)
    }

    /// Does this with who made the request, and the caller's name: its ARN; without one the service's
    /// name, or the account; empty where the record tells nothing.
    pub fn with_caller<T>(&self, with: impl FnOnce(LogCaller, &str) -> T) -> T {
        let of = |identity: &Identity<'_>| {
            let caller = self.called_by(identity);
            let other = match caller.caller_type {
                CallerType::AwsService => identity.invoked_by,
                _ => identity.account_id,
            };
            with(caller, identity.arn.filter(|arn| !arn.is_empty()).or(other).unwrap_or_default())
        };
        let Some(json) = self.user_identity else { return of(&Identity::default()) };
        if let Some(text) = self.marked
            && let Ok(identity) = identity(&mut Cursor::new(text, self.identity_at))
        {
            return of(&identity);
        }
        match serde_json::from_slice::<Member<Object<IdentityJson<'_>>>>(json) {
            Ok(Member::Value(Object(identity))) => of(&Identity::from(&identity)),
            _ => of(&Identity::default()),
        }
    }

    fn called_by(&self, identity: &Identity<'_>) -> LogCaller {
        let caller_type = identity.caller_type();
        let is_foreign = match caller_type {
            CallerType::OtherAccount | CallerType::Anonymous => true,
            CallerType::AwsService => false,
            _ => match (identity.account_id, self.recipient_account_id()) {
                (Some(caller), Some(recipient)) => !caller.is_empty() && caller != recipient,
                _ => false,
            },
        };
        LogCaller { caller_type, is_foreign }
    }

    /// `additionalEventData.bytesTransferredIn` and `bytesTransferredOut`; 0 where the record does not
    /// tell.
    #[must_use]
    pub fn bytes_transferred(&self) -> (u64, u64) {
        let Some(json) = self.additional_event_data else { return (0, 0) };
        if is_flat(json) {
            let number = |name| find_number(json, name).unwrap_or(0);
            return (number(&BYTES_IN), number(&BYTES_OUT));
        }
        let unusual;
        let mut cursor = match self.marked {
            Some(text) => Cursor::new(text, self.additional_at),
            None => {
                unusual = Marked::of(json);
                Cursor::new(&unusual, 0)
            }
        };
        let (mut inward, mut outward) = (0, 0);
        let read = each(&mut cursor, |name, cursor| {
            match name.len() {
                18 if name == b"bytesTransferredIn" => inward = number(cursor.skip()?),
                19 if name == b"bytesTransferredOut" => outward = number(cursor.skip()?),
                _ => drop(cursor.skip()?),
            }
            Ok(true)
        });
        if read.is_ok() { (inward, outward) } else { (0, 0) }
    }
}

static BYTES_IN: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"\"bytesTransferredIn\":"));

static BYTES_OUT: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(b"\"bytesTransferredOut\":"));

/// Whether an object has no object or array in it, and no escape, so that a name in quotes before a colon
/// is one of its members.
fn is_flat(json: &[u8]) -> bool {
    let inner = json.strip_prefix(b"{").and_then(|json| json.strip_suffix(b"}"));
    inner.is_some_and(|inner| memchr::memchr3(b'{', b'[', b'\\', inner).is_none())
}

/// The number behind the last member of this name, which is what a reader of the whole object finds.
fn find_number(json: &[u8], name: &Finder<'_>) -> Option<u64> {
    let at = name.find_iter(json).last()? + name.needle().len();
    let rest = json.get(at..)?.trim_ascii_start();
    let end = rest.iter().position(|byte| matches!(byte, b',' | b'}'))?;
    Some(number(rest.get(..end)?.trim_ascii_end()))
}

/// A number of bytes: CloudTrail writes it as a float in data events.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/cloudtrail-logging-understanding-s3-entries.html>
fn number(json: &[u8]) -> u64 {
    let digits = json.strip_suffix(b".0").unwrap_or(json);
    if digits.len() < 19 && digits.iter().all(u8::is_ascii_digit) {
        return digits.iter().fold(0, |number, digit| number * 10 + u64::from(digit - b'0'));
    }
    let float = text(Some(json)).and_then(|json| json.parse::<f64>().ok()).unwrap_or(0.0);
    // What is too large or negative becomes the nearest number.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it saturates")]
    let number = float as u64;
    number
}

/// The members of an identity that tell the caller's type.
fn identity<'a>(cursor: &mut Cursor<'a>) -> Result<Identity<'a>, Stop> {
    let mut identity = Identity::default();
    each(cursor, |name, cursor| {
        match name {
            b"type" => identity.identity_type = text(plain(cursor)?),
            b"arn" => identity.arn = text(plain(cursor)?),
            b"accountId" => identity.account_id = text(plain(cursor)?),
            b"invokedBy" => identity.invoked_by = text(plain(cursor)?),
            b"sessionContext" => {
                let mut session = cursor.clone();
                if container(cursor, b'{')?.0.is_some() {
                    identity.has_web_identity = has_web_identity(&mut session)?;
                }
            }
            _ => drop(cursor.skip()?),
        }
        Ok(true)
    })?;
    Ok(identity)
}

fn has_web_identity(session: &mut Cursor<'_>) -> Result<bool, Stop> {
    let mut is_vouched_for = false;
    each(session, |name, cursor| {
        if name != b"webIdFederationData" {
            cursor.skip()?;
            return Ok(true);
        }
        let mut federation = cursor.clone();
        if container(cursor, b'{')?.0.is_some() {
            is_vouched_for = find(&mut federation, b"federatedProvider", plain)?.is_some();
        }
        Ok(true)
    })?;
    Ok(is_vouched_for)
}

/// The value of a member of an object; `None` where there is none, or `null`.
fn find<'a>(
    cursor: &mut Cursor<'a>,
    wanted: &[u8],
    mut read: impl FnMut(&mut Cursor<'a>) -> Result<Option<&'a [u8]>, Stop>,
) -> Result<Option<&'a [u8]>, Stop> {
    let mut found = None;
    each(cursor, |name, cursor| {
        if name == wanted {
            found = read(cursor)?;
            return Ok(false);
        }
        cursor.skip()?;
        Ok(true)
    })?;
    Ok(found)
}

/// Does this with every member of an object, until it says that it needs no more.
#[inline]
fn each<'a>(
    cursor: &mut Cursor<'a>,
    mut with: impl FnMut(&[u8], &mut Cursor<'a>) -> Result<bool, Stop>,
) -> Result<(), Stop> {
    cursor.expect(b'{')?;
    if cursor.take(b'}')? {
        return Ok(());
    }
    loop {
        let name = cursor.string()?;
        if name.has_escape {
            return Err(Stop::Odd);
        }
        cursor.expect(b':')?;
        if !with(name.bytes, cursor)? {
            return Ok(());
        }
        if !cursor.take(b',')? {
            return cursor.expect(b'}');
        }
    }
}
