module "t" {
  source = "./t"
  type   = ""
}
