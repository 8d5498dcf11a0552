//! The topology and the address map. Geometry lives here only; names and numbers come from the plan.

use super::svg::{Attr, Finished, Svg};
use crate::plan::logs::Workspace;
use crate::plan::{Network, Plan, RuleKind, Subnet, SubnetRole};
use crate::rules::Action;
use crate::value::Cidr;

/// Width of both drawings.
const WIDTH: i32 = 1000;

/// Space around both in a file of their own.
const MARGIN: i32 = 24;

/// A drawing whose origin is its upper left corner.
pub(super) struct Picture {
    /// Its height; all are equally wide.
    pub(super) height: i32,
    /// Its elements.
    pub(super) body: Finished,
    /// One sentence for those who cannot see it.
    pub(super) description: String,
}

/// Both drawings as a file of their own.
pub(super) fn standalone(plan: &Plan, style: &'static str, head: &str) -> String {
    let (top, map) = (topology(plan), addresses(plan));
    let gap = 24;
    let (width, height) = (WIDTH + 2 * MARGIN, top.height + gap + map.height + 2 * MARGIN);
    let view = format!("-{MARGIN} -{MARGIN} {width} {height}");
    let mut svg = Svg::default();
    let attrs = [
        ("xmlns", Attr::Word("http://www.w3.org/2000/svg")),
        ("class", Attr::Word("picture sheet")),
        ("viewBox", Attr::Text(&view)),
        ("width", Attr::Num(width)),
        ("height", Attr::Num(height)),
        ("role", Attr::Word("img")),
        ("aria-labelledby", Attr::Word("picture-title picture-text")),
    ];
    svg.group("svg", &attrs, |svg| {
        svg.words("title", &[("id", Attr::Word("picture-title"))], &format!("Topology of {}", *plan.name), None);
        let text = format!("{} {} {head}", top.description, map.description);
        svg.words("desc", &[("id", Attr::Word("picture-text"))], &text, None);
        svg.style(style);
        let back = [
            ("class", Attr::Word("back")),
            ("x", Attr::Num(-MARGIN)),
            ("y", Attr::Num(-MARGIN)),
            ("width", Attr::Num(width)),
            ("height", Attr::Num(height)),
        ];
        svg.leaf("rect", &back);
        svg.group("g", &[], |svg| {
            draw_topology(plan, svg);
        });
        let shift = format!("translate(0 {})", top.height + gap);
        svg.group("g", &[("transform", Attr::Text(&shift))], |svg| {
            draw_addresses(plan, svg);
        });
    });
    svg.finish().into_text()
}

/// One drawing as an element of a page; `id` names its title and description.
pub(super) fn inline(picture: &Picture, id: &'static str, title: &str) -> String {
    let (title_id, text_id) = (format!("{id}-title"), format!("{id}-text"));
    let labelled = format!("{title_id} {text_id}");
    let view = format!("0 0 {WIDTH} {}", picture.height);
    let mut svg = Svg::default();
    let attrs = [
        ("xmlns", Attr::Word("http://www.w3.org/2000/svg")),
        ("class", Attr::Word("picture")),
        ("viewBox", Attr::Text(&view)),
        ("role", Attr::Word("img")),
        ("aria-labelledby", Attr::Text(&labelled)),
    ];
    svg.group("svg", &attrs, |svg| {
        svg.words("title", &[("id", Attr::Text(&title_id))], title, None);
        svg.words("desc", &[("id", Attr::Text(&text_id))], &picture.description, None);
        svg.raw(&picture.body);
    });
    svg.finish().into_text()
}

/// Who sends where, and what lies between.
pub(super) fn topology(plan: &Plan) -> Picture {
    let mut svg = Svg::default();
    let height = draw_topology(plan, &mut svg);
    let pods = plan.network.find(SubnetRole::Pods).map_or(String::new(), |s| format!(" and pods in {}", place_of(s)));
    let description = format!(
        "Nodes in {}{pods} send everything through the firewall {} at {} to the internet; logs go to the workspace {}.",
        place_of(plan.network.subnet(SubnetRole::Nodes)),
        *plan.firewall.name,
        *plan.firewall.private_ip,
        plan.logs.workspace.name(),
    );
    Picture { height, body: svg.finish(), description }
}

