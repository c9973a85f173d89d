//! The same questions for Amazon Athena, where the logs lie.

use std::io::Write as _;
use std::path::Path;

use cis_logs::athena::Table;
use cis_logs::{Selection, Time};

use crate::outcome::Failure;
use crate::output::to_stdout;

/// The table's name in the statements.
const NAME: &str = "cloudtrail_logs";

/// Writes the table and the queries for logs at `s3://bucket/prefix`.
///
/// # Errors
/// Where the path is no such address, or something is missing that the table needs.
pub(super) fn write(
    path: &Path,
    organization: Option<&str>,
    selection: &Selection,
) -> Result<(), Failure> {
    let (bucket, prefix) = address(path)?;
    let first: Time = selection.from.ok_or_else(|| {
        Failure::Refused(
            "`--athena` needs the first day with logs: give it with `--from`".to_string(),
        )
    })?;
    let table = Table {
        name: NAME.to_string(),
        bucket,
        prefix,
        organization: organization.map(str::to_string),
        accounts: selection.accounts.iter().cloned().collect(),
        regions: selection.regions.iter().cloned().collect(),
        first,
    };
    let statements =
        table.statements(selection).map_err(|error| Failure::Refused(error.to_string()))?;
    to_stdout(|out| {
        for (index, statement) in statements.iter().enumerate() {
            let between = if index > 0 { "\n" } else { "" };
            writeln!(out, "{between}-- {}\n{};", statement.title, statement.sql)?;
        }
        Ok::<(), std::io::Error>(())
    })
}

/// The bucket, and what stands before `AWSLogs/` in its keys.
fn address(path: &Path) -> Result<(String, String), Failure> {
    let text = path.to_string_lossy();
    let refused = || {
        Failure::Refused(format!(
            "`--athena`: `{text}` is no address of a bucket: give `s3://BUCKET` or \
             `s3://BUCKET/PREFIX`"
        ))
    };
    let rest = text.strip_prefix("s3://").ok_or_else(refused)?;
    let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.is_empty() {
        return Err(refused());
    }
    let before = key.split("AWSLogs").next().unwrap_or_default().trim_matches('/');
    let prefix = if before.is_empty() { String::new() } else { format!("{before}/") };
    Ok((bucket.to_string(), prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_where_cloudtrails_own_folders_begin() {
        for (path, bucket, prefix) in [
            ("s3://logs", "logs", ""),
            ("s3://logs/", "logs", ""),
            ("s3://logs/AWSLogs/111122223333/", "logs", ""),
            ("s3://logs/a/b", "logs", "a/b/"),
            ("s3://logs/a/AWSLogs/", "logs", "a/"),
        ] {
            let expected = (bucket.to_string(), prefix.to_string());
            assert_eq!(address(Path::new(path)).unwrap(), expected, "{path}");
        }
        for wrong in ["logs", "s3://", "s3:///a", "/tmp/AWSLogs"] {
            assert!(address(Path::new(wrong)).is_err(), "{wrong}");
        }
    }
}
