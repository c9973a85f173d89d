resource "aws_cloudtrail" "main" {
  name                  = "${each.key}"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true
  for_each = { a = "ReadOnly", b = "WriteOnly" }

  event_selector {
    read_write_type = each.value
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