/// Where every range lies.
pub(super) fn addresses(plan: &Plan) -> Picture {
    let mut svg = Svg::default();
    let height = draw_addresses(plan, &mut svg);
    let list: Vec<_> = plan.subnets().map(|(_, s)| format!("{} {}", *s.name, prefix(s))).collect();
    Picture { height, body: svg.finish(), description: format!("Subnets: {}.", list.join(", ")) }
}

/// The prefix of a subnet, as far as it is known.
fn prefix(subnet: &Subnet) -> String {
    subnet.prefix.as_ref().map_or_else(|| "there already".to_owned(), |prefix| prefix.to_string())
}

/// Its prefix or else its name.
fn place_of(subnet: &Subnet) -> String {
    subnet.prefix.as_ref().map_or_else(|| format!("the subnet {}", *subnet.name), |prefix| prefix.to_string())
}

/// A rectangle by its upper left corner and size.
#[derive(Clone, Copy)]
struct Area {
    x: i32,
    y: i32,
    w: i32,
    h: i32,
}

impl Area {
    fn right(self) -> i32 {
        self.x + self.w
    }
    fn bottom(self) -> i32 {
        self.y + self.h
    }
    fn middle(self) -> i32 {
        self.y + self.h / 2
    }
}

fn area(svg: &mut Svg, class: &'static str, a: Area) {
    let round = if class == "used" { 1 } else { 6 };
    let attrs = [
        ("class", Attr::Word(class)),
        ("x", Attr::Num(a.x)),
        ("y", Attr::Num(a.y)),
        ("width", Attr::Num(a.w)),
        ("height", Attr::Num(a.h)),
        ("rx", Attr::Num(round)),
    ];
    svg.leaf("rect", &attrs);
}

/// Text that is cut where `room` ends; the whole of it is then its hint.
fn label(svg: &mut Svg, class: &'static str, (x, y): (i32, i32), room: i32, text: &str) {
    let shown = super::visible::text(text);
    // Tenths of a unit that a letter takes in this class, a little more than on average.
    let letter = match class {
        "name" => 98,
        "code" => 74,
        "note" => 66,
        _ => 72,
    };
    let most = usize::try_from(room * 10 / letter).unwrap_or(0).max(4);
    let attrs = [("class", Attr::Word(class)), ("x", Attr::Num(x)), ("y", Attr::Num(y))];
    if shown.chars().count() <= most {
        svg.words("text", &attrs, &shown, None);
    } else {
        // The end of a name tells as much as its beginning.
        let all = shown.chars().count();
        let front = shown.chars().take(most / 2);
        let cut: String = front.chain(['…']).chain(shown.chars().skip(all - (most - 1 - most / 2))).collect();
        svg.words("text", &attrs, &cut, Some(&shown));
    }
}

/// A line through `points` with a head at its end.
fn arrow(svg: &mut Svg, class: &'static str, points: &[(i32, i32)]) {
    svg.leaf("polyline", &[("class", Attr::Word(class)), ("points", Attr::Points(points))]);
    let [.., (px, py), (x, y)] = *points else { return };
    let (dx, dy) = ((x - px).signum() * 8, (y - py).signum() * 8);
    let head = [(x, y), (x - dx - dy / 2, y - dy - dx / 2), (x - dx + dy / 2, y - dy + dx / 2)];
    let class = match class {
        "flow" => "flow head",
        "flow in" => "flow in head",
        _ => "wire head",
    };
    svg.leaf("polygon", &[("class", Attr::Word(class)), ("points", Attr::Points(&head))]);
}

/// The head of a subnet: its name, and its prefix below.
fn subnet_head(svg: &mut Svg, a: Area, subnet: &Subnet) {
    area(svg, "subnet", a);
    label(svg, "name", (a.x + 14, a.y + 24), a.w - 28, &subnet.name);
    label(svg, "code", (a.x + 14, a.y + 42), a.w - 28, &prefix(subnet));
}

