//! Which Region is asked.

use cis_rules::partition::{Partition, known_regions};

use cis_findings::near::nearest;

/// What the middle of a Region's name is made of.
const DIRECTIONS: [&str; 9] = [
    "central",
    "east",
    "north",
    "northeast",
    "northwest",
    "south",
    "southeast",
    "southwest",
    "west",
];

/// Reads a Region. What cannot be one is refused, so that a slip of the pen does not end as a name that is not found.
///
/// A Region that is not known may be a new one, if it is written as Regions are.
///
/// # Errors
/// Where it is not written so: with the Region that was meant, if one is near.
pub(crate) fn parse(region: &str) -> Result<String, String> {
    if known_regions().any(|known| known == region) || is_written_as_one(region) {
        return Ok(region.to_string());
    }
    let next = match nearest(region, known_regions()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "a Region is `us-east-1`, `eu-central-1` or the like".to_string(),
    };
    Err(format!("`{region}` is no AWS Region: {next}"))
}

/// Whether a name is an area, directions, and a number: `eu-central-2`, `us-gov-west-1`.
fn is_written_as_one(region: &str) -> bool {
    let parts: Vec<&str> = region.split('-').collect();
    let [area, middle @ .., direction, number] = parts.as_slice() else {
        return false;
    };
    let is_word =
        |word: &str| word.len() >= 2 && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let is_number = number.len() == 1 && number.bytes().all(|byte| (b'1'..=b'9').contains(&byte));
    let has_area = known_regions().any(|known| {
        let start = known.split('-').next().unwrap_or_default();
        start == *area
    });
    // `eusc-de-east-1`, `us-gov-west-1`: one word more.
    has_area
        && middle.len() <= 1
        && middle.iter().all(|word| is_word(word))
        && DIRECTIONS.contains(direction)
        && is_number
}

/// The Region that is asked where none is said: the first one of the partition.
///
/// Multi-Region trails show there as everywhere.
pub(crate) fn default_of(partition: &str) -> &'static str {
    let others = Partition::named(partition).filter(|partition| partition.id != "aws");
    others.and_then(|partition| partition.sample_regions.first()).copied().unwrap_or("us-east-1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_known_region_and_those_to_come_are_regions() {
        for region in known_regions().chain(["eu-south-3", "us-gov-south-1", "eusc-fr-west-1"]) {
            assert!(parse(region).is_ok(), "{region}");
            assert!(is_written_as_one(region), "{region}");
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_told_with_what_was_meant() {
        for (region, meant) in [
            ("us-esat-1", "us-east-1"),
            ("us-east1", "us-east-1"),
            ("us-east-11", "us-east-1"),
            ("US-EAST-1", "us-east-1"),
            ("eu-frankfurt-1", "a Region is"),
            ("us-east-1a", "us-east-1"),
            ("", "a Region is"),
        ] {
            let said = parse(region).unwrap_err();
            assert!(said.contains(meant) && said.contains(&format!("`{region}`")), "{said}");
        }
    }

    #[test]
    fn each_partition_has_a_default() {
        assert_eq!(default_of("aws"), "us-east-1");
        assert_eq!(default_of("aws-cn"), "cn-north-1");
        assert_eq!(default_of("aws-us-gov"), "us-gov-west-1");
        assert_eq!(default_of("aws-mars"), "us-east-1");
    }
}
