//! Which texts an open value can be.

mod pattern;

use std::sync::Arc;

use cis_rules::partition::Partition;

pub(crate) use self::pattern::Pattern;

/// Which texts an open value can be.
#[derive(Clone, Debug)]
pub(crate) enum Domain {
    /// The name of a bucket that is made up: 3 to 63 of `a-z`, `0-9`, `.` and `-`, with this start.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>
    BucketName {
        /// How it starts.
        start: String,
    },
    /// The id of an account: 12 digits.
    AccountId,
    /// A Region of this partition.
    Region(String),
    /// The name of a stack: 1 to 128 of `A-Z`, `a-z`, `0-9` and `-`.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-using-console-create-stack.html>
    StackName,
    /// One of these texts.
    Listed(Vec<String>),
    /// A list, written with commas between its elements, each of which is one of these texts.
    ListOf(Vec<String>),
    /// Any text that is allowed.
    Text(Arc<Allowed>),
}

/// What is demanded of a text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Allowed {
    /// That it matches.
    pub(crate) pattern: Option<Pattern>,
    /// That it has at least so many characters.
    pub(crate) shortest: usize,
    /// That it has at most so many characters.
    pub(crate) longest: Option<usize>,
    /// That it is a number.
    pub(crate) is_number: bool,
    /// Whether more is demanded, which is not understood.
    pub(crate) is_more: bool,
}

impl Domain {
    /// Any text.
    pub(crate) fn any() -> Self {
        Self::Text(Arc::default())
    }

    /// Whether each of its texts is a name, or a part of one: it has no `/`, `:` or `*`.
    pub(super) const fn is_name(&self) -> bool {
        match self {
            Self::BucketName { .. } | Self::AccountId | Self::Region(_) | Self::StackName => true,
            Self::Listed(_) | Self::ListOf(_) | Self::Text(_) => false,
        }
    }

    /// Whether each of its texts has these characters only.
    pub(super) fn has_only(&self, is_meant: fn(char) -> bool) -> bool {
        match self {
            Self::Text(allowed) => {
                allowed.is_number
                    || allowed.pattern.as_ref().is_some_and(|pattern| pattern.has_only(is_meant))
            }
            Self::Listed(texts) => texts.iter().all(|text| text.chars().all(is_meant)),
            Self::ListOf(_) => false,
            _ => true,
        }
    }

    /// Whether a text is one of them.
    pub(crate) fn accepts(&self, text: &str) -> bool {
        let is = |shortest, longest, is_meant: fn(char) -> bool| {
            (shortest..=longest).contains(&text.len()) && text.chars().all(is_meant)
        };
        match self {
            Self::BucketName { start } => {
                text.starts_with(start.as_str())
                    && is(3, 63, |character| {
                        character.is_ascii_lowercase()
                            || character.is_ascii_digit()
                            || matches!(character, '.' | '-')
                    })
            }
            Self::AccountId => is(12, 12, |character| character.is_ascii_digit()),
            Self::Region(partition) => {
                is(6, 32, |character| {
                    character.is_ascii_lowercase() || character.is_ascii_digit() || character == '-'
                }) && text.contains('-')
                    && Partition::of_region(text).id == partition
            }
            Self::StackName => {
                is(1, 128, |character| character.is_ascii_alphanumeric() || character == '-')
            }
            Self::Listed(texts) => texts.iter().any(|listed| listed == text),
            Self::ListOf(texts) => {
                text.split(',').all(|item| texts.iter().any(|listed| listed == item.trim()))
            }
            Self::Text(allowed) => allowed.accepts(text),
        }
    }

    /// The length of its longest text; none where there is none such.
    pub(super) fn longest(&self) -> Option<usize> {
        match self {
            Self::BucketName { .. } => Some(63),
            Self::AccountId => Some(12),
            Self::Region(_) => Some(32),
            Self::StackName => Some(128),
            Self::Listed(texts) => texts.iter().map(String::len).max(),
            Self::ListOf(_) => None,
            Self::Text(allowed) => {
                let pattern = allowed.pattern.as_ref().and_then(Pattern::longest);
                allowed.longest.into_iter().chain(pattern).min()
            }
        }
    }

    /// Whether there are names that are none of its texts, for which no other name can stand.
    pub(super) fn is_restricted(&self) -> bool {
        matches!(self, Self::Text(allowed) if !allowed.has_all_names())
    }

