//! Values that are known to be valid: addresses, ports, names, protocols. Each is made by its own `parse` only.

pub(crate) mod overlap;
mod plain;
mod resource_id;

use std::fmt;
use std::net::Ipv4Addr;

use ipnet::Ipv4Net;

pub use plain::Plain;
pub use resource_id::{ResourceId, ResourceIdFault, ResourceType};
/// A cloud of Azure: an environment with endpoints of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cloud {
    /// The public one.
    Public,
    /// US Government.
    UsGov,
    /// Operated by 21Vianet in China.
    China,
}

impl Cloud {
    /// Every cloud, the default first.
    pub const ALL: [Cloud; 3] = [Cloud::Public, Cloud::UsGov, Cloud::China];

    /// The spelling in a profile.
    pub fn word(self) -> &'static str {
        match self {
            Cloud::Public => "public",
            Cloud::UsGov => "usgov",
            Cloud::China => "china",
        }
    }

    /// What az calls the environment.
    pub fn environment(self) -> &'static str {
        match self {
            Cloud::Public => "AzureCloud",
            Cloud::UsGov => "AzureUSGovernment",
            Cloud::China => "AzureChinaCloud",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Cloud::Public => "the public cloud",
            Cloud::UsGov => "Azure Government",
            Cloud::China => "Azure operated by 21Vianet",
        }
    }
}

/// An IPv4 prefix with its host bits zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cidr(Ipv4Net);

/// Why a text is no [`Cidr`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CidrError {
    /// Not `a.b.c.d/n`.
    Syntax,
    /// An IPv6 prefix: Azure Firewall is IPv4 only (F2.5).
    Ipv6,
    /// Host bits are set; the canonical prefix is given.
    HostBits(Cidr),
}

impl Cidr {
    /// Reads `a.b.c.d/n` with zero host bits (C10).
    ///
    /// # Errors
    /// See [`CidrError`].
    pub fn parse(text: &str) -> Result<Self, CidrError> {
        let Some(net) = Self::strictly(text) else {
            let v6 = text.parse::<ipnet::Ipv6Net>().is_ok() || text.parse::<std::net::Ipv6Addr>().is_ok();
            return Err(if v6 { CidrError::Ipv6 } else { CidrError::Syntax });
        };
        match net.trunc() {
            canonical if canonical == net => Ok(Cidr(net)),
            canonical => Err(CidrError::HostBits(Cidr(canonical))),
        }
    }

    /// Refuses leading zeros, which some programs read as octal.
    fn strictly(text: &str) -> Option<Ipv4Net> {
        let (base, bits) = text.split_once('/')?;
        let plain = bits == "0" || (bits.starts_with(|c: char| c.is_ascii_digit()) && !bits.starts_with('0'));
        if plain { Ipv4Net::new(base.parse().ok()?, bits.parse().ok()?).ok() } else { None }
    }

    /// The prefix of `bits` length that holds `address`; `bits` above 32 count as 32.
    pub fn holding(address: Ipv4Addr, bits: u8) -> Self {
        Cidr(Ipv4Net::new_assert(address, bits.min(32)).trunc())
    }

    /// First address.
    pub fn base(self) -> Ipv4Addr {
        self.0.network()
    }

    /// Last address.
    pub fn last(self) -> Ipv4Addr {
        self.0.broadcast()
    }

    /// Length of the prefix, 0 to 32.
    pub fn bits(self) -> u8 {
        self.0.prefix_len()
    }

    /// Length of the smallest prefix that holds `count` addresses, if there is one.
    pub fn bits_for(count: u64) -> Option<u8> {
        (0..=32).rev().find(|bits| 1u64 << (32 - bits) >= count)
    }

    /// How many addresses it holds.
    pub fn size(self) -> u64 {
        1 << (32 - u64::from(self.bits()))
    }

    /// Whether `address` lies inside.
    pub fn has(self, address: Ipv4Addr) -> bool {
        self.0.contains(&address)
    }

    /// Whether the whole of `other` lies inside.
    pub fn covers(self, other: Cidr) -> bool {
        self.0.contains(&other.0)
    }

    /// Whether they share an address.
    pub fn overlaps(self, other: Cidr) -> bool {
        self.covers(other) || other.covers(self)
    }

    /// The address `n` after the base, if it is inside.
    pub fn nth(self, n: u32) -> Option<Ipv4Addr> {
        let address = u32::from(self.base()).checked_add(n).map(Ipv4Addr::from)?;
        self.has(address).then_some(address)
    }
}

