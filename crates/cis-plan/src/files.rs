//! The files that a plan is read from: many of them may belong to one account.

use std::collections::BTreeMap;

/// Where files are read from. Paths are relative to one root, with `/` between names; a path may
/// start with `../`, for modules often lie beside the folder that is asked about.
///
/// Whoever implements it bounds what is read (files, bytes, depth) and refuses loops of links, and
/// says so in the error: one clear sentence.
pub trait Files {
    /// A file's bytes; none where there is no such file.
    ///
    /// # Errors
    /// Where the file is there and cannot be read, or is more than is read: why.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String>;

    /// The names in a folder, in order, folders with a `/` at the end; none where there is no such
    /// folder.
    ///
    /// # Errors
    /// Where the folder is there and cannot be listed: why.
    fn list(&self, folder: &str) -> Result<Option<Vec<String>>, String>;
}

/// Files in memory, by path.
impl Files for BTreeMap<String, Vec<u8>> {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, String> {
        Ok(self.get(&normal(path)).cloned())
    }

    fn list(&self, folder: &str) -> Result<Option<Vec<String>>, String> {
        let folder = normal(folder);
        let start = if folder.is_empty() { folder } else { format!("{folder}/") };
        let inside = self.keys().filter_map(|path| path.strip_prefix(start.as_str()));
        let mut names: Vec<String> = inside
            .map(|rest| match rest.split_once('/') {
                Some((name, _)) => format!("{name}/"),
                None => rest.to_string(),
            })
            .collect();
        names.dedup();
        Ok((!names.is_empty()).then_some(names))
    }
}

/// The path without `.` and, as far as something stands before it, without `..`.
#[must_use]
pub fn normal(path: &str) -> String {
    let mut names: Vec<&str> = Vec::new();
    for name in path.split('/') {
        match name {
            "" | "." => {}
            ".." if names.last().is_some_and(|last| *last != "..") => {
                names.pop();
            }
            name => names.push(name),
        }
    }
    names.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_memory_are_found_by_any_spelling_of_their_path() {
        let files: BTreeMap<String, Vec<u8>> =
            ["main.tf", "modules/a/main.tf", "modules/b.tf", "../up.tf"]
                .map(|path| (path.to_string(), path.as_bytes().to_vec()))
                .into();
        assert_eq!(files.read("./modules/../main.tf").unwrap().unwrap(), b"main.tf");
        assert_eq!(files.read("modules/a/../../../up.tf").unwrap().unwrap(), b"../up.tf");
        assert_eq!(files.read("modules").unwrap(), None);
        assert_eq!(files.list("modules").unwrap().unwrap(), ["a/", "b.tf"]);
        assert_eq!(files.list("./").unwrap().unwrap(), ["../", "main.tf", "modules/"]);
        assert_eq!(files.list("none").unwrap(), None);
    }
}
