//! The review tells a colleague everything that matters, in a page that needs nothing from outside.

use std::collections::{BTreeMap, BTreeSet};

use scraper::{ElementRef, Html, Selector};

use crate::shared::{compile_file, compile_text, files_of, has_foreign_firewall, layers_of, profiles, root, stem};

fn all(html: &Html, selector: &str) -> Vec<String> {
    select(html, selector).iter().map(|e| text_of(*e)).collect()
}

fn select<'a>(html: &'a Html, selector: &str) -> Vec<ElementRef<'a>> {
    html.select(&Selector::parse(selector).unwrap()).collect()
}

fn text_of(element: ElementRef<'_>) -> String {
    element.text().collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
}

fn file(files: &BTreeMap<String, Vec<u8>>, path: &str) -> String {
    String::from_utf8(files[path].clone()).unwrap()
}

/// Every profile's name, files, and review.
fn reviews() -> Vec<(String, BTreeMap<String, Vec<u8>>, Html)> {
    profiles()
        .iter()
        .map(|profile| {
            let files = files_of(&compile_file(profile));
            let html = Html::parse_document(&file(&files, "review.html"));
            (stem(profile), files, html)
        })
        .collect()
}

#[test]
fn lists_every_rule_in_the_order_of_evaluation() {
    for profile in profiles() {
        let built = compile_file(&profile);
        let plan = &built.checked().unwrap().plan;
        let html = Html::parse_document(&file(&files_of(&built), "review.html"));
        let planned: Vec<String> = plan
            .firewall
            .collections()
            .flat_map(|(_, c)| c.rules.iter().map(|r| format!("{} {}", *c.name, *r.name)))
            .collect();
        let mut shown = Vec::new();
        for body in select(&html, "table.rules tbody") {
            let title = body.select(&Selector::parse(".collection .title").unwrap()).map(text_of).next().unwrap();
            for row in body.select(&Selector::parse("th[scope=row]").unwrap()) {
                let name = row.text().next().unwrap().trim().to_owned();
                shown.push(format!("{title} {name}"));
            }
        }
        assert_eq!(shown, planned, "{}", profile.display());
        let numbers = all(&html, "table.rules td.number");
        let expected: Vec<String> = (1..=planned.len()).map(|n| n.to_string()).collect();
        assert_eq!(numbers, expected);
        assert!(!planned.is_empty());
    }
}

#[test]
fn says_why_and_where_a_rule_is_written() {
    let text = "region = \"westeurope\"\n\n[egress.collections.partners]\npriority = 300\n[[egress.collections.partners.rules]]\n\
        name = \"rates\"\nfqdns = [\"api.example.com\"]\nwhy = \"exchange rates\"\nowner = \"treasury\"\nticket = \"NET-7\"\n\
        expires = 2031-01-31\n";
    let files = files_of(&compile_text(text));
    let html = Html::parse_document(&file(&files, "review.html"));
    let row = all(&html, "table.rules tbody tr").into_iter().find(|row| row.contains("rates")).unwrap();
    for part in ["exchange rates", "owner treasury, ticket NET-7, until 2031-01-31", "example.toml:5", "https:443"] {
        assert!(row.contains(part), "{part} in {row}");
    }
    let collection = all(&html, ".collection").into_iter().find(|row| row.contains("partners")).unwrap();
    assert!(collection.contains("300") && collection.contains("allow") && collection.contains("example.toml:3"));
    let pack = all(&html, ".collection").into_iter().find(|row| row.contains(" aks ")).unwrap();
    assert!(pack.contains("compared 20") && pack.contains("Source"), "{pack}");
    let markdown = file(&files, "review.md");
    assert!(markdown.contains("| exchange rates (owner treasury, ticket NET-7, until 2031-01-31) | example.toml:5 |"));
}

/// Two rules that end, one that is switched off, a pack that is, and a waiver with a last day.
const LIVES: &str = r#"region = "westeurope"

[egress]
packs = [{ name = "docker-hub", enabled = false }]

[egress.collections.partners]
priority = 300

[[egress.collections.partners.rules]]
name    = "late"
fqdns   = ["late.example.com"]
ports   = ["http:80", "http:8080"]
owner   = "<treasury>"
ticket  = "NET|7"
expires = 2031-01-31

