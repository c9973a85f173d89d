# Made by `cargo xtask synth` of the parameters of templates/member-role.yaml. Changes belong in infra/src.

variable "function_role_arn" {
  description = "The function's role: the output FunctionRoleArn of its stack."
  type        = string

  validation {
    condition     = can(regex("^arn:[a-z-]+:iam::[0-9]{12}:role/([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]+$", var.function_role_arn))
    error_message = "function_role_arn is the ARN of an IAM role."
  }
}

variable "organization_id" {
  description = "The organization that the function's account is in."
  type        = string

  validation {
    condition     = can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "organization_id is an organization's id, o- and letters and digits."
  }
}

variable "member_role_name" {
  description = "The role that the function assumes in the rule's account. Empty where the function is deployed in each account."
  type        = string
  default     = "s3-object-level-logging-rule"

  validation {
    condition     = can(regex("^[A-Za-z0-9+=,.@_-]{1,64}$", var.member_role_name)) && length(var.member_role_name) <= 64
    error_message = "member_role_name is the name of an IAM role, 1 to 64 of A-Z, a-z, 0-9 and `+=,.@_-`."
  }
}

variable "report_on" {
  description = "What is reported on: the account, or the account and its trails."
  type        = string
  default     = "account"

  validation {
    condition     = contains(["account", "account+trails"], var.report_on)
    error_message = "report_on is one of account account+trails."
  }
}

variable "security_hub" {
  description = "Whether findings are imported into Security Hub."
  type        = string
  default     = "off"

  validation {
    condition     = contains(["off", "asff"], var.security_hub)
    error_message = "security_hub is one of off asff."
  }
}

variable "alarm_topic_arn" {
  description = "An SNS topic of this Region that is told of accounts that do not comply, of failures, and of alarms. Without one they only change state."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(arn:[a-z-]+:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]+)?$", var.alarm_topic_arn))
    error_message = "alarm_topic_arn is a topic's ARN."
  }
}

variable "permissions_boundary_arn" {
  description = "A managed policy that is the permissions boundary of the roles."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(arn:[a-z-]+:iam::([0-9]{12}|aws):policy/[A-Za-z0-9+=,.@_/-]+)?$", var.permissions_boundary_arn))
    error_message = "permissions_boundary_arn is the ARN of a managed policy."
  }
}

variable "kms_key_arn" {
  description = "The KMS key of the topic, where it has one."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key."
  }
}
