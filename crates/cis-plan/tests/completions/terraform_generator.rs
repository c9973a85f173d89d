//! Random Terraform plans: near misses of plans that log everything, with up to four values that
//! are known after apply.

use crate::generator::NAMES;
use crate::tape::Tape;
use crate::terraform::{
    Action, AdvancedBlock, BasicBlock, Blocks, Items, PlannedBucket, PlannedTrail, Slot,
    TerraformPlan, Unknown, UnknownOf, bucket_address,
};

/// The most values that are open.
const MOST_OPEN: usize = 4;

/// A plan.
pub(crate) fn plan(tape: &mut Tape) -> TerraformPlan {
    let mut generator = Generator { tape, plan: TerraformPlan::default(), open: 0 };
    while generator.plan.buckets.len() < 2 && generator.tape.below(2) == 1 {
        generator.bucket();
    }
    let trail = generator.trail();
    generator.plan.trails.push(trail);
    while generator.plan.trails.len() < 3 && generator.tape.below(5) > 2 {
        let trail = generator.trail();
        generator.plan.trails.push(trail);
    }
    generator.plan
}

struct Generator<'a> {
    tape: &'a mut Tape,
    plan: TerraformPlan,
    open: usize,
}

impl Generator<'_> {
    fn bucket(&mut self) {
        let bucket = match self.tape.below(3) {
            1 => PlannedBucket::Prefixed(self.tape.pick(&["logs-", "lo", "audit-"])),
            2 => PlannedBucket::Made,
            // Two buckets of one name would not be made.
            _ => PlannedBucket::Named(["logs", "payroll"][self.plan.buckets.len()]),
        };
        self.open += usize::from(bucket.is_made());
        self.plan.buckets.push(bucket);
    }

    /// Something unknown once in so many times, while there may be more.
    fn unknown(&mut self, times: u32, of: UnknownOf) -> Option<usize> {
        if self.open >= MOST_OPEN || !self.tape.once_in(times) {
            return None;
        }
        self.open += 1;
        let buckets = self.plan.buckets.len();
        let references = if buckets > 0 && !self.tape.once_in(4) {
            let address = bucket_address(self.tape.index(buckets));
            let attribute = self.tape.pick(&["arn", "id", "bucket"]);
            vec![format!("{address}.{attribute}"), address]
        } else {
            vec!["random_id.suffix.hex".to_string(), "random_id.suffix".to_string()]
        };
        self.plan.unknowns.push(Unknown { of, references });
        Some(self.plan.unknowns.len() - 1)
    }

    fn slot(&mut self, times: u32, of: UnknownOf, known: &[&str]) -> Slot {
        match self.unknown(times, of) {
            Some(at) => Slot::Unknown(at),
            None => Slot::Known(self.tape.pick(known).to_string()),
        }
    }

    fn fact(&mut self) -> Slot {
        let often_true = ["true"; 9];
        let known = [&often_true[..], &["false"]].concat();
        self.slot(6, UnknownOf::Fact, &known)
    }

    fn trail(&mut self) -> PlannedTrail {
        let actions = [
            Action::Create,
            Action::Create,
            Action::Create,
            Action::NoOp,
            Action::Update,
            Action::Delete,
        ];
        let action = self.tape.pick(&actions);
        // What is deleted, or stays as it is, is known.
        let before = self.open;
        if matches!(action, Action::Delete | Action::NoOp) {
            self.open = MOST_OPEN;
        }
        let trail = PlannedTrail {
            action,
            is_logging: self.fact(),
            is_multi_region: self.fact(),
            bucket: self.slot(4, UnknownOf::LogBucket, &NAMES),
            blocks: self.blocks(),
        };
        if matches!(action, Action::Delete | Action::NoOp) {
            self.open = before;
        }
        trail
    }

    fn blocks(&mut self) -> Blocks {
        if self.tape.below(3) == 2 {
            if let Some(at) = self.unknown(8, UnknownOf::BasicBlocks) {
                return Blocks::UnknownBasic(at);
            }
            let count = self.tape.pick(&[1, 1, 2, 0]);
            return Blocks::Basic((0..count).map(|_| self.basic()).collect());
        }
        if let Some(at) = self.unknown(8, UnknownOf::AdvancedBlocks) {
            return Blocks::UnknownAdvanced(at);
        }
        match self.tape.below(6) {
            // Two selectors that complete each other.
            4 | 5 => {
                let slot = self.arn();
                let other = if self.tape.once_in(3) { self.arn() } else { self.again(&slot) };
                let one = |operator, slot| AdvancedBlock {
                    fields: vec![("resources.ARN", operator, Items::Each(vec![slot]))],
                };
                let [first, second] = self.tape.pick(&[
                    ["StartsWith", "NotStartsWith"],
                    ["Equals", "NotEquals"],
                    ["EndsWith", "NotEndsWith"],
                ]);
                Blocks::Advanced(vec![one(first, slot), one(second, other)])
            }
            3 => Blocks::Advanced(vec![self.advanced(), self.advanced()]),
            _ => Blocks::Advanced(vec![self.advanced()]),
        }
    }

    fn arn(&mut self) -> Slot {
        let known = [
            "arn:aws:s3:::logs/",
            "arn:aws:s3:::",
            "arn:aws:s3",
            "arn:aws:s3:::logs",
            "arn:aws:s3:::payroll/",
            "arn:aws:s3:::payroll/*",
            "arn:aws:s3:::logs/2026/",
        ];
        self.slot(3, UnknownOf::Arn, &known)
    }

    /// The same expression again, which is another unknown value: a plan does not say that the two
    /// are the same.
    fn again(&mut self, slot: &Slot) -> Slot {
        match slot {
            Slot::Known(text) => Slot::Known(text.clone()),
            Slot::Unknown(at) if self.open < MOST_OPEN => {
                self.open += 1;
                self.plan.unknowns.push(self.plan.unknowns[*at].clone());
                Slot::Unknown(self.plan.unknowns.len() - 1)
            }
            Slot::Unknown(_) => Slot::Known("arn:aws:s3:::logs/".to_string()),
        }
    }

    fn arns(&mut self) -> Items {
        if let Some(at) = self.unknown(10, UnknownOf::Arns) {
            return Items::Unknown(at);
        }
        let count = self.tape.pick(&[1, 1, 1, 2]);
        Items::Each((0..count).map(|_| self.arn()).collect())
    }

    fn basic(&mut self) -> BasicBlock {
        let known = ["All", "All", "WriteOnly", "ReadOnly"];
        let read_write = self.slot(8, UnknownOf::ReadWrite, &known);
        let everything = ["arn:aws:s3", "arn:aws:s3:::"];
        let values = match self.tape.below(3) {
            0 => Items::Each(vec![Slot::Known(self.tape.pick(&everything).to_string())]),
            _ => self.arns(),
        };
        BasicBlock { read_write, values }
    }

    fn advanced(&mut self) -> AdvancedBlock {
        let mut fields = Vec::new();
        for _ in 0..self.tape.pick(&[0, 1, 1, 2]) {
            fields.push(match self.tape.below(5) {
                0 => {
                    let value = Slot::Known(self.tape.pick(&["false", "true"]).to_string());
                    ("readOnly", "Equals", Items::Each(vec![value]))
                }
                1 => {
                    let operator = self.tape.pick(&["NotEquals", "NotStartsWith", "Equals"]);
                    let known = ["GetObject", "PutObject"];
                    let value = self.slot(3, UnknownOf::EventName, &known);
                    ("eventName", operator, Items::Each(vec![value]))
                }
                _ => {
                    let operator = self.tape.pick(&[
                        "NotStartsWith",
                        "NotStartsWith",
                        "NotEquals",
                        "StartsWith",
                        "Equals",
                        "NotEndsWith",
                    ]);
                    ("resources.ARN", operator, self.arns())
                }
            });
        }
        AdvancedBlock { fields }
    }
}
