//! What a profile extends: the texts below it, nearest first, and what is wrong with the way there.

use std::ops::Range;

use super::codes::{BAD_VALUE, BASE_IS_NO_PROFILE, EXTENDS_CYCLE, MISSING_BASE, UNREADABLE_BASE};
use super::sniff::is_meant;
use crate::diag::{Code, Finding, Findings, Origin, Source, SourceId, Sources, Span};
use crate::input::{Base, BaseText};
use crate::rules::codes::WRONG_TYPE;
use crate::rules::cursor::{is_control, shown, top_level_text};

/// The key that names a base.
pub(super) const KEY: &str = "extends";

/// Every base of a profile, nearest first. `load` brings the file at a path that is relative to the file that names it:
/// the base that was loaded last or, at first, the profile.
pub fn bases(text: &str, mut load: impl FnMut(&str, Option<&Base>) -> Base) -> Vec<Base> {
    let mut list: Vec<Base> = Vec::new();
    while let Some(path) = next(list.last().map_or(Some(text), Base::text)) {
        list.push(load(&path, list.last()));
    }
    list
}

/// The path that a text asks for, if it is one.
fn next(text: Option<&str>) -> Option<String> {
    let (_, path) = written(text?)?;
    path.filter(|path| fault(path).is_none())
}

fn written(text: &str) -> Option<(Range<usize>, Option<String>)> {
    // Most profiles extend nothing, and are not read twice to learn that.
    if text.contains(KEY) { top_level_text(text, KEY) } else { None }
}

/// Why a text cannot be the path of a base.
fn fault(path: &str) -> Option<&'static str> {
    if path.is_empty() || path.starts_with(char::is_whitespace) || path.chars().any(is_control) {
        Some("the path of a file stands here")
    } else if path.starts_with('/') || path.contains(':') {
        Some("a path relative to this file stands here, so that it holds in every checkout")
    } else if path.contains('\\') {
        Some("slashes stand between the parts of a path, on every system")
    } else {
        None
    }
}

/// Adds the bases of the profile at `source` to `sources`: the sources of all texts, the profile first. `None` when one
/// cannot be had, which was reported at the key that asks for it.
pub(super) fn layers(
    sources: &mut Sources,
    source: SourceId,
    bases: &[Base],
    findings: &mut Findings,
) -> Option<Vec<SourceId>> {
    let mut layers = vec![source];
    let mut rest = bases.iter();
    loop {
        let asking = *layers.last()?;
        let text = sources.get(asking).text.clone();
        let Some((range, path)) = written(&text) else { return Some(layers) };
        let at = Span::new(asking, range);
        let path = readable(at, path.as_deref(), findings)?;
        let Some(base) = rest.next() else {
            missing(at, &path, findings);
            return None;
        };
        layers.push(add(sources, at, &path, base, &layers, findings)?);
    }
}

/// The value of the key, if it can be a path.
fn readable(at: Span, path: Option<&str>, findings: &mut Findings) -> Option<String> {
    let Some(path) = path else {
        raise(findings, &WRONG_TYPE, at, format!("`{KEY}` is not a string"), "a string stands here");
        return None;
    };
    if let Some(why) = fault(path) {
        let message = format!("`{}` cannot be the path of a base profile", shown(path));
        raise(findings, &BAD_VALUE, at, message, why).help("write a path such as _base.toml or ../_base.toml");
        return None;
    }
    Some(path.to_owned())
}

fn missing(at: Span, path: &str, findings: &mut Findings) {
    let message = format!("there is no file {} to extend", shown(path));
    raise(findings, &MISSING_BASE, at, message, "looked for beside this file");
}

fn raise<'f>(
    findings: &'f mut Findings,
    code: &'static Code,
    at: Span,
    message: String,
    label: &str,
) -> &'f mut Finding {
    findings.raise(code, Origin::written(at), message, label)
}

fn add(
    sources: &mut Sources,
    at: Span,
    path: &str,
    base: &Base,
    layers: &[SourceId],
    findings: &mut Findings,
) -> Option<SourceId> {
    let text = match &base.text {
        BaseText::Read(text) => text,
        BaseText::Missing => {
            missing(at, path, findings);
            return None;
        }
        BaseText::Unreadable(why) => {
            let message = format!("cannot read {}: {}", shown(path), shown(why));
            raise(findings, &UNREADABLE_BASE, at, message, "extended here");
            return None;
        }
        BaseText::Seen => {
            let way: Vec<String> = layers.iter().map(|id| shown(&sources.get(*id).name)).collect();
            let message = format!("{} leads back to {}", way.join(", then "), shown(path));
            raise(findings, &EXTENDS_CYCLE, at, message, "a file that is extended already");
            return None;
        }
    };
    if !is_meant(text) {
        let message = format!("{} is no profile: none of its keys is one of a profile", shown(path));
        raise(findings, &BASE_IS_NO_PROFILE, at, message, "extended here");
        return None;
    }
    Some(sources.add(Source { name: base.name.clone(), text: text.clone().into(), built_in: false }))
}
