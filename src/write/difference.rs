//! One file that is not as it should be, and how `--check` shows it.

use std::fmt;
use std::path::PathBuf;

/// What `--check` says about one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The file, with the output folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub kind: Kind,
}

/// How a file differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// It does not exist.
    Missing,
    /// It is ours and no longer written.
    Surplus,
    /// Its content is another.
    Changed {
        /// What is there.
        old: Vec<u8>,
        /// What should be.
        new: Vec<u8>,
    },
    /// It is a script that cannot be run, or the reverse.
    Mode {
        /// Whether it should be a program.
        executable: bool,
    },
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.kind {
            Kind::Missing => writeln!(f, "missing: {path}"),
            Kind::Surplus => writeln!(f, "surplus: {path}"),
            Kind::Mode { executable: true } => writeln!(f, "not executable: {path}"),
            Kind::Mode { executable: false } => writeln!(f, "executable: {path}"),
            Kind::Changed { old, new } => match (std::str::from_utf8(old), std::str::from_utf8(new)) {
                (Ok(old), Ok(new)) => {
                    let (before, after) = (format!("a/{path}"), format!("b/{path}"));
                    let diff = similar::TextDiff::from_lines(old, new);
                    write!(f, "{}", diff.unified_diff().context_radius(3).header(&before, &after))
                }
                _ => writeln!(f, "not text: {path}"),
            },
        }
    }
}
