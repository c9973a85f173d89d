//! Reading a record in one pass. What is unusual is left to the reader that checks everything.

use super::LogRecord;
use crate::json::{Cursor, Quoted, Stop};

/// The members that are looked at.
#[derive(Clone, Copy)]
enum Member {
    EventId,
    EventTime,
    EventName,
    EventSource,
    EventCategory,
    AwsRegion,
    ErrorCode,
    RecipientAccountId,
    ReadOnly,
    ManagementEvent,
    UserIdentity,
    Resources,
    RequestParameters,
    AdditionalEventData,
    EventVersion,
    /// A text that is not needed.
    Text,
    /// A flag that is not needed.
    Flag,
}

impl Member {
    #[inline]
    const fn of(name: &[u8]) -> Option<Self> {
        Some(match name.len() {
            7 => match name {
                b"eventID" => Self::EventId,
                _ => return None,
            },
            8 => match name {
                b"readOnly" => Self::ReadOnly,
                _ => return None,
            },
            9 => match name {
                b"eventTime" => Self::EventTime,
                b"eventName" => Self::EventName,
                b"awsRegion" => Self::AwsRegion,
                b"errorCode" => Self::ErrorCode,
                b"resources" => Self::Resources,
                b"eventType" | b"userAgent" => Self::Text,
                _ => return None,
            },
            11 => match name {
                b"eventSource" => Self::EventSource,
                _ => return None,
            },
            12 => match name {
                b"userIdentity" => Self::UserIdentity,
                b"eventVersion" => Self::EventVersion,
                _ => return None,
            },
            13 => match name {
                b"eventCategory" => Self::EventCategory,
                _ => return None,
            },
            15 => match name {
                b"managementEvent" => Self::ManagementEvent,
                _ => return None,
            },
            17 => match name {
                b"requestParameters" => Self::RequestParameters,
                _ => return None,
            },
            18 => match name {
                b"recipientAccountId" => Self::RecipientAccountId,
                _ => return None,
            },
            19 => match name {
                b"additionalEventData" => Self::AdditionalEventData,
                _ => return None,
            },
            28 => match name {
                b"sessionCredentialFromConsole" => Self::Flag,
                _ => return None,
            },
            _ => return None,
        })
    }
}

impl<'a> LogRecord<'a> {
    /// The record that these bytes begin with, and where it ends.
    ///
    /// Only what CloudTrail itself writes today is read: no escapes in the texts that are needed, each
    /// member once, every value of its usual type.
    ///
    /// # Errors
    /// [`Stop::End`] where the bytes end before the record does, [`Stop::Odd`] where the record is unusual.
    pub(crate) fn read(bytes: &'a [u8]) -> Result<(Self, usize), Stop> {
        let mut cursor = Cursor::new(bytes);
        let mut record = Self::default();
        let mut seen = 0_u32;
        cursor.expect(b'{')?;
        // An object without members is no record.
        loop {
            let name = cursor.string()?;
            if name.has_escape {
                return Err(Stop::Odd);
            }
            cursor.expect(b':')?;
            match Member::of(name.bytes) {
                None => drop(cursor.skip()?),
                Some(member) => {
                    let bit = 1 << member as u32;
                    let is_again = seen & bit != 0;
                    if is_again && !matches!(member, Member::Text) {
                        return Err(Stop::Odd);
                    }
                    seen |= bit;
                    record.read_member(member, &mut cursor)?;
                }
            }
            if !cursor.take(b',')? {
                cursor.expect(b'}')?;
                break;
            }
        }
        // What has neither may be an envelope, and S3's event notifications have another source.
        if record.event_name.is_none() || record.event_source.is_none_or(|name| name == b"aws:s3") {
            return Err(Stop::Odd);
        }
        record.raw = cursor.since(0);
        if !cursor.is_ascii() && std::str::from_utf8(record.raw).is_err() {
            return Err(Stop::Odd);
        }
        Ok((record, cursor.position()))
    }

    #[inline]
    fn read_member(&mut self, member: Member, cursor: &mut Cursor<'a>) -> Result<(), Stop> {
        match member {
            Member::EventId => self.event_id = plain(cursor)?,
            Member::EventTime => self.event_time = plain(cursor)?,
            Member::EventName => self.event_name = plain(cursor)?,
            Member::EventSource => self.event_source = plain(cursor)?,
            Member::EventCategory => self.event_category = plain(cursor)?,
            Member::AwsRegion => self.aws_region = plain(cursor)?,
            Member::ErrorCode => self.error_code = plain(cursor)?,
            Member::RecipientAccountId => self.recipient_account_id = plain(cursor)?,
            Member::ReadOnly => self.read_only = flag(cursor)?,
            Member::ManagementEvent => self.management_event = flag(cursor)?,
            Member::UserIdentity => self.user_identity = container(cursor, b'{')?,
            Member::Resources => self.resources = container(cursor, b'[')?,
            Member::RequestParameters => self.request_parameters = value(cursor)?,
            Member::AdditionalEventData => self.additional_event_data = value(cursor)?,
            Member::EventVersion => {
                // A new major version may mean anything.
                if plain(cursor)?.is_some_and(|version| !version.starts_with(b"1.")) {
                    return Err(Stop::Odd);
                }
            }
            Member::Text => drop(quoted(cursor)?),
            Member::Flag => match cursor.peek()? {
                b'"' => match cursor.string()?.bytes {
                    b"true" | b"false" => {}
                    _ => return Err(Stop::Odd),
                },
                _ => drop(flag(cursor)?),
            },
        }
        Ok(())
    }
}

/// A string, or `null`.
#[inline]
fn quoted<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Quoted<'a>>, Stop> {
    match cursor.peek()? {
        b'"' => cursor.string().map(Some),
        _ => null(cursor),
    }
}

/// A string without escapes, or `null`.
#[inline]
pub(super) fn plain<'a>(cursor: &mut Cursor<'a>) -> Result<Option<&'a [u8]>, Stop> {
    match quoted(cursor)? {
        Some(Quoted { has_escape: true, .. }) => Err(Stop::Odd),
        quoted => Ok(quoted.map(|quoted| quoted.bytes)),
    }
}

/// `true`, `false` or `null`.
#[inline]
fn flag(cursor: &mut Cursor<'_>) -> Result<Option<bool>, Stop> {
    match cursor.peek()? {
        b't' => {
            cursor.literal(b"true").and_then(|is| if is { Ok(Some(true)) } else { Err(Stop::Odd) })
        }
        b'f' => cursor
            .literal(b"false")
            .and_then(|is| if is { Ok(Some(false)) } else { Err(Stop::Odd) }),
        _ => null(cursor),
    }
}

/// `null`.
fn null<T>(cursor: &mut Cursor<'_>) -> Result<Option<T>, Stop> {
    if cursor.peek()? == b'n' && cursor.literal(b"null")? { Ok(None) } else { Err(Stop::Odd) }
}

/// What begins with this bracket, or `null`.
#[inline]
pub(super) fn container<'a>(
    cursor: &mut Cursor<'a>,
    bracket: u8,
) -> Result<Option<&'a [u8]>, Stop> {
    if cursor.peek()? == bracket { cursor.skip().map(Some) } else { null(cursor) }
}

/// Any value but `null`.
#[inline]
fn value<'a>(cursor: &mut Cursor<'a>) -> Result<Option<&'a [u8]>, Stop> {
    if cursor.peek()? == b'n' { null(cursor) } else { cursor.skip().map(Some) }
}