/// Returns the height.
fn draw_topology(plan: &Plan, svg: &mut Svg) -> i32 {
    let services = plan.inbound.len().min(4);
    let rows = |n: usize| i32::try_from(n).unwrap_or(0);
    let nodes = Area { x: 17, y: 56, w: 280, h: 124 };
    // Subnets that not every cluster has.
    let extra: Vec<&Subnet> =
        [SubnetRole::Pods, SubnetRole::ApiServer].into_iter().filter_map(|role| plan.network.find(role)).collect();
    let extra_area = |n: usize| Area { x: 17, y: nodes.bottom() + 14 + 74 * rows(n), w: 280, h: 60 };
    let ingress = Area { x: 17, y: extra_area(extra.len()).y, w: 280, h: 64 + 20 * rows(services) };
    let tall = if plan.gateway.is_some() { 98 } else { 60 };
    let gateway = Area { x: 17, y: ingress.bottom() + 14, w: 280, h: tall };
    // The way in by a gateway passes below the firewall.
    let lane = if plan.gateway.is_some() { gateway.h + 14 } else { 0 };
    let height = gateway.bottom() + 16 - 12;
    let firewall = match plan.hub {
        None => Area { x: 388, y: 56, w: 250, h: gateway.bottom() - 56 - lane },
        Some(_) => Area { x: 409, y: 56, w: 229, h: gateway.bottom() - 56 - lane },
    };
    // A firewall of somebody else stands outside of the cluster's network too.
    let inside = plan.network.find(SubnetRole::Firewall).is_some();
    let network = Area { x: 1, y: 12, w: if inside { 653 } else { 312 }, h: height };
    let listed = plan.firewall.collections().filter(|(g, _)| g.kind != RuleKind::Dnat).count().min(12);
    let internet = Area { x: 759, y: 12, w: 240, h: network.h.max(172 + 22 * rows(listed)) };

    // Words beside an arrow to the firewall stand between two boxes.
    let beside = if inside { nodes.right() + 12 } else { network.right() + 8 };

    area(svg, "network", network);
    match &plan.hub {
        None if !inside => network_head(svg, network, &plan.network),
        None => {
            label(svg, "name", (17, 38), 340, &plan.network.name);
            if plan.network.existing.is_some() {
                label(svg, "note", (388, 38), 250, SOMEBODYS_NETWORK);
            } else {
                label(svg, "code", (388, 38), 250, &spaces(&plan.network));
            }
        }
        Some(hub) => {
            network_head(svg, network, &plan.network);
            let apart = Area { x: 397, w: 257, ..network };
            area(svg, "network", apart);
            network_head(svg, apart, &hub.network);
            label(svg, "note", (network.right() + 18, network.bottom() - 8), 60, "peering");
        }
    }

    draw_nodes(plan, svg, nodes);
    for (n, subnet) in extra.into_iter().enumerate() {
        let a = extra_area(n);
        subnet_head(svg, a, subnet);
        if subnet.routed {
            arrow(svg, "flow", &[(a.right(), a.middle()), (firewall.x, a.middle())]);
            label(svg, "note", (beside, a.middle() - 8), 76, "0.0.0.0/0");
        }
    }
    if let Some(subnet) = plan.network.find(SubnetRole::Ingress) {
        draw_ingress(plan, subnet, svg, ingress);
    }
    draw_firewall(plan, svg, firewall);
    draw_internet(plan, svg, internet);

    arrow(svg, "flow", &[(nodes.right(), nodes.middle()), (firewall.x, nodes.middle())]);
    label(svg, "note", (beside, nodes.middle() - 8), 76, "0.0.0.0/0");
    arrow(svg, "flow", &[(firewall.right(), nodes.middle()), (internet.x, nodes.middle())]);
    label(svg, "note", (firewall.right() + 30, nodes.middle() - 8), 100, &count_of(plan));
    if plan.inbound.iter().any(|service| !service.by_gateway) {
        let y = ingress.middle();
        arrow(svg, "flow in", &[(internet.x, y), (firewall.right(), y)]);
        arrow(svg, "flow in", &[(firewall.x, y), (ingress.right(), y)]);
        label(svg, "note", (firewall.right() + 30, y - 8), 100, &published(plan));
        label(svg, "note", (beside, y - 8), 76, "DNAT");
    }
    draw_gateway(plan, svg, gateway, ingress, internet);
    let below = network.bottom().max(internet.bottom()) + 34;
    draw_below(plan, svg, below, network.bottom());
    below + 62 + 16
}

