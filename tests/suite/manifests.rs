//! Manifests are YAML that says what the plan says, and the probe tells the firewall's answer from a server's.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::process::Command;

use serde_json::Value;

use aks_egress::plan::firewall::{AppTargets, RuleBody};
use aks_egress::plan::{Plan, Probe};
use aks_egress::rules::Action;
use aks_egress::value::AppProtocol;

use crate::shared::{compile_file, compile_text, files_of, profiles, root};

fn documents(text: &str) -> Vec<Value> {
    serde_saphyr::from_multiple(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

/// Every manifest of a text.
fn manifests(built: &aks_egress::Built) -> Vec<(String, Vec<Value>)> {
    files_of(built)
        .into_iter()
        .filter(|(path, _)| path.starts_with("k8s/"))
        .map(|(path, bytes)| (path, documents(&String::from_utf8(bytes).unwrap())))
        .collect()
}

const PUBLISHED: &str = "region = \"westeurope\"\n\
    [[inbound]]\nname = \"web-front\"\nport = 8443\nprotocol = \"tcp\"\nto = \"10.0.4.20:9443\"\nfrom = [\"203.0.113.0/24\"]\n";

#[test]
fn publishes_a_service_at_its_fixed_address() {
    let list = manifests(&compile_text(PUBLISHED));
    let (path, documents) = &list[0];
    assert_eq!(path, "k8s/inbound-web-front.yaml");
    let service = &documents[0];
    assert_eq!(service["kind"], "Service");
    assert_eq!(service["spec"]["type"], "LoadBalancer");
    assert!(service["spec"].get("loadBalancerIP").is_none());
    let notes = &service["metadata"]["annotations"];
    assert_eq!(notes["service.beta.kubernetes.io/azure-load-balancer-internal"], "true");
    assert_eq!(notes["service.beta.kubernetes.io/azure-load-balancer-internal-subnet"], "ingress");
    assert_eq!(notes["service.beta.kubernetes.io/azure-load-balancer-ipv4"], "10.0.4.20");
    assert_eq!(service["spec"]["ports"][0]["port"], 9443);
    let pods = &documents[1];
    assert_eq!(pods["kind"], "Deployment");
    let labels = &pods["spec"]["template"]["metadata"]["labels"];
    assert_eq!(&service["spec"]["selector"], labels);
    assert_eq!(&pods["spec"]["selector"]["matchLabels"], labels);
    let container = &pods["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["ports"][0]["name"], service["spec"]["ports"][0]["targetPort"]);
    for needed in ["readinessProbe", "livenessProbe", "resources", "securityContext"] {
        assert!(container.get(needed).is_some(), "{needed}");
    }
}

#[test]
fn one_target_per_expectation() {
    for profile in profiles() {
        let built = compile_file(&profile);
        let plan = &built.checked().unwrap().plan;
        let probe: Vec<_> =
            manifests(&built).into_iter().filter(|(path, _)| path.ends_with("egress-probe.yaml")).collect();
        if plan.expectations.is_empty() {
            assert!(probe.is_empty());
            continue;
        }
        let data = probe[0].1[0]["data"].as_object().unwrap();
        let targets: Vec<&str> =
            data.iter().filter(|(key, _)| key.starts_with("target-")).map(|(_, v)| v.as_str().unwrap()).collect();
        assert_eq!(targets.len(), plan.expectations.len());
        for (line, expectation) in targets.iter().zip(&plan.expectations) {
            let fields: Vec<&str> = line.split('\t').collect();
            assert_eq!(fields.len(), 6, "{line}");
            assert_eq!(fields[0] == "allow", expectation.verdict.value == Action::Allow);
            assert_eq!(fields[4], expectation.target());
        }
        assert_eq!(
            data["probe.sh"].as_str().unwrap(),
            std::fs::read_to_string(root().join("src/emit/k8s/probe.sh")).unwrap()
        );
    }
}

/// What cannot be told from a pod is said, never guessed.
#[test]
fn chooses_a_probe_that_proves_something() {
    let expect = |from: &str, to: &str| {
        let text = format!(
            "region = \"westeurope\"\n[egress.collections.own]\npriority = 500\n[[egress.collections.own.rules]]\nname = \"a\"\n\
             fqdns = [\"a.example.com\"]\nports = [\"https:8443\"]\n[[expect]]\nfrom = \"{from}\"\nto = \"{to}\"\nverdict = \"deny\"\n"
        );
        let built = compile_text(&text);
        let problems = format!("{:?}", built.report().findings);
        built.checked().unwrap_or_else(|| panic!("{problems}")).plan.expectations[0].probe
    };
    assert_eq!(expect("nodes", "https://b.example.com"), Probe::Tls);
    assert_eq!(expect("nodes", "http://b.example.com"), Probe::Http);
    assert_eq!(expect("nodes", "tcp://192.0.2.1:443"), Probe::Tls);
    assert_eq!(expect("nodes", "tcp://192.0.2.1:80"), Probe::Http);
    assert_eq!(expect("nodes", "tcp://192.0.2.1:8443"), Probe::Tls);
    assert_eq!(expect("nodes", "tcp://192.0.2.1:5432"), Probe::Connect);
    assert_eq!(expect("nodes", "udp://192.0.2.1:53"), Probe::Dns);
    assert_eq!(expect("nodes", "udp://192.0.2.1:123"), Probe::Ntp);
    assert!(matches!(expect("nodes", "udp://192.0.2.1:514"), Probe::Untestable(_)));
    assert!(matches!(expect("ingress", "https://b.example.com"), Probe::Untestable(_)));
}

#[test]
fn the_probe_may_do_nothing_but_probe() {
    let list = manifests(&compile_file(&root().join("profiles/walkthrough.toml")));
    let (_, documents) = list.iter().find(|(path, _)| path == "k8s/egress-probe.yaml").unwrap();
    let job = &documents[1];
    assert_eq!(
        (&job["kind"], &job["metadata"]["name"], &job["metadata"]["namespace"]),
        (&"Job".into(), &"egress-probe".into(), &"default".into())
    );
    assert_eq!(job["spec"]["backoffLimit"], 0);
    assert!(job["spec"]["ttlSecondsAfterFinished"].is_u64());
    let pod = &job["spec"]["template"]["spec"];
    assert_eq!(pod["automountServiceAccountToken"], false);
    assert_eq!(pod["securityContext"]["runAsNonRoot"], true);
    assert_eq!(pod["nodeSelector"]["kubernetes.io/os"], "linux");
    let container = &pod["containers"][0];
    assert_eq!(container["securityContext"]["allowPrivilegeEscalation"], false);
    assert_eq!(container["securityContext"]["capabilities"]["drop"][0], "ALL");
    assert!(container["resources"]["limits"].is_object());
    assert_eq!(container["command"], serde_json::json!(["bash", "/probe/probe.sh"]));
    let image = container["image"].as_str().unwrap();
    assert!(!image.ends_with(":latest") && image.rsplit('/').next().unwrap().contains(':'), "{image}");
}

fn images(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                if key == "image" {
                    found.push(value.as_str().unwrap().to_owned());
                }
                images(value, found);
            }
        }
        Value::Array(list) => list.iter().for_each(|value| images(value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What Microsoft's tag for AKS holds, as far as the dated list of the pack `aks` says.
fn behind_the_tag() -> Vec<aks_egress::value::Fqdn> {
    let built = compile_text("region = \"westeurope\"\n[egress]\naks-endpoints = \"list\"\n");
    let plan = &built.checked().unwrap().plan;
    let rules = plan.firewall.collections().filter(|(_, c)| *c.name == "aks").flat_map(|(_, c)| &c.rules);
    let names = rules.filter_map(|rule| match &rule.body {
        RuleBody::Application { to: AppTargets::Fqdns(list), .. } => Some(list.iter().map(|f| f.value.clone())),
        _ => None,
    });
    names.flatten().collect()
}

/// Whether an allowing application rule lets the node subnet reach `host` by HTTPS.
fn allows(plan: &Plan, host: &str) -> bool {
    plan.firewall.collections().filter(|(_, c)| c.action.value == Action::Allow).flat_map(|(_, c)| &c.rules).any(
        |rule| {
            let covered = plan.network.subnet(aks_egress::plan::SubnetRole::Nodes).is_covered(std::iter::once(rule));
            let RuleBody::Application { protocols, to, .. } = &rule.body else { return false };
            let named = match to {
                AppTargets::Fqdns(list) => list.iter().any(|f| f.matches(host)),
                AppTargets::Urls(_) | AppTargets::Categories(_) => false,
                AppTargets::Tags(list) => {
                    let aks = list.iter().any(|tag| tag.value == "AzureKubernetesService");
                    aks && behind_the_tag().iter().any(|f| f.matches(host))
                }
            };
            covered && named && protocols.contains(&(AppProtocol::Https, 443))
        },
    )
}

#[test]
fn own_rules_allow_the_registry_of_every_image() {
    let listed = PUBLISHED.replace("\n[[inbound]]", "\n[egress]\naks-endpoints = \"list\"\n[[inbound]]");
    let mut compiled: Vec<_> = profiles().iter().map(|p| compile_file(p)).collect();
    compiled.extend([compile_text(PUBLISHED), compile_text(&listed)]);
    let mut seen = 0;
    for built in &compiled {
        let plan = &built.checked().unwrap().plan;
        let mut found = Vec::new();
        manifests(built).iter().flat_map(|(_, list)| list).for_each(|document| images(document, &mut found));
        seen += found.len();
        for image in found {
            assert!(image.starts_with("mcr.microsoft.com/"), "{image}");
            for host in ["mcr.microsoft.com", "westeurope.data.mcr.microsoft.com"] {
                assert!(allows(plan, host), "{}: {image} from {host}", plan.file);
            }
            // Not just anything: an image from elsewhere would be noticed.
            let elsewhere =
                if plan.packs.iter().any(|used| used.pack.name == "docker-hub") { "quay.io" } else { "docker.io" };
            assert!(!allows(plan, elsewhere), "{}: {elsewhere}", plan.file);
        }
    }
    assert!(seen >= 4, "{seen} images");
}

/// A server that reads a request and answers every connection with `answer`; gives its port.
fn server(answer: &'static [u8]) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut request = [0; 2048];
            let _ = stream.read(&mut request);
            let _ = stream.write_all(answer);
        }
    });
    port
}

#[test]
#[ignore = "needs bash and curl"]
fn the_probe_tells_the_firewall_from_a_server() {
    let page = server(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let wall = server(b"HTTP/1.1 470 status code 470\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let cut = server(b"");
    let folder = tempfile::tempdir().unwrap();
    let marker = folder.path().join("pwned");
    let hostile = format!("$(touch {})", marker.display());
    let rows = [
        ("allow", "http", "127.0.0.1", page, "ok"),
        ("deny", "http", "127.0.0.1", page, "fail"),
        ("deny", "http", "127.0.0.1", wall, "ok"),
        ("allow", "http", "127.0.0.1", wall, "fail"),
        ("deny", "tls", "127.0.0.1", cut, "ok"),
        ("allow", "tls", "127.0.0.1", cut, "fail"),
        ("allow", "connect", "127.0.0.1", page, "ok"),
        ("deny", "connect", "127.0.0.1", page, "fail"),
        ("deny", "none", "127.0.0.1", 1, "unknown"),
        ("allow", "http", "name.invalid", 80, "fail"),
        ("deny", "http", "name.invalid", 80, "unknown"),
        ("deny", "tls", hostile.as_str(), 443, "unknown"),
    ];
    let targets = folder.path().join("targets");
    std::fs::create_dir(&targets).unwrap();
    for (n, (verdict, method, host, port, _)) in rows.iter().enumerate() {
        let line = format!("{verdict}\t{method}\t{host}\t{port}\tt{n} {host}\treason");
        std::fs::write(targets.join(format!("target-{n:04}")), line).unwrap();
    }
    let output = Command::new("bash")
        .arg(root().join("src/emit/k8s/probe.sh"))
        .env("PROBE_FOLDER", &targets)
        .env("PROBE_SECONDS", "5")
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert_eq!(text.lines().count(), rows.len(), "{text}{}", String::from_utf8_lossy(&output.stderr));
    for (n, (line, row)) in text.lines().zip(&rows).enumerate() {
        let fields: Vec<&str> = line.split('\t').collect();
        assert_eq!(fields[..3], [row.4, row.0, &format!("t{n} {}", row.2)], "{line}");
    }
    assert!(!marker.exists(), "text of a target was run");
}

#[test]
#[ignore = "needs shellcheck"]
fn shellcheck_accepts_the_probe() {
    let script = root().join("src/emit/k8s/probe.sh");
    let output = Command::new("shellcheck").args(["--shell", "bash"]).arg(script).output().expect("shellcheck runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
