//! The known word that somebody meant who wrote another one.

/// The known word that is nearest to a given one, if one is near: a letter or two that were mixed up,
/// left out or added, in whatever case.
#[must_use]
pub fn nearest<'a>(given: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let given = given.to_lowercase();
    // The longest texts that are compared: the time grows with their product.
    if given.len() > 256 {
        return None;
    }
    let most = given.chars().count().div_ceil(5).clamp(1, 3);
    known
        .into_iter()
        .filter(|word| word.len() <= 256)
        .map(|word| (strsim::damerau_levenshtein(&given, &word.to_lowercase()), word))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, word)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_or_two_are_forgiven() {
        let known = ["us-east-1", "us-east-2", "eu-west-1", "prod"];
        assert_eq!(nearest("us-esat-1", known), Some("us-east-1"));
        assert_eq!(nearest("US-EAST-2", known), Some("us-east-2"));
        assert_eq!(nearest("prd", known), Some("prod"));
        assert_eq!(nearest("staging", known), None);
        assert_eq!(nearest("", known), None);
        assert_eq!(nearest(&"a".repeat(10_000), known), None);
    }
}
