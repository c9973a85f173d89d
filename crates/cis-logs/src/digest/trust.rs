//! Which digests are proved: by the signature that the next one repeats, or that is kept with them.
//!
//! A signature proves its digest by itself, whoever brings it: it is over the digest's content, and
//! only CloudTrail has the private key. So a digest that is not proved can prove the one before.

use std::collections::HashMap;

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::file::Digest;
use super::keys::PublicKeys;
use super::name::Object;
use super::reading::ReadDigest;
use super::report::{Kind, Weight};

/// How far a digest is to be trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    /// CloudTrail signed it.
    Proved,
    /// That is not known: the kind says why.
    Open(Kind, String),
    /// It is not what CloudTrail wrote.
    Broken(Kind, String),
}

impl Trust {
    /// Its rank among several files that hold the same digest: the best is taken.
    const fn rank(&self) -> u8 {
        match self {
            Self::Proved => 0,
            Self::Open(..) => 1,
            Self::Broken(..) => 2,
        }
    }
}

/// What is known of the digests.
#[derive(Debug)]
pub(super) struct Trusts<'a> {
    /// Of each digest.
    pub(super) trusts: Vec<Trust>,
    /// The digest that stands for each object.
    pub(super) by_object: HashMap<&'a Object, usize>,
    /// What else was found of a digest.
    pub(super) besides: Vec<(usize, Kind, String)>,
}

/// Decides which digests are proved.
pub(super) fn decide<'a>(
    digests: &'a [ReadDigest],
    keys: &PublicKeys,
    are_keys_complete: bool,
) -> Trusts<'a> {
    let mut repeated: HashMap<&Object, Vec<&str>> = HashMap::new();
    for digest in digests.iter().filter_map(ReadDigest::digest) {
        if let (Some(previous), Some(signature)) = (&digest.previous, &digest.previous_signature) {
            repeated.entry(&previous.object).or_default().push(signature);
        }
    }
    let decided: Vec<(Trust, Option<(Kind, String)>)> = digests
        .par_iter()
        .map(|read| decide_one(read, &repeated, keys, are_keys_complete))
        .collect();
    let mut besides = Vec::new();
    let mut trusts = Vec::with_capacity(decided.len());
    for (index, (trust, found)) in decided.into_iter().enumerate() {
        besides.extend(found.map(|(kind, why)| (index, kind, why)));
        trusts.push(trust);
    }
    let by_object = stand_for(digests, &trusts);
    compare_hashes(digests, &by_object, &mut trusts, &mut besides);
    Trusts { trusts, by_object, besides }
}

fn decide_one(
    read: &ReadDigest,
    repeated: &HashMap<&Object, Vec<&str>>,
    keys: &PublicKeys,
    are_keys_complete: bool,
) -> (Trust, Option<(Kind, String)>) {
    let digest = match &read.content {
        Ok(digest) => digest,
        Err(broken) if broken.kind.weight() == Weight::Fault => {
            return (Trust::Broken(broken.kind, broken.why.clone()), None);
        }
        Err(broken) => return (Trust::Open(broken.kind, broken.why.clone()), None),
    };
    let (kept, unknown) = match &read.kept_signature {
        Ok(kept) => (kept.as_deref(), None),
        Err(why) => (None, Some((Kind::Unreadable, why.clone()))),
    };
    if !keys.has(&digest.fingerprint) && are_keys_complete {
        let why = format!(
            "it was signed with the key `{}`, which is none of CloudTrail's in its Region",
            digest.fingerprint
        );
        return (Trust::Broken(Kind::DigestKeyUnknown, why), unknown);
    }
    if !keys.has(&digest.fingerprint) {
        let kind = if keys.is_empty() { Kind::NoKeys } else { Kind::NoKey };
        return (Trust::Open(kind, digest.fingerprint.clone()), unknown);
    }
    let message = digest.string_to_sign();
    let verifies =
        |signature: &str| keys.verify(&digest.fingerprint, &message, signature).unwrap_or_default();
    let repeated = repeated.get(&digest.object).map(Vec::as_slice).unwrap_or_default();
    let is_kept_good = kept.map(verifies);
    let is_proved = is_kept_good == Some(true) || repeated.iter().any(|it| verifies(it));
    match (is_proved, is_kept_good, repeated) {
        (true, Some(false), _) => {
            let why = "the signature that is kept with it is not its own, which the next digest \
                       repeats";
            (Trust::Proved, Some((Kind::SignatureAltered, why.to_string())))
        }
        (true, ..) => (Trust::Proved, unknown),
        (false, None, []) => (Trust::Open(Kind::NoSignature, String::new()), unknown),
        (false, None, _) => {
            let why = "its signature does not verify, which the next digest repeats: one of the two \
                       was changed";
            (Trust::Broken(Kind::DigestAltered, why.to_string()), unknown)
        }
        (false, Some(_), _) => {
            let why = "its signature does not verify: it was changed";
            (Trust::Broken(Kind::DigestAltered, why.to_string()), unknown)
        }
    }
}

/// The digest that stands for each object: of several copies the most trusted, in its place.
fn stand_for<'a>(digests: &'a [ReadDigest], trusts: &[Trust]) -> HashMap<&'a Object, usize> {
    let mut by_object: HashMap<&Object, (u8, bool, usize)> = HashMap::new();
    for (index, (read, trust)) in digests.iter().zip(trusts).enumerate() {
        let Some(digest) = read.digest() else { continue };
        let rank = (trust.rank(), read.is_moved, index);
        let best = by_object.entry(&digest.object).or_insert(rank);
        *best = rank.min(*best);
    }
    by_object.into_iter().map(|(object, (_, _, index))| (object, index)).collect()
}

/// Compares each digest's content with the hash that the next one names.
fn compare_hashes(
    digests: &[ReadDigest],
    by_object: &HashMap<&Object, usize>,
    trusts: &mut [Trust],
    besides: &mut Vec<(usize, Kind, String)>,
) {
    for (next, digest) in digests.iter().enumerate() {
        let Some((index, previous)) =
            digest.digest().and_then(|digest| named_before(digest, digests, by_object))
        else {
            continue;
        };
        let why = "its SHA-256 is not the one that the next digest names";
        match trusts.get_mut(index) {
            Some(trust @ Trust::Open(..)) => {
                *trust = Trust::Broken(Kind::DigestHashMismatch, why.to_string());
            }
            Some(Trust::Proved) => {
                let why = format!(
                    "the SHA-256 that it names of `{}` is not that digest's, whose signature verifies",
                    previous.object
                );
                besides.push((next, Kind::DigestHashMismatch, why));
            }
            Some(Trust::Broken(..)) | None => {}
        }
    }
}

/// The digest that stands for the one before, where its content is not what this one's hash is of.
fn named_before<'a>(
    digest: &Digest,
    digests: &'a [ReadDigest],
    by_object: &HashMap<&Object, usize>,
) -> Option<(usize, &'a Digest)> {
    let previous = digest.previous.as_ref()?;
    let index = *by_object.get(&previous.object)?;
    let found = digests.get(index)?.digest()?;
    (previous.hash? != found.hash).then_some((index, found))
}
