module "trail" {
  source = "./modules/trail"
  kind   = "All"
}
