resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true
  depends_on            = [aws_s3_bucket.logs]
  lifecycle {
    create_before_destroy = true
    prevent_destroy       = true
    precondition {
      condition     = var.on
      error_message = "off"
    }
  }

  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
variable "on" {
  default = true
}
resource "aws_s3_bucket" "logs" {
  bucket = "logs"
}
