//! The chains: which digests belong together, in which order, and which of them stand for a time.

use std::collections::{BTreeMap, BTreeSet};

use super::name::{ChainId, Object};
use super::options::Options;
use super::reading::ReadDigest;
use super::report::{Chain, Counts, Finding, Interval, Kind, Weight};
use super::store::StoredFile;
use super::trust::{Trust, Trusts};
use crate::Time;

/// What is known before a chain is looked at.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known<'a> {
    pub(super) files: &'a [StoredFile],
    pub(super) digests: &'a [ReadDigest],
    pub(super) trusts: &'a Trusts<'a>,
    pub(super) options: &'a Options,
}

/// A chain's digests, by index.
#[derive(Debug, Default)]
pub(super) struct Members {
    /// The hourly ones, in the order of their times.
    pub(super) hourly: Vec<usize>,
    /// Those that were made later, likewise.
    pub(super) backfill: Vec<usize>,
    /// Further files that hold one of these.
    pub(super) copies: Vec<usize>,
}

/// A chain that was looked at.
#[derive(Debug)]
pub(super) struct Examined {
    pub(super) id: ChainId,
    pub(super) report: Chain,
    /// Whether it is asked for.
    pub(super) is_selected: bool,
    /// From the first digest's start to the last one's end.
    pub(super) span: Option<(Time, Time)>,
    /// Times that have no digest, or one that cannot be trusted, with the finding that says so.
    pub(super) holes: Vec<Hole>,
    /// The digests whose log files are to be checked.
    pub(super) usable: Vec<usize>,
}

/// A time without a trusted digest.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hole {
    pub(super) from: Time,
    pub(super) to: Time,
    /// The finding about it.
    pub(super) finding: usize,
}

impl Known<'_> {
    /// A digest's trust.
    pub(super) fn trust(&self, index: usize) -> Option<&Trust> {
        self.trusts.trusts.get(index)
    }

    /// Where a digest lies.
    pub(super) fn place(&self, index: usize) -> String {
        let file = self.digests.get(index).and_then(|read| self.files.get(read.file));
        file.map(StoredFile::place).unwrap_or_default()
    }

    /// A digest's name without its folders.
    pub(super) fn name(&self, index: usize) -> String {
        let file = self.digests.get(index).and_then(|read| self.files.get(read.file));
        file.map(|file| file.file_name().into_owned()).unwrap_or_default()
    }

    /// A digest's time.
    pub(super) fn span(&self, index: usize) -> Option<(Time, Time)> {
        let is_trusted = !matches!(self.trust(index), Some(Trust::Broken(..)));
        self.digests.get(index).map(|read| read.span(is_trusted))
    }

    /// The object before, as a digest names it: none where its content is not known.
    pub(super) fn link(&self, index: usize) -> Option<Option<&Object>> {
        let digest = self.digests.get(index)?.digest()?;
        Some(digest.previous.as_ref().map(|previous| &previous.object))
    }

    /// A finding about a digest.
    pub(super) fn finding(&self, index: usize, kind: Kind, message: String) -> Finding {
        let mut finding = Finding::new(kind, message).file(self.place(index));
        if let Some(read) = self.digests.get(index) {
            finding = finding.chain(&read.chain);
            if let Some((start, end)) = self.span(index) {
                finding = finding.time(start, end);
            }
            if let Some(digest) = read.digest() {
                finding = finding.object(&digest.object);
            }
        }
        finding
    }
}

/// Orders the digests into chains.
pub(super) fn order(known: &Known<'_>) -> BTreeMap<ChainId, Members> {
    let mut chains: BTreeMap<ChainId, Members> = BTreeMap::new();
    let mut stands = BTreeSet::new();
    // The content of a digest tells more than the name of a file that is none.
    let (readable, broken): (Vec<usize>, Vec<usize>) =
        (0..known.digests.len()).partition(|&index| known.link(index).is_some());
    for index in readable.into_iter().chain(broken) {
        let Some(read) = known.digests.get(index) else { continue };
        let members = chains.entry(read.chain.clone()).or_default();
        let key = (&read.chain, read.name.end, read.name.is_backfill);
        let stands_for = match read.digest() {
            Some(digest) => known.trusts.by_object.get(&digest.object) == Some(&index),
            None => !stands.contains(&key),
        };
        if !stands_for {
            members.copies.push(index);
            continue;
        }
        stands.insert(key);
        if read.name.is_backfill {
            members.backfill.push(index);
        } else {
            members.hourly.push(index);
        }
    }
    for members in chains.values_mut() {
        let by_time = |&index: &usize| known.span(index).map(|(start, end)| (end, start, index));
        members.hourly.sort_by_key(by_time);
        members.backfill.sort_by_key(by_time);
    }
    chains
}

