//! A value as TOML, JSON, ARM and Bicep have it in common.

/// Texts, whole numbers, yes and no, and what is made of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Plain {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number that every reader of JSON keeps exact.
    Int(i64),
    /// Text.
    Text(String),
    /// A list.
    List(Vec<Plain>),
    /// Names and values, in the order of writing.
    Table(Vec<(String, Plain)>),
}

impl Plain {
    /// The largest number that every reader of JSON keeps exact.
    pub const LARGEST: i64 = (1 << 53) - 1;

    /// Everything in it that is no table, and tables without entries, each with the names that lead there.
    pub fn leaves(&self) -> Vec<(Vec<&str>, &Plain)> {
        match self {
            Plain::Table(fields) if !fields.is_empty() => {
                let mut list = Vec::new();
                for (name, value) in fields {
                    for (mut path, leaf) in value.leaves() {
                        path.insert(0, name);
                        list.push((path, leaf));
                    }
                }
                list
            }
            Plain::Bool(_) | Plain::Int(_) | Plain::Text(_) | Plain::List(_) | Plain::Table(_) => {
                vec![(Vec::new(), self)]
            }
        }
    }
}
