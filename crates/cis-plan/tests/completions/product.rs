//! The one place where the product is asked, and products that are wrong.

use std::collections::BTreeMap;

use cis_plan::Setting;
use cis_rules::report::Verdict;
use cis_rules::snapshot::Snapshot;

use crate::judge::{Answer, Asked, Open, Plan};

/// What a product answers about a plan.
pub(crate) type Product = dyn Fn(&dyn Plan, &[Open], &Asked) -> Answer;

/// The product's answer about a template.
pub(crate) fn of_template(plan: &dyn Plan, _: &[Open], asked: &Asked) -> Answer {
    answer(cis_plan::template(&plan.text(), &plan.setting()), asked)
}

/// The product's answer about a Terraform plan.
pub(crate) fn of_terraform(plan: &dyn Plan, _: &[Open], asked: &Asked) -> Answer {
    answer(cis_plan::plan(&plan.text(), &plan.setting()), asked)
}

/// A plan's own names of buckets are asked about as names of buckets are.
fn answer(snapshot: Result<Snapshot, cis_plan::PlanError>, asked: &Asked) -> Answer {
    let mut question = asked.question.clone();
    for own in &asked.own {
        match own.parse() {
            Ok(name) => question.allow_unlogged.push(name),
            Err(_) => return Answer::CannotBeAsked,
        }
    }
    match snapshot {
        Ok(snapshot) => Answer::Says(cis_rules::evaluate(&snapshot, &question).verdict),
        Err(error) => Answer::Refuses(error.to_string()),
    }
}

/// A wrong product: a name that is made at deployment is all names.
pub(crate) fn all_names(plan: &dyn Plan, opens: &[Open], asked: &Asked) -> Answer {
    let is_made = |open: &Open| open.kinds.iter().all(|kind| kind.starts_with("generated name"));
    if opens.is_empty() || !opens.iter().all(is_made) || !asked.own.is_empty() {
        return Answer::Says(Verdict::Indeterminate);
    }
    let values: Vec<String> = (0..opens.len()).map(|at| format!("made-name-{at}")).collect();
    let Some(account) = plan.complete(&values) else {
        return Answer::Says(Verdict::Indeterminate);
    };
    let mut snapshot = account.snapshot();
    for value in values {
        snapshot = snapshot.replace(&format!(":::{value}/"), ":::").replace(&value, "");
    }
    Answer::Says(
        cis_rules::evaluate(&Snapshot::from_json(&snapshot).unwrap(), &asked.question).verdict,
    )
}

/// A wrong product: whatever is open has the first value that comes to mind.
pub(crate) fn first_value(plan: &dyn Plan, opens: &[Open], asked: &Asked) -> Answer {
    let values: Vec<String> = opens.iter().map(|open| open.candidates[0].clone()).collect();
    match plan.complete(&values) {
        Some(account) if asked.own.is_empty() => {
            let snapshot = Snapshot::from_json(&account.snapshot()).unwrap();
            Answer::Says(cis_rules::evaluate(&snapshot, &asked.question).verdict)
        }
        _ => Answer::Says(Verdict::Indeterminate),
    }
}

/// A useless product: it never decides.
pub(crate) fn undecided(_: &dyn Plan, _: &[Open], _: &Asked) -> Answer {
    Answer::Says(Verdict::Indeterminate)
}

/// What is given beside a plan.
pub(crate) fn setting(
    partition: Option<&str>,
    region: Option<&str>,
    account: Option<&str>,
    parameters: BTreeMap<String, String>,
) -> Setting {
    Setting {
        account_id: account.map(str::to_string),
        region: region.map(str::to_string),
        partition: partition.map(str::to_string),
        parameters,
    }
}

/// Why the product does not decide.
pub(crate) fn reasons(plan: &dyn Plan, asked: &Asked) -> Vec<String> {
    let mut question = asked.question.clone();
    for own in &asked.own {
        question.allow_unlogged.push(own.parse().unwrap());
    }
    let snapshot = cis_plan::template(&plan.text(), &plan.setting())
        .or_else(|_| cis_plan::plan(&plan.text(), &plan.setting()))
        .unwrap();
    cis_rules::evaluate(&snapshot, &question).unknowns.iter().map(|u| u.reason.clone()).collect()
}
