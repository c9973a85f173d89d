//! A role with all that it is allowed, and with each action less.

use e2e::Result;
use e2e::bootstrap::Bootstrap;
use e2e::boto::{Boto, Outcome, Session};
use e2e::event::scheduled;
use e2e::policies::{ACCOUNT, Account, HOME, Policy};
use e2e::runtime_api::Answer;
use serde_json::{Value, json};

use crate::need::{Call, Need, Without};
use crate::place::Place;

/// What the function is asked, and in whose session it is.
pub(crate) struct Question {
    pub(crate) session: Session,
    pub(crate) account: &'static str,
    pub(crate) rule: String,
    pub(crate) parameters: Value,
}

impl Question {
    /// What the function makes of it, and the function with its log.
    fn ask(&self, place: &Place, on_unreadable: &str) -> Result<(Answer, Bootstrap)> {
        let mut parameters = self.parameters.clone();
        parameters["OnUnreadable"] = json!(on_unreadable);
        let mut event = scheduled(self.account, HOME, "aws", &parameters);
        event["configRuleName"] = json!(self.rule);
        // No findings are imported in test mode, the one in which moto itself takes evaluations.
        let imports = self.parameters["SecurityHub"] == "asff";
        event["resultToken"] = json!(if imports { "token" } else { "TESTMODE" });
        let variables = [&self.session.variables()[..], &[("AWS_MAX_ATTEMPTS", "1")]].concat();
        let mut bootstrap = Bootstrap::start_with(&place.moto.url(), HOME, &variables)?;
        let answer = bootstrap.invoke_in("aws", HOME, ACCOUNT, &event)?;
        Ok((answer, bootstrap))
    }
}

/// A role, whose account it is in, and who needs it for what.
pub(crate) struct Role<'a> {
    pub(crate) owner: &'a mut Account,
    pub(crate) name: &'a str,
    /// The function's question, where it is the function that needs the role.
    pub(crate) question: Option<&'a Question>,
    pub(crate) needs: Vec<&'static Need>,
}

/// That a role allows what is needed, that each action is needed, and none allows more.
pub(crate) fn measure(place: &Place, role: Role<'_>) -> Result {
    let Role { owner, name, question, needs } = role;
    let policy = owner.policy(name)?;
    let grants = policy.grants()?;
    let mut needed = Vec::new();
    for grant in &grants {
        let need = needs.iter().find(|need| need.is_for(grant));
        needed.push(need.ok_or_else(|| format!("nothing needs what {name} may: {grant:?}"))?);
    }
    for need in &needs {
        let count = grants.iter().filter(|grant| need.is_for(grant)).count();
        assert_eq!(count, 1, "how often {name} may {}", need.action);
    }

    let mut session = Boto::in_session(&place.moto.url(), &owner.assume(name)?)?;
    place.moto.enforce(true)?;
    if let Some(question) = question {
        check_success(place, question)?;
    }
    for need in &needs {
        if let Without::Refusal(call) = &need.without {
            for outcome in make(place, &mut session, call)? {
                outcome.map_err(|code| format!("{}: {code}", need.action))?;
            }
        }
        if let Some(elsewhere) = &need.elsewhere {
            check_denied(need, &make(place, &mut session, elsewhere)?);
        }
    }

    for (grant, need) in grants.iter().zip(needed) {
        put(place, owner, &policy.without(grant))?;
        match (&need.without, question) {
            (Without::Refusal(call), _) => {
                check_denied(need, &make(place, &mut session, call)?);
            }
            (Without::Undecided(error_type), Some(question)) => {
                check_failure(place, question, need, error_type)?;
                check_undecided(place, question, need)?;
            }
            (Without::Failure(error_type), Some(question)) => {
                check_failure(place, question, need, error_type)?;
            }
            (Without::Warning, Some(question)) => check_warning(place, question, need)?,
            (_, None) => return Err(format!("the function has no {name}").into()),
        }
    }
    put(place, owner, &policy)?;
    place.moto.enforce(false)
}

