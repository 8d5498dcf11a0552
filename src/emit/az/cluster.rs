//! Identity, roles and the cluster.

use serde_json::{Value, json};

use super::ensure::{Fact, act, announce, ascii, ask, compare, ensure, grouped};
use super::logs::workspace_id;
use super::network::{or_null, regional, route_table_id, subnet_id, tagged, tagged_plainly};
use super::shell::{Command, Query, Script, Word};
use crate::diag::At;
use crate::plan::cluster::NodePool;
use crate::plan::{Cluster, Identity, Plan, RoleAssignment, RoleScope, SubnetRole};
use crate::profile::{Addon, ApiServer, ClusterTier, Cni, Dataplane, NetworkPolicy, NodeCount, Surge};
use crate::value::Cidr;

/// What `aks create` gives a pool by itself.
const USUAL_SURGE: Surge = Surge::Percent(10);

/// Sets `principal_id`, who the roles are given to, and makes the managed identity.
pub(super) fn identity(script: &mut Script, plan: &Plan) {
    match &plan.identity {
        Identity::Managed { name } => {
            let show = || grouped("az identity show", "--name", &Word::quote(name));
            let create = grouped("az identity create", "--name", &Word::quote(name))
                .option("--location", &Word::var("location"));
            let what = format!("identity {}", **name);
            ensure(script, &what, show(), &regional(plan, []), tagged(create, &plan.tags));
        }
        Identity::ServicePrincipal { name: _ } => {}
    }
    principal(script, plan);
}

