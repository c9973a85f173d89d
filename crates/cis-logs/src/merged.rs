//! Several sources of files as one.

use crate::{Faults, Found, LeftOut, Source};

/// The files of several sources, in the order of their delivery.
///
/// A file of each source is held until its turn comes.
#[derive(Debug)]
pub struct Merged<S>(Vec<Ahead<S>>);

/// A source, and its next file.
#[derive(Debug)]
struct Ahead<S> {
    source: S,
    next: Next,
}

#[derive(Debug)]
enum Next {
    /// It was not asked for yet.
    Unknown,
    Known(Found),
    /// There is no more.
    End,
}

impl<S: Source> Merged<S> {
    /// The files of these.
    #[must_use]
    pub fn of(sources: Vec<S>) -> Self {
        let ahead = |source| Ahead { source, next: Next::Unknown };
        Self(sources.into_iter().map(ahead).collect())
    }
}

impl<S: Source> Ahead<S> {
    fn peek(&mut self) -> Option<&Found> {
        if matches!(self.next, Next::Unknown) {
            self.next = self.source.next_file().map_or(Next::End, Next::Known);
        }
        match &self.next {
            Next::Known(found) => Some(found),
            Next::Unknown | Next::End => None,
        }
    }

    fn take(&mut self) -> Option<Found> {
        match std::mem::replace(&mut self.next, Next::Unknown) {
            Next::Known(found) => Some(found),
            Next::Unknown => None,
            Next::End => {
                self.next = Next::End;
                None
            }
        }
    }
}

impl<S: Source> Source for Merged<S> {
    fn next_file(&mut self) -> Option<Found> {
        let fronts = self.0.iter_mut().enumerate().filter_map(|(index, ahead)| {
            let file = &ahead.peek()?.file;
            Some(((file.delivered, index), index))
        });
        let (_, first) = fronts.min()?;
        self.0.get_mut(first)?.take()
    }

    fn has_untimed(&self) -> bool {
        self.0.iter().any(|ahead| ahead.source.has_untimed())
    }

    fn finish(self) -> (LeftOut, Faults) {
        let (mut left_out, mut faults) = (LeftOut::default(), Faults::default());
        for ahead in self.0 {
            let (of_source, wrong) = ahead.source.finish();
            left_out.merge(of_source);
            faults.merge(wrong);
        }
        (left_out, faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Input, LogFile};

    /// Files that were delivered in these minutes.
    struct Given(Vec<u32>);

    impl Source for Given {
        fn next_file(&mut self) -> Option<Found> {
            let minute = (!self.0.is_empty()).then(|| self.0.remove(0))?;
            let name = format!("111122223333_CloudTrail_eu-west-1_20260301T10{minute:02}Z_A.json");
            Some(Found { file: LogFile::of(name), input: Input::Bytes(Vec::new()) })
        }

        fn has_untimed(&self) -> bool {
            false
        }

        fn finish(self) -> (LeftOut, Faults) {
            (LeftOut { not_selected: 1, ..LeftOut::default() }, Faults::default())
        }
    }

    #[test]
    fn the_files_of_several_sources_come_in_the_order_of_their_delivery() {
        let mut merged =
            Merged::of(vec![Given(vec![3, 4, 9]), Given(vec![]), Given(vec![1, 4, 5])]);
        let found: Vec<String> = std::iter::from_fn(|| merged.next_file())
            .map(|found| found.file.name.get(45..47).unwrap_or_default().to_string())
            .collect();
        assert_eq!(found, ["01", "03", "04", "04", "05", "09"]);
        assert_eq!(merged.finish().0.not_selected, 3);
    }
}
