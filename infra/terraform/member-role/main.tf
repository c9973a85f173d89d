# The role through which the function of ../organization works in an account. The same as
# templates/member-role.yaml, in plain resources. Apply it in every account that has the rules, in the
# Region of the rules.

locals {
  # What the names of the rules begin with that the topic is told of: those of packs, and of the
  # organization.
  told_of = [
    "cis-3-8-s3-object-level-write-logging",
    "OrgConfigRule-cis-3-8-s3-object-level-write-logging",
    "cis-3-9-s3-object-level-read-logging",
    "OrgConfigRule-cis-3-9-s3-object-level-read-logging",
  ]

  # The template's conditions that a statement may be for.
  holds = {
    ""              = true
    ReportsOnTrails = var.report_on != "account"
    ImportsFindings = var.security_hub != "off"
    UsesKmsKeyArn   = var.kms_key_arn != ""
  }

  allowed = jsondecode(templatefile("${path.module}/policies/MemberRole.json.tftpl", local.place))
}

resource "aws_iam_role" "member" {
  name                 = var.member_role_name
  description          = "The S3 object-level logging rules, evaluated by a central function"
  permissions_boundary = var.permissions_boundary_arn == "" ? null : var.permissions_boundary_arn

  assume_role_policy = templatefile("${path.module}/policies/MemberRole.trust.json.tftpl", {
    FunctionRoleArn = var.function_role_arn
    OrganizationId  = var.organization_id
  })
}

resource "aws_iam_role_policy" "member" {
  name = "evaluate"
  role = aws_iam_role.member.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [for part in local.allowed : part.statement if local.holds[part.when]]
  })
}