[[egress.collections.partners.rules]]
name    = "early"
fqdns   = ["early.example.com"]
expires = 2027-01-31

[[egress.collections.partners.rules]]
name    = "off"
fqdns   = ["off.example.com"]
why     = "until the move is over"
owner   = "platform"
expires = 2027-02-28
enabled = false

[[waive]]
check  = "plain-http"
reason = "the partner has no certificate yet"
until  = 2029-06-30
"#;

#[test]
fn keeps_a_calendar_and_lists_what_is_switched_off() {
    let files = files_of(&compile_text(LIVES));
    let html = Html::parse_document(&file(&files, "review.html"));
    assert_eq!(
        all(&html, "#calendar tbody tr"),
        [
            "2027-01-31rule partners: earlyexample.toml:17",
            "2029-06-30waiver plain-httpthe partner has no certificate yetexample.toml:30",
            "2031-01-31rule partners: late<treasury>NET|7example.toml:9",
        ]
    );
    assert_eq!(
        all(&html, "#off tbody tr"),
        ["pack docker-hubDocker Hubexample.toml:4", "rule partners: offplatformuntil the move is overexample.toml:22",]
    );
    let markdown = file(&files, "review.md");
    for row in [
        "| 2027-01-31 | rule partners: early |  |  |  | example.toml:17 |\n| 2029-06-30 |",
        r"| 2031-01-31 | rule partners: late | &lt;treasury\> | NET\|7 |  | example.toml:9 |",
        "| pack docker-hub |  |  | Docker Hub | example.toml:4 |",
    ] {
        assert!(markdown.contains(row), "{row} in {markdown}");
    }
    let plan: serde_json::Value = serde_json::from_slice(&files["plan.json"]).unwrap();
    let days: Vec<_> = plan["calendar"].as_array().unwrap().iter().map(|one| &one["day"]).collect();
    assert_eq!(days, ["2027-01-31", "2029-06-30", "2031-01-31"]);
    assert_eq!(plan["switched-off"][0]["what"], serde_json::json!({ "pack": "docker-hub" }));
    assert_eq!(plan["switched-off"][1]["expires"], "2027-02-28");
    for (path, content) in &files {
        let held = String::from_utf8_lossy(content).contains("off.example.com");
        assert!(!held, "{path} holds a rule that is switched off");
    }
}

#[test]
fn shows_warnings_that_remain_and_nothing_dated() {
    let warned = profiles().iter().any(|profile| {
        let built = compile_file(profile);
        let checked = built.checked().unwrap();
        let html = Html::parse_document(&file(&files_of(&built), "review.html"));
        let shown = all(&html, ".findings li");
        let told: Vec<_> =
            checked.findings.iter().filter(|f| f.severity > aks_egress::diag::Severity::Advice).collect();
        assert_eq!(shown.len(), told.len(), "{}", profile.display());
        for (row, finding) in shown.iter().zip(told) {
            let message = finding.message.replace('`', "").split_whitespace().collect::<Vec<_>>().join(" ");
            assert!(row.contains(finding.code.id) && row.contains(&message), "{row}");
        }
        !shown.is_empty()
    });
    let wide = "region = \"westeurope\"\n[egress]\npacks = [\"dns\"]\n";
    let html = Html::parse_document(&file(&files_of(&compile_text(wide)), "review.html"));
    assert!(warned || !all(&html, ".findings li").is_empty(), "no profile shows how a warning looks");
}

/// The types and names that the template creates, less what the list shows as part of another resource.
fn template_resources(template: &serde_json::Value, found: &mut Vec<String>) {
    let inner = ["Microsoft.Network/routeTables/routes"];
    for resource in template["resources"].as_array().unwrap() {
        match resource["type"].as_str().unwrap() {
            "Microsoft.Resources/deployments" => template_resources(&resource["properties"]["template"], found),
            kind if inner.contains(&kind) => {}
            kind => found.push(kind.to_owned()),
        }
    }
}

