//! Several files in one input.

use std::collections::BTreeMap;

/// Files by path. A line that begins with `=== ` names the file that follows; what stands before the
/// first is the file `first`.
pub(crate) fn files(text: &str, first: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut path = first;
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("=== ") {
            Some(name) => path = name.trim_end(),
            None => files.entry(path.to_string()).or_default().extend(line.as_bytes()),
        }
    }
    files
}
