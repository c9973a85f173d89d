//! A CloudFormation template, as far as trails need it, and what it leaves open.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html>

/// A template and what is known of the place that it is for.
#[derive(Clone, Debug)]
pub(crate) struct Template {
    pub(crate) parameters: Vec<Parameter>,
    /// `Cond0`, `Cond1`, …; each names only earlier ones.
    pub(crate) conditions: Vec<Condition>,
    pub(crate) buckets: Vec<Bucket>,
    pub(crate) trails: Vec<Trail>,
    /// The Region, where it is known.
    pub(crate) region: Option<&'static str>,
    /// The partition, where it is known.
    pub(crate) partition: Option<&'static str>,
    /// The account, where it is known.
    pub(crate) account: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub(crate) struct Parameter {
    pub(crate) kind: ParameterKind,
    pub(crate) default: Option<String>,
    pub(crate) allowed: Vec<&'static str>,
    pub(crate) pattern: Option<Pattern>,
    /// The value that is given for it.
    pub(crate) given: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ParameterKind {
    Text,
    /// `CommaDelimitedList`.
    List,
    /// `AWS::SSM::Parameter::Value<String>`: its value is read when the stack is deployed.
    Stored,
}

impl Parameter {
    /// The value, where it is known.
    pub(crate) fn known(&self) -> Option<&str> {
        match self.kind {
            ParameterKind::Stored => None,
            _ => self.given.as_deref().or(self.default.as_deref()),
        }
    }

    /// Whether CloudFormation takes a value.
    pub(crate) fn allows(&self, value: &str) -> bool {
        if self.kind == ParameterKind::Stored {
            return true;
        }
        let mut parts: Vec<&str> = vec![value];
        if self.kind == ParameterKind::List {
            parts = value.split(',').collect();
        }
        parts.iter().all(|part| self.allowed.is_empty() || self.allowed.contains(part))
            && self.pattern.is_none_or(|pattern| pattern.matches(value))
    }
}

/// An `AllowedPattern`, which a whole value must match.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pattern {
    Letters,
    BucketName,
    Switch,
    ObjectArn,
}

impl Pattern {
    pub(crate) const fn expression(self) -> &'static str {
        match self {
            Self::Letters => "[a-z]+",
            Self::BucketName => "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
            Self::Switch => "true|false",
            Self::ObjectArn => "^arn:aws:s3:::.*$",
        }
    }

    fn matches(self, value: &str) -> bool {
        let simple = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
        match self {
            Self::Letters => !value.is_empty() && value.bytes().all(|b| b.is_ascii_lowercase()),
            Self::BucketName => {
                (3..=63).contains(&value.len())
                    && value.bytes().all(|byte| simple(byte) || matches!(byte, b'.' | b'-'))
                    && [value.bytes().next(), value.bytes().last()]
                        .iter()
                        .flatten()
                        .all(|b| simple(*b))
            }
            Self::Switch => matches!(value, "true" | "false"),
            Self::ObjectArn => value.starts_with("arn:aws:s3:::"),
        }
    }

