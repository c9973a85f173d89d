//! Reads each account with the credentials or role it needs.

use std::time::Duration;

use crate::access::{Access, Role};
use crate::collect::{Collected, Collector};
use crate::failure::Failure;
use crate::organization::OrganizationTrails;
use crate::sessions::Sessions;

/// Reads accounts: the caller's own, and others in their roles.
#[derive(Debug)]
pub struct Reader {
    own: Collector,
    sessions: Sessions,
    organization: OrganizationTrails,
}

/// A role in the account that could not be assumed, so that nothing was read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the role {arn} could not be assumed: {failure}")]
pub struct RoleError {
    /// The role's ARN.
    pub arn: String,
    /// Why.
    pub failure: Failure,
}

impl Reader {
    /// A reader that opens these sessions, and reads the caller's own account without one.
    #[must_use]
    pub fn new(sessions: &Sessions) -> Self {
        Self {
            own: Collector::new(sessions.own()),
            sessions: sessions.clone(),
            organization: OrganizationTrails::new(sessions.clone()),
        }
    }

    /// The same, waiting up to so long, at random, before it reads an organization's trail through
    /// another account's role on a schedule: members of an organization that are read at one time
    /// share the rate at which that account is answered.
    #[must_use]
    pub fn waiting_up_to(mut self, longest: Duration) -> Self {
        self.organization.wait_up_to(longest);
        self
    }

    /// Reads what an account's trails record. What cannot be read of it is said in the snapshot.
    ///
    /// # Errors
    /// Where the account's own role could not be assumed.
    pub async fn collect(&self, access: &Access) -> Result<Collected, RoleError> {
        let member = match &access.role {
            None => None,
            Some(role) => Some(self.member(role).await?),
        };
        let collector = member.as_ref().unwrap_or(&self.own);
        // On the heap, for the SDK's futures are large and this one is part of larger ones still.
        let mut collected = Box::pin(collector.collect(&access.account)).await;
        if let Some(role) = access.role.as_ref().filter(|_| !collected.is_listed()) {
            self.sessions.forget(role);
        }
        if let Some(role) = &access.organization_role {
            let refresh = access.is_after_change;
            Box::pin(self.organization.complete(&mut collected, role, refresh)).await;
        }
        Ok(collected)
    }

    async fn member(&self, role: &Role) -> Result<Collector, RoleError> {
        let config = self.sessions.config(Some(role)).await;
        config
            .map(|config| Collector::new(&config))
            .map_err(|failure| RoleError { arn: role.arn.clone(), failure })
    }
}
