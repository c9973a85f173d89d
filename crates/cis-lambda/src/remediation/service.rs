//! The function's own account, read and changed.

use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use cis_aws::{Account as Place, Changer, Collector};
use cis_fix::apply::{CallError, Note, Service};
use cis_fix::{Account, Change};
use tokio::runtime::Handle;

/// What is kept of the time, so that a call that is begun can still be looked at afterwards.
const TO_LOOK: Duration = Duration::from_secs(10);

/// The account, until the time for the invocation ends. Its calls wait on a thread of their own.
#[derive(Debug)]
pub(super) struct Connected {
    collector: Collector,
    changer: Changer,
    place: Place,
    end: Instant,
    runtime: Handle,
}

impl Connected {
    /// Must be called inside of a runtime.
    pub(super) fn new(config: &SdkConfig, place: Place, end: Instant) -> Self {
        Self {
            collector: Collector::new(config),
            changer: Changer::new(config),
            place,
            end,
            runtime: Handle::current(),
        }
    }

    pub(super) const fn changer(&self) -> &Changer {
        &self.changer
    }

    /// Reads the account, with AWS's own JSON.
    ///
    /// # Errors
    /// Where AWS's answer is no snapshot.
    pub(super) async fn account(&self) -> Result<Account, String> {
        let collected = Box::pin(self.collector.collect(&self.place)).await;
        Account::from_json(&collected.document().to_string()).map_err(|error| error.to_string())
    }
}

impl Service for Connected {
    fn read(&mut self) -> Result<Account, String> {
        self.runtime.block_on(self.account())
    }

    fn call(&mut self, change: &Change) -> Result<(), CallError> {
        if Instant::now() + TO_LOOK > self.end {
            return Err(CallError {
                code: "NotSent".to_owned(),
                message: "the function's time is nearly over".to_owned(),
            });
        }
        let request = change.request.text();
        let call = self.changer.call(change.call.name(), &change.region, &request);
        self.runtime
            .block_on(call)
            .map_err(|failure| CallError { code: failure.code, message: failure.message })
    }

    fn wait(&mut self, times: u32) {
        let wait = Duration::from_secs(1 << times.clamp(1, 5).saturating_sub(1));
        std::thread::sleep(wait.min(self.end.saturating_duration_since(Instant::now()) / 2));
    }

    fn note(&mut self, note: Note) -> Result<(), String> {
        match note {
            Note::Calling(number) => tracing::info!(number, "a call is about to be made"),
            Note::Made(number) => tracing::info!(number, "a call was made and read back"),
            Note::Done => tracing::info!("all calls were made"),
        }
        Ok(())
    }
}
