//! A cursor over TOML: hands out values with their place, and reports what is unknown, of another type, or missing.
//!
//! The only door to the `toml` package. What a text means is left to the readers that ask.

mod merge;
mod places;
mod plain;

use std::borrow::Cow;
use std::cell::{RefCell, RefMut};
use std::ops::RangeInclusive;

use toml::de::{DeTable, DeValue};
use toml::value::Datetime;

use super::Variables;
use super::codes::{
    CONTROL_CHARACTER, EMPTY_VALUE, EMPTY_VARIABLE, MISSING_KEY, OUT_OF_RANGE, UNKNOWN_KEY, UNKNOWN_VALUE, WRONG_TYPE,
};
use crate::diag::{At, Code, Finding, Findings, Origin, SourceId, Span};
use crate::nearest::nearest;

/// What stands between two texts when they are read in a row.
const BETWEEN: &str = "\n";
/// More errors of syntax than this say nothing new.
const SYNTAX_ERRORS: usize = 100;

/// What a key holds.
#[derive(Debug, Clone)]
pub(crate) enum Slot<T> {
    /// It is not written.
    Absent,
    /// It is written, could not be read, and that was reported.
    Failed(Origin),
    /// It is written so.
    Read(At<T>),
}

impl<T> Slot<T> {
    /// The value, or the default that the table at `implied` stands for.
    pub(crate) fn or(self, implied: Origin, default: impl FnOnce() -> T) -> At<T> {
        match self {
            Slot::Absent => At::new(default(), implied),
            Slot::Failed(origin) => At::new(default(), origin.poison()),
            Slot::Read(value) => value,
        }
    }

    /// The value where it could be read.
    pub(crate) fn read(self) -> Option<At<T>> {
        match self {
            Slot::Absent | Slot::Failed(_) => None,
            Slot::Read(value) => Some(value),
        }
    }

    /// Whether it is written and could not be read.
    pub(crate) fn failed(&self) -> bool {
        match self {
            Slot::Absent => false,
            Slot::Failed(_) => true,
            Slot::Read(value) => value.origin.poisoned,
        }
    }

    /// Whether it is written.
    pub(crate) fn is_written(&self) -> bool {
        !matches!(self, Slot::Absent)
    }
}

impl<T> Slot<Vec<At<T>>> {
    /// The list, empty where it is not written. When one element could not be read, none is relied upon.
    pub(crate) fn list(self) -> Vec<At<T>> {
        let Some(list) = self.read() else { return Vec::new() };
        let lossy = list.origin.poisoned;
        let doubt = |at: At<T>| if lossy { At::new(at.value, at.origin.poison()) } else { at };
        list.value.into_iter().map(doubt).collect()
    }
}

/// The texts that are read, what asked for them, and the findings so far.
#[derive(Debug)]
pub(crate) struct Context<'v> {
    /// Each text with the place of its first byte among all of them.
    layers: Vec<(usize, SourceId)>,
    via: Option<Span>,
    variables: Option<&'v Variables>,
    findings: RefCell<Findings>,
}

impl<'v> Context<'v> {
    /// For a profile.
    pub(crate) fn profile(source: SourceId) -> Self {
        Context { layers: vec![(0, source)], via: None, variables: None, findings: RefCell::default() }
    }

    /// For a profile and what it extends, nearest first.
    pub(crate) fn layered(texts: &[(SourceId, &str)]) -> Self {
        let start = |start: &mut usize, (source, text): &(SourceId, &str)| {
            let here = *start;
            *start += text.len() + BETWEEN.len();
            Some((here, *source))
        };
        let layers = texts.iter().scan(0, start).collect();
        Context { layers, via: None, variables: None, findings: RefCell::default() }
    }

    /// For a pack that was asked for at `via`; its lists may refer to `variables`.
    pub(crate) fn pack(source: SourceId, via: Span, variables: &'v Variables) -> Self {
        let layers = vec![(0, source)];
        Context { layers, via: Some(via), variables: Some(variables), findings: RefCell::default() }
    }

