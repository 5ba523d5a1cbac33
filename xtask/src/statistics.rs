//! Medians and ratios of measured times, and the table of `cargo xtask bench`.

use std::time::Duration;

/// One claim about speed: how a program did against its reference in the same run.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    pub name: String,
    /// Medians.
    pub measured: Duration,
    pub reference: Duration,
    /// The highest ratio of the two that is good enough.
    pub goal: f64,
}

impl Comparison {
    /// # Errors
    /// When there is nothing to compare.
    pub fn new(name: &str, measured: &[Duration], reference: &[Duration], goal: f64) -> Result<Self, String> {
        let (Some(measured), Some(reference)) = (median(measured), median(reference)) else {
            return Err(format!("{name}: no run was measured."));
        };
        Ok(Self { name: name.into(), measured, reference, goal })
    }

    pub fn ratio(&self) -> f64 {
        self.measured.as_secs_f64() / self.reference.as_secs_f64()
    }

    pub fn is_met(&self) -> bool {
        self.ratio() <= self.goal
    }

    fn row(&self) -> String {
        let verdict = if self.is_met() { "ok" } else { "MISSED" };
        format!(
            "{:<48} {:>9.2} {:>9.2} {:>6.2} {:>6.2}  {verdict}",
            self.name,
            milliseconds(self.measured),
            milliseconds(self.reference),
            self.ratio(),
            self.goal
        )
    }
}

/// The table, times in milliseconds.
pub fn table(comparisons: &[Comparison]) -> String {
    let head =
        format!("{:<48} {:>9} {:>9} {:>6} {:>6}  verdict", "name", "measured", "reference", "ratio", "goal");
    std::iter::once(head).chain(comparisons.iter().map(Comparison::row)).collect::<Vec<_>>().join("\n")
}

/// The middle value, or the mean of the two middle ones.
pub fn median(times: &[Duration]) -> Option<Duration> {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    let upper = sorted.get(sorted.len() / 2)?;
    let lower = sorted.get((sorted.len() - 1) / 2)?;
    Some((*upper + *lower) / 2)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn times(milliseconds: &[u64]) -> Vec<Duration> {
        milliseconds.iter().copied().map(Duration::from_millis).collect()
    }

    #[test]
    fn the_median_is_the_middle_of_the_sorted_times() {
        assert_eq!(median(&times(&[9, 1, 5])), Some(Duration::from_millis(5)));
    }

    #[test]
    fn the_median_of_an_even_number_lies_between_the_middle_two() {
        assert_eq!(median(&times(&[4, 1, 2, 100])), Some(Duration::from_millis(3)));
    }

    #[test]
    fn nothing_measured_has_no_median_and_no_comparison() {
        assert_eq!(median(&[]), None);
        assert!(Comparison::new("a", &[], &times(&[1]), 3.0).is_err());
    }

    #[test]
    fn a_ratio_on_the_goal_meets_it_and_one_above_does_not() {
        assert!(Comparison::new("a", &times(&[30]), &times(&[10]), 3.0).unwrap().is_met());
        assert!(!Comparison::new("a", &times(&[31]), &times(&[10]), 3.0).unwrap().is_met());
    }

    #[test]
    fn the_table_shows_times_ratio_goal_and_verdict() {
        let missed = Comparison::new("status", &times(&[40]), &times(&[10]), 3.0).unwrap();
        let table = table(&[missed]);
        assert!(table.ends_with("    40.00     10.00   4.00   3.00  MISSED"), "{table}");
    }
}
