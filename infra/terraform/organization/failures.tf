# What becomes of an invocation that failed with all its retries: it is kept, and told. The event holds
# the token that lets its holder report a result, so it never comes to the account's default bus.

resource "aws_cloudwatch_event_bus" "failures" {
  name = "trailproof-${random_id.function.hex}-failures"
}

resource "aws_sqs_queue" "failed_events" {
  name_prefix               = "trailproof-failed-events-"
  message_retention_seconds = 1209600
  sqs_managed_sse_enabled   = var.kms_key_arn == "" ? true : null
  kms_master_key_id         = var.kms_key_arn == "" ? null : var.kms_key_arn
}

resource "aws_sqs_queue_policy" "failed_events" {
  queue_url = aws_sqs_queue.failed_events.url
  policy = templatefile("${path.module}/policies/FailedEventsPolicy.json.tftpl", merge(local.place, {
    FailedEvents_Arn = aws_sqs_queue.failed_events.arn
  }))
}

resource "aws_cloudwatch_event_rule" "failed" {
  name_prefix    = "trailproof-failed-"
  description    = "Invocations of the S3 object-level logging rules that failed"
  event_bus_name = aws_cloudwatch_event_bus.failures.name
  event_pattern  = jsonencode({ source = ["lambda"] })
}

resource "aws_cloudwatch_event_target" "failed_queue" {
  rule           = aws_cloudwatch_event_rule.failed.name
  event_bus_name = aws_cloudwatch_event_bus.failures.name
  target_id      = "Queue"
  arn            = aws_sqs_queue.failed_events.arn
}

resource "aws_cloudwatch_event_target" "failed_topic" {
  count = local.tells ? 1 : 0

  rule           = aws_cloudwatch_event_rule.failed.name
  event_bus_name = aws_cloudwatch_event_bus.failures.name
  target_id      = "Topic"
  arn            = var.alarm_topic_arn
  role_arn       = aws_iam_role.notice[0].arn

  input_transformer {
    input_paths = {
      account   = "$.account"
      region    = "$.region"
      function  = "$.detail.requestContext.functionArn"
      condition = "$.detail.requestContext.condition"
      at        = "$.time"
    }
    input_template = "{\"what\": \"An S3 object-level logging rule failed with all retries: AWS Config shows an old result. The function's log and its queue of failed events say why\", \"account\": <account>, \"region\": <region>, \"function\": <function>, \"condition\": <condition>, \"at\": <at>}"
  }
}
