//! `remove-rules.sh`: takes the rules out of the policy of somebody else. A deployment adds and changes, it never removes a
//! group that a template no longer has.

use super::ensure::{act_in, ask, ask_in, grouped};
use super::prelude::{ARGUMENTS, EXTENSION, begin};
use super::rules::{of_policy, subscription_of_policy};
use super::shell::{Query, Script, Word};
use crate::plan::Plan;

const PURPOSE: &str = "\
Removes the rule collection group of the profile from the policy of somebody else.

Run it when the cluster is gone, or when its rules have moved elsewhere: no deployment removes them.";

const USAGE: &str = r"usage() {
  cat <<'END'
Usage: remove-rules.sh --subscription ID

Removes one rule collection group. It stops while the cluster exists, which could then reach nothing.

  --subscription ID   ID or name of the cluster's subscription (else the variable AZURE_SUBSCRIPTION_ID)
  -h, --help          this text
END
}
";

pub(super) fn script(plan: &Plan) -> String {
    let mut script = begin(plan, PURPOSE, USAGE, ARGUMENTS, &[]);
    script.section("Extension with the commands of the firewall.");
    script.syntax(EXTENSION);
    script.section("A cluster that is there needs its rules.");
    let show = grouped("az aks show", "--name", &Word::quote(&plan.cluster.name));
    script.open_with("if look", &ask(show, &Query::new("id")), "; then");
    let text = format!("cluster {} exists and needs these rules; delete it first", *plan.cluster.name);
    script.short("stop", &[Word::quote(&text)]);
    script.close("fi");
    remove(&mut script, plan);
    script.finish()
}

fn remove(script: &mut Script, plan: &Plan) {
    let firewall = &plan.firewall;
    let Some(group) = firewall.groups.first() else { return };
    let subscription = subscription_of_policy(firewall);
    let in_policy = |words| of_policy(firewall, words).option("--name", &Word::quote(&group.name));
    let what = format!("rule collection group {} of policy {}", group.name, firewall.policy);
    script.section("The group, with everything in it.");
    let show = in_policy("az network firewall policy rule-collection-group show");
    script.open_with("if look", &ask_in(show, &Query::new("id"), &subscription), "; then");
    script.short("say", &[Word::quote(&format!("removing: {what}"))]);
    let delete = in_policy("az network firewall policy rule-collection-group delete").flag("--yes");
    script.run(&act_in(delete, &subscription));
    script.between("else");
    script.short("say", &[Word::quote(&format!("not there: {what}"))]);
    script.close("fi");
}