/// What stands in the place of prefixes that only the owner knows.
const SOMEBODYS_NETWORK: &str = "a network of somebody else";

/// Prefixes of a network in one line.
fn spaces(network: &Network) -> String {
    network.address_space.iter().map(|s| s.to_string()).collect::<Vec<_>>().join(", ")
}

/// The head of one of two networks: its name, and its prefixes below.
fn network_head(svg: &mut Svg, a: Area, network: &Network) {
    label(svg, "name", (a.x + 14, a.y + 18), a.w - 28, &network.name);
    if network.existing.is_some() {
        label(svg, "note", (a.x + 14, a.y + 36), a.w - 28, SOMEBODYS_NETWORK);
    } else {
        label(svg, "code", (a.x + 14, a.y + 36), a.w - 28, &spaces(network));
    }
}

fn draw_nodes(plan: &Plan, svg: &mut Svg, a: Area) {
    subnet_head(svg, a, plan.network.subnet(SubnetRole::Nodes));
    let cluster = &plan.cluster;
    let card = Area { x: a.x + 12, y: a.y + 54, w: a.w - 24, h: 58 };
    area(svg, "card", card);
    label(svg, "plain", (card.x + 12, card.y + 24), card.w - 24, &cluster.name);
    let text = match cluster.pools.as_slice() {
        _ if !plan.layers.has_cluster() => "AKS, which somebody else makes".to_owned(),
        [pool] => format!("AKS, {} × {}, {}", *pool.nodes, *pool.node_size, cluster.cni.word()),
        pools => format!("AKS, {} nodes at most in {} pools, {}", cluster.nodes(), pools.len(), cluster.cni.word()),
    };
    label(svg, "note", (card.x + 12, card.y + 44), card.w - 24, &text);
}

fn draw_ingress(plan: &Plan, subnet: &Subnet, svg: &mut Svg, a: Area) {
    subnet_head(svg, a, subnet);
    for (n, service) in (0..).zip(plan.inbound.iter().take(4)) {
        let text = format!("{}:{} {}", *service.to, *service.to_port, *service.name);
        label(svg, "code", (a.x + 14, a.y + 66 + 20 * n), a.w - 28, &text);
    }
}

/// The gateway's subnet and, where there is a gateway, the way through it to the load balancers.
fn draw_gateway(plan: &Plan, svg: &mut Svg, a: Area, ingress: Area, internet: Area) {
    let Some(subnet) = plan.network.find(SubnetRole::Gateway) else { return };
    subnet_head(svg, a, subnet);
    let Some(gateway) = &plan.gateway else { return };
    label(svg, "plain", (a.x + 14, a.y + 66), a.w - 28, &gateway.name);
    label(svg, "note", (a.x + 14, a.y + 84), a.w - 28, "WAF_v2, prevention");
    let y = a.middle();
    arrow(svg, "flow in", &[(internet.x, y), (a.right(), y)]);
    label(
        svg,
        "note",
        (a.right() + 104, y - 8),
        240,
        &format!("{} {}, {}", gateway.scheme(), *gateway.port, *gateway.service),
    );
    let x = a.right() - 40;
    arrow(svg, "flow in", &[(x, a.y), (x, ingress.bottom())]);
}

