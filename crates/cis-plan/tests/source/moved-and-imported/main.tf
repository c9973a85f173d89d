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

moved {
  from = aws_cloudtrail.old
  to   = aws_cloudtrail.main
}
import {
  to = aws_cloudtrail.main
  id = "arn:aws:cloudtrail:us-east-1:111122223333:trail/main"
}
