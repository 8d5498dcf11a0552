//! Values of a profile that have a form of their own: names, regions, versions, surges, destinations of expectations.

use std::net::Ipv4Addr;

use super::codes::{BAD_DESTINATION, BAD_NAME, BAD_SURGE, BAD_VALUE, FIXED_NAME};
use super::{Endpoint, IdentityKind, LogCategories, PrivateRange, Surge};
use crate::rules::codes::{HOST_NOT_BARE, UNKNOWN_VALUE};
use crate::rules::cursor::{Item, quoted, shown};
use crate::rules::values;
use crate::tables::endpoints::SERVICE_ENDPOINTS;
use crate::tables::{limits, regions};
use crate::value::{Cidr, Fqdn, IpProtocol};

pub(super) const IDENTITIES: &[(&str, IdentityKind)] =
    &[("managed", IdentityKind::Managed), ("service-principal", IdentityKind::ServicePrincipal)];

pub(super) const CATEGORIES: &[(&str, LogCategories)] =
    &[("structured", LogCategories::Structured), ("legacy", LogCategories::Legacy), ("both", LogCategories::Both)];

/// The version of this language.
pub(super) fn format(item: &Item<'_>) -> Option<()> {
    let number = item.integer()?;
    if number == 1 {
        return Some(());
    }
    let message = format!("format {number} is not one that this version reads");
    item.refuse(&UNKNOWN_VALUE, message, "only format 1 is known", |f| {
        f.help("write 1, or use the version of aks-egress that the profile was written for");
    })
}

/// Longest name of a profile: with the longest ending that is put behind it, every resource name stays within its limit.
const LONGEST_NAME: usize = 40;

/// Why a text cannot be the name of a profile.
pub(super) fn name_fault(text: &str) -> Option<&'static str> {
    let ends = |c: char| c.is_ascii_alphanumeric();
    let reserved = ["con", "prn", "aux", "nul"];
    let device = |t: &str| matches!(t.as_bytes(), [b'c', b'o', b'm', b'1'..=b'9'] | [b'l', b'p', b't', b'1'..=b'9']);
    let lower = text.to_ascii_lowercase();
    if text.is_empty() || text.len() > LONGEST_NAME {
        Some("a name has 1 to 40 characters")
    } else if !text.chars().all(|c| ends(c) || c == '-') {
        Some("a name has letters, digits and hyphens only")
    } else if !text.starts_with(ends) || !text.ends_with(ends) {
        Some("a name starts and ends with a letter or digit")
    } else if reserved.contains(&lower.as_str()) || device(&lower) {
        Some("some systems cannot hold a folder of this name")
    } else {
        None
    }
}

/// The name of a profile: safe as a folder and as the beginning of resource names.
pub(super) fn profile_name(item: &Item<'_>) -> Option<String> {
    let text = item.words()?;
    match name_fault(text) {
        None => Some(text.to_owned()),
        Some(why) => item.refuse(&BAD_NAME, format!("`{}` cannot be the name of a profile", shown(text)), why, |_| ()),
    }
}

/// A region in Azure's programmatic form; display names are folded as ARM does.
pub(super) fn region(item: &Item<'_>) -> Option<String> {
    let text = item.words()?;
    let folded: String = text.chars().filter(|c| *c != ' ').collect::<String>().to_ascii_lowercase();
    let plain = folded.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if plain && (2..=40).contains(&folded.len()) {
        return Some(folded);
    }
    let message = format!("`{}` cannot be the name of a region", shown(text));
    item.refuse(&BAD_VALUE, message, "letters and digits such as westeurope stand here", |f| {
        let bare: String = folded.chars().filter(char::is_ascii_alphanumeric).collect();
        if regions::find(&bare).is_some() {
            f.help(format!("write `{bare}`")).edit(item.origin.at, quoted(&bare));
        }
    })
}

/// The name of the firewall's subnet cannot be chosen.
pub(super) fn fixed_name(item: &Item<'_>, name: &str) -> Option<String> {
    item.refuse(&FIXED_NAME, "this subnet of the firewall has a fixed name", format!("always `{name}`"), |_| ())
}

/// ID of a secret in a key vault, with or without its version.
pub(super) fn secret_id(item: &Item<'_>) -> Option<String> {
    let text = item.words()?;
    let word = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let parts: Option<Vec<&str>> =
        text.strip_prefix("https://").map(|rest| rest.trim_end_matches('/').split('/').collect());
    let sound = match parts.as_deref() {
        Some([host, "secrets", name] | [host, "secrets", name, _]) => {
            let vault = VAULTS.iter().find_map(|suffix| host.strip_suffix(suffix));
            vault.is_some_and(word) && word(name) && parts.iter().flatten().skip(3).all(|version| word(version))
        }
        _ => false,
    };
    if sound {
        return Some(text.to_owned());
    }
    let message = format!("`{}` is no ID of a secret", shown(text));
    item.refuse(&BAD_VALUE, message, "such as https://contoso.vault.azure.net/secrets/firewall-ca", |_| ())
}

