//! The same questions for Amazon Athena, for logs that are too many for one machine: a table, whose
//! partitions are projected, and queries that answer as [`delivered`](crate::delivered) does.
//!
//! The table follows AWS's, and has what AWS's leaves out: `resources.arnprefix`, without which
//! `ListObjects`, `DeleteObjects` and `HeadBucket` name nothing, and newer members of `userIdentity`.
//!
//! The queries take one record of each `eventid`. They tell a data event by `eventcategory` and
//! `managementevent`, which records have since version 1.06, and read or write by `readonly`: older records
//! are left out, or have no kind.
//!
//! Source: <https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html>

use std::fmt::Write as _;

use cis_records::SOURCES;

use crate::{Selection, Time};

/// Which logs the table is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// The table's name.
    pub name: String,
    /// The bucket.
    pub bucket: String,
    /// What stands before `AWSLogs/` in the keys; empty, or with a `/` at its end.
    pub prefix: String,
    /// The organization whose trail delivers the logs.
    pub organization: Option<String>,
    /// The accounts.
    pub accounts: Vec<String>,
    /// The Regions.
    pub regions: Vec<String>,
    /// The first day with logs.
    pub first: Time,
}

/// Why no table can be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTable {
    /// No account is given.
    #[error("the table needs the accounts whose logs it is to have: give them with `--account`")]
    NoAccount,
    /// No Region is given.
    #[error("the table needs the Regions whose logs it is to have: give them with `--region`")]
    NoRegion,
    /// A name has other characters than such names have.
    #[error("`{0}` cannot stand in the table: a {1} has other characters")]
    Name(String, &'static str),
}

/// A statement, and what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// What it is for, in a sentence.
    pub title: &'static str,
    /// The SQL, without a semicolon at its end.
    pub sql: String,
}

impl Table {
    /// The table, and the queries for what is asked for.
    ///
    /// # Errors
    /// Where a name could not stand in SQL, or there is no account or Region.
    pub fn statements(&self, selection: &Selection) -> Result<Vec<Statement>, InvalidTable> {
        self.check(selection)?;
        let chosen = self.chosen(selection);
        let sources: Vec<String> = SOURCES.iter().map(|source| format!("'{source}'")).collect();
        let fill = |sql: &str| {
            sql.replace("{table}", &self.name)
                .replace("{chosen}", &chosen)
                .replace("{sources}", &sources.join(", "))
                .trim_end()
                .to_string()
        };
        let of_events =
            |sql: &str| format!("{}\n{}", fill(include_str!("athena/events.sql")), fill(sql));
        Ok(vec![
            Statement { title: "The table.", sql: self.table() },
            Statement {
                title: "S3's data events by bucket, event, kind and caller.",
                sql: of_events(include_str!("athena/delivered.sql")),
            },
            Statement {
                title: "S3's data events by bucket and day.",
                sql: of_events(include_str!("athena/days.sql")),
            },
            Statement {
                title: "Calls that changed what is logged; those with an error changed nothing.",
                sql: fill(include_str!("athena/history.sql")),
            },
        ])
    }

    fn check(&self, selection: &Selection) -> Result<(), InvalidTable> {
        if self.accounts.is_empty() {
            return Err(InvalidTable::NoAccount);
        }
        if self.regions.is_empty() {
            return Err(InvalidTable::NoRegion);
        }
        let is_word = |text: &str, more: &str| {
            !text.is_empty()
                && text.chars().all(|one| one.is_ascii_alphanumeric() || more.contains(one))
        };
        let texts = |texts: &[String]| texts.to_vec();
        for (names, more, what) in [
            (vec![self.name.clone()], "_", "table's name"),
            (vec![self.bucket.clone()], ".-_", "bucket's name"),
            (self.organization.iter().cloned().collect(), "-", "organization's id"),
            (texts(&self.accounts), "", "account's id"),
            (texts(&self.regions), "-", "Region's name"),
            (selection.accounts.iter().cloned().collect(), "", "account's id"),
            (selection.regions.iter().cloned().collect(), "-", "Region's name"),
        ] {
            if let Some(name) = names.into_iter().find(|name| !is_word(name, more)) {
                return Err(InvalidTable::Name(name, what));
            }
        }
        if !self.prefix.is_empty() && !is_word(&self.prefix, "/!-_.*()") {
            return Err(InvalidTable::Name(self.prefix.clone(), "key prefix"));
        }
        Ok(())
    }

