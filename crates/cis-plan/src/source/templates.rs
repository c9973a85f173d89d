//! Templates: texts with `${…}` and `%{…}`.
//!
//! Source: <https://developer.hashicorp.com/terraform/language/expressions/strings>

use hcl_edit::template::{Directive, Element, Strip, Template};

use super::evaluator::{Evaluator, Names, Scope};
use super::fault::Answer;
use super::types::{text, truth};
use super::value::Val;

impl Evaluator<'_> {
    /// A template; one that is a single expression has its value.
    pub(super) fn template(&self, template: &Template, scope: &Scope<'_>) -> Answer<Val> {
        let elements: Vec<&Element> = template.iter().collect();
        if let [Element::Interpolation(only)] = elements.as_slice() {
            return self.value(&only.expr, scope);
        }
        let mut all = String::new();
        self.write(&mut all, &elements, (false, false), scope)?;
        Ok(Val::text(all))
    }

    /// Writes a template's elements, of which the first or the last may have to lose white space.
    fn write(
        &self,
        all: &mut String,
        elements: &[&Element],
        outer: (bool, bool),
        scope: &Scope<'_>,
    ) -> Answer<()> {
        for (position, element) in elements.iter().enumerate() {
            let before = position.checked_sub(1).and_then(|at| elements.get(at));
            let strip_start = before.map_or(outer.0, |element| strips(element).1);
            let strip_end = elements.get(position + 1).map_or(outer.1, |after| strips(after).0);
            match element {
                Element::Literal(literal) => {
                    all.push_str(stripped(literal, strip_start, strip_end));
                }
                Element::Interpolation(interpolation) => {
                    let value = self.value(&interpolation.expr, scope)?;
                    all.push_str(&text(&value)?);
                }
                Element::Directive(directive) => self.directive(all, directive, scope)?,
            }
            self.budget.text(all.len())?;
        }
        Ok(())
    }

    fn directive(&self, all: &mut String, directive: &Directive, scope: &Scope<'_>) -> Answer<()> {
        let _level = self.budget.deeper()?;
        match directive {
            Directive::If(of) => {
                let end = of.endif_expr.strip;
                let (template, outer) =
                    match (truth(&self.value(&of.if_expr.cond_expr, scope)?)?, &of.else_expr) {
                        (true, Some(other)) => (
                            &of.if_expr.template,
                            (of.if_expr.strip.strip_end(), other.strip.strip_start()),
                        ),
                        (true, None) => (
                            &of.if_expr.template,
                            (of.if_expr.strip.strip_end(), end.strip_start()),
                        ),
                        (false, Some(other)) => {
                            (&other.template, (other.strip.strip_end(), end.strip_start()))
                        }
                        (false, None) => return Ok(()),
                    };
                let elements: Vec<&Element> = template.iter().collect();
                self.write(all, &elements, outer, scope)
            }
            Directive::For(of) => {
                let intro = &of.for_expr;
                let elements: Vec<&Element> = intro.template.iter().collect();
                let outer = (intro.strip.strip_end(), of.endfor_expr.strip.strip_start());
                let key_name = intro.key_var.as_ref().map(|name| name.as_str());
                for (key, value) in self.pairs(&self.value(&intro.collection_expr, scope)?)? {
                    let key = Names { name: key_name.unwrap_or(""), value: key, next: scope.names };
                    let names = Names {
                        name: intro.value_var.as_str(),
                        value,
                        next: if key_name.is_some() { Some(&key) } else { scope.names },
                    };
                    self.write(all, &elements, outer, &Scope { names: Some(&names), ..*scope })?;
                }
                Ok(())
            }
        }
    }
}

/// Whether an element takes the white space before and behind it.
fn strips(element: &Element) -> (bool, bool) {
    let of = |start: Strip, end: Strip| (start.strip_start(), end.strip_end());
    match element {
        Element::Literal(_) => (false, false),
        Element::Interpolation(of_value) => of(of_value.strip, of_value.strip),
        Element::Directive(directive) => match directive.as_ref() {
            Directive::If(of_if) => of(of_if.if_expr.strip, of_if.endif_expr.strip),
            Directive::For(of_for) => of(of_for.for_expr.strip, of_for.endfor_expr.strip),
        },
    }
}

/// A literal without white space at an end: within the line, and that line's end.
fn stripped(mut literal: &str, start: bool, end: bool) -> &str {
    if start {
        let line = literal.find('\n').map_or(literal.len(), |end| end + 1);
        let (first, _) = literal.split_at(line);
        let lost = first.len() - first.trim_start().len();
        literal = literal.get(lost..).unwrap_or_default();
    }
    if end {
        let body = literal.strip_suffix('\n').unwrap_or(literal);
        let line = body.rfind('\n').map_or(0, |at| at + 1);
        let last = literal.get(line..).unwrap_or_default();
        literal = literal.get(..line + last.trim_end().len()).unwrap_or_default();
    }
    literal
}
