//! From one written value to addresses, names, ports and days, with a repair where it is certain.

use std::net::Ipv4Addr;

use super::codes::{
    BAD_ADDRESS, BAD_DATE, BAD_HOST, BAD_PORT, BAD_URL, HOST_BITS, HOST_NOT_BARE, IPV6_ADDRESS, WILDCARD_NOT_LEFTMOST,
};
use super::cursor::{Item, quoted, shown};
use super::{PortSpec, SourceSpec};
use crate::value::{Addresses, AppProtocol, Cidr, CidrError, Date, Fqdn, FqdnError, IpProtocol, Ports, Url, UrlError};

/// A text that is not empty.
pub(crate) fn text(item: &Item<'_>) -> Option<String> {
    item.words().map(str::to_owned)
}

/// `true` or `false`.
pub(crate) fn flag(item: &Item<'_>) -> Option<bool> {
    item.flag()
}

/// What is wanted where a prefix belongs.
const PREFIX: &str = "a prefix such as 10.0.5.0/24";

/// A prefix.
pub(crate) fn cidr(item: &Item<'_>) -> Option<Cidr> {
    let text = item.words()?;
    Cidr::parse(text).map_or_else(|error| refuse_address(item, text, &error, PREFIX), Some)
}

/// One address.
pub(crate) fn address(item: &Item<'_>) -> Option<Ipv4Addr> {
    let text = item.words()?;
    let wanted = "an address such as 10.0.5.4";
    match text.parse() {
        Ok(address) => Some(address),
        Err(_) if text.parse::<std::net::Ipv6Addr>().is_ok() => refuse_address(item, text, &CidrError::Ipv6, wanted),
        Err(_) => refuse_address(item, text, &CidrError::Syntax, wanted),
    }
}

/// `*`, an address, a prefix or a range.
pub(crate) fn addresses(item: &Item<'_>) -> Option<Addresses> {
    let text = item.words()?;
    let wanted = "an address, a prefix or a range";
    Addresses::parse(text).map_or_else(|error| refuse_address(item, text, &error, wanted), Some)
}

fn refuse_address<T>(item: &Item<'_>, text: &str, error: &CidrError, wanted: &str) -> Option<T> {
    match error {
        CidrError::Ipv6 => {
            let message = format!("`{}` is IPv6, which Azure Firewall does not filter", shown(text));
            item.refuse(&IPV6_ADDRESS, message, "IPv4 only", |_| ())
        }
        CidrError::HostBits(canonical) => {
            let message = format!("`{}` has host bits set", shown(text));
            let address = text.split('/').next().unwrap_or_default();
            item.refuse(&HOST_BITS, message, format!("the prefix is {canonical}"), |f| {
                if wanted == PREFIX {
                    f.help(format!("write {canonical}")).edit(item.origin.at, quoted(&canonical.to_string()));
                } else {
                    // A rule may mean one address, and is not opened to a whole prefix by a guess.
                    f.help(format!("write {canonical} for the whole prefix, or {address} for the one address"));
                }
            })
        }
        CidrError::Syntax => {
            let message = format!("`{}` is not {wanted}", shown(text));
            item.refuse(&BAD_ADDRESS, message, format!("{wanted} stands here"), |f| {
                let tight: String = text.split_whitespace().collect();
                let one = wanted != PREFIX && tight.parse::<Ipv4Addr>().is_ok();
                if tight != text && (one || Cidr::parse(&tight).is_ok()) {
                    f.help(format!("write {tight}")).edit(item.origin.at, quoted(&tight));
                } else if item.key == "addresses" && Fqdn::parse(text).is_ok() {
                    f.help("names belong into `fqdns`");
                } else if wanted == PREFIX && text.parse::<Ipv4Addr>().is_ok() {
                    f.help("add the length of the prefix, such as /24");
                }
            })
        }
    }
}

/// Whether a text was surely meant as an address, valid or not.
pub(crate) fn starts_like_an_address(text: &str) -> bool {
    let plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'/' | b'-' | b' '));
    let head = text.split('/').next().unwrap_or_default();
    let v6 = head.matches(':').count() > 1 && head.bytes().all(|b| b.is_ascii_hexdigit() || matches!(b, b':' | b'.'));
    v6 || text == "*" || (plain && text.starts_with(|c: char| c.is_ascii_digit()))
}

/// One entry of `from`: an address or a name, which `known` then looks up.
pub(crate) fn source(item: &Item<'_>) -> Option<SourceSpec> {
    let text = item.words()?;
    if starts_like_an_address(text) || text.contains('/') {
        return addresses(item).map(SourceSpec::Addresses);
    }
    Some(SourceSpec::Named(text.to_owned()))
}

/// A host name or pattern.
pub(crate) fn fqdn(item: &Item<'_>) -> Option<Fqdn> {
    let text = item.words()?;
    let error = match Fqdn::parse(text) {
        Ok(fqdn) => return Some(fqdn),
        Err(error) => error,
    };
    match error {
        FqdnError::Wildcard => {
            let message = format!("`{}` has a wildcard that is not left-most", shown(text));
            item.refuse(&WILDCARD_NOT_LEFTMOST, message, "only the first character may be `*`", |_| ())
        }
        FqdnError::NotBare(host) => {
            let message = format!("`{}` is more than a host name", shown(text));
            item.refuse(&HOST_NOT_BARE, message, "scheme, port and path do not belong here", |f| {
                f.help(format!("write `{host}` and give ports in `ports`")).edit(item.origin.at, quoted(&host));
            })
        }
        FqdnError::Syntax => {
            item.refuse(&BAD_HOST, format!("`{}` is no host name", shown(text)), "not a DNS name", |f| {
                let bare = text.trim().trim_end_matches('.');
                if Addresses::parse(text).is_ok() {
                    f.help("addresses belong into `addresses`");
                } else if bare != text && Fqdn::parse(bare).is_ok() {
                    f.help(format!("write `{bare}`")).edit(item.origin.at, quoted(bare));
                } else if !text.is_ascii() {
                    f.help("write an international name in its ASCII form, which starts with `xn--`");
                }
            })
        }
    }
}

