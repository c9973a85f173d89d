//! What the function must be allowed, said once for all templates.

/// An action that the rule's function must be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// The IAM action.
    pub action: &'static str,
    /// The resource, without partition and account where it has them; `*` where AWS takes no other.
    pub resource: &'static str,
    /// What the function does with it.
    pub purpose: &'static str,
}

/// What the function must be allowed, besides its own logs.
///
/// Sources: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscloudtrail.html>,
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsconfig.html>,
/// <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecurityhub.html>
pub const PERMISSIONS: [Permission; 7] = [
    Permission {
        action: "cloudtrail:DescribeTrails",
        resource: "*",
        purpose: "list the account's trails, shadow and organization trails included",
    },
    Permission {
        action: "cloudtrail:GetTrailStatus",
        resource: "cloudtrail:*:*:trail/*",
        purpose: "see whether each trail is logging",
    },
    Permission {
        action: "cloudtrail:GetEventSelectors",
        resource: "cloudtrail:*:*:trail/*",
        purpose: "read what each trail selects",
    },
    Permission { action: "config:PutEvaluations", resource: "*", purpose: "report the verdict" },
    Permission {
        action: "config:GetComplianceDetailsByConfigRule",
        resource: "config:*:*:config-rule/*",
        purpose: "retire results of trails that are gone, where trails are reported on",
    },
    Permission {
        action: "securityhub:BatchImportFindings",
        resource: "securityhub:*:*:product/*/default",
        purpose: "import the verdict as a finding, where the rule asks for it",
    },
    Permission {
        action: "sts:AssumeRole",
        resource: "iam::*:role/*",
        purpose: "work in the rule's account, or read the organization trail, in the very role that \
                  a parameter names",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_actions_that_take_no_resource_are_allowed_on_all() {
        let on_all = PERMISSIONS.iter().filter(|permission| permission.resource == "*");
        let actions: Vec<&str> = on_all.map(|permission| permission.action).collect();
        assert_eq!(actions, ["cloudtrail:DescribeTrails", "config:PutEvaluations"]);
    }
}
