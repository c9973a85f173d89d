# Made by `cargo xtask synth` of the parameters of templates/central-function.yaml and templates/organization-rule.yaml. Changes belong in infra/src.

variable "code_bucket" {
  description = "The bucket that holds bootstrap.zip, in the Region of this stack."
  type        = string

  validation {
    condition     = can(regex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", var.code_bucket))
    error_message = "code_bucket is the name of a bucket."
  }
}

variable "code_key" {
  description = "The key of bootstrap.zip in that bucket."
  type        = string
}

variable "code_version" {
  description = "The version of that object, where the bucket keeps versions. A new one updates the function. Its readers need s3:GetObjectVersion."
  type        = string
  default     = ""
}

variable "architecture" {
  description = "What bootstrap.zip was built for."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture is one of arm64 x86_64."
  }
}

variable "organization_id" {
  description = "The organization: the function may assume roles only in its accounts."
  type        = string

  validation {
    condition     = can(regex("^o-[a-z0-9]{10,32}$", var.organization_id))
    error_message = "organization_id is an organization's id, o- and letters and digits."
  }
}

variable "member_accounts" {
  description = "The accounts that have the rules, this one too where it does."
  type        = list(string)
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

variable "organization_trail_role_arn" {
  description = "A role that may read the organization trail's selectors, which member accounts cannot read themselves."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(arn:[a-z-]+:iam::[0-9]{12}:role/([A-Za-z0-9+=,.@_-]+/)*[A-Za-z0-9+=,.@_-]{1,64})?$", var.organization_trail_role_arn)) && length(var.organization_trail_role_arn) <= 160
    error_message = "organization_trail_role_arn is the ARN of an IAM role, `arn:<partition>:iam::<account>:role/<name>`."
  }
}

variable "maximum_execution_frequency" {
  description = "How often the rule is evaluated, whatever happens."
  type        = string
  default     = "TwentyFour_Hours"

  validation {
    condition     = contains(["One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours", "TwentyFour_Hours"], var.maximum_execution_frequency)
    error_message = "maximum_execution_frequency is one of One_Hour Three_Hours Six_Hours Twelve_Hours TwentyFour_Hours."
  }
}

variable "log_retention_in_days" {
  description = "How long the function's log is kept."
  type        = string
  default     = "90"

  validation {
    condition     = contains(["7", "14", "30", "60", "90", "120", "180", "365", "400", "731", "1827", "3653"], var.log_retention_in_days)
    error_message = "log_retention_in_days is one of 7 14 30 60 90 120 180 365 400 731 1827 3653."
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

variable "create_alarms" {
  description = "Whether there are alarms on silence and on events that failed. Each costs the same in every account. Silence is heard only with Metrics success or all."
  type        = string
  default     = "true"

  validation {
    condition     = contains(["true", "false"], var.create_alarms)
    error_message = "create_alarms is one of true false."
  }
}

variable "metrics" {
  description = "Which metrics the function writes: none, success (whether an evaluation was put), or all. Its log has the numbers in any case."
  type        = string
  default     = "success"

  validation {
    condition     = contains(["none", "success", "all"], var.metrics)
    error_message = "metrics is one of none success all."
  }
}

variable "function_role_path" {
  description = "The path of the function's role. The organization trail's role knows the functions by it (TrustedRolePattern)."
  type        = string
  default     = "/trailproof/"

  validation {
    condition     = can(regex("^/([A-Za-z0-9+=,.@_-]+/)*$", var.function_role_path))
    error_message = "function_role_path is a path that begins and ends with /."
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
  description = "A KMS key for the log, the queue and the topic. Empty: keys of AWS. The key's policy must let the services use it."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^(arn:[a-z-]+:kms:[a-z0-9-]+:[0-9]{12}:key/[A-Za-z0-9-]+)?$", var.kms_key_arn))
    error_message = "kms_key_arn is the ARN of a KMS key."
  }
}

variable "reserved_concurrency" {
  description = "How many invocations may run at a time, reserved for the function. Empty: as many as the account has."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([1-9][0-9]{0,3})?$", var.reserved_concurrency))
    error_message = "reserved_concurrency is a number from 1 on."
  }
}

variable "excluded_accounts" {
  description = "Accounts that get no rule, such as suspended ones. At most 1000."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([0-9]{12}(,[0-9]{12})*)?$", var.excluded_accounts))
    error_message = "excluded_accounts is account ids, separated by commas."
  }
}

variable "event_kinds" {
  description = "Which S3 object-level events must be recorded."
  type        = string
  default     = "write"

  validation {
    condition     = contains(["write", "read", "write,read"], var.event_kinds)
    error_message = "event_kinds is one of write read write,read."
  }
}

variable "trail_mode" {
  description = "How trails combine: any (one trail records everything by itself), union (all together do), every (each one does by itself)."
  type        = string
  default     = "any"

  validation {
    condition     = contains(["any", "union", "every"], var.trail_mode)
    error_message = "trail_mode is one of any union every."
  }
}

variable "allowed_unlogged_buckets" {
  description = "Buckets that may stay unlogged: exact names, separated by commas. NAME@2027-03-31 says the last day on which one may."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([A-Za-z0-9._-]{3,255}(@[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?(,[A-Za-z0-9._-]{3,255}(@[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?)*)?$", var.allowed_unlogged_buckets)) && length(var.allowed_unlogged_buckets) <= 320
    error_message = "allowed_unlogged_buckets is exact bucket names, separated by commas, with a last day as NAME@YYYY-MM-DD."
  }
}

variable "cloudtrail_deliveries" {
  description = "Whether CloudTrail's own deliveries of log files must be recorded too. AWS advises against it where a trail records all S3 data events."
  type        = string
  default     = "ignore"

  validation {
    condition     = contains(["ignore", "require"], var.cloudtrail_deliveries)
    error_message = "cloudtrail_deliveries is one of ignore require."
  }
}

variable "trusted_log_buckets" {
  description = "The buckets that a trail must deliver to in order to count: exact names, separated by commas. Empty: any bucket."
  type        = string
  default     = ""

  validation {
    condition     = can(regex("^([A-Za-z0-9._-]{3,255}(,[A-Za-z0-9._-]{3,255})*)?$", var.trusted_log_buckets)) && length(var.trusted_log_buckets) <= 160
    error_message = "trusted_log_buckets is exact bucket names, separated by commas."
  }
}

variable "require_delivery" {
  description = "Whether a trail counts only while its latest log file was delivered (LatestDeliveryError)."
  type        = string
  default     = "false"

  validation {
    condition     = contains(["true", "false"], var.require_delivery)
    error_message = "require_delivery is one of true false."
  }
}

variable "on_indeterminate" {
  description = "What is reported where the selectors can be neither proved nor refuted, because AWS does not document what they mean. ERROR fails the invocation, and AWS Config keeps its last result."
  type        = string
  default     = "NON_COMPLIANT"

  validation {
    condition     = contains(["ERROR", "NON_COMPLIANT", "NOT_APPLICABLE"], var.on_indeterminate)
    error_message = "on_indeterminate is one of ERROR NON_COMPLIANT NOT_APPLICABLE."
  }
}

variable "on_unreadable" {
  description = "What is reported where calls failed that could settle the verdict. ERROR fails the invocation, and AWS Config keeps its last result."
  type        = string
  default     = "ERROR"

  validation {
    condition     = contains(["ERROR", "NON_COMPLIANT", "NOT_APPLICABLE"], var.on_unreadable)
    error_message = "on_unreadable is one of ERROR NON_COMPLIANT NOT_APPLICABLE."
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
