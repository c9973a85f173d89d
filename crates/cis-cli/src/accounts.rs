//! The accounts that are looked at: held in memory, or read line by line where there are too many.

use cis_rules::snapshot::Snapshot;

use crate::lines::{Line, Lines};
use crate::outcome::Failure;
use crate::parallel::in_order;

/// Accounts of one source.
#[derive(Debug)]
pub(crate) enum Part {
    /// All of them.
    Held(Vec<Snapshot>),
    /// Those of a file's lines.
    Lines(Lines),
}

/// Accounts that were read, in order.
#[derive(Debug)]
pub(crate) struct Accounts(Vec<Part>);

/// One thing to work on.
enum Item<'a> {
    Held(&'a Snapshot),
    Line(Line<'a>),
    Failed(Failure),
}

impl Accounts {
    /// These accounts.
    pub(crate) const fn new(parts: Vec<Part>) -> Self {
        Self(parts)
    }

    /// The only account.
    ///
    /// # Errors
    /// Where it cannot be read, or there are several: the message begins with `label`.
    pub(crate) fn only(self, label: &str) -> Result<Snapshot, Failure> {
        let mut only = None;
        let mut count = 0_usize;
        for account in self.each(Snapshot::clone) {
            only = Some(account?);
            count += 1;
        }
        match only {
            Some(account) if count == 1 => Ok(account),
            _ => Err(Failure::Refused(format!(
                "{label}: holds {count} snapshots, but only one can be looked at"
            ))),
        }
    }

    /// How many there are, where that is known before they are read.
    pub(crate) fn count(&self) -> Option<usize> {
        self.0.iter().try_fold(0_usize, |count, part| match part {
            Part::Held(snapshots) => Some(count + snapshots.len()),
            Part::Lines(_) => None,
        })
    }

    /// Whether there are more than a page shows one by one. Lines are read only of files that have many.
    pub(crate) fn are_more_than(&self, count: usize) -> bool {
        let held = self.0.iter().map(|part| match part {
            Part::Held(snapshots) => snapshots.len(),
            Part::Lines(_) => usize::MAX,
        });
        held.fold(0, usize::saturating_add) > count
    }

    /// What comes of each account, in order; a failure where one cannot be read.
    pub(crate) fn each<R: Send>(
        &self,
        work: impl Fn(&Snapshot) -> R + Sync,
    ) -> impl Iterator<Item = Result<R, Failure>> {
        in_order(self.items(), move |item| match item {
            Item::Held(snapshot) => vec![Ok(work(snapshot))],
            Item::Line(line) => match line.snapshots() {
                Ok(snapshots) => snapshots.iter().map(|snapshot| Ok(work(snapshot))).collect(),
                Err(failure) => vec![Err(failure)],
            },
            Item::Failed(failure) => vec![Err(failure)],
        })
        .flatten()
    }

    /// The parts, of which the accounts are made.
    pub(crate) fn parts(&self) -> &[Part] {
        &self.0
    }

    fn items(&self) -> impl Iterator<Item = Item<'_>> {
        self.0.iter().flat_map(|part| -> Box<dyn Iterator<Item = Item<'_>>> {
            match part {
                Part::Held(snapshots) => Box::new(snapshots.iter().map(Item::Held)),
                Part::Lines(lines) => Box::new(lines.read().map(|line| match line {
                    Ok(line) => Item::Line(line),
                    Err(failure) => Item::Failed(failure),
                })),
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::FileOrStdin;
    use crate::text::samples;

    fn lines(text: &str) -> Part {
        Part::Lines(Lines::of_stream(FileOrStdin::Stdin, text.as_bytes()).unwrap())
    }

    fn named(count: usize) -> String {
        let line = |number| format!("{{\"schemaVersion\":1,\"accountId\":\"{number}\"}}\n");
        (0..count).map(line).collect()
    }

    #[test]
    fn accounts_keep_their_order_whether_they_are_held_or_not() {
        let mut first = samples::snapshot();
        first.account_id = "first".to_string();
        let mut last = samples::snapshot();
        last.account_id = "last".to_string();
        let parts = vec![Part::Held(vec![first]), lines(&named(1000)), Part::Held(vec![last])];
        let accounts = Accounts::new(parts);
        let ids: Result<Vec<String>, _> = accounts.each(|it| it.account_id.clone()).collect();
        let numbers = (0..1000).map(|number: usize| number.to_string());
        let expected: Vec<String> =
            std::iter::once("first".into()).chain(numbers).chain(["last".into()]).collect();
        assert_eq!(ids.unwrap(), expected);
    }

    #[test]
    fn a_fault_names_its_line() {
        let fault = |text: &str| {
            let accounts = Accounts::new(vec![lines(text)]);
            let failure = accounts.each(|_| ()).find_map(Result::err);
            failure.unwrap().to_string()
        };
        let text = named(500) + "\n{\"schemaVersion\": 1, \"accountId\": 7}\n";
        let message = fault(&text);
        assert!(message.contains("accountId") && message.contains("line 502"), "{message}");
        let text = named(2) + "{\"schemaVersion\": 1,\n\"accountId\": \"7\"}\n";
        let message = fault(&text);
        assert!(message.contains("line 3 holds no whole snapshot"), "{message}");
    }
}
