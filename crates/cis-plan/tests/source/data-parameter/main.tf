data "aws_ssm_parameter" "b" {
  name = "/audit/bucket"
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = [data.aws_ssm_parameter.b.value]
    }
  }
}
