# An account that does not comply tells somebody, with the event that is lost.

resource "aws_cloudwatch_event_rule" "non_compliant" {
  count = local.tells ? 1 : 0

  name_prefix = "trailproof-non-compliant-"
  description = "An account does not comply with an S3 object-level logging rule"
  event_pattern = jsonencode({
    source      = ["aws.config"]
    detail-type = ["Config Rules Compliance Change"]
    detail = {
      messageType         = ["ComplianceChangeNotification"]
      configRuleName      = [for prefix in local.told_of : { prefix = prefix }]
      newEvaluationResult = { complianceType = ["NON_COMPLIANT"] }
    }
  })
}

resource "aws_cloudwatch_event_target" "non_compliant" {
  count = local.tells ? 1 : 0

  rule      = aws_cloudwatch_event_rule.non_compliant[0].name
  target_id = "Topic"
  arn       = var.alarm_topic_arn
  role_arn  = aws_iam_role.notice[0].arn

  input_transformer {
    input_paths = {
      account = "$.detail.awsAccountId"
      region  = "$.detail.awsRegion"
      rule    = "$.detail.configRuleName"
      at      = "$.detail.newEvaluationResult.resultRecordedTime"
      why     = "$.detail.newEvaluationResult.annotation"
    }
    input_template = "{\"what\": \"An account is NON_COMPLIANT for an S3 object-level logging rule\", \"account\": <account>, \"region\": <region>, \"rule\": <rule>, \"at\": <at>, \"why\": <why>}"
  }
}
