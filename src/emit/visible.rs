//! Characters that a reader cannot see, or that reorder what he sees, made visible: a review must not lie.

use std::borrow::Cow;

/// `text` with each invisible character as `[U+202E]`; line breaks and tabs become spaces.
pub(super) fn text(text: &str) -> Cow<'_, str> {
    if text.chars().any(|c| c.is_control() || is_hidden(c)) {
        Cow::Owned(chars(text).collect())
    } else {
        Cow::Borrowed(text)
    }
}

/// The same, one character after the other.
pub(super) fn chars(text: &str) -> impl Iterator<Item = char> {
    text.chars().flat_map(|c| {
        let number = if is_hidden(c) { format!("[U+{:04X}]", u32::from(c)) } else { String::new() };
        let kept = match c {
            '\n' | '\t' | '\r' => Some(' '),
            c if is_hidden(c) => None,
            c => Some(c),
        };
        kept.into_iter().chain(number.chars().collect::<Vec<_>>())
    })
}

/// Control characters but line breaks and tabs, formatting characters, and what XML does not allow.
fn is_hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    #[test]
    fn shows_what_hides() {
        assert_eq!(super::text("a\u{202e}b\nc\u{0}"), "a[U+202E]b c[U+0000]");
        assert!(matches!(super::text("plain é 漢"), std::borrow::Cow::Borrowed(_)));
    }
}
