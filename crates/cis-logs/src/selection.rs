//! Which files and records are asked for.

use std::collections::BTreeSet;

use crate::layout::Place;
use crate::{LogRecord, Time};

/// How much later than its events a file may be delivered and still be looked at. CloudTrail delivers
/// within minutes on average, and warrants nothing:
/// <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/get-and-view-cloudtrail-log-files.html>
const LATE: i64 = 86_400;

/// Which records are asked for. The default asks for all.
///
/// Times in paths only narrow which files are opened: `eventTime` decides for each record. An account
/// is asked for in the file's name; where that does not tell it, `recipientAccountId` decides. A
/// Region likewise, with `awsRegion`. A record that has none of both is taken, for it cannot be
/// excluded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Events at this time or later.
    pub from: Option<Time>,
    /// Events before this time.
    pub to: Option<Time>,
    /// Events that these accounts received; empty for all.
    pub accounts: BTreeSet<String>,
    /// Events of these Regions; empty for all.
    pub regions: BTreeSet<String>,
}

impl Selection {
    /// Whether a file can hold records that are asked for, by what its path says.
    #[must_use]
    pub fn takes_file(&self, place: &Place<'_>) -> bool {
        is_in(&self.accounts, place.account)
            && is_in(&self.regions, place.region)
            && place.delivered.is_none_or(|delivered| self.takes_delivery(delivered, delivered))
    }

    /// Whether a folder can hold such files, by what its path says.
    #[must_use]
    pub fn takes_folder(&self, place: &Place<'_>) -> bool {
        is_in(&self.accounts, place.account)
            && is_in(&self.regions, place.region)
            && place.day.is_none_or(|day| self.takes_delivery(day, day.plus(LATE - 1)))
    }

    /// Whether a file delivered between these times can hold such records: none are of later than its
    /// delivery, but for a clock that goes wrong by some minutes.
    fn takes_delivery(&self, earliest: Time, latest: Time) -> bool {
        const CLOCK: i64 = 15 * 60;
        self.from.is_none_or(|from| latest.plus(CLOCK) >= from)
            && self.to.is_none_or(|to| earliest < to.plus(LATE))
    }

    /// Whether a record of a file is asked for.
    #[must_use]
    pub fn takes(&self, place: &Place<'_>, record: &LogRecord<'_>) -> bool {
        let account = place.account.or(record.recipient_account_id());
        let region = place.region.or(record.aws_region());
        is_in(&self.accounts, account)
            && is_in(&self.regions, region)
            && (self.from.is_none() && self.to.is_none()
                || record.time().is_none_or(|time| {
                    self.from.is_none_or(|from| time >= from) && self.to.is_none_or(|to| time < to)
                }))
    }

    /// Whether everything is asked for.
    #[must_use]
    pub fn is_all(&self) -> bool {
        *self == Self::default()
    }
}

fn is_in(asked: &BTreeSet<String>, name: Option<&str>) -> bool {
    asked.is_empty() || name.is_none_or(|name| asked.contains(name))
}
