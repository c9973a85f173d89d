//! The commands of the AWS CLI that change a trail.

use cis_rules::snapshot::ObservedTrail;

/// What commands call a trail and its Region: what a snapshot says, or a placeholder where that is not
/// safe in a shell.
#[derive(Clone, Copy, Debug)]
pub struct Names<'a> {
    /// The trail's ARN, or `TRAIL`.
    pub trail: &'a str,
    /// Its home Region, or `REGION`.
    pub region: &'a str,
}

impl<'a> Names<'a> {
    /// The command that changes a setting of the trail.
    #[must_use]
    pub fn update_trail(&self, setting: &str) -> String {
        format!(
            "aws cloudtrail update-trail --region {} {setting} \\\n  --name {}",
            self.region, self.trail
        )
    }

    /// The command that starts the trail.
    #[must_use]
    pub fn start_logging(&self) -> String {
        format!("aws cloudtrail start-logging --region {} \\\n  --name {}", self.region, self.trail)
    }

    /// How commands call this trail.
    #[must_use]
    pub fn of(observed: &'a ObservedTrail) -> Self {
        let arn = observed.trail.arn.as_deref();
        let region = observed.trail.home_region.as_deref();
        Self {
            trail: arn.and_then(plain).unwrap_or("TRAIL"),
            region: region
                .or_else(|| arn.and_then(|arn| arn.split(':').nth(3)))
                .and_then(plain)
                .unwrap_or("REGION"),
        }
    }
}

/// A text that a shell takes for one plain word, and no option: what a snapshot says is never
/// trusted in a command.
#[must_use]
pub fn plain(text: &str) -> Option<&str> {
    let is_plain = text.starts_with(|first: char| first.is_ascii_alphanumeric())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b":/._-".contains(&byte));
    is_plain.then_some(text)
}
