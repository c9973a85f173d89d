# Where it is applied.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  place = {
    AWS_Partition = data.aws_partition.current.partition
    AWS_Region    = data.aws_region.current.name
    AWS_AccountId = data.aws_caller_identity.current.account_id
  }
}
