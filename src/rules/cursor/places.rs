//! Where the parts of a document stand: what a key path points at.

use toml::Spanned;
use toml::de::DeValue;

use super::Table;
use crate::diag::Span;
use crate::rules::path::{KeyPath, Step};

impl Table<'_> {
    /// Everything that is written at `path` and below it, keys included; nothing when it is not written.
    pub(crate) fn places(&self, path: &KeyPath) -> Vec<Span> {
        self.find(path).unwrap_or_default()
    }

    fn find(&self, path: &KeyPath) -> Option<Vec<Span>> {
        let mut places = Vec::new();
        let mut value: Option<&Spanned<DeValue<'_>>> = None;
        for step in path.steps() {
            places.clear();
            let list = || value.and_then(|v| v.get_ref().as_array());
            value = Some(match step {
                Step::Key(wanted) => {
                    let table = value.map_or(self.entries, |v| v.get_ref().as_table())?;
                    let (key, value) = table.iter().find(|(key, _)| key.get_ref() == wanted.as_str())?;
                    places.push(self.cx.origin(key.span()).at);
                    value
                }
                Step::Nth(n) => list()?.get(*n)?,
                Step::Named(name) => list()?.iter().find(|element| is_called(element, name))?,
            });
        }
        self.below(value?, &mut places);
        Some(places)
    }

    fn below(&self, value: &Spanned<DeValue<'_>>, places: &mut Vec<Span>) {
        places.push(self.cx.origin(value.span()).at);
        match value.get_ref() {
            DeValue::Table(table) => {
                for (key, value) in table {
                    places.push(self.cx.origin(key.span()).at);
                    self.below(value, places);
                }
            }
            DeValue::Array(array) => array.iter().for_each(|element| self.below(element, places)),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_) => {}
        }
    }
}

/// Whether an element of a list has this `name`, or is this text.
fn is_called(element: &Spanned<DeValue<'_>>, name: &str) -> bool {
    let named = element.get_ref().as_table().and_then(|table| table.get("name")).map(Spanned::get_ref);
    named.unwrap_or(element.get_ref()).as_str() == Some(name)
}
