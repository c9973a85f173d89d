//! What a program is evaluated with: instances of modules, and what is known already.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use hcl_edit::expr::Expression;

use super::body::Attribute;
use super::fault::{Answer, Fault, or_open};
use super::limits::Budget;
use super::load::{Loader, Node, Program};
use super::types::Reader;
use super::value::{Handle, Key, Val, Why};
use crate::Setting;

/// An instance of a module.
#[derive(Clone, Debug)]
pub(super) struct Instance {
    /// Its position in the program.
    pub(super) node: usize,
    /// Who calls it, and under which name.
    pub(super) parent: Option<(usize, String)>,
    /// Which of the call's instances.
    pub(super) key: Key,
    /// Its address, with a dot behind: `module.a[0].`.
    pub(super) address: String,
    /// Why it may not be there.
    pub(super) doubt: Option<Why>,
}

/// Names that stand for a value, innermost first.
pub(super) struct Names<'a> {
    pub(super) name: &'a str,
    pub(super) value: Val,
    pub(super) next: Option<&'a Names<'a>>,
}

/// What an expression stands in.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The instance of the module; none where nothing of a module can be named.
    pub(super) instance: Option<usize>,
    /// Names of `for`, of dynamic blocks, of a template's variables.
    pub(super) names: Option<&'a Names<'a>>,
    /// `each` and `count`.
    pub(super) key: Option<(&'a Key, &'a Val)>,
    /// Whether this is a template's file.
    pub(super) is_template: bool,
}

/// The instances of one call.
type Children = Rc<Vec<usize>>;

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Named {
    Local(usize, String),
    Variable(usize, String),
    Output(usize, String),
    Attribute(Handle, String),
}

/// Evaluates a program.
pub(super) struct Evaluator<'a> {
    pub(super) program: &'a Program,
    pub(super) loader: RefCell<Loader<'a>>,
    pub(super) root: String,
    pub(super) setting: &'a Setting,
    /// Values that the root module's variables are given.
    pub(super) given: BTreeMap<String, Val>,
    /// Whether Terragrunt may give the root module's variables values that are not seen here.
    ///
    /// Source: <https://terragrunt.gruntwork.io/docs/reference/hcl/attributes/#inputs>
    pub(super) is_of_terragrunt: bool,
    pub(super) budget: Budget,
    pub(super) instances: RefCell<Vec<Instance>>,
    pub(super) children: RefCell<HashMap<(usize, String), Children>>,
    pub(super) known: RefCell<HashMap<Named, Option<Val>>>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        program: &'a Program,
        loader: Loader<'a>,
        root: &str,
        setting: &'a Setting,
    ) -> Self {
        let instance =
            Instance { node: 0, parent: None, key: Key::None, address: String::new(), doubt: None };
        Self {
            program,
            loader: RefCell::new(loader),
            root: root.to_string(),
            setting,
            given: BTreeMap::new(),
            is_of_terragrunt: false,
            budget: Budget::default(),
            instances: RefCell::new(vec![instance]),
            children: RefCell::default(),
            known: RefCell::default(),
        }
    }

    pub(super) fn instance(&self, at: usize) -> Answer<Instance> {
        let found = self.instances.borrow().get(at).cloned();
        found.ok_or_else(|| Fault::refused("an instance is not there"))
    }

    pub(super) fn node(&self, instance: usize) -> Answer<&'a Node> {
        let node = self.program.nodes.get(self.instance(instance)?.node);
        node.ok_or_else(|| Fault::refused("a module is not there"))
    }

    /// The value under a name, worked out once; what needs itself is refused.
    pub(super) fn once(
        &self,
        named: Named,
        address: &str,
        place: &str,
        read: impl FnOnce() -> Answer<Val>,
    ) -> Answer<Val> {
        match self.known.borrow().get(&named) {
            Some(Some(value)) => return Ok(value.clone()),
            Some(None) => {
                return Err(Fault::refused(format!("`{address}` depends on itself")).at(place));
            }
            None => {}
        }
        self.known.borrow_mut().insert(named.clone(), None);
        let value = or_open(read());
        match &value {
            Ok(known) => self.known.borrow_mut().insert(named, Some(known.clone())),
            Err(_) => self.known.borrow_mut().remove(&named),
        };
        value
    }

    /// An attribute's value.
    pub(super) fn attribute(&self, attribute: &Attribute, scope: &Scope<'_>) -> Answer<Val> {
        self.value(&attribute.expression, scope)
    }
}

impl Reader for Evaluator<'_> {
    fn attribute(&self, handle: &Val, name: &str) -> Answer<Val> {
        or_open(self.member(handle, name))
    }

    fn constant(&self, expression: &Expression) -> Answer<Val> {
        self.value(expression, &NOWHERE)
    }

    fn budget(&self) -> &Budget {
        &self.budget
    }
}

/// Where nothing can be named.
pub(super) const NOWHERE: Scope<'static> =
    Scope { instance: None, names: None, key: None, is_template: false };

/// In an instance of a module.
pub(super) const fn scope_of(instance: usize) -> Scope<'static> {
    Scope { instance: Some(instance), names: None, key: None, is_template: false }
}
