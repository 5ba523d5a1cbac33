//! Versions and npm's version ranges, as far as `engines.node` uses them.

/// `major.minor.patch`; missing parts are 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version {
    pub parts: [u32; 3],
    /// All three parts were written.
    pub is_full: bool,
}

impl Version {
    pub fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { parts: [major, minor, patch], is_full: true }
    }

    /// Reads `22.14.0`, `v22.14.0`, `22.14` or `22`; a pre-release suffix is ignored.
    pub fn parse(text: &str) -> Option<Self> {
        let core = text.trim().trim_start_matches('v').split(['-', '+']).next()?;
        let numbers: Vec<u32> = core.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
        if numbers.len() > 3 {
            return None;
        }
        let part = |at: usize| numbers.get(at).copied().unwrap_or_default();
        Some(Self { parts: [part(0), part(1), part(2)], is_full: numbers.len() == 3 })
    }

    /// The version that a folder name bears: `v22.14.0`, `node-v22.14.0-linux-x64`, `node@22`.
    pub fn in_name(name: &str) -> Option<Self> {
        name.split(['-', '@', '_']).find_map(Self::parse)
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [major, minor, patch] = self.parts;
        write!(f, "{major}.{minor}.{patch}")
    }
}

/// Alternatives (`||`) of comparators that must all hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    alternatives: Vec<Vec<(Bound, Version)>>,
    text: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bound {
    AtLeast,
    Above,
    AtMost,
    Below,
}

/// What OpenClaw's oldest generation demands (OC 10.6).
const OLDEST: Version = Version { parts: [22, 0, 0], is_full: true };

impl Default for Range {
    fn default() -> Self {
        Self { alternatives: vec![vec![(Bound::AtLeast, OLDEST)]], text: ">=22".to_owned() }
    }
}

impl std::fmt::Display for Range {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl Range {
    /// Reads `>=22.12.0`, `>=24.16 <25 || >=26.1`, `^22.1`, `22.x`; `None` when something in it is not understood.
    pub fn parse(text: &str) -> Option<Self> {
        let alternatives = text.split("||").map(comparators).collect::<Option<Vec<_>>>()?;
        Some(Self { alternatives, text: crate::problem::clean(text) })
    }

    pub fn admits(&self, version: Version) -> bool {
        self.alternatives
            .iter()
            .any(|all| all.iter().all(|(bound, limit)| holds(*bound, version.parts, limit.parts)))
    }
}

fn comparators(text: &str) -> Option<Vec<(Bound, Version)>> {
    // `>= 22` is written with a blank by some.
    let joined = [">=", "<=", ">", "<", "^", "~"]
        .iter()
        .fold(text.to_owned(), |text, sign| text.replace(&format!("{sign} "), sign));
    joined.split_whitespace().map(comparator).collect::<Option<Vec<_>>>().map(|nested| nested.concat())
}

fn comparator(word: &str) -> Option<Vec<(Bound, Version)>> {
    if ["*", "x"].contains(&word) {
        return Some(Vec::new());
    }
    let digits = word.trim_start_matches(['>', '<', '=', '^', '~']);
    let sign = &word[..word.len() - digits.len()];
    let written = digits.trim_end_matches(".x").trim_end_matches(".*").trim_end_matches(".x");
    let version = Version::parse(written)?;
    match sign {
        ">=" => Some(vec![(Bound::AtLeast, version)]),
        ">" => Some(vec![(Bound::Above, version)]),
        "<=" => Some(vec![(Bound::AtMost, version)]),
        "<" => Some(vec![(Bound::Below, version)]),
        "^" => Some(vec![(Bound::AtLeast, version), (Bound::Below, next(version, 0))]),
        "~" => Some(vec![(Bound::AtLeast, version), (Bound::Below, next(version, 1))]),
        "" | "=" => {
            // A pre-release suffix may have dots of its own: `22.1.0-rc.1`.
            let core = written.split(['-', '+']).next().unwrap_or_default();
            let width = core.matches('.').count();
            Some(vec![(Bound::AtLeast, version), (Bound::Below, next(version, width))])
        }
        _ => None,
    }
}

/// The first version above all that agree with `version` up to the part `at`.
fn next(version: Version, at: usize) -> Version {
    let mut parts = [0; 3];
    parts[..=at].copy_from_slice(&version.parts[..=at]);
    parts[at] = parts[at].saturating_add(1);
    Version { parts, is_full: true }
}

fn holds(bound: Bound, version: [u32; 3], limit: [u32; 3]) -> bool {
    match bound {
        Bound::AtLeast => version >= limit,
        Bound::Above => version > limit,
        Bound::AtMost => version <= limit,
        Bound::Below => version < limit,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn admits(range: &str, version: &str) -> bool {
        Range::parse(range).unwrap().admits(Version::parse(version).unwrap())
    }

    #[test]
    fn openclaws_ranges_are_understood() {
        for (range, inside, outside) in [
            (">=22.12.0", "22.12.0", "22.11.9"),
            (">=22.14", "24.0.0", "22.13.9"),
            (">=24.16 <25 || >=26.1", "26.1.0", "25.3.0"),
            (">= 22", "22.0.0", "21.9.9"),
            ("^22.1", "22.9.0", "23.0.0"),
            ("~22.1.0", "22.1.7", "22.2.0"),
            ("22.x", "22.5.0", "23.0.0"),
            ("22.1.0-rc.1.2.3", "22.1.0", "22.1.1"),
            ("24", "24.9.1", "25.0.0"),
        ] {
            assert!(admits(range, inside), "{range} admits {inside}");
            assert!(!admits(range, outside), "{range} refuses {outside}");
        }
    }

    #[test]
    fn a_range_that_is_not_understood_is_none() {
        for text in ["latest", ">=x22", "!22"] {
            assert_eq!(Range::parse(text), None, "{text}");
        }
    }

    #[test]
    fn versions_are_found_in_folder_names() {
        assert_eq!(Version::in_name("node-v22.3.0-linux-x64"), Some(Version::new(22, 3, 0)));
        assert_eq!(Version::in_name("v9.0.0"), Some(Version::new(9, 0, 0)));
        assert_eq!(Version::in_name("latest"), None);
        assert!(Version::in_name("v10.0.0") > Version::in_name("v9.9.9"));
    }
}
