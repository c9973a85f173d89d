resource "aws_cloudtrail" "main" {
  for_each              = fileset("${path.module}/trails", "*.json")
  name                  = trimsuffix(each.value, ".json")
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = jsondecode(file("${path.module}/trails/${each.value}")).type
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
