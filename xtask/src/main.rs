//! `cargo xtask <command>`.

use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};

use xtask::package::{self, Arch, Tools};
use xtask::step::{Failure, run, step};
use xtask::{
    bare, bench, cold_start, deny, disk, fuzz, mutants, packaged, pages, python, release, root,
};

const USAGE: &str = "\
usage: cargo xtask <command>

commands:
  test    everything that must pass: format, lints, all tests, documentation
  venv    only make the Python environment of the end-to-end tests
  pages   only get what looks at the HTML pages: packages of npm and, as root on Debian, Chromium
  synth [--check]
          write the CloudFormation templates anew, or say whether they are as the code makes them
  package --arch arm64|x86_64 [--test]
          make the function's bootstrap.zip, as Lambda takes it, and invoke it once; fetches zig from
          PyPI, and to invoke it on another machine qemu from Debian
  release [--test]
          make everything that a release's page holds, into target/release-page, and walk from there
          to a deployed rule
  deny [--advisories]
          look at dependencies by deny.toml with cargo-deny; needs cargo-deny, and a network for
          advisories
  bare    build the core for a target that has no operating system
  oracle-ratio
          measure how much faster the engine is than the solver that it is tested against
  bench [--bless]
          run the benchmarks and compare their ratios with the committed ones, or commit to these
  audit-ratio
          compare an audit of ten thousand accounts with reading their JSON alone
  logs-ratio [SHARE]
          make two corpora of logs, 2 GB each or a share of that, and compare the scan with
          decompression, orjson, chdb, DuckDB and jq (Debian: jq)
  slowest SECONDS SEED
          search for the slowest account that AWS allows, into target/slowest.json
  cold-start
          build the function as it is deployed, and measure it beside a Python function
  fuzz [--seconds N]
          run every fuzz target for N seconds (60); needs cargo-fuzz and a nightly toolchain
  mutants [OPTIONS OF CARGO-MUTANTS]
          change the core bit by bit and see the tests fail; needs cargo-mutants, takes hours";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["test"] => test(&root()),
        ["synth"] => synth(&root(), &[]),
        ["synth", "--check"] => synth(&root(), &["--check"]),
        ["package", "--arch", arch] if Arch::named(arch).is_some() => {
            package(&root(), Arch::named(arch).unwrap_or(Arch::Arm64))
        }
        ["package", "--arch", arch, "--test"] if Arch::named(arch).is_some() => {
            let arch = Arch::named(arch).unwrap_or(Arch::Arm64);
            package(&root(), arch).and_then(|()| packaged::test(&root(), arch))
        }
        ["release"] => release::release(&root()).map(|folder| println!("{}", folder.display())),
        ["release", "--test"] => release::release(&root()).and_then(|_| release::test(&root())),
        ["deny"] => deny::cargo_deny(&root(), false),
        ["deny", "--advisories"] => deny::cargo_deny(&root(), true),
        ["bare"] => bare::bare(&root()),
        ["cold-start"] => cold_start::cold_start(&root()),
        ["oracle-ratio"] => oracle_ratio(&root()),
        ["bench"] => bench::bench(&root(), false),
        ["bench", "--bless"] => bench::bench(&root(), true),
        ["logs-ratio"] => bench::logs_ratio(&root(), "1"),
        ["logs-ratio", share] if share.parse::<f64>().is_ok() => bench::logs_ratio(&root(), share),
        ["audit-ratio"] => bench::audit_ratio(&root()),
        ["slowest", seconds, seed] => bench::slowest(&root(), seconds, seed),
        ["fuzz"] => fuzz::fuzz(&root(), fuzz::SECONDS),
        ["fuzz", "--seconds", seconds] if seconds.parse::<u32>().is_ok() => {
            fuzz::fuzz(&root(), seconds.parse().unwrap_or(fuzz::SECONDS))
        }
        ["mutants", ..] => mutants::mutants(&root(), arguments.get(1..).unwrap_or_default()),
        ["pages"] => pages::set_up(&root()),
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
            if let Some(hint) = disk::hint(&root()) {
                eprintln!("hint: {hint}");
            }
            ExitCode::FAILURE
        }
    }
}

/// What must pass before a change lands, cheapest first.
fn test(root: &Path) -> Result<(), Failure> {
    let cargo = |arguments: &[&str]| cargo(root, arguments);
    step("format", || run(&mut cargo(&["fmt", "--all", "--check"])))?;
    step("licenses and sources of dependencies", || deny::check(root))?;
    step("python environment", || python::environment(root).map(|_| ()))?;
    if let Err(why) = step("browser for the pages", || pages::set_up(root)) {
        eprintln!("SKIPPED: the HTML pages are not looked at: {why}");
    }
    step("lints", || {
        run(&mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
    })?;
    // With the tests, so that both are built with the same features and nothing is built twice.
    step("build", || run(&mut cargo(&["build", "--workspace", "--bins", "--tests"])))?;
    // Before the tests, for they deploy what is there.
    step("package", || packaged::make(root, Arch::Arm64))?;
    step("tests", || {
        run(cargo(&["test", "--workspace", "--no-fail-fast"]).env("TRAILPROOF_BINARIES_BUILT", "1"))
    })?;
    step("packaged function", || packaged::test(root, Arch::Arm64))?;
    step("documentation", || {
        run(cargo(&["doc", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    step("bare target", || bare::bare(root))?;
    eprintln!("==> all passed");
    Ok(())
}

/// The function's zip, with what it takes to make it.
fn package(root: &Path, arch: Arch) -> Result<(), Failure> {
    let zip = package::package(root, &Tools::fetch(root, arch)?)?;
    println!("{}", zip.display());
    Ok(())
}

/// The templates of `infra`. That they are as the code makes them is one of its tests.
fn synth(root: &Path, arguments: &[&str]) -> Result<(), Failure> {
    let synth = ["run", "--quiet", "--package", "infra", "--bin", "synth", "--"];
    run(cargo(root, &synth).args(arguments))
}

/// The engine's time against the solver's, both on the same questions.
fn oracle_ratio(root: &Path) -> Result<(), Failure> {
    let test = ["test", "--release", "--package", "e2e", "--test", "oracle"];
    run(cargo(root, &test).args(["--", "--ignored", "--exact", "ratio", "--nocapture"]))
}

fn cargo(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root).args(arguments);
    command
}
