//! An action, and what is amiss without it.

use e2e::policies::Grant;
use serde_json::Value;

use crate::place::Place;

/// An action, and what is amiss without it.
pub(crate) struct Need {
    pub(crate) action: &'static str,
    /// What the resource that it is allowed on must hold, where one action is allowed twice.
    pub(crate) on: &'static str,
    pub(crate) without: Without,
    /// What is denied although the action is allowed; none where it takes no resource, or where no
    /// call can name one that is not the role's business.
    pub(crate) elsewhere: Option<Call>,
}

pub(crate) enum Without {
    /// The function cannot decide, and says of the account that this is not known.
    Undecided(&'static str),
    /// The function has nothing to put, or cannot put it: the invocation fails with this type.
    Failure(&'static str),
    /// The function reports, and warns that findings were not imported.
    Warning,
    /// AWS makes these calls with the role, and is refused.
    Refusal(Call),
}

/// Calls of one kind, as boto3 makes them.
pub(crate) struct Call {
    pub(crate) service: &'static str,
    pub(crate) method: &'static str,
    pub(crate) parameters: fn(&Place) -> Vec<Value>,
}

impl Need {
    pub(crate) fn is_for(&self, grant: &Grant) -> bool {
        self.action == grant.action && grant.resources.iter().any(|on| on.contains(self.on))
    }

    /// The same, where these calls are not allowed either.
    pub(crate) const fn but_not(
        self,
        service: &'static str,
        method: &'static str,
        parameters: fn(&Place) -> Vec<Value>,
    ) -> Self {
        Self { elsewhere: Some(Call { service, method, parameters }), ..self }
    }

    /// The call that the action allows.
    pub(crate) fn call(&self) -> &'static str {
        self.action.split_once(':').map_or(self.action, |(_, call)| call)
    }
}

/// An action with no more to it.
pub(crate) const fn need(action: &'static str, without: Without) -> Need {
    Need { action, on: "", without, elsewhere: None }
}

/// An action with which AWS makes these calls.
pub(crate) const fn refused(
    action: &'static str,
    service: &'static str,
    method: &'static str,
    parameters: fn(&Place) -> Vec<Value>,
) -> Need {
    need(action, Without::Refusal(Call { service, method, parameters }))
}
