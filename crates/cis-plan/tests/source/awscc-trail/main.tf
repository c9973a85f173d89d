resource "awscc_cloudtrail_trail" "t" {
  is_logging            = true
  is_multi_region_trail = true
  s3_bucket_name        = "logs"
  event_selectors = [{
    read_write_type = "All"
    data_resources = [{
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3"]
    }]
  }]
}
