variable "trail" {
  type    = any
  default = { type = "All" }
}
locals {
  values = can(var.trail.values) ? var.trail.values : ["arn:aws:s3"]
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = try(var.trail.kind, var.trail.type)
    data_resource {
      type   = "AWS::S3::Object"
      values = local.values
    }
  }
}
