//! The parameters of a request, as a record spells them: those that say what a request of S3 is about.

use serde::Deserialize;

use crate::aws::record::member::Text;

/// `requestParameters`: those that say what a request of S3 is about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ParametersJson<'a> {
    /// `bucketName`; in requests to S3 Control `bucket`.
    #[serde(borrow)]
    pub bucket_name: Text<'a>,
    /// `bucket`.
    #[serde(borrow)]
    pub bucket: Text<'a>,
    /// `key`.
    #[serde(borrow)]
    pub key: Text<'a>,
    /// `Key`, as S3 on Outposts spells it.
    #[serde(rename = "Key", borrow)]
    pub outposts_key: Text<'a>,
    /// `x-amz-copy-source`: what a copy is made of.
    #[serde(rename = "x-amz-copy-source", borrow)]
    pub copy_source: Text<'a>,
    /// `x-amz-grant-read`: who may read the object.
    #[serde(rename = "x-amz-grant-read", borrow)]
    pub grant_read: Text<'a>,
    /// `x-amz-grant-read-acp`: who may read its access control list.
    #[serde(rename = "x-amz-grant-read-acp", borrow)]
    pub grant_read_acp: Text<'a>,
    /// `x-amz-grant-write-acp`: who may change that list.
    #[serde(rename = "x-amz-grant-write-acp", borrow)]
    pub grant_write_acp: Text<'a>,
    /// `x-amz-grant-full-control`: who may do all that.
    #[serde(rename = "x-amz-grant-full-control", borrow)]
    pub grant_full_control: Text<'a>,
}

impl ParametersJson<'_> {
    /// Whether the request grants access by e-mail address.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html>
    #[must_use]
    pub fn grants_by_email(&self) -> bool {
        [&self.grant_read, &self.grant_read_acp, &self.grant_write_acp, &self.grant_full_control]
            .iter()
            .any(|grant| grant.text().is_some_and(|grant| grant.contains("emailAddress")))
    }
}