/// A URL of a rule.
pub(crate) fn url(item: &Item<'_>) -> Option<Url> {
    let text = item.words()?;
    Url::parse(text).map_or_else(|error| refuse_url(item, text, error), Some)
}

fn refuse_url<T>(item: &Item<'_>, text: &str, error: UrlError) -> Option<T> {
    let (message, label) = match error {
        UrlError::NotBare => {
            (format!("`{}` has a scheme, a port or a query", shown(text)), "a host and a path stand here")
        }
        UrlError::Wildcard => {
            (format!("`{}` has a `*` where none can be", shown(text)), "`*.` may begin the host, `*` may end the path")
        }
        UrlError::Syntax => (format!("`{}` is no URL", shown(text)), "a host and a path stand here"),
    };
    item.refuse(&BAD_URL, message, label, |f| {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        if error == UrlError::NotBare && rest != text && Url::parse(rest).is_ok() {
            f.help(format!("write `{rest}`, and the protocol into `ports`")).edit(item.origin.at, quoted(rest));
        }
    })
}

/// The protocols that `ports` may name.
const PROTOCOLS: [&str; 7] = ["https", "http", "mssql", "tcp", "udp", "any", "icmp"];

/// One entry of `ports`.
pub(crate) fn port(item: &Item<'_>) -> Option<PortSpec> {
    if item.is_integer() {
        return item.wrong_type("a string such as \"tcp:443\"");
    }
    let text = item.words()?;
    let refuse = |label: &str| {
        item.refuse(&BAD_PORT, format!("`{}` is no protocol with ports", shown(text)), label, |f| {
            if let Some(meant) = meant_port(text) {
                f.help(format!("write \"{meant}\"")).edit(item.origin.at, quoted(&meant));
            }
        })
    };
    let Some((protocol, ports)) = text.split_once(':') else {
        return refuse("a protocol, a colon and a port stand here");
    };
    let app = |protocol| match Ports::parse(ports) {
        Some(Ports { first, last }) if first == last => Some(PortSpec::App(protocol, first)),
        Some(_) => refuse("http, https and mssql take one port each"),
        None => refuse("a port is 1 to 65535"),
    };
    let ip = |protocol| match Ports::parse(ports) {
        Some(ports) => Some(PortSpec::Ip(protocol, ports)),
        None => refuse("a port is 1 to 65535, a range such as 8000-8080, or *"),
    };
    match protocol {
        "https" => app(AppProtocol::Https),
        "http" => app(AppProtocol::Http),
        "mssql" => app(AppProtocol::Mssql),
        "tcp" => ip(IpProtocol::Tcp),
        "udp" => ip(IpProtocol::Udp),
        "any" => ip(IpProtocol::Any),
        "icmp" if ports == "*" => ip(IpProtocol::Icmp),
        "icmp" => refuse("icmp has no ports: write `icmp:*`"),
        _ => unknown_protocol(item, text, protocol, ports),
    }
}

/// What surely was meant by a port that cannot be read: the same without blanks, or with `*` where nothing else fits.
fn meant_port(text: &str) -> Option<String> {
    let tight: String = text.split_whitespace().collect();
    let (protocol, ports) = match tight.split_once(':') {
        Some(parts) => parts,
        None if tight == "icmp" => ("icmp", "*"),
        None => return None,
    };
    let known = PROTOCOLS.contains(&protocol) && Ports::parse(ports).is_some();
    let meant = format!("{protocol}:{ports}");
    (known && meant != text).then_some(meant)
}

fn unknown_protocol<T>(item: &Item<'_>, text: &str, protocol: &str, ports: &str) -> Option<T> {
    let message = format!("`{}` starts with an unknown protocol", shown(text));
    item.refuse(&BAD_PORT, message, format!("one of {}", PROTOCOLS.join(", ")), |f| {
        let Some(name) = PROTOCOLS.into_iter().find(|p| p.eq_ignore_ascii_case(protocol)) else { return };
        f.help("write the protocol in lower case").edit(item.origin.at, quoted(&format!("{name}:{ports}")));
    })
}

/// A priority. Which numbers Azure takes is said by a check, with the pack or collection that they meet.
pub(crate) fn priority(item: &Item<'_>) -> Option<u32> {
    let number = item.integer()?;
    u32::try_from(number).ok().or_else(|| item.outside(number, 100, 65_000))
}

/// A day.
pub(crate) fn date(item: &Item<'_>) -> Option<Date> {
    if let Some(text) = item.quoted_text() {
        let message = format!("`{}` is a string, not a date", shown(text));
        return item.refuse(&BAD_DATE, message, "a day without quotes stands here", |f| {
            if let Some(date) = Date::parse(text) {
                f.help(format!("write {date} without quotes")).edit(item.origin.at, date.to_string());
            }
        });
    }
    let (year, month, day) = item.date()?;
    Date::new(year, month, day).map_or_else(
        || {
            let message = format!("{year:04}-{month:02}-{day:02} is no day of the calendar");
            item.refuse(&BAD_DATE, message, "this month has no such day", |_| ())
        },
        Some,
    )
}