fn draw_firewall(plan: &Plan, svg: &mut Svg, a: Area) {
    let firewall = &plan.firewall;
    match (&plan.hub, &firewall.existing) {
        (Some(_), _) | (None, None) => subnet_head(svg, a, plan.subnet(SubnetRole::Firewall)),
        (None, Some(existing)) => {
            area(svg, "subnet", a);
            label(svg, "name", (a.x + 14, a.y + 24), a.w - 28, "Of somebody else");
            let peer = existing.peer.as_ref();
            let text = match (peer, &plan.network.existing) {
                (Some(id), _) => format!("peered, {}", id.name),
                (None, Some(_)) => "in this network or peered with it".to_owned(),
                (None, None) => "reached by its owner's peering".to_owned(),
            };
            label(svg, "note", (a.x + 14, a.y + 42), a.w - 28, &text);
        }
    }
    let card = Area { x: a.x + 12, y: a.y + 54, w: a.w - 24, h: a.h - 66 };
    area(svg, "card wall", card);
    let (x, room) = (card.x + 12, card.w - 24);
    let mut y = card.y + 24;
    label(svg, "plain", (x, y), room, &firewall.name);
    let settings = match &firewall.existing {
        Some(own) => format!("{}, group priority {}", firewall.tier.word(), *own.priority),
        None => format!("{}, threat intel {}", firewall.tier.word(), firewall.threat_intel.word()),
    };
    let facts = [settings, format!("next hop {}", *firewall.private_ip)];
    for fact in facts {
        y += 20;
        label(svg, "note", (x, y), room, &fact);
    }
    y += 30;
    label(svg, "note", (x, y), room, "public addresses");
    y += 18;
    let lines = usize::try_from((card.bottom() - y) / 18 + 1).unwrap_or(1).max(1);
    let all = firewall.address_count();
    let shown = if all <= lines { all } else { lines - 1 };
    for index in 0..shown {
        label(svg, "code", (x, y), room, &firewall.address_name(index));
        y += 18;
    }
    if shown < all {
        label(svg, "note", (x, y), room, &format!("and {} more", all - shown));
    }
}

fn draw_internet(plan: &Plan, svg: &mut Svg, a: Area) {
    area(svg, "outside", a);
    label(svg, "name", (a.x + 14, a.y + 26), a.w - 28, "Internet");
    label(svg, "note", (a.x + 14, a.y + 46), a.w - 28, "in the order of evaluation");
    let mut y = a.y + 76;
    let mut rest = 0;
    let outbound = plan.firewall.collections().filter(|(g, _)| g.kind != RuleKind::Dnat);
    for (n, (_, collection)) in outbound.enumerate() {
        if n >= 12 {
            rest += 1;
            continue;
        }
        let class = match collection.action.value {
            Action::Allow => "dot allow",
            Action::Deny => "dot deny",
        };
        dot(svg, class, (a.x + 20, y - 4));
        let text = format!("{} {}", collection.priority.value, *collection.name);
        label(svg, "plain", (a.x + 34, y), a.w - 48, &text);
        y += 22;
    }
    if rest > 0 {
        label(svg, "note", (a.x + 34, y), a.w - 48, &format!("and {rest} more collections"));
        y += 22;
    }
    if plan.firewall.existing.is_some() || plan.firewall.parent_policy.is_some() {
        label(svg, "note", (a.x + 34, y), a.w - 48, "and the rules of others");
        y += 22;
    }
    dot(svg, "dot deny", (a.x + 20, y - 4));
    label(svg, "plain", (a.x + 34, y), a.w - 48, "everything else: denied");
}

fn dot(svg: &mut Svg, class: &'static str, (x, y): (i32, i32)) {
    svg.leaf(
        "circle",
        &[("class", Attr::Word(class)), ("cx", Attr::Num(x)), ("cy", Attr::Num(y)), ("r", Attr::Num(5))],
    );
}

/// Who answers names, and where log lines go.
fn draw_below(plan: &Plan, svg: &mut Svg, y: i32, network_bottom: i32) {
    let dns = Area { x: 17, y, w: 280, h: 62 };
    area(svg, "card", dns);
    label(svg, "plain", (dns.x + 14, dns.y + 26), dns.w - 28, "Name resolution");
    let servers: Vec<_> = plan.network.dns_servers.iter().map(|s| s.to_string()).collect();
    let text = match (*plan.firewall.dns_proxy, servers.is_empty()) {
        _ if plan.network.existing.is_some() => "servers that the network's owner chose".to_owned(),
        (true, _) => "the firewall's DNS proxy".to_owned(),
        (false, true) => "Azure, 168.63.129.16".to_owned(),
        (false, false) => servers.join(", "),
    };
    label(svg, "note", (dns.x + 14, dns.y + 46), dns.w - 28, &text);
    arrow(svg, "wire", &[(157, network_bottom), (157, y)]);
    let logs = Area { x: 388, y, w: 250, h: 62 };
    area(svg, "card", logs);
    let title = match &plan.logs.workspace {
        Workspace::Created { name: _, retention_days: _ } => "Log Analytics",
        Workspace::Existing { id: _, region: _ } => "Log Analytics of somebody else",
    };
    label(svg, "plain", (logs.x + 14, logs.y + 26), logs.w - 28, title);
    label(svg, "note", (logs.x + 14, logs.y + 46), logs.w - 28, plan.logs.workspace.name());
    if plan.firewall.existing.is_none() {
        arrow(svg, "wire", &[(513, network_bottom), (513, y)]);
    } else {
        // Where somebody else's firewall logs to is not known: what arrives comes from the cluster.
        let between = y - 17;
        arrow(svg, "wire", &[(267, network_bottom), (267, between), (513, between), (513, y)]);
    }
}

