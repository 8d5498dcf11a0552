//! The text of a Bicep file while it is written: one door for syntax, one for data.

/// Hosts that the linter's rule `no-hardcoded-env-urls` looks for, anywhere in a string.
const HOSTS: [&str; 15] = [
    "api.loganalytics.io",
    "azuredatalakeanalytics.net",
    "azuredatalakestore.net",
    "batch.core.windows.net",
    "core.windows.net",
    "database.windows.net",
    "datalake.azure.net",
    "gallery.azure.com",
    "graph.windows.net",
    "login.microsoftonline.com",
    "management.azure.com",
    "management.core.windows.net",
    "region.asazure.windows.net",
    "trafficmanager.net",
    "vault.azure.net",
];

/// The one host that the rule leaves alone although it holds another one.
const EXCEPTION: &str = "schema.management.azure.com";

/// Words that are no property names without quotes.
const WORDS: [&str; 5] = ["false", "for", "if", "null", "true"];

/// A file while it is written, line by line.
#[derive(Debug, Default)]
pub(super) struct Out {
    text: String,
    line: String,
    depth: usize,
    names_host: bool,
}

impl Out {
    /// Writes syntax.
    pub(super) fn syntax(&mut self, text: &'static str) {
        self.line.push_str(text);
    }

    /// Writes a whole number.
    pub(super) fn number(&mut self, number: i64) {
        self.line.push_str(&number.to_string());
    }

    /// Writes data as a string.
    pub(super) fn data(&mut self, text: &str) {
        self.names_host |= names_host(text);
        self.line.push('\'');
        let mut rest = text.chars().peekable();
        let mut fresh = true;
        while let Some(c) = rest.next() {
            let escape = match (c, rest.peek()) {
                ('\\', _) => "\\\\",
                ('\'', _) => "\\'",
                ('\n', _) => "\\n",
                ('\r', _) => "\\r",
                ('\t', _) => "\\t",
                ('$', Some('{')) => "\\$",
                // Where a token may start, the tree-sitter grammar would see a comment.
                ('/', Some('/' | '*')) if fresh => "\\u{2f}",
                (c, _) if c.is_control() => &format!("\\u{{{:x}}}", u32::from(c)),
                (c, _) => {
                    self.line.push(c);
                    fresh = false;
                    continue;
                }
            };
            fresh = true;
            self.line.push_str(escape);
        }
        self.line.push('\'');
    }

    /// Writes a property's name, quoted unless it is an identifier.
    pub(super) fn key(&mut self, name: &str) {
        let start = name.chars().next().is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
        let plain = start && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !WORDS.contains(&name);
        if plain { self.line.push_str(name) } else { self.data(name) }
    }

    /// Writes a comment in a line of its own; what could end or continue the line is left out.
    pub(super) fn comment(&mut self, text: &str) {
        self.line.push_str("// ");
        self.line.extend(text.chars().filter(|c| !c.is_control() && !matches!(c, '\\' | '\u{2028}' | '\u{2029}')));
        self.end();
    }

    /// Ends a line and goes one level deeper.
    pub(super) fn open(&mut self) {
        self.end();
        self.depth += 1;
    }

    /// Comes back one level and writes the closing bracket.
    pub(super) fn close(&mut self, bracket: &'static str) {
        self.depth = self.depth.saturating_sub(1);
        self.syntax(bracket);
    }

    /// Ends a line. Names of the firewall's destinations are no endpoints of the deployment, which the linter is told.
    pub(super) fn end(&mut self) {
        if std::mem::take(&mut self.names_host) {
            self.push("#disable-next-line no-hardcoded-env-urls");
        }
        let line = std::mem::take(&mut self.line);
        self.push(&line);
    }

    fn push(&mut self, line: &str) {
        if !line.is_empty() {
            self.text.extend(std::iter::repeat_n("  ", self.depth));
        }
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// The file, with one line break at its end.
    pub(super) fn finish(mut self) -> String {
        if !self.line.is_empty() {
            self.end();
        }
        format!("{}\n", self.text.trim_end())
    }
}

/// Whether the linter finds a host in a text: in any case, with no letter or digit before or behind it.
fn names_host(text: &str) -> bool {
    if !text.contains('.') {
        return false;
    }
    let lower = text.to_lowercase();
    let exceptions = places(&lower, EXCEPTION);
    let inside =
        |at: usize, length: usize| exceptions.iter().any(|start| *start < at + length && at < start + EXCEPTION.len());
    HOSTS.iter().any(|host| places(&lower, host).into_iter().any(|at| !inside(at, host.len())))
}

fn places(text: &str, host: &str) -> Vec<usize> {
    let bare = |at: usize| {
        let before = text[..at].chars().next_back();
        let behind = text[at + host.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !behind.is_some_and(char::is_alphanumeric)
    };
    text.match_indices(host).map(|(at, _)| at).filter(|at| bare(*at)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> String {
        let mut out = Out::default();
        out.data(text);
        out.finish()
    }

    #[test]
    fn data_stays_a_string() {
        for (text, expected) in [
            ("plain", "'plain'\n"),
            ("it's", "'it\\'s'\n"),
            ("a\\b", "'a\\\\b'\n"),
            ("${x}", "'\\${x}'\n"),
            ("$x $ {", "'$x $ {'\n"),
            ("$${x}", "'$\\${x}'\n"),
            ("a\nb\r\tc", "'a\\nb\\r\\tc'\n"),
            ("\u{7}", "'\\u{7}'\n"),
            ("//x", "'\\u{2f}/x'\n"),
            ("\n/*x", "'\\n\\u{2f}*x'\n"),
            ("a//x /*", "'a//x /*'\n"),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }

    #[test]
    fn hosts_of_the_linter_are_found_as_it_finds_them() {
        for (text, expected) in [
            ("management.azure.com", true),
            ("*.blob.core.windows.net", true),
            ("https://LOGIN.microsoftonline.com/x", true),
            ("schema.management.azure.com", false),
            ("schema.management.azure.com and management.azure.com", true),
            ("xmanagement.azure.com", false),
            ("management.azure.community", false),
            ("vault.azure.net", true),
            ("mcr.microsoft.com", false),
        ] {
            assert_eq!(names_host(text), expected, "{text}");
        }
    }

    #[test]
    fn names_are_quoted_unless_they_are_identifiers() {
        for (name, expected) in
            [("env", "env\n"), ("cost-center", "'cost-center'\n"), ("1st", "'1st'\n"), ("if", "'if'\n")]
        {
            let mut out = Out::default();
            out.key(name);
            assert_eq!(out.finish(), expected);
        }
    }

    #[test]
    fn comments_stay_in_their_line() {
        let mut out = Out::default();
        out.comment("a\nparam x string\u{2028}\\");
        assert_eq!(out.finish(), "// aparam x string\n");
    }
}
