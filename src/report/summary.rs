//! How much was found: the line at the end of a run.

use std::fmt;

use super::Look;
use super::once::Once;
use crate::diag::{Report, Severity};

/// How many findings of each severity were shown, over some profiles.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// Profiles looked at.
    pub profiles: usize,
    /// Findings that stop a compilation.
    pub errors: usize,
    /// Findings that do not.
    pub warnings: usize,
    /// Findings that are shown when asked for.
    pub advice: usize,
    /// Findings that are waived, of any severity; they are not in the other numbers.
    pub suppressed: usize,
}

impl Summary {
    /// Counts what `look` shows of some reports; what profiles share counts once.
    pub fn of<'a>(reports: impl IntoIterator<Item = &'a Report>, look: Look) -> Summary {
        let (mut sum, mut once) = (Summary::default(), Once::default());
        for report in reports {
            sum.profiles += usize::from(report.sources.iter().next().is_none_or(|(_, first)| !first.is_settings()));
            for finding in look.told(report).filter(|finding| once.is_new(finding, report)) {
                let number = match finding.severity {
                    Severity::Error => &mut sum.errors,
                    Severity::Warning => &mut sum.warnings,
                    Severity::Advice => &mut sum.advice,
                };
                *if finding.is_active() { number } else { &mut sum.suppressed } += 1;
            }
        }
        sum
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        for (n, word) in [(self.errors, "error"), (self.warnings, "warning")] {
            if n > 0 {
                parts.push(counted(n, word));
            }
        }
        if self.advice > 0 {
            parts.push(format!("{} of advice", counted(self.advice, "piece")));
        }
        if parts.is_empty() {
            parts.push("no findings".to_owned());
        }
        write!(f, "{} in {}", parts.join(", "), counted(self.profiles, "profile"))?;
        if self.suppressed > 0 { write!(f, " ({} waived)", self.suppressed) } else { Ok(()) }
    }
}

/// `1 profile`, `2 profiles`.
pub(super) fn counted(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summaries_count_and_agree_in_number() {
        let sum = Summary { profiles: 1, ..Summary::default() };
        assert_eq!(sum.to_string(), "no findings in 1 profile");
        let sum = Summary { profiles: 3, errors: 1, warnings: 2, advice: 1, suppressed: 0 };
        assert_eq!(sum.to_string(), "1 error, 2 warnings, 1 piece of advice in 3 profiles");
        let sum = Summary { profiles: 2, warnings: 1, suppressed: 2, ..Summary::default() };
        assert_eq!(sum.to_string(), "1 warning in 2 profiles (2 waived)");
    }
}
