//! Whatever text is given as a template, a plan or a stack of Pulumi's: it is read or refused, and
//! what it leaves open decides nothing against what it turns out to be.

use cis_plan::{NO_ACCOUNT, PlanError, Setting};
use cis_rules::evaluate_with_account;
use cis_rules::question::{Kind, Mode, Question};
use cis_rules::report::{AccountResult, Verdict};
use cis_rules::snapshot::Snapshot;

use crate::evidence;

/// Reads a template, a plan or what Pulumi prints, without and with the account that it is for, and
/// decides both.
pub(crate) fn planned(data: &[u8]) {
    let Ok(text) = cis_plan::text_of(data) else { return };
    for read in [cis_plan::template, cis_plan::plan, pulumi] {
        let open = read(&text, &Setting::default());
        assert_eq!(open, read(&text, &Setting::default()), "reading is not repeatable");
        let open = match open {
            Ok(open) => open,
            Err(error) => {
                assert!(!error.to_string().is_empty());
                continue;
            }
        };
        // What says of itself whose it is, is not read as another account's.
        if open.account_id != NO_ACCOUNT {
            compare(&open, &open);
        } else if let Ok(settled) = read(&text, &one_account()) {
            compare(&open, &settled);
        }
    }
}

/// A stack that is of one account.
fn pulumi(text: &str, setting: &Setting) -> Result<Snapshot, PlanError> {
    let mut all = cis_plan::pulumi(text, setting)?;
    match (all.pop(), all.as_slice()) {
        (Some(only), []) => Ok(only),
        _ => Err(PlanError::Accounts(String::new())),
    }
}

fn one_account() -> Setting {
    Setting {
        account_id: Some("111122223333".to_string()),
        region: Some("us-east-1".to_string()),
        ..Setting::default()
    }
}

/// Files in memory that `read` takes as accounts, without and with the account that they are for:
/// both are decided, and what they leave open decides nothing against what it turns out to be.
pub(crate) fn accounts(read: impl Fn(&Setting) -> Result<Vec<Snapshot>, PlanError>) {
    let open = read(&Setting::default());
    assert_eq!(open, read(&Setting::default()), "reading is not repeatable");
    let accounts = match open {
        Ok(accounts) => accounts,
        Err(error) => {
            assert!(!error.to_string().is_empty());
            return;
        }
    };
    for account in &accounts {
        compare(account, account);
    }
    if let ([open], Ok(settled)) = (accounts.as_slice(), read(&one_account()))
        && open.account_id == NO_ACCOUNT
        && let [settled] = settled.as_slice()
    {
        compare(open, settled);
    }
}

/// What was decided without knowing the account holds for this one.
pub(crate) fn compare(open: &Snapshot, settled: &Snapshot) {
    for kind in Kind::ALL {
        for mode in Mode::ALL {
            let question = Question::new(kind, mode);
            let (before, after) = (decide(open, &question), decide(settled, &question));
            if before.verdict != Verdict::Indeterminate {
                assert_eq!(before.verdict, after.verdict, "{question:?}");
            }
        }
    }
}

fn decide(snapshot: &Snapshot, question: &Question) -> AccountResult {
    let (result, completed) = evaluate_with_account(snapshot, question);
    // What is shown of a plan is shown of one of its completions.
    evidence::check(completed.as_ref().unwrap_or(snapshot), question, &result);
    result
}
