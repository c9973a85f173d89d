//! Terraform source: a folder with `*.tf`, read as the plan that Terraform would make of it.
//!
//! What only a plan tells is open: data sources, variables without a value, attributes that are
//! known after apply, functions that are not pure. The result is a plan's document with less
//! knowledge, so a trail is read by the same code as one of a plan.
//!
//! Source: <https://developer.hashicorp.com/terraform/language>

mod blocks;
mod body;
mod document;
mod evaluator;
mod expression;
mod fault;
mod functions;
mod given;
mod limits;
mod load;
mod types;
mod unify;
mod value;

use cis_rules::report::Unknown;
use cis_rules::snapshot::{ObservedTrail, Snapshot};
use serde::Deserialize;

use self::document::Document;
use self::evaluator::Evaluator;
use self::fault::Fault;
use self::load::{Loader, Program};
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

/// Where a trail stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its address: `module.a.aws_cloudtrail.b[0]`.
    pub address: String,
    /// File and line: `modules/a/main.tf:3`.
    pub place: String,
}

/// Accounts that a source plans.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sourced {
    /// Each account.
    pub accounts: Vec<Snapshot>,
    /// Where trails, and what brings trails, stand.
    pub places: Vec<Place>,
}

/// Reads a source.
pub(crate) fn read(
    files: &dyn Files,
    root: &str,
    options: &SourceOptions,
    setting: &Setting,
) -> Result<Sourced, PlanError> {
    let document = planned(files, root, options, setting)?;
    let accounts = crate::terraform::read(&document.json().to_string(), setting)?;
    let doubts = document.doubts.iter().map(|(label, why)| {
        ObservedTrail::deserialize(doubtful(label, &[Unknown::clone(why)]))
            .map_err(|error| PlanError::shape(label, error.to_string()))
    });
    let doubts = doubts.collect::<Result<Vec<_>, _>>()?;
    let with_doubts = |account| crate::together::beside(account, doubts.clone());
    let accounts = accounts.into_iter().map(with_doubts).collect::<Result<_, _>>()?;
    Ok(Sourced { accounts, places: document.places })
}

/// The document of what Terraform would plan.
fn planned(
    files: &dyn Files,
    root: &str,
    options: &SourceOptions,
    setting: &Setting,
) -> Result<Document, PlanError> {
    let root = normal(root);
    let mut loader = Loader::new(files, &root);
    let program: Program = loader.load()?;
    let mut evaluator = Evaluator::new(&program, loader, &root, setting);
    evaluator.given = given::read(&evaluator, &options.values)?;
    let mut document = Document::default();
    document.add(&evaluator, 0).map_err(Fault::into_error)?;
    Ok(document)
}

#[cfg(test)]
mod tests;
