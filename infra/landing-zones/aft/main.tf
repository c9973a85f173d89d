module "s3_object_level_logging" {
  source = "git::https://github.com/OWNER/trailproof.git//infra/terraform/account?ref=v0.2.0"

  code_bucket                 = "my-code"
  code_key                    = "trailproof/0.2.0/bootstrap.zip"
  event_kinds                 = "write,read"
  organization_trail_role_arn = "arn:aws:iam::111122223333:role/trailproof-organization-trail"
  alarm_topic_arn             = "arn:aws:sns:us-east-1:111122223333:security"
  create_alarms               = "false"
  metrics                     = "none"
}
