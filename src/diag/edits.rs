//! Repairs of lists: which bytes go when an entry goes, and which change places when a list is sorted.
//!
//! A check knows places, not texts. What it asks for becomes edits here, where the text around a place is known, or
//! nothing where a comment would lose what it is about.

use std::ops::Range;

use super::{Edit, Finding, Sources, Span};

/// What is to be done to a list, in terms of the places of its entries.
#[derive(Debug, Clone)]
pub(crate) enum Repair {
    /// An entry goes, since this other one of the same list says the same.
    Drop(Span, Span),
    /// What stands at each place is replaced by what stands at the place beside it.
    Swap(Vec<(Span, Span)>),
}

impl Finding {
    /// A certain repair: `entry` goes, since `other` says the same; only where both stand in one list.
    pub(crate) fn drop_entry(&mut self, entry: Span, other: Span) -> &mut Self {
        self.repairs.push(Repair::Drop(entry, other));
        self
    }

    /// A certain repair: the entries of one list, in the order of writing, are put into the order of `sorted`.
    pub(crate) fn sort_entries(&mut self, written: &[Span], sorted: &[Span]) -> &mut Self {
        self.repairs.push(Repair::Swap(written.iter().copied().zip(sorted.iter().copied()).collect()));
        self
    }
}

/// Spells out what the checks asked for.
pub(crate) fn spell_out(findings: &mut [Finding], sources: &Sources) {
    for finding in findings {
        for repair in std::mem::take(&mut finding.repairs) {
            let edits = match &repair {
                Repair::Drop(entry, other) => drop_entry(*entry, *other, sources).into_iter().collect(),
                Repair::Swap(places) => swap(places, sources).unwrap_or_default(),
            };
            finding.edits.extend(edits);
        }
    }
}

fn drop_entry(entry: Span, other: Span, sources: &Sources) -> Option<Edit> {
    let text = own_text(entry, sources)?;
    let (first, second) = (entry.min(other), entry.max(other));
    let between = text.get(first.range().end..second.range().start)?;
    if first.source != second.source || !is_within_a_list(between) {
        return None;
    }
    let range = extent(text, entry.range())?;
    Some(Edit { span: Span::new(entry.source, range), text: String::new() })
}

fn swap(places: &[(Span, Span)], sources: &Sources) -> Option<Vec<Edit>> {
    let (first, last) = (places.first()?.0, places.last()?.0);
    let text = own_text(first, sources)?;
    let rising = places.windows(2).all(|pair| pair[0].0.end <= pair[1].0.start && pair[0].0.source == pair[1].0.source);
    let between = |pair: &[(Span, Span)]| text.get(pair[0].0.range().end..pair[1].0.range().start);
    let one_list = places.windows(2).all(|pair| between(pair).is_some_and(|t| is_within_a_list(t) && !t.contains('#')));
    // A comment behind the last entry is about that entry as much as one between two.
    let behind = text.get(last.range().end..)?.lines().next().unwrap_or_default();
    if !rising || !one_list || (behind.contains('#') && text.get(first.range().start..last.range().end)?.contains('\n'))
    {
        return None;
    }
    let changed = places.iter().filter(|(here, from)| here != from);
    Some(changed.map(|(here, from)| Edit { span: *here, text: sources.slice(*from).to_owned() }).collect())
}

/// The text that a place lies in, unless it is the program's own.
fn own_text(span: Span, sources: &Sources) -> Option<&str> {
    let source = sources.get(span.source);
    (!source.built_in).then_some(source.text.as_ref())
}

/// Whether a text between two entries holds nothing but entries, commas and comments.
fn is_within_a_list(text: &str) -> bool {
    let mut quote = None;
    let mut comment = false;
    for c in text.chars() {
        match (quote, c) {
            (_, '\n') => (quote, comment) = (None, false),
            _ if comment => {}
            (Some(open), c) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '#') => comment = true,
            (None, '[' | ']' | '=' | '{' | '}') => return false,
            (None, _) => {}
        }
    }
    true
}

