//! Functions whose answer follows from what they are given.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/functions>

mod collections;
mod encoding;
mod maps;
mod sets;
mod texts;

use std::rc::Rc;

use hcl_edit::expr::FuncCall;

use super::body::INDENTED;
use super::evaluator::{Evaluator, Names, Scope};
use super::fault::{Answer, Fault, or_open};
use super::load::join;
use super::types::{self, Type, text};
use super::value::{Number, Val, why};

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
        if let Some(value) = self.text_function(name, all)? {
            return Ok(value);
        }
        if let Some(value) = self.collection_function(name, all)? {
            return Ok(value);
        }
        if let Some(value) = self.map_function(name, all)? {
            return Ok(value);
        }
        if let Some(value) = self.set_function(name, all)? {
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
            ("abs", [value]) => match types::number(value)? {
                Number::Whole(whole) => Ok(whole.checked_abs().map_or_else(
                    || Val::open("a number is too large", "write it out"),
                    |whole| Val::Number(Number::Whole(whole)),
                )),
                Number::Fraction(number) => Ok(Val::Number(Number::Fraction(number.abs()))),
            },
            ("max" | "min", [_, ..]) => {
                let mut best = types::number(&all[0])?;
                for other in all {
                    let other = types::number(other)?;
                    let (Number::Whole(_), Number::Whole(_)) = (best, other) else {
                        return Ok(Val::open("fractions are not compared here", "write it out"));
                    };
                    if (name == "max") == (other > best) {
                        best = other;
                    }
                }
                Ok(Val::Number(best))
            }
            ("file", [path]) => match self.file(&text(path)?)? {
                Some(content) => {
                    self.budget.text(content.len())?;
                    Ok(Val::text(content))
                }
                None => Ok(no_file(&text(path)?)),
            },
            ("fileexists", [path]) => {
                let path = text(path)?;
                Ok(if self.file(&path)?.is_some() { Val::Bool(true) } else { no_file(&path) })
            }
            ("templatefile", [path, variables]) => {
                if scope.is_template {
                    return Fault::wrong("a template cannot read another template");
                }
                let path = text(path)?;
                match self.file(&path)? {
                    Some(content) => self.templated(&content, variables, &path),
                    None => Ok(no_file(&path)),
                }
            }
            ("basename", [path]) => {
                let path = text(path)?;
                let path = path.trim_end_matches('/');
                Ok(Val::text(path.rsplit('/').next().unwrap_or(path)))
            }
            (other, _) if KNOWN.contains(&other) => Fault::wrong("wrong number of arguments"),
            (other, _) => Ok(unknown_function(other)),
        }
    }

    /// A file of the source, as Terraform would find it from the root module's folder.
    fn file(&self, path: &str) -> Answer<Option<String>> {
        if path.starts_with('/') || path.starts_with('~') {
            return Err(Fault::Open(why(
                format!("`{path}` is outside of the source"),
                "audit a plan",
            )));
        }
        Ok(self.loader.borrow_mut().text(&join(&self.root, path))?)
    }

    fn templated(&self, content: &str, variables: &Val, path: &str) -> Answer<Val> {
        let template = hcl_edit::parser::parse_template(content).map_err(|error| {
            let place = format!("{path}:{}", error.location().line());
            Fault::Wrong(format!("{place} is no template: {}", error.message()))
        })?;
        let all = self.pairs(variables)?;
        let names: Vec<(Rc<str>, Val)> = all
            .into_iter()
            .map(|(name, value)| Ok((text(&name)?, value)))
            .collect::<Answer<_>>()?;
        self.with_names(&names, None, &template)
    }

    fn with_names(
        &self,
        names: &[(Rc<str>, Val)],
        next: Option<&Names<'_>>,
        template: &hcl_edit::template::Template,
    ) -> Answer<Val> {
        let _level = self.budget.deeper()?;
        match names.split_first() {
            None => {
                let scope = Scope { instance: None, names: next, key: None, is_template: true };
                self.template(template, &scope)
            }
            Some(((name, value), rest)) => {
                let names = Names { name, value: value.clone(), next };
                self.with_names(rest, Some(&names), template)
            }
        }
    }
}

/// Functions of this module; the others name theirs where they are.
const KNOWN: [&str; 13] = [
    "tostring",
    "tonumber",
    "tobool",
    "nonsensitive",
    "sensitive",
    "jsonencode",
    "jsondecode",
    "abs",
    "max",
    "file",
    "fileexists",
    "templatefile",
    "basename",
];

fn unknown_function(name: &str) -> Val {
    Val::open(
        format!("what the function `{name}` gives is not known here"),
        "write the value out, or audit a plan",
    )
}

fn no_file(path: &str) -> Val {
    Val::open(format!("the file `{path}` is not in the source"), "add the file, or audit a plan")
}
