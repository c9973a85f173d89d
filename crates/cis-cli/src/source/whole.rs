//! Accounts with AWS's own JSON, so that what AWS gave can be given back.

use cis_plan::Kind;
use cis_rules::snapshot::Snapshot;

use super::{PlannedFiles, SourceArgs};
use crate::args::FileOrStdin;
use crate::input;
use crate::live::LiveArgs;
use crate::outcome::Failure;

/// An account that is to be changed.
#[derive(Debug)]
pub(crate) enum Changeable {
    /// One that was observed, with AWS's own JSON.
    Observed(cis_fix::Account),
    /// One whose trails stand in a template or a plan, or whose JSON was not kept.
    Planned(Box<Snapshot>),
}

impl SourceArgs {
    /// Whose credentials are used for the live account.
    pub(crate) const fn live(&self) -> &LiveArgs {
        &self.live
    }

    /// Whether the live account is read.
    pub(crate) fn is_live(&self) -> bool {
        let PlannedFiles { templates, plans } = &self.planned;
        self.paths.is_empty()
            && self.snapshots.is_empty()
            && templates.is_empty()
            && plans.is_empty()
    }

    /// Reads the accounts with AWS's own JSON, where it is there.
    ///
    /// # Errors
    /// Where one of them cannot be read.
    pub(crate) fn read_whole(&self) -> Result<Vec<Changeable>, Failure> {
        let mut all = Vec::new();
        let mut answers: Vec<(String, String)> = Vec::new();
        let mut rest = Vec::new();
        let observed = |text: &str, source: &FileOrStdin| -> Result<Vec<Changeable>, Failure> {
            // Its messages say what the file holds in place of a snapshot.
            input::snapshots_in(text, source)?;
            let accounts = cis_fix::Account::all_from_json(text)
                .map_err(|error| Failure::Refused(format!("{source}: {error}")))?;
            Ok(accounts.into_iter().map(Changeable::Observed).collect())
        };
        for path in &self.paths {
            if matches!(path, FileOrStdin::File(folder) if folder.is_dir()) {
                rest.push(path.clone());
                continue;
            }
            let text = input::text(path)?;
            match Kind::of(&text) {
                Kind::Snapshot => all.extend(observed(&text, path)?),
                Kind::Answers => answers.push((path.to_string(), text)),
                _ if *path == FileOrStdin::Stdin => {
                    return Err(Failure::Refused(format!(
                        "{path}: holds no snapshot, and no answers of the AWS CLI: give the path of \
                         a template or plan"
                    )));
                }
                _ => rest.push(path.clone()),
            }
        }
        for file in &self.snapshots {
            all.extend(observed(&input::text(file)?, file)?);
        }
        if !answers.is_empty() {
            let files: Vec<cis_plan::AnswerFile<'_>> =
                answers.iter().map(|(path, text)| cis_plan::AnswerFile { path, text }).collect();
            let setting = self.setting.setting(self.live.region());
            let text = cis_plan::answers_text(&files, &setting)
                .map_err(|error| Failure::Refused(format!("answers of the AWS CLI: {error}")))?;
            let account = cis_fix::Account::from_json(&text)
                .map_err(|error| Failure::Refused(format!("answers of the AWS CLI: {error}")))?;
            all.push(Changeable::Observed(account));
        }
        let PlannedFiles { templates, plans } = &self.planned;
        if self.is_live() {
            let text = self.live.read()?.document().to_string();
            let account = cis_fix::Account::from_json(&text).map_err(|error| {
                Failure::Refused(format!("AWS's answer is not what was expected: {error}"))
            })?;
            all.push(Changeable::Observed(account));
        } else if !rest.is_empty() || !templates.is_empty() || !plans.is_empty() {
            let planned = self.read_planned(&rest)?;
            for account in planned.each(Snapshot::clone) {
                all.push(Changeable::Planned(Box::new(account?)));
            }
        }
        Ok(all)
    }
}
