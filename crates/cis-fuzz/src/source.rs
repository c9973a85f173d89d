//! Whatever is given as Terraform source: it is read or refused, and what it leaves open decides
//! nothing against what it turns out to be.

use cis_plan::SourceOptions;

use crate::files::files;
use crate::planned::accounts;

/// Reads files as a source, without and with the account that it is for, and decides both.
pub(crate) fn source(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let files = files(text, "main.tf");
    accounts(|setting| cis_plan::source(&files, "", &SourceOptions::default(), setting));
}
