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

/// Reads the members that come next in this order, as far as they do. A literal ends with what a value of
/// the usual type begins with.
macro_rules! usual_members {
    ($record:ident, $cursor:ident, $seen:ident, {
        $($literal:literal => $usual:ident $(($($what:ident),*))?,)*
    }) => {
        $(
            if $cursor.eat($literal) {
                usual_members!(@$usual $record $cursor $seen $(($($what),*))?);
            }
        )*
    };
    (@text $record:ident $cursor:ident $seen:ident ($member:ident, $field:ident)) => {
        $seen.add(Member::$member)?;
        let text = $cursor.rest_of_string()?;
        if text.has_escape {
            return Err(Stop::Odd);
        }
        $record.$field = Some(text.bytes);
    };
    (@rest $record:ident $cursor:ident $seen:ident) => {
        $cursor.rest_of_string()?;
    };
    (@object $record:ident $cursor:ident $seen:ident ($member:ident, $field:ident $(, $at:ident)?)) => {
        $seen.add(Member::$member)?;
        $($record.$at = $cursor.position() - 1;)?
        $record.$field = Some($cursor.rest_of_container()?);
    };
    (@skipped $record:ident $cursor:ident $seen:ident) => {
        $cursor.rest_of_container()?;
    };
    (@nothing $record:ident $cursor:ident $seen:ident) => {};
    (@flag $record:ident $cursor:ident $seen:ident ($member:ident, $field:ident, $value:ident)) => {
        $seen.add(Member::$member)?;
        $record.$field = Some($value);
    };
}

/// The members that were seen.
#[derive(Clone, Copy, Default)]
struct Seen(u32);

impl Seen {
    /// Adds one, which was not seen yet.
    #[inline]
    const fn add(&mut self, member: Member) -> Result<(), Stop> {
        if self.0 & member.bit() != 0 {
            return Err(Stop::Odd);
        }
        self.0 |= member.bit();
        Ok(())
    }
}

impl<'a> LogRecord<'a> {
    /// Reads the record that begins at a place of a text into this one, which is empty; where it ends.
    ///
    /// Only what CloudTrail itself writes today is read: no escapes in the texts that are needed, each
    /// member once, every value of its usual type.
    ///
    /// # Errors
    /// [`Stop::End`] where the text ends before the record does, [`Stop::Odd`] where the record is unusual.
    #[inline]
    pub(crate) fn read(&mut self, text: &'a Marked, at: usize) -> Result<usize, Stop> {
        let mut cursor = Cursor::new(text, at);
        let record = self;
        record.marked = Some(text);
        let mut seen = Seen::default();
        cursor.expect(b'{')?;
        let start = cursor.position() - 1;
        // An object without members is no record.
        if cursor.eat(b"\"eventVersion\":\"1.") {
            seen.add(Member::EventVersion)?;
            cursor.rest_of_string()?;
        } else {
            record.read_any(&mut cursor, &mut seen)?;
        }
        loop {
            // The members in the order in which CloudTrail writes them: names are compared, not found.
            usual_members!(record, cursor, seen, {
                b",\"userIdentity\":{" => object(UserIdentity, user_identity, identity_at),
                b",\"eventTime\":\"" => text(EventTime, event_time),
                b",\"eventSource\":\"" => text(EventSource, event_source),
                b",\"eventName\":\"" => text(EventName, event_name),
                b",\"awsRegion\":\"" => text(AwsRegion, aws_region),
                b",\"sourceIPAddress\":\"" => rest,
                b",\"userAgent\":\"" => rest,
                b",\"errorCode\":\"" => text(ErrorCode, error_code),
                b",\"errorMessage\":\"" => rest,
                b",\"requestParameters\":{" => object(RequestParameters, request_parameters, parameters_at),
                b",\"responseElements\":null" => nothing,
                b",\"responseElements\":{" => skipped,
                b",\"additionalEventData\":{" => object(AdditionalEventData, additional_event_data, additional_at),
                b",\"requestID\":\"" => rest,
                b",\"eventID\":\"" => text(EventId, event_id),
                b",\"readOnly\":true" => flag(ReadOnly, read_only, true),
                b",\"readOnly\":false" => flag(ReadOnly, read_only, false),
                b",\"resources\":[" => object(Resources, resources),
                b",\"eventType\":\"" => rest,
                b",\"apiVersion\":\"" => rest,
                b",\"managementEvent\":false" => flag(ManagementEvent, management_event, false),
                b",\"managementEvent\":true" => flag(ManagementEvent, management_event, true),
                b",\"recipientAccountId\":\"" => text(RecipientAccountId, recipient_account_id),
                b",\"sharedEventID\":\"" => rest,
                b",\"vpcEndpointId\":\"" => rest,
                b",\"eventCategory\":\"" => text(EventCategory, event_category),
                b",\"tlsDetails\":{" => skipped,
            });
            if !cursor.take(b',')? {
                cursor.expect(b'}')?;
                break;
            }
            record.read_any(&mut cursor, &mut seen)?;
        }
        record.time = record.event_time.and_then(Time::of_record);
        // What has neither may be an envelope, and S3's event notifications have another source.
        if record.event_name.is_none() || record.event_source.is_none_or(|name| name == b"aws:s3") {
            return Err(Stop::Odd);
        }
        record.raw = cursor.since(start);
        if !text.is_ascii() && std::str::from_utf8(record.raw).is_err() {
            return Err(Stop::Odd);
        }
        Ok(cursor.position())
    }