    /// Whether an error was found so far.
    pub(crate) fn has_errors(&self) -> bool {
        self.findings.borrow().has_errors()
    }

    /// What was found.
    pub(crate) fn into_findings(self) -> Findings {
        self.findings.into_inner()
    }

    /// The place of a byte range among all texts.
    pub(crate) fn origin(&self, range: std::ops::Range<usize>) -> Origin {
        let layer = self.layers.partition_point(|(start, _)| *start <= range.start).saturating_sub(1);
        let (start, source) = self.layers[layer];
        let at = Span::new(source, range.start - start..range.end - start);
        Origin { at, via: self.via, poisoned: false }
    }

    /// The part of `all`, which is every text in a row, that a span of one of them points at.
    fn slice<'t>(&self, all: &'t str, span: Span) -> Option<&'t str> {
        let (start, _) = self.layers.iter().find(|(_, source)| *source == span.source)?;
        all.get(start + span.range().start..start + span.range().end)
    }

    /// Reports a problem.
    pub(crate) fn raise(
        &self,
        code: &'static Code,
        origin: Origin,
        message: impl Into<String>,
        label: impl Into<String>,
    ) -> RefMut<'_, Finding> {
        RefMut::map(self.findings.borrow_mut(), |f| f.raise(code, origin, message, label))
    }

    /// Parses `text` and hands its root table to `read`. `None` when it is no TOML: then `syntax` says why.
    pub(crate) fn document<T>(
        &self,
        text: &str,
        syntax: &'static Code,
        keys: &'static [&'static str],
        read: impl FnOnce(&Table<'_>) -> T,
    ) -> Option<T> {
        self.documents(&[text], syntax, keys, read)
    }

    /// Parses the texts of the layers and hands the root table of all of them to `read`, as if the first were written
    /// over the second and so on. `None` when one is no TOML: then `syntax` says why.
    pub(crate) fn documents<T>(
        &self,
        texts: &[&str],
        syntax: &'static Code,
        keys: &'static [&'static str],
        read: impl FnOnce(&Table<'_>) -> T,
    ) -> Option<T> {
        let mut documents = Vec::new();
        for (text, (start, _)) in texts.iter().zip(&self.layers) {
            let (document, errors) = DeTable::parse_recoverable(text);
            if errors.is_empty() {
                documents.push(merge::moved(document, *start));
            } else {
                self.syntax(*start, text.len(), errors, syntax);
            }
        }
        if documents.len() < texts.len() {
            return None;
        }
        let root = merge::merged(documents.into_iter())?;
        let all = match texts {
            [text] => Cow::Borrowed(*text),
            texts => Cow::Owned(texts.join(BETWEEN)),
        };
        let start = texts[0].len() - texts[0].trim_start_matches('\u{feff}').len();
        Some(Table::open(self, Some(&root), self.origin(start..start), keys, &all, read))
    }

    fn syntax(&self, start: usize, length: usize, errors: Vec<toml::de::Error>, code: &'static Code) {
        let mut errors: Vec<_> =
            errors.into_iter().map(|e| (e.span().unwrap_or(length..length), e.message().to_owned())).collect();
        errors.sort_by_key(|(range, _)| range.start);
        let rest = errors.len().saturating_sub(SYNTAX_ERRORS);
        let place = |range: std::ops::Range<usize>| self.origin(start + range.start..start + range.end);
        for (range, message) in errors.into_iter().take(SYNTAX_ERRORS) {
            self.raise(code, place(range), format!("this is no TOML: {message}"), "here");
        }
        if rest > 0 {
            let message = format!("this is no TOML in {rest} more places");
            self.raise(code, place(length..length), message, "the text ends here");
        }
    }
}

/// A table that knows its keys. What is written but not known was reported when it was opened.
#[derive(Debug)]
pub(crate) struct Table<'a> {
    /// Where findings go.
    pub(crate) cx: &'a Context<'a>,
    /// Its header, its braces, or the table that implied it; poisoned when it could not be read.
    pub(crate) origin: Origin,
    entries: Option<&'a DeTable<'a>>,
    keys: &'static [&'static str],
    text: &'a str,
    /// Known keys of which a near miss is written.
    misspelt: Vec<(&'static str, Origin)>,
}