#[test]
fn lists_the_resources_of_the_template() {
    for (name, files, html) in reviews() {
        let mut created = Vec::new();
        for layer in layers_of(&files) {
            let template: serde_json::Value = serde_json::from_slice(&files[&format!("arm/{layer}.json")]).unwrap();
            template_resources(&template, &mut created);
        }
        created.sort();
        let mut listed = all(&html, "section#resources tbody td code");
        listed.sort();
        assert_eq!(listed, created, "{name}");
        let text: String = layers_of(&files).iter().map(|layer| file(&files, &format!("arm/{layer}.json"))).collect();
        for row in select(&html, "section#resources tbody tr") {
            let name = text_of(row.select(&Selector::parse("th").unwrap()).next().unwrap());
            let last = name.rsplit('/').next().unwrap();
            // Role assignments are listed by the role, whose name the template knows as a GUID only.
            assert!(text.contains(last) || text_of(row).contains("roleAssignments"), "{name}");
        }
    }
}

#[test]
fn the_page_needs_nothing_from_outside() {
    for (name, files, html) in reviews() {
        let text = file(&files, "review.html");
        for tag in ["script", "link", "img", "iframe", "object", "embed", "base", "form", "image", "use"] {
            assert!(select(&html, tag).is_empty(), "{name}: <{tag}>");
        }
        for word in ["url(", "@import", "src=", "javascript:"] {
            assert!(!text.contains(word), "{name}: {word}");
        }
        for element in select(&html, "*") {
            for (key, value) in element.value().attrs() {
                assert!(!key.starts_with("on"), "{name}: {key}={value}");
            }
        }
        let policy = select(&html, "meta[http-equiv=Content-Security-Policy]")[0].attr("content").unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
    }
}

#[test]
fn the_page_can_be_read_by_everyone() {
    for (name, _, html) in reviews() {
        assert_eq!(select(&html, "html")[0].attr("lang"), Some("en"));
        assert_eq!(select(&html, "h1").len(), 1, "{name}");
        assert_eq!(select(&html, "main").len(), 1, "{name}");
        let ids: Vec<&str> = select(&html, "[id]").iter().map(|e| e.attr("id").unwrap()).collect();
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: an ID stands twice");
        for link in select(&html, "nav a") {
            let target = link.attr("href").unwrap().strip_prefix('#').unwrap();
            assert!(unique.contains(target), "{name}: #{target}");
        }
        for element in select(&html, "[aria-labelledby]") {
            for id in element.attr("aria-labelledby").unwrap().split(' ') {
                assert!(unique.contains(id), "{name}: {id}");
            }
        }
        for table in select(&html, "table") {
            assert!(table.select(&Selector::parse("thead th[scope=col]").unwrap()).next().is_some(), "{name}");
            let scopes = Selector::parse("th:not([scope])").unwrap();
            assert!(table.select(&scopes).next().is_none(), "{name}: a header cell without scope");
        }
        for picture in select(&html, "svg") {
            assert_eq!(picture.attr("role"), Some("img"));
            assert!(picture.select(&Selector::parse("svg > title").unwrap()).next().is_some());
        }
        let mut last = 1;
        for heading in select(&html, "h1, h2, h3") {
            let level: u32 = heading.value().name()[1..].parse().unwrap();
            assert!(level <= last + 1, "{name}: h{level} after h{last}");
            last = level;
        }
    }
}

#[test]
fn drawings_stay_inside_their_frame() {
    for (name, files, _) in reviews() {
        let text = file(&files, "topology.svg");
        let document = roxmltree::Document::parse(&text).unwrap();
        let root = document.root_element();
        let view: Vec<i32> = root.attribute("viewBox").unwrap().split(' ').map(|n| n.parse().unwrap()).collect();
        let (left, right) = (view[0], view[0] + view[2]);
        for node in document.descendants().filter(|n| n.is_element()) {
            let number = |key| node.attribute(key).map(|v| v.parse::<i32>().unwrap());
            if let (Some(x), Some(width)) = (number("x"), number("width")) {
                assert!(x >= left && width > 0 && x + width <= right, "{name}: {x} + {width}");
            }
            for point in node.attribute("points").unwrap_or("").split_whitespace() {
                let x: i32 = point.split(',').next().unwrap().parse().unwrap();
                assert!(x >= left && x <= right, "{name}: {point}");
            }
        }
        let firewall = if has_foreign_firewall(&files) { "Of somebody else" } else { "AzureFirewallSubnet" };
        for subnet in [firewall, "everything else: denied", "0.0.0.0/0"] {
            assert!(text.contains(subnet), "{name}: {subnet}");
        }
    }
}

