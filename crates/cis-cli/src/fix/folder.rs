//! The files of a fix: requests, commands, the way back, and text for Terraform and CloudFormation.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use cis_fix::command::{Request, command};
use cis_fix::json::pretty;
use cis_fix::{Call, Fix, by_trail, cloudformation, terraform};

use crate::json;
use crate::outcome::{Failure, reason};
use crate::text::escape::escape_json;

/// Writes the files of each fix that changes something, and gives the folder of each.
///
/// # Errors
/// Where the folder holds something already, or a file cannot be written.
pub(super) fn write(folder: &Path, fixes: &[Fix]) -> Result<Vec<Option<PathBuf>>, Failure> {
    let refused = |path: &Path, error: &std::io::Error| {
        Failure::Refused(format!("cannot write to `{}`: {}", path.display(), reason(error)))
    };
    fs::create_dir_all(folder).map_err(|error| refused(folder, &error))?;
    let mut entries = fs::read_dir(folder).map_err(|error| refused(folder, &error))?;
    if entries.next().is_some() {
        // A way back that was written before must not be lost.
        return Err(Failure::Refused(format!(
            "`{}` holds files already, perhaps the way back of an earlier change: give a new folder",
            folder.display()
        )));
    }
    let is_changing = |fix: &Fix| !fix.changes.is_empty() || !fix.written.is_empty();
    let changing = fixes.iter().filter(|fix| is_changing(fix)).count();
    let mut folders = Vec::new();
    for (index, fix) in fixes.iter().enumerate() {
        if !is_changing(fix) {
            folders.push(None);
            continue;
        }
        let own = if changing == 1 {
            folder.to_path_buf()
        } else {
            let account = match (fix.account_id.as_str(), &fix.name) {
                (cis_plan::NO_ACCOUNT, Some(file)) => file,
                (id, _) => id,
            };
            folder.join(format!("{:04}-{}", index + 1, plain(account)))
        };
        fs::create_dir_all(&own).map_err(|error| refused(&own, &error))?;
        for (name, text) in files(fix)? {
            let path = own.join(name);
            let file = fs::File::create_new(&path);
            let written = file.and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.sync_all()
            });
            written.map_err(|error| refused(&path, &error))?;
        }
        folders.push(Some(own));
    }
    Ok(folders)
}

/// The files of a fix, by name.
fn files(fix: &Fix) -> Result<BTreeMap<String, String>, Failure> {
    let mut files = BTreeMap::new();
    files.insert("fix.json".to_string(), json::text(fix)? + "\n");
    files.insert("after.json".to_string(), safe(&pretty(&fix.after.text())));
    if !fix.written.is_empty() {
        // Calls are no way to change what a deployment sets back.
        for (index, written) in fix.written.iter().enumerate() {
            let stem = format!("trail-{}-{}", index + 1, plain(&written.trail));
            files.insert(format!("{stem}.tf"), written.terraform.clone());
            files.insert(format!("{stem}.cloudformation.json"), safe(&written.cloudformation));
        }
        return Ok(files);
    }
    let mut apply = Script::default();
    let mut undo = Script::default();
    for (index, change) in fix.changes.iter().enumerate() {
        let stem = format!("{}-{}", index + 1, change.call.command());
        let name = format!("{stem}.json");
        let place = Request::File(&name);
        let line = command(change.call, &change.region, &change.request, place);
        apply.line(&change.account_id, &line);
        files.insert(name, safe(&pretty(&change.request.text())));
    }
    for (index, change) in fix.changes.iter().enumerate().rev() {
        for (at, back) in change.undo.iter().enumerate() {
            let which = if at == 0 { String::new() } else { format!("-{}", at + 1) };
            let name = format!("{}-undo{which}-{}.json", index + 1, back.call.command());
            let place = Request::File(&name);
            let line = command(back.call, &change.region, &back.request, place);
            undo.line(&change.account_id, &line);
            files.insert(name, safe(&pretty(&back.request.text())));
        }
    }
    files.insert("apply.sh".to_string(), apply.text());
    files.insert("undo.sh".to_string(), undo.text());
    for (index, (trail, changes)) in by_trail(&fix.changes).into_iter().enumerate() {
        let stem = format!("trail-{}-{}", index + 1, plain(trail.rsplit('/').next().unwrap_or("")));
        files.insert(format!("{stem}.tf"), terraform(&changes));
        files.insert(format!("{stem}.cloudformation.json"), safe(&cloudformation(&changes)));
    }
    if let Some(policy) = bucket_policy(fix) {
        files.insert("bucket-policy.json".to_string(), policy);
    }
    Ok(files)
}

/// JSON as a file that a terminal can show.
fn safe(json: &str) -> String {
    escape_json(json).trim_end().to_string() + "\n"
}

/// The policy that lets CloudTrail write into the bucket of a new trail.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html>
fn bucket_policy(fix: &Fix) -> Option<String> {
    let create = fix.changes.iter().find(|change| change.call == Call::CreateTrail)?;
    let start = fix.changes.iter().find(|change| change.call == Call::StartLogging)?;
    let bucket: String = create.request.read("S3BucketName")?;
    let arn: String = start.request.read("Name")?;
    let partition = arn.split(':').nth(1)?;
    let bucket = format!("arn:{partition}:s3:::{bucket}");
    let source = serde_json::json!({"StringEquals": {"aws:SourceArn": arn}});
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AWSCloudTrailAclCheck", "Effect": "Allow",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": "s3:GetBucketAcl", "Resource": bucket, "Condition": source,
            },
            {
                "Sid": "AWSCloudTrailWrite", "Effect": "Allow",
                "Principal": {"Service": "cloudtrail.amazonaws.com"},
                "Action": "s3:PutObject",
                "Resource": format!("{bucket}/AWSLogs/{}/*", create.account_id),
                "Condition": {"StringEquals": {
                    "s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceArn": arn,
                }},
            },
        ],
    });
    Some(safe(&format!("{policy:#}")))
}

/// Commands, with a check of the account that they are for.
#[derive(Debug, Default)]
struct Script {
    lines: String,
    account: Option<String>,
}

impl Script {
    fn line(&mut self, account: &str, command: &str) {
        if self.account.as_deref() != Some(account) {
            let digits = plain(account);
            let _infallible = write!(
                self.lines,
                "\n# Account {digits}\n\
                 test \"$(aws sts get-caller-identity --query Account --output text)\" = {digits} || {{\n\
                 \x20 echo 'the credentials are not those of account {digits}' >&2\n\
                 \x20 exit 1\n\
                 }}\n"
            );
            self.account = Some(account.to_string());
        }
        self.lines.push_str(command);
        self.lines.push('\n');
    }

    fn text(&self) -> String {
        if self.lines.is_empty() {
            return "#!/bin/sh\n# There is nothing to do.\n".to_string();
        }
        format!("#!/bin/sh\nset -eu\ncd -- \"$(dirname -- \"$0\")\"\n{}", self.lines)
    }
}

/// The letters and digits of a text, for the name of a file or a word of a script.
fn plain(text: &str) -> String {
    let is_plain = |it: &char| it.is_ascii_alphanumeric() || matches!(it, '-' | '_');
    let plain: String = text.chars().filter(is_plain).take(64).collect();
    if plain.is_empty() { "trail".to_string() } else { plain }
}
