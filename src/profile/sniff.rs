//! Whether a file in a folder of profiles is meant as one.

use super::raw;

/// Whether one of the text's top-level keys is, or is near to, a key of profiles. A text that is no TOML counts by
/// what can be read of it.
pub fn is_meant(text: &str) -> bool {
    let (document, _) = toml::de::DeTable::parse_recoverable(text);
    document.get_ref().keys().any(|key| {
        let key = key.get_ref();
        raw::ROOT.iter().any(|known| strsim::damerau_levenshtein(key, known) <= known.len().div_ceil(4))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_told_from_other_toml() {
        for profile in ["region = 'x'", "regoin = 'x'", "[[expect]]", "cni = ", "[netwrok]"] {
            assert!(is_meant(profile), "{profile}");
        }
        for other in [
            "",
            "[dependencies]\nserde = '1'",
            "# nothing",
            "[package]\nname = 'x'",
            "[tool.ruff]\nline-length = 100",
            "[workspace]",
        ] {
            assert!(!is_meant(other), "{other}");
        }
    }
}
