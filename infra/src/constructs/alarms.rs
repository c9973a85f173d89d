//! Alarms. A custom rule that fails says nothing in AWS Config, whose last result stays: a stale
//! COMPLIANT is a false one, so failure and silence must be heard.

use crate::inputs::FREQUENCY;
use crate::intrinsic::{Function, Property, Text, attribute, equals, json, only_if, reference};
use crate::resources::{Alarm, Dimension};
use crate::template::{Resource, Template};
use crate::{EVALUATION_SUCCEEDED, FREQUENCIES, METRIC_DIMENSION, METRIC_NAMESPACE};

const HOUR: u32 = 60 * 60;
const FIVE_MINUTES: u32 = 5 * 60;

/// What is counted, where, and how much of it is bad.
pub(crate) struct Counted {
    pub(crate) description: &'static str,
    pub(crate) namespace: &'static str,
    pub(crate) metric: &'static str,
    pub(crate) statistic: &'static str,
    pub(crate) dimension: (&'static str, Text),
}

/// An alarm that rings at the first one within five minutes.
pub(crate) fn at_first(comment: &'static str, counted: Counted) -> Resource {
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
            alarm_actions: vec![only_if("UsesAlarmTopicArn", reference("AlarmTopicArn")).into()],
        },
    )
}

/// Adds the alarms on the function.
pub(crate) fn add(template: &mut Template) {
    template.resource(
        "ErrorAlarm",
        at_first(
            "An invocation failed: nothing was reported, and AWS Config still shows the last result.",
            Counted {
                description: "The S3 object-level logging rule failed. AWS Config shows an old result.",
                namespace: "AWS/Lambda",
                metric: "Errors",
                statistic: "Sum",
                dimension: ("FunctionName", reference("Function").into()),
            },
        ),
    );
    template.resource(
        "FailedEventsAlarm",
        at_first(
            "An event failed with all its retries, and waits in the queue for someone to look.",
            Counted {
                description: "Events of the S3 object-level logging rule failed with all retries.",
                namespace: "AWS/SQS",
                metric: "ApproximateNumberOfMessagesVisible",
                statistic: "Maximum",
                dimension: ("QueueName", attribute("FailedEvents", "QueueName").into()),
            },
        ),
    );
    template.resource(
        "LostEventsAlarm",
        at_first(
            "A failed event did not even reach the queue.",
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
                alarm_actions: vec![only_if("UsesAlarmTopicArn", reference("AlarmTopicArn")).into()],
            },
        ),
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