#[test]
fn the_day_changes_nothing() {
    let text = std::fs::read_to_string(root().join("profiles/walkthrough.toml")).unwrap();
    let on = |day: &str| {
        let today = aks_egress::value::Date::parse(day);
        let name = "a/walkthrough.toml".into();
        let input =
            aks_egress::Input { name, text: text.clone(), stem: None, today, bases: Vec::new(), settings: None };
        let mut input = input;
        input.stem = Some("walkthrough".into());
        files_of(&aks_egress::compile(input))
    };
    assert_eq!(on("2026-01-01"), on("2036-01-01"));
}

#[test]
fn line_ends_and_byte_order_marks_change_no_hash() {
    let plain = "region = \"westeurope\"\ncni = \"azure\"\n";
    let hash = |text: &str| {
        let html = Html::parse_document(&file(&files_of(&compile_text(text)), "review.html"));
        all(&html, "section#inputs td code")
    };
    assert_eq!(hash(plain), hash(&format!("\u{feff}{}", plain.replace('\n', "\r\n"))));
    assert_ne!(hash(plain), hash(&format!("{plain}# more\n")));
}

/// The templates hold nothing that skips escaping, and no part is so long that parsing it takes time.
#[test]
fn templates_escape_everything_and_stay_short() {
    let mut seen = 0;
    for entry in walkdir::WalkDir::new(root().join("templates")) {
        let entry = entry.unwrap();
        if entry.path().extension().is_none_or(|e| e != "hbs") {
            continue;
        }
        seen += 1;
        let text = std::fs::read_to_string(entry.path()).unwrap();
        for word in ["{{{", "{{&", "{{~{"] {
            assert!(!text.contains(word), "{}: {word}", entry.path().display());
        }
        assert!(text.len() < 2048, "{}: {} bytes", entry.path().display(), text.len());
    }
    assert!(seen > 8, "{seen} templates");
}

#[test]
fn queries_are_headed_and_numbered() {
    for (name, files, _) in reviews() {
        let queries: Vec<&String> = files.keys().filter(|path| path.starts_with("kql/")).collect();
        assert!(queries.len() >= 9, "{name}: {queries:?}");
        for path in queries {
            let text = file(&files, path);
            assert!(text.starts_with("// Generated by aks-egress from "), "{path}");
            assert!(text.ends_with('\n') && !text.contains('\r'), "{path}");
        }
        let unused = file(&files, "kql/unused-rules.kql");
        let built = compile_file(&root().join(format!("profiles/{name}.toml")));
        let rules: usize = built.checked().unwrap().plan.firewall.collections().map(|(_, c)| c.rules.len()).sum();
        let rows = unused
            .lines()
            .filter(|line| line.starts_with("    ") && line.trim_start().starts_with(|c: char| c.is_ascii_digit()));
        assert_eq!(rows.count(), rules, "{name}");
    }
}

/// Takes a pattern out of a query: the text between `extract(@"` and `"` after `name = `.
fn pattern(query: &str, name: &str) -> regex::Regex {
    let start = query.find(&format!("{name} = ")).unwrap();
    let rest = &query[start..];
    let from = rest.find("extract(@\"").unwrap() + "extract(@\"".len();
    let to = rest[from..].find("\", 1, msg_s)").unwrap();
    regex::Regex::new(&rest[from..from + to]).unwrap()
}

