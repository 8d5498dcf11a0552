//! The one printer of YAML: every string is a JSON string, so that no text of a profile can become syntax.
//!
//! Only texts of this program that are handed over as `verbatim` are printed as blocks, for the reader's sake.

use serde_json::Value;

/// Appends one document, with its `---`. Strings that equal one of `verbatim` become literal blocks.
pub(super) fn document(out: &mut String, value: &Value, verbatim: &[&'static str]) {
    out.push_str("---\n");
    Printer { out, verbatim }.block(value, 0);
}

/// A comment line; what would end it, or hide in it, is shown as a space.
pub(super) fn comment(out: &mut String, text: &str) {
    let line: String = text.chars().map(|c| if must_escape(c) || c.is_control() { ' ' } else { c }).collect();
    out.push_str("# ");
    out.push_str(line.trim_end());
    out.push('\n');
}

struct Printer<'a> {
    out: &'a mut String,
    verbatim: &'a [&'static str],
}

impl Printer<'_> {
    /// A value on lines of its own.
    fn block(&mut self, value: &Value, depth: usize) {
        match value {
            Value::Object(map) if !map.is_empty() => {
                for (key, value) in map {
                    self.indent(depth);
                    self.entry(key, value, depth);
                }
            }
            Value::Array(list) if !list.is_empty() => {
                for value in list {
                    self.indent(depth);
                    self.item(value, depth);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                self.indent(depth);
                self.inline(value);
                self.out.push('\n');
            }
        }
    }

    /// `key:` and its value, the cursor standing where the key begins.
    fn entry(&mut self, key: &str, value: &Value, depth: usize) {
        self.out.push_str(&plain_or_quoted(key));
        self.out.push(':');
        match value {
            Value::Object(map) if !map.is_empty() => {
                self.out.push('\n');
                self.block(value, depth + 1);
            }
            Value::Array(list) if !list.is_empty() => {
                self.out.push('\n');
                self.block(value, depth + 1);
            }
            Value::String(text) if self.verbatim.contains(&text.as_str()) => self.literal(text, depth + 1),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                self.out.push(' ');
                self.inline(value);
                self.out.push('\n');
            }
        }
    }

    /// `- ` and its value: the first entry of a mapping stands on the same line.
    fn item(&mut self, value: &Value, depth: usize) {
        self.out.push_str("- ");
        match value {
            Value::Object(map) if !map.is_empty() => {
                for (n, (key, value)) in map.iter().enumerate() {
                    if n > 0 {
                        self.indent(depth + 1);
                    }
                    self.entry(key, value, depth + 1);
                }
            }
            Value::Array(list) if !list.is_empty() => {
                self.out.push('\n');
                self.block(value, depth + 1);
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                self.inline(value);
                self.out.push('\n');
            }
        }
    }

    /// A scalar or an empty collection.
    fn inline(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.out.push_str(&quoted(text)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                self.out.push_str(&value.to_string());
            }
        }
    }

    /// A text of this program as a literal block; it ends with exactly one line break.
    fn literal(&mut self, text: &str, depth: usize) {
        self.out.push_str(" |\n");
        for line in text.lines() {
            if !line.is_empty() {
                self.indent(depth);
                self.out.push_str(line);
            }
            self.out.push('\n');
        }
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.out.push_str("  ");
        }
    }
}

/// A key as it stands when no reader of YAML can take it for anything but text.
fn plain_or_quoted(key: &str) -> String {
    const WORDS: [&str; 10] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null", "~"];
    let plain = key.starts_with(|c: char| c.is_ascii_alphabetic())
        && key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'/' | b'-' | b'_'))
        && !WORDS.contains(&key.to_ascii_lowercase().as_str());
    if plain { key.to_owned() } else { quoted(key) }
}

/// A JSON string in which nothing stands unescaped that YAML reads as a line break or refuses.
fn quoted(text: &str) -> String {
    let json = Value::from(text).to_string();
    if !json.contains(must_escape) {
        return json;
    }
    let mut out = String::with_capacity(json.len() + 8);
    for c in json.chars() {
        if must_escape(c) {
            out.push_str(&format!("\\u{:04x}", u32::from(c)));
        } else {
            out.push(c);
        }
    }
    out
}

/// Characters that JSON leaves alone, but that YAML refuses, breaks lines at, or that a reader cannot see.
fn must_escape(c: char) -> bool {
    matches!(c, '\u{7f}'..='\u{a0}' | '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn prints_blocks_and_quotes_every_string() {
        let value = json!({"a": {"b": [1, true, null, "x", {"c": "y: z", "d": []}], "e": {}}, "on": "no"});
        let mut out = String::new();
        document(&mut out, &value, &[]);
        let expected = "---\na:\n  b:\n    - 1\n    - true\n    - null\n    - \"x\"\n    - c: \"y: z\"\n      d: []\n  e: {}\n\"on\": \"no\"\n";
        assert_eq!(out, expected);
    }

    #[test]
    fn escapes_what_yaml_takes_for_line_breaks() {
        assert_eq!(quoted("a\u{2028}b\u{85}\u{feff}\n"), "\"a\\u2028b\\u0085\\ufeff\\n\"");
    }

    #[test]
    fn comments_stay_on_one_line() {
        let mut out = String::new();
        comment(&mut out, "from a\nb: c\u{2028}d\r");
        assert_eq!(out, "# from a b: c d\n");
    }

    #[test]
    fn only_known_texts_become_blocks() {
        let mut out = String::new();
        document(&mut out, &json!({"s": "one\n\n  two\n", "t": "one\n"}), &["one\n\n  two\n"]);
        assert_eq!(out, "---\ns: |\n  one\n\n    two\nt: \"one\\n\"\n");
    }
}