impl fmt::Display for Cidr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a rule may name as an address: everything, one address, a prefix, or a range (F2.7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Addresses {
    /// `*`
    Any,
    /// One address.
    One(Ipv4Addr),
    /// A prefix.
    Prefix(Cidr),
    /// First and last address, the first not above the last.
    Range(Ipv4Addr, Ipv4Addr),
}

impl Addresses {
    /// Reads `*`, `a.b.c.d`, `a.b.c.d/n` or `a.b.c.d-e.f.g.h`.
    ///
    /// # Errors
    /// See [`CidrError`]; a range with its ends swapped is [`CidrError::Syntax`].
    pub fn parse(text: &str) -> Result<Self, CidrError> {
        if text == "*" {
            return Ok(Addresses::Any);
        }
        if let Ok(one) = text.parse::<Ipv4Addr>() {
            return Ok(Addresses::One(one));
        }
        if let Some((first, last)) = text.split_once('-') {
            return match (first.trim().parse::<Ipv4Addr>(), last.trim().parse::<Ipv4Addr>()) {
                (Ok(first), Ok(last)) if first <= last => Ok(Addresses::Range(first, last)),
                _ => Err(CidrError::Syntax),
            };
        }
        Cidr::parse(text).map(Addresses::Prefix)
    }

    /// Whether no address is left out.
    pub fn is_everything(self) -> bool {
        self.bounds() == (0, u32::MAX)
    }

    /// Whether all of them lie in `prefix`.
    pub fn within(self, prefix: Cidr) -> bool {
        let (first, last) = self.bounds();
        u32::from(prefix.base()) <= first && last <= u32::from(prefix.last())
    }

    /// Whether one of them lies in `prefix`.
    pub fn meets(self, prefix: Cidr) -> bool {
        let (first, last) = self.bounds();
        first <= u32::from(prefix.last()) && u32::from(prefix.base()) <= last
    }

    /// Whether `list` together holds every address of `prefix`.
    pub fn cover(list: impl IntoIterator<Item = Addresses>, prefix: Cidr) -> bool {
        let mut bounds: Vec<(u32, u32)> = list.into_iter().map(Addresses::bounds).collect();
        bounds.sort_unstable();
        let end = u64::from(u32::from(prefix.last()));
        let mut next = u64::from(u32::from(prefix.base()));
        for (first, last) in bounds {
            if u64::from(first) <= next {
                next = next.max(u64::from(last) + 1);
            }
        }
        next > end
    }

    /// First and last address as numbers.
    pub fn bounds(self) -> (u32, u32) {
        match self {
            Addresses::Any => (0, u32::MAX),
            Addresses::One(one) => (one.into(), one.into()),
            Addresses::Prefix(prefix) => (prefix.base().into(), prefix.last().into()),
            Addresses::Range(first, last) => (first.into(), last.into()),
        }
    }
}

impl fmt::Display for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Addresses::Any => f.write_str("*"),
            Addresses::One(one) => one.fmt(f),
            Addresses::Prefix(prefix) => prefix.fmt(f),
            Addresses::Range(first, last) => write!(f, "{first}-{last}"),
        }
    }
}

/// A destination name of a rule (F2.6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fqdn {
    /// `*`
    Any,
    /// One host.
    Host(String),
    /// `*.contoso.com`: sub-domains at any depth, not the domain itself. Holds `contoso.com`.
    SubdomainsOf(String),
    /// `*contoso.com`: every name that ends so. Holds `contoso.com`.
    EndsWith(String),
}

/// Why a text is no [`Fqdn`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FqdnError {
    /// `*` stands elsewhere than left-most.
    Wildcard,
    /// A scheme, port or path; the bare host is given.
    NotBare(String),
    /// Not a DNS name: a label is empty, too long or holds another character, or the whole is over 253.
    Syntax,
}

impl Fqdn {
    /// Reads a host name or a pattern whose only `*` is its first character. Upper case is folded.
    ///
    /// # Errors
    /// See [`FqdnError`].
    pub fn parse(text: &str) -> Result<Self, FqdnError> {
        if text == "*" {
            return Ok(Fqdn::Any);
        }
        if text.contains('/') || text.contains(':') {
            return Err(Self::not_bare(text));
        }
        let lower = text.to_ascii_lowercase();
        let (make, rest): (fn(String) -> Fqdn, &str) = if let Some(rest) = lower.strip_prefix("*.") {
            (Fqdn::SubdomainsOf, rest)
        } else if let Some(rest) = lower.strip_prefix('*') {
            (Fqdn::EndsWith, rest)
        } else {
            (Fqdn::Host, &lower)
        };
        if rest.contains('*') {
            return Err(FqdnError::Wildcard);
        }
        // An ending may start inside a label or at a dot, a whole name may not.
        if is_dns_name(rest) { Ok(make(rest.to_owned())) } else { Err(FqdnError::Syntax) }
    }

