# The function's role. What it may do, and who may assume it, is in policies/, made of the same source as
# the CloudFormation template.

locals {
  function_allowed = jsondecode(templatefile("${path.module}/policies/FunctionRole.json.tftpl", merge(local.place, local.function_names, {
    Log_Arn      = "${aws_cloudwatch_log_group.function.arn}:*"
    Failures_Arn = aws_cloudwatch_event_bus.failures.arn
  })))
}

resource "aws_iam_role" "function" {
  name_prefix          = "trailproof-function-"
  path                 = var.function_role_path
  description          = "The function of the S3 object-level logging rule"
  permissions_boundary = var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn
  assume_role_policy   = templatefile("${path.module}/policies/FunctionRole.trust.json.tftpl", local.place)
}

resource "aws_iam_role_policy" "function" {
  name = "function"
  role = aws_iam_role.function.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for part in local.function_allowed : part.statement if local.holds[part.when]]
  })
}
