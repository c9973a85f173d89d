//! What the rule needs from outside: an account read, and an evaluation put.

use std::future::Future;

use cis_aws::{Account, Collector, Failure};
use cis_rules::snapshot::{InputError, Snapshot};

use crate::evaluation::PutRequest;

/// Reads an account.
pub trait ReadAccount {
    /// What the account's trails record.
    ///
    /// # Errors
    /// Where what was read is not of a snapshot's shape. A call that failed is no error here, but
    /// an entry of the snapshot.
    fn read(&self, account: &Account) -> impl Future<Output = Result<Snapshot, InputError>> + Send;
}

/// Puts evaluations.
pub trait PutEvaluations {
    /// Reports to AWS Config in the rule's account and Region.
    ///
    /// # Errors
    /// Where AWS Config did not take every evaluation.
    fn put(
        &self,
        account: &Account,
        request: &PutRequest,
    ) -> impl Future<Output = Result<(), PutError>> + Send;
}

/// Why an evaluation was not put.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PutError {
    /// The call failed.
    #[error(transparent)]
    Call(#[from] Failure),
    /// The call succeeded, but its `FailedEvaluations` was not empty, the second time neither.
    #[error("AWS Config did not take {0} of the evaluations, tried twice (`FailedEvaluations`)")]
    NotTaken(usize),
}

impl ReadAccount for Collector {
    async fn read(&self, account: &Account) -> Result<Snapshot, InputError> {
        self.collect(account).await.snapshot()
    }
}
