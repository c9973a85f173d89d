//! A release as `cargo xtask release` has made it: its files, its programs, and the walk from its
//! folder to a deployed rule, with nothing of Rust in reach. `cargo xtask release --test` runs this.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::event::scheduled;
use e2e::process::aws_environment;
use e2e::trails::all_s3;
use e2e::walk::{ACCOUNT, REGION, Walk};
use serde_json::{Value, json};
use xtask::package::Arch;
use xtask::{qemu, release};
use zip::ZipArchive;

/// The folder that was made, and its version.
fn made() -> Result<(PathBuf, String)> {
    let root = xtask::root();
    let page = root.join("target/release-page");
    if page.join("SHA256SUMS").exists() {
        return Ok((page, release::version(&root)?));
    }
    Err(format!("there is no `{}`: run `cargo xtask release --test`", page.display()).into())
}

/// Unpacks a zip with the permissions that its files have; the folder.
fn unpacked(zip: &Path, folder: &Path) -> Result<PathBuf> {
    let file = File::open(zip).map_err(|error| format!("{}: {error}", zip.display()))?;
    ZipArchive::new(file)?.extract(folder)?;
    Ok(folder.to_owned())
}

/// The words that start a program of this architecture here; none where it cannot be run.
fn words(arch: Arch, program: PathBuf) -> Option<Vec<OsString>> {
    match qemu::words(&xtask::root(), arch) {
        Ok(mut words) => {
            words.push(program.into());
            Some(words)
        }
        Err(why) => {
            eprintln!("SKIPPED: the programs for {}: {why}", arch.name());
            None
        }
    }
}

fn command(words: &[OsString], url: &str) -> Result<Command> {
    let (program, arguments) = words.split_first().ok_or("no word")?;
    let mut command = Command::new(program);
    aws_environment(&mut command, url, REGION);
    command.args(arguments);
    Ok(command)
}

/// What the command says of the account, and with which code it ends.
fn audit(words: &[OsString], url: &str) -> Result<(Option<i32>, Value)> {
    let ran = command(words, url)?.args(["audit", "--format", "json"]).output()?;
    let report: Value = serde_json::from_slice(&ran.stdout)
        .map_err(|error| format!("{error}: {}", String::from_utf8_lossy(&ran.stderr)))?;
    Ok((ran.status.code(), report["results"][0]["verdict"].clone()))
}

/// What the function puts for the account.
fn compliance(words: &[OsString], url: &str) -> Result<Value> {
    let (program, arguments) = words.split_first().ok_or("no word")?;
    let mut command = Command::new(program);
    command.args(arguments);
    let mut function = Bootstrap::start_as(command, url, REGION, &[])?;
    let mut event = scheduled(ACCOUNT, REGION, "aws", &json!({}));
    event["resultToken"] = json!("TESTMODE");
    let answer = function.invoke_to_answer(&event)?;
    Ok(answer["Evaluations"][0]["ComplianceType"].clone())
}

