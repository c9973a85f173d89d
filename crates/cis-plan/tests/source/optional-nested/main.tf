variable "trails" {
  type = map(object({
    multi     = optional(bool, true)
    selectors = optional(list(object({
      type   = optional(string, "All")
      values = optional(set(string), ["arn:aws:s3"])
    })), [{}])
  }))
  default = { main = {} }
}
resource "aws_cloudtrail" "main" {
  for_each              = var.trails
  name                  = each.key
  s3_bucket_name        = "logs"
  is_multi_region_trail = each.value.multi

  dynamic "event_selector" {
    for_each = each.value.selectors
    iterator = selector
    content {
      read_write_type = selector.value.type
      data_resource {
        type   = "AWS::S3::Object"
        values = selector.value.values
      }
    }
  }
}
