//! Certain repairs: the edits of findings applied to a text, by span, from the back, and looked at again before anybody
//! relies on them.

use std::collections::BTreeMap;

use super::Look;
use crate::diag::{Edit, Finding, Report, SourceId};

/// Rounds after which repairs stop: each of them ends with fewer findings, and one may uncover the next.
const ROUNDS: usize = 20;
/// How many findings are tried one by one in a round.
const TRIES: usize = 200;

/// What repairing made of a profile.
#[derive(Debug, Clone)]
pub struct Repaired {
    /// The text after the repairs; everything that no edit touches is unchanged, comments included.
    pub text: String,
    /// What is found in that text.
    pub report: Report,
    /// How many findings were repaired.
    pub repaired: usize,
    /// Findings of `report` that were left, since their repair would bring others to light.
    pub left: Vec<Left>,
}

/// A finding whose repair was not kept.
#[derive(Debug, Clone)]
pub struct Left {
    /// The finding, by its place in the report.
    pub finding: usize,
    /// The check and the message of what its repair would bring.
    pub brings: Option<(&'static str, String)>,
}

/// Repairs the profile whose `report` is given, until nothing certain is left that `look` shows. `check` says what is
/// found in a text. A repair is kept only when its finding is gone afterwards and no other one has come.
pub fn repair(report: Report, look: Look, check: impl Fn(&str) -> Report) -> Repaired {
    let text = report.sources.get(SourceId::FIRST).text.clone().into_owned();
    let mut state = Repaired { text, report, repaired: 0, left: Vec::new() };
    for _ in 0..ROUNDS {
        let certain = certain(&state.report, look);
        let Some(next) = round(&state, &certain, &check) else { break };
        state = Repaired { repaired: state.repaired + next.repaired, ..next };
    }
    state.left = left(&state, look, &check);
    state
}

/// Findings with edits, by their place in the report.
fn certain(report: &Report, look: Look) -> Vec<usize> {
    let wanted = |f: &Finding| look.shows(f) && !f.edits.is_empty();
    report.findings.iter().enumerate().filter(|(_, f)| wanted(f)).map(|(n, _)| n).collect()
}

fn round(state: &Repaired, certain: &[usize], check: &impl Fn(&str) -> Report) -> Option<Repaired> {
    let all = attempt(state, certain, check);
    if all.as_ref().is_some_and(Attempt::is_kept) || certain.len() < 2 {
        return all.filter(Attempt::is_kept).map(|a| a.after);
    }
    let alone = |n: &&usize| attempt(state, &[**n], check).is_some_and(|a| a.is_kept());
    let good: Vec<usize> = certain.iter().take(TRIES).filter(alone).copied().collect();
    let together = attempt(state, &good, check).filter(Attempt::is_kept);
    // Repairs that go well alone may stand in each other's way; then they are made one after another.
    together.or_else(|| attempt(state, good.get(..1)?, check)).map(|a| a.after)
}

/// One attempt at repairing some findings.
struct Attempt {
    after: Repaired,
    /// What is found afterwards and was not found before.
    brings: Option<(&'static str, String)>,
    /// Every finding that was to be repaired is gone.
    cured: bool,
}

impl Attempt {
    fn is_kept(&self) -> bool {
        self.brings.is_none() && self.cured
    }
}

fn attempt(state: &Repaired, chosen: &[usize], check: &impl Fn(&str) -> Report) -> Option<Attempt> {
    let before = count(&state.report);
    let findings: Vec<&Finding> = chosen.iter().map(|n| &state.report.findings[*n]).collect();
    let Fixed { mut text, done } = apply(&state.text, SourceId::FIRST, &findings)?;
    let mut report = check(&text);
    let cured = done.iter().all(|f| count(&report).get(&key(f)) < before.get(&key(f)));
    let mut repaired = done.len();
    // What a repair brings to light may be as certain: a key that is spelled right has a value that is not.
    for _ in 0..ROUNDS {
        let fresh = fresh(&report, &before);
        let Some(Fixed { text: next, done }) = apply(&text, SourceId::FIRST, &fresh) else { break };
        repaired += done.len();
        report = check(&next);
        text = next;
    }
    let brings = fresh(&report, &before).first().map(|f| (f.code.id, f.message.clone()));
    Some(Attempt { after: Repaired { text, report, repaired, left: Vec::new() }, brings, cured })
}

/// Findings that were not there `before`.
fn fresh<'r>(report: &'r Report, before: &BTreeMap<Key<'_>, usize>) -> Vec<&'r Finding> {
    let mut seen: BTreeMap<Key<'_>, usize> = BTreeMap::new();
    let mut list = Vec::new();
    for finding in &report.findings {
        let count = seen.entry(key(finding)).or_default();
        *count += 1;
        if *count > before.get(&key(finding)).copied().unwrap_or(0) {
            list.push(finding);
        }
    }
    list
}

/// What a finding says, wherever it stands: places move when a text is repaired.
type Key<'r> = (&'static str, &'r str);

fn key(finding: &Finding) -> Key<'_> {
    (finding.code.id, finding.message.as_str())
}

fn count(report: &Report) -> BTreeMap<Key<'_>, usize> {
    let mut counts = BTreeMap::new();
    for finding in &report.findings {
        *counts.entry(key(finding)).or_default() += 1;
    }
    counts
}

