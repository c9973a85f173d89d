resource "aws_cloudformation_stack" "s" {
  name          = "s"
  template_body = file("${path.module}/t.json")
}
