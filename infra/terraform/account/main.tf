# One account: the function, its rules, and what tells of failures. The same as templates/rule.yaml, in
# plain resources. Apply it in the Region that is home to the trails.

locals {
  kinds       = var.create_rules == "true" ? split(",", var.event_kinds) : []
  reevaluates = var.create_rules == "true" && var.reevaluate_on_trail_change == "true"

  rules = {
    write = {
      name        = "${var.rule_name_prefix}cis-3-8-s3-object-level-write-logging"
      description = "Proves that CloudTrail records every S3 object-level write event, or names one that is lost. CIS AWS Foundations Benchmark 7.0.0: 4.8. AWS Security Hub CSPM: S3.22."
    }
    read = {
      name        = "${var.rule_name_prefix}cis-3-9-s3-object-level-read-logging"
      description = "Proves that CloudTrail records every S3 object-level read event, or names one that is lost. CIS AWS Foundations Benchmark 7.0.0: 4.9. AWS Security Hub CSPM: S3.23."
    }
  }

  # What the names of the rules begin with that the topic is told of.
  told_of = [local.rules.write.name, local.rules.read.name]

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

  # The template's conditions that a statement may be for.
  holds = {
    ""                           = true
    ReportsOnTrails              = var.report_on != "account"
    ImportsFindings              = var.security_hub != "off"
    UsesOrganizationTrailRoleArn = var.organization_trail_role_arn != ""
    UsesKmsKeyArn                = var.kms_key_arn != ""
  }

  # Names in the policy of the function's role, beside those of every module.
  function_names = {
    OrganizationTrailRoleArn = var.organization_trail_role_arn
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

  name             = local.rules[each.key].name
  description      = local.rules[each.key].description
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
