# An organization: one function here, and its rules in every account. The same as
# templates/central-function.yaml and templates/organization-rule.yaml, in plain resources. Apply it in
# the management account, or in an account that is registered for
# config-multiaccountsetup.amazonaws.com, in the Region that is home to the trails. Each account of the
# rules also needs the role of ../member-role.

locals {
  rules = {
    write = {
      name        = "cis-3-8-s3-object-level-write-logging"
      description = "Proves that CloudTrail records every S3 object-level write event, or names one that is lost. CIS AWS Foundations Benchmark 7.0.0: 4.8. AWS Security Hub CSPM: S3.22."
    }
    read = {
      name        = "cis-3-9-s3-object-level-read-logging"
      description = "Proves that CloudTrail records every S3 object-level read event, or names one that is lost. CIS AWS Foundations Benchmark 7.0.0: 4.9. AWS Security Hub CSPM: S3.23."
    }
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
      MemberRoleName           = var.member_role_name
    } : name => value if value != ""
  }

  # The template's conditions that a statement may be for.
  holds = {
    ""                           = true
    UsesOrganizationTrailRoleArn = var.organization_trail_role_arn != ""
    UsesKmsKeyArn                = var.kms_key_arn != ""
  }

  # Names in the policy of the function's role, beside those of every module.
  function_names = {
    MemberRoleName           = var.member_role_name
    OrganizationId           = var.organization_id
    OrganizationTrailRoleArn = var.organization_trail_role_arn
  }
}

# One permission for each account: Lambda knows no condition for an organization's rules. The short id
# leaves room for more of them in the function's policy.
resource "aws_lambda_permission" "config" {
  for_each = toset(var.member_accounts)

  statement_id   = "config-${each.value}"
  function_name  = aws_lambda_function.function.function_name
  action         = "lambda:InvokeFunction"
  principal      = "config.amazonaws.com"
  source_account = each.value

  lifecycle {
    precondition {
      condition     = length(var.member_accounts) <= 70
      error_message = "A function's policy holds the permissions of 70 accounts: put the module for one account into each account instead."
    }
  }
}

resource "aws_config_organization_custom_rule" "rule" {
  for_each = toset(split(",", var.event_kinds))

  name                        = local.rules[each.key].name
  description                 = local.rules[each.key].description
  lambda_function_arn         = aws_lambda_function.function.arn
  trigger_types               = ["ScheduledNotification"]
  maximum_execution_frequency = var.maximum_execution_frequency
  excluded_accounts           = var.excluded_accounts == "" ? null : split(",", var.excluded_accounts)
  input_parameters            = jsonencode(merge({ EventKinds = each.key }, local.parameters))

  # AWS Config makes a rule in every account, which takes tens of minutes.
  timeouts {
    create = "60m"
    update = "60m"
    delete = "60m"
  }

  depends_on = [aws_lambda_permission.config]
}
