# What the provider's schema refuses: an attribute that there is not, and one that is missing.

terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
}

resource "aws_config_organization_custom_rule" "rule" {
  name           = "rule"
  trigger_types  = ["ScheduledNotification"]
  trigger_period = "TwentyFour_Hours"
}
