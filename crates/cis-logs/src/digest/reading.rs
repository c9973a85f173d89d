//! The digests of a store, read.

use rayon::iter::{IntoParallelRefIterator as _, ParallelIterator as _};

use super::content::{self, ContentError};
use super::file::{Digest, DigestError};
use super::name::{ChainId, DigestName};
use super::report::Kind;
use super::store::{Store, StoredFile};
use super::time::HOUR;
use crate::Time;

/// A digest file that was read.
#[derive(Debug)]
pub(super) struct ReadDigest {
    /// Which file it is.
    pub(super) file: usize,
    /// What its name says: the name that its content gives, else the file's.
    pub(super) name: DigestName,
    /// The chain that it belongs to.
    pub(super) chain: ChainId,
    /// What it holds, or why that is not known.
    pub(super) content: Result<Digest, Broken>,
    /// Whether it lies elsewhere than it was delivered to.
    pub(super) is_moved: bool,
    /// Whether something follows its compressed data.
    pub(super) has_more: bool,
    /// The signature that is kept with it, or why that is not known.
    pub(super) kept_signature: Result<Option<String>, String>,
}

/// Why a digest's content is not known.
#[derive(Clone, Debug)]
pub(super) struct Broken {
    pub(super) kind: Kind,
    pub(super) why: String,
}

impl ReadDigest {
    /// The time that it is about: the hour before its name's time where its content cannot be trusted.
    pub(super) fn span(&self, is_trusted: bool) -> (Time, Time) {
        match &self.content {
            Ok(digest) if is_trusted => (digest.start, digest.end),
            Ok(_) | Err(_) => (self.name.end.plus(-HOUR), self.name.end),
        }
    }

    /// What it holds, where that is known.
    pub(super) fn digest(&self) -> Option<&Digest> {
        self.content.as_ref().ok()
    }
}

/// Reads the digests among the files: their indices, with what their names say.
pub(super) fn read(store: &impl Store, digests: &[(usize, DigestName)]) -> Vec<ReadDigest> {
    digests
        .par_iter()
        .filter_map(|(index, name)| {
            let file = store.files().get(*index)?;
            Some(read_one(store, *index, file, name))
        })
        .collect()
}

fn read_one(store: &impl Store, index: usize, file: &StoredFile, name: &DigestName) -> ReadDigest {
    let read = store
        .open(file)
        .map_err(ContentError::Io)
        .and_then(|input| content::read(input, content::LARGEST_DIGEST));
    let has_more = matches!(read, Ok((_, content::End::Behind)));
    let content = read
        .map_err(of_content)
        .and_then(|(content, _)| Digest::parse(&content).map_err(of_digest));
    // A digest that was moved belongs where it says.
    let said = content.as_ref().ok().map(|digest| {
        let name = DigestName::parse(digest.object.file_name());
        let organization = super::name::organization(&digest.object.key).map(str::to_string);
        name.map(|name| (name, organization))
    });
    let (name, organization, content) = match said {
        Some(Some((name, organization))) => (name, organization, content),
        Some(None) => {
            let why = "it says that it was delivered to a key that is no digest's".to_string();
            let broken = Broken { kind: Kind::DigestCorrupt, why };
            (name.clone(), file.organization(), Err(broken))
        }
        None => (name.clone(), file.organization(), content),
    };
    let is_moved = content.as_ref().is_ok_and(|digest| !file.is_place_of(&digest.object));
    let chain = ChainId {
        organization,
        account_id: name.account_id.clone(),
        region: name.region.clone(),
        trail: name.trail.clone(),
        home_region: name.home_region.clone(),
    };
    let kept_signature = store.signature(file).map_err(|error| error.to_string());
    ReadDigest { file: index, name, chain, content, is_moved, has_more, kept_signature }
}

fn of_content(error: ContentError) -> Broken {
    let kind = match error {
        ContentError::Io(_) => Kind::Unreadable,
        ContentError::Behind | ContentError::Corrupt | ContentError::TooLarge(_) => {
            Kind::DigestCorrupt
        }
    };
    Broken { kind, why: error.to_string() }
}

fn of_digest(error: DigestError) -> Broken {
    let kind = match error {
        DigestError::Malformed(_) => Kind::DigestCorrupt,
        DigestError::Algorithm(_) => Kind::UnknownAlgorithm,
    };
    Broken { kind, why: error.to_string() }
}
