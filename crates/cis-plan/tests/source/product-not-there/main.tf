variable "product" {
  default = false
}
resource "aws_servicecatalog_provisioned_product" "p" {
  count = var.product ? 1 : 0
  name  = "p"
}
