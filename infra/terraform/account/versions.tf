terraform {
  required_version = ">= 1.5"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = ">= 5.80"
    }

    random = {
      source  = "hashicorp/random"
      version = ">= 3.5"
    }
  }
}
