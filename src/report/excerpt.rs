//! The few lines of a source that one finding shows: safe to print, long lines clipped around what is pointed at,
//! with the line and column numbers of the whole text.
//!
//! miette renders whole lines and breaks down on labels far to the right, so it never sees the source itself.

use std::collections::BTreeMap;
use std::ops::Range;

use miette::{MietteError, MietteSpanContents, SourceCode, SourceSpan, SpanContents};

use super::lines::Lines;
use super::safe;
use crate::diag::Label;

/// Characters of a line that are shown.
const WIDTH: usize = 120;
/// Characters that are shown before what is pointed at, in a line longer than that.
const LEAD: usize = 40;

/// Lines around some labels of one source.
#[derive(Debug)]
pub(super) struct Excerpt {
    name: String,
    text: String,
    rows: Vec<Row>,
    /// For each label the range in `text`, and its column (from 0) in the source.
    labels: Vec<(Range<usize>, usize)>,
}

/// One line of the excerpt.
#[derive(Debug)]
struct Row {
    /// Its number in the source, from 0.
    number: usize,
    /// Its bytes in the excerpt, with the line feed.
    range: Range<usize>,
}

/// The part of a line that is shown.
struct Window {
    /// Bytes of the source.
    source: Range<usize>,
    /// First byte in the excerpt of that part.
    placed: usize,
}

impl Excerpt {
    /// The lines that `labels` point into, with a line before and after.
    pub(super) fn new(name: &str, lines: &Lines<'_>, labels: &[&Label]) -> Excerpt {
        let spans: Vec<Range<usize>> = labels.iter().map(|label| one_line(lines, label)).collect();
        let mut wanted: BTreeMap<usize, Option<usize>> = BTreeMap::new();
        for span in &spans {
            let line = lines.of(span.start);
            for near in line.saturating_sub(1)..(line + 2).min(lines.count()) {
                if near > line && lines.range(near).is_empty() && near + 1 == lines.count() {
                    continue; // nothing stands after the last line feed
                }
                let focus = wanted.entry(near).or_default();
                if near == line && focus.is_none() {
                    *focus = Some(span.start);
                }
            }
        }
        let mut excerpt =
            Excerpt { name: super::safe_line(name), text: String::new(), rows: Vec::new(), labels: Vec::new() };
        let windows: BTreeMap<usize, Window> =
            wanted.into_iter().map(|(line, focus)| (line, excerpt.add(lines, line, focus))).collect();
        for span in spans {
            let window = &windows[&lines.of(span.start)];
            let place = |offset: usize| {
                offset.clamp(window.source.start, window.source.end) - window.source.start + window.placed
            };
            let column = lines.position(span.start).column - 1;
            excerpt.labels.push((place(span.start)..place(span.end), column));
        }
        excerpt
    }

    fn add(&mut self, lines: &Lines<'_>, line: usize, focus: Option<usize>) -> Window {
        if self.rows.last().is_some_and(|row| row.number + 1 != line) {
            self.text.push('\n'); // so that no row touches one that does not follow it
        }
        let whole = lines.range(line);
        let source = clip(lines.text(), &whole, focus.unwrap_or(whole.start));
        let start = self.text.len();
        self.text.push_str(if source.start > whole.start { "…" } else { "" });
        let placed = self.text.len();
        self.text.push_str(&safe(&lines.text()[source.clone()]));
        self.text.push_str(if source.end < whole.end { "…" } else { "" });
        self.text.push('\n');
        self.rows.push(Row { number: line, range: start..self.text.len() });
        Window { source, placed }
    }

    /// Where the labels stand in the excerpt, in their order.
    pub(super) fn spans(&self) -> impl Iterator<Item = Range<usize>> {
        self.labels.iter().map(|(range, _)| range.clone())
    }

    fn row(&self, offset: usize) -> usize {
        self.rows.partition_point(|row| row.range.start <= offset).saturating_sub(1)
    }

    fn follows(&self, row: usize) -> bool {
        row > 0 && row < self.rows.len() && self.rows[row - 1].number + 1 == self.rows[row].number
    }
}

/// A label's bytes, cut at the end of its first line.
fn one_line(lines: &Lines<'_>, label: &Label) -> Range<usize> {
    let wide = label.span.range();
    let start = lines.boundary(wide.start);
    let line = lines.range(lines.of(start));
    let start = start.min(line.end);
    start..lines.boundary(wide.end).clamp(start, line.end)
}

/// The part of a line around `focus`.
fn clip(text: &str, line: &Range<usize>, focus: usize) -> Range<usize> {
    if line.len() <= WIDTH || text[line.clone()].chars().nth(WIDTH).is_none() {
        return line.clone();
    }
    let start = text[line.start..focus].char_indices().rev().take(LEAD).last().map_or(focus, |(n, _)| line.start + n);
    let end = text[start..line.end].char_indices().nth(WIDTH).map_or(line.end, |(n, _)| start + n);
    start..end
}

impl SourceCode for Excerpt {
    fn read_span<'a>(
        &'a self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'a> + 'a>, MietteError> {
        let (mut first, mut last) = (self.row(span.offset()), self.row(span.offset() + span.len()));
        if (first + 1..=last).any(|row| !self.follows(row)) {
            return Err(MietteError::OutOfBounds);
        }
        let column = match self.labels.iter().find(|(range, _)| range.start == span.offset()) {
            Some((_, column)) if before == 0 => *column,
            _ => 0,
        };
        for _ in 0..before {
            first -= usize::from(self.follows(first));
        }
        for _ in 0..after {
            last += usize::from(self.follows(last + 1));
        }
        let bytes = self.rows[first].range.start..self.rows[last].range.end;
        Ok(Box::new(MietteSpanContents::new_named(
            self.name.clone(),
            &self.text.as_bytes()[bytes.clone()],
            (bytes.start, bytes.len()).into(),
            self.rows[first].number,
            column,
            last - first + 1,
        )))
    }
}
