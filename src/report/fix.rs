//! Certain repairs: the edits of findings applied to a text, by span, from the back.

use crate::diag::{Edit, Finding, SourceId};

/// What [`apply`] made of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fixed {
    /// The text after the repairs; everything that no edit touches is unchanged, comments included.
    pub text: String,
    /// How many findings were repaired.
    pub repaired: usize,
}

/// Applies the edits of `findings` that lie in `source`. A finding is repaired whole or not at all: when an edit of it
/// touches what an earlier finding already changes, or another file, it waits for the next round. `None` when nothing
/// can be repaired.
pub fn apply(text: &str, source: SourceId, findings: &[Finding]) -> Option<Fixed> {
    let mut chosen: Vec<&Edit> = Vec::new();
    let mut repaired = 0;
    for finding in findings.iter().filter(|f| !f.edits.is_empty()) {
        let applies = finding.edits.iter().all(|edit| {
            edit.span.source == source
                && text.get(edit.span.range()).is_some()
                && chosen.iter().all(|other| *other == edit || apart(edit, other))
        });
        if applies {
            chosen.extend(finding.edits.iter());
            repaired += 1;
        }
    }
    chosen.sort_by_key(|edit| edit.span);
    chosen.dedup();
    let mut fixed = text.to_owned();
    for edit in chosen.iter().rev() {
        fixed.replace_range(edit.span.range(), &edit.text);
    }
    (repaired > 0).then_some(Fixed { text: fixed, repaired })
}

/// Two edits that touch no common byte; two insertions at one place are not apart, since their order would be a guess.
fn apart(a: &Edit, b: &Edit) -> bool {
    a.span.end <= b.span.start && (a.span != b.span) && !(a.span.is_empty() && a.span.end == b.span.start)
        || b.span.end <= a.span.start && (a.span != b.span) && !(b.span.is_empty() && b.span.end == a.span.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Code, Findings, Origin, Severity, Span};

    static CODE: Code =
        Code { id: "example", severity: Severity::Error, title: "", help: "", docs: "", bad: &[], good: &[] };

    fn finding(edits: &[(usize, usize, &str)]) -> Finding {
        let mut findings = Findings::default();
        let at = Span::new(SourceId(0), edits[0].0..edits[0].1);
        let finding = findings.raise(&CODE, Origin::written(at), "example", "here");
        for (start, end, text) in edits {
            finding.edit(Span::new(SourceId(0), *start..*end), *text);
        }
        findings.finish().remove(0)
    }

    #[test]
    fn edits_apply_from_the_back() {
        let findings = [finding(&[(0, 1, "long")]), finding(&[(2, 3, "")]), finding(&[(4, 4, "!")])];
        let fixed = apply("a b c", SourceId(0), &findings).unwrap();
        assert_eq!(fixed, Fixed { text: "long  !c".to_owned(), repaired: 3 });
    }

    #[test]
    fn a_finding_that_meets_an_earlier_one_waits() {
        let findings = [finding(&[(0, 3, "x")]), finding(&[(2, 4, "y"), (5, 6, "z")])];
        let fixed = apply("abcdefg", SourceId(0), &findings).unwrap();
        assert_eq!(fixed, Fixed { text: "xdefg".to_owned(), repaired: 1 });
    }

    #[test]
    fn the_same_edit_twice_is_one() {
        let findings = [finding(&[(0, 1, "x")]), finding(&[(0, 1, "x")])];
        assert_eq!(apply("abc", SourceId(0), &findings).unwrap().text, "xbc");
    }

    #[test]
    fn other_files_and_broken_spans_are_left_alone() {
        let mut other = finding(&[(0, 1, "x")]);
        other.edits[0].span.source = SourceId(1);
        let beyond = finding(&[(9, 12, "x")]);
        let inside_a_character = finding(&[(1, 2, "x")]);
        assert_eq!(apply("aé", SourceId(0), &[other, beyond, inside_a_character]), None);
    }
}
