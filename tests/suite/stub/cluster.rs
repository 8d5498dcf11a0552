//! Clusters and their pools, with what the CLI creates besides.

use serde_json::{Value, json};

use super::args::Args;
use super::body;
use super::cloud::{Casing, Cloud};
use super::command::{Answer, Command, Does, Failure, Reading, flag, many, need, one};
use super::id;

const CLUSTER: &str = "Microsoft.ContainerService/managedClusters";
const POOL: &str = "Microsoft.ContainerService/managedClusters/agentPools";

pub(super) const COMMANDS: &[Command] = &[
    Command {
        words: "aks show",
        reading: Reading::Plain,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--name")],
        run: |cloud, args| {
            let shown = cloud.show(&args.id(CLUSTER, &["--name"])?)?;
            Ok(spelled(&shown, cloud.casing))
        },
    },
    Command {
        words: "aks wait",
        reading: Reading::Plain,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--name"), flag("--created")],
        run: |cloud, args| cloud.show(&args.id(CLUSTER, &["--name"])?).map(|_| Value::Null),
    },
    Command {
        words: "aks get-credentials",
        reading: Reading::Plain,
        does: Does::Local,
        options: &[need("--resource-group"), need("--name"), one("--file")],
        run: get_credentials,
    },
    Command {
        words: "aks create",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--name"),
            one("--location"),
            one("--dns-name-prefix"),
            one("--tier"),
            one("--kubernetes-version"),
            one("--nodepool-name"),
            one("--vm-set-type"),
            one("--node-count"),
            flag("--enable-cluster-autoscaler"),
            one("--min-count"),
            one("--max-count"),
            one("--node-vm-size"),
            one("--max-pods"),
            many("--zones"),
            one("--vnet-subnet-id"),
            flag("--skip-subnet-role-assignment"),
            one("--network-plugin"),
            one("--network-plugin-mode"),
            one("--outbound-type"),
            one("--load-balancer-sku"),
            one("--pod-cidr"),
            one("--service-cidr"),
            one("--dns-service-ip"),
            flag("--enable-managed-identity"),
            one("--assign-identity"),
            one("--service-principal"),
            one("--client-secret"),
            one("--network-policy"),
            one("--network-dataplane"),
            one("--api-server-authorized-ip-ranges"),
            flag("--enable-apiserver-vnet-integration"),
            one("--apiserver-subnet-id"),
            one("--pod-subnet-id"),
            flag("--enable-private-cluster"),
            one("--private-dns-zone"),
            flag("--disable-public-fqdn"),
            one("--enable-addons"),
            one("--workspace-resource-id"),
            flag("--enable-secret-rotation"),
            one("--rotation-poll-interval"),
            flag("--enable-defender"),
            one("--defender-config"),
            flag("--enable-oidc-issuer"),
            flag("--enable-workload-identity"),
            flag("--enable-cost-analysis"),
            flag("--enable-azure-service-mesh"),
            flag("--no-ssh-key"),
            many("--tags"),
            flag("--yes"),
        ],
        run: create,
    },
    Command {
        words: "aks command invoke",
        reading: Reading::Plain,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--name"), need("--command"), many("--file")],
        run: invoke,
    },
    Command {
        words: "aks nodepool show",
        reading: Reading::Plain,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--cluster-name"), need("--name")],
        run: pool_show,
    },
    Command {
        words: "aks nodepool wait",
        reading: Reading::Plain,
        does: Does::Ask,
        options: &[need("--resource-group"), need("--cluster-name"), need("--name"), flag("--created")],
        run: |cloud, args| pool_show(cloud, args).map(|_| Value::Null),
    },
    Command {
        words: "aks nodepool add",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[
            need("--resource-group"),
            need("--cluster-name"),
            need("--name"),
            one("--mode"),
            one("--node-count"),
            flag("--enable-cluster-autoscaler"),
            one("--min-count"),
            one("--max-count"),
            one("--os-type"),
            one("--vm-set-type"),
            one("--node-vm-size"),
            one("--max-pods"),
            one("--max-surge"),
            one("--vnet-subnet-id"),
            one("--pod-subnet-id"),
            many("--zones"),
            one("--priority"),
            one("--eviction-policy"),
            one("--spot-max-price"),
            one("--gpu-driver"),
        ],
        run: pool_add,
    },
    Command {
        words: "aks nodepool update",
        reading: Reading::Plain,
        does: Does::Act,
        options: &[need("--resource-group"), need("--cluster-name"), need("--name"), one("--max-surge")],
        run: pool_update,
    },
];

