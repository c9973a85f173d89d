//! Exceptions in words: what an answer leaves out because somebody decided so, why, and until when.

use cis_rules::question::{Excepted, Exception, ExceptionState};
use cis_rules::report::AccountResult;

/// The exceptions that concern an answer, a sentence each.
#[must_use]
pub fn sentences(result: &AccountResult) -> Vec<String> {
    result.exceptions.iter().map(sentence).collect()
}

/// An exception as a sentence.
#[must_use]
pub fn sentence(exception: &Exception) -> String {
    let what = subject(exception);
    match exception.state {
        ExceptionState::Expired => format!("The exception of {what} {}.", rest(exception)),
        ExceptionState::Active | ExceptionState::ExpiresSoon => {
            format!("Excepted is {what} {}.", rest(exception))
        }
    }
}

/// What an exception is of: "bucket acme-logs", "this account".
#[must_use]
pub fn subject(exception: &Exception) -> String {
    match exception.of {
        Excepted::Bucket | Excepted::Trail => format!("{} {}", exception.of, exception.name),
        Excepted::Account => format!("account {}", exception.name),
    }
}

/// Until when it counts, why, and who answers for it.
#[must_use]
pub fn rest(exception: &Exception) -> String {
    let mut text = match (&exception.expires, exception.state) {
        (Some(last), ExceptionState::Expired) => format!("expired on {last} and does not count"),
        (Some(last), ExceptionState::ExpiresSoon) => format!("until {last}, which is soon"),
        (Some(last), ExceptionState::Active) => format!("until {last}"),
        (None, _) => "without an end".to_string(),
    };
    if let Some(reason) = &exception.reason {
        text += &format!(": {reason}");
    }
    if let Some(owner) = &exception.owner {
        text += &format!(" (owner: {owner})");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exception_says_until_when_why_and_whose_it_is() {
        let of = |expires: Option<&str>| {
            let expires = expires.map(|date| date.parse().unwrap());
            let today = "2026-11-26".parse().unwrap();
            let mut bucket = Exception::new(Excepted::Bucket, "logs", expires, today);
            bucket.reason = Some("it moves".to_string());
            bucket.owner = Some("platform".to_string());
            sentence(&bucket)
        };
        assert_eq!(
            of(Some("2027-03-31")),
            "Excepted is bucket logs until 2027-03-31: it moves (owner: platform)."
        );
        assert_eq!(
            of(Some("2026-12-01")),
            "Excepted is bucket logs until 2026-12-01, which is soon: it moves (owner: platform)."
        );
        assert_eq!(
            of(Some("2026-11-25")),
            "The exception of bucket logs expired on 2026-11-25 and does not count: it moves (owner: \
             platform)."
        );
        assert_eq!(of(None), "Excepted is bucket logs without an end: it moves (owner: platform).");
    }
}
