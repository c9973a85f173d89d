//! Which of an invocation's numbers become metrics. The templates and the function both know it.

/// The metrics with their units, in the order that they are written in.
///
/// `EvaluationSucceeded` is 1 where an evaluation was put and 0 where the invocation failed. The
/// verdicts count the invocation's answers, one for each of the rule's `EventKinds`.
/// `UnreadableTrails` counts the trails of which something could not be read, and one more where
/// they could not be listed. `ApiCalls` counts requests to AWS, each try being one.
pub const METRICS: [(&str, &str); 7] = [
    ("EvaluationSucceeded", "Count"),
    ("Compliant", "Count"),
    ("NonCompliant", "Count"),
    ("Indeterminate", "Count"),
    ("UnreadableTrails", "Count"),
    ("ApiCalls", "Count"),
    ("Duration", "Milliseconds"),
];

/// The environment variable that says which metrics are published.
pub const VARIABLE: &str = "TRAILPROOF_METRICS";

/// Which metrics are published. Each one costs the same in every account and hour that has a number
/// of it, so an organization's functions may do with fewer. The line has all numbers in any case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Published {
    /// None.
    None,
    /// `EvaluationSucceeded`, which the alarm on silence needs.
    Success,
    /// All of them.
    #[default]
    All,
}

impl Published {
    /// Each choice.
    pub const ALL: [Self; 3] = [Self::None, Self::Success, Self::All];

    /// The value of [`VARIABLE`] for it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Success => "success",
            Self::All => "all",
        }
    }

    /// The choice of this name. `None` where there is no such choice.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|published| published.name() == name)
    }

    /// The metrics that it publishes.
    #[must_use]
    pub fn metrics(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::None => &[],
            Self::Success => METRICS.get(..1).unwrap_or_default(),
            Self::All => &METRICS,
        }
    }
}