/// How many rules let traffic out.
fn count_of(plan: &Plan) -> String {
    let allowing = plan.firewall.collections().filter(|(g, c)| g.kind != RuleKind::Dnat && *c.action == Action::Allow);
    let rules = allowing.map(|(_, c)| c.rules.len()).sum();
    match rules {
        1usize => "1 rule".to_owned(),
        n => format!("{n} rules"),
    }
}

/// The port of the only service, else how many there are.
fn published(plan: &Plan) -> String {
    let by_rules: Vec<_> = plan.inbound.iter().filter(|service| !service.by_gateway).collect();
    match by_rules.as_slice() {
        [one] => format!("{} {}", one.protocol.word(), *one.port),
        more => format!("{} services", more.len()),
    }
}

/// A piece of an address space.
enum Piece<'a> {
    Subnet(&'a Subnet, Cidr),
    Free,
}

/// Returns the height.
fn draw_addresses(plan: &Plan, svg: &mut Svg) -> i32 {
    let mut y = 16;
    for network in plan.networks() {
        for space in &network.address_space {
            y = draw_space(plan, svg, network, space.value, y) + 28;
        }
    }
    if plan.network.existing.is_some() {
        y = draw_subnets(plan, svg, y) + 28;
    }
    label(svg, "name", (1, y + 10), 400, "Inside the cluster only");
    y += 26;
    let cluster = &plan.cluster;
    let mut x = 1;
    if let Some(pods) = &cluster.pod_cidr {
        range_card(svg, (x, y), "Pods", &pods.to_string(), &many(pods.size()));
        x += 316;
    }
    let dns = format!("{}, DNS {}", many(cluster.service_cidr.size()), *cluster.dns_service_ip);
    range_card(svg, (x, y), "Services", &cluster.service_cidr.to_string(), &dns);
    y + 82 + 16
}

fn range_card(svg: &mut Svg, (x, y): (i32, i32), name: &str, code: &str, note: &str) {
    area(svg, "card", Area { x, y, w: 300, h: 82 });
    label(svg, "plain", (x + 14, y + 26), 272, name);
    label(svg, "code", (x + 14, y + 46), 272, code);
    label(svg, "note", (x + 14, y + 66), 272, note);
}

/// Subnets of a network whose own addresses only its owner knows. Returns the lower end.
fn draw_subnets(plan: &Plan, svg: &mut Svg, y: i32) -> i32 {
    label(svg, "name", (1, y + 10), 600, &plan.network.name);
    let (mut x, mut top) = (1, y + 26);
    for (n, subnet) in plan.network.subnets.iter().enumerate() {
        if n > 0 && n % 3 == 0 {
            (x, top) = (1, top + 98);
        }
        range_card(svg, (x, top), &subnet.name, &prefix(subnet), &inhabitants(plan, subnet.role));
        x += 316;
    }
    top + 82
}

