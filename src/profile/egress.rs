//! `[egress]`: groups, own collections, and the packs that are asked for or implied.

use std::collections::BTreeSet;
use std::net::Ipv4Addr;

use super::codes::UNUSED_GROUP;
use super::resolve::Settings;
use super::{Addon, AksEndpoints, EgressSpec, NetworkSpec, Os, Profile, SubnetSpec, raw, registries};
use crate::diag::{At, Findings, Origin, Source, SourceId, Sources};
use crate::rules::codes::{DUPLICATE_NAME, PACK_OF_ANOTHER_CLOUD, PACK_OVERRIDE};
use crate::rules::cursor::{Context, Item, Slot, Table, shown};
use crate::rules::packs::{self, Conditions};
use crate::rules::read::{self, Scope};
use crate::rules::{Action, Collection, Group, Pack, Rule, SourceSpec, Targets, Variables, values};
use crate::value::{Cloud, Fqdn};

/// Reads `[egress]`. The second part is what was found in packs.
pub(super) fn read(root: &Table<'_>, settings: &Settings<'_>, sources: &mut Sources) -> (EgressSpec, Findings) {
    root.table("egress", raw::EGRESS, |t| {
        let subnets = subnet_names(settings.network);
        let groups = groups(t, &subnets);
        let scope = Scope { subnets: &subnets, groups: &groups };
        let api_server_address = raw::api_server_address(t);
        let aks_endpoints = raw::aks_endpoints(t);
        let (entries, packs_whole) = entries(t, scope);
        let off = entries.iter().filter(|entry| !entry.enabled).map(|entry| At::new(entry.pack, entry.origin));
        let packs_off = off.collect();
        let wanted = wanted(entries, t.origin, settings, &api_server_address);
        let mut opener = Opener::new(settings, &aks_endpoints, &api_server_address, sources);
        let mut collections: Vec<Collection> = wanted.into_iter().map(|entry| opener.open(t, entry)).collect();
        let findings = opener.findings;
        let (registries, registries_whole) = registries::read(t, settings);
        collections.extend(registries::collection(&registries, settings));
        collections.extend(t.entries("collections", |name, item| read::collection(name, item, scope)));
        read::unique(t.cx, "collection", collections.iter().map(|c| &c.name));
        let address_whole = !t.has("api-server-address") || api_server_address.iter().any(|a| !a.origin.poisoned);
        let names_whole = packs_whole && address_whole && registries_whole && collections.iter().all(has_its_names);
        (
            EgressSpec {
                ip_groups: t.get("ip-groups", values::flag).or(t.origin, || false),
                collections,
                packs_off,
                groups,
                registries,
                api_server_address,
                aks_endpoints,
                names_whole,
                origin: t.origin,
            },
            findings,
        )
    })
}

/// Whether all rules of a collection, and their names, could be read.
fn has_its_names(collection: &Collection) -> bool {
    !collection.origin.poisoned && collection.rules.iter().all(|rule| !rule.name.origin.poisoned)
}

/// Roles and names of the subnets, as `from` may write them.
pub(super) fn subnet_names(network: &NetworkSpec) -> Vec<String> {
    let each = |(role, subnet): (&str, &SubnetSpec)| [role.to_owned(), subnet.name.value.clone()];
    let mut list: Vec<String> = network.subnets().into_iter().flat_map(each).collect();
    list.sort();
    list.dedup();
    list
}

fn groups(t: &Table<'_>, subnets: &[String]) -> Vec<Group> {
    let list: Vec<Group> = t.entries("groups", read::group);
    read::unique(t.cx, "group", list.iter().map(|g| &g.name));
    for group in &list {
        if subnets.iter().any(|s| s.eq_ignore_ascii_case(&group.name)) {
            let message = format!("group `{}` has the name of a subnet", shown(&group.name));
            t.cx.raise(&DUPLICATE_NAME, group.name.origin, message, "`from` could mean either");
        }
    }
    list
}

/// Reports groups that nothing names. What cannot be read may name them, and a base has groups for several profiles.
pub(super) fn say_unused_groups(cx: &Context<'_>, profile: &Profile) {
    if cx.has_errors() {
        return;
    }
    let rules = || profile.egress.collections.iter().flat_map(|c| &c.rules);
    let listed = rules().filter_map(|rule| match &rule.to {
        Targets::Groups(names) => Some(names.iter().map(|name| name.as_str())),
        Targets::Fqdns(_) | Targets::FqdnTags(_) | Targets::Addresses(_) | Targets::ServiceTags(_) => None,
        Targets::Urls(_) | Targets::Categories(_) => None,
    });
    let own = rules().filter_map(|rule| rule.from.as_ref());
    let packs = profile.egress.collections.iter().filter_map(|c| c.from.as_ref());
    let sources = own.chain(packs).chain(profile.inbound.iter().map(|service| &service.from)).flatten();
    let named = sources.filter_map(|source| match &source.value {
        SourceSpec::Named(name) => Some(name.as_str()),
        SourceSpec::Addresses(_) => None,
    });
    let used: BTreeSet<&str> = listed.flatten().chain(named).collect();
    let here = |group: &&Group| group.origin.at.source == SourceId::FIRST;
    for group in profile.egress.groups.iter().filter(here).filter(|group| !used.contains(group.name.as_str())) {
        let message = format!("no rule names the group `{}`", shown(&group.name));
        cx.raise(&UNUSED_GROUP, group.name.origin, message, "never used");
    }
}

