resource "aws_cloudtrail" "main" {
  name                  = "${each.value}"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true
  for_each = toset(["x", "y", "x"])

  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
