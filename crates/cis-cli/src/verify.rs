//! `trailproof verify`: whether log files are what CloudTrail delivered, by its digests.

mod files;

use std::fs;
use std::path::PathBuf;

use aws_config::{Region, SdkConfig};
use cis_logs::Time;
use cis_logs::digest::keys::PublicKeys;
use cis_logs::digest::report::Verification;
use cis_logs::digest::store::Store;
use cis_logs::digest::{Options, signed, verify};

use self::files::Files;
use crate::chosen::{account, check_order, now, time};
use crate::format::{Format, FormatArgs};
use crate::live::bucket::{BucketArgs, at_once, places};
use crate::live::{block_on, region};
use crate::outcome::{Done, Failure, reason};
use crate::output::to_stdout;
use crate::text::Page;
use crate::{json, text};

const EXIT_CODES: &str = "\
A time is one of RFC 3339, with any offset, or a day. A bucket is read where it is, with the signatures in \
its digests' metadata. A copy lacks the metadata of its objects, and with \
it the newest digest's signature; it is found in a file beside the digest whose name is the digest's and \
`.sig` (the signature) or `.metadata.json` (what `aws s3api head-object` prints).

Exit codes:
  0  all of it is what CloudTrail delivered, within the limits that are named
  1  something was changed, is missing or was added
  2  usage or input error
  3  nothing is known to be wrong, but something could not be decided";

/// Prove by CloudTrail's digests that log files are what it delivered, or say what was changed, is
/// missing or was added
#[derive(Debug, clap::Args)]
#[command(after_help = EXIT_CODES)]
pub(crate) struct Args {
    /// The trail's bucket, `s3://BUCKET/PREFIX`, or folders and files of a copy of it: digests and log
    /// files
    #[arg(required = true, value_name = "PATH")]
    paths: Vec<PathBuf>,

    /// CloudTrail's public keys: what `aws cloudtrail list-public-keys` prints; may be repeated
    #[arg(long, value_name = "FILE")]
    keys: Vec<PathBuf>,

    /// Ask CloudTrail for its public keys (ListPublicKeys, in the Region of each digest)
    #[arg(long)]
    list_keys: bool,

    /// Prove from this time on
    #[arg(long, value_name = "TIME", value_parser = time)]
    from: Option<Time>,

    /// Prove until this time, or `now`: digests that end earlier are a fault
    #[arg(long, value_name = "TIME", value_parser = time)]
    to: Option<Time>,

    /// Only this account; may be repeated
    #[arg(long = "account", value_name = "ID", value_parser = account)]
    accounts: Vec<String>,

    /// Only this Region; may be repeated
    #[arg(long = "region", value_name = "REGION", value_parser = region::parse)]
    regions: Vec<String>,

    /// Only trails of this name; may be repeated
    #[arg(long = "trail", value_name = "NAME")]
    trails: Vec<String>,

    #[command(flatten)]
    bucket: BucketArgs,

    #[command(flatten)]
    format: FormatArgs,
}

/// Verifies and writes what was found.
///
/// # Errors
/// Where a path or the keys cannot be read, or the output cannot be written.
pub(crate) fn run(args: &Args) -> Result<Done, Failure> {
    check_order(args.from, args.to)?;
    let (local, locations) = places(&args.paths)?;
    for path in &local {
        fs::metadata(path).map_err(|error| cannot_read(path, &reason(&error)))?;
    }
    let mut keys = PublicKeys::default();
    for path in &args.keys {
        let text = fs::read(path).map_err(|error| cannot_read(path, &reason(&error)))?;
        keys.add_json(&text)
            .map_err(|error| Failure::Refused(format!("`{}`: {error}", path.display())))?;
    }
    let options = Options {
        from: args.from,
        to: args.to,
        now: now(),
        are_keys_complete: args.list_keys,
        accounts: args.accounts.clone(),
        regions: args.regions.clone(),
        trails: args.trails.clone(),
    };
    let buckets = match locations.as_slice() {
        [] => None,
        _ => Some(args.bucket.connect(None)?),
    };
    let files = Files::list(&local, &locations, buckets.as_ref(), &options)?;
    if args.list_keys {
        // What files are called is checked before anyone is asked.
        let times = regions(&files, &options)?;
        let buckets = buckets.map_or_else(|| args.bucket.connect(None), Ok)?;
        list_keys(buckets.config(), times, &mut keys)?;
    } else if buckets.is_none() {
        args.bucket.refuse("it is for `s3://BUCKET/PREFIX` and `--list-keys`")?;
    }
    let found = verified(&files, &keys, &options)?;
    to_stdout(|out| match args.format.format {
        Format::Json => json::document(out, &found),
        Format::Text => {
            let mut page = Page::new(out, args.format.is_coloured());
            text::verify::verification(&mut page, &found)
        }
    })?;
    Ok(Done::Verified(found.outcome))
}

fn verified(files: &Files, keys: &PublicKeys, options: &Options) -> Result<Verification, Failure> {
    if !files.is_remote() {
        return Ok(verify(files, keys, options));
    }
    at_once(|| verify(files, keys, options))
}

fn cannot_read(path: &std::path::Path, why: &str) -> Failure {
    Failure::Refused(format!("cannot read `{}`: {why}", path.display()))
}

/// A Region and the time of its digests.
type OfRegion = (String, (Time, Time));

/// The Regions that there are digests of.
///
/// # Errors
/// Where one is none: it stands in a file's name, and becomes part of the endpoint's.
fn regions(files: &impl Store, options: &Options) -> Result<Vec<OfRegion>, Failure> {
    let parse = |(name, time): OfRegion| {
        region::parse(&name).map(|region| (region, time)).map_err(|why| refused(&name, &why))
    };
    signed(files, options).into_iter().map(parse).collect()
}

fn refused(region: &str, why: &str) -> Failure {
    Failure::Refused(format!(
        "cannot list CloudTrail's public keys in {region}: {}",
        why.split_whitespace().collect::<Vec<_>>().join(" ")
    ))
}

/// Asks CloudTrail for the keys of each Region and time that there are digests of.
fn list_keys(
    config: &SdkConfig,
    regions: Vec<OfRegion>,
    keys: &mut PublicKeys,
) -> Result<(), Failure> {
    block_on(async {
        for (region, (from, to)) in regions {
            let config = config.to_builder().region(Region::new(region.clone())).build();
            let listed = cis_aws::public_keys(&config, &region, from.seconds(), to.seconds())
                .await
                .map_err(|failure| refused(&region, &failure.to_string()))?;
            for key in listed {
                keys.add_der(&key.der, key.fingerprint)
                    .map_err(|error| refused(&region, &error.to_string()))?;
            }
        }
        Ok(())
    })?
}
