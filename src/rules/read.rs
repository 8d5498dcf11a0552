//! Reads rules, collections and groups: the grammar that profiles and packs share.

use std::fmt::Display;

use super::codes::{
    DUPLICATE_NAME, MISSING_KEY, MIXED_COLLECTION, MIXED_GROUP, MIXED_PORTS, NO_TARGET, PORTS_DO_NOT_FIT,
    SERVICE_TAG_AS_SOURCE, TWO_TARGETS, UNKNOWN_REFERENCE, UNSORTED_ENTRIES,
};
use super::cursor::{Context, Item, Slot, Table, quoted, shown};
use super::{Action, Collection, Group, GroupMembers, Life, PortSpec, Rule, SourceSpec, Targets, values};
use crate::diag::{At, Origin, Span};
use crate::tables::tags;
use crate::value::{Addresses, AppProtocol, Date, Fqdn, IpProtocol, Ports};

/// Keys of a rule.
pub(crate) const RULE: &[&str] = &[
    "name",
    "fqdns",
    "fqdn-tags",
    "addresses",
    "service-tags",
    "groups",
    "urls",
    "web-categories",
    "ports",
    "from",
    "why",
    "owner",
    "ticket",
    "expires",
    "enabled",
    "inspect-tls",
];

/// Keys of a collection.
pub(crate) const COLLECTION: &[&str] = &["priority", "action", "rules"];

/// The keys of which a rule has exactly one.
const TARGETS: [&str; 7] = ["fqdns", "fqdn-tags", "addresses", "service-tags", "groups", "urls", "web-categories"];

/// Names that a rule may refer to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scope<'a> {
    /// Roles and names of the subnets.
    pub(crate) subnets: &'a [String],
    /// Groups of `egress.groups`.
    pub(crate) groups: &'a [Group],
}

impl<'a> Scope<'a> {
    fn group(&self, name: &str) -> Option<&'a Group> {
        self.groups.iter().find(|g| *g.name == name)
    }

    fn has_subnet(&self, name: &str) -> bool {
        self.subnets.iter().any(|s| s.eq_ignore_ascii_case(name))
    }

    /// Looks up the entries of a `from`; reports names that mean nothing.
    pub(crate) fn source(&self, item: &Item<'_>) -> Option<SourceSpec> {
        let source = values::source(item)?;
        let SourceSpec::Named(name) = &source else { return Some(source) };
        if self.has_subnet(name) {
            return Some(source);
        }
        match self.group(name) {
            Some(group) if group.origin.poisoned => Some(source),
            Some(Group { members: GroupMembers::Addresses(_), .. }) => Some(source),
            Some(Group { members: GroupMembers::Fqdns(_), .. }) => {
                let message = format!("`{}` is a group of names, and sources are addresses", shown(name));
                item.refuse(&UNKNOWN_REFERENCE, message, "holds names", |_| ())
            }
            None => self.unknown_source(item, name),
        }
    }

    fn unknown_source<T>(&self, item: &Item<'_>, name: &str) -> Option<T> {
        if tags::take_apart(name).tag.is_some() {
            let message = format!("`{}` is a service tag, and those are destinations only", shown(name));
            return item.refuse(&SERVICE_TAG_AS_SOURCE, message, "no source", |_| ());
        }
        let groups = self.groups.iter().filter(|g| matches!(g.members, GroupMembers::Addresses(_)));
        let known = self.subnets.iter().map(String::as_str).chain(groups.map(|g| g.name.as_str()));
        let message = format!("`{}` is no subnet and no group of addresses", shown(name));
        item.refuse(&UNKNOWN_REFERENCE, message, "refers to nothing", |f| item.suggest(f, name, known))
    }

    fn known_group(&self, item: &Item<'_>) -> Option<String> {
        let name = item.words()?;
        if self.group(name).is_some() {
            return Some(name.to_owned());
        }
        let known = self.groups.iter().map(|g| g.name.as_str());
        let message = format!("`{}` is no group of `egress.groups`", shown(name));
        item.refuse(&UNKNOWN_REFERENCE, message, "refers to nothing", |f| item.suggest(f, name, known))
    }
}

