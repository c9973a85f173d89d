# One account: the function, its rules, and what tells of failures. The same as templates/rule.yaml, in
# plain resources. Apply it in the Region that is home to the trails.

locals {
  kinds       = var.create_rules == "true" ? split(",", var.event_kinds) : []
  reevaluates = var.create_rules == "true" && var.reevaluate_on_trail_change == "true"
  tells       = var.alarm_topic_arn != ""

  names = {
    write = "${var.rule_name_prefix}cis-3-8-s3-object-level-write-logging"
    read  = "${var.rule_name_prefix}cis-3-9-s3-object-level-read-logging"
  }

  # What is empty is left out: AWS Config takes no empty values.
  parameters = {
    for name, value in {
      TrailMode                = var.trail_mode
      AllowedUnloggedBuckets   = var.allowed_unlogged_buckets
      CloudTrailDeliveries     = var.cloudtrail_deliveries
      TrustedLogBuckets        = var.trusted_log_buckets
      RequireDelivery          = var.require_delivery
      OnIndeterminate          = var.on_indeterminate
      OnUnreadable             = var.on_unreadable
      ReportOn                 = var.report_on
      OrganizationTrailRoleArn = var.organization_trail_role_arn
      SecurityHub              = var.security_hub
    } : name => value if value != ""
  }
}

# Names that the queue's policy and the log need before there is a function.
resource "random_id" "function" {
  byte_length = 6
}

resource "aws_lambda_function" "function" {
  function_name = "trailproof-${random_id.function.hex}"
  description   = "Proves whether CloudTrail records every S3 object-level event"
  runtime       = "provided.al2023"
  architectures = [var.architecture]
  handler       = "bootstrap"
  role          = aws_iam_role.function.arn
  memory_size   = 256
  timeout       = 120

  s3_bucket         = var.code_bucket
  s3_key            = var.code_key
  s3_object_version = var.code_version == "" ? null : var.code_version

  reserved_concurrent_executions = var.reserved_concurrency == "" ? -1 : tonumber(var.reserved_concurrency)

  environment {
    variables = { TRAILPROOF_METRICS = var.metrics }
  }

  logging_config {
    log_format = "JSON"
    log_group  = aws_cloudwatch_log_group.function.name
  }

  depends_on = [aws_iam_role_policy.function]
}

resource "aws_cloudwatch_log_group" "function" {
  name              = "/aws/lambda/trailproof-${random_id.function.hex}"
  retention_in_days = tonumber(var.log_retention_in_days)
  kms_key_id        = var.kms_key_arn == "" ? null : var.kms_key_arn
}

resource "aws_lambda_function_event_invoke_config" "function" {
  function_name                = aws_lambda_function.function.function_name
  qualifier                    = "$LATEST"
  maximum_retry_attempts       = 2
  maximum_event_age_in_seconds = 3600

  destination_config {
    on_failure {
      destination = aws_cloudwatch_event_bus.failures.arn
    }
  }
}

# AWS Config checks the permission before it makes the rule, so only the account is named.
resource "aws_lambda_permission" "config" {
  function_name  = aws_lambda_function.function.function_name
  action         = "lambda:InvokeFunction"
  principal      = "config.amazonaws.com"
  source_account = data.aws_caller_identity.current.account_id
}

resource "aws_config_config_rule" "rule" {
  for_each = toset(local.kinds)

  name             = local.names[each.key]
  description      = "Proves that CloudTrail records every S3 object-level ${each.key} event, or names one that is lost."
  input_parameters = jsonencode(merge({ EventKinds = each.key }, local.parameters))

  dynamic "scope" {
    for_each = var.evaluate_on_change == "true" ? [1] : []
    content {
      compliance_resource_types = ["AWS::CloudTrail::Trail"]
    }
  }

  source {
    owner             = "CUSTOM_LAMBDA"
    source_identifier = aws_lambda_function.function.arn

    source_detail {
      event_source                = "aws.config"
      message_type                = "ScheduledNotification"
      maximum_execution_frequency = var.maximum_execution_frequency
    }

    dynamic "source_detail" {
      for_each = var.evaluate_on_change == "true" ? ["ConfigurationItemChangeNotification", "OversizedConfigurationItemChangeNotification"] : []
      content {
        event_source = "aws.config"
        message_type = source_detail.value
      }
    }
  }

  depends_on = [aws_lambda_permission.config]
}
