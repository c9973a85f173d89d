//! `cargo xtask <command>`.

use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};

use xtask::python;
use xtask::root;
use xtask::step::{Failure, run, step};

const USAGE: &str = "\
usage: cargo xtask <command>

commands:
  test    everything that must pass: format, lints, all tests, documentation
  venv    only make the Python environment of the end-to-end tests";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["test"] => test(&root()),
        ["venv"] => python::environment(&root()).map(|python| println!("{}", python.display())),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("error: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// What must pass before a change lands, cheapest first.
fn test(root: &Path) -> Result<(), Failure> {
    let cargo = |arguments: &[&str]| {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(root).args(arguments);
        command
    };
    step("format", || run(&mut cargo(&["fmt", "--all", "--check"])))?;
    step("python environment", || python::environment(root).map(|_| ()))?;
    step("lints", || {
        run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    })?;
    // With the tests, so that both are built with the same features and nothing is built twice.
    step("build", || run(&mut cargo(&["build", "--workspace", "--bins", "--tests"])))?;
    step("tests", || {
        run(cargo(&["test", "--workspace", "--no-fail-fast"]).env("TRAILPROOF_BINARIES_BUILT", "1"))
    })?;
    step("documentation", || {
        run(cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    eprintln!("==> all passed");
    Ok(())
}
