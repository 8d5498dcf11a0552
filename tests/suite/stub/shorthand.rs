//! How the CLI reads words before a command sees them: files, and the shorthand syntax of most newer commands.

use std::path::{Path, PathBuf};

/// `@file`, alone or behind the first `=`, is the file's content when there is such a file. This holds for every word of
/// every command.
pub(super) fn expand(word: &str, cwd: &Path) -> String {
    match word.split_once('=') {
        Some((head, tail)) => format!("{head}={}", load(tail, cwd)),
        None => load(word, cwd),
    }
}

fn load(text: &str, cwd: &Path) -> String {
    let content = text.strip_prefix('@').filter(|path| !path.is_empty()).and_then(|path| {
        let path: PathBuf = if path.starts_with('/') { PathBuf::from(path) } else { cwd.join(path) };
        std::fs::read_to_string(path).ok()
    });
    content.map_or_else(|| text.to_owned(), |content| content.trim_end_matches('\n').to_owned())
}

/// A value of an option that takes one: `null` is none, and single quotes hold any text.
pub(super) fn simple(text: &str) -> Result<Option<String>, String> {
    match text {
        "" => Err("a value is empty".to_owned()),
        "null" => Ok(None),
        "??" => Err("?? asks for help".to_owned()),
        _ if text.starts_with('\'') => {
            let (value, rest) = quoted(text)?;
            if rest.is_empty() { Ok(Some(value)) } else { Err(format!("{rest:?} follows a quoted text")) }
        }
        _ => Ok(Some(text.to_owned())),
    }
}

/// Text in single quotes, in which `'/` is a single quote, and what follows.
fn quoted(text: &str) -> Result<(String, &str), String> {
    let mut rest = text.strip_prefix('\'').ok_or("no quote")?;
    let mut value = String::new();
    loop {
        let at = rest.find('\'').ok_or_else(|| format!("{text:?} lacks its closing quote"))?;
        value.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        match rest.strip_prefix('/') {
            Some(more) => {
                value.push('\'');
                rest = more;
            }
            None => return Ok((value, rest)),
        }
    }
}

/// `key=value`, the only form of an object that scripts use. The value may hold no line break: the CLI would not see the
/// `=` then.
pub(super) fn pair(text: &str) -> Result<(String, Option<String>), String> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let (key, rest) = if text.starts_with('\'') {
        quoted(text)?
    } else {
        let end = text.find(|c| !plain(c)).unwrap_or(text.len());
        (text[..end].to_owned(), &text[end..])
    };
    let value = rest.strip_prefix('=').ok_or_else(|| format!("{text:?} is no key=value"))?;
    if key.is_empty() || value.contains('\n') {
        return Err(format!("{text:?} is no key=value"));
    }
    if value.is_empty() {
        return Err(format!("{text:?} has no value"));
    }
    Ok((key, simple(value)?))
}

/// One of several values of a list. What reads as a list, as an object, as a part of one or as a file is refused: scripts
/// never mean that.
pub(super) fn item(text: &str, cwd: &Path) -> Result<String, String> {
    if text.starts_with(['[', '{']) || pair(text).is_ok() || cwd.join(text).exists() {
        return Err(format!("{text:?} is not read as a text"));
    }
    simple(text)?.ok_or_else(|| "null in a list".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_where_the_cli_reads_them() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("secret"), "s3cret\n").unwrap();
        for (word, read) in [
            ("@secret", "s3cret"),
            ("a=@secret", "a=s3cret"),
            ("a=b=@secret", "a=b=@secret"),
            ("--description=a=@secret", "--description=a=@secret"),
            ("@other", "@other"),
            ("a@secret", "a@secret"),
            ("@", "@"),
        ] {
            assert_eq!(expand(word, folder.path()), read);
        }
    }

    #[test]
    fn shorthand_is_read_as_the_cli_reads_it() {
        assert_eq!(simple("null"), Ok(None));
        assert_eq!(simple("'null'"), Ok(Some("null".to_owned())));
        assert_eq!(simple("''/it'/'"), Ok(Some("'it'".to_owned())));
        assert_eq!(simple("it's"), Ok(Some("it's".to_owned())));
        assert!(simple("'a'b").is_err() && simple("??").is_err() && simple("").is_err());
        assert_eq!(pair("a-b='x'"), Ok(("a-b".to_owned(), Some("x".to_owned()))));
        assert_eq!(pair("'cost.center'=47=11"), Ok(("cost.center".to_owned(), Some("47=11".to_owned()))));
        assert!(pair("cost.center=4711").is_err() && pair("a=").is_err() && pair("a=b\nc").is_err());
    }
}
