# A stale COMPLIANT is a false one, so failure and silence must be heard.

locals {
  alarm_actions = local.tells ? [var.alarm_topic_arn] : []
  hours         = { One_Hour = 1, Three_Hours = 3, Six_Hours = 6, Twelve_Hours = 12, TwentyFour_Hours = 24 }
}

resource "aws_cloudwatch_metric_alarm" "failed_events" {
  count = var.create_alarms == "true" ? 1 : 0

  alarm_name          = "trailproof-${random_id.function.hex}-failed-events"
  alarm_description   = "Events of the S3 object-level logging rule failed with all retries."
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.failed_events.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "lost_events" {
  count = var.create_alarms == "true" ? 1 : 0

  alarm_name          = "trailproof-${random_id.function.hex}-lost-events"
  alarm_description   = "Failed events of the S3 object-level logging rule were lost."
  namespace           = "AWS/Lambda"
  metric_name         = "DestinationDeliveryFailures"
  dimensions          = { FunctionName = aws_lambda_function.function.function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  comparison_operator = "GreaterThanOrEqualToThreshold"
  threshold           = 1
  treat_missing_data  = "notBreaching"
  alarm_actions       = local.alarm_actions
}

resource "aws_cloudwatch_metric_alarm" "silence" {
  count = var.create_alarms == "true" && var.metrics != "none" ? 1 : 0

  alarm_name          = "trailproof-${random_id.function.hex}-silence"
  alarm_description   = "The S3 object-level logging rule has not succeeded for two periods."
  namespace           = "Trailproof"
  metric_name         = "EvaluationSucceeded"
  dimensions          = { FunctionName = aws_lambda_function.function.function_name }
  statistic           = "Sum"
  period              = 3600
  evaluation_periods  = 2 * local.hours[var.maximum_execution_frequency] + 1
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  treat_missing_data  = "breaching"
  alarm_actions       = local.alarm_actions
}
