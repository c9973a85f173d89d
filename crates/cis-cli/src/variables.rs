//! Options that environment variables give: `TRAILPROOF_KIND` in place of `--kind`.

use std::ffi::OsStr;

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::parser::ValueSource;
use clap::{ArgMatches, Command};

/// The options that ask about a whole account, which a variable may give for every run.
const QUESTION: &str = "QuestionArgs";

/// The options that bring their own question, or need none.
const EXCLUDING: [&str; 3] = ["event", "record", "event_name"];

/// No variable can have this name. An option that has a variable cannot be rid of it.
const NEVER_SET: &str = "TRAILPROOF=";

/// The command without variables that are empty: a pipeline sets those that it has no value for.
pub(crate) fn without_empty(command: Command) -> Command {
    let is_empty = |name: &OsStr| std::env::var_os(name).is_some_and(|value| value.is_empty());
    command
        .mut_args(|arg| match arg.get_env() {
            Some(name) if is_empty(name) => arg.env(NEVER_SET).hide_env(true),
            _ => arg,
        })
        .mut_subcommands(without_empty)
}

/// An option of the question beside one that excludes it, where both stand on the command line. A
/// variable is for every run, and is no contradiction.
pub(crate) fn excluded(command: &mut Command, matches: &ArgMatches) -> Option<clap::Error> {
    let (name, matches) = matches.subcommand()?;
    let is_there = |id: &str| {
        let known = matches.try_contains_id(id).unwrap_or_default();
        known && matches.value_source(id) == Some(ValueSource::CommandLine)
    };
    command.build();
    let command = command.find_subcommand_mut(name)?;
    let of = |id: &str| command.get_arguments().find(|arg| arg.get_id() == id);
    let excluding = EXCLUDING.into_iter().filter(|id| is_there(id)).find_map(of)?.to_string();
    let group = command.get_groups().find(|group| group.get_id() == QUESTION)?;
    let asking = group.get_args().find(|id| is_there(id.as_str()))?;
    let asking = of(asking.as_str())?.to_string();
    let mut error = clap::Error::new(ErrorKind::ArgumentConflict).with_cmd(command);
    error.insert(ContextKind::InvalidArg, ContextValue::String(excluding));
    error.insert(ContextKind::PriorArg, ContextValue::String(asking));
    Some(error)
}

/// The error, with the variable's name where the value that is refused is a variable's.
pub(crate) fn with_variable(mut error: clap::Error) -> clap::Error {
    if !matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation) {
        return error;
    }
    let Some(ContextValue::String(option)) = error.get(ContextKind::InvalidArg) else {
        return error;
    };
    let option = option.split(' ').next().unwrap_or_default().to_string();
    let variable = variable(&option);
    let is_given = std::env::args_os().any(|argument| {
        let argument = argument.to_string_lossy();
        argument == *option || argument.starts_with(&format!("{option}="))
    });
    if !is_given && std::env::var_os(&variable).is_some() {
        let tip = StyledStr::from(format!("the value is that of the variable `{variable}`"));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(vec![tip]));
    }
    error
}

/// The variable of an option.
fn variable(option: &str) -> String {
    let name = option.trim_start_matches('-').replace('-', "_").to_uppercase();
    format!("TRAILPROOF_{name}")
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    /// Errors find a variable by its option's name.
    #[test]
    fn every_variable_is_named_for_its_option() {
        fn check(command: &Command) {
            for arg in command.get_arguments() {
                let (Some(long), Some(env)) = (arg.get_long(), arg.get_env()) else { continue };
                assert_eq!(variable(&format!("--{long}")), env.to_string_lossy(), "{arg}");
            }
            command.get_subcommands().for_each(check);
        }
        check(&crate::Cli::command());
    }
}
