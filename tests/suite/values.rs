//! Values against brute force on small spaces, and tables of what each reader takes and refuses.

use std::net::Ipv4Addr;

use aks_egress::tables::suffixes::{registrable, shared_by};
use aks_egress::tables::{addresses, endpoints, hosts, limits, names, regions, suffixes, tags};
use aks_egress::value::{Addresses, Cidr, CidrError, Date, Fqdn, FqdnError, Ports, Url, UrlError};
use proptest::prelude::*;

/// Prefixes of 10.0.0.0/24, small enough to list every address.
fn small() -> impl Strategy<Value = Cidr> {
    (any::<u8>(), 24u8..=32).prop_map(|(last, bits)| Cidr::holding(Ipv4Addr::new(10, 0, 0, last), bits))
}

/// Addresses, prefixes and ranges of 10.0.0.0/24.
fn some_addresses() -> impl Strategy<Value = Addresses> {
    let at = |n: u8| Ipv4Addr::new(10, 0, 0, n);
    prop_oneof![
        Just(Addresses::Any),
        any::<u8>().prop_map(move |n| Addresses::One(at(n))),
        small().prop_map(Addresses::Prefix),
        (any::<u8>(), any::<u8>()).prop_map(move |(a, b)| Addresses::Range(at(a.min(b)), at(a.max(b)))),
    ]
}

/// Every address of 10.0.0.0/24 for which `holds` is true.
fn listed(holds: impl Fn(Ipv4Addr) -> bool) -> Vec<Ipv4Addr> {
    (0..=255).map(|n| Ipv4Addr::new(10, 0, 0, n)).filter(|a| holds(*a)).collect()
}

/// Whether the text of `addresses` stands for `address`, worked out without the type's own arithmetic.
fn stands_for(addresses: Addresses, address: Ipv4Addr) -> bool {
    let text = addresses.to_string();
    let number = |text: &str| text.rsplit('.').next().unwrap().parse::<u16>().unwrap();
    let n = u16::from(address.octets()[3]);
    if text == "*" {
        true
    } else if let Some((first, last)) = text.split_once('-') {
        number(first) <= n && n <= number(last)
    } else if let Some((base, bits)) = text.split_once('/') {
        let size = 1u16 << (32 - bits.parse::<u16>().unwrap());
        number(base) <= n && n < number(base) + size
    } else {
        number(&text) == n
    }
}

