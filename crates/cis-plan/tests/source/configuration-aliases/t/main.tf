terraform {
  required_providers {
    aws = {
      source                = "hashicorp/aws"
      configuration_aliases = [aws.audit]
    }
  }
}
data "aws_region" "current" {
  provider = aws.audit
}
resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true
  provider              = aws.audit

  event_selector {
    read_write_type = data.aws_region.current.name == "eu-west-1" ? "ReadOnly" : "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
