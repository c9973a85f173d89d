variable "token" {
  ephemeral = true
  default   = "x"
}
ephemeral "random_password" "p" {
  length = 16
}
resource "aws_secretsmanager_secret_version" "s" {
  secret_id                = "s"
  secret_string_wo         = ephemeral.random_password.p.result
  secret_string_wo_version = 1
}
resource "aws_ssm_parameter" "p" {
  name             = "p"
  type             = "String"
  value_wo         = "arn:aws:s3"
  value_wo_version = 1
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = [coalesce(aws_ssm_parameter.p.value_wo, "arn:aws:s3:::one/")]
    }
  }
}
