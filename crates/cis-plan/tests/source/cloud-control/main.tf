resource "aws_cloudcontrolapi_resource" "t" {
  type_name = "AWS::CloudTrail::Trail"
  desired_state = jsonencode({
    IsLogging = true
    IsMultiRegionTrail = true
    S3BucketName = "logs"
    EventSelectors = [{
      ReadWriteType = "All"
      DataResources = [{ Type = "AWS::S3::Object", Values = ["arn:aws:s3"] }]
    }]
  })
}
