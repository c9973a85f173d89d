locals {
  pairs = setproduct(["one", "two"], ["a", "b"])
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = [for p in local.pairs : "arn:aws:s3:::${p[0]}/${p[1]}/"]
    }
  }
}