/// Why what is still certain was not done.
fn left(state: &Repaired, look: Look, check: &impl Fn(&str) -> Report) -> Vec<Left> {
    let why = |n: usize| attempt(state, &[n], check).and_then(|a| a.brings);
    certain(&state.report, look).into_iter().take(TRIES).map(|n| Left { finding: n, brings: why(n) }).collect()
}

/// A text with edits, and the findings whose edits these were.
#[derive(Debug)]
struct Fixed<'f> {
    text: String,
    done: Vec<&'f Finding>,
}

/// Applies the edits of `findings` that lie in `source`. A finding is repaired whole or not at all: when an edit of it
/// touches what an earlier finding already changes, or another file, it waits for the next round. `None` when nothing
/// can be repaired.
fn apply<'f>(text: &str, source: SourceId, findings: &[&'f Finding]) -> Option<Fixed<'f>> {
    let mut chosen: Vec<&Edit> = Vec::new();
    let mut done = Vec::new();
    for finding in findings {
        let applies = finding.edits.iter().all(|edit| {
            edit.span.source == source
                && text.get(edit.span.range()).is_some()
                && chosen.iter().all(|other| *other == edit || apart(edit, other))
        });
        if applies {
            chosen.extend(finding.edits.iter());
            done.push(*finding);
        }
    }
    chosen.sort_by_key(|edit| edit.span);
    chosen.dedup();
    let mut fixed = text.to_owned();
    for edit in chosen.iter().rev() {
        fixed.replace_range(edit.span.range(), &edit.text);
    }
    (!done.is_empty()).then_some(Fixed { text: fixed, done })
}

