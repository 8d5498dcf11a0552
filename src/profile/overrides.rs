//! `[[override]]`: properties of resources that the profile has no key for.

use std::fmt;

use super::{ClusterSpec, NetworkSpec, pools, raw};
use crate::diag::{At, Code, Origin, Severity};
use crate::rules::codes::UNKNOWN_REFERENCE;
use crate::rules::cursor::{Item, Table, shown};
use crate::rules::values;
use crate::value::Plain;

pub(super) static BAD_POINTER: Code = Code {
    id: "bad-pointer",
    severity: Severity::Error,
    title: "text points at no property",
    help: "write a JSON pointer such as /properties/autoUpgradeProfile/upgradeChannel",
    docs: "`pointer` of an override is a JSON pointer (RFC 6901) to a property below `properties`: names with `/` before \
               each. `/` in a name is written `~1`, and `~` is written `~0`. What stands beside `properties`, such as name, \
               location and tags, is the profile's. A list is written as a whole, so that no number points into one.\n\n\
               Source: https://www.rfc-editor.org/rfc/rfc6901",
    bad: &[
        r#"region = "westeurope"

[[override]]
resource = "cluster"
pointer  = "autoUpgradeProfile.upgradeChannel"
value    = "patch"
reason   = "patches come every week"
"#,
        r#"region = "westeurope"

[[override]]
resource = "node-pool/system"
pointer  = "/properties/nodeTaints/0"
value    = "CriticalAddonsOnly=true:NoSchedule"
reason   = "the system pool runs nothing else"
"#,
    ],
    good: &[r#"region = "westeurope"

[[override]]
resource = "cluster"
pointer  = "/properties/autoUpgradeProfile/upgradeChannel"
value    = "patch"
reason   = "patches come every week"
"#],
};

/// One of `[[override]]`.
#[derive(Debug, Clone)]
pub struct OverrideSpec {
    /// What it reaches into.
    pub resource: At<OverrideTarget>,
    /// The property.
    pub pointer: At<Pointer>,
    /// What stands there.
    pub value: At<Plain>,
    /// Why.
    pub reason: At<String>,
    /// Its header.
    pub origin: Origin,
}

/// A resource that may be reached into.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OverrideTarget {
    /// The cluster.
    Cluster,
    /// The firewall.
    Firewall,
    /// Its policy.
    FirewallPolicy,
    /// The network.
    Network,
    /// The workspace.
    Workspace,
    /// A node pool, by its name.
    NodePool(String),
    /// A subnet, by its role.
    Subnet(String),
}

impl OverrideTarget {
    /// The words of those of which there is one.
    const SINGLE: [(&str, OverrideTarget); 5] = [
        ("cluster", OverrideTarget::Cluster),
        ("firewall", OverrideTarget::Firewall),
        ("firewall-policy", OverrideTarget::FirewallPolicy),
        ("network", OverrideTarget::Network),
        ("workspace", OverrideTarget::Workspace),
    ];

    /// The kind of resource, as the table of properties calls it.
    pub fn kind(&self) -> &'static str {
        match self {
            OverrideTarget::Cluster => "cluster",
            OverrideTarget::Firewall => "firewall",
            OverrideTarget::FirewallPolicy => "firewall-policy",
            OverrideTarget::Network => "network",
            OverrideTarget::Workspace => "workspace",
            OverrideTarget::NodePool(_) => "node-pool",
            OverrideTarget::Subnet(_) => "subnet",
        }
    }
}

impl fmt::Display for OverrideTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            OverrideTarget::NodePool(name) | OverrideTarget::Subnet(name) => write!(f, "{}/{name}", self.kind()),
            OverrideTarget::Cluster
            | OverrideTarget::Firewall
            | OverrideTarget::FirewallPolicy
            | OverrideTarget::Network
            | OverrideTarget::Workspace => f.write_str(self.kind()),
        }
    }
}

/// A JSON pointer (RFC 6901) to something below `properties`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    /// The names behind `properties`, at least one.
    pub names: Vec<String>,
}

impl fmt::Display for Pointer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("/properties")?;
        self.names.iter().try_for_each(|name| write!(f, "/{}", name.replace('~', "~0").replace('/', "~1")))
    }
}