    fn not_bare(text: &str) -> FqdnError {
        let rest = text.split_once("://").map_or(text, |(_, rest)| rest);
        let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default();
        match Fqdn::parse(host) {
            Ok(_) => FqdnError::NotBare(host.to_owned()),
            Err(_) => FqdnError::Syntax,
        }
    }

    /// Whether `host` (lower case, no final dot) is one of the names.
    pub fn matches(&self, host: &str) -> bool {
        match self {
            Fqdn::Any => true,
            Fqdn::Host(name) => name == host,
            Fqdn::SubdomainsOf(domain) => {
                host.strip_suffix(domain.as_str()).is_some_and(|head| head.len() > 1 && head.ends_with('.'))
            }
            Fqdn::EndsWith(ending) => host.ends_with(ending.as_str()),
        }
    }

    /// Whether it has `domain`, or a name below it, among its names.
    pub fn reaches(&self, domain: &str) -> bool {
        let below = |name: &str| name == domain || name.strip_suffix(domain).is_some_and(|head| head.ends_with('.'));
        match self {
            Fqdn::Any => true,
            Fqdn::Host(name) => below(name),
            // A pattern above the domain has the domain itself.
            Fqdn::SubdomainsOf(tail) => {
                below(tail) || domain.strip_suffix(tail.as_str()).is_some_and(|head| head.ends_with('.'))
            }
            Fqdn::EndsWith(tail) => below(tail) || domain.ends_with(tail.as_str()),
        }
    }

    /// Whether it is a pattern rather than one host.
    pub fn is_pattern(&self) -> bool {
        !matches!(self, Fqdn::Host(_))
    }
}

fn is_dns_name(text: &str) -> bool {
    let label = |l: &str| {
        (1..=63).contains(&l.len())
            && !l.starts_with('-')
            && !l.ends_with('-')
            && l.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
    };
    // A name of digits and dots alone is an address somebody put in the wrong key.
    let only_digits = text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    text.len() <= 253 && !only_digits && text.split('.').all(label)
}

impl fmt::Display for Fqdn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fqdn::Any => f.write_str("*"),
            Fqdn::Host(name) => f.write_str(name),
            Fqdn::SubdomainsOf(domain) => write!(f, "*.{domain}"),
            Fqdn::EndsWith(ending) => write!(f, "*{ending}"),
        }
    }
}

/// A destination URL of a rule: a host or a pattern of hosts, and perhaps a path (F2.6).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Url {
    host: Fqdn,
    path: Option<String>,
}

/// Why a text is no [`Url`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlError {
    /// `*` stands elsewhere than left-most before a dot, or right-most.
    Wildcard,
    /// It carries a scheme, a port, a query or a fragment.
    NotBare,
    /// Its host is no DNS name, or its path holds something that a path cannot.
    Syntax,
}

impl Url {
    /// Reads `host`, `*.host`, `host/path` or `host/path/*`.
    ///
    /// # Errors
    /// See [`UrlError`].
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        if text.contains([':', '?', '#']) {
            return Err(UrlError::NotBare);
        }
        let (host, path) = text.split_once('/').map_or((text, None), |(host, path)| (host, Some(path)));
        let host = match Fqdn::parse(host) {
            Ok(host @ (Fqdn::Host(_) | Fqdn::SubdomainsOf(_))) => host,
            Ok(Fqdn::Any | Fqdn::EndsWith(_)) | Err(FqdnError::Wildcard) => return Err(UrlError::Wildcard),
            Err(FqdnError::NotBare(_) | FqdnError::Syntax) => return Err(UrlError::Syntax),
        };
        let Some(path) = path else { return Ok(Url { host, path: None }) };
        let stem = path.strip_suffix('*').unwrap_or(path);
        if stem.contains('*') {
            return Err(UrlError::Wildcard);
        }
        let sound = stem.bytes().all(|b| b.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&b));
        if sound { Ok(Url { host, path: Some(path.to_owned()) }) } else { Err(UrlError::Syntax) }
    }

    /// Its host or pattern of hosts.
    pub fn host(&self) -> &Fqdn {
        &self.host
    }
}

impl fmt::Display for Url {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            None => self.host.fmt(f),
            Some(path) => write!(f, "{}/{path}", self.host),
        }
    }
}

/// First and last port, 1 to 65535, the first not above the last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ports {
    /// First port.
    pub first: u16,
    /// Last port.
    pub last: u16,
}

impl Ports {
    /// Every port; written `*`.
    pub const ALL: Ports = Ports { first: 1, last: u16::MAX };