/// Reports names that occur twice, ignoring case.
pub(crate) fn unique<'n>(cx: &Context<'_>, what: &str, names: impl IntoIterator<Item = &'n At<String>>) {
    let mut seen: std::collections::BTreeMap<String, Origin> = std::collections::BTreeMap::new();
    for name in names {
        if let Some(first) = seen.get(&name.to_lowercase()) {
            let message = format!("{what} `{}` exists twice", shown(name));
            cx.raise(&DUPLICATE_NAME, name.origin, message, "same name again").also(*first, "first here");
        } else {
            seen.insert(name.to_lowercase(), name.origin);
        }
    }
}

/// One group of `egress.groups`; poisoned when not all of it could be read.
pub(crate) fn group(name: At<String>, item: &Item<'_>) -> Group {
    let (mut first_address, mut first_name) = (None, None);
    let list = item.some(|entry| {
        let text = entry.words()?;
        if values::starts_like_an_address(text) {
            first_address.get_or_insert(entry.origin);
            values::addresses(entry).map(Member::Address)
        } else {
            first_name.get_or_insert(entry.origin);
            values::fqdn(entry).map(Member::Name)
        }
    });
    if let (Some(address), Some(host)) = (first_address, first_name) {
        let message = format!("group `{}` mixes addresses and names", shown(&name));
        item.cx.raise(&MIXED_GROUP, host, message, "a name").also(address, "an address");
    }
    let mixed = first_address.is_some() && first_name.is_some();
    let sound = !mixed && list.as_ref().is_some_and(|l| !l.origin.poisoned);
    let members = list.map_or_else(Vec::new, |l| l.value);
    let members = match first_name {
        None => {
            let list: Vec<_> = members.into_iter().filter_map(Member::address).collect();
            sorted(item.cx, &list, |addresses| addresses.bounds());
            GroupMembers::Addresses(list)
        }
        Some(_) => {
            let list: Vec<_> = members.into_iter().filter_map(Member::fqdn).collect();
            sorted(item.cx, &list, ToString::to_string);
            GroupMembers::Fqdns(list)
        }
    };
    let origin = if sound { name.origin } else { name.origin.poison() };
    Group { name, members, origin }
}

/// One entry of a group.
enum Member {
    Address(Addresses),
    Name(Fqdn),
}

impl Member {
    fn address(at: At<Self>) -> Option<At<Addresses>> {
        match at.value {
            Member::Address(address) => Some(At::new(address, at.origin)),
            Member::Name(_) => None,
        }
    }

    fn fqdn(at: At<Self>) -> Option<At<Fqdn>> {
        match at.value {
            Member::Name(name) => Some(At::new(name, at.origin)),
            Member::Address(_) => None,
        }
    }
}

/// Tags without regard to case.
fn folded(tag: &str) -> String {
    tag.to_ascii_lowercase()
}

/// Reports the entries of one list that are not in the order of their keys. Those of packs stand as a test wants them.
fn sorted<T: Display, K: Ord>(cx: &Context<'_>, list: &[At<T>], key: impl Fn(&T) -> K) {
    if list.iter().any(|entry| entry.origin.via.is_some()) {
        return;
    }
    let Some([before, odd]) = list.windows(2).find_map(|pair| match pair {
        [a, b] if key(a) > key(b) => Some([a, b]),
        _ => None,
    }) else {
        return;
    };
    let mut sorted: Vec<&At<T>> = list.iter().collect();
    sorted.sort_by_key(|entry| key(entry));
    let places = |list: &mut dyn Iterator<Item = &At<T>>| list.map(|entry| entry.origin.at).collect::<Vec<Span>>();
    let message = format!("`{}` stands behind `{}`", shown(&odd.to_string()), shown(&before.to_string()));
    cx.raise(&UNSORTED_ENTRIES, odd.origin, message, "out of order")
        .sort_entries(&places(&mut list.iter()), &places(&mut sorted.into_iter()));
}

