//! `[[egress.registries]]`: container registries of one's own in Azure, and the rules that let images come from them.

use super::codes::CONFLICTING_KEYS;
use super::resolve::{Settings, following};
use super::texts;
use crate::diag::{At, Origin};
use crate::rules::cursor::{Slot, Table};
use crate::rules::{Action, Collection, Life, PortSpec, Rule, Targets, read};
use crate::tables::registries::of_cloud;
use crate::value::{AppProtocol, Fqdn};

/// Keys of one registry.
pub(super) const KEYS: &[&str] = &["name", "endpoints", "regions"];

/// Name of the collection with their rules.
const COLLECTION: &str = "registries";

/// Its priority, after those of the packs.
const PRIORITY: u32 = 250;

/// One registry.
#[derive(Debug, Clone)]
pub struct RegistrySpec {
    /// Its name: the first label of its host.
    pub name: At<String>,
    /// How layers of images are fetched.
    pub endpoints: At<Endpoints>,
    /// Regions with a data endpoint; none unless those are dedicated.
    pub regions: Vec<At<String>>,
    /// Its host.
    pub host: String,
    /// Its header.
    pub origin: Origin,
}

/// How a registry hands out the layers of images (F1.8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Endpoints {
    /// From a host of its own in every region; needs the registry's tier Premium.
    Dedicated,
    /// From storage accounts whose names Azure chooses.
    Shared,
    /// Over a private endpoint, past the firewall.
    PrivateLink,
}

impl Endpoints {
    /// Every value, the default first.
    pub const ALL: [Endpoints; 3] = [Endpoints::Dedicated, Endpoints::Shared, Endpoints::PrivateLink];

    /// The spelling in a profile.
    pub fn word(self) -> &'static str {
        match self {
            Endpoints::Dedicated => "dedicated",
            Endpoints::Shared => "shared",
            Endpoints::PrivateLink => "private-link",
        }
    }
}

/// The registries as written, and whether every one of them could be read.
pub(super) fn read(t: &Table<'_>, settings: &Settings<'_>) -> (Vec<RegistrySpec>, bool) {
    let list: Vec<Option<RegistrySpec>> = t.tables("registries", KEYS, |t| registry(t, settings));
    let whole = list.iter().all(Option::is_some);
    let list: Vec<RegistrySpec> = list.into_iter().flatten().collect();
    read::unique(t.cx, "registry", list.iter().map(|registry| &registry.name));
    (list, whole)
}

fn registry(t: &Table<'_>, settings: &Settings<'_>) -> Option<RegistrySpec> {
    let name = t.required("name", texts::registry_name);
    let endpoints = t.get("endpoints", |i| i.one_of(&Endpoints::ALL.map(|v| (v.word(), v))));
    let endpoints = endpoints.or(t.origin, || Endpoints::Dedicated);
    let regions = regions(t, settings, &endpoints);
    let name = name.read()?;
    let host = format!("{}.{}", *name, of_cloud(**settings.cloud).suffix);
    Some(RegistrySpec { name, endpoints, regions, host, origin: t.origin })
}

/// Only dedicated endpoints tell their regions; the registry's own is that of the profile unless written.
fn regions(t: &Table<'_>, settings: &Settings<'_>, endpoints: &At<Endpoints>) -> Vec<At<String>> {
    let slot = t.list_some("regions", texts::region);
    let none_because = match endpoints.value {
        Endpoints::Dedicated => {
            let usual = || At::new(settings.region.value.clone(), following(t.origin, settings.region.origin));
            return if slot.is_written() { slot.list() } else { vec![usual()] };
        }
        Endpoints::Shared => "storage accounts have names that tell no region",
        Endpoints::PrivateLink => "a private endpoint needs no rule for a region",
    };
    if let Slot::Read(written) = slot {
        let message = format!("`regions` is set for endpoints that are {}", endpoints.word());
        t.cx.raise(&CONFLICTING_KEYS, written.origin, message, none_because)
            .also(endpoints.origin, "how layers are fetched")
            .help("remove `regions`, or write `endpoints = \"dedicated\"`");
    }
    Vec::new()
}

/// The collection that lets images come from them; none when all of them are reached past the firewall.
pub(super) fn collection(list: &[RegistrySpec], settings: &Settings<'_>) -> Option<Collection> {
    let rules: Vec<Rule> = list.iter().filter_map(|registry| rule(registry, settings)).collect();
    let origin = rules.first()?.origin;
    Some(Collection {
        name: At::new(COLLECTION.to_owned(), origin),
        priority: At::new(PRIORITY, origin),
        action: At::new(Action::Allow, origin),
        rules,
        from: None,
        pack: None,
        origin,
    })
}

fn rule(registry: &RegistrySpec, settings: &Settings<'_>) -> Option<Rule> {
    let RegistrySpec { name, endpoints, regions, host, origin } = registry;
    let place = of_cloud(**settings.cloud);
    let host_of = |text: String| Fqdn::Host(text);
    // Sign-in and manifests, and the certificates of TLS.
    let mut fqdns = vec![name.with(host_of(host.clone())), name.with(host_of(place.suffix.to_owned()))];
    match endpoints.value {
        Endpoints::Dedicated => fqdns.extend(
            regions.iter().map(|region| region.with(host_of(format!("{}.{}.data.{}", **name, **region, place.suffix)))),
        ),
        Endpoints::Shared => fqdns.push(endpoints.with(Fqdn::SubdomainsOf(place.storage.to_owned()))),
        Endpoints::PrivateLink => return None,
    }
    Some(Rule {
        name: name.clone(),
        to: Targets::Fqdns(fqdns),
        ports: vec![At::new(PortSpec::App(AppProtocol::Https, 443), *origin)],
        from: None,
        inspect_tls: false,
        life: Life { why: Some(At::new("Images of the own registry".to_owned(), *origin)), ..Life::default() },
        enabled: true,
        origin: *origin,
    })
}
