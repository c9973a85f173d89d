//! Reading accounts, some at a time, and keeping each as it comes.

use std::time::Instant;

use cis_aws::{Collected, Failure as CallFailure, Members, Pace};
use cis_sweep::account::Listed;
use cis_sweep::journal::Journal;
use cis_sweep::limit::Limit;
use futures_util::stream::{FuturesUnordered, StreamExt as _};

use super::progress::Shown;
use super::unkept;
use crate::json;
use crate::outcome::Failure;

/// So many accounts in a row that could not be reached are a fault of this machine's network.
const UNREACHED: usize = 25;

/// How accounts are read.
pub(super) struct Reading<'a> {
    /// Who reads them.
    pub(super) members: &'a Members,
    /// The caller's own requests.
    pub(super) pace: &'a Pace,
    /// The most accounts at a time.
    pub(super) at_once: usize,
    /// Whether what was read is kept where the sweep ends too soon.
    pub(super) is_kept: bool,
}

/// How many accounts were read.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Read {
    /// Now.
    pub(super) new: usize,
    /// By an earlier run.
    pub(super) kept: usize,
}

impl Reading<'_> {
    /// Reads the accounts that are not finished.
    ///
    /// # Errors
    /// Where the caller's credentials or the network fail, for then every further account would be
    /// unreadable; or where what is read cannot be kept.
    pub(super) async fn read(
        &self,
        accounts: &[Listed],
        journal: &mut Journal,
        shown: &Shown<'_>,
    ) -> Result<Read, Failure> {
        let unfinished: Vec<&Listed> =
            accounts.iter().filter(|account| !journal.is_finished(&account.id)).collect();
        let mut count = Read { new: 0, kept: accounts.len() - unfinished.len() };
        shown.kept(count.kept);
        let mut queue = unfinished.into_iter();
        let mut limit = Limit::new(self.at_once);
        let mut running = FuturesUnordered::new();
        let mut unreached = 0;
        loop {
            while running.len() < limit.now()
                && let Some(account) = queue.next()
            {
                let refused = self.pace.throttled();
                running
                    .push(async move { (account, refused, self.members.read(&account.id).await) });
            }
            let Some((account, refused, read)) = running.next().await else {
                return Ok(count);
            };
            let collected = read.map_err(|failure| self.ended(&failure, count))?;
            let collected = match &account.name {
                Some(name) => collected.named(name),
                None => collected,
            };
            let text = json::text(collected.document())?;
            journal.add(&account.id, &text).map_err(unkept)?;
            count.new += 1;
            shown.read(&collected);
            if self.pace.throttled() > refused {
                limit.refused(Instant::now());
            } else {
                limit.finished();
            }
            match unanswered(&collected) {
                None => unreached = 0,
                Some(failure) if unreached + 1 >= UNREACHED => {
                    return Err(self.ended(failure, count));
                }
                Some(_) => unreached += 1,
            }
        }
    }

    /// Why a sweep ends before all accounts are read.
    fn ended(&self, failure: &CallFailure, count: Read) -> Failure {
        let read = count.new + count.kept;
        let next = if self.is_kept {
            format!("{read} accounts are read and kept: `--resume` goes on from there")
        } else {
            "nothing of it is kept, for which `--keep` gives a file".to_string()
        };
        Failure::Refused(format!("the sweep ended after {read} accounts: {failure}; {next}"))
    }
}

/// The failure of an account that gave no answer at all.
fn unanswered(collected: &Collected) -> Option<&CallFailure> {
    collected.unread_for().filter(|failure| failure.is_unanswered())
}
