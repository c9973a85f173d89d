//! Room on the disk, which compilers and linkers do not always say that they lack.

use std::path::Path;

/// What a machine without room has left, in MB. The builds that fail for it leave some free.
const LITTLE: u64 = 512;

/// What to say beside a failure where the disk is full, or nearly: a linker or an archiver then mostly
/// complains of something else, such as a "malformed archive".
#[must_use]
pub fn hint(root: &Path) -> Option<String> {
    // Where even that cannot be told, the failure stands by itself.
    fs4::available_space(root).ok().and_then(words)
}

fn words(free: u64) -> Option<String> {
    let free = free / 1_000_000;
    (free < LITTLE).then(|| {
        format!(
            "the disk has {free} MB left, which may be why. Make room (`cargo clean` removes what was \
             built) and run it again"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_named_and_no_other() {
        assert_eq!(words(512_000_000), None);
        assert!(words(511_999_999).unwrap().starts_with("the disk has 511 MB left"));
        assert!(words(0).unwrap().starts_with("the disk has 0 MB left"));
    }
}
