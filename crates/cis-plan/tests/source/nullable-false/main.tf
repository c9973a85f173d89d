module "t" {
  source = "./t"
  type   = null
  multi  = null
}
