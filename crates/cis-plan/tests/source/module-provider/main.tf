provider "aws" {
  region = "us-east-1"
}
module "t" {
  source = "./t"
  providers = {
    aws = aws
  }
}
