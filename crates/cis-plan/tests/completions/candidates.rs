//! Values that can make a difference: what the template and the question mention, near misses of
//! that, and some that nothing mentions.

use std::collections::BTreeSet;

use crate::completion::is_bucket_name;
use crate::judge::Open;
use crate::spelling::{bucket_id, dynamic_reference, parameter_name};
use crate::template::{Choice, OpenId, ParameterKind, REGIONS, Template, Text, Use, partition_of};

/// Part of a text.
#[derive(Clone, Debug)]
enum Piece {
    Known(String),
    Open(OpenId),
}

/// A text as its parts, without two known ones beside each other.
type Pattern = Vec<Piece>;

/// A pattern at its place, and what it is compared with.
struct Placed {
    of: Use,
    pattern: Pattern,
    against: Vec<Pattern>,
}

/// What a template leaves open, with candidates.
pub(crate) fn opens(template: &Template, ids: &[OpenId], words: &[String]) -> Vec<Open> {
    let mut gathered = Gathered { template, placed: Vec::new(), names: BTreeSet::new() };
    gathered.gather(words);
    ids.iter().map(|id| gathered.open(*id)).collect()
}

struct Gathered<'a> {
    template: &'a Template,
    placed: Vec<Placed>,
    /// Bucket names that are mentioned.
    names: BTreeSet<String>,
}