#[test]
#[ignore = "looks at a release that was made: `cargo xtask release --test`"]
fn its_files_are_all_there_and_say_what_they_are() -> Result {
    let (page, version) = made()?;
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(&page)? {
        files.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    let mut expected: BTreeSet<String> =
        ["LICENSE", "NOTES.md", "SHA256SUMS"].map(Into::into).into();
    expected.insert("THIRD-PARTY-LICENSES.txt".to_owned());
    expected.insert(format!("trailproof-{version}.cdx.json"));
    expected.insert(format!("trailproof-{version}-infra.zip"));
    for (arch, _) in Arch::ALL {
        expected.insert(format!("bootstrap-{arch}.zip"));
        expected.insert(format!("trailproof-{version}-linux-{arch}.zip"));
    }
    for entry in fs::read_dir(xtask::root().join("infra/templates"))? {
        expected.insert(entry?.file_name().to_string_lossy().into_owned());
    }
    assert_eq!(files, expected);

    let mut check = Command::new("sha256sum");
    let check = check.current_dir(&page).args(["--check", "--quiet", "--strict", "SHA256SUMS"]);
    assert!(check.status()?.success());
    for (arch, _) in Arch::ALL {
        let size = fs::metadata(page.join(format!("bootstrap-{arch}.zip")))?.len();
        println!("bootstrap-{arch}.zip: {size} bytes");
        assert!(size <= 3_000_000, "bootstrap-{arch}.zip has {size} bytes");
    }
    let sbom: Value =
        serde_json::from_slice(&fs::read(page.join(format!("trailproof-{version}.cdx.json")))?)?;
    assert_eq!(
        (&sbom["bomFormat"], &sbom["specVersion"], &sbom["metadata"]["component"]["version"]),
        (&json!("CycloneDX"), &json!("1.6"), &json!(version))
    );
    let components = sbom["components"].as_array().ok_or("no components")?;
    let names: BTreeSet<&str> = components.iter().filter_map(|it| it["name"].as_str()).collect();
    let third = fs::read_to_string(page.join("THIRD-PARTY-LICENSES.txt"))?;
    for name in ["aws-sdk-cloudtrail", "lambda_runtime", "ring", "clap", "rustls"] {
        assert!(names.contains(name), "{name} is not in the list of components");
        assert!(third.contains(&format!("* {name} ")), "{name} has no license");
    }
    for name in ["proptest", "criterion", "cfn-guard"] {
        assert!(!names.contains(name), "{name} is of the tests only");
    }
    Ok(())
}

#[test]
#[ignore = "follows a release that was made: `cargo xtask release --test`"]
fn from_its_folder_to_a_deployed_rule() -> Result {
    let (made, version) = made()?;
    let mut walk = Walk::start("release-page")?;
    let page = walk.directory().join("page");
    fs::create_dir_all(&page)?;
    for entry in fs::read_dir(&made)? {
        let entry = entry?;
        fs::copy(entry.path(), page.join(entry.file_name()))?;
    }
    walk.follow_without_rust(("From a release", 0), &page)?;
    if std::env::consts::ARCH == "x86_64" {
        let said = walk.follow_without_rust(("From a release", 1), &page)?;
        assert!(said.contains("NON_COMPLIANT"), "what the command says: {said}");
        assert!(said.contains("cis-3-9-s3-object-level-read-logging"), "{said}");
    }
    let stack = walk.resources("s3-object-level-logging")?;
    let function = json!({"FunctionName": stack["Function"]});
    let has = walk.call("lambda", "get_function", function)?;
    let location = has["Code"]["Location"].as_str().unwrap_or_default();
    assert!(location.contains(&format!("trailproof/{version}/bootstrap-arm64.zip")), "{location}");
    let size = fs::metadata(page.join("bootstrap-arm64.zip"))?.len();
    assert_eq!(has["Configuration"]["CodeSize"].as_u64(), Some(size));
    for rule in ["WriteRule", "ReadRule"] {
        walk.request("PutConfigRule", rule)?;
    }

    let url = walk.moto.url();
    let mut programs = Vec::new();
    for (name, arch) in Arch::ALL {
        let of_arch = page.join(name);
        let command = page.join(format!("trailproof-{version}-linux-{name}.zip"));
        let command = unpacked(&command, &of_arch.join("command"))?;
        for file in ["LICENSE", "THIRD-PARTY-LICENSES.txt"] {
            assert!(command.join(file).exists(), "{name}: {file}");
        }
        let function = page.join(format!("bootstrap-{name}.zip"));
        let function = unpacked(&function, &of_arch.join("function"))?;
        let words =
            words(arch, command.join("trailproof")).zip(words(arch, function.join("bootstrap")));
        programs.extend(words);
    }
    assert!(!programs.is_empty(), "no program can be run here");
    for (trailproof, _) in &programs {
        let said = String::from_utf8(command(trailproof, &url)?.arg("--version").output()?.stdout)?;
        // The commit comes after it.
        let mut words = said.split_whitespace();
        assert_eq!((words.next(), words.next()), (Some("trailproof"), Some(version.as_str())));
    }
    for (trailproof, bootstrap) in &programs {
        assert_eq!(audit(trailproof, &url)?, (Some(1), json!("NON_COMPLIANT")));
        assert_eq!(compliance(bootstrap, &url)?, "NON_COMPLIANT");
    }
    walk.call("s3", "create_bucket", json!({"Bucket": "trail-logs"}))?;
    let trail = json!({"Name": "all", "S3BucketName": "trail-logs", "IsMultiRegionTrail": true});
    walk.call("cloudtrail", "create_trail", trail)?;
    let selectors = json!({"TrailName": "all", "AdvancedEventSelectors": all_s3()});
    walk.call("cloudtrail", "put_event_selectors", selectors)?;
    walk.call("cloudtrail", "start_logging", json!({"Name": "all"}))?;
    for (trailproof, bootstrap) in &programs {
        assert_eq!(audit(trailproof, &url)?, (Some(0), json!("COMPLIANT")));
        assert_eq!(compliance(bootstrap, &url)?, "COMPLIANT");
    }
    Ok(())
}