proptest! {
    #[test]
    fn a_prefix_is_the_addresses_it_holds(prefix in small()) {
        let all = listed(|a| prefix.has(a));
        prop_assert_eq!(all.len() as u64, prefix.size());
        prop_assert_eq!(all.first(), Some(&prefix.base()));
        prop_assert_eq!(all.last(), Some(&prefix.last()));
        for (n, address) in all.iter().enumerate() {
            prop_assert_eq!(prefix.nth(n as u32), Some(*address));
        }
        prop_assert_eq!(prefix.nth(all.len() as u32), None);
        prop_assert_eq!(Cidr::parse(&prefix.to_string()), Ok(prefix));
    }

    #[test]
    fn covering_and_overlapping_are_those_of_sets(a in small(), b in small()) {
        let in_both = listed(|x| a.has(x) && b.has(x));
        prop_assert_eq!(a.overlaps(b), !in_both.is_empty());
        prop_assert_eq!(a.overlaps(b), b.overlaps(a));
        prop_assert_eq!(a.covers(b), listed(|x| b.has(x)).iter().all(|x| a.has(*x)));
    }

    #[test]
    fn bits_for_is_the_smallest_prefix(count in 1u64..=70_000) {
        let bits = Cidr::bits_for(count).unwrap();
        let size = |bits: u8| 1u64 << (32 - u32::from(bits));
        prop_assert!(size(bits) >= count);
        prop_assert!(bits == 32 || size(bits + 1) < count);
    }

    #[test]
    fn addresses_lie_within_and_meet_as_sets_do(addresses in some_addresses(), prefix in small()) {
        let inside = listed(|a| stands_for(addresses, a));
        let elsewhere = addresses == Addresses::Any;
        prop_assert_eq!(addresses.within(prefix), !elsewhere && inside.iter().all(|a| prefix.has(*a)));
        prop_assert_eq!(addresses.meets(prefix), inside.iter().any(|a| prefix.has(*a)));
        prop_assert_eq!(addresses.is_everything(), elsewhere);
        prop_assert_eq!(Addresses::parse(&addresses.to_string()), Ok(addresses));
    }

    #[test]
    fn a_list_covers_a_prefix_when_each_address_is_in_it(
        list in prop::collection::vec(some_addresses(), 0..5),
        prefix in small(),
    ) {
        let by_hand = listed(|a| prefix.has(a)).iter().all(|a| list.iter().any(|l| stands_for(*l, *a)));
        prop_assert_eq!(Addresses::cover(list, prefix), by_hand);
    }

    #[test]
    fn ports_hold_what_their_text_says(first in 1u16.., last in 1u16.., probe: u16) {
        let (first, last) = (first.min(last), first.max(last));
        let ports = Ports::parse(&format!("{first}-{last}")).unwrap();
        prop_assert_eq!(ports.has(probe), first <= probe && probe <= last);
        prop_assert_eq!(Ports::parse(&ports.to_string()), Some(ports));
    }

    #[test]
    fn readers_never_panic(text in ".*") {
        let _ = (Cidr::parse(&text), Addresses::parse(&text), Fqdn::parse(&text), Ports::parse(&text), Date::parse(&text));
        let _ = (registrable(&text), shared_by(&text), tags::take_apart(&text).region, names::rule(names::Named::Vnet).fault(&text));
    }

    #[test]
    fn what_a_reader_takes_it_writes_back(text in "[0-9a-zA-Z.*/-]{1,20}") {
        if let Ok(fqdn) = Fqdn::parse(&text) {
            prop_assert_eq!(fqdn.to_string(), text.to_ascii_lowercase());
            prop_assert_eq!(Fqdn::parse(&fqdn.to_string()), Ok(fqdn));
        }
        if let Ok(cidr) = Cidr::parse(&text) {
            prop_assert_eq!(Cidr::parse(&cidr.to_string()), Ok(cidr));
        }
    }

    #[test]
    fn days_are_ordered_as_their_texts(a in (1u16..3000, 1u8..=12, 1u8..=31), b in (1u16..3000, 1u8..=12, 1u8..=31)) {
        let (Some(a), Some(b)) = (Date::new(a.0, a.1, a.2), Date::new(b.0, b.1, b.2)) else { return Ok(()) };
        prop_assert_eq!(a.cmp(&b), a.to_string().cmp(&b.to_string()));
        prop_assert_eq!(Date::parse(&a.to_string()), Some(a));
    }
}

#[test]
fn prefixes() {
    for good in ["10.0.0.0/8", "0.0.0.0/0", "255.255.255.255/32", "10.0.5.0/24"] {
        assert_eq!(Cidr::parse(good).unwrap().to_string(), good);
    }
    for bad in [
        "",
        "10.0.0.0",
        "10.0.0.0/33",
        "10.0.0.0/-1",
        "10.0.0/24",
        "10.0.0.0/24 ",
        "010.0.0.0/24",
        "a/24",
        "10.0.0.0/",
        "10.0.0.0/08",
        "10.0.0.0/+8",
    ] {
        assert_eq!(Cidr::parse(bad), Err(CidrError::Syntax), "{bad:?}");
    }
    for v6 in ["fd00::/8", "::1", "2001:db8::/32"] {
        assert_eq!(Cidr::parse(v6), Err(CidrError::Ipv6), "{v6}");
    }
    let canonical = Cidr::parse("10.0.5.0/24").unwrap();
    assert_eq!(Cidr::parse("10.0.5.7/24"), Err(CidrError::HostBits(canonical)));
}