/// One pack, asked for or implied.
struct Wanted {
    pack: &'static Pack,
    priority: Option<At<u32>>,
    from: Option<Vec<At<SourceSpec>>>,
    fqdns: Option<At<Vec<At<Fqdn>>>>,
    enabled: bool,
    /// The entry, or the setting that implies the pack.
    origin: Origin,
}

impl Wanted {
    fn plain(pack: &'static Pack, origin: Origin) -> Self {
        Wanted { pack, priority: None, from: None, fqdns: None, enabled: true, origin }
    }

    /// Whether it asks for the pack and says nothing else.
    fn is_bare(&self) -> bool {
        self.enabled && self.priority.is_none() && self.from.is_none() && self.fqdns.is_none()
    }
}

/// The entries of `packs`, and whether every one could be read.
fn entries(t: &Table<'_>, scope: Scope<'_>) -> (Vec<Wanted>, bool) {
    let slot = t.list("packs", |item| entry(item, scope));
    let whole = !slot.failed();
    let list = slot.read().map_or_else(Vec::new, |list| list.value);
    let mut kept: Vec<Wanted> = Vec::new();
    for At { value: wanted, .. } in list {
        if let Some(first) = kept.iter().find(|k| k.pack.name == wanted.pack.name) {
            let message = format!("pack `{}` is listed twice", wanted.pack.name);
            let mut finding = t.cx.raise(&DUPLICATE_NAME, wanted.origin, message, "same pack again");
            finding.also(first.origin, "first here");
            if wanted.is_bare() {
                finding.drop_entry(wanted.origin.at, first.origin.at);
            }
        } else {
            kept.push(wanted);
        }
    }
    (kept, whole)
}

fn entry(item: &Item<'_>, scope: Scope<'_>) -> Option<Wanted> {
    if !item.is_table() {
        return pack(item).map(|pack| Wanted::plain(pack, item.origin));
    }
    item.table(raw::PACK_ENTRY, |t| {
        let name = t.required("name", pack);
        let from = t.list_some("from", |i| scope.source(i));
        let wanted = Wanted {
            priority: t.get("priority", values::priority).read(),
            from: from.is_written().then(|| from.list()),
            fqdns: t.list_some("fqdns", values::fqdn).read(),
            enabled: t.get("enabled", values::flag).or(t.origin, || true).value,
            ..Wanted::plain(name.read()?.value, t.origin)
        };
        Some(wanted)
    })
}

fn pack(item: &Item<'_>) -> Option<&'static Pack> {
    let name = item.words()?;
    match packs::find(name) {
        Some(pack) => Some(pack),
        None => item.unknown(name, packs::names(), "no such pack"),
    }
}

/// The entries, and what the settings imply besides; without what is switched off.
fn wanted(entries: Vec<Wanted>, egress: Origin, settings: &Settings<'_>, api_server: &[At<Ipv4Addr>]) -> Vec<Wanted> {
    let cloud = settings.cloud;
    // Konnectivity is documented for the public cloud.
    let through = settings.cluster.api_server.through_firewall();
    let tunnel = (**cloud != Cloud::Public && through).then_some(cloud.origin);
    let pools = &settings.cluster.pools;
    let addon =
        |addon: Addon| (addon.pack(), settings.cluster.addons.iter().find(|a| a.value == addon).map(|a| a.origin));
    let fixed = [
        ("windows", pools.iter().find(|p| *p.os == Os::Windows).map(|p| p.os.origin)),
        ("gpu", pools.iter().find(|p| *p.gpu).map(|p| p.gpu.origin)),
        ("api-server", api_server.first().map(|a| a.origin)),
        ("api-tunnel", tunnel),
    ];
    let implied = std::iter::once(("aks", Some(egress))).chain(Addon::ALL.map(addon)).chain(fixed);
    let mut list: Vec<Wanted> = Vec::new();
    for (name, origin) in implied {
        let (Some(origin), Some(pack)) = (origin, packs::find(name)) else { continue };
        if !entries.iter().any(|e| e.pack.name == name) {
            list.push(Wanted::plain(pack, origin));
        }
    }
    list.extend(entries);
    list.retain(|w| w.enabled);
    list
}

/// Opens packs for one profile.
struct Opener<'a> {
    variables: Variables,
    conditions: Conditions,
    cloud: At<Cloud>,
    /// The add-on about which a check says why it has no endpoints.
    explained: Option<Origin>,
    /// Words in packs that stand for something that could not be read.
    doubtful: Vec<&'static str>,
    sources: &'a mut Sources,
    findings: Findings,
}

