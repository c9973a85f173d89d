//! Trails that may be there, and where it is written.

use cis_rules::snapshot::Place;

use super::body::Block;
use super::value::Why;

/// Trails that may be there.
pub(super) struct Doubt {
    /// Which trails.
    pub(super) label: String,
    /// Why they may be there or not.
    pub(super) why: Why,
    /// Where the block stands that is about them.
    pub(super) place: Place,
}

/// The place of a block. Only files of JSON have no lines.
pub(super) fn place_of(block: &Block) -> Place {
    let line =
        block.place.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
    match line {
        Some((file, line)) => Place { file: file.to_string(), line: Some(line) },
        None => Place { file: block.place.to_string(), line: None },
    }
}
