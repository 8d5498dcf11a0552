//! The writer of SVG: names are known words, numbers are numbers, and every other text is escaped.

use std::fmt::Write;

/// The value of an attribute.
#[derive(Debug, Clone, Copy)]
pub(super) enum Attr<'a> {
    /// A whole number of units.
    Num(i32),
    /// A word of this program.
    Word(&'static str),
    /// Any text.
    Text(&'a str),
    /// Corner points of a line or an area.
    Points(&'a [(i32, i32)]),
}

/// Elements that a writer has finished.
#[derive(Debug)]
pub(super) struct Finished(String);

impl Finished {
    /// The text.
    pub(super) fn into_text(self) -> String {
        self.0
    }
}

/// SVG under construction.
#[derive(Debug, Default)]
pub(super) struct Svg {
    out: String,
    depth: usize,
}

impl Svg {
    /// What was written, one element a line.
    pub(super) fn finish(self) -> Finished {
        Finished(self.out)
    }

    /// Writes an element without content.
    pub(super) fn leaf(&mut self, name: &'static str, attrs: &[(&'static str, Attr<'_>)]) {
        self.start(name, attrs);
        self.out.push_str("/>\n");
    }

    /// Writes an element and whatever `inside` adds.
    pub(super) fn group(
        &mut self,
        name: &'static str,
        attrs: &[(&'static str, Attr<'_>)],
        inside: impl FnOnce(&mut Svg),
    ) {
        self.start(name, attrs);
        self.out.push_str(">\n");
        self.depth += 1;
        inside(self);
        self.depth -= 1;
        self.indent();
        let _ = writeln!(self.out, "</{name}>");
    }

    /// Writes an element that holds text; `hint` is what a pointer resting on it shows.
    pub(super) fn words(
        &mut self,
        name: &'static str,
        attrs: &[(&'static str, Attr<'_>)],
        text: &str,
        hint: Option<&str>,
    ) {
        self.start(name, attrs);
        self.out.push('>');
        if let Some(hint) = hint {
            self.out.push_str("<title>");
            self.escape(hint);
            self.out.push_str("</title>");
        }
        self.escape(text);
        let _ = writeln!(self.out, "</{name}>");
    }

    /// What another writer finished.
    pub(super) fn raw(&mut self, finished: &Finished) {
        self.out.push_str(&finished.0);
    }

    /// A style sheet of this program.
    pub(super) fn style(&mut self, css: &'static str) {
        self.indent();
        let _ = write!(self.out, "<style>\n{css}</style>\n");
    }

    fn start(&mut self, name: &'static str, attrs: &[(&'static str, Attr<'_>)]) {
        self.indent();
        let _ = write!(self.out, "<{name}");
        for (key, value) in attrs {
            let _ = write!(self.out, " {key}=\"");
            match *value {
                Attr::Num(number) => {
                    let _ = write!(self.out, "{number}");
                }
                Attr::Word(word) => self.out.push_str(word),
                Attr::Text(text) => self.escape(text),
                Attr::Points(points) => {
                    for (n, (x, y)) in points.iter().enumerate() {
                        let _ = write!(self.out, "{}{x},{y}", if n == 0 { "" } else { " " });
                    }
                }
            }
            self.out.push('"');
        }
    }

    fn indent(&mut self) {
        for _ in 0..self.depth {
            self.out.push_str("  ");
        }
    }

    /// Escapes markup; what XML cannot hold, and what would reorder or hide text, is shown by its number.
    fn escape(&mut self, text: &str) {
        for c in super::visible::chars(text) {
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                c => self.out.push(c),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_text_and_attributes() {
        let mut svg = Svg::default();
        svg.words("text", &[("x", Attr::Num(-3)), ("id", Attr::Text("a\"b"))], "</text><script>&\u{1b}", Some("'"));
        assert_eq!(
            svg.finish().into_text(),
            "<text x=\"-3\" id=\"a&quot;b\"><title>&#39;</title>&lt;/text&gt;&lt;script&gt;&amp;[U+001B]</text>\n"
        );
    }
}