/// Changes a role's policy, in between enforcing it.
fn put(place: &Place, owner: &mut Account, policy: &Policy) -> Result {
    place.moto.enforce(false)?;
    owner.put(policy)?;
    place.moto.enforce(true)
}

/// Makes these calls. Only what moto says of them counts.
fn make(place: &Place, session: &mut Boto, call: &Call) -> Result<Vec<Outcome>> {
    let parameters = (call.parameters)(place).into_iter();
    parameters
        .map(|parameters| session.call_unchecked(HOME, call.service, call.method, parameters))
        .collect()
}

fn check_denied(need: &Need, outcomes: &[Outcome]) {
    for outcome in outcomes {
        let code = outcome.as_ref().err().map_or("", String::as_str);
        // AWS's services have the code with and without the last word.
        assert!(code.starts_with("AccessDenied"), "{}: {outcome:?}", need.action);
    }
}

/// With the whole policy the function proves what is so, and is denied nothing.
fn check_success(place: &Place, question: &Question) -> Result {
    let (answer, bootstrap) = question.ask(place, "ERROR")?;
    let Answer::Response(answer) = answer else {
        return Err(format!("{}: {answer:?}", question.parameters).into());
    };
    assert_eq!(answer["Evaluations"][0]["ComplianceType"], "COMPLIANT", "{answer:#}");
    bootstrap.logs(&["\"EvaluationSucceeded\":1"])?;
    assert!(!bootstrap.log().contains("AccessDenied"), "{}", bootstrap.log());
    if question.parameters["SecurityHub"] == "asff" {
        bootstrap.logs(&["INFO", "findings were imported into Security Hub"])?;
    }
    Ok(())
}

/// Nothing is put, the answer names the call and the code, and so does the log.
fn check_failure(place: &Place, question: &Question, need: &Need, error_type: &str) -> Result {
    let (answer, bootstrap) = question.ask(place, "ERROR")?;
    let failed = answer.failed()?;
    assert_eq!(failed.error_type, error_type, "without {}: {}", need.action, failed.message);
    check_told(need, &failed.message);
    bootstrap.logs(&["WARN", need.call(), "AccessDenied"])?;
    bootstrap.logs(&["ERROR", error_type])?;
    bootstrap.logs(&["\"EvaluationSucceeded\":0"])
}

/// Where it is asked to, the function reports that nothing is known, and what was denied.
fn check_undecided(place: &Place, question: &Question, need: &Need) -> Result {
    let (answer, _) = question.ask(place, "NOT_APPLICABLE")?;
    let Answer::Response(answer) = answer else {
        return Err(format!("without {}: {answer:?}", need.action).into());
    };
    let account = &answer["Evaluations"][0];
    assert_eq!(account["ComplianceType"], "NOT_APPLICABLE", "without {}", need.action);
    let annotation = account["Annotation"].as_str().unwrap_or_default();
    assert!(annotation.starts_with("INDETERMINATE: "), "{annotation}");
    check_told(need, annotation);
    Ok(())
}

/// The function reports all the same.
fn check_warning(place: &Place, question: &Question, need: &Need) -> Result {
    let (answer, bootstrap) = question.ask(place, "ERROR")?;
    let Answer::Response(answer) = answer else {
        return Err(format!("without {}: {answer:?}", need.action).into());
    };
    assert_eq!(answer["Evaluations"][0]["ComplianceType"], "COMPLIANT", "{answer:#}");
    bootstrap.logs(&["WARN", need.call(), "AccessDenied"])?;
    bootstrap.logs(&["WARN", "findings were not imported", "AccessDenied"])?;
    bootstrap.logs(&["\"EvaluationSucceeded\":1"])
}

fn check_told(need: &Need, text: &str) {
    let told = format!("{} failed with AccessDenied", need.call());
    assert!(text.contains(&told), "without {} it is told: {text}", need.action);
}