impl<'a> Table<'a> {
    fn open<T>(
        cx: &'a Context<'a>,
        entries: Option<&'a DeTable<'a>>,
        origin: Origin,
        keys: &'static [&'static str],
        text: &'a str,
        read: impl FnOnce(&Table<'_>) -> T,
    ) -> T {
        let mut table = Table { cx, origin, entries, keys, text, misspelt: Vec::new() };
        table.report_unknown();
        read(&table)
    }

    fn report_unknown(&mut self) {
        for (key, value) in self.entries.into_iter().flatten() {
            let name = key.get_ref().as_ref();
            if self.keys.contains(&name) {
                continue;
            }
            let origin = self.cx.origin(key.span());
            let mut finding =
                self.cx.raise(&UNKNOWN_KEY, origin, format!("unknown key `{}`", shown(name)), "not known");
            let Some(near) = nearest(name, self.keys.iter().copied()) else {
                finding.help(format!("known keys here: {}", self.keys.join(", ")));
                continue;
            };
            finding.help(format!("did you mean `{}`?", near.name));
            let free = self.entries.is_none_or(|e| !e.contains_key(near.name));
            if near.certain && free && written_once(self.text, value) {
                finding.edit(origin.at, near.name);
            }
            if near.certain && free {
                self.misspelt.push((near.name, origin));
            }
        }
    }

    fn item(&self, key: &'static str) -> Option<Item<'_>> {
        debug_assert!(self.keys.contains(&key), "`{key}` is not among the keys of its table");
        let value = self.entries?.get(key)?;
        Some(self.item_of(key, value))
    }

    fn item_of<'i>(&'i self, key: &'i str, value: &'i toml::Spanned<DeValue<'i>>) -> Item<'i> {
        let origin = self.cx.origin(value.span());
        Item { cx: self.cx, key, origin, element: false, value: value.get_ref(), text: self.text }
    }

    /// The value of a key as `read` understands it; `read` reports what it cannot.
    pub(crate) fn get<T>(&self, key: &'static str, read: impl FnOnce(&Item<'_>) -> Option<T>) -> Slot<T> {
        let Some(item) = self.item(key) else { return self.absent(key) };
        match read(&item) {
            Some(value) => Slot::Read(At::new(value, item.origin)),
            None => Slot::Failed(item.origin),
        }
    }

    fn absent<T>(&self, key: &str) -> Slot<T> {
        match self.misspelt.iter().find(|(meant, _)| *meant == key) {
            Some((_, origin)) => Slot::Failed(*origin),
            None if self.origin.poisoned => Slot::Failed(self.origin),
            None => Slot::Absent,
        }
    }

