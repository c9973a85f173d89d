//! Which files of a folder Terraform reads, and which OpenTofu.
//!
//! Sources: <https://developer.hashicorp.com/terraform/language/files>,
//! <https://opentofu.org/docs/language/files/>

/// Who reads a source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cli {
    /// Terraform: `*.tf` and `*.tf.json`.
    Terraform,
    /// OpenTofu: `*.tofu` and `*.tofu.json` too, each in place of a file of Terraform's of that name.
    OpenTofu,
}

/// How names of files of Terraform's end, and of the files that OpenTofu reads in place of them.
const ENDS: [(&str, &str); 2] = [(".tf", ".tofu"), (".tf.json", ".tofu.json")];

/// The files that are read.
pub(super) fn read_by(program: Cli, names: Vec<String>) -> Vec<String> {
    let is_replaced = |name: &str| {
        program == Cli::OpenTofu
            && ENDS.iter().any(|(terraform, tofu)| {
                let stem = name.strip_suffix(terraform);
                stem.is_some_and(|stem| names.contains(&format!("{stem}{tofu}")))
            })
    };
    let is_read = |name: &&String| {
        let of_terraform = ENDS.iter().any(|(end, _)| name.ends_with(end));
        let of_tofu = program == Cli::OpenTofu && is_of_tofu(name);
        (of_terraform || of_tofu) && !is_replaced(name)
    };
    names.iter().filter(is_read).cloned().collect()
}

/// Whether only OpenTofu reads a file.
pub(super) fn is_of_tofu(name: &str) -> bool {
    ENDS.iter().any(|(_, end)| name.ends_with(end))
}

/// Whether a file overrides what others say.
pub(super) fn is_override(name: &str) -> bool {
    let all = ENDS.iter().flat_map(|(terraform, tofu)| [terraform, tofu]);
    let stem = all.filter_map(|end| name.strip_suffix(end)).next().unwrap_or(name);
    stem == "override" || stem.ends_with("_override")
}
