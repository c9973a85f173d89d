locals {
  trails = yamldecode(file("${path.module}/trails.yaml"))
}
resource "aws_cloudtrail" "main" {
  for_each              = { for t in local.trails : t.name => t }
  name                  = each.key
  s3_bucket_name        = "logs"
  is_multi_region_trail = lookup(each.value, "multi", true)

  event_selector {
    read_write_type = each.value.type
    data_resource {
      type   = "AWS::S3::Object"
      values = each.value.values
    }
  }
}
