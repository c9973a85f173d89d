provider "aws" {
  alias  = "logs"
  region = "eu-west-1"
}
module "t" {
  source    = "./t"
  providers = { aws.audit = aws.logs }
}
