//! The verdict of a plan is that of all its completions. Here they are enumerated: random templates
//! and plans leave up to six values open, each gets every value that can make a difference, and the
//! rule answers each account that comes out.
//!
//! * Soundness: where the plan is answered COMPLIANT or NON_COMPLIANT, so is every completion.
//! * Completeness: where all completions agree, the plan is answered so. What is missed is counted
//!   by the kind of what is open.
//!
//! `TRAILPROOF_COMPLETIONS=20000` tries so many, from `TRAILPROOF_COMPLETIONS_SEED`, with at most
//! `TRAILPROOF_COMPLETIONS_BOUND` completions each; with `TRAILPROOF_COMPLETIONS_DEMAND=1`, what is
//! missed is a fault, and with `TRAILPROOF_COMPLETIONS_SHOW=1` it is shown. The tables are shown with
//! `--nocapture`.
#![expect(clippy::unwrap_used, reason = "a plan that cannot be made is a failed test")]

#[path = "completions/account.rs"]
mod account;
#[path = "completions/campaign.rs"]
mod campaign;
#[path = "completions/candidates.rs"]
mod candidates;
#[path = "completions/completion.rs"]
mod completion;
#[path = "completions/examples.rs"]
mod examples;
#[path = "completions/generator.rs"]
mod generator;
#[path = "completions/judge.rs"]
mod judge;
#[path = "completions/product.rs"]
mod product;
#[path = "completions/spelling.rs"]
mod spelling;
#[path = "completions/tape.rs"]
mod tape;
#[path = "completions/template.rs"]
mod template;
#[path = "completions/terraform.rs"]
mod terraform;
#[path = "completions/terraform_generator.rs"]
mod terraform_generator;
#[path = "completions/terraform_spelling.rs"]
mod terraform_spelling;

use cis_plan::Setting;

use crate::account::Account;
use crate::campaign::{Size, run};
use crate::judge::{Asked, Open, Plan};
use crate::spelling::parameter_name;
use crate::tape::Tape;
use crate::template::{OpenId, Template};

/// A template with what it leaves open.
struct Planned {
    template: Template,
    ids: Vec<OpenId>,
}

impl Plan for Planned {
    fn text(&self) -> String {
        self.template.json().to_string()
    }

    fn setting(&self) -> Setting {
        let Template { partition, region, account, parameters, .. } = &self.template;
        let given = parameters.iter().enumerate();
        let given = given.filter_map(|(at, one)| Some((parameter_name(at), one.given.clone()?)));
        product::setting(*partition, *region, *account, given.collect())
    }

    fn opens(&self, words: &[String]) -> Vec<Open> {
        candidates::opens(&self.template, &self.ids, words)
    }

    fn complete(&self, values: &[String]) -> Option<Account> {
        completion::complete(&self.template, &self.ids, values)
    }
}

fn random_template(tape: &mut Tape) -> (Box<dyn Plan>, Vec<Asked>) {
    let (template, mut ids) = generator::template(tape);
    let asked = generator::questions(tape, template.buckets.len());
    // A bucket that only the question mentions may have any name too.
    for at in 0..template.buckets.len() {
        let is_asked = asked.iter().any(|asked| asked.own.contains(&spelling::bucket_id(at)));
        if is_asked {
            template.opens_of(&template::Text::Bucket(at), &mut ids);
        }
    }
    (Box::new(Planned { template, ids }), asked)
}

fn random_terraform(tape: &mut Tape) -> (Box<dyn Plan>, Vec<Asked>) {
    let plan = terraform_generator::plan(tape);
    let addresses: Vec<String> = (0..plan.buckets.len()).map(terraform::bucket_address).collect();
    let asked = (0..2).map(|_| generator::asked(tape, &addresses)).collect();
    (Box::new(plan), asked)
}

#[test]
fn a_terraform_plan_is_answered_as_all_its_completions_are() {
    let found = run(&random_terraform, &product::of_terraform, &Size::of_environment(2000));
    println!("{}", found.table());
    assert!(found.faults.is_empty(), "{}", found.faults.join("\n"));
    assert!(found.refusals.is_empty(), "a plan that can be applied was refused");
}

#[test]
fn a_template_is_answered_as_all_its_completions_are() {
    let found = run(&random_template, &product::of_template, &Size::of_environment(2000));
    println!("{}", found.table());
    assert!(found.faults.is_empty(), "{}", found.faults.join("\n"));
    assert!(found.refusals.is_empty(), "a template that deploys was refused");
}

#[test]
fn a_product_that_takes_a_generated_name_as_all_names_is_caught() {
    let found = run(&random_template, &product::all_names, &Size::of(2000));
    assert_eq!(found.faults.len(), 1);
    println!("{}", found.faults[0]);
}

#[test]
fn a_product_that_takes_the_first_value_that_comes_to_mind_is_caught() {
    let found = run(&random_template, &product::first_value, &Size::of(200));
    assert_eq!(found.faults.len(), 1);
    println!("{}", found.faults[0]);
}

#[test]
fn a_product_that_takes_the_first_unknown_value_of_a_terraform_plan_is_caught() {
    let found = run(&random_terraform, &product::first_value, &Size::of(200));
    assert_eq!(found.faults.len(), 1);
    println!("{}", found.faults[0]);
}

#[test]
fn a_product_that_never_decides_misses_everything() {
    let found = run(&random_template, &product::undecided, &Size::of(200));
    let all = found.all();
    assert!(found.faults.is_empty());
    assert!(all.asked > 50 && all.missed == all.asked, "{}", found.table());
}
