//! Identifiers by chance.

use fastrand::Rng;

const HEX: &[u8; 16] = b"0123456789abcdef";
const CAPITALS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

fn of(random: &mut Rng, alphabet: &[u8], length: usize) -> String {
    (0..length).map(|_| random.choice(alphabet).map_or('A', |byte| char::from(*byte))).collect()
}

/// Letters and digits.
pub(crate) fn alphanumeric(random: &mut Rng, length: usize) -> String {
    of(random, LETTERS, length)
}

/// What ids of requests to S3, keys and principals are made of.
pub(crate) fn capitals(random: &mut Rng, length: usize) -> String {
    of(random, CAPITALS, length)
}

/// What the second ids of requests to S3 are made of.
pub(crate) fn base64(random: &mut Rng, length: usize) -> String {
    of(random, BASE64, length)
}

/// A UUID.
pub(crate) fn uuid(random: &mut Rng) -> String {
    let parts: Vec<String> =
        [8, 4, 4, 4, 12].into_iter().map(|length| of(random, HEX, length)).collect();
    parts.join("-")
}

/// One of these, the first ones much more often.
pub(crate) fn skewed(random: &mut Rng, count: usize) -> usize {
    let share = random.f64();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "counts are small"
    )]
    let index = (count as f64 * share * share * share) as usize;
    index.min(count - 1)
}
