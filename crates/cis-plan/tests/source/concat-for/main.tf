variable "buckets" {
  default = ["one", "two"]
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = concat(["arn:aws:s3:::zero/"], [for b in var.buckets : "arn:aws:s3:::${b}/" if b != "two"])
    }
  }
}
