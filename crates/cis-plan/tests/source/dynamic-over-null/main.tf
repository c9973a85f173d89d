variable "selector" {
  type    = object({ type = string })
  default = null
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  dynamic "event_selector" {
    for_each = var.selector == null ? [] : [var.selector]
    content {
      read_write_type = event_selector.value.type
      data_resource {
        type   = "AWS::S3::Object"
        values = ["arn:aws:s3"]
      }
    }
  }
}
