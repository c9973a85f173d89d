module "trail" {
  source = "./modules/trail"
  count  = 0
}