impl Gathered<'_> {
    fn gather(&mut self, words: &[String]) {
        self.names.extend(words.iter().cloned());
        for condition in &self.template.conditions {
            for (one, other) in condition.comparisons() {
                let (one, other) = (self.patterns(one), self.patterns(other));
                for (pattern, against) in one
                    .iter()
                    .map(|pattern| (pattern, &other))
                    .chain(other.iter().map(|pattern| (pattern, &one)))
                {
                    let (pattern, against) = (pattern.clone(), against.clone());
                    self.placed.push(Placed { of: Use::Condition, pattern, against });
                }
            }
        }
        for (of, text) in self.template.texts() {
            if of != Use::Condition {
                for pattern in self.patterns(&text) {
                    self.placed.push(Placed { of, pattern, against: Vec::new() });
                }
            }
        }
        for literal in self.literals() {
            let name = literal.split(":::").nth(1).unwrap_or(&literal);
            let name = name.split('/').next().unwrap_or_default();
            if is_bucket_name(name) {
                self.names.insert(name.to_string());
            }
        }
    }

    /// All ways in which a text may be put together.
    fn patterns(&self, text: &Text) -> Vec<Pattern> {
        let mut found = vec![Vec::new()];
        self.append(&mut found, text);
        found
    }

    fn append(&self, found: &mut Vec<Pattern>, text: &Text) {
        let template = self.template;
        let parameter = |at: usize| match template.parameters[at].known() {
            Some(known) => Piece::Known(known.to_string()),
            None => Piece::Open(OpenId::Parameter(at)),
        };
        let place = |known: Option<&str>| match known {
            Some(known) => Piece::Known(known.to_string()),
            None => Piece::Open(OpenId::Place),
        };
        let piece = match text {
            Text::Known(text) => Piece::Known(text.clone()),
            Text::Parameter(at) | Text::Joined(at) => parameter(*at),
            Text::Bucket(at) => return self.append_name(found, *at),
            Text::BucketArn(at) => {
                self.append(found, &Text::Known("arn:".to_string()));
                self.append(found, &Text::Partition);
                self.append(found, &Text::Known(":s3:::".to_string()));
                return self.append_name(found, *at);
            }
            Text::Region => place(template.region),
            Text::Partition => place(template.partition()),
            Text::Account => match template.account {
                Some(account) => Piece::Known(account.to_string()),
                None => Piece::Open(OpenId::Account),
            },
            Text::Import(at) => Piece::Open(OpenId::Import(*at)),
            Text::Dynamic(at) => Piece::Open(OpenId::Dynamic(*at)),
            Text::All(texts, _) => {
                texts.iter().for_each(|text| self.append(found, text));
                return;
            }
        };
        for pattern in found {
            match (&piece, pattern.last_mut()) {
                (Piece::Known(text), Some(Piece::Known(last))) => last.push_str(text),
                _ => pattern.push(piece.clone()),
            }
        }
    }

    fn append_name(&self, found: &mut Vec<Pattern>, at: usize) {
        let name = &self.template.buckets[at].name;
        let texts: Vec<&Text> = name.iter().flat_map(Choice::all).collect();
        let is_generated = name.as_ref().is_none_or(Choice::may_be_absent);
        let before = std::mem::take(found);
        for text in texts {
            let mut with = before.clone();
            self.append(&mut with, text);
            found.extend(with);
        }
        if is_generated {
            found.extend(before.into_iter().map(|mut pattern| {
                pattern.push(Piece::Open(OpenId::Generated(at)));
                pattern
            }));
        }
    }

    /// Texts that are written out in selectors, conditions and names.
    fn literals(&self) -> BTreeSet<String> {
        let patterns = self.placed.iter().map(|placed| &placed.pattern);
        patterns
            .filter_map(|pattern| match pattern.as_slice() {
                [Piece::Known(text)] => Some(text.clone()),
                _ => None,
            })
            .collect()
    }

    fn open(&self, id: OpenId) -> Open {
        let is_in = |pattern: &Pattern| {
            pattern.iter().any(|piece| matches!(piece, Piece::Open(other) if *other == id))
        };
        let mine: Vec<&Placed> = self.placed.iter().filter(|one| is_in(&one.pattern)).collect();
        let (name, what) = self.names_of(id);
        let candidates = match id {
            OpenId::Generated(at) => self.generated(at),
            OpenId::Place => self.places(),
            OpenId::Account => self.accounts(),
            OpenId::Parameter(at) => self.parameter(at, &mine),
            OpenId::Import(_) | OpenId::Dynamic(_) => self.texts(id, &mine),
        };
        let mut uses: BTreeSet<&str> = mine.iter().map(|placed| name_of(placed.of)).collect();
        if uses.is_empty() {
            uses.insert("the question");
        }
        let has_one_open = |pattern: &Pattern| {
            pattern.iter().filter(|piece| matches!(piece, Piece::Open(_))).count() == 1
        };
        let is_list = matches!(id, OpenId::Parameter(at)
            if self.template.parameters[at].kind == ParameterKind::List
                && self.template.parameters[at].allowed.is_empty());
        Open {
            name,
            kinds: uses.into_iter().map(|of| format!("{what} in {of}")).collect(),
            candidates,
            is_thorough: !is_list && mine.iter().all(|placed| has_one_open(&placed.pattern)),
        }
    }

    fn names_of(&self, id: OpenId) -> (String, String) {
        match id {
            OpenId::Parameter(at) => {
                let parameter = &self.template.parameters[at];
                let what = match parameter.kind {
                    ParameterKind::List => "list parameter",
                    ParameterKind::Stored => "stored parameter",
                    ParameterKind::Text if !parameter.allowed.is_empty() => {
                        "parameter of a few values"
                    }
                    ParameterKind::Text if parameter.pattern.is_some() => "parameter of a pattern",
                    ParameterKind::Text => "parameter",
                };
                (parameter_name(at), what.to_string())
            }
            OpenId::Generated(at) => {
                (format!("the name of {}", bucket_id(at)), "generated name".to_string())
            }
            OpenId::Import(at) => (format!("Export{at}"), "imported value".to_string()),
            OpenId::Dynamic(at) => (dynamic_reference(at), "dynamic reference".to_string()),
            OpenId::Place if self.template.partition().is_none() => {
                ("AWS::Region".to_string(), "partition".to_string())
            }
            OpenId::Place => ("AWS::Region".to_string(), "Region".to_string()),
            OpenId::Account => ("AWS::AccountId".to_string(), "account".to_string()),
        }
    }

    fn generated(&self, at: usize) -> Vec<String> {
        let mut all = vec![format!("fresh-{at}a"), format!("q{at}.fresh")];
        for name in &self.names {
            let shorter = name.get(..name.len().saturating_sub(1)).unwrap_or_default();
            all.extend([name.clone(), format!("{name}-x"), shorter.to_string()]);
        }
        distinct(all.into_iter().filter(|name| is_bucket_name(name)))
    }

    /// Regions; where an ARN is written out with a partition, the plan is for that one.
    fn places(&self) -> Vec<String> {
        let literals = self.literals();
        let writes_aws = self.placed.iter().any(|placed| {
            let first = placed.pattern.first();
            matches!(first, Some(Piece::Known(text)) if text.starts_with("arn:aws:"))
        });
        let partition = self.template.partition().or(writes_aws.then_some("aws"));
        let fits = |region: &str| partition.is_none_or(|known| partition_of(region) == known);
        let known = REGIONS.iter().map(|(region, _)| (*region).to_string());
        let written =
            literals.into_iter().filter(|text| REGIONS.iter().any(|(region, _)| region == text));
        distinct(known.chain(written).filter(|region| fits(region)))
    }

    fn accounts(&self) -> Vec<String> {
        let fresh = ["111122223333", "999988887777"].map(str::to_string);
        let is_id = |text: &String| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
        distinct(fresh.into_iter().chain(self.literals().into_iter().filter(is_id)))
    }

    fn parameter(&self, at: usize, mine: &[&Placed]) -> Vec<String> {
        let parameter = &self.template.parameters[at];
        if !parameter.allowed.is_empty() {
            let mut all: Vec<String> = parameter.allowed.iter().map(ToString::to_string).collect();
            if parameter.kind == ParameterKind::List {
                all.push(parameter.allowed.join(","));
            }
            return all;
        }
        let mut all = self.texts(OpenId::Parameter(at), mine);
        if parameter.kind == ParameterKind::List {
            all.retain(|text| !text.is_empty());
            let pairs: Vec<String> = all.windows(2).map(|pair| pair.join(",")).collect();
            all.extend(pairs);
        }
        if let Some(pattern) = parameter.pattern {
            all.extend(pattern.samples().iter().map(ToString::to_string));
        }
        distinct(all.into_iter().filter(|value| parameter.allows(value)))
    }

    /// Texts that may stand for an open text.
    fn texts(&self, id: OpenId, mine: &[&Placed]) -> Vec<String> {
        let mut all = Vec::new();
        let literals = self.literals();
        for placed in mine {
            let targets: Vec<String> = match placed.of {
                Use::Fact => ["true", "false"].map(str::to_string).to_vec(),
                Use::ReadWrite => ["All", "WriteOnly", "ReadOnly"].map(str::to_string).to_vec(),
                Use::Condition => {
                    let known =
                        placed.against.iter().filter_map(|pattern| match pattern.as_slice() {
                            [] => Some(String::new()),
                            [Piece::Known(text)] => Some(text.clone()),
                            _ => None,
                        });
                    // What is compared with something open may be like anything that is compared.
                    let is_open = placed
                        .against
                        .iter()
                        .any(|pattern| pattern.iter().any(|piece| matches!(piece, Piece::Open(_))));
                    let words =
                        self.placed.iter().filter(|other| is_open && other.of == Use::Condition);
                    let words =
                        words.flat_map(|other| &other.pattern).filter_map(|piece| match piece {
                            Piece::Known(text) => Some(text.clone()),
                            Piece::Open(_) => None,
                        });
                    known.chain(words).collect()
                }
                Use::LogBucket | Use::BucketName => self.names.iter().cloned().collect(),
                Use::Selector => {
                    let partition = self.template.partition().unwrap_or("aws");
                    let start = format!("arn:{partition}:s3");
                    let mut all = vec![start.clone(), format!("{start}:::")];
                    for name in &self.names {
                        all.push(format!("{start}:::{name}/"));
                        all.push(format!("{start}:::{name}"));
                    }
                    all.push(format!("{start}:::fresh-t/"));
                    all.extend(literals.iter().cloned());
                    all
                }
            };
            for target in targets {
                all.extend(inverted(&placed.pattern, id, &target));
            }
        }
        all.extend([String::new(), "fresh-t".to_string()]);
        let in_selectors = || mine.iter().filter(|placed| placed.of == Use::Selector);
        if in_selectors().any(|placed| placed.pattern.len() > 1) {
            all.extend(self.names.iter().cloned());
            all.push("fresh-t/key".to_string());
        }
        if in_selectors().next().is_some() {
            // No bucket has such a name, and no record's ARN is so long.
            all.extend(["*".to_string(), too_long()]);
        }
        distinct(all)
    }
}

