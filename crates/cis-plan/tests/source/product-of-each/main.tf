resource "aws_servicecatalog_provisioned_product" "p" {
  for_each = toset(["a"])
  name     = each.key
}
