provider "aws" {
  alias    = "by_region"
  for_each = toset(["us-east-1", "eu-west-1"])
  region   = each.value
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true
  provider              = aws.by_region["eu-west-1"]

  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
