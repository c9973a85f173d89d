//! Whatever is given as Terraform source: it is read or refused, and what it leaves open decides
//! nothing against what it turns out to be.

use std::collections::BTreeMap;

use cis_plan::{NO_ACCOUNT, Setting, SourceOptions};

use crate::planned::{compare, one_account};

/// Reads files as a source, without and with the account that it is for, and decides both. A line
/// that begins with `=== ` names the file that follows; what stands before the first is `main.tf`.
pub(crate) fn source(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut files: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut path = "main.tf";
    for line in text.split_inclusive('\n') {
        match line.strip_prefix("=== ") {
            Some(name) => path = name.trim_end(),
            None => files.entry(path.to_string()).or_default().extend(line.as_bytes()),
        }
    }
    let read = |setting: &Setting| cis_plan::source(&files, "", &SourceOptions::default(), setting);
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
