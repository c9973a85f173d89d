variable "type" {
  type    = string
  default = "WriteOnly"
  validation {
    condition     = contains(["All", "WriteOnly"], var.type)
    error_message = "no"
  }
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = var.type
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
