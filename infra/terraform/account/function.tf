# The function, its log, and what becomes of its invocations.

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
