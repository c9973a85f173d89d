//! Log files that no digest names: added, or of a time that no digest is about.

use std::collections::BTreeMap;

use super::chain::{Examined, Hole, Known};
use super::inventory::Inventory;
use super::links::Links;
use super::name::LogName;
use super::options::DUE;
use super::report::{Finding, Kind};
use crate::Time;

/// How far the time in a log file's name, which has minutes only, and the time of the digest that
/// names it may be apart. Log files that are named later come with a backfill digest.
const SLACK: i64 = 15 * 60;

/// What a log file without a digest is a sign of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Sign {
    /// Its time has no digest, or a broken one: this finding is about that.
    Hole(usize),
    /// A digest is about its time and does not name it.
    Added,
    /// Its digest was not due.
    New,
    /// It is later than the last digest of that chain, and a digest was due.
    Late(usize),
    /// It is earlier than any digest.
    Early,
    /// There is no digest of its account and Region.
    Alone,
}

/// Looks at the log files that no digest names. How many other files there are.
pub(super) fn examine(
    known: &Known<'_>,
    inventory: &Inventory<'_>,
    is_named: &[bool],
    chains: &mut [Examined],
    findings: &mut Vec<Finding>,
) -> u64 {
    let mut others = 0;
    let mut logs: BTreeMap<(&str, &str), Vec<(LogName<'_>, usize)>> = BTreeMap::new();
    for (name, index) in inventory.unmarked(is_named) {
        match Inventory::log(name) {
            Some(log) if is_asked_for(known, &log) => {
                logs.entry((log.account_id, log.region)).or_default().push((log, index));
            }
            Some(_) => {}
            None => others += 1,
        }
    }
    for ((account_id, region), files) in logs {
        let of_place: Vec<usize> = (0..chains.len())
            .filter(|&index| {
                chains.get(index).is_some_and(|chain| {
                    chain.id.account_id == account_id && chain.id.region == region
                })
            })
            .collect();
        let mut signs: BTreeMap<Sign, Vec<(LogName<'_>, usize)>> = BTreeMap::new();
        for (log, index) in files {
            let sign = sign(chains, &of_place, log.delivered);
            signs.entry(sign).or_default().push((log, index));
        }
        for (sign, files) in signs {
            report(known, sign, &files, chains, findings);
        }
    }
    others
}

fn is_asked_for(known: &Known<'_>, log: &LogName<'_>) -> bool {
    let options = known.options;
    options.takes(log.account_id, log.region)
        && options.from.is_none_or(|from| log.delivered >= from)
        && options.to.is_none_or(|to| log.delivered < to)
}

/// What a log file that was delivered at this time is a sign of.
///
/// Several trails may deliver to one folder, and log files do not name theirs. So a file that a hole
/// in one trail's digests explains is laid to that hole, although another trail has a digest then.
fn sign(chains: &[Examined], of_place: &[usize], delivered: Time) -> Sign {
    let of_place = || of_place.iter().filter_map(|&index| Some((index, chains.get(index)?)));
    let is_in =
        |hole: &Hole| delivered >= hole.from.plus(-SLACK) && delivered <= hole.to.plus(SLACK);
    if let Some(hole) = of_place().flat_map(|(_, chain)| &chain.holes).find(|hole| is_in(hole)) {
        return Sign::Hole(hole.finding);
    }
    let spans = || of_place().filter_map(|(index, chain)| Some((index, chain.span?)));
    let is_within = |(start, end): (Time, Time)| delivered >= start && delivered.plus(SLACK) <= end;
    if spans().any(|(_, span)| is_within(span)) {
        return Sign::Added;
    }
    let Some((last, end)) =
        spans().map(|(index, (_, end))| (index, end)).max_by_key(|&(index, end)| (end, index))
    else {
        return Sign::Alone;
    };
    if delivered.plus(SLACK) <= end {
        Sign::Early
    } else if delivered <= end.plus(DUE) {
        Sign::New
    } else {
        Sign::Late(last)
    }
}

fn report(
    known: &Known<'_>,
    sign: Sign,
    files: &[(LogName<'_>, usize)],
    chains: &mut [Examined],
    findings: &mut Vec<Finding>,
) {
    let count = files.len() as u64;
    let Some((first, index)) = files.first() else { return };
    let times = || files.iter().map(|(log, _)| log.delivered);
    let (Some(earliest), Some(latest)) = (times().min(), times().max()) else { return };
    let place = |index: usize| {
        known.files.get(index).map(super::store::StoredFile::place).unwrap_or_default()
    };
    let group = |kind: Kind, message: String| {
        let finding = Finding::new(kind, message).at(first.account_id, first.region);
        finding.time(earliest, latest).files(count).file(place(*index))
    };
    let some = |what: &str| match count {
        1 => format!("the log file `{}` {what}", place(*index)),
        _ => format!("{count} log files, the first of them `{}`, {what}", place(*index)),
    };
    match sign {
        Sign::Hole(finding) => {
            if let Some(finding) = findings.get_mut(finding) {
                finding.unchecked += count;
            }
        }
        Sign::Added => {
            for (log, index) in files {
                let place = place(*index);
                let message = format!(
                    "no digest names the log file `{place}`, though there is one of its time: it was \
                     added, or a trail without validation delivered it"
                );
                let finding = Finding::new(Kind::LogUnnamed, message);
                let finding = finding.at(log.account_id, log.region).file(place);
                findings.push(finding.time(log.delivered, log.delivered));
            }
        }
        Sign::New => {
            let message = some("cannot be checked yet: the digest of that time was not due");
            findings.push(group(Kind::LogsNotYetDue, message));
        }
        Sign::Late(chain) => {
            let Some(examined) = chains.get_mut(chain) else { return };
            let Some((_, end)) = examined.span else { return };
            let why = format!("log files were delivered until {latest}");
            let at = findings.len();
            Links { known, examined, findings }.ends_early(end, latest, &why);
            match findings.get_mut(at) {
                Some(finding) => finding.unchecked += count,
                None => findings.push(group(
                    Kind::LogUnnamed,
                    some("is named by no digest, for digests ended before"),
                )),
            }
        }
        Sign::Early => {
            let message = some("cannot be checked: digests begin later; `--from` leaves them out");
            findings.push(group(Kind::LogUnnamed, message));
        }
        Sign::Alone => {
            let message = format!(
                "there is no digest of the account {} in {}, but {count} log files",
                first.account_id, first.region
            );
            findings.push(group(Kind::NoDigests, message));
        }
    }
}
