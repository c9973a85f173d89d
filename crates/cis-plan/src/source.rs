//! Terraform source: a folder with `*.tf`, read as the plan that Terraform would make of it.
//!
//! What only a plan tells is open: data sources, variables without a value, attributes that are
//! known after apply, functions that are not pure. The result is a plan's document with less
//! knowledge, so a trail is read by the same code as one of a plan.
//!
//! Source: <https://developer.hashicorp.com/terraform/language>

mod addresses;
mod attributes;
mod blocks;
mod body;
mod configured;
mod cycles;
mod document;
mod doubts;
mod evaluator;
mod expression;
mod fault;
mod functions;
mod given;
mod hcl_syntax;
mod json_syntax;
mod json_tree;
mod kinds;
mod limits;
mod load;
mod module;
mod operators;
mod parts;
mod pieces;
mod program;
mod providers;
mod references;
mod repeated;
mod templates;
mod types;
mod unify;
mod value;
mod variables;

use cis_rules::open_values::OpenValues;
use cis_rules::report::Unknown;
use cis_rules::snapshot::{ObservedTrail, Snapshot};
use serde::Deserialize;
use serde_json::json;

use self::document::Document;
use self::doubts::Doubt;
use self::evaluator::Evaluator;
use self::fault::Fault;
use self::load::{Loader, Program};
use self::program::Cli;
use crate::Setting;
use crate::error::PlanError;
use crate::files::{Files, normal};
use crate::trail::doubtful;

/// What a source is read with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceOptions {
    /// Values of variables, the later in place of the earlier.
    pub values: Vec<SourceValue>,
}

/// Values of variables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SourceValue {
    /// `--var NAME=VALUE`.
    Variable(String, String),
    /// `--var-file PATH`.
    File(String),
}

/// What a source is read from, and with.
#[derive(Clone, Copy)]
struct Source<'a> {
    files: &'a dyn Files,
    root: &'a str,
    options: &'a SourceOptions,
    setting: &'a Setting,
}

/// Reads a source. Where files that only OpenTofu reads make a difference, nothing is known of the
/// trails.
pub(crate) fn read(
    files: &dyn Files,
    root: &str,
    options: &SourceOptions,
    setting: &Setting,
) -> Result<Vec<Snapshot>, PlanError> {
    let source = Source { files, root, options, setting };
    let mut has_tofu = false;
    let by_terraform = source.read_by(Cli::Terraform, &mut has_tofu);
    if !has_tofu {
        return by_terraform;
    }
    let by_tofu = source.read_by(Cli::OpenTofu, &mut has_tofu);
    match (by_terraform, by_tofu) {
        (Ok(one), Ok(other)) if one == other => Ok(one),
        (Ok(one), Ok(_)) => one.into_iter().map(doubted).collect(),
        // Only one of them can run it.
        (only @ Ok(_), Err(_)) | (Err(_), only) => only,
    }
}

/// An account of whose trails nothing is known.
fn doubted(account: Snapshot) -> Result<Snapshot, PlanError> {
    let label = "the trails of the source";
    let why = crate::value::unknown(
        "files of OpenTofu (`*.tofu`) change the source, and which program runs it is not known",
        "audit a plan",
    );
    let trail = ObservedTrail::deserialize(doubtful(label, &[why]))
        .map_err(|error| PlanError::shape(label, error.to_string()))?;
    Ok(Snapshot { trails: Some(vec![trail]), open_values: OpenValues::default(), ..account })
}

impl Source<'_> {
    fn read_by(self, program: Cli, has_tofu: &mut bool) -> Result<Vec<Snapshot>, PlanError> {
        let Self { setting, .. } = self;
        let document = self.planned(program, has_tofu)?;
        let accounts =
            crate::terraform::read_placed(&document.json().to_string(), setting, &document.places)?;
        let doubts = document.doubts.iter().map(|Doubt { label, why, place }| {
            let mut trail = doubtful(label, &[Unknown::clone(why)]);
            trail["place"] = json!(place);
            ObservedTrail::deserialize(trail)
                .map_err(|error| PlanError::shape(label, error.to_string()))
        });
        let doubts = doubts.collect::<Result<Vec<_>, _>>()?;
        let with_doubts = |account| crate::together::beside(account, doubts.clone());
        accounts.into_iter().map(with_doubts).collect()
    }

    /// The document of what would be planned.
    fn planned(self, program: Cli, has_tofu: &mut bool) -> Result<Document, PlanError> {
        let Self { files, root, options, setting } = self;
        let root = normal(root);
        let mut loader = Loader::new(files, &root, program);
        let program = loader.load();
        *has_tofu |= loader.has_tofu;
        let program: Program = program?;
        let mut evaluator = Evaluator::new(&program, loader, &root, setting);
        evaluator.given = given::read(&evaluator, &options.values)?;
        let names = evaluator.loader.borrow().names(&root)?;
        evaluator.is_of_terragrunt =
            names.iter().any(|name| name == "terragrunt.hcl" || name == "terragrunt.hcl.json");
        let mut document = Document::default();
        document.add(&evaluator, 0).map_err(Fault::into_error)?;
        Ok(document)
    }
}

#[cfg(test)]
mod tests;
