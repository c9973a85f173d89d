//! Accounts with AWS's own JSON, so that what AWS gave can be given back.

use cis_plan::Kind;
use cis_rules::snapshot::Snapshot;

use super::{PlannedFiles, SourceArgs, for_planned};
use crate::args::FileOrStdin;
use crate::given::Given;
use crate::input;
use crate::live::{Live, block_on};
use crate::outcome::Failure;

/// An account that is to be changed.
#[derive(Debug)]
pub(crate) enum Changeable {
    /// One that was observed, with AWS's own JSON.
    Observed(cis_fix::Account),
    /// One whose trails stand in a template or a plan, or whose JSON was not kept.
    Planned(Snapshot),
}

impl SourceArgs {
    /// Settles whose account is the live one, which must be the one of `--account`.
    ///
    /// # Errors
    /// Where that is not known, or it is another one.
    pub(crate) fn connect(&self) -> Result<Live, Failure> {
        let expected = self.setting.account().filter(|_| self.is_live());
        block_on(self.live.connect(expected))?
    }

    /// Whether the live account is read.
    pub(crate) fn is_live(&self) -> bool {
        let PlannedFiles { templates, plans } = &self.planned;
        self.paths.is_empty()
            && self.snapshots.is_empty()
            && templates.is_empty()
            && plans.is_empty()
    }

    /// Reads the accounts of files with AWS's own JSON, where it is there.
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
        let has_answers = !answers.is_empty();
        if has_answers {
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
        if rest.is_empty() && templates.is_empty() && plans.is_empty() {
            let given = Given { has_planned: has_answers, ..Given::default() };
            self.setting.check(&given, false)?;
            if self.live.region().is_some() && !has_answers {
                return Err(for_planned());
            }
        } else {
            let planned = self.read_planned(&rest)?;
            for account in planned.each(Snapshot::clone) {
                all.push(Changeable::Planned(account?));
            }
        }
        Ok(all)
    }
}
