locals {
  type = local.kinds["w"]
}
