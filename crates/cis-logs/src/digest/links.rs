//! How the digests of a chain hang together: what is missing between them, before and behind.

use super::chain::{Examined, Hole, Known, Members};
use super::name::{DigestName, Object};
use super::report::{Finding, Kind};
use super::time::HOUR;
use super::trust::Trust;
use crate::Time;

/// Two times that are no further apart meet: one digest ends in the second in which the next begins.
pub(super) const EDGE: i64 = 1;

/// How much of the trail other chains and log files show.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Elsewhere {
    /// When the trail's digests in another Region begin.
    pub(super) start: Option<Time>,
    /// When the trail's digests in another Region end.
    pub(super) end: Option<Time>,
}

/// How many hourly digests a time has, at least one.
pub(super) fn hours(from: Time, to: Time) -> u64 {
    u64::try_from((to.since(from) + HOUR / 2) / HOUR).unwrap_or_default().max(1)
}

/// Looks at how a chain's hourly digests hang together.
pub(super) fn examine(
    known: &Known<'_>,
    members: &Members,
    elsewhere: Elsewhere,
    examined: &mut Examined,
    findings: &mut Vec<Finding>,
) {
    if !examined.is_selected {
        return;
    }
    let mut links = Links { known, examined, findings };
    links.start(members, elsewhere);
    for pair in members.hourly.windows(2) {
        if let [before, after] = *pair {
            links.between(before, after);
        }
    }
    links.end(members, elsewhere);
    for &index in &members.backfill {
        links.backfill(members, index);
    }
}

/// A chain while it is looked at.
pub(super) struct Links<'a, 'k> {
    pub(super) known: &'a Known<'k>,
    pub(super) examined: &'a mut Examined,
    pub(super) findings: &'a mut Vec<Finding>,
}

impl Links<'_, '_> {
    /// Before the first digest.
    fn start(&mut self, members: &Members, elsewhere: Elsewhere) {
        let Some(&first) = members.hourly.first() else { return };
        let Some((start, _)) = self.known.span(first) else { return };
        let asked = self.known.options.from;
        match self.known.link(first) {
            Some(None) => {
                if let Some(from) = asked
                    && start.since(from) > EDGE
                {
                    let message = format!(
                        "digests begin at {start}, and not at {from}: CloudTrail made none before, or \
                         those were deleted, for the first one names none"
                    );
                    self.hole(Kind::StartsLate, from, start, message);
                }
            }
            link => {
                // Regions of one trail begin together, but for a digest that is not due.
                let from = asked
                    .or_else(|| elsewhere.start.filter(|other| start.since(*other) > 2 * HOUR));
                let named = link.flatten();
                if let Some(from) = from.filter(|from| start.since(*from) > EDGE) {
                    self.missing(from, start, named, hours(from, start));
                } else if asked.is_none() && self.known.options.touches(start, start.plus(1)) {
                    let named = named.map(|object| format!(", `{object}`")).unwrap_or_default();
                    let message = format!(
                        "digests begin at {start}; the one before{named} is not here, and nothing \
                         before it was looked at"
                    );
                    let finding = self.known.finding(first, Kind::EarlierDigests, message);
                    self.findings.push(finding);
                }
            }
        }
    }

    /// Between two digests that follow each other.
    fn between(&mut self, before: usize, after: usize) {
        let (Some((_, end)), Some((start, _))) = (self.known.span(before), self.known.span(after))
        else {
            return;
        };
        match self.known.link(after) {
            None => {
                self.unproved(before, Kind::NextMissing, "the next digest cannot be read");
                if start.since(end) > HOUR / 2 {
                    self.missing(end, start, None, hours(end, start));
                }
            }
            Some(None) => {
                self.unproved(before, Kind::LastBeforeRestart, "CloudTrail began a new chain then");
                self.gap(end, start, "CloudTrail was stopped, or its validation switched off");
            }
            Some(Some(object)) => {
                if self.is(before, object) {
                    self.unproved(before, Kind::NoSignature, "the next digest does not repeat it");
                    self.gap(end, start, "the next digest begins later");
                } else if self.is_there(object) {
                    self.unchained(before, after);
                } else {
                    self.unproved(before, Kind::NextMissing, "the next digest is missing");
                    // Where no time is left for it, another digest stands in its place.
                    let (from, to) =
                        if start.since(end) > EDGE { (end, start) } else { (end.plus(-HOUR), end) };
                    let object = object.clone();
                    self.missing(from, to, Some(&object), hours(from, to));
                }
            }
        }
    }

    /// Behind the last digest.
    fn end(&mut self, members: &Members, elsewhere: Elsewhere) {
        let Some(&last) = members.hourly.last() else { return };
        let Some((_, end)) = self.known.span(last) else { return };
        let options = self.known.options;
        let (until, why) = match options.to {
            // What is not due yet is not missing.
            Some(to) => (Some(to.min(options.now.plus(-super::DUE))), "was asked for"),
            None => {
                let other = elsewhere.end.filter(|other| other.since(end) > 2 * HOUR);
                (other, "is where the trail's digests of another Region end")
            }
        };
        if let Some(until) = until.filter(|until| until.since(end) > EDGE) {
            self.unproved(last, Kind::NextMissing, "the next digest is missing");
            self.ends_early(end, until, &format!("{until} {why}"));
        } else if options.to.is_some() {
            // Whoever asks for a time is not served by a proof of a shorter one.
            self.unproved(last, Kind::NoSignature, "there is no next digest");
        } else {
            self.unproved(last, Kind::NewestSignature, "there is no next digest");
        }
    }

