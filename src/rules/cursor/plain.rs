//! Any value that a template can hold, read as it is written.

use toml::de::DeValue;

use super::{Item, control_character, is_control};
use crate::rules::codes::{OUT_OF_RANGE, WRONG_TYPE};
use crate::value::Plain;

impl Item<'_> {
    /// The value as TOML and JSON have it in common. Every part that JSON or a template cannot hold is reported.
    pub(crate) fn plain(&self) -> Option<Plain> {
        match self.value {
            DeValue::String(_) => self.string().map(|text| Plain::Text(text.to_owned())),
            DeValue::Boolean(flag) => Some(Plain::Bool(*flag)),
            DeValue::Integer(_) => self.exact().map(Plain::Int),
            DeValue::Float(_) => {
                let message = format!("{} is a decimal number, and templates hold whole ones only", self.what());
                self.refuse(&WRONG_TYPE, message, "a whole number or a string stands here", |_| ())
            }
            DeValue::Datetime(_) => {
                let message = format!("{} is {}, and JSON has none", self.what(), self.type_name());
                self.refuse(&WRONG_TYPE, message, "a string stands here", |f| {
                    f.help("write it between quotes");
                })
            }
            DeValue::Array(_) => {
                let list = self.list(|item| item.plain())?;
                (!list.origin.poisoned).then(|| Plain::List(list.value.into_iter().map(|at| at.value).collect()))
            }
            DeValue::Table(table) => {
                let mut fields = Some(Vec::new());
                for (name, value) in table {
                    let key = self.cx.origin(name.span());
                    if let Some(c) = name.get_ref().chars().find(|c| is_control(*c)) {
                        control_character(self.cx, key, &format!("a key of {}", self.what()), c);
                        fields = None;
                        continue;
                    }
                    let origin = self.cx.origin(value.span());
                    let inner = Item { origin, element: false, key: name.get_ref(), value: value.get_ref(), ..*self };
                    match (inner.plain(), &mut fields) {
                        (Some(value), Some(fields)) => fields.push((name.get_ref().to_string(), value)),
                        (_, fields) => *fields = None,
                    }
                }
                fields.map(Plain::Table)
            }
        }
    }

    /// A whole number that every reader of JSON keeps exact.
    fn exact(&self) -> Option<i64> {
        let number = self.integer()?;
        let kept = i64::try_from(number).ok().filter(|n| (-Plain::LARGEST..=Plain::LARGEST).contains(n));
        kept.or_else(|| {
            let message = format!("{} is a number that not every reader of JSON keeps exact", self.what());
            let label = format!("at most {} stands here", Plain::LARGEST);
            self.refuse(&OUT_OF_RANGE, message, label, |_| ())
        })
    }
}
