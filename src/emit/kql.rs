//! Log queries as files: the fixed ones, and those that know the rules of this plan.
//!
//! [`quoted`] is the only way of a text into a query.

use std::fmt::Write;

use super::FileSet;
use crate::plan::Plan;

/// Rows that rule tables log, reduced to who decided.
const HITS: &str = "\
let hits = union isfuzzy=true
    (datatable(Kind: string, Collection: string, Rule: string, _ResourceId: string) []),
    (AZFWApplicationRule | project Kind = \"application\", Collection = RuleCollection, Rule, _ResourceId),
    (AZFWNetworkRule | project Kind = \"network\", Collection = RuleCollection, Rule, _ResourceId),
    (AZFWNatRule | project Kind = \"dnat\", Collection = RuleCollection, Rule, _ResourceId)
";

/// The same, read from text lines.
const LEGACY_HITS: &str = "\
let hits = AzureDiagnostics
| where Category in (\"AzureFirewallApplicationRule\", \"AzureFirewallNetworkRule\")
| extend
    Kind = case(msg_s has \"DNAT'ed to\", \"dnat\", Category == \"AzureFirewallApplicationRule\", \"application\", \"network\"),
    Collection = tostring(split(extract(@\"Rule Collection: (.+?)[.] Rule: \", 1, msg_s), \":\")[-1]),
    Rule = extract(@\"[.] Rule: (.+?)(?:[.] Web Category: .*)?[.]?$\", 1, msg_s)
";

pub(super) fn emit(plan: &Plan, files: &mut FileSet) {
    for query in &plan.logs.queries {
        files.text(format!("kql/{}.kql", query.name), format!("{}{}", head(plan), query.text));
    }
    if plan.logs.structured {
        files.text("kql/unused-rules.kql", unused_rules(plan, HITS));
    }
    if plan.logs.legacy {
        files.text("kql/legacy-unused-rules.kql", unused_rules(plan, LEGACY_HITS));
    }
}

fn head(plan: &Plan) -> String {
    let line: String =
        super::generated_from(plan).chars().map(|c| if c.is_control() || is_break(c) { ' ' } else { c }).collect();
    format!("// {line}\n")
}

/// Rules of the plan, less those that the log names.
fn unused_rules(plan: &Plan, hits: &str) -> String {
    let mut out = head(plan);
    out.push_str("// Rules of this plan that decided nothing in the chosen time: candidates for removal.\n");
    out.push_str("// Look at a month or more: some are needed only when nodes are added, upgraded or repaired.\n");
    let _ = writeln!(out, "let firewall = {};", quoted(&plan.firewall.name));
    out.push_str("let planned = datatable(Place: int, Kind: string, Collection: string, Rule: string) [\n");
    let mut place = 0;
    for (_, collection) in plan.firewall.collections() {
        for rule in &collection.rules {
            place += 1;
            let kind = quoted(collection.kind.word());
            let _ = writeln!(out, "    {place}, {kind}, {}, {},", quoted(&collection.name), quoted(&rule.name));
        }
    }
    out.push_str("];\n");
    out.push_str(hits.trim_end());
    out.push_str("\n| where _ResourceId endswith strcat(\"/azureFirewalls/\", firewall)\n");
    out.push_str("| distinct Kind, Collection, Rule;\n");
    out.push_str("planned\n| join kind=leftanti hits on Kind, Collection, Rule\n| order by Place asc\n");
    out
}

/// A string literal: the door of data into a query.
fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || is_break(c) => {
                let _ = write!(out, "\\u{:04x}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Breaks lines for some readers, though not a control character.
fn is_break(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_whatever_it_is_given() {
        for (text, expected) in [
            ("plain", r#""plain""#),
            (r#"a" | take 1 //"#, r#""a\" | take 1 //""#),
            ("back\\slash\n", r#""back\\slash\n""#),
            ("\u{0}\u{2028}", r#""\u0000\u2028""#),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
