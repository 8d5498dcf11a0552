//! Kubernetes manifests: a Job that tries the expectations, and an internal load balancer for each published service.

use serde_json::{Map, Value, json};

use super::{FileSet, yaml};
use crate::plan::{Expectation, Inbound, Plan, Probe};
use crate::profile::Endpoint;
use crate::rules::Action;
use crate::value::IpProtocol;

/// Has bash, curl and coreutils; every cluster behind the firewall may pull from this registry.
const PROBE_IMAGE: &str = "mcr.microsoft.com/azure-cli:2.91.0";

/// A small web page on port 80, for a first look at a published service.
const SAMPLE_IMAGE: &str = "mcr.microsoft.com/azuredocs/aks-helloworld:v1";

/// Runs in the probe's pod. Data reaches it in files, never as text of the script.
const PROBE_SCRIPT: &str = include_str!("k8s/probe.sh");

pub(super) fn emit(plan: &Plan, files: &mut FileSet) {
    if !plan.expectations.is_empty() {
        files.text("k8s/egress-probe.yaml", egress_probe(plan));
    }
    for service in &plan.inbound {
        files.text(format!("k8s/inbound-{}.yaml", service.label), published(plan, service));
    }
}

fn head(plan: &Plan) -> String {
    let mut out = String::new();
    yaml::comment(&mut out, &super::generated_from(plan));
    out
}

fn egress_probe(plan: &Plan) -> String {
    let mut out = head(plan);
    yaml::comment(
        &mut out,
        "Tries every expectation of the profile from a pod. The Job completes when all were tried;",
    );
    yaml::comment(&mut out, "its log has one line for each: result, expected verdict, target, what was seen.");
    yaml::comment(&mut out, "A Job cannot be changed: run it again with kubectl replace --force -f egress-probe.yaml.");
    let mut data = Map::new();
    data.insert("probe.sh".to_owned(), PROBE_SCRIPT.into());
    for (n, expectation) in plan.expectations.iter().enumerate() {
        data.insert(format!("target-{n:04}"), target_line(expectation).into());
    }
    let config = json!({
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata("egress-probe"),
        "data": data,
    });
    yaml::document(&mut out, &config, &[PROBE_SCRIPT]);
    yaml::document(&mut out, &probe_job(), &[]);
    out
}

/// Expected verdict, method, host, port, target as shown, reason why it is not tried; one line without its break.
fn target_line(expectation: &Expectation) -> String {
    let Expectation { from: _, sources: _, source_subnet: _, to, verdict, by: _, probe, origin: _ } = expectation;
    let (host, port) = match &to.value {
        Endpoint::Web { tls: _, host, port } => (host.clone(), *port),
        Endpoint::Ip { protocol: _, address, port } => (address.to_string(), *port),
    };
    let verdict = match verdict.value {
        Action::Allow => "allow",
        Action::Deny => "deny",
    };
    let (method, reason) = match *probe {
        Probe::Tls => ("tls", "-"),
        Probe::Http => ("http", "-"),
        Probe::Connect => ("connect", "-"),
        Probe::Dns => ("dns", "-"),
        Probe::Ntp => ("ntp", "-"),
        Probe::Untestable(reason) => ("none", reason),
    };
    let port = port.to_string();
    let target = expectation.target();
    let fields = [verdict, method, &host, &port, &target, reason];
    fields.map(|field| field.replace(|c: char| c.is_control(), " ")).join("\t")
}