/// Two edits that touch no common byte; two insertions at one place are not apart, since their order would be a guess.
fn apart(a: &Edit, b: &Edit) -> bool {
    a.span.end <= b.span.start && (a.span != b.span) && !(a.span.is_empty() && a.span.end == b.span.start)
        || b.span.end <= a.span.start && (a.span != b.span) && !(b.span.is_empty() && b.span.end == a.span.start)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Code, Findings, Origin, Severity, Source, Sources, Span, Suppression};

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

    /// The text after applying, and how many findings were repaired.
    fn applied(text: &str, findings: &[Finding]) -> Option<(String, usize)> {
        let findings: Vec<&Finding> = findings.iter().collect();
        apply(text, SourceId(0), &findings).map(|fixed| (fixed.text, fixed.done.len()))
    }

    #[test]
    fn edits_apply_from_the_back() {
        let findings = [finding(&[(0, 1, "long")]), finding(&[(2, 3, "")]), finding(&[(4, 4, "!")])];
        assert_eq!(applied("a b c", &findings), Some(("long  !c".to_owned(), 3)));
    }

    #[test]
    fn a_finding_that_meets_an_earlier_one_waits() {
        let findings = [finding(&[(0, 3, "x")]), finding(&[(2, 4, "y"), (5, 6, "z")])];
        assert_eq!(applied("abcdefg", &findings), Some(("xdefg".to_owned(), 1)));
    }

    #[test]
    fn the_same_edit_twice_is_one() {
        let findings = [finding(&[(0, 1, "x")]), finding(&[(0, 1, "x")])];
        assert_eq!(applied("abc", &findings), Some(("xbc".to_owned(), 2)));
    }

    #[test]
    fn other_files_and_broken_spans_are_left_alone() {
        let mut other = finding(&[(0, 1, "x")]);
        other.edits[0].span.source = SourceId(1);
        let beyond = finding(&[(9, 12, "x")]);
        let inside_a_character = finding(&[(1, 2, "x")]);
        assert_eq!(applied("aé", &[other, beyond, inside_a_character]), None);
    }

    /// Every `a` is to become a `b`, every `c` a `d`; a `d` beside a `b` is a finding of its own, and so is `!`, whose
    /// repair changes nothing.
    fn check(text: &str) -> Report {
        let mut sources = Sources::default();
        let source = sources.add(Source { name: "x".to_owned(), text: text.to_owned().into(), built_in: false });
        let mut findings = Findings::default();
        let at = |n: usize| Span::new(source, n..n + 1);
        for (n, c) in text.char_indices() {
            let (message, repair) = match c {
                'a' => ("an a", Some("b")),
                'c' => ("a c", Some("d")),
                '!' => ("a mark", Some("!")),
                'd' if text[..n].ends_with('b') => ("bd", None),
                _ => continue,
            };
            let finding = findings.raise(&CODE, Origin::written(at(n)), message, "here");
            repair.map(|text| finding.edit(at(n), text));
        }
        Report { sources, findings: findings.finish() }
    }

    fn repaired(text: &str) -> (String, usize, Vec<(usize, Option<String>)>) {
        let Repaired { text, repaired, left, report: _ } = repair(check(text), Look::PLAIN, check);
        (text, repaired, left.into_iter().map(|l| (l.finding, l.brings.map(|b| b.1))).collect())
    }

    #[test]
    fn repairs_go_on_until_nothing_certain_is_left() {
        assert_eq!(repaired("xyz"), ("xyz".to_owned(), 0, vec![]));
        assert_eq!(repaired("a-a-c"), ("b-b-d".to_owned(), 3, vec![]));
    }

    #[test]
    fn a_repair_that_brings_a_finding_is_not_kept_and_the_others_are() {
        assert_eq!(repaired("a bc a"), ("b bc b".to_owned(), 2, vec![(0, Some("bd".to_owned()))]));
    }

    #[test]
    fn repairs_that_only_disagree_are_made_one_after_another() {
        assert_eq!(repaired("ac"), ("bc".to_owned(), 1, vec![(0, Some("bd".to_owned()))]));
    }

    #[test]
    fn a_repair_that_repairs_nothing_is_not_kept() {
        assert_eq!(repaired("a!"), ("b!".to_owned(), 1, vec![(0, None)]));
    }

    #[test]
    fn what_is_accepted_is_not_repaired() {
        let accepting = |text: &str| {
            let mut report = check(text);
            for finding in &mut report.findings {
                let origin = Origin::written(finding.span());
                finding.suppressed = Some(Suppression { reason: "agreed".to_owned(), until: None, origin });
            }
            report
        };
        let repaired = repair(accepting("a"), Look::PLAIN, accepting);
        assert_eq!((repaired.text.as_str(), repaired.repaired, repaired.left.len()), ("a", 0, 0));
    }
}