/// What names of key vaults end with, by cloud.
const VAULTS: [&str; 3] = [".vault.azure.net", ".vault.usgovcloudapi.net", ".vault.azure.cn"];

/// ID of a user-assigned identity.
pub(super) fn identity_id(item: &Item<'_>) -> Option<String> {
    let text = item.words()?;
    let fits = |part: &str, wanted: &str| wanted.is_empty() && !part.is_empty() || part.eq_ignore_ascii_case(wanted);
    let form = [
        "subscriptions",
        "",
        "resourceGroups",
        "",
        "providers",
        "Microsoft.ManagedIdentity",
        "userAssignedIdentities",
        "",
    ];
    let parts: Vec<&str> = text.strip_prefix('/').map(|rest| rest.split('/').collect()).unwrap_or_default();
    let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"/-_.()".contains(&b));
    if plain && parts.len() == form.len() && parts.iter().zip(form).all(|(part, wanted)| fits(part, wanted)) {
        return Some(text.to_owned());
    }
    let message = format!("`{}` is no ID of a user-assigned identity", shown(text));
    let wanted = "/subscriptions/…/resourceGroups/…/providers/Microsoft.ManagedIdentity/userAssignedIdentities/…";
    item.refuse(&BAD_VALUE, message, wanted, |_| ())
}

/// A prefix, or the word for Azure's own list.
pub(super) fn private_range(item: &Item<'_>) -> Option<PrivateRange> {
    match item.quoted_text() {
        Some(PrivateRange::IANA) => Some(PrivateRange::Iana),
        _ => values::cidr(item).map(PrivateRange::Prefix),
    }
}

/// An availability zone.
pub(super) fn zone(item: &Item<'_>) -> Option<u8> {
    item.number(1..=3).and_then(|n| u8::try_from(n).ok())
}

/// `1.33` or `1.33.2`.
pub(super) fn kubernetes_version(item: &Item<'_>) -> Option<String> {
    let text = item.words()?;
    if is_kubernetes_version(text) {
        return Some(text.to_owned());
    }
    let message = format!("`{}` is no version of Kubernetes", shown(text));
    item.refuse(&BAD_VALUE, message, "1.x or 1.x.y stands here", |f| {
        if let Some(bare) = text.trim().strip_prefix(['v', 'V']).filter(|bare| is_kubernetes_version(bare)) {
            f.help(format!("write `{bare}`")).edit(item.origin.at, quoted(bare));
        }
    })
}

fn is_kubernetes_version(text: &str) -> bool {
    let number = |t: &str| !t.is_empty() && t.len() <= 3 && t.bytes().all(|b| b.is_ascii_digit());
    let mut parts = text.split('.');
    parts.next() == Some("1") && (1..=2).contains(&text.matches('.').count()) && parts.all(number)
}

/// An address or prefix that may speak to the API server.
pub(super) fn authorized_range(item: &Item<'_>) -> Option<Cidr> {
    if item.quoted_text().is_some_and(|text| !text.contains('/')) {
        return values::address(item).map(|address| Cidr::holding(address, 32));
    }
    values::cidr(item)
}

/// The name of a node pool: it becomes part of the names of machines.
pub(super) fn pool_name(item: &Item<'_>) -> Option<String> {
    let text = item.words()?;
    let plain = text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    if plain && text.len() <= limits::POOL_NAME && text.starts_with(|c: char| c.is_ascii_lowercase()) {
        return Some(text.to_owned());
    }
    let message = format!("`{}` cannot be the name of a node pool", shown(text));
    let label = "1 to 12 small letters and digits, a letter first";
    item.refuse(&BAD_VALUE, message, label, |_| ())
}

/// The name of a container registry in Azure, the first label of its host.
pub(super) fn registry_name(item: &Item<'_>) -> Option<String> {
    let text = item.words()?;
    let name = text.to_ascii_lowercase();
    if limits::REGISTRY_NAME.contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Some(name);
    }
    let message = format!("`{}` cannot be the name of a container registry", shown(text));
    item.refuse(&BAD_VALUE, message, "5 to 50 letters and digits, without `.azurecr.io`", |_| ())
}

/// A VM size such as `Standard_D4s_v5`.
pub(super) fn node_size(item: &Item<'_>) -> Option<String> {
    let text = item.words()?;
    if text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-') {
        return Some(text.to_owned());
    }
    let message = format!("`{}` cannot be a VM size", shown(text));
    item.refuse(&BAD_VALUE, message, "a size such as Standard_D4s_v5 stands here", |_| ())
}

