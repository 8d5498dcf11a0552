//! Findings as text: for people, one line each, and JSON for programs.
//!
//! This file owns what the forms share: which findings are shown, counting, and making foreign text safe to print.
//! The `miette` door is `human.rs`, the `serde_json` door `json.rs`.

mod excerpt;
pub mod human;
pub mod json;
mod lines;
pub mod page;
pub mod short;

use std::fmt;

use crate::diag::{Finding, Report, Severity};

/// How a report is to look.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// Whether colour may be used.
    pub colour: bool,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether advice is shown.
    pub pedantic: bool,
}

impl Look {
    /// Without colour, 100 columns, without advice: what pipes and files get.
    pub const PLAIN: Look = Look { colour: false, width: 100, pedantic: false };

    /// The findings that are shown to people.
    fn shown(self, report: &Report) -> impl Iterator<Item = &Finding> {
        self.told(report).filter(|f| f.is_active())
    }

    /// The findings that programs are told: those that are shown, and suppressed ones.
    fn told(self, report: &Report) -> impl Iterator<Item = &Finding> {
        report.findings.iter().filter(move |f| self.pedantic || f.severity > Severity::Advice)
    }
}

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
}

impl Summary {
    /// Counts what `look` shows of some reports.
    pub fn of<'a>(reports: impl IntoIterator<Item = &'a Report>, look: Look) -> Summary {
        let mut sum = Summary::default();
        for report in reports {
            sum.profiles += 1;
            for finding in look.shown(report) {
                match finding.severity {
                    Severity::Error => sum.errors += 1,
                    Severity::Warning => sum.warnings += 1,
                    Severity::Advice => sum.advice += 1,
                }
            }
        }
        sum
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", counted(self.profiles, "profile"))?;
        let parts: Vec<String> = [(self.errors, "error"), (self.warnings, "warning")]
            .into_iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, word)| counted(n, word))
            .chain((self.advice > 0).then(|| format!("{} of advice", counted(self.advice, "piece"))))
            .collect();
        if parts.is_empty() { f.write_str("no findings") } else { f.write_str(&parts.join(", ")) }
    }
}

/// `1 profile`, `2 profiles`.
fn counted(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

/// `text` without anything that a terminal would obey or that hides what stands there. Keeps tabs, line feeds and,
/// so that places stay where they are, the number of bytes.
pub fn safe(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => out.push(' '),
            c if is_unsafe(c) => out.push_str(stand_in(c.len_utf8())),
            c => out.push(c),
        }
    }
    out
}

/// [`safe`] on one line: line feeds and tabs become spaces.
pub fn safe_line(text: &str) -> String {
    safe(text).replace(['\n', '\t'], " ")
}

/// Control characters (escape sequences begin with one), characters that turn the direction of writing, and
/// characters that take no room.
fn is_unsafe(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\t');
    control
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{61c}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// Something visible of as many bytes.
fn stand_in(bytes: usize) -> &'static str {
    match bytes {
        1 => "?",
        2 => "·",
        3 => "\u{fffd}",
        _ => "\u{1f6ab}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safe_keeps_the_number_of_bytes_and_leaves_nothing_a_terminal_obeys() {
        let hostile = [
            "\u{1b}[31mred\u{1b}[0m",
            "\u{1b}]8;;http://x\u{7}link",
            "\u{9b}31m",
            "a\r\nb",
            "a\rb",
            "nul\0",
            "\u{202e}gnp.exe",
            "zero\u{200b}width",
            "\u{feff}bom",
            "tag\u{e0041}",
            "tab\tand\nline",
            "plain ünïcödé 😀",
        ];
        for text in hostile {
            let made = safe(text);
            assert_eq!(made.len(), text.len(), "{text:?}");
            assert!(!made.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{made:?}");
            assert!(!made.contains(['\u{202e}', '\u{200b}', '\u{feff}', '\u{e0041}']), "{made:?}");
        }
        assert_eq!(safe("plain ünïcödé 😀"), "plain ünïcödé 😀");
        assert_eq!(safe("a\r\nb"), "a \nb");
    }

    #[test]
    fn summaries_count_and_agree_in_number() {
        let sum = Summary { profiles: 1, errors: 0, warnings: 0, advice: 0 };
        assert_eq!(sum.to_string(), "1 profile: no findings");
        let sum = Summary { profiles: 3, errors: 1, warnings: 2, advice: 1 };
        assert_eq!(sum.to_string(), "3 profiles: 1 error, 2 warnings, 1 piece of advice");
    }
}
