locals {
  selector = jsondecode(file("${path.module}/selector.json"))
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = local.selector.type
    data_resource {
      type   = "AWS::S3::Object"
      values = local.selector.values
    }
  }
}
