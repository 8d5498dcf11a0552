//! Whether a file in a folder of profiles is meant as one.

use super::raw;
use crate::nearest::distance;
use crate::rules::cursor::top_level_keys;

/// Whether one of the text's top-level keys is, or is near to, a key of profiles. A text that is no TOML counts by
/// what can be read of it.
pub fn is_meant(text: &str) -> bool {
    let near = |key: &str, known: &str| distance(key, known) <= known.len().div_ceil(4);
    top_level_keys(text).iter().any(|key| raw::ROOT.iter().any(|known| near(key, known)))
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
