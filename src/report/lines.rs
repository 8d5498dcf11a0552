//! Where things stand in texts: lines and columns from byte offsets, without reading a text again for every finding.

use std::cell::OnceCell;
use std::ops::Range;

use crate::diag::{Position, Report, SourceId, Span};

/// What a column counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    /// Characters (Unicode scalar values).
    Chars,
    /// Code units of UTF-16, of which a character beyond U+FFFF takes two.
    Utf16,
}

/// The texts of a report, each read when something is first shown of it.
pub(super) struct Texts<'a> {
    report: &'a Report,
    lines: Vec<OnceCell<Lines<'a>>>,
}

impl<'a> Texts<'a> {
    /// Reads nothing yet.
    pub(super) fn new(report: &'a Report) -> Self {
        Texts { report, lines: report.sources.iter().map(|_| OnceCell::new()).collect() }
    }

    /// The lines of one text.
    pub(super) fn lines(&self, source: SourceId) -> &Lines<'a> {
        self.lines[source.index()].get_or_init(|| Lines::new(&self.report.sources.get(source).text))
    }

    /// Where a span begins.
    pub(super) fn start(&self, span: Span) -> Position {
        self.lines(span.source).position(span.range().start)
    }

    /// Where a span begins and ends, the end being exclusive.
    pub(super) fn region(&self, span: Span, unit: Unit) -> (Position, Position) {
        self.lines(span.source).region(span.range(), unit)
    }
}

/// A text and where its lines begin.
#[derive(Debug)]
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
    /// How much stands before every [`STEP`]th byte, so that no column on a long line is counted from its beginning.
    marks: Vec<Count>,
}

/// Bytes between two marks.
const STEP: usize = 1024;

/// How many characters a piece of text has, and how many of them take two code units of UTF-16.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    chars: usize,
    wide: usize,
}

impl Count {
    /// Adds a piece of UTF-8. Characters are counted by their first bytes, so that it may begin and end anywhere.
    fn and(mut self, bytes: &[u8]) -> Count {
        for byte in bytes {
            self.chars += usize::from(byte & 0xc0 != 0x80);
            self.wide += usize::from(*byte >= 0xf0);
        }
        self
    }
}

impl<'a> Lines<'a> {
    /// Reads the text once.
    pub(super) fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(n, _)| n + 1)).collect();
        let mut marks = vec![Count::default()];
        for (n, piece) in text.as_bytes().chunks(STEP).enumerate() {
            marks.push(marks[n].and(piece));
        }
        Lines { text, starts, marks }
    }

    /// The text.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// How many lines; an empty one after the last line feed counts.
    pub(super) fn count(&self) -> usize {
        self.starts.len()
    }

    /// The line, from 0, that holds a byte.
    pub(super) fn of(&self, offset: usize) -> usize {
        self.starts.partition_point(|start| *start <= offset) - 1
    }

    /// The bytes of a line, from 0, without its line break.
    pub(super) fn range(&self, line: usize) -> Range<usize> {
        let start = self.starts[line];
        let end = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let end = if self.text[start..end].ends_with('\r') { end - 1 } else { end };
        start..end
    }

    /// The nearest character at or before an offset. The end of a text is the end of its last line, since nothing can
    /// be shown after the last line feed.
    pub(super) fn boundary(&self, offset: usize) -> usize {
        let offset = self.text.floor_char_boundary(offset);
        let last = self.count() - 1;
        if offset == self.text.len() && last > 0 && self.range(last).is_empty() {
            return self.range(last - 1).end;
        }
        offset
    }

    /// Line and column, from 1, in characters.
    pub(super) fn position(&self, offset: usize) -> Position {
        self.at(self.boundary(offset), Unit::Chars)
    }

    /// Where bytes begin and end, without line breaks at their end, so that the end stands on the last line concerned.
    pub(super) fn region(&self, bytes: Range<usize>, unit: Unit) -> (Position, Position) {
        let start = self.boundary(bytes.start);
        let end = self.boundary(bytes.end).max(start);
        let end = start + self.text[start..end].trim_end_matches(['\r', '\n']).len();
        (self.at(start, unit), self.at(end, unit))
    }

    /// Where exactly these bytes begin and end. An end of the text stands after the last line feed, on the last line.
    pub(super) fn exact(&self, bytes: Range<usize>, unit: Unit) -> (Position, Position) {
        let at = |offset: usize| {
            let offset = self.text.floor_char_boundary(offset);
            let shown = self.boundary(offset);
            let mut position = self.at(shown, unit);
            position.column += offset - shown; // line breaks take one of either unit for each byte
            position
        };
        (at(bytes.start), at(bytes.end))
    }

    /// Line and column of a character. A byte order mark at the beginning of the text takes no column.
    fn at(&self, offset: usize, unit: Unit) -> Position {
        let line = self.of(offset);
        let start = self.starts[line].max(bom(self.text)).min(offset);
        let (before, here) = (self.count_to(start), self.count_to(offset));
        let chars = here.chars - before.chars;
        let column = match unit {
            Unit::Chars => chars,
            Unit::Utf16 => chars + here.wide - before.wide,
        };
        Position { line: line + 1, column: column + 1 }
    }

    /// What stands before an offset.
    fn count_to(&self, offset: usize) -> Count {
        let mark = offset / STEP;
        self.marks[mark].and(&self.text.as_bytes()[mark * STEP..offset])
    }
}