    /// A key that must be there.
    pub(crate) fn required<T>(&self, key: &'static str, read: impl FnOnce(&Item<'_>) -> Option<T>) -> Slot<T> {
        let slot = self.get(key, read);
        match slot {
            Slot::Absent => {
                self.cx.raise(&MISSING_KEY, self.origin, format!("`{key}` is missing"), "it belongs here");
                Slot::Failed(self.origin)
            }
            Slot::Failed(_) | Slot::Read(_) => slot,
        }
    }

    /// An array that must be there and hold something.
    pub(crate) fn required_some<T>(
        &self,
        key: &'static str,
        read: impl FnMut(&Item<'_>) -> Option<T>,
    ) -> Slot<Vec<At<T>>> {
        match self.required(key, |item| item.some(read)) {
            Slot::Read(list) => Slot::Read(list.value),
            Slot::Failed(origin) => Slot::Failed(origin),
            Slot::Absent => Slot::Absent,
        }
    }

    /// An array of values; its origin is poisoned when an element could not be read.
    pub(crate) fn list<T>(&self, key: &'static str, read: impl FnMut(&Item<'_>) -> Option<T>) -> Slot<Vec<At<T>>> {
        let Some(item) = self.item(key) else { return self.absent(key) };
        match item.list(read) {
            Some(list) => Slot::Read(list),
            None => Slot::Failed(item.origin),
        }
    }

    /// As [`Table::list`], with at least one element.
    pub(crate) fn list_some<T>(&self, key: &'static str, read: impl FnMut(&Item<'_>) -> Option<T>) -> Slot<Vec<At<T>>> {
        let Some(item) = self.item(key) else { return self.absent(key) };
        match item.some(read) {
            Some(list) => Slot::Read(list),
            None => Slot::Failed(item.origin),
        }
    }

    /// Where a key's value is written.
    pub(crate) fn place(&self, key: &'static str) -> Option<Origin> {
        self.item(key).map(|item| item.origin)
    }

    /// A table below this one; where it is not written, an empty one that this table implies.
    pub(crate) fn table<T>(
        &self,
        key: &'static str,
        keys: &'static [&'static str],
        read: impl FnOnce(&Table<'_>) -> T,
    ) -> T {
        let Some(item) = self.item(key) else {
            let origin = match self.absent::<()>(key) {
                Slot::Failed(origin) => origin.poison(),
                Slot::Absent | Slot::Read(_) => self.origin,
            };
            return Table::open(self.cx, None, origin, keys, self.text, read);
        };
        item.table(keys, read)
    }

    /// Every element of an array of tables.
    pub(crate) fn tables<T>(
        &self,
        key: &'static str,
        keys: &'static [&'static str],
        mut read: impl FnMut(&Table<'_>) -> T,
    ) -> Vec<T> {
        let Some(item) = self.item(key) else { return Vec::new() };
        if !item.value.is_array() {
            item.wrong_type::<()>("an array of tables");
            return Vec::new();
        }
        let element = |item: &Item<'_>| {
            if item.is_table() { Some(item.table(keys, &mut read)) } else { item.wrong_type("a table") }
        };
        item.list(element).map_or_else(Vec::new, |list| list.value.into_iter().map(|at| at.value).collect())
    }

    /// Whether a key is absent or holds an array of tables alone.
    pub(crate) fn has_tables(&self, key: &'static str) -> bool {
        let Some(item) = self.item(key) else { return true };
        matches!(item.value, DeValue::Array(array) if array.iter().all(|v| v.get_ref().is_table()))
    }

    /// Every entry of a table whose keys are names that somebody chose.
    pub(crate) fn entries<T>(&self, key: &'static str, mut read: impl FnMut(At<String>, &Item<'_>) -> T) -> Vec<T> {
        let Some(item) = self.item(key) else { return Vec::new() };
        let DeValue::Table(table) = item.value else {
            item.wrong_type::<()>("a table");
            return Vec::new();
        };
        let mut list = Vec::new();
        for (name, value) in table {
            let origin = self.cx.origin(name.span());
            if let Some(c) = name.get_ref().chars().find(|c| is_control(*c)) {
                control_character(self.cx, origin, &format!("a key of `{key}`"), c);
                continue;
            }
            let name = At::new(name.get_ref().to_string(), origin);
            list.push(read(name.clone(), &self.item_of(&name, value)));
        }
        list
    }

    /// Whether the key is written, readable or not.
    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.item(key).is_some() || self.misspelt.iter().any(|(meant, _)| *meant == key)
    }

    /// Its place, doubtful when an unknown key was reported or `sound` is false.
    pub(crate) fn place_if(&self, sound: bool) -> Origin {
        if sound && !self.has_unknown() { self.origin } else { self.origin.poison() }
    }

    /// Whether an unknown key was reported.
    pub(crate) fn has_unknown(&self) -> bool {
        self.entries.is_some_and(|e| e.keys().any(|k| !self.keys.contains(&k.get_ref().as_ref())))
    }
}

/// One value with its key.
#[derive(Debug)]
pub(crate) struct Item<'a> {
    /// Where findings go.
    pub(crate) cx: &'a Context<'a>,
    /// Its key, or the key of the array that holds it.
    pub(crate) key: &'a str,
    /// Where it is written.
    pub(crate) origin: Origin,
    /// Whether it stands in the array of that key.
    element: bool,
    value: &'a DeValue<'a>,
    text: &'a str,
}

