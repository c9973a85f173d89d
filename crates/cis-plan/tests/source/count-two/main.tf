resource "aws_cloudtrail" "main" {
  name                  = "t-${count.index}"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true
  count = 2

  event_selector {
    read_write_type = count.index == 0 ? "ReadOnly" : "WriteOnly"
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
