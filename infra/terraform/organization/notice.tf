# The role in which EventBridge publishes to the topic.

locals {
  tells = var.alarm_topic_arn != ""
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