#[test]
fn address_forms() {
    for good in ["*", "10.0.0.4", "10.0.0.0/24", "10.0.0.4-10.0.0.9", "10.0.0.4-10.0.0.4"] {
        assert_eq!(Addresses::parse(good).unwrap().to_string(), good);
    }
    for bad in ["", "**", "10.0.0.9-10.0.0.4", "10.0.0.4-", "-10.0.0.4", "10.0.0.4-9", "10.0.0", "example.com"] {
        assert_eq!(Addresses::parse(bad), Err(CidrError::Syntax), "{bad:?}");
    }
    assert!(Addresses::parse("0.0.0.0/0").unwrap().is_everything());
    assert!(Addresses::parse("0.0.0.0-255.255.255.255").unwrap().is_everything());
    assert!(!Addresses::parse("0.0.0.0/1").unwrap().is_everything());
}

#[test]
fn host_names() {
    let table: &[(&str, Result<Fqdn, FqdnError>)] = &[
        ("*", Ok(Fqdn::Any)),
        ("MCR.microsoft.com", Ok(Fqdn::Host("mcr.microsoft.com".to_owned()))),
        ("*.contoso.com", Ok(Fqdn::SubdomainsOf("contoso.com".to_owned()))),
        ("*contoso.com", Ok(Fqdn::EndsWith("contoso.com".to_owned()))),
        ("_sip.contoso.com", Ok(Fqdn::Host("_sip.contoso.com".to_owned()))),
        ("www.contoso.*", Err(FqdnError::Wildcard)),
        ("a.*.contoso.com", Err(FqdnError::Wildcard)),
        ("**.contoso.com", Err(FqdnError::Wildcard)),
        ("https://contoso.com/a", Err(FqdnError::NotBare("contoso.com".to_owned()))),
        ("contoso.com:443", Err(FqdnError::NotBare("contoso.com".to_owned()))),
        ("contoso.com/", Err(FqdnError::NotBare("contoso.com".to_owned()))),
        ("", Err(FqdnError::Syntax)),
        ("contoso..com", Err(FqdnError::Syntax)),
        (".contoso.com", Err(FqdnError::Syntax)),
        ("contoso.com.", Err(FqdnError::Syntax)),
        ("-contoso.com", Err(FqdnError::Syntax)),
        ("con toso.com", Err(FqdnError::Syntax)),
        ("contoso.com\n", Err(FqdnError::Syntax)),
        ("10.0.0.4", Err(FqdnError::Syntax)),
        ("bücher.example", Err(FqdnError::Syntax)),
        ("$(reboot)", Err(FqdnError::Syntax)),
    ];
    for (text, expected) in table {
        assert_eq!(&Fqdn::parse(text), expected, "{text:?}");
    }
    assert_eq!(Fqdn::parse(&format!("{}.com", "a".repeat(64))), Err(FqdnError::Syntax));
    assert_eq!(Fqdn::parse(&"a.".repeat(130)), Err(FqdnError::Syntax));
}

#[test]
fn patterns_match_as_the_firewall_does() {
    let table = [
        ("*", "anything.example", true),
        ("*.contoso.com", "contoso.com", false),
        ("*.contoso.com", "a.contoso.com", true),
        ("*.contoso.com", "a.b.contoso.com", true),
        ("*.contoso.com", "evilcontoso.com", false),
        ("*.contoso.com", ".contoso.com", false),
        ("*contoso.com", "contoso.com", true),
        ("*contoso.com", "evilcontoso.com", true),
        ("contoso.com", "a.contoso.com", false),
    ];
    for (pattern, host, expected) in table {
        assert_eq!(Fqdn::parse(pattern).unwrap().matches(host), expected, "{pattern} {host}");
    }
}

#[test]
fn port_forms() {
    for (text, first, last) in [("443", 443, 443), ("1024-65535", 1024, 65535), ("*", 1, 65535), ("1", 1, 1)] {
        assert_eq!(Ports::parse(text), Some(Ports { first, last }), "{text}");
    }
    for bad in ["", "0", "65536", "443-80", "-1", "+443", "0443", " 443", "443-", "http", "1-2-3", "٤٤٣"] {
        assert_eq!(Ports::parse(bad), None, "{bad:?}");
    }
    assert_eq!(Ports::ALL.to_string(), "*");
}

