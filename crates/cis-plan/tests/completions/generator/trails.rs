//! Random trails of a template.

use super::{Generator, Role};
use crate::template::{Advanced, Basic, Choice, FieldSelector, Spelling, Text, Trail, Values};

impl Generator<'_> {
    /// A text for `resources.ARN`, or for a basic selector.
    fn arn(&mut self) -> Text {
        let known = |text: &str| Text::Known(text.to_string());
        let spelling = self.tape.pick(&[Spelling::Sub, Spelling::Join]);
        let buckets = self.template.buckets.len();
        let ending = self.tape.pick(&["/", "/", "/", "", "/*", "*", "/2026/", "-"]);
        match self.tape.below(16) {
            0 | 1 => known(self.tape.pick(&["arn:aws:s3", "arn:aws:s3:::"])),
            2 => Text::All(vec![known("arn:"), Text::Partition, known(":s3:::")], spelling),
            3..7 if buckets > 0 => {
                let arn = Text::BucketArn(self.tape.index(buckets));
                if ending.is_empty() { arn } else { Text::All(vec![arn, known(ending)], spelling) }
            }
            12 => match self.parameter_for(&[Role::Arn]) {
                Some(at) => Text::Parameter(at),
                None => known("arn:aws:s3:::payroll/"),
            },
            13 => Text::Import(self.tape.index(2)),
            14 => Text::All(vec![Text::Import(self.tape.index(2)), known("/")], spelling),
            15 => Text::Dynamic(self.tape.index(2)),
            _ => {
                let name = self.name(true);
                Text::All(vec![known("arn:aws:s3:::"), name, known(ending)], spelling)
            }
        }
    }

    fn fact(&mut self) -> Choice<Text> {
        self.either(3, &mut |generator| match generator.tape.below(10) {
            8 => Text::Known("false".to_string()),
            9 => match generator.parameter_for(&[Role::Switch]) {
                Some(at) => Text::Parameter(at),
                None => Text::Known("false".to_string()),
            },
            _ => Text::Known("true".to_string()),
        })
    }

    pub(super) fn trail(&mut self) -> Trail {
        let condition = self.some_condition(3);
        let is_logging = self.fact();
        let is_multi_region = match self.tape.below(12) {
            10 => None,
            11 => Some(self.choice(2, &mut |generator| {
                Text::Known(generator.tape.pick(&["true", "false"]).to_string())
            })),
            _ => Some(self.fact()),
        };
        // It matters only where log buckets are trusted by name.
        let bucket = self.either(8, &mut |generator| {
            let with_references = generator.tape.once_in(4);
            generator.name(with_references)
        });
        let (mut basic, mut advanced) = (None, None);
        match self.tape.below(12) {
            0..6 => advanced = Some(self.either(5, &mut Self::advanced_selectors)),
            6..9 => basic = Some(self.either(5, &mut Self::basic_selectors)),
            9 => basic = Some(self.choice(2, &mut Self::basic_selectors)),
            10 => advanced = Some(self.choice(2, &mut Self::advanced_selectors)),
            _ => match self.some_condition(1) {
                // One kind or the other.
                Some(condition) => {
                    let one = Box::new(Choice::Is(self.basic_selectors()));
                    let other = Box::new(Choice::Is(self.advanced_selectors()));
                    basic = Some(Choice::If(condition, Some(one), None));
                    advanced = Some(Choice::If(condition, None, Some(other)));
                }
                None => basic = Some(Choice::Is(self.basic_selectors())),
            },
        }
        Trail { condition, is_logging, is_multi_region, bucket, basic, advanced }
    }

    fn basic_selectors(&mut self) -> Vec<Choice<Basic>> {
        let mut all = vec![self.either(8, &mut Self::basic)];
        if self.tape.once_in(3) {
            all.push(self.choice(4, &mut Self::basic));
        }
        all
    }

    fn basic(&mut self) -> Basic {
        let read_write = match self.tape.below(6) {
            0..2 => None,
            4 | 5 => {
                self.parameter_for(&[Role::ReadWrite]).map(|at| Choice::Is(Text::Parameter(at)))
            }
            _ => Some(self.either(5, &mut |generator| {
                let all = ["All", "All", "WriteOnly", "ReadOnly"];
                Text::Known(generator.tape.pick(&all).to_string())
            })),
        };
        let values = self.either(8, &mut |generator| match (
            generator.tape.once_in(6),
            generator.parameter_for(&[Role::Arns]),
        ) {
            (true, Some(at)) => Values::List(at),
            _ => generator.items(),
        });
        Basic { read_write, values }
    }

    fn items(&mut self) -> Values {
        let mut all = vec![self.either(6, &mut Self::arn)];
        if self.tape.once_in(4) {
            all.push(self.choice(3, &mut Self::arn));
        }
        Values::Items(all)
    }

    fn advanced_selectors(&mut self) -> Vec<Choice<Advanced>> {
        let item = |text: &Text| vec![Choice::Is(text.clone())];
        let one_field = |field, operator, items| {
            let values = Choice::Is(Values::Items(items));
            let field = FieldSelector { field, operators: vec![(operator, values)] };
            Choice::Is(Advanced { fields: vec![Choice::Is(field)] })
        };
        match self.tape.below(8) {
            // Two selectors that complete each other.
            6 | 7 => {
                let text = self.arn();
                let second = if self.tape.once_in(4) { self.arn() } else { text.clone() };
                let [one, other] = self.tape.pick(&[
                    ["StartsWith", "NotStartsWith"],
                    ["Equals", "NotEquals"],
                    ["EndsWith", "NotEndsWith"],
                ]);
                vec![
                    one_field("resources.ARN", one, item(&text)),
                    one_field("resources.ARN", other, item(&second)),
                ]
            }
            5 => {
                let mut all = vec![self.either(8, &mut Self::advanced)];
                all.push(self.choice(4, &mut Self::advanced));
                all
            }
            _ => vec![self.either(8, &mut Self::advanced)],
        }
    }

    fn advanced(&mut self) -> Advanced {
        let mut fields = Vec::new();
        for _ in 0..self.tape.pick(&[0, 0, 1, 1, 1, 2]) {
            fields.push(self.choice(4, &mut Self::field_selector));
        }
        Advanced { fields }
    }

    fn field_selector(&mut self) -> FieldSelector {
        let known = |text: &str| Choice::Is(Text::Known(text.to_string()));
        let one = |operator, item| (operator, Choice::Is(Values::Items(vec![item])));
        let (field, operators) = match self.tape.below(10) {
            0 => ("readOnly", vec![one("Equals", known(self.tape.pick(&["false", "true"])))]),
            1 => {
                let operator = self.tape.pick(&["NotEquals", "NotStartsWith", "Equals"]);
                let event = known(self.tape.pick(&["GetObject", "PutObject", "DeleteObject"]));
                ("eventName", vec![one(operator, event)])
            }
            2 => {
                let operator = self.tape.pick(&["NotEquals", "NotStartsWith", "StartsWith"]);
                let role = match self.parameter_for(&[Role::Name, Role::Arn]) {
                    Some(at) => Text::Parameter(at),
                    None => Text::All(
                        vec![
                            Text::Known("arn:aws:iam::".to_string()),
                            Text::Account,
                            Text::Known(":role/x".to_string()),
                        ],
                        Spelling::Sub,
                    ),
                };
                ("userIdentity.arn", vec![one(operator, Choice::Is(role))])
            }
            _ => {
                let operator = self.tape.pick(&[
                    "NotStartsWith",
                    "NotStartsWith",
                    "NotStartsWith",
                    "NotEquals",
                    "StartsWith",
                    "Equals",
                    "NotEndsWith",
                    "EndsWith",
                ]);
                let values = self.either(8, &mut Self::items);
                let mut operators = vec![(operator, values)];
                if self.tape.once_in(8) && operator != "StartsWith" {
                    let items = self.items();
                    operators.push(("StartsWith", Choice::Is(items)));
                }
                ("resources.ARN", operators)
            }
        };
        FieldSelector { field, operators }
    }
}