/// Names as this version of the CLI spells them.
fn spelled(value: &Value, casing: Casing) -> Value {
    match (value, casing) {
        (Value::Object(fields), Casing::Package) => {
            let name = |name: &String| match name.as_str() {
                "dnsServiceIP" => "dnsServiceIp".to_owned(),
                "vnetSubnetID" => "vnetSubnetId".to_owned(),
                "authorizedIPRanges" => "authorizedIpRanges".to_owned(),
                "privateDNSZone" => "privateDnsZone".to_owned(),
                "enablePrivateClusterPublicFQDN" => "enablePrivateClusterPublicFqdn".to_owned(),
                "podSubnetID" => "podSubnetId".to_owned(),
                _ => name.clone(),
            };
            Value::Object(fields.iter().map(|(key, inner)| (name(key), spelled(inner, casing))).collect())
        }
        (Value::Array(items), Casing::Package) => items.iter().map(|item| spelled(item, casing)).collect(),
        (_, _) => value.clone(),
    }
}

/// The first pool, which comes with the cluster.
fn first_pool(args: &Args) -> Result<Value, Failure> {
    let mut pool = pool(args)?;
    body::set_some(&mut pool, &["name"], Some(args.text("--nodepool-name")?.unwrap_or_else(|| "nodepool1".to_owned())));
    body::set(&mut pool, &["mode"], json!("System"));
    body::set(&mut pool, &["osType"], json!("Linux"));
    Ok(pool)
}

/// What the CLI sends for a pool when nothing else is said.
fn pool(args: &Args) -> Result<Value, Failure> {
    let mut pool = json!({ "enableNodePublicIP": false });
    body::set_some(&mut pool, &["type"], args.text("--vm-set-type")?);
    body::set_some(&mut pool, &["count"], Some(args.number("--node-count")?.unwrap_or(json!(3))));
    body::set_some(&mut pool, &["vmSize"], args.text("--node-vm-size")?);
    body::set_some(&mut pool, &["maxPods"], args.number("--max-pods")?);
    body::set_some(&mut pool, &["availabilityZones"], args.array("--zones")?);
    body::set_some(&mut pool, &["vnetSubnetID"], args.text("--vnet-subnet-id")?);
    body::set_some(&mut pool, &["podSubnetID"], args.text("--pod-subnet-id")?);
    if args.has("--enable-cluster-autoscaler") {
        body::set(&mut pool, &["enableAutoScaling"], json!(true));
        for (name, option) in [("minCount", "--min-count"), ("maxCount", "--max-count")] {
            let count = args.number(option)?.ok_or_else(|| Failure::usage(format!("the autoscaler needs {option}")))?;
            body::set(&mut pool, &[name], count);
        }
    }
    Ok(pool)
}

fn pool_add(cloud: &mut Cloud, args: &Args) -> Answer {
    let (cluster, id) = (args.id(CLUSTER, &["--cluster-name"])?, args.id(POOL, &["--cluster-name", "--name"])?);
    cloud.show(&cluster)?;
    if cloud.exists(&id) || position(cloud, args)?.1.is_some() {
        return Err(Failure::refused("Conflict", format!("{id} exists")));
    }
    let mut pool = pool(args)?;
    let spot = args.choice("--priority", &["Spot", "Regular"])?;
    body::set_some(&mut pool, &["mode"], args.choice("--mode", &["User", "System"])?.or(Some(json!("User"))));
    body::set_some(&mut pool, &["osType"], args.choice("--os-type", &["Linux", "Windows"])?.or(Some(json!("Linux"))));
    body::set_some(&mut pool, &["upgradeSettings", "maxSurge"], args.text("--max-surge")?);
    if spot == Some(json!("Spot")) {
        if args.has("--max-surge") {
            return Err(Failure::refused("InvalidParameter", "Spot pools can't set max surge"));
        }
        let price = args.must("--spot-max-price")?;
        let price: i64 = price.parse().map_err(|_| Failure::usage(format!("--spot-max-price {price}")))?;
        body::set(&mut pool, &["scaleSetPriority"], json!("Spot"));
        body::set(&mut pool, &["spotMaxPrice"], json!(price));
        let policy = args.choice("--eviction-policy", &["Delete", "Deallocate"])?;
        body::set_some(&mut pool, &["scaleSetEvictionPolicy"], policy.or(Some(json!("Delete"))));
    }
    body::set_some(&mut pool, &["gpuProfile", "driver"], args.choice("--gpu-driver", &["Install", "None"])?);
    cloud.put(&id, json!({ "properties": pool }))?;
    Ok(Value::Null)
}

