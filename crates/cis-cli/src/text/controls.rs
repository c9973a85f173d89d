//! The controls, with the versions of a standard that give a control the same number together.

use std::io::{self, Write};

use cis_rules::controls::Control;

use super::page::Page;

/// Writes which controls the answer speaks to.
pub(super) fn write<W: Write>(page: &mut Page<W>, controls: &[Control]) -> io::Result<()> {
    if controls.is_empty() {
        return Ok(());
    }
    page.section("Controls")?;
    for line in lines(controls) {
        page.item(4, "-", &line)?;
    }
    Ok(())
}

fn lines(controls: &[Control]) -> Vec<String> {
    controls
        .chunk_by(|a, b| (&a.standard, &a.id) == (&b.standard, &b.id))
        .filter_map(|same| {
            let first = same.first()?;
            let versions: Vec<_> =
                same.iter().filter_map(|control| control.version.as_deref()).collect();
            Some(if versions.is_empty() {
                format!("{} {}", first.standard, first.id)
            } else {
                format!("{} {} ({})", first.standard, first.id, versions.join(", "))
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use cis_rules::controls::controls;
    use cis_rules::question::Kind;

    #[test]
    fn versions_with_one_number_stand_together() {
        assert_eq!(
            lines(&controls(Kind::Write)),
            [
                "CIS AWS Foundations Benchmark 4.8 (7.0.0, 6.0.0)",
                "CIS AWS Foundations Benchmark 3.8 (5.0.0, 4.0.1, 4.0.0, 3.0.0)",
                "CIS AWS Foundations Benchmark 3.10 (2.0.0, 1.5.0, 1.4.0)",
                "AWS Security Hub CSPM S3.22",
            ]
        );
    }
}
