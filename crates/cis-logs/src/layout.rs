//! What a path or a key in a bucket says of the file there.
//!
//! ```text
//! [prefix/]AWSLogs/[o-xxxx/]<account>/CloudTrail/<region>/<yyyy>/<mm>/<dd>/
//!     <account>_CloudTrail_<region>_<yyyymmddThhmmZ>_<16 characters>.json.gz
//! ```
//!
//! The time in the name is when the file was delivered; its records are older. The name does not say
//! which trail delivered it.
//!
//! Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html>

use std::fmt;

use crate::Time;

/// What lies at a path or a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A log file of CloudTrail.
    Log,
    /// A digest file, which is about log files.
    Digest,
    /// Insights events.
    Insights,
    /// Network activity events.
    NetworkActivity,
    /// Aggregated events, which are counts.
    Aggregated,
    /// What another service writes below `AWSLogs`: AWS Config, flow logs.
    OtherService,
    /// Nothing that the layout knows.
    Unknown,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 7] = [
        Self::Log,
        Self::Digest,
        Self::Insights,
        Self::NetworkActivity,
        Self::Aggregated,
        Self::OtherService,
        Self::Unknown,
    ];

    /// The kind's name in reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Log => "log file",
            Self::Digest => "digest file",
            Self::Insights => "Insights file",
            Self::NetworkActivity => "network activity file",
            Self::Aggregated => "file of aggregated events",
            Self::OtherService => "file of another service",
            Self::Unknown => "file that is not CloudTrail's",
        }
    }

    /// The kind of what lies in a folder below `AWSLogs/<account>`.
    fn of_folder(name: &str) -> Self {
        match name {
            "CloudTrail" => Self::Log,
            "CloudTrail-Digest" => Self::Digest,
            "CloudTrail-Insight" => Self::Insights,
            "CloudTrail-NetworkActivity" => Self::NetworkActivity,
            "CloudTrail-Aggregated" => Self::Aggregated,
            _ => Self::OtherService,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a path or a key says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place<'a> {
    /// What lies there.
    pub kind: Kind,
    /// The account whose events the file holds.
    pub account: Option<&'a str>,
    /// The Region that the file was delivered from.
    pub region: Option<&'a str>,
    /// The organization whose trail delivered the file: `o-…`.
    pub organization: Option<&'a str>,
    /// When the file was delivered.
    pub delivered: Option<Time>,
    /// The day in the folders.
    pub day: Option<Time>,
}

impl<'a> Place<'a> {
    pub(crate) const NOTHING: Self = Self {
        kind: Kind::Unknown,
        account: None,
        region: None,
        organization: None,
        delivered: None,
        day: None,
    };

    /// What a path or a key says. Folders are parted by `/` or `\`.
    #[must_use]
    pub fn of(path: &'a str) -> Self {
        let (folders, name) = path.rsplit_once(['/', '\\']).unwrap_or(("", path));
        Self::of_folders(folders).with_name(name)
    }

    /// What the name of a file says besides its folders.
    #[must_use]
    pub fn with_name(self, name: &'a str) -> Self {
        let Some(by_name) = Self::of_name(name) else {
            // Among the log files, what is not called as they are is none.
            let kind = if self.kind == Kind::Log { Kind::Unknown } else { self.kind };
            return Self { kind, ..self };
        };
        // A folder of another kind tells more than the name of a file in it.
        let kind = if self.kind == Kind::Unknown { by_name.kind } else { self.kind };
        Self {
            kind,
            account: by_name.account,
            region: by_name.region,
            organization: self.organization,
            delivered: by_name.delivered,
            day: self.day,
        }
    }

    /// What the folders say that a file lies in; what lies there without CloudTrail's name for it is
    /// of no known kind.
    #[must_use]
    pub fn of_folders(folders: &'a str) -> Self {
        let folders = folders.trim_end_matches(['/', '\\']);
        let mut parts = folders.split(['/', '\\']).skip_while(|part| *part != "AWSLogs").skip(1);
        let mut place = Self { day: day(folders), ..Self::NOTHING };
        let mut account = parts.next();
        if let Some(organization) = account.filter(|part| part.starts_with("o-")) {
            place.organization = Some(organization);
            account = parts.next();
        }
        place.account = account.filter(|part| is_account(part));
        if let Some(folder) = parts.next().filter(|_| place.account.is_some()) {
            place.kind = Kind::of_folder(folder);
            place.region = parts.next().filter(|_| place.kind != Kind::OtherService);
        }
        place
    }

    /// What the name of a file says; `None` where it is not one of CloudTrail's.
    fn of_name(name: &'a str) -> Option<Self> {
        let stem = name.strip_suffix(".gz").unwrap_or(name).strip_suffix(".json")?;
        let mut parts = stem.split('_');
        let account = parts.next().filter(|part| is_account(part))?;
        let kind = match Kind::of_folder(parts.next()?) {
            Kind::OtherService => return None,
            kind => kind,
        };
        let region = parts.next()?;
        // A digest's name has the trail's name and home Region before the time.
        let delivered = parts.rev().find_map(Time::of_file_name)?;
        Some(Self {
            kind,
            account: Some(account),
            region: Some(region),
            delivered: Some(delivered),
            ..Self::NOTHING
        })
    }
}

/// Whether a text is the id of an account.
fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The day that the last three folders are: `2026/03/01`.
fn day(folders: &str) -> Option<Time> {
    let mut parts = folders.trim_end_matches(['/', '\\']).rsplit(['/', '\\']);
    let mut number = |digits: usize| {
        parts.next().filter(|part| part.len() == digits).and_then(|part| part.parse::<u16>().ok())
    };
    let (day, month, year) = (number(2)?, number(2)?, number(4)?);
    Time::of_day(year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "111122223333_CloudTrail_eu-west-1_20260301T0930Z_Abcdefgh12345678.json.gz";

    #[test]
    fn a_key_says_account_region_organization_and_time() {
        let time = |text: &str| Some(text.parse().unwrap());
        for (folders, organization, day) in [
            ("AWSLogs/111122223333/CloudTrail/eu-west-1/2026/03/01/", None, time("2026-03-01")),
            (
                "a/b/AWSLogs/o-ab12cd34ef/111122223333/CloudTrail/eu-west-1/2026/03/01/",
                Some("o-ab12cd34ef"),
                time("2026-03-01"),
            ),
            ("eu-west-1/2026/03/01/", None, time("2026-03-01")),
            ("", None, None),
            ("logs\\of\\others\\", None, None),
        ] {
            let path = format!("{folders}{NAME}");
            assert_eq!(
                Place::of(&path),
                Place {
                    kind: Kind::Log,
                    account: Some("111122223333"),
                    region: Some("eu-west-1"),
                    organization,
                    delivered: time("2026-03-01T09:30:00Z"),
                    day,
                },
                "{path}"
            );
        }
    }

    #[test]
    fn what_lies_beside_the_logs_is_named_by_its_kind() {
        for (path, kind) in [
            (
                "AWSLogs/111122223333/CloudTrail-Digest/us-east-1/2026/03/01/111122223333_CloudTrail-Digest_us-east-1_my_trail_us-east-1_20260301T093000Z.json.gz",
                Kind::Digest,
            ),
            (
                "111122223333_CloudTrail-Digest_us-east-1_t_us-east-1_20260301T093000Z_backfill.json.gz",
                Kind::Digest,
            ),
            (
                "AWSLogs/111122223333/CloudTrail-Insight/us-east-1/2026/03/01/a.json.gz",
                Kind::Insights,
            ),
            (
                "AWSLogs/111122223333/CloudTrail-NetworkActivity/us-east-1/2026/03/01/a.json.gz",
                Kind::NetworkActivity,
            ),
            ("AWSLogs/111122223333/CloudTrail-Aggregated/us-east-1/a.json.gz", Kind::Aggregated),
            (
                "AWSLogs/111122223333/Config/us-east-1/2026/3/1/ConfigHistory/a.json.gz",
                Kind::OtherService,
            ),
            ("AWSLogs/111122223333/vpcflowlogs/us-east-1/2026/03/01/a.log.gz", Kind::OtherService),
            ("AWSLogs/aws-account-id=111122223333/a.log.gz", Kind::Unknown),
            ("notes.txt", Kind::Unknown),
            ("AWSLogs/111122223333/CloudTrail/us-east-1/2026/03/01/notes.json", Kind::Unknown),
            ("1111_CloudTrail_eu-west-1_20260301T0930Z_A.json.gz", Kind::Unknown),
            ("111122223333_CloudTrail_eu-west-1_20261301T0930Z_A.json.gz", Kind::Unknown),
            ("111122223333_CloudTrail_eu-west-1_20260301T0930Z_A.json.gz.tmp", Kind::Unknown),
        ] {
            assert_eq!(Place::of(path).kind, kind, "{path}");
        }
    }

    #[test]
    fn a_folder_is_the_same_with_a_slash_at_its_end() {
        for (folder, kind, region) in [
            ("AWSLogs/o-ab12cd34ef/111122223333", Kind::Unknown, None),
            ("AWSLogs/111122223333/CloudTrail", Kind::Log, None),
            ("AWSLogs/111122223333/CloudTrail/eu-west-1", Kind::Log, Some("eu-west-1")),
            ("AWSLogs/111122223333/Config", Kind::OtherService, None),
        ] {
            for end in ["", "/"] {
                let path = format!("{folder}{end}");
                let place = Place::of_folders(&path);
                assert_eq!((place.kind, place.region), (kind, region), "{path}");
                assert_eq!(place.account, Some("111122223333"));
            }
        }
    }

    #[test]
    fn a_digest_of_a_trail_whose_name_has_a_time_in_it_has_its_own_time() {
        let name = "111122223333_CloudTrail-Digest_us-east-1_20200101T0000Z_us-east-1_20260301T093000Z.json.gz";
        assert_eq!(Place::of(name).delivered, Some("2026-03-01T09:30:00Z".parse().unwrap()));
    }
}