impl<'a> Opener<'a> {
    fn new(
        settings: &Settings<'_>,
        endpoints: &AksEndpoints,
        api_server: &[At<Ipv4Addr>],
        sources: &'a mut Sources,
    ) -> Self {
        let variables = Variables {
            region: settings.region.value.clone(),
            // The firewall takes the programmatic name in a service tag.
            tag_region: settings.region.value.clone(),
            dns_servers: settings.network.dns_servers.iter().map(|s| s.value).collect(),
            api_server: api_server.iter().map(|a| a.value).collect(),
        };
        let conditions = Conditions {
            cloud: **settings.cloud,
            aks_tag: matches!(endpoints, AksEndpoints::Tag | AksEndpoints::Both),
            aks_list: matches!(endpoints, AksEndpoints::List | AksEndpoints::Both),
            dns_proxy: *settings.firewall.dns_proxy,
            api_server: !api_server.is_empty(),
            through_firewall: settings.cluster.api_server.through_firewall(),
        };
        let words = [
            ("${dns-servers}", settings.network.dns_servers_whole),
            ("dns-proxy", !settings.firewall.dns_proxy.origin.poisoned),
        ];
        let doubtful = words.into_iter().filter(|(_, known)| !known).map(|(word, _)| word).collect();
        let defender = settings.cluster.addons.iter().find(|addon| addon.value == Addon::Defender);
        let (cloud, explained) = (settings.cloud.clone(), defender.map(|addon| addon.origin));
        Opener { variables, conditions, cloud, explained, doubtful, sources, findings: Findings::default() }
    }

    fn open(&mut self, t: &Table<'_>, wanted: Wanted) -> Collection {
        let pack = wanted.pack;
        let source = self.source(pack);
        let opened = packs::open(pack, source, wanted.origin.at, &self.variables, self.conditions);
        let sound = opened.findings.is_empty() && self.explained != Some(wanted.origin);
        self.findings.extend(opened.findings);
        if opened.rules.is_empty() && sound {
            let message = format!("pack `{}` has no endpoints in {}", pack.name, self.cloud.title());
            let mut finding = t.cx.raise(&PACK_OF_ANOTHER_CLOUD, wanted.origin, message, "opens nothing");
            finding.also(self.cloud.origin, "the cloud");
        }
        let doubt = |origin: Origin| Origin { poisoned: origin.poisoned || wanted.origin.poisoned, ..origin };
        let mut collection = Collection {
            name: At::new(pack.name.to_owned(), doubt(opened.origin)),
            priority: wanted.priority.unwrap_or_else(|| At::new(pack.priority, doubt(opened.origin))),
            action: At::new(Action::Allow, opened.origin),
            rules: opened.rules.into_iter().map(|rule| self.doubted(pack, rule)).collect(),
            from: wanted.from,
            pack: Some(pack),
            origin: doubt(opened.origin),
        };
        if let Some(fqdns) = wanted.fqdns {
            replace_names(t, &mut collection, fqdns);
        }
        collection
    }

    /// A rule of a pack, about which nothing is said when it depends on what could not be read.
    fn doubted(&self, pack: &Pack, rule: Rule) -> Rule {
        let in_doubt = self.doubtful.iter().any(|word| pack.text.contains(word));
        if in_doubt { Rule { origin: rule.origin.poison(), ..rule } } else { rule }
    }

    fn source(&mut self, pack: &'static Pack) -> SourceId {
        self.sources.add(Source { name: format!("pack {}", pack.name), text: pack.text.into(), built_in: true })
    }
}

/// Replaces the names of a pack that has exactly one list of them.
fn replace_names(t: &Table<'_>, collection: &mut Collection, fqdns: At<Vec<At<Fqdn>>>) {
    if let [rule] = collection.rules.as_mut_slice()
        && let Targets::Fqdns(list) = &mut rule.to
    {
        *list = Slot::Read(fqdns).list();
        return;
    }
    let message = format!("pack `{}` has no single list of names that `fqdns` could replace", *collection.name);
    t.cx.raise(&PACK_OVERRIDE, fqdns.origin, message, "would replace nothing or too much");
}
