//! A Terraform plan, as far as trails need it, and the account that it makes. What is known after
//! apply may be anything of its type: a plan names what an expression refers to, never what it
//! makes of that.
//!
//! Source: <https://developer.hashicorp.com/terraform/internals/json-format>

use cis_plan::Setting;

use crate::account::{Account, MadeAdvanced, MadeBasic, MadeTrail};
use crate::candidates::too_long;
use crate::completion::is_bucket_name;
use crate::judge::{Open, Plan};
use crate::product::setting;

/// A plan.
#[derive(Clone, Debug, Default)]
pub(crate) struct TerraformPlan {
    pub(crate) buckets: Vec<PlannedBucket>,
    pub(crate) trails: Vec<PlannedTrail>,
    /// What is known after apply, besides the names of buckets.
    pub(crate) unknowns: Vec<Unknown>,
}

#[derive(Clone, Debug)]
pub(crate) enum PlannedBucket {
    Named(&'static str),
    /// `bucket_prefix`.
    Prefixed(&'static str),
    /// The provider makes a name.
    Made,
}

#[derive(Clone, Debug)]
pub(crate) struct PlannedTrail {
    pub(crate) action: Action,
    pub(crate) is_logging: Slot,
    pub(crate) is_multi_region: Slot,
    pub(crate) bucket: Slot,
    pub(crate) blocks: Blocks,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    Create,
    NoOp,
    Update,
    Delete,
}

/// A value, or the position of one that is not known.
#[derive(Clone, Debug)]
pub(crate) enum Slot {
    Known(String),
    Unknown(usize),
}

/// The blocks of a trail.
#[derive(Clone, Debug)]
pub(crate) enum Blocks {
    Basic(Vec<BasicBlock>),
    Advanced(Vec<AdvancedBlock>),
    /// `dynamic "event_selector"` over something that is not known.
    UnknownBasic(usize),
    /// `dynamic "advanced_event_selector"` over something that is not known.
    UnknownAdvanced(usize),
}

#[derive(Clone, Debug)]
pub(crate) struct BasicBlock {
    pub(crate) read_write: Slot,
    pub(crate) values: Items,
}

#[derive(Clone, Debug)]
pub(crate) struct AdvancedBlock {
    /// Besides eventCategory and resources.type: field, operator, values.
    pub(crate) fields: Vec<(&'static str, &'static str, Items)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Items {
    Each(Vec<Slot>),
    Unknown(usize),
}

/// What is known after apply.
#[derive(Clone, Debug)]
pub(crate) struct Unknown {
    pub(crate) of: UnknownOf,
    /// What its expression refers to.
    pub(crate) references: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum UnknownOf {
    Fact,
    LogBucket,
    ReadWrite,
    /// A value of `resources.ARN`, or of a basic selector.
    Arn,
    EventName,
    Arns,
    BasicBlocks,
    AdvancedBlocks,
}

pub(crate) fn bucket_address(at: usize) -> String {
    format!("aws_s3_bucket.bucket{at}")
}

impl UnknownOf {
    const fn name(self) -> &'static str {
        match self {
            Self::Fact => "unknown fact",
            Self::LogBucket => "unknown s3_bucket_name",
            Self::ReadWrite => "unknown read_write_type",
            Self::Arn => "unknown ARN",
            Self::EventName => "unknown eventName",
            Self::Arns => "unknown list of ARNs",
            Self::BasicBlocks => "unknown event_selector blocks",
            Self::AdvancedBlocks => "unknown advanced_event_selector blocks",
        }
    }
}

impl PlannedBucket {
    fn names(&self, at: usize, words: &[String]) -> Vec<String> {
        let start = match self {
            Self::Named(name) => return vec![(*name).to_string()],
            Self::Prefixed(prefix) => prefix,
            Self::Made => "",
        };
        let mut all: Vec<String> =
            words.iter().filter(|word| word.starts_with(start)).cloned().collect();
        all.push(format!("{start}2026{at}"));
        all.retain(|name| is_bucket_name(name));
        all
    }

    /// Whether its name is known after apply.
    pub(crate) const fn is_made(&self) -> bool {
        !matches!(self, Self::Named(_))
    }
}

impl TerraformPlan {
    /// The buckets whose names are made, by position.
    fn made(&self) -> Vec<usize> {
        (0..self.buckets.len()).filter(|at| self.buckets[*at].is_made()).collect()
    }

    /// Bucket names that the plan or the question mentions.
    fn names(&self, words: &[String]) -> Vec<String> {
        let mut all = words.to_vec();
        for literal in self.literals() {
            let name = literal.split(":::").nth(1).unwrap_or_default();
            all.push(name.split('/').next().unwrap_or_default().to_string());
        }
        for bucket in &self.buckets {
            if let PlannedBucket::Named(name) = bucket {
                all.push((*name).to_string());
            }
        }
        all.retain(|name| is_bucket_name(name));
        all.sort();
        all.dedup();
        all
    }

    /// Texts that are written out in selectors.
    fn literals(&self) -> Vec<String> {
        let mut all = Vec::new();
        for trail in &self.trails {
            let items: Vec<&Items> = match &trail.blocks {
                Blocks::Basic(blocks) => blocks.iter().map(|block| &block.values).collect(),
                Blocks::Advanced(blocks) => {
                    blocks.iter().flat_map(|block| &block.fields).map(|(.., items)| items).collect()
                }
                Blocks::UnknownBasic(_) | Blocks::UnknownAdvanced(_) => Vec::new(),
            };
            for items in items {
                if let Items::Each(slots) = items {
                    all.extend(slots.iter().filter_map(|slot| match slot {
                        Slot::Known(text) => Some(text.clone()),
                        Slot::Unknown(_) => None,
                    }));
                }
            }
        }
        all.sort();
        all.dedup();
        all
    }

    fn candidates(&self, of: UnknownOf, words: &[String]) -> Vec<String> {
        let owned = |all: &[&str]| all.iter().map(ToString::to_string).collect();
        let mut all: Vec<String> = match of {
            UnknownOf::Fact => owned(&["true", "false"]),
            UnknownOf::ReadWrite => owned(&["All", "WriteOnly", "ReadOnly"]),
            UnknownOf::LogBucket => [words.to_vec(), owned(&["fresh-l"])].concat(),
            UnknownOf::EventName => {
                // Events of both kinds, and what no event is called.
                let events = owned(&["fresh", "", "Get", "GetObject", "PutObject"]);
                [self.literals(), events].concat()
            }
            UnknownOf::Arn | UnknownOf::Arns => {
                let mut all = owned(&["fresh-t", "", "arn:aws:s3:::", "arn:aws:s3", "/", "*"]);
                all.push(too_long());
                all.extend(self.literals());
                let mut names = self.names(words);
                names.push("fresh-n".to_string());
                for name in names {
                    all.push(format!("arn:aws:s3:::{name}/"));
                    all.push(format!("arn:aws:s3:::{name}"));
                }
                all
            }
            UnknownOf::BasicBlocks | UnknownOf::AdvancedBlocks => owned(&["none", "all", "logs"]),
        };
        all.sort();
        all.dedup();
        if of == UnknownOf::Arns {
            all.retain(|text| !text.is_empty());
            all.push("arn:aws:s3:::logs/,arn:aws:s3:::".to_string());
        }
        all
    }
}

impl Plan for TerraformPlan {
    fn text(&self) -> String {
        self.json().to_string()
    }

    fn setting(&self) -> Setting {
        setting(Some("aws"), None, None, std::collections::BTreeMap::new())
    }

    fn opens(&self, words: &[String]) -> Vec<Open> {
        let unknown = |(at, unknown): (usize, &Unknown)| Open {
            name: format!("unknown {at}, which refers to {:?}", unknown.references),
            kinds: vec![unknown.of.name().to_string()],
            candidates: self.candidates(unknown.of, words),
            is_thorough: unknown.of != UnknownOf::Arns,
        };
        let made = |at: usize| Open {
            name: format!("the name of {}", bucket_address(at)),
            kinds: vec!["generated name".to_string()],
            candidates: self.buckets[at].names(at, &self.names(words)),
            is_thorough: true,
        };
        let unknowns = self.unknowns.iter().enumerate().map(unknown);
        unknowns.chain(self.made().into_iter().map(made)).collect()
    }

    fn complete(&self, values: &[String]) -> Option<Account> {
        let (unknowns, made) = values.split_at(self.unknowns.len());
        let completion = Completion { unknowns };
        let mut names = made.iter();
        let mut buckets: Vec<(String, String)> = Vec::new();
        for (at, bucket) in self.buckets.iter().enumerate() {
            let name = match bucket {
                PlannedBucket::Named(name) => (*name).to_string(),
                PlannedBucket::Prefixed(_) | PlannedBucket::Made => names.next()?.clone(),
            };
            if buckets.iter().any(|(_, other)| *other == name) {
                return None;
            }
            buckets.push((bucket_address(at), name));
        }
        let trails = self.trails.iter().enumerate();
        Some(Account {
            id: "111122223333".to_string(),
            partition: "aws".to_string(),
            region: "us-east-1".to_string(),
            trails: trails
                .filter(|(_, trail)| trail.action != Action::Delete)
                .map(|(at, trail)| completion.trail(at, trail))
                .collect(),
            buckets,
        })
    }
}

/// Values for what is not known.
struct Completion<'a> {
    unknowns: &'a [String],
}

impl Completion<'_> {
    fn slot(&self, slot: &Slot) -> String {
        match slot {
            Slot::Known(text) => text.clone(),
            Slot::Unknown(at) => self.unknowns[*at].clone(),
        }
    }

    fn items(&self, items: &Items) -> Vec<String> {
        match items {
            Items::Each(slots) => slots.iter().map(|slot| self.slot(slot)).collect(),
            Items::Unknown(at) => self.unknowns[*at].split(',').map(str::to_string).collect(),
        }
    }

    fn trail(&self, at: usize, trail: &PlannedTrail) -> MadeTrail {
        let (mut basic, mut advanced) = (Vec::new(), Vec::new());
        match &trail.blocks {
            Blocks::Basic(blocks) => {
                basic.extend(blocks.iter().map(|block| MadeBasic {
                    read_write: Some(self.slot(&block.read_write)),
                    values: Some(self.items(&block.values)),
                }));
            }
            Blocks::Advanced(blocks) => {
                advanced.extend(blocks.iter().map(|block| {
                    let fields = block.fields.iter();
                    let written = fields.map(|(field, operator, items)| {
                        (*field, vec![(*operator, self.items(items))])
                    });
                    MadeAdvanced { fields: written.collect() }
                }));
            }
            Blocks::UnknownBasic(at) => {
                let value = match self.unknowns[*at].as_str() {
                    "all" => Some("arn:aws:s3"),
                    "logs" => Some("arn:aws:s3:::logs/"),
                    _ => None,
                };
                basic.extend(value.map(|value| MadeBasic {
                    read_write: Some("All".to_string()),
                    values: Some(vec![value.to_string()]),
                }));
            }
            Blocks::UnknownAdvanced(at) => match self.unknowns[*at].as_str() {
                "all" => advanced.push(MadeAdvanced::default()),
                "logs" => {
                    let values = vec!["arn:aws:s3:::logs/".to_string()];
                    let fields = vec![("resources.ARN", vec![("StartsWith", values)])];
                    advanced.push(MadeAdvanced { fields });
                }
                _ => {}
            },
        }
        MadeTrail {
            name: format!("trail{at}"),
            is_logging: self.slot(&trail.is_logging) == "true",
            is_multi_region: self.slot(&trail.is_multi_region) == "true",
            bucket: self.slot(&trail.bucket),
            basic,
            advanced,
        }
    }
}
