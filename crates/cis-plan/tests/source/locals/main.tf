locals {
  prefix = "arn:aws:s3:::"
  buckets = ["a", "b"]
  values = [for b in local.buckets : "${local.prefix}${b}/"]
  kind = "All"
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = local.kind
    data_resource {
      type   = "AWS::S3::Object"
      values = local.values
    }
  }
}
