//! Reading TOML: a cursor over `toml::de::DeTable` that knows spans, checks shapes and names unknown keys.