/// Sets `principal_id`, who the roles are given to.
pub(super) fn principal(script: &mut Script, plan: &Plan) {
    match &plan.identity {
        Identity::Managed { name } => {
            let show = grouped("ask az identity show", "--name", &Word::quote(name));
            script.run(&ask(show, &Query::lines(&[Query::new("principalId")])));
            script.syntax(r#"principal_id="${found[0]}""#);
        }
        Identity::ServicePrincipal { name: _ } => script.syntax(r#"principal_id="$SERVICE_PRINCIPAL_OBJECT_ID""#),
    }
}

pub(super) fn roles(script: &mut Script, plan: &Plan) {
    let who = match &plan.identity {
        Identity::Managed { name } => identity_id(name),
        Identity::ServicePrincipal { name: _ } => Word::var("principal_id"),
    };
    for assignment in &plan.roles {
        let RoleAssignment { role, scope, why, origin: _ } = assignment;
        let (what, id) = match scope {
            RoleScope::Subnet(role) => {
                let subnet = plan.network.subnet(*role);
                (format!("subnet {}", *subnet.name), subnet_id(plan, subnet))
            }
            RoleScope::RouteTable => (format!("route table {}", *plan.routes.name), route_table_id(plan)),
        };
        let what = format!("role {} on {what}", role.name());
        script.gap();
        let list = Command::new("ask az role assignment list")
            .option("--scope", &id)
            .option("--role", &Word::bare(role.guid()))
            .option("--assignee-object-id", &Word::var("principal_id"))
            .option("--fill-principal-name", &Word::bare("false"))
            .option("--fill-role-definition-name", &Word::bare("false"));
        script.run(&ask(list, &Query::new("[].id")));
        script.open("if ((${#found[@]} > 0)); then");
        script.short("say", &[Word::quote(&format!("unchanged: {what}"))]);
        script.between("else");
        announce(script, &what);
        script.short("guid", &[id.clone(), who.clone(), Word::bare(role.guid())]);
        let create = Command::new("az role assignment create")
            .option("--name", &Word::var("uuid"))
            .option("--scope", &id)
            .option("--role", &Word::bare(role.guid()))
            .option("--assignee-object-id", &Word::var("principal_id"))
            .option("--assignee-principal-type", &Word::bare("ServicePrincipal"))
            .option("--description", &Word::quote(why));
        script.run(&act(create));
        script.close("fi");
    }
}

/// Tries again while new roles have not reached every part of Azure, which can take minutes.
pub(super) const RETRY: &str = r#"# Runs a command; an answer that speaks of missing rights makes it wait and try again, for half an hour at most.
with_new_roles() {
  local try status
  for ((try = 1; ; try++)); do
    status=0
    "$@" 2>"$scratch/failure" || status=$?
    ((status != 0)) || return 0
    if ((try >= 60)) || ! grep -qiE 'AuthorizationFailed|does not have (authorization|permission)|MissingPermission|PrincipalNotFound' "$scratch/failure"; then
      cat "$scratch/failure" >&2
      exit "$status"
    fi
    ((try > 1)) || cat "$scratch/failure" >&2
    say "waiting for the roles to take effect ($try)"
    sleep 30
  done
}
"#;

pub(super) fn cluster(script: &mut Script, plan: &Plan) {
    let what = format!("cluster {}", *plan.cluster.name);
    let show = || grouped("az aks show", "--name", &Word::quote(&plan.cluster.name));
    let exists = ask(show(), &Query::new("id"));
    script.gap();
    script.open_with("if look", &exists, "; then");
    script.comment("After an interruption it may still be in the making.");
    let wait = grouped("az aks wait", "--name", &Word::quote(&plan.cluster.name)).flag("--created");
    script.run(&act(wait));
    script.between("else");
    announce(script, &what);
    let create = create(script, plan);
    script.wrapped("with_new_roles", &act(create), "");
    script.close("fi");
    surge(script, plan);
    let facts = facts(plan);
    let queries: Vec<Query> = facts.iter().map(|fact| fact.query.clone()).collect();
    script.gap();
    let asked = grouped("ask az aks show", "--name", &Word::quote(&plan.cluster.name));
    script.run(&ask(asked, &Query::lines(&queries)));
    compare(script, &what, &facts);
    compare_access(script, plan, &what);
}

fn create(script: &mut Script, plan: &Plan) -> Command {
    let Cluster {
        name,
        dns_prefix,
        kubernetes_version,
        tier,
        cni,
        pools,
        api_server,
        authorized_ip_ranges,
        network_policy,
        dataplane,
        pod_cidr,
        service_cidr,
        dns_service_ip,
        addons,
        origin: _,
    } = &plan.cluster;
    let mut command = grouped("az aks create", "--name", &Word::quote(name))
        .option("--location", &Word::var("location"))
        .option("--dns-name-prefix", &Word::quote(dns_prefix))
        .option("--tier", &Word::bare(tier_word(**tier)));
    if let Some(version) = kubernetes_version {
        command = command.option("--kubernetes-version", &Word::quote(version));
    }
    command = pools.first().map_or(command.clone(), |pool| first_pool(command, pool));
    command = command.option("--vnet-subnet-id", &subnet_id(plan, plan.network.subnet(SubnetRole::Nodes)));
    command = pod_subnet(command, plan).flag("--skip-subnet-role-assignment");
    command = policies(plugin(command, **cni), **network_policy, **dataplane)
        .option("--outbound-type", &Word::bare("userDefinedRouting"))
        .option("--load-balancer-sku", &Word::bare("standard"));
    if let Some(prefix) = pod_cidr {
        command = command.option("--pod-cidr", &Word::quote(&prefix.to_string()));
    }
    command = command
        .option("--service-cidr", &Word::quote(&service_cidr.to_string()))
        .option("--dns-service-ip", &Word::quote(&dns_service_ip.to_string()));
    command = match &plan.identity {
        Identity::Managed { name } => {
            command.flag("--enable-managed-identity").option("--assign-identity", &identity_id(name))
        }
        Identity::ServicePrincipal { name: _ } => command
            .option("--service-principal", &Word::var("SERVICE_PRINCIPAL_CLIENT_ID"))
            .option("--client-secret", &Word::bare("@secret")),
    };
    command = access(command, plan, **api_server, authorized_ip_ranges);
    command = self::addons(script, command, plan, addons);
    tagged_plainly(script, command.flag("--no-ssh-key"), &plan.tags).flag("--yes")
}

/// Add-ons by their names in az, and the features that have options of their own.
fn addons(script: &mut Script, mut command: Command, plan: &Plan, list: &[At<Addon>]) -> Command {
    let mut names: Option<Word> = None;
    let mut name = |word| {
        names = Some(match names.take() {
            Some(before) => before.and(&Word::bare(",")).and(&Word::bare(word)),
            None => Word::bare(word),
        });
    };
    for addon in list {
        match addon.value {
            Addon::Monitoring => {
                name("monitoring");
                command = command.option("--workspace-resource-id", &workspace_id(plan));
            }
            Addon::AzurePolicy => name("azure-policy"),
            Addon::KeyVaultSecrets => {
                name("azure-keyvault-secrets-provider");
                command =
                    command.flag("--enable-secret-rotation").option("--rotation-poll-interval", &Word::bare("2m"));
            }
            Addon::Defender => {
                script.assign("defender_workspace", &workspace_id(plan));
                script.syntax(DEFENDER);
                command = command.flag("--enable-defender").option("--defender-config", &Word::bare("defender.json"));
            }
            Addon::WorkloadIdentity => {
                command = command.flag("--enable-oidc-issuer").flag("--enable-workload-identity");
            }
            Addon::CostAnalysis => command = command.flag("--enable-cost-analysis"),
            Addon::Istio => command = command.flag("--enable-azure-service-mesh"),
            // The first configuration brings the extension.
            Addon::Flux => {}
        }
    }
    match names {
        Some(names) => command.option("--enable-addons", &names),
        None => command,
    }
}

/// The only way to tell az which workspace Defender uses.
const DEFENDER: &str =
    r#"printf '{"logAnalyticsWorkspaceResourceId": "%s"}\n' "$defender_workspace" >"$scratch/defender.json""#;

/// What every add-on leaves on the cluster.
fn addon_facts(plan: &Plan) -> Vec<Fact> {
    let on = |name, query| Fact::json(name, query, &json!(true));
    let mut facts = Vec::new();
    for addon in &plan.cluster.addons {
        match addon.value {
            Addon::Monitoring => facts.extend([
                on("monitoring", "addonProfiles.omsagent.enabled"),
                Fact::known(
                    "workspace",
                    "addonProfiles.omsagent.config.logAnalyticsWorkspaceResourceID",
                    workspace_id(plan),
                ),
            ]),
            Addon::AzurePolicy => facts.push(on("Azure Policy", "addonProfiles.azurepolicy.enabled")),
            Addon::KeyVaultSecrets => facts.extend([
                on("secrets of vaults", "addonProfiles.azureKeyvaultSecretsProvider.enabled"),
                Fact::text(
                    "rotation of secrets",
                    "addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation",
                    "true",
                ),
            ]),
            Addon::Defender => facts.extend([
                on("Defender", "securityProfile.defender.securityMonitoring.enabled"),
                Fact::known(
                    "workspace of Defender",
                    "securityProfile.defender.logAnalyticsWorkspaceResourceId",
                    workspace_id(plan),
                ),
            ]),
            Addon::WorkloadIdentity => facts.extend([
                on("issuer of tokens", "oidcIssuerProfile.enabled"),
                on("workload identity", "securityProfile.workloadIdentity.enabled"),
            ]),
            Addon::CostAnalysis => facts.push(on("cost analysis", "metricsProfile.costAnalysis.enabled")),
            Addon::Istio => facts.push(Fact::text("service mesh", "serviceMeshProfile.mode", "Istio")),
            Addon::Flux => {}
        }
    }
    facts
}

/// What the command that makes the cluster can say of its first pool: always one of Linux nodes that stay.
fn first_pool(command: Command, pool: &NodePool) -> Command {
    let NodePool {
        name,
        mode: _,
        os: _,
        gpu: _,
        spot: _,
        nodes,
        node_size,
        pods_per_node,
        max_surge: _,
        zones,
        origin: _,
    } = pool;
    let zones: Vec<Word> = zones.iter().map(|zone| Word::number(zone.value)).collect();
    node_count(command.option("--nodepool-name", &Word::quote(name)), **nodes)
        .option("--vm-set-type", &Word::bare("VirtualMachineScaleSets"))
        .joined("--node-vm-size", &Word::quote(node_size))
        .option("--max-pods", &Word::number(**pods_per_node))
        .list("--zones", &zones)
}

fn node_count(command: Command, nodes: NodeCount) -> Command {
    match nodes {
        NodeCount::Fixed(nodes) => command.option("--node-count", &Word::number(nodes)),
        NodeCount::Between { min, max } => command
            .option("--node-count", &Word::number(min))
            .flag("--enable-cluster-autoscaler")
            .option("--min-count", &Word::number(min))
            .option("--max-count", &Word::number(max)),
    }
}

/// Pools besides the first: left alone, created, or the end of the script.
pub(super) fn pools(script: &mut Script, plan: &Plan) {
    let cluster = Word::quote(&plan.cluster.name);
    for pool in plan.cluster.pools.iter().skip(1) {
        let what = format!("node pool {}", *pool.name);
        let named = |words| grouped(words, "--cluster-name", &cluster).option("--name", &Word::quote(&pool.name));
        script.gap();
        script.open_with("if look", &ask(named("az aks nodepool show"), &Query::new("id")), "; then");
        script.comment("After an interruption it may still be in the making.");
        script.run(&act(named("az aks nodepool wait").flag("--created")));
        script.between("else");
        announce(script, &what);
        script.run(&act(add(named("az aks nodepool add"), plan, pool)));
        script.close("fi");
        let facts = pool_facts(plan, pool, Query::new(""));
        let queries: Vec<Query> = facts.iter().map(|fact| fact.query.clone()).collect();
        script.gap();
        script.run(&ask(named("ask az aks nodepool show"), &Query::lines(&queries)));
        compare(script, &what, &facts);
    }
}

fn add(command: Command, plan: &Plan, pool: &NodePool) -> Command {
    let NodePool { name: _, mode, os, gpu, spot, nodes, node_size, pods_per_node, max_surge, zones, origin: _ } = pool;
    let zones: Vec<Word> = zones.iter().map(|zone| Word::number(zone.value)).collect();
    let mut command = node_count(command.option("--mode", &Word::bare(mode.word())), **nodes)
        .option("--os-type", &Word::bare(os.word()))
        .option("--vm-set-type", &Word::bare("VirtualMachineScaleSets"))
        .joined("--node-vm-size", &Word::quote(node_size))
        .option("--max-pods", &Word::number(**pods_per_node))
        .option("--vnet-subnet-id", &subnet_id(plan, plan.network.subnet(SubnetRole::Nodes)));
    command = pod_subnet(command, plan).list("--zones", &zones);
    if let Some(surge) = max_surge {
        command = command.option("--max-surge", &Word::quote(&surge.to_string()));
    }
    if **spot {
        command = command
            .option("--priority", &Word::bare("Spot"))
            .option("--eviction-policy", &Word::bare("Delete"))
            .option("--spot-max-price", &Word::bare("-1"));
    }
    if **gpu {
        command = command.option("--gpu-driver", &Word::bare("Install"));
    }
    command
}

/// The subnet that a pool's pods have addresses of, where that is not the nodes'.
fn pod_subnet(command: Command, plan: &Plan) -> Command {
    match plan.network.find(SubnetRole::Pods) {
        Some(subnet) => command.option("--pod-subnet-id", &subnet_id(plan, subnet)),
        None => command,
    }
}

fn plugin(command: Command, cni: Cni) -> Command {
    let (plugin, mode) = plugin_words(cni);
    let command = command.option("--network-plugin", &Word::bare(plugin));
    match mode {
        Some(mode) => command.option("--network-plugin-mode", &Word::bare(mode)),
        None => command,
    }
}

fn plugin_words(cni: Cni) -> (&'static str, Option<&'static str>) {
    match cni {
        Cni::AzureOverlay => ("azure", Some("overlay")),
        // The subnets of the pools tell the two apart.
        Cni::Azure | Cni::AzurePodSubnet => ("azure", None),
        Cni::Kubenet => ("kubenet", None),
        Cni::None => ("none", None),
    }
}

fn policies(command: Command, policy: NetworkPolicy, dataplane: Dataplane) -> Command {
    let command = match policy {
        NetworkPolicy::None => command,
        NetworkPolicy::Azure | NetworkPolicy::Calico | NetworkPolicy::Cilium => {
            command.option("--network-policy", &Word::bare(policy.word()))
        }
    };
    match dataplane {
        Dataplane::Azure => command,
        Dataplane::Cilium => command.option("--network-dataplane", &Word::bare(dataplane.word())),
    }
}

/// Who reaches the API server, and where.
fn access(command: Command, plan: &Plan, api_server: ApiServer, ranges: &[At<Cidr>]) -> Command {
    let open = |command: Command| {
        let list = authorized(ranges, plan.firewall.address_count());
        match list.into_iter().reduce(|list, word| list.and(&Word::bare(",")).and(&word)) {
            Some(list) => command.option("--api-server-authorized-ip-ranges", &list),
            None => command,
        }
    };
    match api_server {
        ApiServer::Public => open(command),
        ApiServer::VnetIntegrated => {
            let subnet = subnet_id(plan, plan.network.subnet(SubnetRole::ApiServer));
            open(command.flag("--enable-apiserver-vnet-integration").option("--apiserver-subnet-id", &subnet))
        }
        ApiServer::Private => command
            .flag("--enable-private-cluster")
            .option("--private-dns-zone", &Word::bare("system"))
            .flag("--disable-public-fqdn"),
    }
}

/// The authorised ranges and, unless there is none, every address of the firewall, which nodes come from.
fn authorized(ranges: &[At<Cidr>], addresses: usize) -> Vec<Word> {
    let addresses = if ranges.is_empty() { 0 } else { addresses };
    let firewall = (0..addresses).map(|index| Word::element("addresses", index).and(&Word::bare("/32")));
    ranges.iter().map(|range| Word::quote(&range.to_string())).chain(firewall).collect()
}

/// Compares the authorised ranges as sets: how Azure sorts them is not documented.
fn compare_access(script: &mut Script, plan: &Plan, what: &str) {
    let list = authorized(&plan.cluster.authorized_ip_ranges, plan.firewall.address_count());
    let ranges = || grouped("ask az aks show", "--name", &Word::quote(&plan.cluster.name));
    const RANGES: &str = "apiServerAccessProfile.[authorizedIPRanges, authorizedIpRanges][?@] | [0]";
    script.gap();
    let count = Query::new("length(apiServerAccessProfile.[authorizedIPRanges, authorizedIpRanges][?@] | [0] || '')");
    script.run(&ask(ranges(), &Query::lines(&[count])));
    compare(
        script,
        &format!("authorised ranges of {what}"),
        &[Fact::known("number", "", Word::number(list.len() as u64))],
    );
    if !list.is_empty() {
        script.run(&ask(ranges(), &Query::new(RANGES)));
        let only = Command::new("only").word(&Word::quote(&format!("authorised ranges of {what}")));
        script.run(&list.iter().fold(only, |only, word| only.word(word)));
    }
}

/// The spelling of the option, which is not that of the resource.
fn tier_word(tier: ClusterTier) -> &'static str {
    match tier {
        ClusterTier::Free => "free",
        ClusterTier::Standard => "standard",
        ClusterTier::Premium => "premium",
    }
}

pub(super) fn identity_id(name: &At<String>) -> Word {
    Word::var("group_id")
        .and(&Word::bare("/providers/Microsoft.ManagedIdentity/userAssignedIdentities/"))
        .and(&Word::quote(name))
}

/// The cluster's resource ID.
pub(super) fn id(plan: &Plan) -> Word {
    Word::var("group_id")
        .and(&Word::bare("/providers/Microsoft.ContainerService/managedClusters/"))
        .and(&Word::quote(&plan.cluster.name))
}

/// Only a pool that exists can have another surge than the usual one.
fn surge(script: &mut Script, plan: &Plan) {
    let Some(pool) = plan.cluster.pools.first() else { return };
    let Some(surge) = pool.max_surge.as_ref().filter(|surge| ***surge != USUAL_SURGE) else { return };
    let cluster = Word::quote(&plan.cluster.name);
    let in_cluster = |words| grouped(words, "--cluster-name", &cluster).option("--name", &Word::quote(&pool.name));
    let planned = Word::quote(&surge.to_string());
    let query = Query::lines(&[Query::new("upgradeSettings.maxSurge")]);
    script.gap();
    script.run(&ask(in_cluster("ask az aks nodepool show"), &query));
    script.comment("What a new pool has: the usual surge, or none said.");
    script.open(r#"if [[ "${found[0]}" == null || "${found[0]}" == 10% ]]; then"#);
    announce(script, &format!("surge {} of pool {}", **surge, *pool.name));
    script.run(&act(in_cluster("az aks nodepool update").option("--max-surge", &planned)));
    script.close("fi");
}

fn facts(plan: &Plan) -> Vec<Fact> {
    let cluster = &plan.cluster;
    let (plugin, mode) = plugin_words(*cluster.cni);
    let mut facts = vec![
        Fact::text("name of the API server", "dnsPrefix", &cluster.dns_prefix),
        Fact::text("SKU", "sku.name", "Base"),
        Fact::text("tier", "sku.tier", cluster.tier.word()),
        Fact::json("role-based access", "enableRBAC || enableRbac", &json!(true)),
        Fact::text("network plugin", "networkProfile.networkPlugin", plugin),
        Fact::text("mode of the plugin", "networkProfile.networkPluginMode || 'none'", mode.unwrap_or("none")),
        Fact::text("network policy", "networkProfile.networkPolicy || 'none'", cluster.network_policy.word()),
        Fact::text("data plane", "networkProfile.networkDataplane || 'azure'", cluster.dataplane.word()),
        Fact::text(
            "API server",
            "apiServerAccessProfile.enableVnetIntegration && 'vnet-integrated' || apiServerAccessProfile.enablePrivateCluster && 'private' || 'public'",
            cluster.api_server.word(),
        ),
        Fact::text("outbound type", "networkProfile.outboundType", "userDefinedRouting"),
        Fact::text("load balancer", "networkProfile.loadBalancerSku", "standard"),
        Fact::text("service addresses", "networkProfile.serviceCidr", &cluster.service_cidr.to_string()),
        Fact::text(
            "address of the DNS service",
            "networkProfile.dnsServiceIp || networkProfile.dnsServiceIP",
            &cluster.dns_service_ip.to_string(),
        ),
    ];
    if let Some(pool) = cluster.pools.first() {
        let place = Query::new("agentPoolProfiles[?name==").literal(&pool.name).then("] | [0] | ");
        facts.extend(pool_facts(plan, pool, place));
    }
    facts.extend(access_facts(plan));
    if let Some(prefix) = &cluster.pod_cidr {
        facts.push(Fact::text("pod addresses", "networkProfile.podCidr", &prefix.to_string()));
    }
    if let Some(version) = &cluster.kubernetes_version {
        facts.push(version_fact(version));
    }
    match &plan.identity {
        Identity::Managed { name: _ } => facts.push(Fact::known(
            "identity",
            "identity.userAssignedIdentities.*.principalId | [0]",
            Word::var("principal_id"),
        )),
        Identity::ServicePrincipal { name: _ } => facts.push(Fact::known(
            "service principal",
            "servicePrincipalProfile.clientId",
            Word::var("SERVICE_PRINCIPAL_CLIENT_ID"),
        )),
    }
    facts.extend(addon_facts(plan));
    regional(plan, facts)
}

/// Where the API server is; who reaches it is compared as a set.
fn access_facts(plan: &Plan) -> Vec<Fact> {
    const PUBLIC_NAME: &str = "apiServerAccessProfile.[enablePrivateClusterPublicFQDN, enablePrivateClusterPublicFqdn][?@] | [0] && 'yes' || 'no'";
    match *plan.cluster.api_server {
        ApiServer::Public => Vec::new(),
        ApiServer::Private => vec![
            Fact::text(
                "zone of the API server",
                "apiServerAccessProfile.[privateDNSZone, privateDnsZone][?@] | [0]",
                "system",
            ),
            Fact::text("public name of the API server", PUBLIC_NAME, "no"),
        ],
        ApiServer::VnetIntegrated => {
            let subnet = subnet_id(plan, plan.network.subnet(SubnetRole::ApiServer));
            vec![Fact::known("subnet of the API server", "apiServerAccessProfile.subnetId", subnet)]
        }
    }
}

/// What a pool has to say; `place` leads to it.
fn pool_facts(plan: &Plan, pool: &NodePool, place: Query) -> Vec<Fact> {
    let NodePool { name: _, mode, os, gpu, spot, nodes, node_size, pods_per_node, max_surge, zones, origin: _ } = pool;
    let of = |name, property, planned| Fact {
        name: std::borrow::Cow::Borrowed(name),
        query: place.clone().then(property),
        planned,
    };
    let mut facts = match **nodes {
        NodeCount::Fixed(nodes) => vec![
            of("autoscaling", "enableAutoScaling && 'on' || 'off'", Word::bare("off")),
            of("nodes", "count", Word::number(nodes)),
        ],
        NodeCount::Between { min, max } => vec![
            of("autoscaling", "enableAutoScaling && 'on' || 'off'", Word::bare("on")),
            of("fewest nodes", "minCount", Word::number(min)),
            of("most nodes", "maxCount", Word::number(max)),
        ],
    };
    let zones = or_null(Value::from_iter(zones.iter().map(|zone| zone.value.to_string())));
    let subnet = subnet_id(plan, plan.network.subnet(SubnetRole::Nodes));
    facts.extend([
        of("mode", "mode", Word::bare(mode.word())),
        of("system of the nodes", "osType", Word::bare(os.word())),
        of("size of the nodes", "vmSize", Word::quote(node_size)),
        of("pods per node", "maxPods", Word::number(**pods_per_node)),
        of("zones", "availabilityZones[0] && sort(availabilityZones)", Word::quote(&ascii(&zones))),
        of("subnet", "vnetSubnetId || vnetSubnetID", subnet),
        // Such a node would go past the firewall.
        of("public addresses of the nodes", "enableNodePublicIp || enableNodePublicIP || 'none'", Word::bare("none")),
        of("priority", "scaleSetPriority || 'Regular'", Word::bare(if **spot { "Spot" } else { "Regular" })),
    ]);
    if let Some(subnet) = plan.network.find(SubnetRole::Pods) {
        facts.push(of("subnet of the pods", "podSubnetId || podSubnetID", subnet_id(plan, subnet)));
    }
    if let Some(surge) = max_surge {
        facts.push(of("surge", "upgradeSettings.maxSurge || '10%'", Word::quote(&surge.to_string())));
    }
    if **gpu {
        facts.push(of("drivers", "gpuProfile.driver", Word::bare("Install")));
    }
    facts
}

/// `1.33` stands for every `1.33.x`.
fn version_fact(version: &str) -> Fact {
    let query = Query::new("(kubernetesVersion == ")
        .literal(version)
        .then(" || starts_with(kubernetesVersion, ")
        .literal(&format!("{version}."))
        .then(")) && ")
        .literal(version)
        .then(" || kubernetesVersion");
    Fact { name: "Kubernetes version".into(), query, planned: Word::quote(version) }
}
