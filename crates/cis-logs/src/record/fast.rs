//! Reading a record in one pass. What is unusual is left to the reader that checks everything.

use super::LogRecord;
use crate::Time;
use crate::json::{Cursor, Quoted, Stop};
use crate::marked::Marked;

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
    /// What is of no interest.
    Skipped,
}

impl Member {
    /// Its bit among those that were seen; none for members that may come again.
    #[inline]
    const fn bit(self) -> u32 {
        match self {
            Self::Text | Self::Skipped => 0,
            _ => 1 << self as u32,
        }
    }

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

/// Reads the members that come next in this order, as far as they do.
macro_rules! usual_members {
    ($record:ident, $cursor:ident, $seen:ident, $members:lifetime, {
        EventVersion: $version:literal, $($member:ident: $name:literal,)*
    }) => {
        if $cursor.eat($version) {
            $seen |= Member::EventVersion.bit();
            $cursor.rest_of_string()?;
            if !$cursor.take(b',')? {
                $cursor.expect(b'}')?;
                break $members;
            }
        }
        $(
            if $cursor.eat($name) {
                $record.read_member(Member::$member, &mut $cursor, &mut $seen)?;
                if !$cursor.take(b',')? {
                    $cursor.expect(b'}')?;
                    break $members;
                }
            }
        )*
    };
}

impl<'a> LogRecord<'a> {
    /// The record that begins at a place of a text, and where it ends.
    ///
    /// Only what CloudTrail itself writes today is read: no escapes in the texts that are needed, each
    /// member once, every value of its usual type.
    ///
    /// # Errors
    /// [`Stop::End`] where the text ends before the record does, [`Stop::Odd`] where the record is unusual.
    #[inline]
    pub(crate) fn read(text: &'a Marked, at: usize) -> Result<(Self, usize), Stop> {
        let mut cursor = Cursor::new(text, at);
        let mut record = Self { marked: Some(text), ..Self::default() };
        let mut seen = 0_u32;
        cursor.expect(b'{')?;
        let start = cursor.position() - 1;
        // An object without members is no record.
        'members: loop {
            // The members in the order in which CloudTrail writes them: names are compared, not found.
            usual_members!(record, cursor, seen, 'members, {
                EventVersion: b"\"eventVersion\":\"1.",
                UserIdentity: b"\"userIdentity\":",
                EventTime: b"\"eventTime\":",
                EventSource: b"\"eventSource\":",
                EventName: b"\"eventName\":",
                AwsRegion: b"\"awsRegion\":",
                Skipped: b"\"sourceIPAddress\":",
                Text: b"\"userAgent\":",
                ErrorCode: b"\"errorCode\":",
                Skipped: b"\"errorMessage\":",
                RequestParameters: b"\"requestParameters\":",
                Skipped: b"\"responseElements\":",
                AdditionalEventData: b"\"additionalEventData\":",
                Skipped: b"\"requestID\":",
                EventId: b"\"eventID\":",
                ReadOnly: b"\"readOnly\":",
                Resources: b"\"resources\":",
                Text: b"\"eventType\":",
                Skipped: b"\"apiVersion\":",
                ManagementEvent: b"\"managementEvent\":",
                RecipientAccountId: b"\"recipientAccountId\":",
                Skipped: b"\"sharedEventID\":",
                Skipped: b"\"vpcEndpointId\":",
                EventCategory: b"\"eventCategory\":",
                Skipped: b"\"tlsDetails\":",
                Flag: b"\"sessionCredentialFromConsole\":",
            });
            let name = cursor.string()?;
            cursor.expect(b':')?;
            let member = match Member::of(name.bytes) {
                Some(member) => member,
                // A name with escapes may be one of those.
                None if cursor.has_escape(&name) => return Err(Stop::Odd),
                None => Member::Skipped,
            };
            record.read_member(member, &mut cursor, &mut seen)?;
            if !cursor.take(b',')? {
                cursor.expect(b'}')?;
                break;
            }
            cursor.peek()?;
        }
        // What has neither may be an envelope, and S3's event notifications have another source.
        if record.event_name.is_none() || record.event_source.is_none_or(|name| name == b"aws:s3") {
            return Err(Stop::Odd);
        }
        record.raw = cursor.since(start);
        if !text.is_ascii() && std::str::from_utf8(record.raw).is_err() {
            return Err(Stop::Odd);
        }
        Ok((record, cursor.position()))
    }

    #[inline(always)]
    #[expect(
        clippy::inline_always,
        reason = "each place of it reads one member, and reads it faster"
    )]
    fn read_member(
        &mut self,
        member: Member,
        cursor: &mut Cursor<'a>,
        seen: &mut u32,
    ) -> Result<(), Stop> {
        if *seen & member.bit() != 0 {
            return Err(Stop::Odd);
        }
        *seen |= member.bit();
        match member {
            Member::Skipped => drop(cursor.skip()?),
            Member::EventId => self.event_id = plain(cursor)?,
            Member::EventTime => {
                self.event_time = plain(cursor)?;
                self.time = self.event_time.and_then(Time::of_record);
            }
            Member::EventName => self.event_name = plain(cursor)?,
            Member::EventSource => self.event_source = plain(cursor)?,
            Member::EventCategory => self.event_category = plain(cursor)?,
            Member::AwsRegion => self.aws_region = plain(cursor)?,
            Member::ErrorCode => self.error_code = plain(cursor)?,
            Member::RecipientAccountId => self.recipient_account_id = plain(cursor)?,
            Member::ReadOnly => self.read_only = flag(cursor)?,
            Member::ManagementEvent => self.management_event = flag(cursor)?,
            Member::UserIdentity => {
                (self.user_identity, self.identity_at) = container(cursor, b'{')?;
            }
            Member::Resources => (self.resources, _) = container(cursor, b'[')?,
            Member::RequestParameters => {
                (self.request_parameters, self.parameters_at) = value(cursor)?;
            }
            Member::AdditionalEventData => {
                (self.additional_event_data, self.additional_at) = value(cursor)?;
            }
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
#[inline(always)]
#[expect(clippy::inline_always, reason = "each place of it reads one member, and reads it faster")]
fn quoted<'a>(cursor: &mut Cursor<'a>) -> Result<Option<Quoted<'a>>, Stop> {
    match cursor.peek()? {
        b'"' => cursor.string().map(Some),
        _ => null(cursor),
    }
}