impl<'a> Item<'a> {
    /// What messages call it.
    fn what(&self) -> String {
        let key = shown(self.key);
        if self.element { format!("an entry of `{key}`") } else { format!("`{key}`") }
    }

    /// Reports a problem of this value. Says nothing more: returns `None` for the reader to hand on.
    pub(crate) fn refuse<T>(
        &self,
        code: &'static Code,
        message: impl Into<String>,
        label: impl Into<String>,
        more: impl FnOnce(&mut Finding),
    ) -> Option<T> {
        more(&mut self.cx.raise(code, self.origin, message, label));
        None
    }

    /// Reports that the value is of another type than `wanted`.
    pub(crate) fn wrong_type<T>(&self, wanted: &str) -> Option<T> {
        let message = format!("{} is {}, not {wanted}", self.what(), self.type_name());
        self.refuse(&WRONG_TYPE, message, format!("{wanted} stands here"), |f| self.repair_type(f, wanted))
    }

    fn repair_type(&self, finding: &mut Finding, wanted: &str) {
        let written = self.cx.slice(self.text, self.origin.at).unwrap_or_default();
        match (wanted, self.value) {
            ("an array", value) if !value.is_table() => {
                finding.help("write it between brackets").edit(self.start(), "[").edit(self.end(), "]");
            }
            ("an array of tables", DeValue::Table(_)) if written.starts_with('[') => {
                finding.help("write its header between double brackets").edit(self.start(), "[").edit(self.end(), "]");
            }
            ("a whole number", DeValue::String(text)) if is_plain_number(text) => {
                finding.help(format!("write {text} without quotes")).edit(self.origin.at, text.as_ref());
            }
            ("true or false", DeValue::String(text)) if matches!(text.as_ref(), "true" | "false") => {
                finding.help(format!("write {text} without quotes")).edit(self.origin.at, text.as_ref());
            }
            // A version such as 1.33, and not a number that belongs to another key.
            ("a string", DeValue::Float(_)) if written.bytes().all(|b| b.is_ascii_digit() || b == b'.') => {
                finding.help("write it between quotes").edit(self.origin.at, quoted(written));
            }
            _ => {}
        }
    }

    fn start(&self) -> Span {
        Span { end: self.origin.at.start, ..self.origin.at }
    }

    fn end(&self) -> Span {
        Span { start: self.origin.at.end, ..self.origin.at }
    }

