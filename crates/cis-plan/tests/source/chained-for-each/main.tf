resource "aws_s3_bucket" "b" {
  for_each = toset(["one"])
  bucket   = each.key
}
resource "aws_cloudtrail" "main" {
  for_each              = aws_s3_bucket.b
  name                  = each.key
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3:::${each.value.bucket}/"]
    }
  }
}
