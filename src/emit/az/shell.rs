//! The shell writer: syntax enters as `&'static str`, data through [`Word::quote`] and its kin, and nothing else enters.
//!
//! az reads more into some words than the shell does: `@name` is a file's content, and many options read a shorthand
//! syntax of their own. [`Word::shorthand`] and [`Script::plain`] carry any text through these unchanged.

use std::fmt::Write;

/// One word of a command, finished: whatever it holds, the shell takes it as one argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word(String);

impl Word {
    /// Syntax, such as the name of an option or a word that the shell need not quote.
    pub(super) fn bare(text: &'static str) -> Word {
        Word(text.to_owned())
    }

    /// Data, in single quotes unless it holds nothing that means anything to a shell.
    pub(super) fn quote(text: &str) -> Word {
        let harmless = |c: char| c.is_ascii_alphanumeric() || "_./:=,+@%-".contains(c);
        if !text.is_empty() && text.chars().all(harmless) {
            return Word(text.to_owned());
        }
        Word(format!("'{}'", text.replace('\'', r"'\''")))
    }

    /// Data for an option that reads az's shorthand syntax, where some words mean more than they say.
    pub(super) fn shorthand(text: &str) -> Word {
        Word::quote(&shorthand(text))
    }

    /// `key=value` for an option that reads az's shorthand syntax.
    pub(super) fn shorthand_pair(key: &str, value: &str) -> Word {
        let simple = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let bare = !key.is_empty() && !key.starts_with('-') && key.chars().all(simple);
        let key = if bare { key.to_owned() } else { wrap(key) };
        Word::quote(&format!("{key}={}", shorthand(value)))
    }

    /// A number.
    pub(super) fn number(value: impl Into<u64>) -> Word {
        Word(value.into().to_string())
    }

    /// The value of a variable.
    pub(super) fn var(name: &'static str) -> Word {
        Word(format!("\"${name}\""))
    }

    /// One element of an array.
    pub(super) fn element(array: &'static str, index: usize) -> Word {
        Word(format!("\"${{{array}[{index}]}}\""))
    }

    /// All elements of an array.
    pub(super) fn all(array: &'static str) -> Word {
        Word(format!("\"${{{array}[@]}}\""))
    }

    /// The value of a variable without its first character.
    pub(super) fn tail(name: &'static str) -> Word {
        Word(format!("\"${{{name}:1}}\""))
    }

    /// A JMESPath query. Double quotes where nothing in it means anything within them, since queries hold single ones.
    pub(super) fn query(query: &Query) -> Word {
        let text = &query.0;
        if text.contains('\'') && !text.contains(['"', '$', '`', '\\', '!']) {
            return Word(format!("\"{text}\""));
        }
        Word::quote(text)
    }

    /// Two arguments on one line.
    pub(super) fn gap(mut self, next: &Word) -> Word {
        self.0.push(' ');
        self.0.push_str(&next.0);
        self
    }

    /// Both parts as one argument.
    pub(super) fn and(mut self, next: &Word) -> Word {
        self.0.push_str(&next.0);
        self
    }
}

/// A text as az's shorthand syntax spells it: as it is, or between single quotes in which `'/` is a single quote.
fn shorthand(text: &str) -> String {
    let special = text.is_empty() || text == "null" || text == "??" || text.starts_with(['\'', '@', '-']);
    if special { wrap(text) } else { text.to_owned() }
}

fn wrap(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'/"))
}

/// A JMESPath expression: syntax and, between it, names as data.
#[derive(Debug, Clone)]
pub(super) struct Query(String);

impl Query {
    /// Begins with syntax.
    pub(super) fn new(syntax: &'static str) -> Query {
        Query(syntax.to_owned())
    }

    /// More syntax.
    pub(super) fn then(mut self, syntax: &'static str) -> Query {
        self.0.push_str(syntax);
        self
    }

    /// A string.
    pub(super) fn literal(mut self, text: &str) -> Query {
        if text.contains(['\'', '\\']) {
            // A raw string cannot hold every text; a JSON literal can.
            let json = serde_json::Value::from(text).to_string().replace('`', "\\u0060");
            let _ = write!(self.0, "`{json}`");
        } else {
            let _ = write!(self.0, "'{text}'");
        }
        self
    }

    /// An element of a list.
    pub(super) fn index(mut self, number: usize) -> Query {
        let _ = write!(self.0, "[{number}]");
        self
    }

    /// Another query as it is.
    pub(super) fn and(mut self, other: &Query) -> Query {
        self.0.push_str(&other.0);
        self
    }

    /// The name of a property, such as a tag.
    pub(super) fn key(mut self, name: &str) -> Query {
        self.0.push_str(&serde_json::Value::from(name).to_string());
        self
    }

    /// A list of expressions, each printed as text on a line of its own.
    pub(super) fn lines(parts: &[Query]) -> Query {
        let parts: Vec<String> = parts.iter().map(|part| format!("to_string({})", part.0)).collect();
        Query(format!("[{}]", parts.join(", ")))
    }
}

