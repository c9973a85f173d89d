variable "on" {
  default = true
}
module "t" {
  count  = var.on ? 1 : 0
  source = "./t"
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = compact([one(module.t[*].bucket), ""])
    }
  }
}
