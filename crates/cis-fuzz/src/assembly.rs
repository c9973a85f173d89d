//! Whatever is given as a cloud assembly: it is read or refused, and what its stacks leave open
//! decides nothing against what it turns out to be.

use cis_plan::{NO_ACCOUNT, Setting};

use crate::files::files;
use crate::planned::{compare, one_account};

/// Reads an assembly, without and with the account that it is for, and decides both.
pub(crate) fn assembly(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let files = files(text, "manifest.json");
    let read = |setting: &Setting| cis_plan::assembly(&files, "manifest.json", setting);
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