/// One collection of `egress.collections`.
pub(crate) fn collection(name: At<String>, item: &Item<'_>, scope: Scope<'_>) -> Collection {
    item.table(COLLECTION, |t| {
        let priority = t.required("priority", values::priority).or(t.origin, || 0);
        let action = t.get("action", |i| i.one_of(ACTIONS)).or(t.origin, || Action::Allow);
        let (rules, whole) = rules(t, RULE, scope, |_| true);
        if rules.is_empty() && whole && !t.has_unknown() && !t.origin.poisoned {
            let message = format!("collection `{}` has no rules", shown(&name));
            t.cx.raise(&MISSING_KEY, t.origin, message, "`[[egress.collections.….rules]]` belongs below");
        }
        one_kind(t.cx, &name, &rules);
        // What a rule means, nobody knows who cannot read whether it allows or denies.
        let doubt =
            |rule: Rule| if action.origin.poisoned { Rule { origin: rule.origin.poison(), ..rule } } else { rule };
        let rules = rules.into_iter().map(doubt).collect();
        let origin = t.place_if(whole);
        Collection { name, priority, action, rules, from: None, pack: None, origin }
    })
}

/// The words of `action` and `verdict`.
pub(crate) const ACTIONS: &[(&str, Action)] = &[("allow", Action::Allow), ("deny", Action::Deny)];

/// The `rules` of a table for which `wanted` holds, and whether every one could be read.
pub(crate) fn rules(
    t: &Table<'_>,
    keys: &'static [&'static str],
    scope: Scope<'_>,
    mut wanted: impl FnMut(&Table<'_>) -> bool,
) -> (Vec<Rule>, bool) {
    let mut whole = t.has_tables("rules");
    let read = t.tables("rules", keys, |t| {
        if !wanted(t) {
            return None;
        }
        let rule = rule(t, scope);
        whole &= rule.is_some();
        rule
    });
    let rules: Vec<Rule> = read.into_iter().flatten().collect();
    unique(t.cx, "rule", rules.iter().map(|r| &r.name));
    (rules, whole)
}

/// What decides where a rule is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Application,
    Network,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Kind::Application => "application",
            Kind::Network => "network",
        }
    }
}

fn kind_of(ports: &[At<PortSpec>]) -> Option<Kind> {
    ports.first().map(|p| match p.value {
        PortSpec::App(..) => Kind::Application,
        PortSpec::Ip(..) => Kind::Network,
    })
}

fn one_kind(cx: &Context<'_>, name: &str, rules: &[Rule]) {
    let mut kinds = rules.iter().filter(|r| !r.origin.poisoned).filter_map(|r| kind_of(&r.ports).map(|k| (k, r)));
    let Some((first, rule)) = kinds.next() else { return };
    let Some((other, odd)) = kinds.find(|(kind, _)| *kind != first) else { return };
    let message = format!("collection `{}` holds {} and {} rules", shown(name), first.word(), other.word());
    cx.raise(&MIXED_COLLECTION, odd.origin, message, format!("this is a rule of kind {}", other.word()))
        .also(rule.origin, format!("this is a rule of kind {}", first.word()))
        .help(format!(
            "move the {} rules into a collection of their own, such as `[egress.collections.{}-{}]`, with its own priority",
            other.word(),
            shown(name),
            other.word()
        ));
}

fn rule(t: &Table<'_>, scope: Scope<'_>) -> Option<Rule> {
    let name = t.required("name", values::text);
    let from = t.list_some("from", |i| scope.source(i));
    let (why, owner, ticket) =
        (t.get("why", values::text), t.get("owner", values::text), t.get("ticket", values::text));
    let expires: Slot<Date> = t.get("expires", values::date);
    let enabled = t.get("enabled", values::flag).or(t.origin, || true);
    let inspect_tls = t.get("inspect-tls", values::flag).or(t.origin, || false);
    let ports = t.list_some("ports", values::port);
    let (to, whole) = targets(t, scope)?;
    let origin = t.place_if(whole && !from.failed() && !ports.failed());
    let ports = fitting(t, &to, ports, scope)?;
    Some(Rule {
        name: name.or(t.origin, || "rule".to_owned()),
        from: from.is_written().then(|| from.list()),
        // A URL lies inside TLS: to see it is to look inside.
        inspect_tls: *inspect_tls || matches!(&to, Targets::Urls(_)) && takes_https(&ports),
        life: Life { why: why.read(), owner: owner.read(), ticket: ticket.read(), expires: expires.read() },
        to,
        ports,
        enabled: *enabled,
        origin,
    })
}

