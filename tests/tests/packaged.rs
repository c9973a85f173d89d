//! The function as Lambda gets it: unpacked from `bootstrap.zip` and invoked, under qemu where it is
//! for another architecture. `cargo xtask package --arch arm64 --test` makes it and runs this.

use std::env;
use std::ffi::OsString;
use std::process::Command;

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::moto::{Account, HOME, ONE_TRY};
use e2e::servers::MotoTwice;
use e2e::setup;
use e2e::trails::all_s3_but;
use xtask::package::{self, Arch};
use xtask::qemu;

/// The words that start the packaged function on this machine.
fn packaged() -> Result<Vec<OsString>> {
    let arch = env::var("TRAILPROOF_PACKAGED").unwrap_or_default();
    let arch = Arch::named(&arch).ok_or("run `cargo xtask package --arch arm64 --test`")?;
    let root = xtask::root();
    let mut words = qemu::words(&root, arch)?;
    words.push(package::unpacked(&root, arch)?.into());
    Ok(words)
}

/// AWS is behind TLS, as it is for Lambda: cryptography has code for each architecture.
#[test]
#[ignore = "needs a package: `cargo xtask package --arch arm64 --test`"]
fn it_reports_what_the_build_for_this_machine_reports() -> Result {
    let moto = MotoTwice::start()?;
    let mut account = Account::at(&moto.url())?;
    account.advanced("main", all_s3_but("arn:aws:s3:::payroll/"))?;

    let bundle = moto.bundle();
    let bundle = bundle.to_str().ok_or("a path that is no text")?;
    let variables = [&ONE_TRY[..], &[("SSL_CERT_FILE", bundle)]].concat();
    let mut answers = Vec::new();
    for words in [packaged()?, vec![setup::binary("bootstrap")?.into()]] {
        let (program, arguments) = words.split_first().ok_or("no word")?;
        let mut command = Command::new(program);
        command.args(arguments);
        let mut function = Bootstrap::start_as(command, &moto.tls_url(), HOME, &variables)?;
        answers.push(account.reports_in_test_mode(&mut function)?);
    }
    assert_eq!(answers.first(), answers.last(), "packaged, and built for this machine");
    Ok(())
}
