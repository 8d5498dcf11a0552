//! The CLI loses sight of classic rules and collections whose names hold a dot.

use super::{Check, Facts};
use crate::diag::{At, Code, Findings, Severity};
use crate::profile::RuleModel;

pub(super) static CHECK: Check = Check {
    code: Code {
        id: "dotted-classic-name",
        severity: Severity::Warning,
        title: "name of a classic rule or collection holds a dot",
        help: "write a hyphen in place of the dot, or use `rules = \"policy\"`",
        docs: "Azure takes the name, and so do the templates. The az commands of classic rules write the rule and then look \
               for it by a path in which a dot ends a name; they fail, and `deploy-steps.sh` stops after each such rule. \
               It goes on when it is run again. Source: https://github.com/Azure/azure-cli-extensions, the extension \
               azure-firewall",
        bad: &[r#"region = "westeurope"

[firewall]
rules = "classic"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api.example"
fqdns = ["api.example.com"]
"#],
        good: &[
            r#"region = "westeurope"

[firewall]
rules = "classic"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api-example"
fqdns = ["api.example.com"]
"#,
            r#"region = "westeurope"

[egress.collections.own]
priority = 300

[[egress.collections.own.rules]]
name  = "api.example"
fqdns = ["api.example.com"]
"#,
        ],
    },
    run,
};

fn run(facts: &Facts<'_>, findings: &mut Findings) {
    let firewall = &facts.plan.firewall;
    if *firewall.rules != RuleModel::Classic || firewall.rules.origin.poisoned {
        return;
    }
    let mut look = |what: &str, name: &At<String>| {
        if name.contains('.') {
            findings.report(name.origin, format!("the name of {what} `{}` holds a dot", **name), "lost by the CLI");
        }
    };
    firewall.collections().for_each(|(_, collection)| look("collection", &collection.name));
    firewall.rules().for_each(|(_, rule)| look("rule", &rule.name));
}
