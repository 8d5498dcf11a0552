//! Key paths: how a profile names a place in itself, such as `egress.collections.own.rules[0]`.
//!
//! Keys are separated by dots, as TOML writes them; one with other characters than letters, digits, `_` and `-` stands
//! between quotes. Behind a list, brackets hold the number of an element, counted from 0, or what the element is called:
//! its `name`, or the text that it is.

/// A path of at least one key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyPath(Vec<Step>);

/// One step down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// The value of a key.
    Key(String),
    /// The element of a list at this place.
    Nth(usize),
    /// The element of a list that is called so.
    Named(String),
}

impl KeyPath {
    /// Reads a path; `None` when the text is none.
    pub fn parse(text: &str) -> Option<KeyPath> {
        let mut steps = Vec::new();
        let mut rest = text;
        loop {
            let (key, after) = key(rest)?;
            steps.push(Step::Key(key));
            rest = after;
            while let Some(inside) = rest.strip_prefix('[') {
                let (element, after) = inside.split_once(']')?;
                steps.push(element_step(element)?);
                rest = after;
            }
            if rest.is_empty() {
                return Some(KeyPath(steps));
            }
            rest = rest.strip_prefix('.')?;
        }
    }

    /// The steps from the top of the document.
    pub(crate) fn steps(&self) -> &[Step] {
        &self.0
    }
}

/// The first key of a text, and what follows it.
fn key(text: &str) -> Option<(String, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let (key, rest) = text[1..].split_once(quote)?;
        return Some((key.to_owned(), rest));
    }
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let end = text.find(|c| !bare(c)).unwrap_or(text.len());
    (end > 0).then(|| (text[..end].to_owned(), &text[end..]))
}

fn element_step(text: &str) -> Option<Step> {
    let is_number = text.bytes().all(|b| b.is_ascii_digit());
    // A number that no list reaches leads nowhere, like any other that is too high.
    let step = || if is_number { Step::Nth(text.parse().unwrap_or(usize::MAX)) } else { Step::Named(text.to_owned()) };
    (!text.is_empty()).then(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read() {
        let key = |text: &str| Step::Key(text.to_owned());
        let steps = |text: &str| KeyPath::parse(text).map(|path| path.0);
        assert_eq!(steps("region"), Some(vec![key("region")]));
        assert_eq!(steps("network.subnets.nodes"), Some(vec![key("network"), key("subnets"), key("nodes")]));
        assert_eq!(
            steps("egress.collections.own.rules[0].fqdns[12]"),
            Some(vec![
                key("egress"),
                key("collections"),
                key("own"),
                key("rules"),
                Step::Nth(0),
                key("fqdns"),
                Step::Nth(12)
            ])
        );
        assert_eq!(steps("inbound[shop api]"), Some(vec![key("inbound"), Step::Named("shop api".to_owned())]));
        assert_eq!(steps("tags.\"cost centre\""), Some(vec![key("tags"), key("cost centre")]));
        assert_eq!(steps("tags.'a.b'"), Some(vec![key("tags"), key("a.b")]));
    }

    #[test]
    fn other_texts_are_no_paths() {
        for text in ["", ".", "a.", ".a", "a..b", "a b", "a[", "a[]", "[0]", "a[0", "a[0]b", "a]", "\"a", "é"] {
            assert_eq!(KeyPath::parse(text), None, "{text}");
        }
    }
}