#[test]
fn days() {
    for good in ["2026-01-31", "2024-02-29", "2000-02-29", "0001-01-01", "9999-12-31"] {
        assert_eq!(Date::parse(good).unwrap().to_string(), good);
    }
    for bad in [
        "",
        "2026-02-29",
        "1900-02-29",
        "2026-04-31",
        "2026-13-01",
        "2026-00-10",
        "2026-1-1",
        "26-01-01",
        "2026/01/01",
        "2026-01-3é",
        "+026-01-01",
    ] {
        assert_eq!(Date::parse(bad), None, "{bad:?}");
    }
}

#[test]
fn registered_domains() {
    let table = [
        ("docker.io", Some("docker.io")),
        ("auth.docker.io", Some("docker.io")),
        ("er.io", Some("er.io")),
        ("io", None),
        ("co.uk", None),
        ("shop.example.co.uk", Some("example.co.uk")),
        ("images.blob.core.windows.net", Some("windows.net")),
        ("someone.github.io", Some("github.io")),
        ("contoso.internal", Some("contoso.internal")),
    ];
    for (name, expected) in table {
        assert_eq!(registrable(name), expected, "{name}");
    }
}

#[test]
fn shared_suffixes() {
    for shared in ["blob.core.windows.net", "github.io", "azurewebsites.net", "s3.amazonaws.com"] {
        assert!(shared_by(shared).is_some(), "{shared}");
    }
    for own in ["docker.io", "images.blob.core.windows.net", "contoso.com", "com"] {
        assert!(shared_by(own).is_none(), "{own}");
    }
}

#[test]
fn tables_are_dated_sorted_and_readable() {
    fn check<T>(table: &aks_egress::tables::Table<T>, name: fn(&T) -> String) {
        assert!(Date::parse(table.as_of).is_some(), "{}", table.as_of);
        assert!(table.source.starts_with("https://"), "{}", table.source);
        let names: Vec<String> = table.rows.iter().map(|row| name(row).to_lowercase()).collect();
        assert!(names.windows(2).all(|pair| pair[0] < pair[1]), "not sorted or not unique: {names:?}");
    }
    check(&regions::REGIONS, |r| r.name.to_owned());
    check(&regions::OTHER_CLOUDS, |r| r.0.to_owned());
    check(&tags::SERVICE_TAGS, |t| t.name.to_owned());
    check(&tags::FQDN_TAGS, |t| (*t).to_owned());
    check(&tags::TAG_NEEDS, |t| t.0.to_owned());
    check(&hosts::OBSOLETE_HOSTS, |h| h.0.to_owned());
    check(&suffixes::SHARED, |s| s.0.to_owned());
    check(&addresses::SERVICE_SUBNETS, |s| s.0.to_owned());
    for block in [&addresses::FORBIDDEN, &addresses::RESERVED_BY_AKS, &addresses::PRIVATE] {
        check(block, |b| b.prefix.to_owned());
        assert!(block.rows.iter().all(|b| b.cidr().is_some()), "{block:?}");
    }
    for host in endpoints::REQUIRED.rows.iter().map(|row| row.host.replace("<location>", "westeurope")) {
        assert!(Fqdn::parse(&host).is_ok(), "{host}");
    }
    for need in tags::TAG_NEEDS.rows.iter().flat_map(|(tag, other, _)| [tag, other]) {
        assert!(tags::take_apart(need).tag.is_some(), "{need}");
    }
    for tag in endpoints::REQUIRED.rows.iter().flat_map(|row| row.service_tags) {
        assert!(tags::take_apart(tag).tag.is_some(), "{tag}");
    }
    assert!(Date::parse(limits::KUBENET_RETIRES).is_some());
}