/// A command with its options, one per line.
#[derive(Debug, Clone)]
pub(super) struct Command {
    lines: Vec<String>,
}

impl Command {
    /// A command by its fixed words.
    pub(super) fn new(words: &'static str) -> Command {
        Command { lines: vec![words.to_owned()] }
    }

    /// An option without value.
    pub(super) fn flag(mut self, name: &'static str) -> Command {
        self.lines.push(name.to_owned());
        self
    }

    /// An option with its value.
    pub(super) fn option(self, name: &'static str, value: &Word) -> Command {
        self.list(name, std::slice::from_ref(value))
    }

    /// An option joined to its value by `=`, so that a value which looks like an option is none.
    pub(super) fn joined(mut self, name: &'static str, value: &Word) -> Command {
        self.lines.push(format!("{name}={}", value.0));
        self
    }

    /// An option with several values; left out when there are none.
    pub(super) fn list(mut self, name: &'static str, values: &[Word]) -> Command {
        if !values.is_empty() {
            let values: Vec<&str> = values.iter().map(|v| v.0.as_str()).collect();
            self.lines.push(format!("{name} {}", values.join(" ")));
        }
        self
    }

    /// A word that is no option.
    pub(super) fn word(mut self, word: &Word) -> Command {
        self.lines.push(word.0.clone());
        self
    }
}

/// A piece of what stands before the script's own steps.
#[derive(Debug)]
enum Part {
    Syntax(String),
    /// Left out when nothing after it uses the variable.
    Variable(&'static str, String),
}

/// A script while it is written.
#[derive(Debug)]
pub(super) struct Script {
    head: Vec<Part>,
    texts: String,
    count: usize,
    body: String,
    depth: usize,
    fresh: bool,
}

impl Script {
    /// A script whose first lines say what wrote it and what it does.
    pub(super) fn new(origin: &str, purpose: &'static str) -> Script {
        let mut head = String::from("#!/usr/bin/env bash\n");
        comment(&mut head, "", origin);
        head.push_str("#\n");
        for line in purpose.lines() {
            comment(&mut head, "", line);
        }
        head.push_str("set -euo pipefail\n");
        Script {
            head: vec![Part::Syntax(head)],
            texts: String::new(),
            count: 0,
            body: String::new(),
            depth: 0,
            fresh: true,
        }
    }

    /// Syntax, as it is, before everything else.
    pub(super) fn prelude(&mut self, syntax: &'static str) {
        self.head.push(Part::Syntax(format!("\n{syntax}")));
    }

    /// A variable that is set before everything else, if anything uses it.
    pub(super) fn constant(&mut self, name: &'static str, value: &Word) {
        self.head.push(Part::Variable(name, format!("{name}={}\n", value.0)));
    }

    /// An empty line and a heading.
    pub(super) fn section(&mut self, title: &str) {
        self.body.push('\n');
        self.comment(title);
        self.fresh = true;
    }

    /// An empty line between two things, but not below a heading.
    pub(super) fn gap(&mut self) {
        if !self.fresh {
            self.body.push('\n');
        }
        self.fresh = false;
    }

    /// A comment; whatever the text holds, it stays one line.
    pub(super) fn comment(&mut self, text: &str) {
        let indent = self.indent();
        comment(&mut self.body, &indent, text);
    }

    /// Lines of syntax.
    pub(super) fn syntax(&mut self, lines: &'static str) {
        for line in lines.lines() {
            let indent = self.indent();
            let _ = writeln!(self.body, "{indent}{line}");
        }
    }

    /// Lines of syntax that begin a block.
    pub(super) fn open(&mut self, line: &'static str) {
        self.syntax(line);
        self.depth += 1;
    }

    /// A line of syntax around one word that begins a block.
    pub(super) fn open_around(&mut self, before: &'static str, word: &Word, after: &'static str) {
        let indent = self.indent();
        let _ = writeln!(self.body, "{indent}{before}{}{after}", word.0);
        self.depth += 1;
    }

    /// The line between two halves of a block.
    pub(super) fn between(&mut self, line: &'static str) {
        self.depth -= 1;
        self.open(line);
    }

    /// The line that ends a block.
    pub(super) fn close(&mut self, line: &'static str) {
        self.depth -= 1;
        self.syntax(line);
    }

    /// Sets a variable.
    pub(super) fn assign(&mut self, name: &'static str, value: &Word) {
        let indent = self.indent();
        let _ = writeln!(self.body, "{indent}{name}={}", value.0);
    }

    /// Adds one element to an array.
    pub(super) fn push(&mut self, name: &'static str, value: &Word) {
        let indent = self.indent();
        let _ = writeln!(self.body, "{indent}{name}+=({})", value.0);
    }

    /// Sets an array.
    pub(super) fn array<T: AsRef<str>>(&mut self, name: &'static str, values: &[T]) {
        let indent = self.indent();
        let values: Vec<String> = values.iter().map(|value| Word::quote(value.as_ref()).0).collect();
        let _ = writeln!(self.body, "{indent}{name}=({})", values.join(" "));
    }