/// A bar to scale, and below it every piece in order, large enough to read. Returns its lower end.
fn draw_space(plan: &Plan, svg: &mut Svg, network: &Network, space: Cidr, y: i32) -> i32 {
    label(svg, "name", (1, y + 10), 300, &space.to_string());
    let note = match plan.hub {
        None => many(space.size()),
        Some(_) => format!("{} of {}", many(space.size()), *network.name),
    };
    label(svg, "note", (1 + 200, y + 10), 600, &note);
    let bar = Area { x: 1, y: y + 22, w: WIDTH - 2, h: 16 };
    area(svg, "free", bar);
    let inside = network.located().map(|(subnet, prefix)| (subnet, prefix.value));
    let mut subnets: Vec<(&Subnet, Cidr)> = inside.filter(|(_, prefix)| space.covers(*prefix)).collect();
    subnets.sort_by_key(|(_, prefix)| prefix.base());
    if subnets.is_empty() {
        return bar.bottom();
    }
    let pieces = pieces(space, &subnets);
    let gaps = i32::try_from(pieces.iter().filter(|p| matches!(p, Piece::Free)).count()).unwrap_or(0);
    let count = i32::try_from(subnets.len()).unwrap_or(1);
    let total = i32::try_from(pieces.len()).unwrap_or(1);
    let width = (bar.w - gaps * 44 - (total - 1) * 8) / count;
    let mut x = bar.x;
    for piece in &pieces {
        match piece {
            Piece::Free => {
                let gap = Area { x, y: y + 74, w: 44, h: 100 };
                area(svg, "free", gap);
                label(svg, "note", (gap.x + 9, gap.middle() + 4), 60, "free");
                x += 44 + 8;
            }
            Piece::Subnet(subnet, prefix) => {
                let a = Area { x, y: y + 74, w: width, h: 100 };
                draw_lens(svg, space, *prefix, bar, a);
                subnet_head(svg, a, subnet);
                label(svg, "note", (a.x + 14, a.y + 64), a.w - 28, &many(prefix.size()));
                label(svg, "note", (a.x + 14, a.y + 84), a.w - 28, &inhabitants(plan, subnet.role));
                x += width + 8;
            }
        }
    }
    y + 174
}

/// Subnets and the gaps between them, in order.
fn pieces<'a>(space: Cidr, subnets: &[(&'a Subnet, Cidr)]) -> Vec<Piece<'a>> {
    let mut list = Vec::new();
    let mut next = u64::from(u32::from(space.base()));
    for (subnet, prefix) in subnets {
        let base = u64::from(u32::from(prefix.base()));
        if base > next {
            list.push(Piece::Free);
        }
        list.push(Piece::Subnet(subnet, *prefix));
        next = next.max(u64::from(u32::from(prefix.last())) + 1);
    }
    if next <= u64::from(u32::from(space.last())) {
        list.push(Piece::Free);
    }
    list
}

/// The subnet's place on the bar, and the light that falls from there on its box.
fn draw_lens(svg: &mut Svg, space: Cidr, prefix: Cidr, bar: Area, a: Area) {
    let scale = |address: u64| {
        let offset = address - u64::from(u32::from(space.base()));
        i32::try_from(offset * u64::from(bar.w.unsigned_abs()) / space.size()).unwrap_or(0)
    };
    let left = bar.x + scale(u32::from(prefix.base()).into());
    let right = (bar.x + scale(u64::from(u32::from(prefix.last())) + 1)).max(left + 3);
    let lens = [(left, bar.bottom()), (right, bar.bottom()), (a.right(), a.y), (a.x, a.y)];
    svg.leaf("polygon", &[("class", Attr::Word("lens")), ("points", Attr::Points(&lens))]);
    area(svg, "used", Area { x: left, w: right - left, ..bar });
}

/// The address that matters in a subnet.
fn inhabitants(plan: &Plan, role: SubnetRole) -> String {
    match role {
        SubnetRole::Firewall => format!("{} firewall", *plan.firewall.private_ip),
        SubnetRole::FirewallManagement => "management of the firewall".to_owned(),
        SubnetRole::Gateway => "application gateway".to_owned(),
        SubnetRole::Ingress => match plan.inbound.as_slice() {
            [] => "internal load balancers".to_owned(),
            [one] => format!("{} {}", *one.to, *one.name),
            more => format!("{} published services", more.len()),
        },
        SubnetRole::Nodes => match plan.cluster.pools.as_slice() {
            [pool] => format!("{} nodes", *pool.nodes),
            _ => format!("{} nodes at most", plan.cluster.nodes()),
        },
        SubnetRole::Pods => "pods".to_owned(),
        SubnetRole::ApiServer => "API server".to_owned(),
    }
}

/// `65,536 addresses`
fn many(count: u64) -> String {
    format!("{} addresses", super::review::grouped(count))
}