#[test]
fn regions_are_those_that_are_documented() {
    let rows = regions::REGIONS.rows;
    assert_eq!(rows.len(), 58);
    assert_eq!(rows.iter().filter(|r| r.zones).count(), 38);
    assert_eq!(rows.iter().filter(|r| r.restricted).count(), 9);
    assert_eq!(rows.iter().filter(|r| r.tag_spelling.is_some()).count(), 8);
    for region in rows {
        // A display name is the programmatic one in words.
        let folded: String = region.display.split(' ').collect::<String>().to_lowercase();
        let sorted = |text: &str| {
            let mut letters: Vec<char> = text.chars().collect();
            letters.sort_unstable();
            letters
        };
        assert_eq!(sorted(&folded), sorted(region.name), "{}", region.display);
        assert!(!(region.restricted && region.zones), "{}", region.name);
    }
    assert_eq!(regions::find("WestEurope").unwrap().display, "West Europe");
    assert_eq!(regions::find_in_tag("CentralFrance").unwrap().name, "francecentral");
}

#[test]
fn service_tags_come_apart() {
    let table = [
        ("Storage", Some("Storage"), None),
        ("storage.WestEurope", Some("Storage"), Some("WestEurope")),
        ("AzureFrontDoor.FirstParty", Some("AzureFrontDoor.FirstParty"), None),
        ("AzureCloud.", Some("AzureCloud"), Some("")),
        ("Nothing.westeurope", None, Some("westeurope")),
        ("Nothing", None, None),
    ];
    for (written, tag, region) in table {
        let parts = tags::take_apart(written);
        assert_eq!((parts.tag.map(|t| t.name), parts.region), (tag, region), "{written}");
    }
    assert!(tags::is_fqdn_tag("Office365.Exchange.Optimize") && !tags::is_fqdn_tag("Office365."));
}

#[test]
fn names_that_azure_takes() {
    use names::Named;
    let table = [
        (Named::Vnet, "knets", true),
        (Named::Vnet, "k", false),
        (Named::Vnet, "knets-", false),
        (Named::Vnet, "knets_", true),
        (Named::Vnet, "_knets", false),
        (Named::ResourceGroup, "gruppe_süd(1)", true),
        (Named::ResourceGroup, "group.", false),
        (Named::ResourceGroup, "", false),
        (Named::Cluster, "a", true),
        (Named::Cluster, "a_b", true),
        (Named::Cluster, "a.b", false),
        (Named::Cluster, "a_", false),
        (Named::Workspace, "abc", false),
        (Named::Workspace, "ab_cd", false),
        (Named::Identity, "x-identity_", true),
        (Named::Subnet, "$(reboot)", false),
    ];
    for (named, name, good) in table {
        let fault = names::rule(named).fault(name);
        assert_eq!(fault.is_none(), good, "{named:?} {name:?}: {fault:?}");
    }
}

#[test]
fn urls_have_a_host_and_perhaps_a_path() {
    for text in [
        "www.contoso.com",
        "*.contoso.com",
        "www.contoso.com/",
        "www.contoso.com/test/*",
        "www.contoso.com/test/page.html",
        "*.contoso.com/*",
    ] {
        assert_eq!(Url::parse(text).map(|url| url.to_string()), Ok(text.to_owned()), "{text}");
    }
    assert_eq!(Url::parse("WWW.Contoso.com/Test").unwrap().to_string(), "www.contoso.com/Test");
    for (text, error) in [
        ("https://www.contoso.com", UrlError::NotBare),
        ("www.contoso.com:443/test", UrlError::NotBare),
        ("www.contoso.com/test?a=b", UrlError::NotBare),
        ("www.contoso.com/test#a", UrlError::NotBare),
        ("www.*contoso.com", UrlError::Wildcard),
        ("*contoso.com", UrlError::Wildcard),
        ("*", UrlError::Wildcard),
        ("www.contoso.com/*/test", UrlError::Wildcard),
        ("", UrlError::Syntax),
        ("/test", UrlError::Syntax),
        ("10.0.0.4/test", UrlError::Syntax),
        ("www.contoso.com/a b", UrlError::Syntax),
        ("www.contoso.com/${x}", UrlError::Syntax),
        ("www.contoso.com/\u{e9}", UrlError::Syntax),
    ] {
        assert_eq!(Url::parse(text), Err(error), "{text}");
    }
}
