//! Addresses and names as they stand in expressions, which are not evaluated.

use hcl_edit::expr::{Expression, TraversalOperator};

use super::body::Block;

/// The attributes that `ignore_changes` names; none where it names all.
pub(super) fn ignored(block: &Block) -> Option<Vec<String>> {
    let mut all = Vec::new();
    for lifecycle in block.body.blocks("lifecycle") {
        match lifecycle.body.attributes.get("ignore_changes").map(|a| &a.expression) {
            None => {}
            Some(Expression::Array(array)) => {
                for item in array {
                    all.push(first_name(item)?);
                }
            }
            // `all`, or what is not known here.
            Some(_) => return None,
        }
    }
    Some(all)
}

/// The name that an address begins with.
fn first_name(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Variable(name) => Some(name.as_str().to_string()),
        Expression::Traversal(of) => first_name(&of.expr),
        Expression::Parenthesis(inner) => first_name(inner.inner()),
        Expression::String(text) => text.value().split(['.', '[']).next().map(str::to_string),
        _ => None,
    }
}

/// `aws` or `aws.west`, as it stands in an expression.
pub(super) fn dotted(expression: &Expression) -> Option<String> {
    match expression {
        Expression::Variable(name) => Some(name.as_str().to_string()),
        Expression::String(text) => Some(text.value().clone()),
        Expression::Traversal(of) => {
            let mut all = dotted(&of.expr)?;
            for operator in &of.operators {
                match operator.value() {
                    TraversalOperator::GetAttr(name) => {
                        all.push('.');
                        all.push_str(name.as_str());
                    }
                    _ => return None,
                }
            }
            Some(all)
        }
        _ => None,
    }
}