/// What an open text must be for its pattern to be this text, where it is the only open one; where
/// there are others, what it may be between the known parts beside it.
fn inverted(pattern: &Pattern, id: OpenId, target: &str) -> Option<String> {
    let at =
        pattern.iter().position(|piece| matches!(piece, Piece::Open(other) if *other == id))?;
    let known = |at: Option<usize>| match at.and_then(|at| pattern.get(at)) {
        Some(Piece::Known(text)) => text.as_str(),
        _ => "",
    };
    let (before, after) = (known(at.checked_sub(1)), known(Some(at + 1)));
    let is_first = at <= usize::from(!before.is_empty());
    let rest = if is_first {
        target.strip_prefix(before)?
    } else {
        &target[target.find(before)? + before.len()..]
    };
    let is_last = at + 1 + usize::from(!after.is_empty()) >= pattern.len();
    let middle = if is_last { rest.strip_suffix(after)? } else { &rest[..rest.find(after)?] };
    Some(middle.to_string())
}

/// A text that is longer than the longest key, <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>,
/// with the longest bucket's name before it.
pub(crate) fn too_long() -> String {
    "k".repeat(1400)
}

fn distinct(all: impl IntoIterator<Item = String>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    all.into_iter().filter(|text| seen.insert(text.clone())).collect()
}

const fn name_of(of: Use) -> &'static str {
    match of {
        Use::Condition => "a condition",
        Use::Selector => "a selector",
        Use::ReadWrite => "ReadWriteType",
        Use::Fact => "a fact",
        Use::LogBucket => "S3BucketName",
        Use::BucketName => "BucketName",
    }
}