fn create(cloud: &mut Cloud, args: &Args) -> Answer {
    let id = args.id(CLUSTER, &["--name"])?;
    if cloud.exists(&id) {
        return Err(Failure::refused("Conflict", format!("{id} exists")));
    }
    let mut body = json!({ "properties": { "enableRBAC": true, "agentPoolProfiles": [first_pool(args)?] } });
    body::set_some(&mut body, &["location"], args.text("--location")?);
    body::set_some(&mut body, &["tags"], args.tags()?);
    body::set(&mut body, &["sku", "name"], json!("Base"));
    let tier = args.choice("--tier", &["free", "standard", "premium"])?.unwrap_or(json!("free"));
    let tier = ["Free", "Standard", "Premium"].into_iter().find(|one| tier == one.to_lowercase().as_str());
    body::set_some(&mut body, &["sku", "tier"], tier);
    body::set_some(&mut body, &["properties", "dnsPrefix"], args.text("--dns-name-prefix")?);
    body::set_some(&mut body, &["properties", "kubernetesVersion"], args.text("--kubernetes-version")?);
    network(&mut body, args)?;
    identity(&mut body, args)?;
    let monitored = args.text("--enable-addons")?.is_some_and(|list| list.split(',').any(|one| one == "monitoring"));
    let workspace = args.text("--workspace-resource-id")?.filter(|_| monitored);
    if let Some(workspace) = &workspace {
        let config = json!({ "logAnalyticsWorkspaceResourceID": workspace, "useAADAuth": "true" });
        body::set(
            &mut body,
            &["properties", "addonProfiles", "omsagent"],
            json!({ "enabled": true, "config": config }),
        );
    }
    features(&mut body, args)?;
    if !args.has("--no-ssh-key") {
        return Err(Failure::usage("without --no-ssh-key, a key of whoever runs this is taken"));
    }
    if !args.has("--skip-subnet-role-assignment") {
        return Err(Failure::usage(
            "without --skip-subnet-role-assignment, a role is assigned that the plan does not know",
        ));
    }
    cloud.put(&id, body)?;
    match workspace {
        Some(workspace) => insights(cloud, &id, &workspace),
        None => Ok(Value::Null),
    }
}

/// Add-ons besides monitoring, and what Azure counts elsewhere.
fn features(body: &mut Value, args: &Args) -> Result<(), Failure> {
    let mut set = |path: &[&str], value: Value| {
        let path: Vec<&str> = std::iter::once("properties").chain(path.iter().copied()).collect();
        body::set(body, &path, value);
    };
    let on = || json!({ "enabled": true });
    for addon in args.text("--enable-addons")?.unwrap_or_default().split(',').filter(|one| !one.is_empty()) {
        match addon {
            "monitoring" => {}
            "azure-policy" => set(&["addonProfiles", "azurepolicy"], on()),
            "azure-keyvault-secrets-provider" => {
                let rotation = args.has("--enable-secret-rotation").to_string();
                let interval = args.text("--rotation-poll-interval")?.unwrap_or_else(|| "2m".to_owned());
                let config = json!({ "enableSecretRotation": rotation, "rotationPollInterval": interval });
                set(&["addonProfiles", "azureKeyvaultSecretsProvider"], json!({ "enabled": true, "config": config }));
            }
            other => return Err(Failure::usage(format!("--enable-addons {other}"))),
        }
    }
    if args.has("--enable-defender") {
        let file = args.file("--defender-config")?;
        let bad = |e: &dyn std::fmt::Display| Failure::usage(format!("{}: {e}", file.display()));
        let text = std::fs::read_to_string(&file).map_err(|e| bad(&e))?;
        let config: Value = serde_json::from_str(&text).map_err(|e| bad(&e))?;
        let workspace = config["logAnalyticsWorkspaceResourceId"].clone();
        let defender = json!({ "logAnalyticsWorkspaceResourceId": workspace, "securityMonitoring": on() });
        set(&["securityProfile", "defender"], defender);
    }
    if args.has("--enable-workload-identity") {
        if !args.has("--enable-oidc-issuer") {
            return Err(Failure::usage("workload identity needs the issuer"));
        }
        set(&["securityProfile", "workloadIdentity"], on());
    }
    if args.has("--enable-oidc-issuer") {
        set(&["oidcIssuerProfile"], on());
    }
    if args.has("--enable-cost-analysis") {
        set(&["metricsProfile", "costAnalysis"], on());
    }
    if args.has("--enable-azure-service-mesh") {
        set(&["serviceMeshProfile"], json!({ "mode": "Istio", "istio": {} }));
    }
    Ok(())
}

