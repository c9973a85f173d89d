resource "aws_cloudtrail" "main" {
  name                  = "main"
  s3_bucket_name        = "logs"
  is_multi_region_trail = true

  event_selector {
    read_write_type = "All"
    data_resource {
      type   = "AWS::S3::Object"
      values = ["arn:aws:s3:::one/"]
    }
  }
}

check "health" {
  data "http" "example" {
    url = "https://example.com"
  }
  assert {
    condition     = data.http.example.status_code == 200
    error_message = "down"
  }
}