fn takes_https(ports: &[At<PortSpec>]) -> bool {
    ports.iter().any(|port| matches!(port.value, PortSpec::App(AppProtocol::Https, _)))
}

/// What the rule names, and whether all of it could be read.
fn targets(t: &Table<'_>, scope: Scope<'_>) -> Option<(Targets, bool)> {
    let mut written = TARGETS.into_iter().filter(|key| t.has(key));
    let Some(key) = written.next() else {
        if !t.has_unknown() && !t.origin.poisoned {
            t.cx.raise(&NO_TARGET, t.origin, "this rule names nothing", "no destination");
        }
        return None;
    };
    if let Some(other) = written.next() {
        if let (Some(first), Some(second)) = (t.place(key), t.place(other)) {
            let message = format!("this rule has both `{key}` and `{other}`");
            t.cx.raise(&TWO_TARGETS, second, message, "a second kind").also(first, "the first kind");
        }
        return None;
    }
    Some(match key {
        "fqdns" => whole(t.list_some(key, values::fqdn), |l| sorted(t.cx, l, ToString::to_string), Targets::Fqdns),
        "fqdn-tags" => whole(t.list_some(key, values::text), |l| sorted(t.cx, l, |tag| folded(tag)), Targets::FqdnTags),
        "addresses" => {
            whole(t.list_some(key, values::addresses), |l| sorted(t.cx, l, |a| a.bounds()), Targets::Addresses)
        }
        "service-tags" => {
            whole(t.list_some(key, values::text), |l| sorted(t.cx, l, |tag| folded(tag)), Targets::ServiceTags)
        }
        "urls" => whole(t.list_some(key, values::url), |l| sorted(t.cx, l, ToString::to_string), Targets::Urls),
        "web-categories" => {
            whole(t.list_some(key, values::text), |l| sorted(t.cx, l, |name| folded(name)), Targets::Categories)
        }
        _ => group_targets(t, scope),
    })
}

/// Groups are looked up, and a rule is as doubtful as they are.
fn group_targets(t: &Table<'_>, scope: Scope<'_>) -> (Targets, bool) {
    let (to, sound) = whole(t.list_some("groups", |i| scope.known_group(i)), |_| (), Targets::Groups);
    let doubtful = |n: &At<String>| scope.group(n).is_some_and(|g| g.origin.poisoned);
    let sound = sound && !matches!(&to, Targets::Groups(names) if names.iter().any(doubtful));
    (to, sound)
}

fn whole<T>(slot: Slot<Vec<At<T>>>, look: impl FnOnce(&[At<T>]), make: fn(Vec<At<T>>) -> Targets) -> (Targets, bool) {
    let sound = !slot.failed();
    let list = slot.list();
    look(&list);
    (make(list), sound)
}

/// Which ports a target takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Takes {
    /// Names: either kind, `https:443` by default.
    Either,
    /// FQDN tags, URLs and categories: application ports, with a default.
    Application,
    /// Addresses and service tags: network ports, which must be written.
    Network,
    /// It could not be read.
    Unclear,
}

fn takes(to: &Targets, scope: Scope<'_>) -> Takes {
    match to {
        Targets::Fqdns(_) => Takes::Either,
        Targets::FqdnTags(_) | Targets::Urls(_) | Targets::Categories(_) => Takes::Application,
        Targets::Addresses(_) | Targets::ServiceTags(_) => Takes::Network,
        Targets::Groups(names) => match names.iter().find_map(|n| scope.group(n)) {
            Some(group) if group.origin.poisoned => Takes::Unclear,
            Some(Group { members: GroupMembers::Fqdns(_), .. }) => Takes::Either,
            Some(Group { members: GroupMembers::Addresses(_), .. }) => Takes::Network,
            None => Takes::Unclear,
        },
    }
}

