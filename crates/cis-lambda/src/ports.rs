//! What the rule needs from outside: an account read, results listed, and evaluations put.

use std::future::Future;

use aws_smithy_types::DateTime;
use cis_aws::{Access, Failure, Reader, RoleError};
use cis_rules::snapshot::{InputError, Snapshot};

use crate::evaluation::{PutRequest, Timestamp};

/// Reads an account.
pub trait ReadAccount {
    /// What the account's trails record.
    ///
    /// # Errors
    /// Where the account's role could not be assumed, or what was read is not of a snapshot's
    /// shape. A call that failed is no error here, but an entry of the snapshot.
    fn read(&self, access: &Access) -> impl Future<Output = Result<Snapshot, ReadError>> + Send;
}

/// Why nothing is known of an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The account's role could not be assumed.
    #[error(transparent)]
    Role(#[from] RoleError),
    /// AWS answered, but not in the shape that its reference describes.
    #[error(transparent)]
    Snapshot(#[from] InputError),
}

/// Lists what AWS Config holds of a rule.
pub trait ListResults {
    /// The rule's results that are COMPLIANT or NON_COMPLIANT, in the rule's account and Region:
    /// all of them, for what is missing would be taken for what was never put.
    ///
    /// # Errors
    /// Where a page could not be read.
    fn list(
        &self,
        access: &Access,
        rule_name: &str,
    ) -> impl Future<Output = Result<Vec<Stored>, Failure>> + Send;
}

/// Puts evaluations. Whoever puts must be able to see what is there to be retired.
pub trait PutEvaluations: ListResults {
    /// Reports to AWS Config in the rule's account and Region.
    ///
    /// # Errors
    /// Where AWS Config did not take every evaluation. Those of the request that it took stay, and
    /// are right: the same event, invoked again, puts the same.
    fn put(
        &self,
        access: &Access,
        request: &PutRequest,
    ) -> impl Future<Output = Result<(), PutError>> + Send;
}

/// A result that AWS Config holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The resource's type.
    pub resource_type: String,
    /// The resource's id.
    pub resource_id: String,
    /// The time that orders it among the rule's evaluations of this resource.
    pub ordering_timestamp: Option<DateTime>,
}

impl Stored {
    /// Whether the result is of a later time, to the millisecond that AWS Config keeps.
    pub(crate) fn is_after(&self, time: &Timestamp) -> bool {
        let stored = self.ordering_timestamp.map(milliseconds);
        stored.is_some_and(|stored| stored > milliseconds(time.time()))
    }
}

/// Rounded: AWS Config answers with times in seconds, in which most milliseconds have no exact form.
fn milliseconds(time: DateTime) -> i128 {
    (time.as_nanos() + 500_000).div_euclid(1_000_000)
}

/// Why an evaluation was not put.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PutError {
    /// The call failed.
    #[error(transparent)]
    Call(#[from] Failure),
    /// `FailedEvaluations` was still not empty after one retry.
    #[error("AWS Config did not take {0} of the evaluations, tried twice (`FailedEvaluations`)")]
    NotTaken(usize),
}

impl ReadAccount for Reader {
    async fn read(&self, access: &Access) -> Result<Snapshot, ReadError> {
        Ok(self.collect(access).await?.snapshot()?)
    }
}