impl Pointer {
    /// # Errors
    /// What is wrong with the text.
    fn parse(text: &str) -> Result<Pointer, &'static str> {
        let rest = text.strip_prefix('/').ok_or("a pointer begins with `/`")?;
        let mut parts = rest.split('/');
        if parts.next() != Some("properties") {
            return Err("only what lies below `/properties` can be added");
        }
        let names = parts.map(Pointer::name).collect::<Result<Vec<_>, _>>()?;
        if names.is_empty() { Err("the name of a property is missing") } else { Ok(Pointer { names }) }
    }

    fn name(part: &str) -> Result<String, &'static str> {
        if part.is_empty() {
            return Err("a name between two `/` is empty");
        }
        if part == "-" || part.bytes().all(|b| b.is_ascii_digit()) {
            return Err("a list is written as a whole, in `value`");
        }
        if part.split('~').skip(1).any(|rest| !rest.starts_with(['0', '1'])) {
            return Err("`~` is written `~0`, and `/` in a name `~1`");
        }
        Ok(part.replace("~1", "/").replace("~0", "~"))
    }
}

/// Reads `[[override]]`.
pub(super) fn read(root: &Table<'_>, network: &NetworkSpec, cluster: &ClusterSpec) -> Vec<OverrideSpec> {
    let subnets: Vec<&str> = network.subnets().into_iter().map(|(role, _)| role).collect();
    let pools: Vec<&str> = cluster.pools.iter().map(|pool| pool.name.as_str()).collect();
    let pools_whole = cluster.pools.iter().all(|pool| !pool.name.origin.poisoned && !pool.origin.poisoned);
    root.tables("override", raw::OVERRIDE, |t| {
        let resource = t.required("resource", |i| target(i, &subnets, &pools, pools_whole));
        let pointer = t.required("pointer", pointer);
        let value = t.required("value", |i| i.plain());
        let reason = t.required("reason", values::text);
        let sound = !resource.failed() && !pointer.failed() && !value.failed();
        OverrideSpec {
            resource: resource.or(t.origin, || OverrideTarget::Cluster),
            pointer: pointer.or(t.origin, || Pointer { names: vec!["tags".to_owned()] }),
            value: value.or(t.origin, || Plain::Bool(true)),
            reason: reason.or(t.origin, String::new),
            origin: t.place_if(sound),
        }
    })
}

fn target(item: &Item<'_>, subnets: &[&str], pools: &[&str], pools_whole: bool) -> Option<OverrideTarget> {
    let text = item.words()?;
    if let Some((_, target)) = OverrideTarget::SINGLE.iter().find(|(word, _)| *word == text) {
        return Some(target.clone());
    }
    let ask = |what: &str, name: &str, known: &[&str], whole: bool| {
        if known.contains(&name) {
            return true;
        }
        if whole {
            let listed = known.iter().map(|known| format!("{what}/{known}")).collect::<Vec<_>>();
            let message = format!("`{}` is none of {}", shown(text), listed.join(", "));
            let known = listed.iter().map(String::as_str);
            item.refuse::<()>(&UNKNOWN_REFERENCE, message, "refers to nothing", |f| item.suggest(f, text, known));
        }
        false
    };
    match text.split_once('/') {
        Some(("node-pool", name)) if !name.is_empty() => {
            ask("node-pool", name, pools, pools_whole).then(|| OverrideTarget::NodePool(name.to_owned()))
        }
        Some(("subnet", name)) if !name.is_empty() => {
            ask("subnet", name, subnets, true).then(|| OverrideTarget::Subnet(name.to_owned()))
        }
        _ => {
            let own = [format!("node-pool/{}", pools::SYSTEM), "subnet/nodes".to_owned()];
            let words = OverrideTarget::SINGLE.iter().map(|(word, _)| *word).chain(own.iter().map(String::as_str));
            item.unknown(text, words, "no resource that can be reached into")
        }
    }
}

fn pointer(item: &Item<'_>) -> Option<Pointer> {
    let text = item.words()?;
    match Pointer::parse(text) {
        Ok(pointer) => Some(pointer),
        Err(why) => item.refuse(&BAD_POINTER, format!("`{}` points at no property", shown(text)), why, |_| ()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_read_and_written_back() {
        for text in ["/properties/a", "/properties/a/b~1c/d~0e", "/properties/Network.DNS/ö"] {
            assert_eq!(Pointer::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Pointer::parse("/properties/a~01").unwrap().names, ["a~1"]);
        for text in ["", "properties/a", "/", "/properties", "/properties/", "/tags/a", "/properties/a//b"] {
            assert!(Pointer::parse(text).is_err(), "{text}");
        }
        for text in ["/properties/a/0", "/properties/a/-", "/properties/a~2", "/properties/a~"] {
            assert!(Pointer::parse(text).is_err(), "{text}");
        }
    }
}
