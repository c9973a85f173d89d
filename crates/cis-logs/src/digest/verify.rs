//! The whole verification, step by step.

use std::collections::BTreeMap;

use super::chain::{self, Examined, Known};
use super::inventory::Inventory;
use super::keys::PublicKeys;
use super::links::{self, Elsewhere};
use super::options::Options;
use super::report::{Finding, Kind, Outcome, Verification, Weight};
use super::store::Store;
use super::time::HOUR;
use super::trust::{self, Trust};
use super::{logs, reading, unnamed};
use crate::Time;

/// Verifies the digests in a store, and the log files that they name.
///
/// The files are read on all of rayon's threads; what is found does not depend on how many there are.
///
/// ```
/// use cis_logs::Time;
/// use cis_logs::digest::keys::PublicKeys;
/// use cis_logs::digest::report::{Kind, Outcome};
/// use cis_logs::digest::store::Folder;
/// use cis_logs::digest::{Options, verify};
///
/// let nothing = Folder::read([]);
/// let now = Time::from_seconds(1_772_323_200);
/// let verification = verify(&nothing, &PublicKeys::default(), &Options::everything(now));
/// assert_eq!(verification.outcome, Outcome::Broken);
/// assert_eq!(verification.faults[0].kind, Kind::NoDigests);
/// ```
#[must_use]
pub fn verify(store: &impl Store, keys: &PublicKeys, options: &Options) -> Verification {
    let files = store.files();
    let inventory = Inventory::of(files, options);
    let digests = reading::read(store, &inventory.digests);
    let trusts = trust::decide(&digests, keys, options.are_keys_complete);
    let known = Known { files, digests: &digests, trusts: &trusts, options };
    let mut findings = not_listed(store);
    let chains = chain::order(&known);
    let mut examined: Vec<Examined> = Vec::with_capacity(chains.len());
    for (id, members) in &chains {
        examined.push(chain::examine(&known, id.clone(), members, &mut findings));
    }
    let elsewhere: Vec<Elsewhere> = examined.iter().map(|one| elsewhere(one, &examined)).collect();
    for ((one, members), elsewhere) in examined.iter_mut().zip(chains.values()).zip(elsewhere) {
        links::examine(&known, members, elsewhere, one, &mut findings);
    }
    let checked = logs::check(store, &known, &inventory, &mut examined, &mut findings);
    let other_files =
        unnamed::examine(&known, &inventory, &checked.is_named, &mut examined, &mut findings);
    examined.retain(|one| one.is_selected);
    keys_that_lack(&known, &examined, &mut findings);
    nothing_there(&known, &examined, &mut findings);
    nothing_proved(&examined, &mut findings);
    conclude(options, examined, findings, other_files)
}

/// Says which places could not be listed.
fn not_listed(store: &impl Store) -> Vec<Finding> {
    let of = |(place, why): &(String, String)| {
        let message = format!("what lies in `{place}` is not known: {why}");
        Finding::new(Kind::Unreadable, message).file(place.clone()).files(0)
    };
    store.unreadable().iter().map(of).collect()
}

/// When digests were signed, by Region: from the start of the first to the end of the last, and to
/// the present where one was made later. CloudTrail has keys of its own in each Region.
#[must_use]
pub fn signed(store: &impl Store, options: &Options) -> BTreeMap<String, (Time, Time)> {
    let mut times: BTreeMap<String, (Time, Time)> = BTreeMap::new();
    for (_, name) in Inventory::of(store.files(), options).digests {
        let (start, end) = (name.end.plus(-HOUR), name.end.plus(HOUR));
        let end = if name.is_backfill { options.now.max(end) } else { end };
        let time = times.entry(name.region).or_insert((start, end));
        *time = (time.0.min(start), time.1.max(end));
    }
    times
}

/// What the chains of the same trail and account in other Regions show.
fn elsewhere(one: &Examined, all: &[Examined]) -> Elsewhere {
    let siblings = || {
        all.iter().filter(|other| {
            other.id.organization == one.id.organization
                && other.id.account_id == one.id.account_id
                && other.id.trail == one.id.trail
                && other.id.home_region == one.id.home_region
                && other.id.region != one.id.region
        })
    };
    Elsewhere {
        start: siblings().filter_map(|other| other.span).map(|(start, _)| start).min(),
        end: siblings().filter_map(|other| other.span).map(|(_, end)| end).max(),
    }
}

