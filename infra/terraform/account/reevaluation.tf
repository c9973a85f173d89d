# Minutes, not a day: the rules are evaluated again when a trail is changed.

resource "aws_cloudwatch_event_rule" "trail_changed" {
  count = local.reevaluates ? 1 : 0

  name_prefix = "trailproof-trail-changed-"
  description = "Has the S3 object-level logging rules evaluated when a trail changes"
  event_pattern = jsonencode({
    source      = ["aws.cloudtrail"]
    detail-type = ["AWS API Call via CloudTrail"]
    detail = {
      eventSource = ["cloudtrail.amazonaws.com"]
      eventName   = ["PutEventSelectors", "StopLogging", "DeleteTrail", "UpdateTrail", "CreateTrail", "StartLogging"]
      errorCode   = [{ exists = false }]
    }
  })
}

resource "aws_cloudwatch_event_target" "trail_changed" {
  count = local.reevaluates ? 1 : 0

  rule      = aws_cloudwatch_event_rule.trail_changed[0].name
  target_id = "Reevaluation"
  arn       = aws_sfn_state_machine.reevaluation[0].arn
  role_arn  = aws_iam_role.trail_changed[0].arn

  dead_letter_config {
    arn = aws_sqs_queue.failed_events.arn
  }
}

resource "aws_sfn_state_machine" "reevaluation" {
  count = local.reevaluates ? 1 : 0

  name_prefix = "trailproof-reevaluation-"
  type        = "STANDARD"
  role_arn    = aws_iam_role.reevaluation[0].arn
  definition = jsonencode({
    StartAt = "StartConfigRulesEvaluation"
    States = {
      StartConfigRulesEvaluation = {
        Type           = "Task"
        Resource       = "arn:${data.aws_partition.current.partition}:states:::aws-sdk:config:startConfigRulesEvaluation"
        Parameters     = { ConfigRuleNames = [for kind in local.kinds : aws_config_config_rule.rule[kind].name] }
        TimeoutSeconds = 60
        Retry = [
          {
            ErrorEquals     = ["Config.LimitExceededException"]
            IntervalSeconds = 60
            BackoffRate     = 1.5
            MaxDelaySeconds = 120
            MaxAttempts     = 11
            JitterStrategy  = "FULL"
          },
          {
            ErrorEquals     = ["States.ALL"]
            IntervalSeconds = 10
            BackoffRate     = 2
            MaxAttempts     = 4
          },
        ]
        End = true
      }
    }
  })
}

resource "aws_cloudwatch_event_rule" "not_reevaluated" {
  count = local.reevaluates && local.tells ? 1 : 0

  name_prefix = "trailproof-not-reevaluated-"
  description = "A changed trail was not evaluated again"
  event_pattern = jsonencode({
    source      = ["aws.states"]
    detail-type = ["Step Functions Execution Status Change"]
    detail = {
      stateMachineArn = [aws_sfn_state_machine.reevaluation[0].arn]
      status          = ["FAILED", "TIMED_OUT", "ABORTED"]
    }
  })
}

resource "aws_cloudwatch_event_target" "not_reevaluated" {
  count = local.reevaluates && local.tells ? 1 : 0

  rule      = aws_cloudwatch_event_rule.not_reevaluated[0].name
  target_id = "Topic"
  arn       = var.alarm_topic_arn
  role_arn  = aws_iam_role.notice[0].arn

  input_transformer {
    input_paths = {
      account   = "$.account"
      region    = "$.region"
      execution = "$.detail.executionArn"
      status    = "$.detail.status"
      at        = "$.time"
    }
    input_template = "{\"what\": \"A trail was changed and not evaluated again: the next evaluation is the scheduled one\", \"account\": <account>, \"region\": <region>, \"execution\": <execution>, \"status\": <status>, \"at\": <at>}"
  }
}

resource "aws_iam_role" "trail_changed" {
  count = local.reevaluates ? 1 : 0

  name_prefix          = "trailproof-trail-changed-"
  description          = "Starts the re-evaluation of the S3 object-level logging rules"
  permissions_boundary = var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn
  assume_role_policy   = templatefile("${path.module}/policies/TrailChangedRole.trust.json.tftpl", local.place)
}

resource "aws_iam_role_policy" "trail_changed" {
  count = local.reevaluates ? 1 : 0

  name = "start"
  role = aws_iam_role.trail_changed[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for part in jsondecode(templatefile("${path.module}/policies/TrailChangedRole.json.tftpl", {
        Reevaluation = aws_sfn_state_machine.reevaluation[0].arn
      })) : part.statement
    ]
  })
}

resource "aws_iam_role" "reevaluation" {
  count = local.reevaluates ? 1 : 0

  name_prefix          = "trailproof-reevaluation-"
  description          = "Has the S3 object-level logging rules evaluated"
  permissions_boundary = var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn
  assume_role_policy   = templatefile("${path.module}/policies/ReevaluationRole.trust.json.tftpl", local.place)
}

resource "aws_iam_role_policy" "reevaluation" {
  count = local.reevaluates ? 1 : 0

  name = "evaluate"
  role = aws_iam_role.reevaluation[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for part in jsondecode(templatefile("${path.module}/policies/ReevaluationRole.json.tftpl", {
        WriteRule_Arn = contains(local.kinds, "write") ? aws_config_config_rule.rule["write"].arn : ""
        ReadRule_Arn  = contains(local.kinds, "read") ? aws_config_config_rule.rule["read"].arn : ""
      })) : merge(part.statement, { Resource = compact(part.statement.Resource) })
    ]
  })
}
