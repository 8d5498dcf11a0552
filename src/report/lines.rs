//! Where the lines of a text begin, so that a place is found without reading the text again for every finding.

use crate::diag::Position;

/// A text and where its lines begin.
pub(super) struct Lines<'a> {
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    /// Reads the text once.
    pub(super) fn new(text: &'a str) -> Self {
        let starts = std::iter::once(0).chain(text.match_indices('\n').map(|(n, _)| n + 1)).collect();
        Lines { text, starts }
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
    pub(super) fn range(&self, line: usize) -> std::ops::Range<usize> {
        let start = self.starts[line];
        let end = self.starts.get(line + 1).map_or(self.text.len(), |next| next - 1);
        let end = if self.text[start..end].ends_with('\r') { end - 1 } else { end };
        start..end
    }

    /// The nearest character boundary at or before an offset.
    pub(super) fn boundary(&self, offset: usize) -> usize {
        self.text.floor_char_boundary(offset)
    }

    /// Line and column, from 1, in characters; a byte order mark is not counted.
    pub(super) fn position(&self, offset: usize) -> Position {
        let offset = self.boundary(offset);
        let line = self.of(offset);
        let before = &self.text[self.starts[line]..offset];
        Position { line: line + 1, column: before.chars().filter(|c| *c != '\u{feff}').count() + 1 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_counted_in_characters() {
        let lines = Lines::new("\u{feff}a = 1\r\nü😀b = 2\n");
        let at = |offset| {
            let p = lines.position(offset);
            (p.line, p.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(3), (1, 1), "the byte order mark takes no column");
        assert_eq!(at(10), (2, 1));
        assert_eq!(at(16), (2, 3), "after a letter of two bytes and one of four");
        assert_eq!(at(999), (3, 1));
        assert_eq!(lines.range(0), 0..8);
        assert_eq!(lines.range(2), 22..22);
    }
}
