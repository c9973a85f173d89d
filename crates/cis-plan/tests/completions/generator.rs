//! Random templates: near misses of templates that log everything, with up to six open values.

#[path = "generator/trails.rs"]
mod trails;

use cis_rules::question::{Deliveries, Kind, Mode, Question};

use crate::judge::Asked;
use crate::spelling::bucket_id;
use crate::tape::Tape;
use crate::template::{
    Bucket, Choice, Condition, OpenId, Parameter, ParameterKind, Pattern, Spelling, Template, Text,
};

/// The most values that a template leaves open.
pub(crate) const MOST_OPEN: usize = 6;

/// Names that meet each other, some more often than others.
pub(crate) const NAMES: [&str; 9] =
    ["logs", "logs", "logs", "payroll", "payroll", "log", "logs-prod", "pay", "audit.logs"];
const STAGES: [&str; 3] = ["prod", "dev", "logs"];

/// What a parameter is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Role {
    Switch,
    Stage,
    Name,
    Arn,
    ReadWrite,
    Arns,
}

/// A template, and what it leaves open.
pub(crate) fn template(tape: &mut Tape) -> (Template, Vec<OpenId>) {
    let mut generator = Generator::new(tape);
    generator.fill();
    let mut template = generator.template;
    let mut ids = template.open_ids();
    // Too many: parameters get defaults, then places and names are written out.
    for at in 0..template.parameters.len() {
        if ids.len() > MOST_OPEN && ids.contains(&OpenId::Parameter(at)) {
            let parameter = &mut template.parameters[at];
            if parameter.kind == ParameterKind::Stored {
                parameter.kind = ParameterKind::Text;
            }
            parameter.default = Some(default_of(generator.roles[at]).to_string());
            parameter.allowed.clear();
            parameter.pattern = None;
            ids = template.open_ids();
        }
    }
    if ids.len() > MOST_OPEN {
        template.account = Some("111122223333");
        template.region = Some("us-east-1");
        template.partition = Some("aws");
        ids = template.open_ids();
    }
    while ids.len() > MOST_OPEN {
        let made = ids.iter().find_map(|id| match id {
            OpenId::Generated(at) => Some(*at),
            _ => None,
        });
        let at = made.unwrap();
        template.buckets[at].name = Some(Choice::Is(Text::Known(format!("written-out-{at}"))));
        ids = template.open_ids();
    }
    (template, ids)
}

/// Questions about a template.
pub(crate) fn questions(tape: &mut Tape, buckets: usize) -> Vec<Asked> {
    (0..2).map(|_| asked(tape, &(0..buckets).map(bucket_id).collect::<Vec<_>>())).collect()
}

/// A question about a plan with these names of buckets.
pub(crate) fn asked(tape: &mut Tape, own_names: &[String]) -> Asked {
    let kind = tape.pick(&[Kind::Write, Kind::Read]);
    let mode = tape.pick(&[Mode::Any, Mode::Union, Mode::Every]);
    let mut question = Question::new(kind, mode);
    let mut own = Vec::new();
    if tape.once_in(2) {
        question.allow_unlogged.push(tape.pick(&NAMES).parse().unwrap());
    }
    if !own_names.is_empty() && tape.once_in(4) {
        own.push(own_names[tape.index(own_names.len())].clone());
    }
    if tape.once_in(10) {
        question.deliveries = Deliveries::Require;
    }
    if tape.once_in(10) {
        question.trusted_log_buckets.push(tape.pick(&NAMES).parse().unwrap());
    }
    Asked { question, own }
}

const fn default_of(role: Role) -> &'static str {
    match role {
        Role::Switch => "true",
        Role::Stage => "prod",
        Role::Name => "logs",
        Role::Arn | Role::Arns => "arn:aws:s3:::logs/",
        Role::ReadWrite => "All",
    }
}

struct Generator<'a> {
    tape: &'a mut Tape,
    template: Template,
    roles: Vec<Role>,
}

impl<'a> Generator<'a> {
    fn new(tape: &'a mut Tape) -> Self {
        let template = Template {
            parameters: Vec::new(),
            conditions: Vec::new(),
            buckets: Vec::new(),
            trails: Vec::new(),
            region: None,
            partition: None,
            account: None,
        };
        Self { tape, template, roles: Vec::new() }
    }

