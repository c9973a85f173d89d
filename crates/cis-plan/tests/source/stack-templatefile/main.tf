resource "aws_cloudformation_stack" "s" {
  name          = "s"
  template_body = templatefile("${path.module}/t.yaml.tftpl", { kind = "ReadOnly", buckets = ["a"] })
}
