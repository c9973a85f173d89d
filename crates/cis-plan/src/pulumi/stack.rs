//! A stack: its resources, and what is not known of them.

use cis_rules::report::Unknown;

use super::generated::Generated;
use super::properties::Properties;
use crate::node::Node;

/// The most resources of one stack.
const MOST_RESOURCES: usize = 200_000;

/// A stack as it is, or as it will be.
#[derive(Default)]
pub(super) struct Stack<'a> {
    /// Whether it is planned, and does not exist yet.
    pub(super) is_planned: bool,
    /// Its resources.
    pub(super) resources: Vec<Resource<'a>>,
    /// Trails that may be there: of what, and why.
    pub(super) doubts: Vec<(String, Unknown)>,
    /// Names that Pulumi made up for the preview.
    pub(super) generated: Generated<'a>,
    /// The stack's configuration, as far as it is printed.
    pub(super) config: &'a [(String, Node)],
}

/// A resource.
pub(super) struct Resource<'a> {
    /// Its name in the stack: `urn:pulumi:STACK::PROJECT::TYPE::NAME`.
    pub(super) urn: &'a str,
    /// Its type: `aws:cloudtrail/trail:Trail`.
    pub(super) kind: &'a str,
    /// Whether a provider makes it; a component only holds others.
    pub(super) is_custom: bool,
    /// What it is called by its provider.
    pub(super) id: Option<&'a str>,
    /// Which provider makes it: a provider's URN and its id.
    pub(super) provider: Option<&'a str>,
    /// What it is given, as written.
    pub(super) inputs: Option<&'a Node>,
    /// What it has, or will have.
    pub(super) properties: Properties<'a>,
}

impl<'a> Resource<'a> {
    /// A resource, of its state in the document.
    pub(super) fn of(state: &'a Node, properties: Properties<'a>) -> Option<Self> {
        let text = |name| state.get(name).and_then(Node::text);
        let urn = text("urn")?;
        Some(Self {
            urn,
            kind: text("type").unwrap_or_else(|| kind_in(urn)),
            is_custom: state.get("custom") != Some(&Node::Bool(false)),
            id: text("id").filter(|id| !id.is_empty()),
            provider: text("provider").filter(|provider| !provider.is_empty()),
            inputs: state.get("inputs"),
            properties,
        })
    }
}

impl Stack<'_> {
    /// Whether there are more resources than are read.
    pub(super) const fn is_too_large(count: usize) -> bool {
        count > MOST_RESOURCES
    }

    /// What is said of a stack with too many resources.
    pub(super) fn too_large() -> String {
        format!("the stack has more than {MOST_RESOURCES} resources")
    }
}

/// The type and the name in a URN, which tell a resource from all others of its stack.
///
/// Source: <https://www.pulumi.com/docs/iac/concepts/resources/names/#urns>
pub(super) fn address(urn: &str) -> &str {
    let mut rest = urn;
    for _ in 0..2 {
        match rest.split_once("::") {
            Some((_, after)) => rest = after,
            None => return urn,
        }
    }
    rest
}

/// The name in a URN.
pub(super) fn name(urn: &str) -> &str {
    address(urn).split_once("::").map_or("", |(_, name)| name)
}

/// The type in a URN, without those of the components around it.
fn kind_in(urn: &str) -> &str {
    let kind = address(urn).split_once("::").map_or("", |(kind, _)| kind);
    kind.rsplit_once('$').map_or(kind, |(_, kind)| kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_urn_has_a_type_and_a_name() {
        let urn = "urn:pulumi:dev::shop::my:mod:Logs$aws:cloudtrail/trail:Trail::a::b";
        assert_eq!(address(urn), "my:mod:Logs$aws:cloudtrail/trail:Trail::a::b");
        assert_eq!(kind_in(urn), "aws:cloudtrail/trail:Trail");
        assert_eq!(name(urn), "a::b");
        assert_eq!((address("x"), kind_in("x"), name("x")), ("x", "", ""));
    }
}
