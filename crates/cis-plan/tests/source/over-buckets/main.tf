resource "aws_s3_bucket" "b" {
  for_each = toset(["one", "two"])
  bucket   = each.key
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = [for b in aws_s3_bucket.b : "arn:aws:s3:::${b.bucket}/"]
    }
  }
}