/// Says which public keys lack: once for each, and not for each digest.
fn keys_that_lack(known: &Known<'_>, examined: &[Examined], findings: &mut Vec<Finding>) {
    let mut lacking: BTreeMap<(Kind, &str, &str), (u64, usize)> = BTreeMap::new();
    for &index in examined.iter().flat_map(|one| &one.usable) {
        let (Some(Trust::Open(kind @ (Kind::NoKeys | Kind::NoKey), fingerprint)), Some(read)) =
            (known.trust(index), known.digests.get(index))
        else {
            continue;
        };
        let key = (*kind, read.chain.region.as_str(), fingerprint.as_str());
        lacking.entry(key).or_insert((0, index)).0 += 1;
    }
    for ((kind, region, fingerprint), (count, index)) in lacking {
        let digests = if count == 1 { "digest names" } else { "digests name" };
        let message = format!(
            "the public key with the fingerprint `{fingerprint}`, which {count} {digests}, was not \
             given: `aws cloudtrail list-public-keys --region {region}` lists it for the time of the \
             digests"
        );
        let mut finding = known.finding(index, kind, message).files(count);
        (finding.from, finding.to, finding.object) = (None, None, None);
        findings.push(finding);
    }
}

/// Says where there is no digest of what was asked for.
fn nothing_there(known: &Known<'_>, examined: &[Examined], findings: &mut Vec<Finding>) {
    let options = known.options;
    if findings.iter().any(|finding| finding.kind == Kind::NoDigests) {
        return;
    }
    let mut lacks = |what: String| {
        let message = format!("there is no digest{what}: all were deleted, or none was copied");
        findings.push(Finding::new(Kind::NoDigests, message).files(0));
    };
    if examined.is_empty() && options.accounts.is_empty() && options.regions.is_empty() {
        let trails = &options.trails;
        let named = trails.iter().map(|trail| format!("`{trail}`")).collect::<Vec<_>>().join(", ");
        lacks(if trails.is_empty() { String::new() } else { format!(" of the trail {named}") });
        return;
    }
    for account in &options.accounts {
        if !examined.iter().any(|one| one.id.account_id == *account) {
            lacks(format!(" of the account {account}"));
        }
    }
    for region in &options.regions {
        if !examined.iter().any(|one| one.id.region == *region) {
            lacks(format!(" in {region}"));
        }
    }
    for trail in &options.trails {
        if !examined.iter().any(|one| one.id.trail == *trail) {
            lacks(format!(" of the trail `{trail}`"));
        }
    }
}

/// Says of which chains no digest is proved, where nothing else has said why.
fn nothing_proved(examined: &[Examined], findings: &mut Vec<Finding>) {
    for one in examined.iter().filter(|one| one.report.proved.is_empty()) {
        let is_said = findings.iter().any(|finding| {
            finding.kind.weight() != Weight::Limit
                && finding.account_id.as_deref() == Some(&one.id.account_id)
                && finding.region.as_deref() == Some(&one.id.region)
        });
        if is_said {
            continue;
        }
        let message =
            "no digest of the time that was asked for is proved: give the signature of the \
                       newest one, or look at a longer time"
                .to_string();
        findings.push(Finding::new(Kind::NothingProved, message).chain(&one.id).files(0));
    }
}

fn conclude(
    options: &Options,
    examined: Vec<Examined>,
    mut findings: Vec<Finding>,
    other_files: u64,
) -> Verification {
    for finding in &mut findings {
        if finding.unchecked > 0 {
            let count = finding.unchecked;
            finding
                .message
                .push_str(&format!("; {count} log files of that time cannot be checked"));
        }
    }
    findings.sort_by(|one, other| {
        let key = |it: &Finding| {
            (it.account_id.clone(), it.region.clone(), it.trail.clone(), it.from, it.kind)
        };
        key(one).cmp(&key(other)).then_with(|| one.file.cmp(&other.file))
    });
    let of =
        |weight| findings.iter().filter(move |it| it.kind.weight() == weight).cloned().collect();
    let (faults, undecided): (Vec<_>, Vec<_>) = (of(Weight::Fault), of(Weight::Undecided));
    let outcome = if !faults.is_empty() {
        Outcome::Broken
    } else if !undecided.is_empty() {
        Outcome::Undecided
    } else {
        Outcome::Proved
    };
    Verification {
        schema_version: 1,
        outcome,
        from: options.from,
        to: options.to,
        faults,
        undecided,
        limits: of(Weight::Limit),
        chains: examined.into_iter().map(|one| one.report).collect(),
        other_files,
    }
}
