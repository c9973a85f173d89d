resource "aws_cloudcontrolapi_resource" "t" {
  type_name     = "AWS::CloudTrail::Trail"
  desired_state = templatefile("${path.module}/t.tftpl", { buckets = ["one"] })
}