/// The ports of a rule, checked against what it names.
fn fitting(t: &Table<'_>, to: &Targets, ports: Slot<Vec<At<PortSpec>>>, scope: Scope<'_>) -> Option<Vec<At<PortSpec>>> {
    let takes = takes(to, scope);
    if !one_kind_of_groups(t, to, scope) {
        return None;
    }
    if !ports.is_written() {
        return default_ports(t, to, takes);
    }
    let ports = ports.list();
    let first = kind_of(&ports)?;
    if let Some(odd) = ports.iter().find(|p| kind_of(std::slice::from_ref(p)) != Some(first)) {
        let message = "this rule mixes ports of application rules with ports of network rules";
        t.cx.raise(&MIXED_PORTS, odd.origin, message, "the other kind").also(ports[0].origin, "the first kind");
        return None;
    }
    let wanted = match takes {
        Takes::Either | Takes::Unclear => first,
        Takes::Application => Kind::Application,
        Takes::Network => Kind::Network,
    };
    if wanted == first {
        return Some(ports);
    }
    for port in &ports {
        misfit(t.cx, to, port);
    }
    None
}

/// Groups of one rule are all of one kind.
fn one_kind_of_groups(t: &Table<'_>, to: &Targets, scope: Scope<'_>) -> bool {
    let Targets::Groups(names) = to else { return true };
    let sound = |n: &At<String>| scope.group(n).filter(|g| !g.origin.poisoned);
    let is_names = |n: &At<String>| sound(n).map(|g| matches!(g.members, GroupMembers::Fqdns(_)));
    let Some(first) = names.iter().find(|n| is_names(n) == Some(true)) else { return true };
    let Some(other) = names.iter().find(|n| is_names(n) == Some(false)) else { return true };
    let message = format!("`{}` holds names and `{}` holds addresses", shown(first), shown(other));
    t.cx.raise(&TWO_TARGETS, other.origin, message, "holds addresses").also(first.origin, "holds names");
    false
}

fn default_ports(t: &Table<'_>, to: &Targets, takes: Takes) -> Option<Vec<At<PortSpec>>> {
    let https = At::new(PortSpec::App(AppProtocol::Https, 443), t.origin);
    match takes {
        Takes::Unclear => Some(Vec::new()),
        Takes::Either => Some(vec![https]),
        Takes::Application => {
            let aks =
                matches!(to, Targets::FqdnTags(tags) if tags.iter().any(|tag| tag.value == "AzureKubernetesService"));
            let http = aks.then(|| At::new(PortSpec::App(AppProtocol::Http, 80), t.origin));
            Some(http.into_iter().chain([https]).collect())
        }
        Takes::Network => {
            let message = format!("`ports` is missing: {} have no default", words(to));
            t.cx.raise(&MISSING_KEY, t.origin, message, "`ports` belongs here")
                .help("write ports such as [\"tcp:443\"]");
            None
        }
    }
}

fn misfit(cx: &Context<'_>, to: &Targets, port: &At<PortSpec>) {
    let (message, label, repair) = match port.value {
        PortSpec::App(protocol, number) => (
            format!("`{}:{number}` does not fit a rule of {}", protocol.word(), words(to)),
            "looks for a name in the traffic",
            Some(format!("tcp:{number}")),
        ),
        PortSpec::Ip(protocol, ports) => (
            format!("`{}:{ports}` does not fit a rule of {}", protocol.word(), words(to)),
            "looks at addresses only",
            match (protocol, ports) {
                (IpProtocol::Tcp, Ports { first: 443, last: 443 }) => Some("https:443".to_owned()),
                (IpProtocol::Tcp, Ports { first: 80, last: 80 }) => Some("http:80".to_owned()),
                _ => None,
            },
        ),
    };
    let mut finding = cx.raise(&PORTS_DO_NOT_FIT, port.origin, message, label);
    if let Some(repair) = repair {
        finding.help(format!("write \"{repair}\"")).edit(port.origin.at, quoted(&repair));
    }
}

fn words(to: &Targets) -> &'static str {
    match to {
        Targets::Fqdns(_) => "names",
        Targets::FqdnTags(_) => "FQDN tags",
        Targets::Urls(_) => "URLs",
        Targets::Categories(_) => "web categories",
        Targets::Addresses(_) => "addresses",
        Targets::ServiceTags(_) => "service tags",
        Targets::Groups(_) => "groups of addresses",
    }
}
