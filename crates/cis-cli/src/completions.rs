//! `trailproof completions` and `trailproof man`: made from the options themselves.

use std::io::{self, Write as _};
use std::path::PathBuf;

use clap::Command;
use clap_complete::Shell;
use clap_mangen::Man;

use crate::outcome::Failure;
use crate::output::to_stdout;
use cis_findings::near::nearest;

/// Write a script that completes commands and options in a shell
///
/// For bash: trailproof completions bash > ~/.local/share/bash-completion/completions/trailproof
#[derive(Debug, clap::Args)]
pub(crate) struct CompletionsArgs {
    /// The shell. Example: trailproof completions zsh
    #[arg(value_enum)]
    shell: Shell,
}

/// Write a manual page, of the whole or of one command
///
/// To read one: trailproof man audit | man -l -
#[derive(Debug, clap::Args)]
pub(crate) struct ManArgs {
    /// The command whose page is written. Example: trailproof man audit
    command: Option<String>,

    /// Write the pages of all commands into this folder. Example: trailproof man --out man1
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    out: Option<PathBuf>,
}

/// Writes the script.
///
/// # Errors
/// Where it cannot be written.
pub(crate) fn completions(args: &CompletionsArgs, mut command: Command) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command, "trailproof", &mut script);
    to_stdout(|out| out.write_all(&script))
}

/// Writes the page, or all of them.
///
/// # Errors
/// Where there is no such command, or a page cannot be written.
pub(crate) fn man(args: &ManArgs, mut command: Command) -> Result<(), Failure> {
    command.build();
    if let Some(folder) = &args.out {
        let written = std::fs::create_dir_all(folder)
            .and_then(|()| clap_mangen::generate_to(command, folder));
        return written
            .map_err(|error| Failure::Output { target: format!("`{}`", folder.display()), error });
    }
    let page = match &args.command {
        None => command,
        Some(name) => page_of(&command, name)?,
    };
    to_stdout(|out| -> io::Result<()> { Man::new(page).render(out) })
}

fn page_of(command: &Command, name: &str) -> Result<Command, Failure> {
    if let Some(found) = command.find_subcommand(name) {
        let title = format!("trailproof-{name}");
        return Ok(found.clone().display_name(title));
    }
    let known = command.get_subcommands().map(Command::get_name);
    let meant =
        nearest(name, known).map_or_else(String::new, |meant| format!(": did you mean `{meant}`?"));
    Err(Failure::Refused(format!("there is no command `{name}`{meant}")))
}