/// A string without escapes, or `null`.
#[inline(always)]
#[expect(clippy::inline_always, reason = "each place of it reads one member, and reads it faster")]
pub(super) fn plain<'a>(cursor: &mut Cursor<'a>) -> Result<Option<&'a [u8]>, Stop> {
    match quoted(cursor)? {
        Some(string) if cursor.has_escape(&string) => Err(Stop::Odd),
        string => Ok(string.map(|string| string.bytes)),
    }
}

/// `true`, `false` or `null`.
#[inline(always)]
#[expect(clippy::inline_always, reason = "each place of it reads one member, and reads it faster")]
fn flag(cursor: &mut Cursor<'_>) -> Result<Option<bool>, Stop> {
    match cursor.peek()? {
        b't' => cursor.literal(b"true").map(|()| Some(true)),
        b'f' => cursor.literal(b"false").map(|()| Some(false)),
        _ => null(cursor),
    }
}

/// `null`.
#[inline]
fn null<T>(cursor: &mut Cursor<'_>) -> Result<Option<T>, Stop> {
    cursor.peek()?;
    cursor.literal(b"null").map(|()| None)
}

/// What begins with this bracket, or `null`, and where it stands.
#[inline]
pub(super) fn container<'a>(
    cursor: &mut Cursor<'a>,
    bracket: u8,
) -> Result<(Option<&'a [u8]>, usize), Stop> {
    let is_it = cursor.peek()? == bracket;
    let at = cursor.position();
    Ok((if is_it { Some(cursor.skip()?) } else { null(cursor)? }, at))
}

/// Any value but `null`, and where it stands.
#[inline]
fn value<'a>(cursor: &mut Cursor<'a>) -> Result<(Option<&'a [u8]>, usize), Stop> {
    let is_null = cursor.peek()? == b'n';
    let at = cursor.position();
    Ok((if is_null { null(cursor)? } else { Some(cursor.skip()?) }, at))
}