    /// Says that digests end before a time of which it is known that there should be some.
    pub(super) fn ends_early(&mut self, end: Time, until: Time, why: &str) {
        let message = format!(
            "digests end at {end}, but {why}: the digests of {} hours were deleted or not copied, or \
             the trail was stopped",
            hours(end, until)
        );
        self.hole(Kind::EndsEarly, end, until, message);
    }

    /// A backfill digest, whose chain is its own.
    fn backfill(&mut self, members: &Members, index: usize) {
        self.unproved(index, Kind::BackfillSignature, "no other backfill digest names it");
        let Some(Some(object)) = self.known.link(index) else { return };
        if self.is_there(object) || members.backfill.first() == Some(&index) {
            return;
        }
        let Some(name) = DigestName::parse(object.file_name()) else { return };
        if !self.known.options.touches(name.end.plus(-HOUR), name.end) {
            return;
        }
        let message = format!("the backfill digest `{object}` is missing, which a later one names");
        let finding = Finding::new(Kind::DigestMissing, message)
            .chain(&self.examined.id)
            .object(object)
            .time(name.end.plus(-HOUR), name.end);
        self.findings.push(finding);
        self.examined.report.backfill_digests.missing += 1;
    }

    /// Whether a digest is the one of that object: by its content, else by its name.
    fn is(&self, index: usize, object: &Object) -> bool {
        let Some(read) = self.known.digests.get(index) else { return false };
        match read.digest() {
            Some(digest) => digest.object == *object,
            None => DigestName::parse(object.file_name()).as_ref() == Some(&read.name),
        }
    }

    fn is_there(&self, object: &Object) -> bool {
        self.known.trusts.by_object.contains_key(object)
            || (0..self.known.digests.len())
                .any(|index| self.known.link(index).is_none() && self.is(index, object))
    }

    /// Says that a digest's signature is not to be found, and why that is.
    fn unproved(&mut self, index: usize, kind: Kind, why: &str) {
        let Some((start, end)) = self.known.span(index) else { return };
        let is_open = matches!(self.known.trust(index), Some(Trust::Open(Kind::NoSignature, _)));
        if !is_open || !self.known.options.touches(start, end) {
            return;
        }
        let message = format!(
            "the digest `{}` of {start} to {end} is not proved: its signature is in the metadata of \
             the object in S3 only, for {why}",
            self.known.place(index)
        );
        let finding = self.known.finding(index, kind, message);
        self.findings.push(finding);
    }

    /// Says that a digest stands between two others that do not know it.
    fn unchained(&mut self, before: usize, after: usize) {
        let Some((start, end)) = self.known.span(before) else { return };
        let is_open = matches!(self.known.trust(before), Some(Trust::Open(..)));
        if !is_open || !self.known.options.touches(start, end) {
            return;
        }
        let message = format!(
            "the digest `{}` stands before `{}`, which names another one as its predecessor: it was \
             added",
            self.known.place(before),
            self.known.place(after)
        );
        let finding = self.known.finding(before, Kind::DigestUnchained, message);
        self.findings.push(finding);
        let report = &mut self.examined.report.digests;
        report.unproved = report.unproved.saturating_sub(1);
        report.invalid += 1;
    }

    fn gap(&mut self, end: Time, start: Time, why: &str) {
        if start.since(end) <= EDGE {
            return;
        }
        let message = format!(
            "from {end} to {start} there are no digests: {why}; nothing tells what was delivered then"
        );
        self.hole(Kind::Gap, end, start, message);
    }

    fn missing(&mut self, from: Time, to: Time, named: Option<&Object>, count: u64) {
        let Some((from, to)) = self.known.options.within(from, to) else { return };
        let count = count.min(hours(from, to));
        let message = match (count, named) {
            (1, Some(object)) => {
                format!(
                    "the digest `{object}` is missing, of {from} to {to}; the next one names it"
                )
            }
            (1, None) => format!("a digest is missing, of {from} to {to}"),
            (_, Some(object)) => format!(
                "{count} digests are missing, of {from} to {to}; the next one names the last of \
                 them, `{object}`"
            ),
            (_, None) => format!("{count} digests are missing, of {from} to {to}"),
        };
        self.examined.report.digests.missing += count;
        self.push(Kind::DigestMissing, from, to, count, message);
    }

    fn hole(&mut self, kind: Kind, from: Time, to: Time, message: String) {
        let Some((from, to)) = self.known.options.within(from, to) else { return };
        let count = if kind == Kind::EndsEarly { hours(from, to) } else { 0 };
        self.examined.report.digests.missing += count;
        self.push(kind, from, to, count, message);
    }

    fn push(&mut self, kind: Kind, from: Time, to: Time, files: u64, message: String) {
        let finding = self.findings.len();
        let made = Finding::new(kind, message).chain(&self.examined.id).time(from, to);
        self.findings.push(made.files(files));
        self.examined.holes.push(Hole { from, to, finding });
    }
}