const PLUGINS: [&str; 3] = ["azure", "kubenet", "none"];
const OUTBOUND: [&str; 4] = ["loadBalancer", "userDefinedRouting", "userAssignedNATGateway", "none"];

fn network(body: &mut Value, args: &Args) -> Result<(), Failure> {
    let mut set = |name: &str, value: Option<Value>| {
        body::set_some(body, &["properties", "networkProfile", name], value);
    };
    let text = |option: &str| Ok::<_, Failure>(args.text(option)?.map(Value::from));
    set("networkPlugin", args.choice("--network-plugin", &PLUGINS)?);
    set("networkPluginMode", args.choice("--network-plugin-mode", &["overlay"])?);
    set("outboundType", args.choice("--outbound-type", &OUTBOUND)?);
    set("loadBalancerSku", args.choice("--load-balancer-sku", &["standard", "basic"])?);
    set("podCidr", text("--pod-cidr")?);
    set("serviceCidr", text("--service-cidr")?);
    set("dnsServiceIP", text("--dns-service-ip")?);
    set("networkPolicy", args.choice("--network-policy", &["azure", "calico", "cilium", "none"])?);
    set("networkDataplane", args.choice("--network-dataplane", &["azure", "cilium"])?);
    access(body, args)
}

/// Who reaches the API server.
fn access(body: &mut Value, args: &Args) -> Result<(), Failure> {
    let mut set = |name: &str, value: Value| body::set(body, &["properties", "apiServerAccessProfile", name], value);
    let ranges = args.text("--api-server-authorized-ip-ranges")?;
    if let Some(ranges) = &ranges {
        set("authorizedIPRanges", ranges.split(',').map(Value::from).collect());
    }
    match (args.has("--enable-apiserver-vnet-integration"), args.text("--apiserver-subnet-id")?) {
        (false, None) => {}
        (true, Some(subnet)) => {
            set("enableVnetIntegration", json!(true));
            set("subnetId", json!(subnet));
        }
        (true, None) => return Err(Failure::usage("an own network needs a subnet of the API server")),
        (false, Some(_)) => return Err(Failure::usage("a subnet of an API server that is elsewhere")),
    }
    if args.has("--enable-private-cluster") {
        if ranges.is_some() {
            return Err(Failure::usage("a private cluster takes no authorized ranges"));
        }
        set("enablePrivateCluster", json!(true));
        set("privateDNSZone", json!(args.must("--private-dns-zone")?));
        set("enablePrivateClusterPublicFQDN", json!(!args.has("--disable-public-fqdn")));
    }
    Ok(())
}

fn identity(body: &mut Value, args: &Args) -> Result<(), Failure> {
    match (args.text("--assign-identity")?, args.text("--service-principal")?) {
        (Some(identity), None) if args.has("--enable-managed-identity") => {
            body::set(body, &["identity", "type"], json!("UserAssigned"));
            body::set(body, &["identity", "userAssignedIdentities", &identity], json!({}));
        }
        (None, Some(client)) => {
            let profile = json!({ "clientId": client, "secret": args.must("--client-secret")? });
            body::set(body, &["properties", "servicePrincipalProfile"], profile);
        }
        (_, _) => return Err(Failure::usage("either a managed identity or a service principal")),
    }
    Ok(())
}

