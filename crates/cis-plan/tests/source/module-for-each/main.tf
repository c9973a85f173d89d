module "trail" {
  source   = "./modules/trail"
  for_each = { r = "ReadOnly", w = "WriteOnly" }
  kind     = each.value
}