    /// Reads a member, whatever its name is.
    #[cold]
    fn read_any(&mut self, cursor: &mut Cursor<'a>, seen: &mut Seen) -> Result<(), Stop> {
        let name = cursor.string()?;
        cursor.expect(b':')?;
        let member = match Member::of(name.bytes) {
            Some(member) => member,
            // A name with escapes may be one of those.
            None if name.has_escape => return Err(Stop::Odd),
            None => Member::Skipped,
        };
        self.read_member(member, cursor, seen)?;
        cursor.peek().map(drop)
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
        seen: &mut Seen,
    ) -> Result<(), Stop> {
        seen.add(member)?;
        match member {
            Member::Skipped => drop(cursor.skip()?),
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
        Some(string) if string.has_escape => Err(Stop::Odd),
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

#[cfg(test)]
mod tests {
    use super::*;

    /// As CloudTrail writes records today.
    const USUAL: &str = concat!(
        r#"{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","sessionContext":{"attributes":{}}},"#,
        r#""eventTime":"2026-03-01T09:30:00Z","eventSource":"s3.amazonaws.com","eventName":"PutObject","#,
        r#""awsRegion":"eu-west-1","sourceIPAddress":"203.0.113.7","userAgent":"[a \"b\"]","#,
        r#""errorCode":"AccessDenied","errorMessage":"no \\","requestParameters":{"bucketName":"b"},"#,
        r#""responseElements":null,"additionalEventData":{"bytesTransferredIn":1.0},"requestID":"R","#,
        r#""eventID":"97e34365","readOnly":false,"resources":[{"type":"AWS::S3::Object"}],"#,
        r#""eventType":"AwsApiCall","apiVersion":"2006-03-01","managementEvent":false,"#,
        r#""recipientAccountId":"111122223333","sharedEventID":"s","vpcEndpointId":"vpce-1","#,
        r#""eventCategory":"Data","tlsDetails":{"tlsVersion":"TLSv1.3"},"#,
        r#""sessionCredentialFromConsole":"true"}"#,
    );

    fn read(text: &str) -> Result<usize, Stop> {
        LogRecord::default().read(&Marked::of(text.as_bytes()), 0)
    }

    #[test]
    fn a_usual_record_is_read_without_the_slow_reader() {
        let marked = Marked::of(USUAL.as_bytes());
        let mut record = LogRecord::default();
        assert_eq!(record.read(&marked, 0), Ok(USUAL.len()));
        assert_eq!(record.raw(), USUAL.as_bytes());
        for (read, written) in [
            (record.event_time(), "2026-03-01T09:30:00Z"),
            (record.event_source(), "s3.amazonaws.com"),
            (record.event_name(), "PutObject"),
            (record.aws_region(), "eu-west-1"),
            (record.error_code(), "AccessDenied"),
            (record.event_id(), "97e34365"),
            (record.recipient_account_id(), "111122223333"),
            (record.event_category(), "Data"),
        ] {
            assert_eq!(read, Some(written));
        }
        assert_eq!((record.read_only(), record.management_event()), (Some(false), Some(false)));
        assert_eq!(record.time(), record.event_time().and_then(Time::of_record));
        for (read, written) in [
            (record.user_identity(), r#"{"type":"IAMUser","sessionContext":{"attributes":{}}}"#),
            (record.request_parameters(), r#"{"bucketName":"b"}"#),
            (record.additional_event_data(), r#"{"bytesTransferredIn":1.0}"#),
            (record.resources(), r#"[{"type":"AWS::S3::Object"}]"#),
        ] {
            assert_eq!(read, Some(written.as_bytes()));
        }
        let others = USUAL.replace("false", "true").replace("null", r#"{"a":[{}]}"#);
        assert_eq!(read(&others), Ok(others.len()));
    }

    #[test]
    fn a_record_that_is_cut_is_not_read() {
        for end in 0..USUAL.len() {
            assert_eq!(read(&USUAL[..end]), Err(Stop::End), "{}", &USUAL[..end]);
        }
    }

    #[test]
    fn what_is_unusual_is_left_to_the_slow_reader() {
        for (usual, unusual) in [
            (r#""eventName":"PutObject""#, r#""eventName":"Put\u004fbject""#),
            (r#""eventName":"PutObject""#, r#""eventName":1"#),
            (r#""eventName":"PutObject","#, ""),
            (r#""eventName":"PutObject""#, r#""eventName":"PutObject","eventName":"GetObject""#),
            (r#""readOnly":false"#, r#""readOnly":false,"readOnly":true"#),
            (r#""readOnly":false"#, r#""readOnly":"false""#),
            (r#""awsRegion""#, r#""aws\u0052egion""#),
            (r#""eventVersion":"1.11""#, r#""eventVersion":"2.0""#),
            ("s3.amazonaws.com", "aws:s3"),
            (r#"[{"type":"AWS::S3::Object"}]"#, "{}"),
            (r#"{"type":"IAMUser","sessionContext":{"attributes":{}}}"#, "[]"),
            (r#""eventType":"#, r#""eventType" "#),
        ] {
            let text = USUAL.replacen(usual, unusual, 1);
            assert_ne!(text, USUAL, "{usual}");
            assert_eq!(read(&text), Err(Stop::Odd), "{unusual}");
        }
    }
}
