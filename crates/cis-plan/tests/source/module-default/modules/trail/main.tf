variable "kind" {
  type    = string
  default = "ReadOnly"
}

resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = var.kind
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
output "arn" {
  value = aws_cloudtrail.main.arn
}
output "kind" {
  value = var.kind
}
