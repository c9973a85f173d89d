//! Where log files come from: folders and buckets, together.

use std::path::PathBuf;

use cis_logs::s3::{Archive, Location, Objects};
use cis_logs::{Faults, FileList, Found, LeftOut, Merged, Selection, Source, discover};

use crate::live::bucket::{BucketArgs, Buckets, places};
use crate::outcome::{Failure, reason};

/// What was given to be read.
#[derive(Debug)]
pub(super) struct Places {
    /// Files and folders.
    pub(super) local: Vec<PathBuf>,
    locations: Vec<Location>,
    buckets: Option<Buckets>,
}

/// Files of a folder or of a bucket.
#[derive(Debug)]
pub(super) enum Files {
    Local(FileList),
    Bucket(Objects),
}

impl Places {
    /// Tells paths from locations, and finds credentials for these.
    ///
    /// # Errors
    /// Where a location is none, or there are no credentials.
    pub(super) fn of(
        paths: &[PathBuf],
        args: &BucketArgs,
        keep: Option<PathBuf>,
    ) -> Result<Self, Failure> {
        let (local, locations) = places(paths)?;
        let buckets = if locations.is_empty() {
            args.refuse("it is for `s3://BUCKET/PREFIX`, and no such path was given")?;
            if keep.is_some() {
                let why = "`--resume`: it is for `s3://BUCKET/PREFIX`, and no such path was given";
                return Err(Failure::Refused(why.to_string()));
            }
            None
        } else {
            Some(args.connect(keep)?)
        };
        Ok(Self { local, locations, buckets })
    }

    /// The files that are asked for, and how many there are where that is known.
    ///
    /// # Errors
    /// Where a path or a location cannot be read at all.
    pub(super) fn files(
        &self,
        selection: &Selection,
    ) -> Result<(Merged<Files>, Option<u64>), Failure> {
        let mut all = Vec::new();
        let mut total = None;
        if !self.local.is_empty() {
            let files = discover(&self.local, selection).map_err(|error| {
                let path = error.path.display();
                Failure::Refused(format!("cannot read `{path}`: {}", reason(&error.error)))
            })?;
            total = Some(files.total());
            all.push(Files::Local(files));
        }
        let Some(buckets) = &self.buckets else { return Ok((Merged::of(all), total)) };
        // All are opened before the first is read: a slip of the pen shows at once.
        let opened: Vec<_> = self
            .locations
            .iter()
            .map(|location| buckets.open(location))
            .collect::<Result<_, Failure>>()?;
        for opened in opened {
            let objects = opened
                .read(selection.clone())
                .map_err(|error| Failure::Refused(format!("cannot start: {error}")))?;
            all.push(Files::Bucket(objects));
        }
        Ok((Merged::of(all), None))
    }

    /// The digests and log files in the buckets, each with where they were looked for.
    ///
    /// # Errors
    /// Where a location cannot be read at all.
    pub(super) fn archives(
        &self,
        selection: &Selection,
    ) -> Result<Vec<(&Location, Archive)>, Failure> {
        let Some(buckets) = &self.buckets else { return Ok(Vec::new()) };
        let archive = |location| Ok((location, buckets.archive(location, selection)?));
        self.locations.iter().map(archive).collect()
    }
}

impl Source for Files {
    fn next_file(&mut self) -> Option<Found> {
        match self {
            Self::Local(files) => files.next_file(),
            Self::Bucket(objects) => objects.next_file(),
        }
    }

    fn has_untimed(&self) -> bool {
        match self {
            Self::Local(files) => files.has_untimed(),
            Self::Bucket(objects) => objects.has_untimed(),
        }
    }

    fn finish(self) -> (LeftOut, Faults) {
        match self {
            Self::Local(files) => files.finish(),
            Self::Bucket(objects) => objects.finish(),
        }
    }
}
