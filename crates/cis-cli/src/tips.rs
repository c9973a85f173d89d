//! What somebody meant who wrote an option of another tool.

use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Options that other tools have, and what is written here instead.
const OTHERS: [(&str, &str); 12] = [
    ("--mode", "how trails combine is `--trails any`, `union` or `every`"),
    ("-f", "the format is `--format`, for example `--format json`"),
    ("--exclude", "a bucket that may stay unlogged is `--allow-unlogged BUCKET`"),
    ("--exclude-bucket", "a bucket that may stay unlogged is `--allow-unlogged BUCKET`"),
    ("--skip", "a bucket that may stay unlogged is `--allow-unlogged BUCKET`"),
    ("--ignore", "a bucket that may stay unlogged is `--allow-unlogged BUCKET`"),
    ("--no-color", "for text without colour: `--color never`, or the variable `NO_COLOR`"),
    ("--json", "the report as JSON is `--format json`"),
    ("--soft-fail", "an exit code of 0 whatever is found is `--fail-on never`"),
    ("--compact", "a line for each answer is `--summary`"),
    ("--directory", "a folder is given as it stands: `trailproof audit FOLDER`"),
    ("--file", "a file is given as it stands: `trailproof audit FILE`"),
];

/// The error, with a tip where the option is another tool's.
pub(crate) fn with_tip(mut error: clap::Error) -> clap::Error {
    if error.kind() != ErrorKind::UnknownArgument {
        return error;
    }
    let Some(ContextValue::String(given)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let given = given.split('=').next().unwrap_or_default();
    if let Some((_, tip)) = OTHERS.iter().find(|(other, _)| *other == given) {
        let tip = clap::builder::StyledStr::from(*tip);
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
        // clap's own guess is of letters, and this one of the meaning.
        error.remove(ContextKind::SuggestedArg);
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_of_another_tool_has_a_tip() {
        for (other, tip) in OTHERS {
            let command = clap::Command::new("trailproof");
            let error = command.try_get_matches_from(["trailproof", other]).unwrap_err();
            let text = with_tip(error).to_string();
            assert!(text.contains(tip), "{text}");
            assert_eq!(text.matches("tip:").count(), 1, "{text}");
        }
    }
}
