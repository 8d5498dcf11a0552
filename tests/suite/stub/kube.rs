//! The cluster's inside: what `kubectl` is asked for, and names that are looked up.

use std::collections::BTreeMap;
use std::path::Path;

/// State of the cluster's inside.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kube {
    /// Services that exist, and the address of their load balancer.
    pub(crate) services: BTreeMap<String, String>,
    /// Addresses that new services get, by the file they are made from; otherwise the one that it asks for.
    pub(crate) addresses: BTreeMap<String, String>,
    /// What the probes print; nothing: the Job never ends.
    pub(crate) probes: Option<String>,
    /// Addresses of names that can be looked up.
    pub(crate) names: BTreeMap<String, Vec<String>>,
    /// Manifests that were applied.
    pub(crate) applied: Vec<String>,
    /// Every call.
    pub(crate) calls: Vec<Vec<String>>,
    /// How often something waited.
    pub(crate) slept: usize,
}

type Outcome = (i32, String, String);

fn said(out: impl Into<String>) -> Outcome {
    (0, out.into(), String::new())
}

fn failed(err: impl Into<String>) -> Outcome {
    (1, String::new(), err.into())
}

impl Kube {
    /// Answers `kubectl`; nothing when the words are not known.
    pub(super) fn kubectl(&mut self, words: &[String], exported: &str) -> Option<Outcome> {
        self.calls.push(words.to_vec());
        let list: Vec<&str> = words.iter().map(String::as_str).collect();
        let config = exported.lines().find_map(|line| line.split_once("KUBECONFIG=\"")).map(|(_, path)| path);
        if !config.is_some_and(|path| Path::new(path.trim_end_matches('"')).exists()) {
            return Some(failed("no credentials\n"));
        }
        Some(match list[..] {
            ["apply", "--filename", file] => self.apply(file),
            ["get", "service", name, "--namespace", "default"] => match self.services.get(name) {
                Some(_) => said(""),
                None => failed("not found\n"),
            },
            ["get", "service", name, "--namespace", "default", "--output", ADDRESS] => match self.services.get(name) {
                Some(address) => said(address),
                None => failed("not found\n"),
            },
            ["delete", "job", "egress-probe", "--namespace", "default", "--ignore-not-found", "--wait=true"] => {
                said("")
            }
            ["get", "job", "egress-probe", "--namespace", "default", "--output", STATE] => match self.probes {
                Some(_) => said("SuccessCriteriaMet Complete"),
                None => said(""),
            },
            ["logs", "job/egress-probe", "--namespace", "default", "--tail=-1"] => match &self.probes {
                Some(lines) => said(lines.clone()),
                None => failed("not found\n"),
            },
            _ => return None,
        })
    }

    fn apply(&mut self, file: &str) -> Outcome {
        let Ok(text) = std::fs::read_to_string(file) else { return failed(format!("{file} cannot be read\n")) };
        let documents: Vec<serde_json::Value> = match serde_saphyr::from_multiple(&text) {
            Ok(documents) => documents,
            Err(e) => return failed(format!("{file}: {e}\n")),
        };
        for service in documents.iter().filter(|document| document["kind"] == "Service") {
            let name = service["metadata"]["name"].as_str().unwrap_or_default().to_owned();
            let asked = &service["metadata"]["annotations"]["service.beta.kubernetes.io/azure-load-balancer-ipv4"];
            let asked = asked.as_str().unwrap_or_default().to_owned();
            let address = self.addresses.get(&name).cloned().unwrap_or(asked);
            self.services.insert(name, address);
        }
        self.applied.push(text);
        said("created\n")
    }

    /// Answers `getent ahostsv4`.
    pub(super) fn getent(&self, words: &[String]) -> Option<Outcome> {
        let [database, name] = words else { return None };
        if database != "ahostsv4" {
            return None;
        }
        Some(match self.names.get(name) {
            Some(list) => {
                said(list.iter().map(|one| format!("{one} STREAM {name}\n{one} DGRAM\n")).collect::<String>())
            }
            None => (2, String::new(), String::new()),
        })
    }
}

const ADDRESS: &str = "jsonpath={.status.loadBalancer.ingress[0].ip}";
const STATE: &str = "jsonpath={.status.conditions[?(@.status==\"True\")].type}";