/// A service endpoint such as `Microsoft.Storage`.
pub(super) fn service_endpoint(item: &Item<'_>) -> Option<String> {
    let text = item.words()?;
    let provider = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.');
    if text.strip_prefix("Microsoft.").is_some_and(provider) {
        return Some(text.to_owned());
    }
    let message = format!("`{}` cannot be a service endpoint", shown(text));
    item.refuse(&BAD_VALUE, message, "a service such as Microsoft.Storage stands here", |f| {
        let meant = format!("Microsoft.{text}");
        if let Some(known) = SERVICE_ENDPOINTS.rows.iter().find(|known| known.eq_ignore_ascii_case(&meant)) {
            f.help(format!("write `{known}`")).edit(item.origin.at, quoted(known));
        }
    })
}

/// `"10%"` or a number of nodes.
pub(super) fn surge(item: &Item<'_>) -> Option<Surge> {
    if item.is_integer() {
        return item.number(1..=1_000).map(Surge::Nodes);
    }
    let text = item.words()?;
    let percent = text.strip_suffix('%').filter(|t| !t.starts_with(['+', '0'])).and_then(|t| t.parse::<u32>().ok());
    match percent {
        Some(percent @ 1..=100) => Some(Surge::Percent(percent)),
        _ => {
            item.refuse(&BAD_SURGE, format!("`{}` is no surge", shown(text)), "1% to 100%, or a number of nodes", |f| {
                if let Ok(nodes @ 1..=1_000) = text.trim().parse::<u32>() {
                    f.help(format!("write {nodes} without quotes")).edit(item.origin.at, nodes.to_string());
                }
            })
        }
    }
}

/// `ip:port` of an internal service.
pub(super) fn socket(item: &Item<'_>) -> Option<(Ipv4Addr, u16)> {
    let text = item.words()?;
    if let Some(pair) = address_and_port(text) {
        return Some(pair);
    }
    let message = format!("`{}` is no address with a port", shown(text));
    item.refuse(&BAD_DESTINATION, message, "an address and a port such as 10.0.4.4:80 stand here", |_| ())
}

fn address_and_port(text: &str) -> Option<(Ipv4Addr, u16)> {
    let (address, port) = text.split_once(':')?;
    Some((address.parse().ok()?, port_number(port)?))
}

fn port_number(text: &str) -> Option<u16> {
    crate::value::Ports::parse(text).filter(|p| p.first == p.last).map(|p| p.first)
}

/// What an expectation tries to reach.
pub(super) fn endpoint(item: &Item<'_>) -> Option<Endpoint> {
    let text = item.words()?;
    let ip = |protocol, rest| match address_and_port(rest) {
        Some((address, port)) => Some(Endpoint::Ip { protocol, address, port }),
        None => bad_destination(item, text, "an address and a port stand behind the colon and slashes"),
    };
    match text.split_once("://") {
        Some(("https", rest)) => web(item, text, true, rest),
        Some(("http", rest)) => web(item, text, false, rest),
        Some(("tcp", rest)) => ip(IpProtocol::Tcp, rest),
        Some(("udp", rest)) => ip(IpProtocol::Udp, rest),
        Some(_) => bad_destination(item, text, "https, http, tcp or udp stands before the colon"),
        None => item.refuse(
            &BAD_DESTINATION,
            destination(text),
            "a destination starts with https://, http://, tcp:// or udp://",
            |f| {
                if matches!(Fqdn::parse(text), Ok(Fqdn::Host(_))) {
                    f.help(format!("write https://{text}"));
                }
            },
        ),
    }
}

fn destination(text: &str) -> String {
    format!("`{}` is no destination", shown(text))
}

fn bad_destination<T>(item: &Item<'_>, text: &str, label: &str) -> Option<T> {
    item.refuse(&BAD_DESTINATION, destination(text), label, |_| ())
}

fn web(item: &Item<'_>, text: &str, tls: bool, rest: &str) -> Option<Endpoint> {
    let scheme = if tls { "https" } else { "http" };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, port_number(port)),
        None => (authority, Some(if tls { 443 } else { 80 })),
    };
    let Some(port) = port else { return bad_destination(item, text, "a port is 1 to 65535") };
    if host.parse::<Ipv4Addr>().is_ok() {
        return item.refuse(
            &BAD_DESTINATION,
            destination(text),
            "a name stands behind the slashes, not an address",
            |f| {
                f.help(format!("write tcp://{host}:{port}"))
                    .edit(item.origin.at, quoted(&format!("tcp://{host}:{port}")));
            },
        );
    }
    let Ok(Fqdn::Host(name)) = Fqdn::parse(host) else {
        return bad_destination(item, text, "a host name stands behind the slashes");
    };
    if path.is_empty() {
        return Some(Endpoint::Web { tls, host: name, port });
    }
    let bare = format!("{scheme}://{authority}");
    item.refuse(&HOST_NOT_BARE, format!("`{}` has a path", shown(text)), "the firewall sees no path", |f| {
        f.help(format!("write {bare}")).edit(item.origin.at, quoted(&bare));
    })
}