    /// A command on one line.
    pub(super) fn short(&mut self, name: &'static str, words: &[Word]) {
        let indent = self.indent();
        let words: Vec<&str> = words.iter().map(|w| w.0.as_str()).collect();
        let _ = writeln!(self.body, "{indent}{name} {}", words.join(" "));
    }

    /// A command, one option per line.
    pub(super) fn run(&mut self, command: &Command) {
        self.wrapped("", command, "");
    }

    /// A command between syntax, such as `if look` and `; then`, which begins a block.
    pub(super) fn open_with(&mut self, before: &'static str, command: &Command, after: &'static str) {
        self.wrapped(before, command, after);
        self.depth += 1;
    }

    /// A command between syntax.
    pub(super) fn wrapped(&mut self, before: &'static str, command: &Command, after: &'static str) {
        let indent = self.indent();
        let mut deeper = indent.clone();
        if !before.is_empty() {
            let _ = writeln!(self.body, "{indent}{before} \\");
            deeper.push_str("  ");
        }
        for (number, line) in command.lines.iter().enumerate() {
            let more = if number == 0 { "" } else { "  " };
            let end = if number + 1 == command.lines.len() { after } else { " \\" };
            let _ = writeln!(self.body, "{deeper}{more}{line}{end}");
        }
    }

    /// Data for an option that az reads plainly. A leading `@` would make az read a file: then the text comes from one.
    pub(super) fn plain(&mut self, text: &str) -> Word {
        if text.starts_with('@') { self.file(text) } else { Word::quote(text) }
    }

    /// `key=value` for an option that az reads plainly.
    pub(super) fn plain_pair(&mut self, key: &str, value: &str) -> Word {
        let head = Word::quote(&format!("{key}="));
        if value.starts_with('@') {
            let file = self.file(value);
            return head.and(&file);
        }
        Word::quote(&format!("{key}={value}"))
    }

    /// A private file that holds `text`, as az is told of it.
    fn file(&mut self, text: &str) -> Word {
        self.count += 1;
        let name = format!("text-{}", self.count);
        let _ = writeln!(self.texts, "printf '%s' {} >\"$scratch/{name}\"", Word::quote(text).0);
        Word(format!("@\"$scratch/{name}\""))
    }

    /// The whole text.
    pub(super) fn finish(self) -> String {
        let Script { head, texts, count: _, body, depth: _, fresh: _ } = self;
        let mut text = body;
        if !texts.is_empty() {
            text.insert_str(0, &format!("\n# Texts that az would take for the names of files.\n{texts}"));
        }
        for part in head.into_iter().rev() {
            match part {
                Part::Syntax(syntax) => text.insert_str(0, &syntax),
                Part::Variable(name, line) if text.contains(&format!("${name}")) => text.insert_str(0, &line),
                Part::Variable(_, _) => {}
            }
        }
        text
    }

    fn indent(&self) -> String {
        "  ".repeat(self.depth)
    }
}

fn comment(out: &mut String, indent: &str, text: &str) {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let _ = writeln!(out, "{}", format!("{indent}# {line}").trim_end());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_unless_harmless() {
        for (text, word) in [
            ("knets", "knets"),
            ("10.0.5.0/24", "10.0.5.0/24"),
            ("", "''"),
            ("*", "'*'"),
            ("it's", r"'it'\''s'"),
            ("$(reboot)", "'$(reboot)'"),
            ("a b", "'a b'"),
            ("~", "'~'"),
        ] {
            assert_eq!(Word::quote(text).0, word);
        }
    }

    #[test]
    fn shorthand_carries_what_az_would_interpret() {
        for (text, value) in [
            ("plain", "plain"),
            ("null", "'null'"),
            ("??", "'??'"),
            ("", "''"),
            ("@/etc/passwd", "'@/etc/passwd'"),
            ("-x", "'-x'"),
            ("'it'", "''/it'/'"),
            ("it's", "it's"),
        ] {
            assert_eq!(shorthand(text), value);
        }
        assert_eq!(Word::shorthand_pair("cost.center", "4711").0, r"''\''cost.center'\''=4711'");
        assert_eq!(Word::shorthand_pair("owner", "ops").0, "owner=ops");
    }

    #[test]
    fn queries_hold_names_as_data() {
        let named = |name| Query::new("x[?name==").literal(name).then("]").0;
        assert_eq!(named("time"), "x[?name=='time']");
        assert_eq!(named(r"\' || x"), r#"x[?name==`"\\' || x"`]"#);
        assert_eq!(Query::new("tags.").key("a\"b").0, r#"tags."a\"b""#);
    }

    #[test]
    fn comments_stay_on_their_line() {
        let mut script = Script::new("from x\n$(reboot)", "Does it.");
        script.comment("a\r\nb");
        assert_eq!(
            script.finish(),
            "#!/usr/bin/env bash\n# from x $(reboot)\n#\n# Does it.\nset -euo pipefail\n# a  b\n"
        );
    }
}