/// Bytes of the byte order mark that a text begins with.
fn bom(text: &str) -> usize {
    if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(position: Position) -> (usize, usize) {
        (position.line, position.column)
    }

    #[test]
    fn places_are_counted_in_characters_or_code_units() {
        let text = "\u{feff}a = 1\r\nü😀b = 2\n";
        let lines = Lines::new(text);
        let at = |offset| pair(lines.position(offset));
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 1), "the byte order mark takes no column");
        assert_eq!(at(10), (2, 1));
        assert_eq!(at(16), (2, 3), "after a letter of two bytes and one of four");
        assert_eq!(at(14), (2, 2), "within a character is at it");
        assert_eq!(at(999), (2, 8), "nothing stands after the last line feed");
        assert_eq!(pair(lines.region(16..17, Unit::Utf16).0), (2, 4));
        assert_eq!(lines.range(0), 0..8);
        assert_eq!(lines.range(2), 22..22);
    }

    #[test]
    fn regions_end_on_the_last_line_concerned() {
        let lines = Lines::new("ab\r\ncd\n\nef");
        let region = |range| {
            let (start, end) = lines.region(range, Unit::Chars);
            (pair(start), pair(end))
        };
        assert_eq!(region(0..2), ((1, 1), (1, 3)));
        assert_eq!(region(1..4), ((1, 2), (1, 3)), "with its line break");
        assert_eq!(region(0..8), ((1, 1), (2, 3)), "with an empty line behind");
        assert_eq!(region(5..10), ((2, 2), (4, 3)));
        assert_eq!(region(7..7), ((3, 1), (3, 1)));
        let exact = |text, range| {
            let lines = Lines::new(text);
            let (start, end) = lines.exact(range, Unit::Utf16);
            (pair(start), pair(end))
        };
        assert_eq!(exact("ab\r\ncd", 0..4), ((1, 1), (2, 1)));
        assert_eq!(exact("ab\r\n", 4..4), ((1, 5), (1, 5)), "behind the last line break");
        assert_eq!(exact("", 0..0), ((1, 1), (1, 1)));
    }

    #[test]
    fn long_lines_are_counted_like_short_ones() {
        let text = format!("\u{feff}{}\n{}x\n", "é😀a\u{feff}中".repeat(700), "😀".repeat(3 * STEP));
        let lines = Lines::new(&text);
        for (offset, _) in text.char_indices().filter(|(offset, _)| offset % 7 == 0 || offset % STEP < 5) {
            let before = text[..offset].strip_prefix('\u{feff}').unwrap_or_default();
            let line = before.rsplit('\n').next().unwrap();
            let number = before.matches('\n').count() + 1;
            let at = |unit| pair(lines.region(offset..offset, unit).0);
            assert_eq!(at(Unit::Chars), (number, line.chars().count() + 1), "{offset}");
            assert_eq!(at(Unit::Utf16), (number, line.encode_utf16().count() + 1), "{offset}");
        }
    }
}
