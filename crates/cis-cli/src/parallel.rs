//! Working on many things at a time, and having what comes of it in order.

use rayon::iter::{IntoParallelIterator as _, ParallelIterator as _};

/// How many things are worked on before what came of them is taken: enough for all processors, and
/// few enough that their results take little memory.
const AT_A_TIME: usize = 256;

/// What comes of each item, in the order of the items. A processor each works on some of them.
pub(crate) fn in_order<T: Send, R: Send>(
    items: impl IntoIterator<Item = T>,
    work: impl Fn(T) -> R + Sync,
) -> impl Iterator<Item = R> {
    let mut items = items.into_iter();
    let mut done = Vec::new().into_iter();
    core::iter::from_fn(move || {
        done.next().or_else(|| {
            let next: Vec<T> = items.by_ref().take(AT_A_TIME).collect();
            // For one account there is no need of threads.
            let results: Vec<R> = match next.len() {
                0 | 1 => next.into_iter().map(&work).collect(),
                _ => next.into_par_iter().map(&work).collect(),
            };
            done = results.into_iter();
            done.next()
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_the_order_of_the_items_and_none_is_lost() {
        for count in [0, 1, 2, AT_A_TIME - 1, AT_A_TIME, AT_A_TIME + 1, 3 * AT_A_TIME + 7] {
            let squares: Vec<usize> = in_order(0..count, |number| number * number).collect();
            assert_eq!(squares, (0..count).map(|number| number * number).collect::<Vec<_>>());
        }
    }
}