    /// One account's logs are projected by Region and day, those of several by account too.
    fn table(&self) -> String {
        let organization = self.organization.as_ref().map(|id| format!("{id}/"));
        let root = format!(
            "s3://{}/{}AWSLogs/{}",
            self.bucket,
            self.prefix,
            organization.unwrap_or_default()
        );
        let mut projection = String::from("    'projection.enabled' = 'true',");
        let (location, partitions, template) = match self.accounts.as_slice() {
            [account] => {
                let location = format!("{root}{account}/CloudTrail/");
                let template = format!("{location}${{region}}/${{timestamp}}");
                (location, "region STRING, `timestamp` STRING", template)
            }
            accounts => {
                let values = accounts.join(",");
                let written = write!(
                    projection,
                    "\n    'projection.account.type' = 'enum',\n    \
                     'projection.account.values' = '{values}',"
                );
                debug_assert!(written.is_ok(), "a string takes everything");
                let template = format!("{root}${{account}}/CloudTrail/${{region}}/${{timestamp}}");
                (root, "account STRING, region STRING, `timestamp` STRING", template)
            }
        };
        include_str!("athena/table.sql")
            .replace("{table}", &self.name)
            .replace("{columns}", include_str!("athena/columns.sql").trim_end())
            .replace("{partitions}", partitions)
            .replace("{location}", &location)
            .replace("{projection}", &projection)
            .replace("{regions}", &self.regions.join(","))
            .replace("{first}", &day(self.first))
            .replace("{template}", &template)
            .trim_end()
            .to_string()
    }

    /// What is asked for. Partitions have the day of delivery, which may be one later than the event's.
    fn chosen(&self, selection: &Selection) -> String {
        let mut conditions = vec![format!(
            "\"timestamp\" >= '{}'",
            day(selection.from.unwrap_or(self.first).plus(-3_600))
        )];
        if let Some(from) = selection.from {
            conditions.push(format!("eventtime >= '{from}'"));
        }
        if let Some(to) = selection.to {
            conditions.push(format!("\"timestamp\" <= '{}'", day(to.plus(86_400))));
            conditions.push(format!("eventtime < '{to}'"));
        }
        let mut one_of = |column: &str, names: &mut dyn Iterator<Item = &String>| {
            let names: Vec<String> = names.map(|name| format!("'{name}'")).collect();
            if !names.is_empty() {
                conditions.push(format!("{column} IN ({})", names.join(", ")));
            }
        };
        one_of("region", &mut selection.regions.iter());
        one_of("recipientaccountid", &mut selection.accounts.iter());
        conditions.join("\n        AND ")
    }
}

/// A day as the folders have it.
fn day(time: Time) -> String {
    time.to_string().get(..10).unwrap_or_default().replace('-', "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table {
            name: "cloudtrail_logs".to_string(),
            bucket: "logs".to_string(),
            prefix: "audit/".to_string(),
            organization: Some("o-ab12cd34ef".to_string()),
            accounts: vec!["111122223333".to_string(), "444455556666".to_string()],
            regions: vec!["us-east-1".to_string()],
            first: "2026-01-01".parse().unwrap(),
        }
    }

    #[test]
    fn an_organization_is_projected_by_account_and_an_account_is_not() {
        let of_all = table().statements(&Selection::default()).unwrap().remove(0).sql;
        for part in [
            "LOCATION 's3://logs/audit/AWSLogs/o-ab12cd34ef/'",
            "'projection.account.values' = '111122223333,444455556666'",
            "AWSLogs/o-ab12cd34ef/${account}/CloudTrail/${region}/${timestamp}'",
            "'projection.timestamp.range' = '2026/01/01,NOW'",
            "arnprefix: STRING",
        ] {
            assert!(of_all.contains(part), "{part}: {of_all}");
        }
        let one =
            Table { accounts: vec!["111122223333".to_string()], organization: None, ..table() };
        let of_one = one.statements(&Selection::default()).unwrap().remove(0).sql;
        assert!(of_one.contains("LOCATION 's3://logs/audit/AWSLogs/111122223333/CloudTrail/'"));
        assert!(!of_one.contains("account STRING, region"));
    }

    #[test]
    fn partitions_are_asked_for_with_a_day_more_on_the_late_side() {
        let time = |text: &str| Some(text.parse().unwrap());
        let selection = Selection {
            from: time("2026-03-01T00:30:00Z"),
            to: time("2026-03-02"),
            regions: ["us-east-1".to_string()].into(),
            ..Selection::default()
        };
        let query = table().statements(&selection).unwrap().remove(1).sql;
        for part in [
            "\"timestamp\" >= '2026/02/28'",
            "\"timestamp\" <= '2026/03/03'",
            "eventtime >= '2026-03-01T00:30:00Z'",
            "eventtime < '2026-03-02T00:00:00Z'",
            "region IN ('us-east-1')",
        ] {
            assert!(query.contains(part), "{part}: {query}");
        }
        assert!(!query.contains('{'), "{query}");
    }

    #[test]
    fn what_could_end_a_text_of_sql_is_refused() {
        let name = "x'; DROP".to_string();
        let refused = |table: Table| table.statements(&Selection::default()).is_err();
        assert!(refused(Table { name: name.clone(), ..table() }));
        assert!(refused(Table { bucket: name.clone(), ..table() }));
        assert!(refused(Table { prefix: name.clone(), ..table() }));
        assert!(refused(Table { organization: Some(name.clone()), ..table() }));
        assert!(refused(Table { regions: vec![name.clone()], ..table() }));
        assert!(refused(Table { accounts: Vec::new(), ..table() }));
        let accounts = [name].into();
        assert!(table().statements(&Selection { accounts, ..Selection::default() }).is_err());
    }
}
