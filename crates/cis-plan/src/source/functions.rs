//! Functions whose answer follows from what they are given.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/functions>

mod collections;
mod combining;
mod encoding;
mod files;
mod format;
mod hashes;
mod maps;
mod numbers;
mod patterns;
mod sets;
mod texts;
mod yaml;

use hcl_edit::expr::FuncCall;

use super::evaluator::{Evaluator, Scope};
use super::fault::{Answer, Fault, or_open};
use super::hcl_syntax::INDENTED;
use super::types::{Type, text};
use super::value::Val;

impl Evaluator<'_> {
    /// A function's value.
    pub(super) fn call(&self, call: &FuncCall, scope: &Scope<'_>) -> Answer<Val> {
        let name = call.name.name.as_str();
        let namespace = call.name.namespace.iter().map(|name| name.as_str()).collect::<Vec<_>>();
        if !namespace.is_empty() && namespace != ["core"] {
            return Ok(unknown_function(&format!("{}::{name}", namespace.join("::"))));
        }
        if name == INDENTED {
            return Ok(Val::open(
                "an indented heredoc (`<<-`) with directives or `~` is not evaluated here",
                "write it as `<<EOT`, or audit a plan",
            ));
        }
        if let "try" | "can" = name {
            for argument in call.args.iter() {
                match (self.value(argument, scope), name) {
                    (Err(Fault::Wrong(_)), "can") => return Ok(Val::Bool(false)),
                    (Err(Fault::Wrong(_)), _) => {}
                    (Ok(Val::Open(why)), _) => return Ok(Val::Open(why)),
                    (Ok(_), "can") => return Ok(Val::Bool(true)),
                    (value, _) => return value,
                }
            }
            return Fault::wrong("no argument of `try` has a value");
        }
        let mut arguments = Vec::new();
        let last = call.args.len().saturating_sub(1);
        for (position, argument) in call.args.iter().enumerate() {
            let value = self.value(argument, scope)?;
            if call.args.expand_final() && position == last {
                arguments.extend(self.pairs(&value)?.into_iter().map(|(_, item)| item));
            } else {
                arguments.push(value);
            }
        }
        self.budget.items(arguments.len())?;
        or_open(self.function(name, &arguments, scope)).map_err(|fault| match fault {
            Fault::Wrong(what) => Fault::Wrong(format!("`{name}`: {what}")),
            fault => fault,
        })
    }

    fn function(&self, name: &str, all: &[Val], scope: &Scope<'_>) -> Answer<Val> {
        for of_kind in [
            Self::text_function,
            Self::format_function,
            Self::pattern_function,
            Self::number_function,
            Self::collection_function,
            Self::combining_function,
            Self::map_function,
            Self::set_function,
            Self::hash_function,
            Self::yaml_function,
        ] {
            if let Some(value) = of_kind(self, name, all)? {
                return Ok(value);
            }
        }
        if let Some(value) = self.file_function(name, all, scope)? {
            return Ok(value);
        }
        match (name, all) {
            ("tostring", [value]) => Type::Text.convert(value.clone(), self),
            ("tonumber", [value]) => Type::Number.convert(value.clone(), self),
            ("tobool", [value]) => Type::Bool.convert(value.clone(), self),
            ("nonsensitive" | "sensitive", [value]) => Ok(value.clone()),
            ("jsonencode", [value]) => {
                let mut all = String::new();
                self.json(value, &mut all)?;
                Ok(Val::text(all))
            }
            ("jsondecode", [value]) => self.decoded(&text(value)?),
            (other, _) if KNOWN.contains(&other) => Fault::wrong("wrong number of arguments"),
            (other, _) => Ok(unknown_function(other)),
        }
    }
}

/// Functions of this module; the others name theirs where they are.
const KNOWN: [&str; 7] =
    ["tostring", "tonumber", "tobool", "nonsensitive", "sensitive", "jsonencode", "jsondecode"];

fn unknown_function(name: &str) -> Val {
    Val::open(
        format!("what the function `{name}` gives is not known here"),
        "write the value out, or audit a plan",
    )
}

fn no_file(path: &str) -> Val {
    Val::open(format!("the file `{path}` is not in the source"), "add the file, or audit a plan")
}

/// That something is not evaluated.
fn not_done(what: &str) -> Val {
    Val::open(format!("{what} is not evaluated here"), "write the value out, or audit a plan")
}