    /// Values that match.
    pub(crate) const fn samples(self) -> &'static [&'static str] {
        match self {
            Self::Letters => &["x", "fresh"],
            Self::BucketName => &["fresh-p", "fresh.q"],
            Self::Switch => &["true", "false"],
            Self::ObjectArn => &["arn:aws:s3:::", "arn:aws:s3:::fresh-p/", "arn:aws:s3:::fresh-p"],
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum Condition {
    Equals(Text, Text),
    Not(Box<Self>),
    And(Vec<Self>),
    Or(Vec<Self>),
    Named(usize),
}

/// A value, or `Fn::If` between two, each of which may be `AWS::NoValue`.
#[derive(Clone, Debug)]
pub(crate) enum Choice<T> {
    Is(T),
    If(usize, Option<Box<Self>>, Option<Box<Self>>),
}

/// A text as a template writes it.
#[derive(Clone, Debug)]
pub(crate) enum Text {
    Known(String),
    /// `Ref` of a parameter.
    Parameter(usize),
    /// `Fn::Join` of a list parameter with commas.
    Joined(usize),
    /// `Ref` of a bucket: its name.
    Bucket(usize),
    /// `Fn::GetAtt` of a bucket's `Arn`.
    BucketArn(usize),
    Region,
    Partition,
    Account,
    /// `Fn::ImportValue` of `Export0`, `Export1`, …
    Import(usize),
    /// A dynamic reference.
    Dynamic(usize),
    /// Texts behind each other, by `Fn::Sub` or `Fn::Join`.
    All(Vec<Self>, Spelling),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spelling {
    Sub,
    Join,
}

#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    /// `BucketName`; without one, CloudFormation makes a name.
    pub(crate) name: Option<Choice<Text>>,
    pub(crate) condition: Option<usize>,
}

#[derive(Clone, Debug)]
pub(crate) struct Trail {
    pub(crate) condition: Option<usize>,
    pub(crate) is_logging: Choice<Text>,
    pub(crate) is_multi_region: Option<Choice<Text>>,
    pub(crate) bucket: Choice<Text>,
    pub(crate) basic: Option<Choice<Vec<Choice<Basic>>>>,
    pub(crate) advanced: Option<Choice<Vec<Choice<Advanced>>>>,
}

#[derive(Clone, Debug)]
pub(crate) struct Basic {
    pub(crate) read_write: Option<Choice<Text>>,
    /// One `DataResources` of objects.
    pub(crate) values: Choice<Values>,
}

#[derive(Clone, Debug)]
pub(crate) enum Values {
    Items(Vec<Choice<Text>>),
    /// `Ref` of a list parameter.
    List(usize),
}

#[derive(Clone, Debug)]
pub(crate) struct Advanced {
    /// Besides eventCategory `Data` and resources.type `AWS::S3::Object`.
    pub(crate) fields: Vec<Choice<FieldSelector>>,
}

#[derive(Clone, Debug)]
pub(crate) struct FieldSelector {
    pub(crate) field: &'static str,
    pub(crate) operators: Vec<(&'static str, Choice<Values>)>,
}

/// Something that is open until the template is deployed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum OpenId {
    Parameter(usize),
    /// The name that CloudFormation makes for a bucket.
    Generated(usize),
    Import(usize),
    Dynamic(usize),
    /// The Region, and with it the partition where that is not known.
    Place,
    Account,
}

/// What a text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Use {
    Condition,
    Selector,
    ReadWrite,
    Fact,
    LogBucket,
    BucketName,
}

impl<T> Choice<T> {
    /// All values that it may be.
    pub(crate) fn all(&self) -> Vec<&T> {
        match self {
            Self::Is(value) => vec![value],
            Self::If(_, one, other) => {
                [one, other].into_iter().flatten().flat_map(|choice| choice.all()).collect()
            }
        }
    }

    /// Whether it may be nothing.
    pub(crate) fn may_be_absent(&self) -> bool {
        match self {
            Self::Is(_) => false,
            Self::If(_, one, other) => [one, other]
                .into_iter()
                .any(|branch| branch.as_ref().is_none_or(|choice| choice.may_be_absent())),
        }
    }
}

impl Values {
    fn texts(&self) -> Vec<Text> {
        match self {
            Self::Items(items) => items.iter().flat_map(Choice::all).cloned().collect(),
            Self::List(parameter) => vec![Text::Joined(*parameter)],
        }
    }
}

impl Template {
    /// All texts, each with what it is for; both sides of each comparison stand beside each other.
    pub(crate) fn texts(&self) -> Vec<(Use, Text)> {
        let mut all = Vec::new();
        for condition in &self.conditions {
            for (one, other) in condition.comparisons() {
                all.extend([(Use::Condition, one.clone()), (Use::Condition, other.clone())]);
            }
        }
        let mut add = |of, choice: &Choice<Text>| {
            all.extend(choice.all().into_iter().map(|text| (of, text.clone())));
        };
        for bucket in &self.buckets {
            bucket.name.iter().for_each(|name| add(Use::BucketName, name));
        }
        for trail in &self.trails {
            add(Use::Fact, &trail.is_logging);
            trail.is_multi_region.iter().for_each(|fact| add(Use::Fact, fact));
            add(Use::LogBucket, &trail.bucket);
            let basic = trail.basic.iter().flat_map(Choice::all).flatten().flat_map(Choice::all);
            for selector in basic {
                selector.read_write.iter().for_each(|kind| add(Use::ReadWrite, kind));
            }
        }
        for values in self.values() {
            all.extend(values.texts().into_iter().map(|text| (Use::Selector, text)));
        }
        all
    }

    /// All values of selectors.
    fn values(&self) -> Vec<&Values> {
        let mut all = Vec::new();
        for trail in &self.trails {
            let basic = trail.basic.iter().flat_map(Choice::all).flatten().flat_map(Choice::all);
            all.extend(basic.flat_map(|selector| selector.values.all()));
            let advanced =
                trail.advanced.iter().flat_map(Choice::all).flatten().flat_map(Choice::all);
            for field in advanced.flat_map(|selector| &selector.fields).flat_map(Choice::all) {
                all.extend(field.operators.iter().flat_map(|(_, values)| values.all()));
            }
        }
        all
    }

    /// What is open and stands somewhere in the template.
    pub(crate) fn open_ids(&self) -> Vec<OpenId> {
        let mut found = Vec::new();
        for (_, text) in self.texts() {
            self.opens_of(&text, &mut found);
        }
        found
    }

    pub(crate) fn opens_of(&self, text: &Text, found: &mut Vec<OpenId>) {
        let mut add = |id| {
            if !found.contains(&id) {
                found.push(id);
            }
        };
        match text {
            Text::Known(_) => {}
            Text::Parameter(at) | Text::Joined(at) => {
                if self.parameters[*at].known().is_none() {
                    add(OpenId::Parameter(*at));
                }
            }
            Text::Bucket(at) | Text::BucketArn(at) => {
                let name = &self.buckets[*at].name;
                if name.as_ref().is_none_or(Choice::may_be_absent) {
                    add(OpenId::Generated(*at));
                }
                if matches!(text, Text::BucketArn(_)) && self.partition().is_none() {
                    add(OpenId::Place);
                }
            }
            Text::Region if self.region.is_none() => add(OpenId::Place),
            Text::Partition if self.partition().is_none() => add(OpenId::Place),
            Text::Region | Text::Partition => {}
            Text::Account => {
                if self.account.is_none() {
                    add(OpenId::Account);
                }
            }
            Text::Import(at) => add(OpenId::Import(*at)),
            Text::Dynamic(at) => add(OpenId::Dynamic(*at)),
            Text::All(texts, _) => texts.iter().for_each(|text| self.opens_of(text, found)),
        }
    }

    /// The partition, where it is known.
    pub(crate) fn partition(&self) -> Option<&'static str> {
        self.partition.or_else(|| self.region.map(partition_of))
    }
}

impl Condition {
    /// What it compares.
    pub(crate) fn comparisons(&self) -> Vec<(&Text, &Text)> {
        match self {
            Self::Equals(one, other) => vec![(one, other)],
            Self::Not(condition) => condition.comparisons(),
            Self::And(all) | Self::Or(all) => all.iter().flat_map(Self::comparisons).collect(),
            Self::Named(_) => Vec::new(),
        }
    }
}

/// Some Regions, with their partitions.
pub(crate) const REGIONS: [(&str, &str); 6] = [
    ("us-east-1", "aws"),
    ("eu-west-1", "aws"),
    ("ap-east-1", "aws"),
    ("cn-north-1", "aws-cn"),
    ("us-gov-west-1", "aws-us-gov"),
    ("us-iso-east-1", "aws-iso"),
];

pub(crate) fn partition_of(region: &str) -> &'static str {
    REGIONS.iter().find(|(known, _)| *known == region).map_or("aws", |(_, partition)| partition)
}
