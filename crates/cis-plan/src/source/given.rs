//! Values that the root module's variables are given.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/values/variables>

use std::collections::BTreeMap;

use super::SourceValue;
use super::evaluator::{Evaluator, NOWHERE};
use super::fault::Fault;
use super::hcl_syntax;
use super::load::join;
use super::types::Type;
use super::value::Val;
use crate::error::PlanError;

/// Reads them in Terraform's order, the later in place of the earlier: `terraform.tfvars`,
/// `terraform.tfvars.json`, `*.auto.tfvars` and `*.auto.tfvars.json` by name, what is given.
pub(super) fn read(
    evaluator: &Evaluator<'_>,
    given: &[SourceValue],
) -> Result<BTreeMap<String, Val>, PlanError> {
    let mut all = BTreeMap::new();
    let names = evaluator.loader.borrow().names(&evaluator.root)?;
    let is_auto =
        |name: &&String| name.ends_with(".auto.tfvars") || name.ends_with(".auto.tfvars.json");
    let fixed = ["terraform.tfvars", "terraform.tfvars.json"].map(str::to_string);
    let fixed = fixed.iter().filter(|name| names.contains(name));
    for name in fixed.chain(names.iter().filter(is_auto)) {
        file(evaluator, &mut all, &join(&evaluator.root, name))?;
    }
    let Some(root) = evaluator.program.nodes.first() else { return Ok(all) };
    for one in given {
        match one {
            SourceValue::File(path) => {
                if !file(evaluator, &mut all, path)? {
                    return Err(PlanError::shape(path, "there is no such file of variables"));
                }
            }
            SourceValue::Variable(name, text) => {
                let Some(variable) = root.module.variables.get(name) else {
                    let what = format!("the source has no variable `{name}`");
                    return Err(PlanError::shape(format!("--var {name}"), what));
                };
                let of = variable.body.attributes.get("type");
                let of = of.map(|of| Type::of(&of.expression)).transpose();
                let of = of.map_err(|fault| fault.at(&variable.place).into_error())?;
                let value = if of.is_none_or(|of| of.is_scalar()) {
                    Val::text(text)
                } else {
                    let expression = hcl_edit::parser::parse_expr(text).map_err(|error| {
                        PlanError::shape(format!("--var {name}"), error.message())
                    })?;
                    evaluator
                        .value(&expression, &NOWHERE)
                        .map_err(|fault| fault.at(&format!("--var {name}")).into_error())?
                };
                all.insert(name.clone(), value);
            }
        }
    }
    Ok(all)
}

fn file(
    evaluator: &Evaluator<'_>,
    all: &mut BTreeMap<String, Val>,
    path: &str,
) -> Result<bool, PlanError> {
    let Some(text) = evaluator.loader.borrow_mut().text(path)? else { return Ok(false) };
    if path.ends_with(".json") {
        let root: serde_json::Value = serde_json::from_str(&text)
            .map_err(|error| PlanError::shape(path, format!("not JSON: {error}")))?;
        let serde_json::Value::Object(members) = root else {
            return Err(PlanError::shape(path, "expected an object"));
        };
        for (name, value) in members {
            let value =
                evaluator.of_json(&value).map_err(|fault: Fault| fault.at(path).into_error())?;
            all.insert(name, value);
        }
        return Ok(true);
    }
    let body = hcl_syntax::hcl(&text, path, &mut evaluator.loader.borrow_mut().mends)?;
    for (name, attribute) in body.attributes {
        let value = evaluator
            .attribute(&attribute, &NOWHERE)
            .map_err(|fault| fault.at(&attribute.place).into_error())?;
        all.insert(name, value);
    }
    Ok(true)
}
