//! The known name that somebody most likely meant.

/// The known name that is nearest to a written one.
#[derive(Debug, PartialEq, Eq)]
pub struct Near<'k> {
    /// The name.
    pub name: &'k str,
    /// Whether nothing else can be meant.
    pub certain: bool,
}

/// The nearest of some names, when one is near.
pub fn nearest<'k>(written: &str, known: impl IntoIterator<Item = &'k str>) -> Option<Near<'k>> {
    const LONGEST: usize = 100;
    if written.len() > LONGEST {
        return None;
    }
    let folded = fold(written);
    let mut ranked: Vec<_> = known.into_iter().map(|name| (distance(&folded, &fold(name)), name)).collect();
    ranked.sort();
    ranked.dedup();
    let (distance, name) = *ranked.first()?;
    let length = folded.chars().count().min(name.chars().count());
    if distance > length.div_ceil(3) {
        return None;
    }
    let alone = ranked.get(1).is_none_or(|(next, _)| *next > distance + 1);
    let certain = alone && (distance == 0 || (distance == 1 && length >= 3) || (distance == 2 && length >= 6));
    Some(Near { name, certain })
}

fn fold(text: &str) -> String {
    text.trim().to_lowercase().replace(['_', ' '], "-")
}

/// How many characters must be added, removed, replaced or swapped to make one text of the other.
pub(crate) fn distance(a: &str, b: &str) -> usize {
    strsim::damerau_levenshtein(a, b)
}
