module "other" {
  source  = "example/trail/aws"
  version = "1.0.0"
  kind    = "All"
}