/// Looks at a chain's digests one by one; how they hang together is looked at in [`super::links`].
pub(super) fn examine(
    known: &Known<'_>,
    id: ChainId,
    members: &Members,
    findings: &mut Vec<Finding>,
) -> Examined {
    let is_selected = known.options.takes_chain(&id);
    let first = members.hourly.first().and_then(|&index| known.span(index));
    let last = members.hourly.last().and_then(|&index| known.span(index));
    let mut examined = Examined {
        report: Chain {
            organization: id.organization.clone(),
            account_id: id.account_id.clone(),
            region: id.region.clone(),
            trail: id.trail.clone(),
            home_region: id.home_region.clone(),
            proved: Vec::new(),
            digests: Counts::default(),
            backfill_digests: Counts::default(),
            log_files: Counts::default(),
        },
        id,
        is_selected,
        span: first.zip(last).map(|((start, _), (_, end))| (start, end)),
        holes: Vec::new(),
        usable: Vec::new(),
    };
    if !is_selected {
        return examined;
    }
    for &index in members.hourly.iter().chain(&members.backfill) {
        one(known, index, &mut examined, findings);
    }
    for &index in &members.copies {
        let (Some(read), Some((start, end))) = (known.digests.get(index), known.span(index)) else {
            continue;
        };
        if !known.options.touches(start, end) {
            continue;
        }
        let is_bad = broken(known, index, findings)
            | moved(known, index, findings)
            | has_more(known, index, findings);
        let counts = if read.name.is_backfill {
            &mut examined.report.backfill_digests
        } else {
            &mut examined.report.digests
        };
        counts.invalid += u64::from(is_bad);
    }
    examined
}

fn one(known: &Known<'_>, index: usize, examined: &mut Examined, findings: &mut Vec<Finding>) {
    let (Some(read), Some((start, end))) = (known.digests.get(index), known.span(index)) else {
        return;
    };
    if !known.options.touches(start, end) {
        return;
    }
    let number = findings.len();
    let is_broken = broken(known, index, findings);
    let is_displaced = moved(known, index, findings) | has_more(known, index, findings);
    let besides = known.trusts.besides.iter().filter(|(of, ..)| *of == index);
    let mut is_doubtful = false;
    for (_, kind, why) in besides {
        is_doubtful |= kind.weight() == Weight::Fault;
        findings.push(known.finding(
            index,
            *kind,
            format!("the digest `{}`: {why}", known.place(index)),
        ));
    }
    let counts = if read.name.is_backfill {
        &mut examined.report.backfill_digests
    } else {
        &mut examined.report.digests
    };
    match known.trust(index) {
        _ if is_displaced || is_doubtful => counts.invalid += 1,
        Some(Trust::Proved) => counts.valid += 1,
        Some(Trust::Open(..)) | None => counts.unproved += 1,
        Some(Trust::Broken(..)) => counts.invalid += 1,
    }
    if known.trust(index) == Some(&Trust::Proved) && !read.name.is_backfill {
        add(&mut examined.report.proved, known.options.within(start, end));
    }
    if is_broken && !read.name.is_backfill {
        examined.holes.push(Hole { from: start, to: end, finding: number });
    }
    examined.usable.push(index);
}

/// Adds a time to times that are in order, joined where they meet.
fn add(times: &mut Vec<Interval>, time: Option<(Time, Time)>) {
    let Some((from, to)) = time else { return };
    match times.last_mut() {
        Some(last) if from.since(last.to) <= super::links::EDGE => last.to = last.to.max(to),
        _ => times.push(Interval { from, to }),
    }
}

/// Says where a digest is not what CloudTrail wrote, or cannot be read.
fn broken(known: &Known<'_>, index: usize, findings: &mut Vec<Finding>) -> bool {
    let place = known.place(index);
    match known.trust(index) {
        Some(Trust::Broken(kind, why)) => {
            findings.push(known.finding(index, *kind, format!("the digest `{place}`: {why}")));
            true
        }
        Some(Trust::Open(kind @ (Kind::Unreadable | Kind::UnknownAlgorithm), why)) => {
            findings.push(known.finding(index, *kind, format!("the digest `{place}`: {why}")));
            true
        }
        _ => false,
    }
}

/// Says where a digest lies elsewhere than it was delivered to.
fn moved(known: &Known<'_>, index: usize, findings: &mut Vec<Finding>) -> bool {
    let Some(read) = known.digests.get(index).filter(|read| read.is_moved) else { return false };
    let object = read.digest().map(|digest| digest.object.to_string()).unwrap_or_default();
    let message = format!(
        "the digest `{}` was moved: CloudTrail delivered it to `{object}`",
        known.place(index)
    );
    findings.push(known.finding(index, Kind::DigestMoved, message));
    true
}

/// Says where something follows a digest's compressed data.
fn has_more(known: &Known<'_>, index: usize, findings: &mut Vec<Finding>) -> bool {
    if !known.digests.get(index).is_some_and(|read| read.has_more) {
        return false;
    }
    let message = format!(
        "the digest `{}` has more data behind its compressed data, which was not read",
        known.place(index)
    );
    findings.push(known.finding(index, Kind::DigestTrailingData, message));
    true
}