    /// Reads `443`, `1024-65535` or `*`.
    pub fn parse(text: &str) -> Option<Self> {
        let port = |t: &str| {
            let plain = !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit()) && !t.starts_with('0');
            if plain { t.parse::<u16>().ok() } else { None }
        };
        if text == "*" {
            return Some(Self::ALL);
        }
        let (first, last) = match text.split_once('-') {
            Some((first, last)) => (port(first)?, port(last)?),
            None => (port(text)?, port(text)?),
        };
        (first <= last).then_some(Ports { first, last })
    }

    /// One port.
    pub fn one(port: u16) -> Self {
        Ports { first: port, last: port }
    }

    /// Whether `port` is among them.
    pub fn has(self, port: u16) -> bool {
        (self.first..=self.last).contains(&port)
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Ports::ALL => f.write_str("*"),
            Ports { first, last } if first == last => first.fmt(f),
            Ports { first, last } => write!(f, "{first}-{last}"),
        }
    }
}

/// What an application rule inspects.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum AppProtocol {
    /// Plain HTTP, matched on the Host header.
    Http,
    /// TLS, matched on the server name of the hello.
    Https,
    /// SQL Server.
    Mssql,
}

impl AppProtocol {
    /// The spelling in a profile (`https`).
    pub fn word(self) -> &'static str {
        match self {
            AppProtocol::Http => "http",
            AppProtocol::Https => "https",
            AppProtocol::Mssql => "mssql",
        }
    }
}

/// What a network or DNAT rule matches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IpProtocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
    /// ICMP; never leaves for the internet (F2.5).
    Icmp,
    /// TCP and UDP on the given ports.
    Any,
}

impl IpProtocol {
    /// The spelling in a profile (`tcp`).
    pub fn word(self) -> &'static str {
        match self {
            IpProtocol::Tcp => "tcp",
            IpProtocol::Udp => "udp",
            IpProtocol::Icmp => "icmp",
            IpProtocol::Any => "any",
        }
    }

    /// The spelling of Azure (`TCP`).
    pub fn azure(self) -> &'static str {
        match self {
            IpProtocol::Tcp => "TCP",
            IpProtocol::Udp => "UDP",
            IpProtocol::Icmp => "ICMP",
            IpProtocol::Any => "Any",
        }
    }
}

/// A day, as TOML writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to the length of the month.
    pub day: u8,
}

impl Date {
    /// Reads `2026-01-31`.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        let digits = |at: usize| matches!(at, 4 | 7) || bytes[at].is_ascii_digit();
        if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' || !(0..10).all(digits) {
            return None;
        }
        Self::new(text[..4].parse().ok()?, text[5..7].parse().ok()?, text[8..].parse().ok()?)
    }

    /// A day of the calendar, or nothing.
    pub fn new(year: u16, month: u8, day: u8) -> Option<Self> {
        let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let length = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if leap => 29,
            2 => 28,
            _ => return None,
        };
        (1..=length).contains(&day).then_some(Date { year, month, day })
    }
}

impl Date {
    /// How many days after another one it is; negative when it is before.
    pub fn days_after(self, other: Date) -> i64 {
        self.number() - other.number()
    }

    /// Days since 1 March of the year 0, so that a leap day is the last of its year.
    fn number(self) -> i64 {
        let (year, month) = match self.month {
            1 | 2 => (i64::from(self.year) - 1, i64::from(self.month) + 9),
            month => (i64::from(self.year), i64::from(month) - 3),
        };
        365 * year + year.div_euclid(4) - year.div_euclid(100)
            + year.div_euclid(400)
            + (153 * month + 2) / 5
            + i64::from(self.day)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_reach_domains() {
        let reaches = |pattern: &str, domain| Fqdn::parse(pattern).unwrap().reaches(domain);
        for pattern in
            ["*", "github.io", "a.github.io", "*.github.io", "*.a.github.io", "*.io", "*hub.io", "*github.io"]
        {
            assert!(reaches(pattern, "github.io"), "{pattern}");
        }
        for pattern in ["io", "hub.io", "xgithub.io", "*xgithub.io", "*.xgithub.io", "github.io.example.com", "*.com"] {
            assert!(!reaches(pattern, "github.io"), "{pattern}");
        }
    }

    #[test]
    fn days_between_dates() {
        let date = |text| Date::parse(text).unwrap();
        for (first, second, days) in [
            ("2026-01-31", "2026-01-31", 0),
            ("2026-02-28", "2026-03-01", 1),
            ("2028-02-28", "2028-03-01", 2),
            ("2025-12-31", "2026-01-01", 1),
            ("2026-01-01", "2027-01-01", 365),
            ("1970-01-01", "2000-02-29", 11_016),
            ("2026-01-02", "2026-01-01", -1),
        ] {
            assert_eq!(date(second).days_after(date(first)), days, "{first} {second}");
        }
    }
}
