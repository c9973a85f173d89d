//! The Terraform modules are the same deployments as the templates.

use hcl_edit::structure::Body;
use infra::synth::{check_modules, modules_directory};
use infra::terraform::MODULES;
use serde_json::Map;
pub(crate) mod applied;
mod policies;
mod resources;
mod same;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use crate::read::committed;

/// A module's files, by name, as text and as they are read.
fn files(module: &str) -> BTreeMap<String, (String, Body)> {
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(modules_directory().join(module)).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "tf") {
            let text = fs::read_to_string(&path).unwrap();
            let body = hcl_edit::parser::parse_body(&text)
                .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.insert(name, (text, body));
        }
    }
    files
}

fn all_text(module: &str) -> String {
    files(module).into_values().map(|(text, _)| text).collect()
}

#[test]
fn the_committed_policies_and_variables_are_as_made() {
    let differences = check_modules(&modules_directory()).unwrap();
    assert!(differences.is_empty(), "run `cargo xtask synth`: {differences:#?}");
}

/// What several modules have is the same in all of them.
#[test]
fn files_that_modules_share_are_the_same() {
    for (name, modules) in [
        ("place.tf", &["account", "organization", "member-role"][..]),
        ("notice.tf", &["account", "organization", "member-role"]),
        ("non_compliant.tf", &["account", "member-role"]),
        ("function.tf", &["account", "organization"]),
        ("function_role.tf", &["account", "organization"]),
        ("failures.tf", &["account", "organization"]),
        ("alarms.tf", &["account", "organization"]),
        ("versions.tf", &["account", "organization"]),
    ] {
        let texts = modules.iter().map(|module| files(module)[name].0.clone());
        let texts: BTreeSet<String> = texts.collect();
        assert_eq!(texts.len(), 1, "{name} of {modules:?}");
    }
}

#[test]
fn every_variable_is_used_and_every_used_one_is_there() {
    let templates = committed();
    for module in MODULES {
        let files = files(module.folder);
        let mut declared = BTreeSet::new();
        for (_, body) in files.values() {
            declared.extend(body.get_blocks("variable").map(|it| it.labels[0].as_str().to_owned()));
        }
        let text: String = files
            .iter()
            .filter(|(name, _)| *name != "variables.tf")
            .map(|(_, (text, _))| text.as_str())
            .collect();
        let used: BTreeSet<String> = text
            .split("var.")
            .skip(1)
            .map(|rest| {
                rest.chars().take_while(|it| it.is_ascii_lowercase() || *it == '_').collect()
            })
            .collect();
        assert_eq!(declared, used, "{}", module.folder);
        let mut parameters = Map::new();
        for template in module.templates {
            for (name, input) in templates[*template]["Parameters"].as_object().unwrap() {
                let before = parameters.insert(name.clone(), input.clone());
                assert!(before.is_none_or(|it| it == *input), "{name} differs in {template}");
            }
        }
        parameters.retain(|name, _| !module.made.contains(&name.as_str()));
        assert_eq!(declared.len(), parameters.len(), "{}", module.folder);
        let text = &files["variables.tf"].0;
        for input in parameters.values() {
            for choice in input["AllowedValues"].as_array().into_iter().flatten() {
                assert!(text.contains(&choice.to_string()), "no variable may be {choice}");
            }
        }
    }
}

/// What the page shows takes variables that there are, and all that have no default.
#[test]
fn the_pages_examples_give_the_modules_what_they_take() {
    let page = include_str!("../../README.md");
    let mut seen = BTreeSet::new();
    for block in page.split("```hcl\n").skip(1) {
        let body = hcl_edit::parser::parse_body(block.split("```").next().unwrap()).unwrap();
        for example in body.get_blocks("module") {
            let given: BTreeSet<&str> = example
                .body
                .attributes()
                .map(|it| it.key.as_str())
                .filter(|it| *it != "source")
                .collect();
            let source = &example.body.get_attribute("source").unwrap().value;
            let module = source.as_str().unwrap().strip_prefix("./infra/terraform/").unwrap();
            let (_, variables) = &files(module)["variables.tf"];
            let declared: BTreeSet<&str> =
                variables.get_blocks("variable").map(|it| it.labels[0].as_str()).collect();
            assert!(given.is_subset(&declared), "{module}: {given:?}");
            for variable in variables.get_blocks("variable") {
                let name = variable.labels[0].as_str();
                let is_given = variable.body.has_attribute("default") || given.contains(name);
                assert!(is_given, "the example of {module} gives no {name}");
            }
            seen.insert(module.to_owned());
        }
    }
    assert_eq!(seen, MODULES.map(|it| it.folder.to_owned()).into());
}
