//! Foreign text made safe to print: nothing that a terminal obeys, nothing that hides what stands there, and nothing
//! that a build service takes for a command when it reads a log.

use std::borrow::Cow;

/// The commands of GitHub Actions, which a line may begin with: `::add-mask::secret`.
const GITHUB: [&str; 15] = [
    "add-mask",
    "add-matcher",
    "add-path",
    "debug",
    "echo",
    "endgroup",
    "error",
    "group",
    "notice",
    "remove-matcher",
    "save-state",
    "set-env",
    "set-output",
    "stop-commands",
    "warning",
];

/// `text` without anything that a terminal or a build service would obey or that hides what stands there. Keeps tabs,
/// line feeds and, so that places stay where they are, the number of bytes.
pub fn safe(text: &str) -> String {
    let text = disarmed(text);
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => out.push(' '),
            c if is_unsafe(c) => out.push_str(stand_in(c.len_utf8())),
            c => out.push(c),
        }
    }
    out
}

/// `text` without anything that a build service would take for a command; all else, and the number of bytes, stay.
pub fn disarmed(text: &str) -> Cow<'_, str> {
    if !text.contains("##") && !text.contains("::") {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let from_here = rest;
        rest = &rest[c.len_utf8()..];
        match c {
            // `##[error]…` and `##vso[task.setvariable …]…` are commands wherever they stand.
            '#' if from_here.starts_with("##[") || from_here.starts_with("##vso[") => out.push('?'),
            // `::add-mask::…` is one at the beginning of a line, and where lines begin is not known here.
            ':' if from_here.strip_prefix("::").is_some_and(is_command) => {
                out.push_str(":?");
                rest = &rest[1..];
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// [`safe`] on one line: line feeds and tabs become spaces.
pub fn safe_line(text: &str) -> String {
    safe(text).replace(['\n', '\t'], " ")
}

/// Whether text begins with the name of a command.
fn is_command(text: &str) -> bool {
    let end = text.find(|c: char| !c.is_ascii_alphabetic() && c != '-').unwrap_or(text.len());
    GITHUB.iter().any(|known| known.eq_ignore_ascii_case(&text[..end]))
}

/// Control characters (escape sequences begin with one), characters that turn the direction of writing, and
/// characters that take no room.
pub(super) fn is_unsafe(c: char) -> bool {
    let control = c.is_control() && !matches!(c, '\n' | '\t');
    control
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
        || matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// Something visible of as many bytes.
fn stand_in(bytes: usize) -> &'static str {
    match bytes {
        1 => "?",
        2 => "·",
        3 => "\u{fffd}",
        _ => "\u{1f6ab}",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn safe_keeps_the_number_of_bytes_and_leaves_nothing_a_terminal_obeys() {
        let hostile = [
            "\u{1b}[31mred\u{1b}[0m",
            "\u{1b}]8;;http://x\u{7}link",
            "\u{9b}31m",
            "a\r\nb",
            "a\rb",
            "nul\0",
            "\u{202e}gnp.exe",
            "zero\u{200b}width",
            "soft\u{ad}hyphen",
            "\u{feff}bom",
            "tag\u{e0041}",
            "tab\tand\nline",
            "##vso[task.setvariable variable=PATH]x",
            "plain ünïcödé 😀",
        ];
        for text in hostile {
            let made = safe(text);
            assert_eq!(made.len(), text.len(), "{text:?}");
            assert!(!made.chars().any(|c| c.is_control() && c != '\n' && c != '\t'), "{made:?}");
            assert!(!made.contains(['\u{202e}', '\u{200b}', '\u{ad}', '\u{feff}', '\u{e0041}']), "{made:?}");
        }
        assert_eq!(safe("plain ünïcödé 😀"), "plain ünïcödé 😀");
        assert_eq!(safe("a\r\nb"), "a \nb");
    }

    #[test]
    fn no_build_service_finds_a_command() {
        assert_eq!(safe("a ##vso[task.complete]b"), "a ?#vso[task.complete]b");
        assert_eq!(safe("###[error]x"), "#?#[error]x");
        assert_eq!(safe("## [network] #[x] ##"), "## [network] #[x] ##");
        assert_eq!(safe_line("::add-mask::x"), ":?add-mask::x");
        assert_eq!(safe_line("a\n ::Error file=x::y"), "a  :?Error file=x::y");
        assert_eq!(safe("a\n\t::group::b\n"), "a\n\t:?group::b\n");
        assert_eq!(disarmed("a\r\n\u{1b}##[x"), "a\r\n\u{1b}?#[x", "all else stays");
        assert_eq!(safe_line(":::stop-commands::t"), "::?stop-commands::t");
        assert_eq!(
            safe_line("fe80::add, ::ffff:10.0.0.1 and 2001:db8::e"),
            "fe80::add, ::ffff:10.0.0.1 and 2001:db8::e"
        );
    }
}
