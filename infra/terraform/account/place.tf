# Where it is applied.

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

locals {
  place = {
    AWS_Partition = data.aws_partition.current.partition
    # `name` is deprecated from version 6 of the provider on, and `region` is not in version 5.
    AWS_Region    = data.aws_region.current.id
    AWS_AccountId = data.aws_caller_identity.current.account_id
  }
}
