//! The grammar of allow rules: what a profile and a pack write in the same words.
//!
//! This file owns the types of a rule as meant by its author. Where its names (subnets, groups) point is decided by the plan.

pub(crate) mod codes;
pub(crate) mod cursor;
pub mod packs;
pub mod path;
pub(crate) mod read;
pub(crate) mod values;

use std::net::Ipv4Addr;

use crate::diag::{At, Origin};
use crate::value::{Addresses, AppProtocol, Date, Fqdn, IpProtocol, Ports, Url};

pub use codes::CODES;
pub(crate) use cursor::{quoted, shown};

/// Whether a collection lets traffic pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Lets it pass.
    Allow,
    /// Drops it.
    Deny,
}

impl Action {
    /// Azure's spelling.
    pub fn azure(self) -> &'static str {
        match self {
            Action::Allow => "Allow",
            Action::Deny => "Deny",
        }
    }
}

/// A rule collection as a profile or a pack writes it.
#[derive(Debug, Clone)]
pub struct Collection {
    /// Its name; for a pack, the pack's.
    pub name: At<String>,
    /// 100 to 65000 when valid; a check says so.
    pub priority: At<u32>,
    /// Allow or deny; packs allow.
    pub action: At<Action>,
    /// In the order of writing, disabled ones included.
    pub rules: Vec<Rule>,
    /// Sources that an entry of `egress.packs` sets for all its rules.
    pub from: Option<Vec<At<SourceSpec>>>,
    /// The pack it comes from; `None` for an own collection.
    pub pack: Option<&'static Pack>,
    /// Its header, or the pack with the place that asked for it.
    pub origin: Origin,
}

/// One rule.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Unique in its collection.
    pub name: At<String>,
    /// What it names.
    pub to: Targets,
    /// Protocols and ports; defaults for names and FQDN tags are filled in.
    pub ports: Vec<At<PortSpec>>,
    /// Sources; `None` means the subnets whose addresses the firewall sees.
    pub from: Option<Vec<At<SourceSpec>>>,
    /// Whether the firewall looks inside TLS.
    pub inspect_tls: bool,
    /// Its reason, owner, ticket and end.
    pub life: Life,
    /// A disabled rule is read and checked for form, not emitted.
    pub enabled: bool,
    /// Its header.
    pub origin: Origin,
}

/// Why a rule exists and until when.
#[derive(Debug, Clone, Default)]
pub struct Life {
    /// The reason.
    pub why: Option<At<String>>,
    /// Who answers for it.
    pub owner: Option<At<String>>,
    /// Where it was asked for.
    pub ticket: Option<At<String>>,
    /// Last day on which it should exist.
    pub expires: Option<At<Date>>,
}

/// What a rule names: exactly one kind.
#[derive(Debug, Clone)]
pub enum Targets {
    /// Host names and patterns.
    Fqdns(Vec<At<Fqdn>>),
    /// Named sets that Microsoft keeps.
    FqdnTags(Vec<At<String>>),
    /// Addresses.
    Addresses(Vec<At<Addresses>>),
    /// Service tags, with `.Region` where regional.
    ServiceTags(Vec<At<String>>),
    /// URLs: a host and a path.
    Urls(Vec<At<Url>>),
    /// Kinds of sites, by Azure's names.
    Categories(Vec<At<String>>),
    /// Groups of `egress.groups`, all of one kind.
    Groups(Vec<At<String>>),
}

/// One entry of `ports`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortSpec {
    /// `https:443`: an application rule.
    App(AppProtocol, u16),
    /// `tcp:443`, `udp:1000-2000`, `any:*`: a network rule.
    Ip(IpProtocol, Ports),
}

/// One entry of `from`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceSpec {
    /// `*`, an address, a prefix or a range.
    Addresses(Addresses),
    /// A subnet (by role or by its name) or a group of addresses.
    Named(String),
}

/// One set of `egress.groups`.
#[derive(Debug, Clone)]
pub struct Group {
    /// Its name.
    pub name: At<String>,
    /// Its members.
    pub members: GroupMembers,
    /// Its key.
    pub origin: Origin,
}

/// A group holds addresses or names, never both.
#[derive(Debug, Clone)]
pub enum GroupMembers {
    /// Prefixes, addresses and ranges.
    Addresses(Vec<At<Addresses>>),
    /// Host names and patterns.
    Fqdns(Vec<At<Fqdn>>),
}

/// What stands at the head of a pack.
#[derive(Debug)]
pub struct Pack {
    /// Name in `egress.packs`.
    pub name: &'static str,
    /// One line.
    pub title: String,
    /// Why a cluster needs it.
    pub why: String,
    /// The page that the list was compared with.
    pub source: String,
    /// The day of that comparison.
    pub reviewed: Date,
    /// Default priority of its collection.
    pub priority: u32,
    /// The whole file.
    pub text: &'static str,
}

/// What pack texts may refer to.
#[derive(Debug, Clone, Default)]
pub struct Variables {
    /// `${region}`: programmatic name.
    pub region: String,
    /// `${tag-region}`: the region's spelling in service tags.
    pub tag_region: String,
    /// `${dns-servers}`: custom DNS servers; empty means `*`.
    pub dns_servers: Vec<Ipv4Addr>,
    /// `${api-server}`: the known addresses of the API server.
    pub api_server: Vec<Ipv4Addr>,
}

impl Variables {
    /// The texts that `text` stands for: several where a variable holds a list.
    ///
    /// # Errors
    /// The name of a variable that is unknown or has no value.
    pub(crate) fn expand<'t>(&self, text: &'t str) -> Result<Vec<String>, &'t str> {
        let Some((head, rest)) = text.split_once("${") else { return Ok(vec![text.to_owned()]) };
        let (name, tail) = rest.split_once('}').ok_or(text)?;
        let values: Vec<String> = match name {
            "region" => vec![self.region.clone()],
            "tag-region" => vec![self.tag_region.clone()],
            "dns-servers" if self.dns_servers.is_empty() => vec!["*".to_owned()],
            "dns-servers" => self.dns_servers.iter().map(Ipv4Addr::to_string).collect(),
            "api-server" => self.api_server.iter().map(Ipv4Addr::to_string).collect(),
            _ => return Err(name),
        };
        if values.is_empty() || values.iter().any(String::is_empty) {
            return Err(name);
        }
        let tails = self.expand(tail)?;
        let each = |value: &String| tails.iter().map(|t| format!("{head}{value}{t}")).collect::<Vec<_>>();
        Ok(values.iter().flat_map(each).collect())
    }
}