/// With the add-on for monitoring, the CLI creates a data collection rule, without tags, and its association.
fn insights(cloud: &mut Cloud, cluster: &str, workspace: &str) -> Answer {
    let location = cloud.body(workspace).map(|it| it["location"].clone()).unwrap_or_default();
    let name: String = format!("MSCI-{}-{}", location.as_str().unwrap_or_default(), id::name_of(cluster));
    let name: String = name.chars().take(64).collect();
    let group = id::group_of(cluster).unwrap_or_default();
    let rule = id::resource(&group, "Microsoft.Insights/dataCollectionRules", &[name.trim_end_matches('-')]);
    let streams = json!(["Microsoft-ContainerInsights-Group-Default"]);
    let mut body = json!({
        "location": location,
        "kind": "Linux",
        "properties": {
            "dataSources": { "extensions": [{
                "name": "ContainerInsightsExtension",
                "streams": streams,
                "extensionName": "ContainerInsights",
                "extensionSettings": { "dataCollectionSettings": { "enableContainerLogV2": true } },
            }] },
            "dataFlows": [{ "streams": streams, "destinations": ["la-workspace"] }],
            "destinations": { "logAnalytics": [{ "workspaceResourceId": workspace, "name": "la-workspace" }] },
        },
    });
    // One that is there keeps its tags.
    body::set_some(&mut body, &["tags"], cloud.body(&rule).and_then(|old| old.get("tags").cloned()));
    cloud.put(&rule, body)?;
    let association =
        format!("{cluster}/providers/Microsoft.Insights/dataCollectionRuleAssociations/ContainerInsightsExtension");
    let properties = json!({ "dataCollectionRuleId": rule, "description": "associates dataCollectionRule to the AKS" });
    cloud.put(&association, json!({ "properties": properties }))?;
    Ok(Value::Null)
}

fn get_credentials(cloud: &mut Cloud, args: &Args) -> Answer {
    let id = args.id(CLUSTER, &["--name"])?;
    cloud.show(&id)?;
    let file = args.must("--file")?;
    std::fs::write(&file, format!("current-context: {}\n", id::name_of(&id)))
        .map_err(|e| Failure::usage(format!("{file}: {e}")))?;
    Ok(Value::Null)
}

/// Runs a command inside the cluster, where manifests that are sent along lie in the working folder.
fn invoke(cloud: &mut Cloud, args: &Args) -> Answer {
    cloud.show(&args.id(CLUSTER, &["--name"])?)?;
    let files = args.list("--file")?.unwrap_or_default();
    let mut words = split(&args.must("--command")?);
    for word in &mut words {
        if let Some(file) = files.iter().find(|file| file.rsplit('/').next() == Some(word.as_str())) {
            *word = file.clone();
        }
    }
    if words.first().map(String::as_str) != Some("kubectl") {
        return Err(Failure::usage(format!("{words:?} is not known inside")));
    }
    // Inside, credentials are at hand.
    let (code, out, err) = cloud
        .kube
        .kubectl(&words[1..], "declare -x KUBECONFIG=\"/\"")
        .ok_or_else(|| Failure::usage(format!("{words:?} is not known inside")))?;
    Ok(json!({ "exitCode": code, "logs": format!("{out}{err}") }))
}

/// Words as the shell's `%q` writes them.
fn split(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => words.last_mut().unwrap().extend(chars.next()),
            ' ' => words.push(String::new()),
            c => words.last_mut().unwrap().push(c),
        }
    }
    words
}

/// The cluster, and where in its own list a pool stands.
fn position(cloud: &Cloud, args: &Args) -> Result<(String, Option<usize>), Failure> {
    let (cluster, name) = (args.id(CLUSTER, &["--cluster-name"])?, args.must("--name")?);
    let body = cloud.body(&cluster).ok_or_else(|| Failure::not_found(&cluster))?;
    let list = body["properties"]["agentPoolProfiles"].as_array();
    Ok((cluster, list.and_then(|list| list.iter().position(|pool| pool["name"] == name.as_str()))))
}

fn pool_show(cloud: &mut Cloud, args: &Args) -> Answer {
    let (cluster, at) = position(cloud, args)?;
    let shown = match at {
        Some(at) => cloud.show(&cluster)?["agentPoolProfiles"][at].clone(),
        None => cloud.show(&args.id(POOL, &["--cluster-name", "--name"])?)?,
    };
    Ok(spelled(&shown, cloud.casing))
}

fn pool_update(cloud: &mut Cloud, args: &Args) -> Answer {
    let (cluster, at) = position(cloud, args)?;
    let at = at.ok_or_else(|| Failure::not_found(&cluster))?;
    let surge = args.text("--max-surge")?;
    cloud.edit(&cluster, |body| {
        let pool = &mut body::list(body, &["properties", "agentPoolProfiles"])[at];
        body::set_some(pool, &["upgradeSettings", "maxSurge"], surge);
        Ok(())
    })?;
    Ok(Value::Null)
}
