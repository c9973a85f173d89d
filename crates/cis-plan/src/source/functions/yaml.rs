//! YAML as `yamlencode` writes it and `yamldecode` reads it.
//!
//! Sources: <https://developer.hashicorp.com/terraform/language/functions/yamlencode>,
//! <https://developer.hashicorp.com/terraform/language/functions/yamldecode>

use std::rc::Rc;

use super::not_done;
use crate::node::Node;
use crate::source::evaluator::Evaluator;
use crate::source::fault::{Answer, Fault};
use crate::source::types::text;
use crate::source::value::{Members, Val, why};

/// Lines that are longer are broken at blanks.
const LINE: usize = 80;
/// Keys that are longer are written in another way.
const KEY: usize = 100;

impl Evaluator<'_> {
    /// A function of YAML; none where it is none of these.
    pub(super) fn yaml_function(&self, name: &str, all: &[Val]) -> Answer<Option<Val>> {
        match (name, all) {
            ("yamlencode", [value]) => {
                let mut written = String::new();
                if !matches!(value, Val::Text(_) | Val::List(_) | Val::Map(_) | Val::Open(_)) {
                    return Ok(Some(not_done("YAML of this value")));
                }
                self.yaml(value, 0, &mut written)?;
                Ok(Some(Val::text(written)))
            }
            ("yamldecode", [value]) => self.of_yaml(&text(value)?).map(Some),
            ("yamlencode" | "yamldecode", _) => Fault::wrong("wrong number of arguments"),
            _ => Ok(None),
        }
    }

    /// Writes a value and the end of its last line. Its first line has begun.
    fn yaml(&self, value: &Val, indent: usize, all: &mut String) -> Answer<()> {
        let _level = self.budget.deeper()?;
        let start = " ".repeat(indent);
        match value {
            Val::List(list) if !list.items.is_empty() => {
                for (position, item) in list.items.iter().enumerate() {
                    if position > 0 {
                        all.push_str(&start);
                    }
                    all.push_str("- ");
                    self.yaml(item, indent + 2, all)?;
                }
            }
            Val::Map(map) if !map.members.is_empty() => {
                for (position, (name, item)) in map.members.iter().enumerate() {
                    if position > 0 {
                        all.push_str(&start);
                    }
                    if name.len() > KEY {
                        return open("a key of this length in YAML");
                    }
                    all.push_str(&quoted(name)?);
                    all.push(':');
                    match item {
                        Val::List(list) if !list.items.is_empty() => {
                            all.push('\n');
                            all.push_str(&start);
                            self.yaml(item, indent, all)?;
                        }
                        Val::Map(map) if !map.members.is_empty() => {
                            all.push('\n');
                            all.push_str(&start);
                            all.push_str("  ");
                            self.yaml(item, indent + 2, all)?;
                        }
                        scalar => {
                            all.push(' ');
                            self.yaml(scalar, indent + 2, all)?;
                        }
                    }
                }
            }
            Val::List(_) => all.push_str("[]\n"),
            Val::Map(_) => all.push_str("{}\n"),
            Val::Text(text) if text.contains('\n') => block(text, indent, all)?,
            Val::Text(text) => {
                let column = all.len() - all.rfind('\n').map_or(0, |end| end + 1);
                let written = quoted(text)?;
                if text.contains(' ') && column + written.len() > LINE {
                    return open("a long text in YAML");
                }
                all.push_str(&written);
                all.push('\n');
            }
            Val::Null => all.push_str("null\n"),
            Val::Bool(value) => all.push_str(&format!("{value}\n")),
            Val::Number(number) => all.push_str(&format!("{}\n", number.text())),
            Val::Open(why) => return Err(Fault::Open(Rc::clone(why))),
            Val::Handle(_) => return open("YAML of all attributes of a resource"),
        }
        self.budget.text(all.len())
    }

    /// What a text says, as far as the readers of YAML agree on it.
    fn of_yaml(&self, text: &str) -> Answer<Val> {
        let has = |part: &str| text.contains(part);
        let document = crate::yaml::read(text).ok().filter(|document| {
            document.repeats.is_empty() && !has("!") && !has("<<") && !has("\t") && text.is_ascii()
        });
        match document {
            Some(document) => self.of_node(&document.root),
            None => Ok(not_done("this YAML")),
        }
    }

    fn of_node(&self, node: &Node) -> Answer<Val> {
        let _level = self.budget.deeper()?;
        Ok(match node {
            Node::Null => Val::Null,
            Node::Bool(value) => Val::Bool(*value),
            // Quoted it is a text, without quotes a number.
            Node::Text(text) if is_number(text) => not_done("a number in YAML"),
            Node::Text(text) => Val::text(text),
            Node::Unclear(_) => not_done("this scalar in YAML"),
            Node::List(items) => {
                self.budget.items(items.len())?;
                Val::tuple(items.iter().map(|item| self.of_node(item)).collect::<Answer<_>>()?)?
            }
            Node::Map(members) => {
                self.budget.items(members.len())?;
                let mut all = Members::new();
                for (name, item) in members {
                    if is_number(name) || !crate::yaml::is_text(name) {
                        return open("this key in YAML");
                    }
                    all.insert(Rc::from(name.as_str()), self.of_node(item)?);
                }
                Val::object(all)?
            }
        })
    }
}

fn is_number(text: &str) -> bool {
    text.trim_start_matches('-').bytes().all(|byte| byte.is_ascii_digit())
}

/// A text in quotes.
fn quoted(text: &str) -> Answer<String> {
    if !text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return open("a text that is not plain ASCII in YAML");
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// A text of several lines.
fn block(text: &str, indent: usize, all: &mut String) -> Answer<()> {
    let lines = text.strip_suffix('\n').unwrap_or(text);
    let is_plain = |line: &str| {
        !line.ends_with(' ') && line.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic())
    };
    if lines.starts_with([' ', '\n'])
        || lines.is_empty()
        || lines.ends_with('\n')
        || !lines.split('\n').all(is_plain)
    {
        return open("this text of several lines in YAML");
    }
    all.push_str(if text.ends_with('\n') { "|\n" } else { "|-\n" });
    for line in lines.split('\n') {
        if !line.is_empty() {
            all.push_str(&" ".repeat(indent));
            all.push_str(line);
        }
        all.push('\n');
    }
    Ok(())
}

fn open<T>(what: &str) -> Answer<T> {
    Err(Fault::Open(why(
        format!("{what} is not evaluated here"),
        "write the value out, or audit a plan",
    )))
}
