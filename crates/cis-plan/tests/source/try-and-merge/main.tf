locals {
  settings = merge({ a = 1 }, jsondecode("{\"b\": 2}"))
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = try(local.settings.kind, "All")
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
