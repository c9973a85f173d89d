locals {
  kinds = { w = "WriteOnly", r = "ReadOnly" }
}
