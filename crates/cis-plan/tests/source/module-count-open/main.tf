variable "n" {
  type = number
}
module "trail" {
  source = "./modules/trail"
  count  = var.n
  kind   = "All"
}
