//! `synth` writes the templates; `synth --check` says whether they are written.

use std::process::ExitCode;
use std::{env, io};

use infra::synth::{
    check, check_deployer, check_modules, deployer_directory, directory, modules_directory, write,
    write_deployer, write_modules,
};

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => write(&directory())
            .and_then(|()| write_modules(&modules_directory()))
            .and_then(|()| write_deployer(&deployer_directory()))
            .map(|()| Vec::new()),
        ["--check"] => check(&directory()).and_then(|mut differences| {
            differences.extend(check_modules(&modules_directory())?);
            differences.extend(check_deployer(&deployer_directory())?);
            Ok(differences)
        }),
        _ => {
            eprintln!("usage: cargo xtask synth [--check]");
            return ExitCode::from(2);
        }
    };
    report(done)
}

fn report(done: io::Result<Vec<String>>) -> ExitCode {
    match done {
        Ok(differences) if differences.is_empty() => ExitCode::SUCCESS,
        Ok(differences) => {
            eprintln!("error: {}", differences.join("\n       "));
            eprintln!("       to write them: cargo xtask synth");
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!("error: {}: {error}", directory().display());
            ExitCode::from(2)
        }
    }
}
