//! Snapshots as they are written: what their selectors say of management events is needed, too.

use serde_json::Value;

use crate::args::FileOrStdin;
use crate::input;
use crate::outcome::Failure;

/// Reads snapshots.
///
/// # Errors
/// Where a file cannot be read, or does not hold at least one snapshot and nothing else.
pub(super) fn read(sources: &[FileOrStdin]) -> Result<Vec<Value>, Failure> {
    let mut all = Vec::new();
    if sources.iter().filter(|source| **source == FileOrStdin::Stdin).count() > 1 {
        return Err(Failure::Refused("standard input was given twice".to_string()));
    }
    for source in sources {
        let text = input::text(source)?;
        // Whoever reads them once more finds snapshots.
        input::snapshots_in(&text, source)?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
            match document {
                Ok(Value::Array(many)) => all.extend(many),
                Ok(one) => all.push(one),
                Err(error) => return Err(Failure::Refused(format!("{source}: {error}"))),
            }
        }
    }
    Ok(all)
}