    fn fill(&mut self) {
        match self.tape.below(8) {
            0..6 => self.template.partition = Some("aws"),
            6 => self.template.region = Some("us-east-1"),
            _ => {}
        }
        if self.tape.once_in(3) {
            self.template.account = Some("111122223333");
        }
        while self.roles.len() < 4 && self.one_more() {
            self.parameter();
        }
        let most = if self.roles.is_empty() && !self.tape.once_in(3) { 0 } else { 3 };
        while self.template.conditions.len() < most && self.one_more() {
            let condition = self.condition(2);
            self.template.conditions.push(condition);
        }
        let count = self.template.conditions.len();
        let opposite = (count > 0 && self.tape.once_in(3)).then(|| self.tape.index(count));
        if let Some(condition) = opposite {
            let opposite = Condition::Not(Box::new(Condition::Named(condition)));
            self.template.conditions.push(opposite);
        }
        while self.template.buckets.len() < 3 && self.one_more() {
            let bucket = self.bucket();
            self.template.buckets.push(bucket);
        }
        let trail = self.trail();
        self.template.trails.push(trail);
        while self.template.trails.len() < 3 && self.tape.below(5) > 2 {
            let trail = self.trail();
            self.template.trails.push(trail);
        }
        // One of two trails is always made.
        if let (Some(condition), [one, other, ..]) = (opposite, &mut self.template.trails[..])
            && self.tape.once_in(2)
        {
            one.condition = Some(condition);
            other.condition = Some(count);
        }
    }

    /// Whether there is one more; a choice for each, so that one can be left out.
    fn one_more(&mut self) -> bool {
        self.tape.below(3) > 0
    }

    fn parameter(&mut self) {
        let roles = [Role::Switch, Role::Stage, Role::Name, Role::Arn, Role::ReadWrite, Role::Arns];
        let role = self.tape.pick(&roles);
        let mut parameter = Parameter {
            kind: ParameterKind::Text,
            default: None,
            allowed: Vec::new(),
            pattern: None,
            given: None,
        };
        let constraint = self.tape.below(4);
        let (allowed, pattern): (&[&str], _) = match role {
            Role::Switch => (&["true", "false"], Pattern::Switch),
            Role::Stage => (&STAGES, Pattern::Letters),
            Role::Name => (&["logs", "payroll"], Pattern::BucketName),
            Role::Arn => (&["arn:aws:s3", "arn:aws:s3:::"], Pattern::ObjectArn),
            Role::ReadWrite => (&["All", "WriteOnly"], Pattern::Letters),
            Role::Arns => (&["arn:aws:s3:::", "arn:aws:s3:::logs/"], Pattern::ObjectArn),
        };
        match constraint {
            0 | 1 => {}
            2 => parameter.allowed = allowed.to_vec(),
            _ if matches!(role, Role::Arns | Role::ReadWrite) => {}
            _ => parameter.pattern = Some(pattern),
        }
        if role == Role::Arns {
            parameter.kind = ParameterKind::List;
        }
        match self.tape.below(8) {
            5 if role != Role::Arns => parameter.kind = ParameterKind::Stored,
            6 => parameter.default = Some(default_of(role).to_string()),
            7 => parameter.given = Some(default_of(role).to_string()),
            _ => {}
        }
        let is_fine = |value: &Option<String>| value.as_ref().is_none_or(|v| parameter.allows(v));
        if !is_fine(&parameter.default) || !is_fine(&parameter.given) {
            parameter.allowed.clear();
            parameter.pattern = None;
        }
        if parameter.kind == ParameterKind::Stored {
            parameter.allowed.clear();
            parameter.pattern = None;
            parameter.default = Some("/audit/value".to_string());
        }
        self.template.parameters.push(parameter);
        self.roles.push(role);
    }

    /// A parameter of one of these roles.
    fn parameter_for(&mut self, roles: &[Role]) -> Option<usize> {
        let all: Vec<usize> =
            (0..self.roles.len()).filter(|at| roles.contains(&self.roles[*at])).collect();
        if all.is_empty() { None } else { Some(all[self.tape.index(all.len())]) }
    }

    fn condition(&mut self, depth: u32) -> Condition {
        let named = self.template.conditions.len();
        match self.tape.below(if depth == 0 { 4 } else { 8 }) {
            0..3 => self.comparison(),
            3 if named > 0 => Condition::Named(self.tape.index(named)),
            4 | 5 => Condition::Not(Box::new(self.condition(depth.saturating_sub(1)))),
            6 => Condition::And(self.conditions(depth)),
            7 => Condition::Or(self.conditions(depth)),
            _ => self.comparison(),
        }
    }

