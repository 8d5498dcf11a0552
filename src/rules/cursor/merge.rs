//! Several documents as one: tables merge, arrays and plain values replace.
//!
//! Spans are moved so that every document has a range of bytes of its own, and a value still says where it was written.

use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

/// One document made of several, the first of which has the last word.
pub(super) fn merged<'a>(documents: impl DoubleEndedIterator<Item = Spanned<DeTable<'a>>>) -> Option<DeTable<'a>> {
    documents.rev().map(Spanned::into_inner).reduce(over)
}

/// `below` with what `above` says instead, in the order of `below`; a table that both have gets the place of `above`.
fn over<'a>(below: DeTable<'a>, mut above: DeTable<'a>) -> DeTable<'a> {
    let mut list: Vec<_> = Vec::new();
    for (key, old) in below {
        list.push(match above.remove_entry(&key) {
            Some((key, new)) => (key, replaced(old, new)),
            None => (key, old),
        });
    }
    list.into_iter().chain(above).collect()
}

fn replaced<'a>(old: Spanned<DeValue<'a>>, new: Spanned<DeValue<'a>>) -> Spanned<DeValue<'a>> {
    let span = new.span();
    match (old.into_inner(), new.into_inner()) {
        (DeValue::Table(below), DeValue::Table(above)) => Spanned::new(span, DeValue::Table(over(below, above))),
        (_, new) => Spanned::new(span, new),
    }
}

/// The document with every span moved by `by` bytes. The parser bounds how deep it goes.
pub(super) fn moved(root: Spanned<DeTable<'_>>, by: usize) -> Spanned<DeTable<'_>> {
    if by == 0 { root } else { at(root, by, |table, by| moved_table(table, by)) }
}

fn at<T, U>(spanned: Spanned<T>, by: usize, inside: impl FnOnce(T, usize) -> U) -> Spanned<U> {
    let span = spanned.span();
    Spanned::new(span.start + by..span.end + by, inside(spanned.into_inner(), by))
}

fn moved_table(table: DeTable<'_>, by: usize) -> DeTable<'_> {
    table.into_iter().map(|(key, value)| (at(key, by, |name, _| name), at(value, by, moved_value))).collect()
}

fn moved_value(value: DeValue<'_>, by: usize) -> DeValue<'_> {
    match value {
        DeValue::Table(table) => DeValue::Table(moved_table(table, by)),
        DeValue::Array(array) => {
            let mut list = DeArray::new();
            array.into_iter().for_each(|value| list.push(at(value, by, moved_value)));
            DeValue::Array(list)
        }
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
            value
        }
    }
}
