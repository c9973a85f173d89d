resource "aws_cloudtrail" "main" {
  enable_logging = true
}