fn probe_job() -> Value {
    json!({
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata("egress-probe"),
        "spec": {
            "backoffLimit": 0,
            "activeDeadlineSeconds": 1800,
            "ttlSecondsAfterFinished": 3600,
            "template": {
                "metadata": { "labels": labels("egress-probe") },
                "spec": {
                    "restartPolicy": "Never",
                    "automountServiceAccountToken": false,
                    "enableServiceLinks": false,
                    "nodeSelector": { "kubernetes.io/os": "linux" },
                    "securityContext": {
                        "runAsNonRoot": true,
                        "runAsUser": 65534,
                        "runAsGroup": 65534,
                        "seccompProfile": { "type": "RuntimeDefault" },
                    },
                    "containers": [{
                        "name": "probe",
                        "image": PROBE_IMAGE,
                        "imagePullPolicy": "IfNotPresent",
                        "command": ["bash", "/probe/probe.sh"],
                        "securityContext": {
                            "allowPrivilegeEscalation": false,
                            "readOnlyRootFilesystem": true,
                            "capabilities": { "drop": ["ALL"] },
                        },
                        "resources": {
                            "requests": { "cpu": "50m", "memory": "64Mi" },
                            "limits": { "cpu": "500m", "memory": "256Mi" },
                        },
                        "volumeMounts": [
                            { "name": "targets", "mountPath": "/probe", "readOnly": true },
                            { "name": "scratch", "mountPath": "/tmp" },
                        ],
                    }],
                    "volumes": [
                        { "name": "targets", "configMap": { "name": "egress-probe" } },
                        // bash keeps here-strings in files.
                        { "name": "scratch", "emptyDir": { "sizeLimit": "16Mi" } },
                    ],
                },
            },
        },
    })
}

fn metadata(name: &str) -> Value {
    json!({ "name": name, "namespace": "default", "labels": labels(name) })
}

fn labels(name: &str) -> Value {
    json!({ "app.kubernetes.io/name": name })
}

fn published(plan: &Plan, inbound: &Inbound) -> String {
    let Inbound { name, port, protocol, to, to_port, from: _, subnet, label, by_gateway, origin: _ } = inbound;
    let outside = if *by_gateway { "the application gateway" } else { "the firewall's first public address" };
    let protocol = match protocol.value {
        IpProtocol::Udp => "UDP",
        // DNAT rules are TCP or UDP; anything else was refused long before.
        IpProtocol::Tcp | IpProtocol::Icmp | IpProtocol::Any => "TCP",
    };
    let mut out = head(plan);
    let service_name = &name.value;
    yaml::comment(
        &mut out,
        &format!(
            "Published service {service_name}: {protocol} port {port} of {outside} comes here.",
            port = port.value
        ),
    );
    yaml::comment(
        &mut out,
        "Replace the sample Deployment by your own pods with the same label and the port name \"app\".",
    );
    let service = json!({
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {
            "name": label,
            "namespace": "default",
            "labels": labels(label),
            "annotations": {
                "service.beta.kubernetes.io/azure-load-balancer-internal": "true",
                "service.beta.kubernetes.io/azure-load-balancer-internal-subnet": subnet,
                "service.beta.kubernetes.io/azure-load-balancer-ipv4": to.value.to_string(),
            },
        },
        "spec": {
            "type": "LoadBalancer",
            "selector": labels(label),
            "ports": [{ "name": "app", "port": to_port.value, "targetPort": "app", "protocol": protocol }],
        },
    });
    yaml::document(&mut out, &service, &[]);
    yaml::document(&mut out, &sample_deployment(label, protocol), &[]);
    out
}

fn sample_deployment(label: &str, protocol: &'static str) -> Value {
    let page = json!({ "httpGet": { "path": "/", "port": 80 }, "periodSeconds": 10, "timeoutSeconds": 3 });
    json!({
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(label),
        "spec": {
            "replicas": 2,
            "selector": { "matchLabels": labels(label) },
            "template": {
                "metadata": { "labels": labels(label) },
                "spec": {
                    "automountServiceAccountToken": false,
                    "nodeSelector": { "kubernetes.io/os": "linux" },
                    "securityContext": { "seccompProfile": { "type": "RuntimeDefault" } },
                    "containers": [{
                        "name": "app",
                        "image": SAMPLE_IMAGE,
                        "imagePullPolicy": "IfNotPresent",
                        "ports": [{ "name": "app", "containerPort": 80, "protocol": protocol }],
                        "securityContext": { "allowPrivilegeEscalation": false },
                        "resources": {
                            "requests": { "cpu": "50m", "memory": "64Mi" },
                            "limits": { "cpu": "250m", "memory": "256Mi" },
                        },
                        "readinessProbe": page,
                        "livenessProbe": page,
                    }],
                },
            },
        },
    })
}