    fn conditions(&mut self, depth: u32) -> Vec<Condition> {
        (0..2).map(|_| self.condition(depth.saturating_sub(1))).collect()
    }

    fn comparison(&mut self) -> Condition {
        let known = |text: &str| Text::Known(text.to_string());
        let count = self.roles.len();
        if count == 0 || self.tape.once_in(6) {
            return match self.tape.below(3) {
                0 => Condition::Equals(
                    Text::Region,
                    known(self.tape.pick(&["us-east-1", "eu-west-1"])),
                ),
                1 => Condition::Equals(Text::Partition, known(self.tape.pick(&["aws", "aws-cn"]))),
                _ => Condition::Equals(Text::Account, known("111122223333")),
            };
        }
        let at = self.tape.index(count);
        let role = self.roles[at];
        let one = if role == Role::Arns { Text::Joined(at) } else { Text::Parameter(at) };
        if self.tape.once_in(8) {
            let second = self.tape.index(count);
            if self.roles[second] != Role::Arns && second != at {
                return Condition::Equals(one, Text::Parameter(second));
            }
        }
        let value = match role {
            Role::Switch => self.tape.pick(&["true", "false"]),
            Role::Stage => self.tape.pick(&STAGES),
            Role::Name => self.tape.pick(&["", "logs", "payroll"]),
            Role::Arn | Role::Arns => {
                self.tape.pick(&["arn:aws:s3:::", "arn:aws:s3", "arn:aws:s3:::logs/"])
            }
            Role::ReadWrite => self.tape.pick(&["All", "WriteOnly"]),
        };
        Condition::Equals(one, known(value))
    }

    /// Perhaps a condition.
    fn some_condition(&mut self, times: u32) -> Option<usize> {
        let count = self.template.conditions.len();
        (count > 0 && self.tape.once_in(times)).then(|| self.tape.index(count))
    }

    /// A value, or one of two, or perhaps nothing.
    fn choice<T>(&mut self, times: u32, make: &mut dyn FnMut(&mut Self) -> T) -> Choice<T> {
        let Some(condition) = self.some_condition(times) else { return Choice::Is(make(self)) };
        let one = Some(Box::new(self.either(4, make)));
        match self.tape.below(4) {
            0 | 1 => Choice::If(condition, one, Some(Box::new(self.choice(4, make)))),
            2 => Choice::If(condition, one, None),
            _ => Choice::If(condition, None, one),
        }
    }

    /// One of some values, never nothing.
    fn either<T>(&mut self, times: u32, make: &mut dyn FnMut(&mut Self) -> T) -> Choice<T> {
        let Some(condition) = self.some_condition(times) else { return Choice::Is(make(self)) };
        let one = Some(Box::new(self.either(4, make)));
        Choice::If(condition, one, Some(Box::new(self.either(4, make))))
    }

    fn bucket(&mut self) -> Bucket {
        let name = match self.tape.below(4) {
            0 | 1 => None,
            2 => Some(Choice::Is(self.name(false))),
            _ => Some(self.choice(1, &mut |generator| generator.name(false))),
        };
        Bucket { name, condition: self.some_condition(5) }
    }

    /// A text that is a bucket's name.
    fn name(&mut self, with_references: bool) -> Text {
        let known = |text: &str| Text::Known(text.to_string());
        let spelling = self.tape.pick(&[Spelling::Sub, Spelling::Join]);
        let buckets = self.template.buckets.len();
        match self.tape.below(if with_references { 12 } else { 5 }) {
            1 => match self.parameter_for(&[Role::Name]) {
                Some(at) => Text::Parameter(at),
                None => known("logs"),
            },
            2 => match self.parameter_for(&[Role::Stage, Role::Name]) {
                Some(at) => Text::All(vec![Text::Parameter(at), known("-prod")], spelling),
                None => known("logs-prod"),
            },
            3 if self.tape.once_in(3) => Text::All(vec![known("logs-"), Text::Account], spelling),
            5..10 if buckets > 0 => Text::Bucket(self.tape.index(buckets)),
            10 => Text::Dynamic(self.tape.index(2)),
            11 => Text::Import(self.tape.index(2)),
            _ => known(self.tape.pick(&NAMES)),
        }
    }
}