    /// Whether a text that stands for others here is one there, if any of them is.
    pub(super) fn stands_for(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => {
                one.has_all_names() || other.has_all_names() || one.is_like(other)
            }
            _ => true,
        }
    }

    /// Whether one of its texts can have this inside.
    pub(super) fn may_hold(&self, part: &str) -> bool {
        let all = |is_meant: fn(char) -> bool| part.chars().all(is_meant);
        match self {
            Self::BucketName { .. } | Self::Region(_) => all(|one| {
                one.is_ascii_lowercase() || one.is_ascii_digit() || matches!(one, '.' | '-')
            }),
            Self::AccountId => all(|one| one.is_ascii_digit()),
            Self::StackName => all(|one| one.is_ascii_alphanumeric() || one == '-'),
            Self::Listed(_) => false,
            Self::ListOf(_) | Self::Text(_) => true,
        }
    }

    /// A text of it that is none of these, where one is found.
    pub(super) fn example(&self, not: &[&str]) -> Option<String> {
        let Self::Text(allowed) = self else { return None };
        let mut examples = allowed.pattern.as_ref()?.examples().into_iter();
        examples.find(|text| self.accepts(text) && !not.contains(&text.as_str()))
    }

    /// Whether it is sure of every text whether it is one of them.
    pub(super) fn is_clear(&self) -> bool {
        !matches!(self, Self::Text(allowed) if allowed.is_more)
    }

    /// A text of it with this start and this end that is none of those to `avoid`, nor holds any,
    /// nor is held by any. There may be none, or none may be found.
    pub(super) fn fresh(
        &self,
        start: &str,
        end: &str,
        hint: &str,
        avoid: &[&str],
    ) -> Option<String> {
        let room = |length: usize| length.checked_sub(start.len() + end.len());
        let middles: Vec<String> = match self {
            Self::AccountId => {
                let digits = ["90817263544", "73519284660", "48205917364", "66120498357"];
                let length = room(12)?;
                let cut = |digits: &&str| digits.repeat(2).get(..length).map(str::to_string);
                digits.iter().filter_map(cut).collect()
            }
            Self::Region(partition) => {
                let known = Partition::named(partition)?.sample_regions.iter().copied();
                let more =
                    ["us-west-1", "eu-central-1", "ap-southeast-2", "sa-east-1", "ca-west-1"];
                let all = known.chain(more.into_iter().filter(|_| partition == "aws"));
                let cut = |region: &str| {
                    region.strip_prefix(start)?.strip_suffix(end).map(str::to_string)
                };
                all.filter_map(cut).collect()
            }
            Self::Text(allowed) => {
                let made_up =
                    [hint, "made-up", "madeup", "qzx", "917", "3021", "q-7z.example", "q", "7"];
                let examples = allowed.pattern.iter().flat_map(Pattern::examples);
                let cut =
                    |text: &str| text.strip_prefix(start)?.strip_suffix(end).map(str::to_string);
                let examples = examples.filter_map(|text| cut(&text));
                let made_up = made_up.into_iter().map(str::to_string);
                let mut middles: Vec<String> = made_up.chain(examples).collect();
                // What stands for all others can be what most of them can: a bucket's name.
                let any_bucket = Self::BucketName { start: String::new() };
                middles.sort_by_key(|middle| !any_bucket.accepts(&format!("{start}{middle}{end}")));
                middles
            }
            Self::BucketName { start: whole } if !start.starts_with(whole.as_str()) => {
                let fits = whole.starts_with(start);
                return fits.then(|| self.fresh(whole, end, hint, avoid)).flatten();
            }
            Self::BucketName { .. } | Self::StackName => {
                let hints = [hint, "made-up", "q7z", "q", "7", "zq-8"];
                hints.into_iter().map(str::to_string).collect()
            }
            Self::Listed(_) | Self::ListOf(_) => return None,
        };
        let is_fresh = |text: &String| self.accepts(text) && !avoid.contains(&text.as_str());
        // A middle that stands in what is mentioned could be told apart from others.
        let is_new = |middle: &String| {
            matches!(self, Self::Region(_))
                || middle.len() < 2
                || !avoid.iter().any(|other| other.contains(middle.as_str()))
        };
        let numbered = middles.iter().flat_map(|middle| {
            (2..10).filter(|_| self.is_name()).map(move |number| format!("{middle}{number}"))
        });
        let all = middles.iter().cloned().chain(numbered.collect::<Vec<_>>());
        all.filter(is_new).map(|middle| format!("{start}{middle}{end}")).find(is_fresh)
    }
}

/// The lengths of names that can be given to buckets today.
const NAMES: std::ops::RangeInclusive<usize> = 3..=63;

impl Allowed {
    /// Whether all names are allowed.
    fn has_all_names(&self) -> bool {
        self.pattern.is_none()
            && !self.is_number
            && !self.is_more
            && self.shortest <= *NAMES.start()
            && self.longest.is_none_or(|longest| longest >= *NAMES.end())
    }

    /// Whether the same is demanded.
    fn is_like(&self, other: &Self) -> bool {
        let source = |one: &Self| one.pattern.as_ref().map(|pattern| pattern.source().to_string());
        source(self) == source(other)
            && !self.is_more
            && !other.is_more
            && (self.shortest, self.longest, self.is_number)
                == (other.shortest, other.longest, other.is_number)
    }

    fn accepts(&self, text: &str) -> bool {
        let length = text.chars().count();
        length >= self.shortest
            && self.longest.is_none_or(|longest| length <= longest)
            && (!self.is_number || text.parse::<f64>().is_ok())
            && self.pattern.as_ref().is_none_or(|pattern| pattern.matches(text))
    }
}
