variable "type" {
  type     = string
  default  = "All"
  nullable = false
}
variable "multi" {
  type    = bool
  default = true
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = var.multi

  event_selector {
    read_write_type = var.type
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
