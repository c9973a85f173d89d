//! What answers assume, in words.

use cis_rules::report::Assumption;

/// What is taken to be so, and that a `proof` or an `answer` rests on it.
#[must_use]
pub fn assumed(assumption: Assumption, what: &str) -> String {
    match assumption {
        Assumption::ArnPrefix => format!(
            "Records such as ListObjects and DeleteObjects carry an ARNPrefix in place of an ARN. AWS \
             does not document how a selector on resources.ARN treats them; the {what} takes it that \
             the ARNPrefix is compared. A selector without a condition on resources.ARN needs no such \
             assumption."
        ),
        Assumption::EachObject => format!(
            "A CopyObject names two objects, its destination and its source. AWS does not document \
             how a selector on resources.ARN treats them; the {what} takes it that an event is logged \
             where any of its objects is selected."
        ),
        Assumption::AssumedPartition => "The plan does not say which partition it is for, so it is \
                                         taken to be for `aws`. `--partition` or `--region` says it."
            .to_string(),
    }
}
