//! The templates under cfn-lint, those inside conformance packs as templates of their own.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::read::committed;

/// Regions of three partitions.
const REGIONS: [&str; 3] = ["us-east-1", "us-gov-west-1", "cn-north-1"];

/// What cfn-lint says of templates: file, rule and message.
fn lint(paths: &[PathBuf]) -> Vec<(String, String, String)> {
    let python = xtask::python::environment(&xtask::root()).unwrap();
    let done = Command::new(python.with_file_name("cfn-lint"))
        .args(["--format", "json", "--include-checks", "I"])
        .arg("--regions")
        .args(REGIONS)
        .arg("--")
        .args(paths)
        .output()
        .unwrap();
    let found: Value = serde_json::from_slice(&done.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&done.stderr)));
    let found = found.as_array().unwrap().iter().map(|it| {
        let path = Path::new(it["Filename"].as_str().unwrap());
        let line = &it["Location"]["Start"]["LineNumber"];
        let message = format!("line {line}: {}", it["Message"].as_str().unwrap());
        let file = path.file_name().unwrap().to_string_lossy().into_owned();
        (file, it["Rule"]["Id"].as_str().unwrap().to_owned(), message)
    });
    found.collect()
}

/// A template's text as a file.
fn file(name: &str, text: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::write(&path, text).unwrap();
    path
}

#[test]
fn cfn_lint_has_nothing_to_say() {
    let templates = committed();
    let names = templates.keys();
    let mut paths: Vec<PathBuf> = names.map(|it| infra::synth::directory().join(it)).collect();
    for (name, template) in &templates {
        if let Some(body) = template["Resources"]["Pack"]["Properties"]["TemplateBody"].as_str() {
            paths.push(file(&format!("inside-{name}"), body));
        }
    }
    assert_eq!(paths.len(), templates.len() + 2, "two packs");
    // One that is wrong shows that cfn-lint is at work.
    let text = fs::read_to_string(infra::synth::directory().join("rule.yaml")).unwrap();
    paths.push(file("wrong.yaml", &text.replace("Handler: bootstrap", "Handlr: bootstrap")));

    let (wrong, found): (Vec<_>, Vec<_>) =
        lint(&paths).into_iter().partition(|(file, ..)| file == "wrong.yaml");
    assert!(wrong.iter().any(|(_, rule, _)| rule == "E3002"), "{wrong:?}");
    assert_eq!(found, [] as [(String, String, String); 0]);
}
