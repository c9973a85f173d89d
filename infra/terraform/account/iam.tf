# Roles. What they may do, and who may assume them, is in policies/, made of the same source as the
# CloudFormation template.

locals {
  place = {
    AWS_Partition = data.aws_partition.current.partition
    AWS_Region    = data.aws_region.current.name
    AWS_AccountId = data.aws_caller_identity.current.account_id
  }

  # The template's conditions that a statement may be for.
  holds = {
    ""                           = true
    ReportsOnTrails              = var.report_on != "account"
    ImportsFindings              = var.security_hub != "off"
    UsesOrganizationTrailRoleArn = var.organization_trail_role_arn != ""
    UsesKmsKeyArn                = var.kms_key_arn != ""
  }

  function_allowed = jsondecode(templatefile("${path.module}/policies/FunctionRole.json.tftpl", merge(local.place, {
    Log_Arn                  = "${aws_cloudwatch_log_group.function.arn}:*"
    Failures_Arn             = aws_cloudwatch_event_bus.failures.arn
    OrganizationTrailRoleArn = var.organization_trail_role_arn
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

resource "aws_iam_role" "notice" {
  count = local.tells ? 1 : 0

  name_prefix          = "trailproof-notice-"
  description          = "Tells the topic of the S3 object-level logging rules"
  permissions_boundary = var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn
  assume_role_policy   = templatefile("${path.module}/policies/NoticeRole.trust.json.tftpl", local.place)
}

resource "aws_iam_role_policy" "notice" {
  count = local.tells ? 1 : 0

  name = "publish"
  role = aws_iam_role.notice[0].id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for part in jsondecode(templatefile("${path.module}/policies/NoticeRole.json.tftpl", {
        AlarmTopicArn = var.alarm_topic_arn
        KmsKeyArn     = var.kms_key_arn
      })) : part.statement if local.holds[part.when]
    ]
  })
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
