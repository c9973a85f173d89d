//! Whatever is given as answers of the AWS CLI: they are read or refused in whatever order they
//! stand, and what is decided without one of them holds with it.

use cis_plan::{AnswerFile, Setting};

use crate::files::files;
use crate::planned::compare;

/// Reads files of answers in both orders, and without each of them.
pub(crate) fn answers(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let files = files(text, "answers.json");
    let texts: Vec<(&str, &str)> = files
        .iter()
        .filter_map(|(path, bytes)| Some((path.as_str(), std::str::from_utf8(bytes).ok()?)))
        .collect();
    let all: Vec<AnswerFile<'_>> =
        texts.iter().map(|(path, text)| AnswerFile { path, text }).collect();
    let read = |files: &[AnswerFile<'_>]| cis_plan::answers(files, &Setting::default());
    let whole = read(&all);
    let reversed: Vec<AnswerFile<'_>> = all.iter().rev().copied().collect();
    let whole = match (whole, read(&reversed)) {
        (Ok(whole), Ok(reversed)) => {
            compare(&whole, &reversed);
            compare(&reversed, &whole);
            whole
        }
        (Err(one), Err(other)) => {
            assert!(!one.to_string().is_empty() && !other.to_string().is_empty());
            return;
        }
        (one, other) => {
            assert_eq!(one.is_ok(), other.is_ok(), "the order decides: {one:?}, {other:?}");
            return;
        }
    };
    for left_out in 0..all.len() {
        let mut fewer = all.clone();
        let file = fewer.remove(left_out);
        // Without a list of trails another may count as the whole one.
        if !file.text.contains("railList")
            && let Ok(open) = read(&fewer)
        {
            compare(&open, &whole);
        }
    }
}
