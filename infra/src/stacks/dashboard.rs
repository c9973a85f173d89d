//! A small dashboard for one function.

use serde_json::{Value, json};

use super::header;
use crate::intrinsic::{reference, sub};
use crate::resources::Dashboard;
use crate::template::{Input, Resource, Template};
use crate::{EVALUATION_SUCCEEDED, METRIC_DIMENSION, METRIC_NAMESPACE};

pub(super) fn template() -> Template {
    let mut template = Template::new(
        "A dashboard for the function of the S3 object-level logging rules",
        &header(
            "One function's numbers. Deploy it in the function's Region, after rule.yaml or \
                 central-function.yaml.",
        ),
    );
    template.inputs(
        "The function",
        vec![
            ("FunctionName", Input::text("The output FunctionName of the function's stack.")),
            ("FailedEventsName", Input::text("The output FailedEventsName of that stack.")),
        ],
    );
    let metric =
        |namespace: &str, name: &str| json!([namespace, name, "FunctionName", "${FunctionName}"]);
    let own = |name: &str| json!([METRIC_NAMESPACE, name, METRIC_DIMENSION, "${FunctionName}"]);
    let queue = json!([
        "AWS/SQS",
        "ApproximateNumberOfMessagesVisible",
        "QueueName",
        "${FailedEventsName}"
    ]);
    let body = json!({"widgets": [
        widget(0, 0, "Verdicts", "Sum", &[own("Compliant"), own("NonCompliant"), own("Indeterminate")]),
        widget(12, 0, "Evaluations", "Sum", &[own(EVALUATION_SUCCEEDED), metric("AWS/Lambda", "Errors")]),
        widget(0, 6, "Milliseconds", "Maximum", &[metric("AWS/Lambda", "Duration")]),
        widget(12, 6, "Failed events", "Maximum", &[queue]),
    ]});
    template.resource(
        "Dashboard",
        Resource::new(
            "What was found, whether it works, how long it takes, and what failed.",
            &Dashboard {
                dashboard_name: reference("AWS::StackName").into(),
                dashboard_body: sub(format!("{body:#}")).into(),
            },
        ),
    );
    template
}

fn widget(x: u32, y: u32, title: &str, statistic: &str, metrics: &[Value]) -> Value {
    json!({
        "type": "metric",
        "x": x,
        "y": y,
        "width": 12,
        "height": 6,
        "properties": {
            "title": title,
            "region": "${AWS::Region}",
            "stat": statistic,
            "period": 3600,
            "metrics": metrics,
        },
    })
}
