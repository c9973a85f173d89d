variable "trail" {
  type = object({
    kind   = optional(string, "WriteOnly")
    values = optional(list(string), ["arn:aws:s3"])
  })
  default = {}
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = var.trail.kind
    data_resource {
      type   = "AWS::S3::Object"
      values = var.trail.values
    }
  }
}
