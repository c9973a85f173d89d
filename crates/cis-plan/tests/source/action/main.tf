resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }
  }
}
action "aws_lambda_invoke" "x" {
  config {
    function_name = "f"
    payload       = jsonencode({ service = "cloudtrail", operation = "StopLogging" })
  }
}
