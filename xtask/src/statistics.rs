//! Medians and ratios of measured values, and the table of `cargo xtask bench`.

use std::fmt;
use std::time::Duration;

/// One claim of the table.
#[derive(Debug, Clone, PartialEq)]
pub enum Line {
    Comparison(Comparison),
    /// Something that holds or does not.
    Claim {
        name: String,
        holds: bool,
    },
}

/// How a program did against its reference in the same run.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    pub name: String,
    pub unit: Unit,
    /// Medians.
    pub measured: f64,
    pub reference: f64,
    /// The highest ratio of the two that is good enough.
    pub goal: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Milliseconds,
    Mebibytes,
    /// Of 1,000,000 bytes.
    Megabytes,
    PerSecond,
}

impl Line {
    /// # Errors
    /// When there is nothing to compare.
    pub fn compare(
        name: &str,
        unit: Unit,
        measured: &[f64],
        reference: &[f64],
        goal: f64,
    ) -> Result<Self, String> {
        let (Some(measured), Some(reference)) = (median(measured), median(reference)) else {
            return Err(format!("{name}: no run was measured."));
        };
        Ok(Self::Comparison(Comparison { name: name.into(), unit, measured, reference, goal }))
    }

    pub fn is_met(&self) -> bool {
        match self {
            Self::Comparison(comparison) => comparison.ratio() <= comparison.goal,
            Self::Claim { holds, .. } => *holds,
        }
    }

    fn row(&self) -> String {
        let verdict = if self.is_met() { "ok" } else { "MISSED" };
        match self {
            Self::Comparison(comparison) => format!("{comparison}  {verdict}"),
            Self::Claim { name, holds } => {
                let answer = if *holds { "yes" } else { "no" };
                format!("{name:<60} {answer:>9} {:>9} {:>6} {:>6}  {verdict}", "", "", "yes")
            }
        }
    }
}

impl Comparison {
    pub fn ratio(&self) -> f64 {
        self.measured / self.reference
    }
}

impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = format!("{}, {}", self.name, self.unit);
        let (measured, reference) = (self.measured, self.reference);
        write!(f, "{name:<60} {measured:>9.2} {reference:>9.2} {:>6.2} {:>6.2}", self.ratio(), self.goal)
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Milliseconds => "ms",
            Self::Mebibytes => "MiB",
            Self::Megabytes => "MB",
            Self::PerSecond => "1/s",
        })
    }
}

pub fn table(lines: &[Line]) -> String {
    let head =
        format!("{:<60} {:>9} {:>9} {:>6} {:>6}  verdict", "name", "measured", "reference", "ratio", "goal");
    std::iter::once(head).chain(lines.iter().map(Line::row)).collect::<Vec<_>>().join("\n")
}

/// The middle value, or the mean of the two middle ones.
pub fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted.get((sorted.len() - 1) / 2)?;
    Some(f64::midpoint(*upper, *lower))
}

/// The smallest value that `percent` of all do not exceed.
pub fn percentile(values: &[f64], percent: usize) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    let rank = (sorted.len() * percent).div_ceil(100).max(1);
    sorted.get(rank - 1).copied()
}

/// The smallest and the largest value; an outlier says how loaded the machine was.
pub fn range(values: &[f64]) -> String {
    let least = values.iter().copied().fold(f64::INFINITY, f64::min);
    let most = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    format!("{least:.1} to {most:.1}")
}

pub fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn compare(measured: &[f64], reference: &[f64]) -> Result<Line, String> {
        Line::compare("status", Unit::Milliseconds, measured, reference, 3.0)
    }

    #[test]
    fn the_median_is_the_middle_of_the_sorted_values() {
        assert_eq!(median(&[9.0, 1.0, 5.0]), Some(5.0));
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert_eq!(median(&[4.0, 1.0, 2.0, 100.0]), Some(3.0));
    }

    #[test]
    fn a_percentile_is_one_of_the_values() {
        let hundred: Vec<f64> = (1..=100).rev().map(f64::from).collect();
        assert_eq!((percentile(&hundred, 99), percentile(&hundred, 50)), (Some(99.0), Some(50.0)));
        assert_eq!((percentile(&[7.0], 99), percentile(&[], 99)), (Some(7.0), None));
    }

    #[test]
    fn nothing_measured_has_no_median_and_no_comparison() {
        assert_eq!(median(&[]), None);
        assert!(compare(&[], &[1.0]).is_err());
    }

    #[test]
    fn a_ratio_on_the_goal_meets_it_and_one_above_does_not() {
        assert!(compare(&[30.0], &[10.0]).unwrap().is_met());
        assert!(!compare(&[31.0], &[10.0]).unwrap().is_met());
    }

    #[test]
    fn the_table_shows_values_ratio_goal_and_verdict() {
        let table = table(&[compare(&[40.0], &[10.0]).unwrap()]);
        assert!(table.contains("\nstatus, ms  "), "{table}");
        assert!(table.ends_with("    40.00     10.00   4.00   3.00  MISSED"), "{table}");
    }

    #[test]
    fn a_claim_that_does_not_hold_is_missed() {
        let table = table(&[Line::Claim { name: "quiet".into(), holds: false }]);
        assert!(table.contains("no") && table.ends_with("MISSED"), "{table}");
    }

    #[test]
    fn a_range_names_both_ends() {
        assert_eq!(range(&[3.0, 1.0, 2.0]), "1.0 to 3.0");
    }
}
