//! What a change costs: a range, with where it comes from, and nothing where that is not known.
//!
//! CloudTrail bills each data event that a trail delivers, the first copy too:
//! <https://aws.amazon.com/cloudtrail/pricing/>. Storage, KMS and CloudWatch Logs come on top.

use serde::{Deserialize, Serialize};

use crate::volume::Volume;

/// Where the prices come from.
const PRICING_PAGE: &str = "https://aws.amazon.com/cloudtrail/pricing/";

/// The prices that are known: a Region, USD for 100,000 data events, the day when the price was seen,
/// and in what.
const PRICES: &str = include_str!("../data/prices.csv");

/// What is paid more in a month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// In USD.
    pub per_month: PerMonth,
    /// The number of events and the price, each with its source.
    pub source: String,
}

/// A range of USD in a month.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PerMonth {
    /// At least.
    pub low: f64,
    /// At most.
    pub high: f64,
}

/// The price of data events in a Region.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Price {
    /// USD for 100,000 data events.
    usd: f64,
    seen: String,
    basis: String,
}

impl Price {
    /// The price in a Region, where it is known.
    pub(crate) fn of(region: &str) -> Option<Self> {
        PRICES.lines().skip(1).find_map(|line| {
            let mut parts = line.splitn(4, ',');
            (parts.next()? == region).then_some(())?;
            let (usd, seen, basis) = (parts.next()?, parts.next()?, parts.next()?);
            Some(Self { usd: usd.parse().ok()?, seen: seen.to_owned(), basis: basis.to_owned() })
        })
    }
}

/// How many more copies of the asked kinds' events a plan makes billed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Copies {
    /// At least.
    pub(crate) low: u64,
    /// At most.
    pub(crate) high: u64,
}

/// What some copies of a number of events cost in a Region.
pub(crate) fn cost(volume: &Volume, copies: Copies, region: &str) -> Option<Cost> {
    let price = Price::of(region)?;
    let usd = |events: u64, copies: u64| {
        // Whole cents of what is an estimate.
        let cents = amount(events) * amount(copies) * price.usd / 1_000.0;
        cents.round() / 100.0
    };
    let (low, high) = (usd(volume.low, copies.low), usd(volume.high, copies.high));
    let Price { usd, seen, basis } = &price;
    let source = format!(
        "{}, in {} to {} more copies; {usd:.2} USD for 100,000 data events in {region} ({basis}, \
         {seen}: {PRICING_PAGE}); storage, KMS and CloudWatch Logs come on top",
        volume.source, copies.low, copies.high
    );
    Some(Cost { per_month: PerMonth { low, high }, source })
}

/// A count as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "beyond 2^53 events an estimate is as good")]
const fn amount(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_million_events_are_a_dollar_a_copy() {
        let volume: Volume = "1000000".parse().unwrap();
        let found = cost(&volume, Copies { low: 0, high: 2 }, "eu-west-1").unwrap();
        assert_eq!(found.per_month, PerMonth { low: 0.0, high: 2.0 });
        assert!(found.source.contains("0.10 USD for 100,000"), "{}", found.source);
    }

    #[test]
    fn what_is_not_known_has_no_price() {
        let volume: Volume = "1".parse().unwrap();
        for region in ["us-gov-west-1", "cn-north-1", "ap-southeast-5", ""] {
            assert_eq!(cost(&volume, Copies { low: 1, high: 1 }, region), None, "{region}");
        }
    }

    #[test]
    fn every_line_of_the_prices_is_read() {
        let regions = PRICES.lines().skip(1).filter_map(|line| line.split(',').next());
        for region in regions {
            let price = Price::of(region).unwrap();
            assert!(price.usd > 0.0 && price.seen.len() == 10, "{region}");
        }
    }
}