/// Lines as the firewall writes them, with what the queries read out of them.
#[test]
fn legacy_queries_read_the_lines_of_the_firewall() {
    let query = std::fs::read_to_string(root().join("src/plan/kql/legacy-denied.kql")).unwrap();
    let names = ["Protocol", "Source", "Target", "Port", "Collection", "Rule"];
    let patterns: Vec<regex::Regex> = names.iter().map(|name| pattern(&query, name)).collect();
    let cases: [(&str, [&str; 6]); 8] = [
        (
            "HTTP request from 10.0.5.4:37668 to batman.com:80. Action: Deny. No rule matched. Proceeding with default action",
            ["HTTP", "10.0.5.4", "batman.com", "80", "", ""],
        ),
        (
            "HTTPS request from 10.0.5.4:1 to a.b.example.com:443. Url: a.b.example.com/x. Action: Allow. Rule Collection: my.coll. Rule: one",
            ["HTTPS", "10.0.5.4", "a.b.example.com", "443", "my.coll", "one"],
        ),
        (
            "HTTPS request from 10.0.5.4:1 to x.example.com:443. Action: Deny. Policy: p. Rule Collection Group: g. Rule Collection: c. Rule: no-x. Web Category: Games",
            ["HTTPS", "10.0.5.4", "x.example.com", "443", "c", "no-x"],
        ),
        ("TCP request from 10.0.5.4:5 to 192.0.2.1:22. Action: Deny", ["TCP", "10.0.5.4", "192.0.2.1", "22", "", ""]),
        (
            "UDP request from 10.0.5.4:5 to 192.0.2.1:123. Action: Deny. Rule Collection: p:g:c. Rule: r.",
            ["UDP", "10.0.5.4", "192.0.2.1", "123", "p:g:c", "r"],
        ),
        (
            "ICMP Type=8 request from 10.0.5.4: to 192.0.2.1:. Action: Deny. ",
            ["ICMP", "10.0.5.4", "192.0.2.1:", "", "", ""],
        ),
        ("ICMP request from 10.0.5.4 to 192.0.2.1. Action: Deny", ["ICMP", "10.0.5.4", "192.0.2.1", "", "", ""]),
        (
            "HTTPS  request from 10.0.5.4:1. Action: Deny. Reason: SNI TLS extension was missing.",
            ["HTTPS", "10.0.5.4", "", "", "", ""],
        ),
    ];
    for (line, expected) in cases {
        let read: Vec<&str> =
            patterns.iter().map(|p| p.captures(line).and_then(|c| c.get(1)).map_or("", |m| m.as_str())).collect();
        assert_eq!(read, expected, "{line}");
    }
    let dnat = std::fs::read_to_string(root().join("src/plan/kql/legacy-dnat.kql")).unwrap();
    let line = "TCP request from 203.0.113.7:5000 to 198.51.100.1:80 was DNAT'ed to 10.0.4.4:8080";
    for (name, expected) in [("Client", "203.0.113.7"), ("Outside", "198.51.100.1:80"), ("Inside", "10.0.4.4:8080")] {
        assert_eq!(&pattern(&dnat, name).captures(line).unwrap()[1], expected);
    }
}

/// What is somebody else's is marked as such in both drawings and words, and what its owner does is said.
#[test]
fn the_part_of_others_is_told() {
    let told = [
        ("existing-network", "a network of somebody else", "add subnets (AzureFirewallSubnet, snet-shop-ingress)"),
        ("existing-firewall", "Of somebody else", "The owner of the network hub-vnet: run az/peer-back.sh"),
        ("existing-estate", "a network of somebody else", "keep priority 2100 for the rule collection group"),
        ("three-teams", "a network of somebody else", "add the peering to-hub-vnet"),
        ("central-logs", "Log Analytics of somebody else", "Log Analytics Contributor"),
        ("company-rules", "and the rules of others", "The owner of the firewall policy company-westeurope"),
        ("network-only", "AKS, which somebody else makes", "Whoever makes the cluster"),
        ("hub-and-spoke", "peering", "The owner of the resource group connectivity-rg"),
        ("two-teams", "two-teams-aks", "Two teams: the first deploys the layer of the network"),
    ];
    for (name, files, _) in reviews() {
        let shapes: Vec<_> = told.iter().filter(|(shape, _, _)| *shape == name).collect();
        let review = file(&files, "review.md");
        assert_eq!(review.contains("## What others do"), !shapes.is_empty(), "{name}");
        for (_, drawn, said) in shapes {
            assert!(file(&files, "topology.svg").contains(drawn), "{name}: {drawn}");
            assert!(review.contains(said), "{name}: {said}");
        }
    }
}
