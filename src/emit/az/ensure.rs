//! What exists and equals the plan is left alone, what is missing is created, and what differs stops the script.

use serde_json::Value;

use super::shell::{Command, Query, Script, Word};
use crate::diag::At;
use crate::plan::{Firewall, Network, Plan};

/// A property that the plan sets: what to call it, how to ask for it, and what it should be.
#[derive(Debug)]
pub(super) struct Fact {
    /// What a difference is called.
    pub(super) name: std::borrow::Cow<'static, str>,
    /// Asks for it.
    pub(super) query: Query,
    /// The planned value, as `to_string` of JMESPath prints it.
    pub(super) planned: Word,
}

impl Fact {
    /// A property that is a text.
    pub(super) fn text(name: &'static str, query: &'static str, planned: &str) -> Fact {
        Fact { name: name.into(), query: Query::new(query), planned: Word::quote(planned) }
    }

    /// A property that is no text: `null`, a boolean, a number or a list.
    pub(super) fn json(name: &'static str, query: &'static str, planned: &Value) -> Fact {
        Fact { name: name.into(), query: Query::new(query), planned: Word::quote(&ascii(planned)) }
    }

    /// A property whose value the script knows.
    pub(super) fn known(name: &'static str, query: &'static str, planned: Word) -> Fact {
        Fact { name: name.into(), query: Query::new(query), planned }
    }
}

/// The values of those tags that the plan sets; others are somebody else's.
pub(super) fn tag_facts(tags: &[(At<String>, At<String>)]) -> Vec<Fact> {
    tags.iter()
        .map(|(key, value)| Fact {
            name: "tag".into(),
            query: Query::new("tags.").key(key),
            planned: Word::quote(value),
        })
        .collect()
}

/// JSON as JMESPath's `to_string` prints it: without blanks, and ASCII only.
pub(super) fn ascii(value: &Value) -> String {
    let mut out = String::new();
    for c in value.to_string().chars() {
        if c.is_ascii() && c != '\u{7f}' {
            out.push(c);
        } else {
            let mut units = [0; 2];
            for unit in c.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    out
}

/// A command that acts, in the right subscription and without printing what it made.
pub(super) fn act(command: Command) -> Command {
    act_in(command, &Word::var("subscription"))
}

/// The same in a subscription that may be another one.
pub(super) fn act_in(command: Command, subscription: &Word) -> Command {
    command.option("--subscription", subscription).option("--output", &Word::bare("none"))
}

/// A command that asks, in the right subscription.
pub(super) fn ask(command: Command, query: &Query) -> Command {
    ask_in(command, query, &Word::var("subscription"))
}

/// The same in a subscription that may be another one.
pub(super) fn ask_in(command: Command, query: &Query, subscription: &Word) -> Command {
    command
        .option("--query", &Word::query(query))
        .option("--subscription", subscription)
        .option("--output", &Word::bare("tsv"))
}

/// A resource group that the script knows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Home {
    /// The variable with its name.
    name: &'static str,
    /// The variable with its ID.
    id: &'static str,
}

impl Home {
    /// The profile's.
    pub(super) const MAIN: Home = Home { name: "resource_group", id: "group_id" };
    /// That of the hub.
    pub(super) const HUB: Home = Home { name: "hub_group", id: "hub_group_id" };

    /// The one that holds a firewall and what belongs to it.
    pub(super) fn of(firewall: &Firewall) -> Home {
        if firewall.resource_group.is_some() { Home::HUB } else { Home::MAIN }
    }

    /// The one that holds the firewall's network.
    pub(super) fn of_network(plan: &Plan, network: &Network) -> Home {
        let own = plan.hub.as_ref().is_some_and(|hub| std::ptr::eq(&raw const hub.network, network));
        if own { Home::HUB } else { Home::MAIN }
    }

    /// A command on something in it.
    pub(super) fn grouped(self, words: &'static str, name: &'static str, value: &Word) -> Command {
        Command::new(words).option("--resource-group", &Word::var(self.name)).option(name, value)
    }

    /// The beginning of the IDs of what it holds.
    pub(super) fn id(self) -> Word {
        Word::var(self.id)
    }

    /// Its name.
    pub(super) fn name(self) -> Word {
        Word::var(self.name)
    }
}

/// A command on something in the profile's resource group.
pub(super) fn grouped(words: &'static str, name: &'static str, value: &Word) -> Command {
    Home::MAIN.grouped(words, name, value)
}

/// The ID of a group of the subscription.
pub(super) fn group_id(group: &At<String>) -> Word {
    Word::bare("/subscriptions/")
        .and(&Word::var("subscription"))
        .and(&Word::bare("/resourceGroups/"))
        .and(&Word::quote(group))
}

/// Opens the branch for what `show` finds. End with [`Script::close`] and `fi`.
fn when_there(script: &mut Script, what: &str, show: Command, facts: &[Fact], subscription: &Word) {
    script.gap();
    let queries: Vec<Query> = facts.iter().map(|fact| fact.query.clone()).collect();
    script.open_with("if look", &ask_in(show, &Query::lines(&queries), subscription), "; then");
    compare(script, what, facts);
}

/// Compares what was found last.
pub(super) fn compare(script: &mut Script, what: &str, facts: &[Fact]) {
    let mut same = Command::new("same").word(&Word::quote(what));
    for Fact { name, query: _, planned } in facts {
        same = same.word(&Word::quote(name).gap(planned));
    }
    script.run(&same);
}

/// A whole resource: left alone, created, or the end of the script.
pub(super) fn ensure(script: &mut Script, what: &str, show: Command, facts: &[Fact], create: Command) {
    ensure_in(script, what, show, facts, create, &Word::var("subscription"));
}

/// The same in a subscription that may be another one.
pub(super) fn ensure_in(
    script: &mut Script,
    what: &str,
    show: Command,
    facts: &[Fact],
    create: Command,
    subscription: &Word,
) {
    when_there(script, what, show, facts, subscription);
    script.between("else");
    announce(script, what);
    script.run(&act_in(create, subscription));
    script.close("fi");
}

/// Says what comes next.
pub(super) fn announce(script: &mut Script, what: &str) {
    script.short("say", &[Word::quote(&format!("creating: {what}"))]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_ascii_with_utf16_escapes() {
        for (value, text) in [
            (serde_json::json!(["1", "2"]), r#"["1","2"]"#),
            (serde_json::json!("é😀\u{7f}"), r#""\u00e9\ud83d\ude00\u007f""#),
            (serde_json::json!(null), "null"),
        ] {
            assert_eq!(ascii(&value), text);
        }
    }
}
