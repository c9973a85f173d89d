locals {
  selectors = {
    data = [
      { field = "eventCategory", equals = ["Data"] },
      { field = "resources.type", equals = ["AWS::S3::Object"] },
      { field = "resources.ARN", not_starts_with = ["arn:aws:s3:::logs/"] },
    ]
  }
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  dynamic "advanced_event_selector" {
    for_each = local.selectors
    iterator = s
    content {
      name = s.key
      dynamic "field_selector" {
        for_each = s.value
        content {
          field  = field_selector.value.field
          equals = lookup(field_selector.value, "equals", null)
          not_starts_with = lookup(field_selector.value, "not_starts_with", null)
        }
      }
    }
  }
}
