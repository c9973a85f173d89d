//! Random choices that are remembered, so that what was made of them can be made again, and smaller.

/// A sequence of choices. The choice 0 is the simplest everywhere, and where the choices end, all
/// further ones are 0: so a shorter or smaller tape makes a simpler thing.
pub(crate) struct Tape {
    choices: Vec<u32>,
    next: usize,
    state: Option<u64>,
}

impl Tape {
    /// New choices from a seed.
    pub(crate) fn from_seed(seed: u64) -> Self {
        Self { choices: Vec::new(), next: 0, state: Some(seed) }
    }

    /// Choices that were made before.
    pub(crate) fn replay(choices: &[u32]) -> Self {
        Self { choices: choices.to_vec(), next: 0, state: None }
    }

    /// The choices that were made.
    pub(crate) fn choices(&self) -> &[u32] {
        &self.choices
    }

    /// A number below `bound`, which is not 0.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        let choice = match &mut self.state {
            Some(state) => {
                let choice = u32::try_from(split_mix(state) % u64::from(bound)).unwrap();
                self.choices.push(choice);
                choice
            }
            None => self.choices.get(self.next).copied().unwrap_or(0).min(bound - 1),
        };
        self.next += 1;
        choice
    }

    /// A position below `bound`, which is not 0.
    pub(crate) fn index(&mut self, bound: usize) -> usize {
        self.below(u32::try_from(bound).unwrap()) as usize
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: u32) -> bool {
        self.below(times) == times - 1
    }

    /// One of these.
    pub(crate) fn pick<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.index(all.len())]
    }
}

/// SplitMix64, <https://doi.org/10.1145/2714064.2660195>.
pub(crate) fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut mixed = *state;
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    mixed ^ (mixed >> 31)
}

/// Smaller choices for which `fails` is still true; at most `attempts` are tried.
pub(crate) fn shrink(
    choices: &[u32],
    mut attempts: usize,
    mut fails: impl FnMut(&[u32]) -> bool,
) -> Vec<u32> {
    let mut smallest = choices.to_vec();
    loop {
        let before = smallest.clone();
        for size in [24, 16, 12, 8, 7, 6, 5, 4, 3, 2, 1] {
            let mut start = smallest.len();
            while start > 0 {
                start = start.saturating_sub(size);
                let end = (start + size).min(smallest.len());
                let without = [&smallest[..start], &smallest[end..]].concat();
                let mut zeroed = smallest.clone();
                zeroed[start..end].fill(0);
                for smaller in [without, zeroed] {
                    if attempts > 0 && smaller < smallest {
                        attempts -= 1;
                        if fails(&smaller) {
                            smallest = smaller;
                            break;
                        }
                    }
                }
                start = start.min(smallest.len());
            }
        }
        for position in 0..smallest.len() {
            for value in [smallest[position] / 2, smallest[position].saturating_sub(1)] {
                if attempts > 0 && value < smallest[position] {
                    let mut smaller = smallest.clone();
                    smaller[position] = value;
                    attempts -= 1;
                    if fails(&smaller) {
                        smallest = smaller;
                    }
                }
            }
        }
        if smallest == before || attempts == 0 {
            return smallest;
        }
    }
}