    fn type_name(&self) -> &'static str {
        match self.value {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a decimal number",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(Datetime { date: Some(_), time: None, .. }) => "a date",
            DeValue::Datetime(Datetime { date: Some(_), time: Some(_), .. }) => "a date with a time",
            DeValue::Datetime(_) => "a time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a table",
        }
    }

    /// Whether it is a table.
    pub(crate) fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// Whether it is a whole number.
    pub(crate) fn is_integer(&self) -> bool {
        self.value.is_integer()
    }

    /// The table, or an empty poisoned one.
    pub(crate) fn table<T>(&self, keys: &'static [&'static str], read: impl FnOnce(&Table<'_>) -> T) -> T {
        match self.value {
            DeValue::Table(table) => Table::open(self.cx, Some(table), self.origin, keys, self.text, read),
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_) => {
                self.wrong_type::<()>("a table");
                Table::open(self.cx, None, self.origin.poison(), keys, self.text, read)
            }
        }
    }

    /// A string without control characters; it may be empty.
    pub(crate) fn string(&self) -> Option<&'a str> {
        let DeValue::String(text) = self.value else { return self.wrong_type("a string") };
        match text.chars().find(|c| is_control(*c)) {
            Some(c) => {
                control_character(self.cx, self.origin, &self.what(), c);
                None
            }
            None => Some(text),
        }
    }

    /// A string that is not empty and not only blanks.
    pub(crate) fn words(&self) -> Option<&'a str> {
        let text = self.string()?;
        if text.trim().is_empty() {
            return self.refuse(&EMPTY_VALUE, format!("{} is empty", self.what()), "nothing stands here", |_| ());
        }
        Some(text)
    }

    /// The text of a string, when it is one.
    pub(crate) fn quoted_text(&self) -> Option<&'a str> {
        self.value.as_str()
    }

    /// `true` or `false`.
    pub(crate) fn flag(&self) -> Option<bool> {
        let DeValue::Boolean(flag) = self.value else { return self.wrong_type("true or false") };
        Some(*flag)
    }

    /// A whole number.
    pub(crate) fn integer(&self) -> Option<i128> {
        let DeValue::Integer(number) = self.value else { return self.wrong_type("a whole number") };
        // A longer number than the type holds is outside every range; its sign is all that matters then.
        let huge = if number.as_str().starts_with('-') { i128::MIN } else { i128::MAX };
        Some(i128::from_str_radix(number.as_str(), number.radix()).unwrap_or(huge))
    }

    /// A whole number within `range`.
    pub(crate) fn number(&self, range: RangeInclusive<u32>) -> Option<u32> {
        let number = self.integer()?;
        let value = u32::try_from(number).ok().filter(|n| range.contains(n));
        value.or_else(|| self.outside(number, *range.start(), *range.end()))
    }

    /// Reports a number outside `low` to `high`.
    pub(crate) fn outside<T>(&self, number: i128, low: u32, high: u32) -> Option<T> {
        let number = match number {
            i128::MIN => "too small".to_owned(),
            i128::MAX => "too large".to_owned(),
            number => number.to_string(),
        };
        let message = format!("{} is {number}, outside {low} to {high}", self.what());
        self.refuse(&OUT_OF_RANGE, message, format!("{low} to {high} stands here"), |_| ())
    }

    /// A date without a time.
    pub(crate) fn date(&self) -> Option<(u16, u8, u8)> {
        match self.value {
            DeValue::Datetime(Datetime { date: Some(date), time: None, offset: None }) => {
                Some((date.year, date.month, date.day))
            }
            DeValue::String(_)
            | DeValue::Integer(_)
            | DeValue::Float(_)
            | DeValue::Boolean(_)
            | DeValue::Datetime(_)
            | DeValue::Array(_)
            | DeValue::Table(_) => self.wrong_type("a date such as 2026-12-31"),
        }
    }

    /// One of some words.
    pub(crate) fn one_of<T: Copy>(&self, words: &[(&'static str, T)]) -> Option<T> {
        let text = self.string()?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        self.unknown(text, words.iter().map(|(word, _)| *word), "not one of the values")
    }

    /// Reports that `text` is none of `known`.
    pub(crate) fn unknown<'k, T>(
        &self,
        text: &str,
        known: impl IntoIterator<Item = &'k str> + Clone,
        label: &str,
    ) -> Option<T> {
        let listed = known.clone().into_iter().collect::<Vec<_>>().join(", ");
        let message = format!("`{}` is not one of {listed}", shown(text));
        self.refuse(&UNKNOWN_VALUE, message, label, |f| self.suggest(f, text, known))
    }

    /// Adds the nearest known name to a finding, with an edit when it is surely meant.
    pub(crate) fn suggest<'k>(&self, finding: &mut Finding, text: &str, known: impl IntoIterator<Item = &'k str>) {
        let Some(near) = nearest(text, known) else { return };
        finding.help(format!("did you mean `{}`?", shown(near.name)));
        if near.certain {
            finding.edit(self.origin.at, quoted(near.name));
        }
    }

    /// The elements of an array. Its origin is poisoned when one of them could not be read.
    pub(crate) fn list<T>(&self, mut read: impl FnMut(&Item<'_>) -> Option<T>) -> Option<At<Vec<At<T>>>> {
        let DeValue::Array(array) = self.value else { return self.wrong_type("an array") };
        let mut list = At::new(Vec::new(), self.origin);
        for element in array.iter() {
            let origin = self.cx.origin(element.span());
            let written =
                Item { cx: self.cx, key: self.key, origin, element: true, value: element.get_ref(), text: self.text };
            let Some(values) = written.expand() else {
                list.origin = list.origin.poison();
                continue;
            };
            for value in &values {
                match read(&Item { value, ..written }) {
                    Some(value) => list.value.push(At::new(value, origin)),
                    None => list.origin = list.origin.poison(),
                }
            }
        }
        Some(list)
    }

    /// As [`Item::list`], with at least one element.
    pub(crate) fn some<T>(&self, read: impl FnMut(&Item<'_>) -> Option<T>) -> Option<At<Vec<At<T>>>> {
        let list = self.list(read)?;
        if list.value.is_empty() && !list.origin.poisoned {
            return self.refuse(&EMPTY_VALUE, format!("{} is empty", self.what()), "nothing stands here", |_| ());
        }
        Some(list)
    }

    /// The value, with the variables of a pack replaced: one that holds a list becomes several.
    fn expand(&self) -> Option<Vec<DeValue<'a>>> {
        let (DeValue::String(text), Some(variables)) = (self.value, self.cx.variables) else {
            return Some(vec![self.value.clone()]);
        };
        match variables.expand(text) {
            Ok(list) => Some(list.into_iter().map(|text| DeValue::String(text.into())).collect()),
            Err(name) => {
                let message = format!("this pack needs `{name}`, which has no value");
                self.refuse(&EMPTY_VARIABLE, message, format!("needs `{name}`"), |_| ())
            }
        }
    }
}

