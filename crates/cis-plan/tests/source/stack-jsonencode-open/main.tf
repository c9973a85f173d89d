variable "kind" {}
resource "aws_cloudformation_stack" "s" {
  name          = "s"
  template_body = jsonencode({
    Resources = {
      T = {
        Type = "AWS::CloudTrail::Trail"
        Properties = {
          IsLogging          = true
          IsMultiRegionTrail = true
          S3BucketName       = "logs"
          EventSelectors = [{
            ReadWriteType = var.kind
            DataResources = [{ Type = "AWS::S3::Object", Values = ["arn:aws:s3"] }]
          }]
        }
      }
    }
  })
}
