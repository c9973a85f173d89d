//! Alarms. A custom rule that fails says nothing in AWS Config, whose last result stays: a stale
//! COMPLIANT is a false one, so failure and silence must be heard.
//!
//! Failures are told by events as well ([`super::failures`]), for nothing. Only silence needs an
//! alarm. Each alarm costs the same in every account, whether it rings or not, so there are few,
//! and a parameter says whether there are any.

use crate::inputs::FREQUENCY;
use crate::intrinsic::{
    Function, Property, Text, attribute, differs, equals, json, only_if, reference,
};
use crate::resources::{Alarm, Dimension};
use crate::template::{Input, Resource, Template};
use crate::{EVALUATION_SUCCEEDED, FREQUENCIES, METRIC_DIMENSION, METRIC_NAMESPACE};

use super::failures::QUEUE;
use super::function::METRICS;
use super::notices::{CONDITION as HAS_TOPIC, TOPIC};

/// The parameter that says whether there are alarms.
const CREATE: &str = "CreateAlarms";

/// The condition that there are alarms.
const MADE: &str = "MakesAlarms";

/// The condition that silence is heard: the alarm needs the metric.
const HEARS_SILENCE: &str = "HearsSilence";

const HOUR: u32 = 60 * 60;
const FIVE_MINUTES: u32 = 5 * 60;

/// Whether there are alarms, as a parameter.
pub(crate) fn create_alarms(default: bool) -> (&'static str, Input) {
    let description = "Whether there are alarms on silence and on events that failed. Each costs \
                       the same in every account. Silence is heard only with Metrics success or \
                       all.";
    (CREATE, Input::switch(description, default))
}

/// What is counted, where, and how much of it is bad.
struct Counted {
    description: &'static str,
    namespace: &'static str,
    metric: &'static str,
    statistic: &'static str,
    dimension: (&'static str, Text),
}

/// An alarm that rings at the first one within five minutes.
fn at_first(comment: &'static str, counted: Counted) -> Resource {
    let (name, value) = counted.dimension;
    Resource::new(
        comment,
        &Alarm {
            alarm_description: counted.description,
            namespace: counted.namespace,
            metric_name: counted.metric,
            dimensions: vec![Dimension { name, value }],
            statistic: counted.statistic,
            period: FIVE_MINUTES,
            evaluation_periods: 1.into(),
            comparison_operator: "GreaterThanOrEqualToThreshold",
            threshold: 1,
            treat_missing_data: "notBreaching",
            alarm_actions: vec![only_if(HAS_TOPIC, reference(TOPIC)).into()],
        },
    )
    .when(MADE)
}

/// Adds the alarms on the function.
pub(crate) fn add(template: &mut Template) {
    template.condition(MADE, equals(CREATE, "true"));
    template.condition(
        HEARS_SILENCE,
        Function::And(vec![equals(CREATE, "true"), differs(METRICS, "none")]),
    );
    template.resource(
        "FailedEventsAlarm",
        at_first(
            "An event failed with all its retries, or could not be handed on, and waits in the \
             queue for someone to look.",
            Counted {
                description: "Events of the S3 object-level logging rule failed with all retries.",
                namespace: "AWS/SQS",
                metric: "ApproximateNumberOfMessagesVisible",
                statistic: "Maximum",
                dimension: ("QueueName", attribute(QUEUE, "QueueName").into()),
            },
        ),
    );
    template.resource(
        "LostEventsAlarm",
        at_first(
            "A failed event did not even reach the bus.",
            Counted {
                description: "Failed events of the S3 object-level logging rule were lost.",
                namespace: "AWS/Lambda",
                metric: "DestinationDeliveryFailures",
                statistic: "Sum",
                dimension: ("FunctionName", reference("Function").into()),
            },
        ),
    );
    let [shorter @ .., _] = FREQUENCIES;
    for (name, _) in shorter {
        template.condition(&is_every(name), equals(FREQUENCY, name));
    }
    template.resource(
        "SilenceAlarm",
        Resource::new(
            "Nothing was evaluated for two periods and an hour: the rule is not invoked, or not \
             there. No other alarm would ring then. It rings until the first evaluation, too.",
            &Alarm {
                alarm_description: "The S3 object-level logging rule has not succeeded for two periods.",
                namespace: METRIC_NAMESPACE,
                metric_name: EVALUATION_SUCCEEDED,
                dimensions: vec![Dimension {
                    name: METRIC_DIMENSION,
                    value: reference("Function").into(),
                }],
                statistic: "Sum",
                period: HOUR,
                evaluation_periods: hours_of_silence(),
                comparison_operator: "LessThanThreshold",
                threshold: 1,
                treat_missing_data: "breaching",
                alarm_actions: vec![only_if(HAS_TOPIC, reference(TOPIC)).into()],
            },
        )
        .when(HEARS_SILENCE),
    );
}

/// `One_Hour` as the name of a condition.
fn is_every(frequency: &str) -> String {
    format!("IsEvery{}", frequency.replace('_', ""))
}

/// Two periods and an hour, whichever frequency was chosen.
fn hours_of_silence() -> Property<u32> {
    let [shorter @ .., (_, longest)] = FREQUENCIES;
    shorter.into_iter().rev().fold((2 * longest + 1).into(), |otherwise, (name, hours)| {
        Function::If(is_every(name), json(2 * hours + 1), json(otherwise)).into()
    })
}