/// What goes with an entry of a list or an inline table, or with a line that holds one key alone: its comma, the blanks
/// up to the next one, and its line where nothing else stands there. `None` where a comment would lose what it is about,
/// or a list would become empty.
pub(crate) fn extent(text: &str, entry: Range<usize>) -> Option<Range<usize>> {
    let (before, after) = (text.get(..entry.start)?, text.get(entry.end..)?);
    let line = before.rfind('\n').map_or(0, |n| n + 1);
    let own_line = before[line..].trim().is_empty();
    let above = before[..line].lines().next_back().unwrap_or_default();
    if own_line && above.trim_start().starts_with('#') {
        return None;
    }
    let gap = blanks(after);
    let behind = &after[gap..];
    if let Some(next) = behind.strip_prefix(',') {
        let (comma, space) = (entry.end + gap + 1, blanks(next));
        return match line_end(&next[space..]) {
            Some(newline) if own_line => Some(line..comma + space + newline),
            Some(_) => Some(before.trim_end_matches([' ', '\t']).len()..comma),
            None if next[space..].starts_with('#') => None,
            None => Some(entry.start..comma + space),
        };
    }
    let head = before.trim_end();
    match (head.chars().next_back(), line_end(behind)) {
        _ if behind.starts_with('#') => None,
        (Some(','), _) => Some(head.len() - 1..entry.end),
        (Some('[' | '{'), _) => None,
        (_, Some(newline)) if own_line => Some(line..entry.end + gap + newline),
        _ => None,
    }
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_start_matches([' ', '\t']).len()
}

/// The length of the line break that a text begins with; none is needed at the end of a file.
fn line_end(text: &str) -> Option<usize> {
    match text {
        "" => Some(0),
        text if text.starts_with("\r\n") => Some(2),
        text if text.starts_with('\n') => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text without its entry `x`, which is quoted where it goes.
    fn without(text: &str) -> Option<String> {
        let start = text.find("\"x\"").unwrap();
        let range = extent(text, start..start + 3)?;
        Some(format!("{}{}", &text[..range.start], &text[range.end..]))
    }

    #[test]
    fn an_entry_goes_with_its_comma() {
        for (text, left) in [
            ("a = [\"x\", \"b\"]", "a = [\"b\"]"),
            ("a = [ \"a\", \"x\" , \"b\" ]", "a = [ \"a\", \"b\" ]"),
            ("a = [\"a\", \"x\"]", "a = [\"a\"]"),
            ("a = [\"a\", \"x\",]", "a = [\"a\", ]"),
            ("a = [\n  \"a\",\n  \"x\",\n  \"b\",\n]", "a = [\n  \"a\",\n  \"b\",\n]"),
            ("a = [\r\n  \"a\",\r\n  \"x\",\r\n]\r\n", "a = [\r\n  \"a\",\r\n]\r\n"),
            ("a = [\n  \"a\",\n  \"x\"\n]", "a = [\n  \"a\"\n]"),
            ("a = [\n  \"a\", \"x\",\n  \"b\",\n]", "a = [\n  \"a\",\n  \"b\",\n]"),
            ("a = [\n  \"a\", # one\n  \"x\"\n]", "a = [\n  \"a\", # one\n]"),
            ("a = [\n  # one\n  \"a\",\n  \"x\",\n]", "a = [\n  # one\n  \"a\",\n]"),
        ] {
            assert_eq!(without(text).as_deref(), Some(left), "{text}");
        }
    }

    #[test]
    fn nothing_goes_that_a_comment_is_about_and_no_list_becomes_empty() {
        for text in [
            "a = [\"x\"]",
            "a = [\n  \"x\", # why\n  \"b\",\n]",
            "a = [\n  \"a\",\n  \"x\" # why\n]",
            "a = [\n  \"a\",\n  # why\n  \"x\",\n  \"b\",\n]",
        ] {
            assert_eq!(without(text), None, "{text}");
        }
    }

    #[test]
    fn lists_are_told_from_what_follows_them() {
        assert!(is_within_a_list(", \"a]\", '=', # [\n "));
        for text in ["]\nb = [", ", { a", "] }"] {
            assert!(!is_within_a_list(text), "{text}");
        }
    }
}
