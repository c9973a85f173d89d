//! Whatever is given as a cloud assembly: it is read or refused, and what its stacks leave open
//! decides nothing against what it turns out to be.

use crate::files::files;
use crate::planned::accounts;

/// Reads an assembly, without and with the account that it is for, and decides both.
pub(crate) fn assembly(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let files = files(text, "manifest.json");
    accounts(|setting| cis_plan::assembly(&files, "manifest.json", setting));
}
