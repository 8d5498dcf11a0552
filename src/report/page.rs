//! The page of a check: what `explain` prints.

use std::fmt::Write as _;

use crate::diag::Code;

/// The page of one code as plain text.
pub fn render(code: &Code) -> String {
    let mut out = format!("{} ({})\n{}\n", code.id, code.severity, code.title);
    if !code.docs.is_empty() {
        let _ = write!(out, "\n{}\n", code.docs.trim_end());
    }
    let _ = write!(out, "\nTo repair it: {}\n", code.help);
    examples(&mut out, "Raises it", code.bad);
    examples(&mut out, "Does not", code.good);
    out
}

fn examples(out: &mut String, title: &str, texts: &[&str]) {
    for text in texts {
        let _ = write!(out, "\n{title}:\n\n");
        for line in text.trim().lines() {
            let _ = writeln!(out, "{}", format!("    {line}").trim_end());
        }
    }
}