/// A decimal number as TOML takes it.
fn is_plain_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'))
}

/// Characters that have no business in a name or a sentence, among them those that reorder text.
pub(crate) fn is_control(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn control_character(cx: &Context<'_>, origin: Origin, what: &str, c: char) {
    let message = format!("{what} holds the control character U+{:04X}", u32::from(c));
    cx.raise(&CONTROL_CHARACTER, origin, message, "stands here");
}

/// A text as it may stand in a message: bounded, without control characters.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut short: String = text.chars().take(LONGEST).map(|c| if is_control(c) { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        short.push('…');
    }
    short
}

/// A text as a TOML string.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

/// The keys at the top of a text, as far as it can be read.
pub(crate) fn top_level_keys(text: &str) -> Vec<String> {
    let (root, _) = DeTable::parse_recoverable(text);
    root.get_ref().keys().map(|key| key.get_ref().to_string()).collect()
}

/// The text of a top-level key and where it stands, in a text that may be no TOML; `None` in place of the text when it is
/// none.
pub(crate) fn top_level_text(text: &str, key: &str) -> Option<(std::ops::Range<usize>, Option<String>)> {
    let (root, _) = DeTable::parse_recoverable(text);
    let value = root.get_ref().get(key)?;
    Some((value.span(), value.get_ref().as_str().map(str::to_owned)))
}

/// Whether renaming one key renames the whole value: not so for a table with several headers or dotted keys.
fn written_once(text: &str, value: &toml::Spanned<DeValue<'_>>) -> bool {
    let at = |range: std::ops::Range<usize>| text.get(range).unwrap_or_default();
    match value.get_ref() {
        DeValue::Table(table) if at(value.span()).starts_with('[') => {
            table.values().all(|v| written_once_inside(text, v))
        }
        DeValue::Table(_) => at(value.span()).starts_with('{'),
        DeValue::Array(array) => {
            let of_tables = array.iter().next().is_some_and(|first| first.get_ref().is_table());
            !of_tables || at(value.span()).starts_with('[') && !at(value.span()).starts_with("[[")
        }
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
            true
        }
    }
}

fn written_once_inside(text: &str, value: &toml::Spanned<DeValue<'_>>) -> bool {
    let inline = text.get(value.span()).is_some_and(|t| t.starts_with('{'));
    match value.get_ref() {
        DeValue::Table(_) => inline,
        DeValue::Array(_) => written_once(text, value),
        DeValue::String(_) | DeValue::Integer(_) | DeValue::Float(_) | DeValue::Boolean(_) | DeValue::Datetime(_) => {
            true
        }
    }
}
