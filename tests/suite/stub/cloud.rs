//! The state: resources as ARM writes them, what Azure computes for them, and a record of every call.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use super::command::{self, Answer, Does, Failure};
use super::kube::Kube;
use super::{body, id, rules, shorthand};

/// A resource: what was written and what Azure made of it once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Resource {
    pub(crate) id: String,
    pub(crate) body: Value,
    /// Values that Azure chose when it was created.
    pub(crate) assigned: BTreeMap<&'static str, String>,
}

/// A call of `az`.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    /// The words as the CLI sees them: files are read already.
    pub(crate) words: Vec<String>,
    pub(crate) does: Does,
    pub(crate) code: i32,
    /// What was printed.
    pub(crate) out: String,
    /// What the environment of the call held, as the shell prints it.
    pub(crate) exported: String,
    /// The words as the shell passed them.
    pub(crate) raw: Vec<String>,
    /// Files that lay in the working folder of a call that changes something.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
}

/// How names are spelled that end in `IP`, `ID` or `CIDR`; this has changed between versions of the CLI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Casing {
    /// As in Azure's interface: `dnsServiceIP`.
    #[default]
    Interface,
    /// As in the packages for Python: `dnsServiceIp`.
    Package,
}

/// How answers spell what Azure reads in more than one spelling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Spelling {
    /// As it was written.
    #[default]
    AsWritten,
    /// IDs in other case, regions as people call them, and the prefix of a subnet in a list.
    Other,
}

/// What goes wrong on purpose. Acting calls are counted from one.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trouble {
    /// This acting call fails without having done anything.
    pub(crate) before: Option<usize>,
    /// This acting call does its work and fails nevertheless.
    pub(crate) after: Option<usize>,
    /// So many creations of a cluster fail because roles have not taken effect.
    pub(crate) unauthorized: usize,
    /// This resource cannot be written.
    pub(crate) broken: Option<String>,
    /// The private address that firewalls get instead of the usual one.
    pub(crate) private_address: Option<String>,
    /// Changes that a preview shows besides its own: type of change and resource.
    pub(crate) preview: Vec<(String, String)>,
    /// Owners of networks in other subscriptions do not add their side of a peering by themselves.
    pub(crate) slow_owners: bool,
}

/// Everything.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cloud {
    resources: BTreeMap<String, Resource>,
    /// Extensions of the CLI.
    pub(super) extensions: Vec<String>,
    /// Applications: display name, application ID, object ID.
    pub(super) principals: Vec<[String; 3]>,
    /// The environment that az is signed in to; nothing is the public one.
    pub(crate) environment: Option<&'static str>,
    /// Outputs of deployments.
    pub(super) outputs: BTreeMap<String, Value>,
    pub(crate) kube: Kube,
    pub(crate) calls: Vec<Call>,
    /// What was not understood; a test that ends with any has failed.
    pub(crate) refusals: Vec<String>,
    pub(crate) casing: Casing,
    pub(crate) spelling: Spelling,
    pub(crate) trouble: Trouble,
    acted: usize,
    numbers: usize,
}

fn files_in(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let file = |entry: std::fs::DirEntry| {
        Some((entry.file_name().to_string_lossy().into_owned(), std::fs::read(entry.path()).ok()?))
    };
    entries.filter_map(file).collect()
}

impl Cloud {
    /// How passwords of new applications begin.
    pub(crate) const PASSWORD: &str = "S3cr3t~";

    /// How texts begin that Azure chooses: addresses, and IDs in the directory.
    pub(crate) const CHOSEN: [&str; 2] = ["20.50.7.", "aaaaaaaa-0000-"];

    /// Runs a call of `az`.
    pub(super) fn az(&mut self, raw: Vec<String>, cwd: &Path, exported: String) -> (i32, String, String) {
        let words: Vec<String> = raw.iter().map(|word| shorthand::expand(word, cwd)).collect();
        let does = command::find(&words).map_or(Does::Ask, |(command, _)| command.does);
        let files = if does == Does::Act { files_in(cwd) } else { BTreeMap::new() };
        let result = self.troubled(&words, cwd, does);
        let (code, out, err) = match result {
            Ok(out) => (0, out, String::new()),
            Err(Failure { code, message }) => {
                if code == 2 {
                    self.refusals.push(format!("az {}\n  {message}", words.join(" ")));
                }
                (code, String::new(), format!("ERROR: {message}\n"))
            }
        };
        self.calls.push(Call { words, does, code, out: out.clone(), exported, raw, files });
        (code, out, err)
    }

    fn troubled(&mut self, words: &[String], cwd: &Path, does: Does) -> Result<String, Failure> {
        if does == Does::Act {
            self.acted += 1;
        }
        let now = |at: Option<usize>, acted| does == Does::Act && at == Some(acted);
        let lost = || Failure::refused("Interrupted", "the connection was lost");
        if now(self.trouble.before, self.acted) {
            return Err(lost());
        }
        let result = command::call(self, words, cwd);
        if now(self.trouble.after, self.acted) { result.and(Err(lost())) } else { result }
    }

    /// Runs a call that was recorded before.
    pub(crate) fn replay(&mut self, words: &[String], cwd: &Path) -> Result<String, String> {
        command::call(self, words, cwd).map_err(|failure| failure.message)
    }

    /// Every resource, to change it as somebody else would.
    pub(crate) fn resources_mut(&mut self) -> impl Iterator<Item = &mut Resource> {
        self.resources.values_mut()
    }

    /// Forgets the calls, but not what they did.
    pub(crate) fn forget(&mut self) -> Vec<Call> {
        self.acted = 0;
        std::mem::take(&mut self.calls)
    }

    /// An application that is there: its name, application ID and object ID.
    pub(crate) fn know_principal(&mut self, name: &str, application: &str, object: &str) {
        self.principals.push([name, application, object].map(str::to_owned));
    }

    /// Every resource, by ID.
    pub(crate) fn resources(&self) -> impl Iterator<Item = &Resource> {
        self.resources.values()
    }

    /// A number that was not given before.
    pub(super) fn number(&mut self) -> usize {
        self.numbers += 1;
        self.numbers
    }

    /// The body of a resource.
    pub(crate) fn body(&self, id: &str) -> Option<&Value> {
        match id::slot(id) {
            Some((parent, slot)) => {
                let list = body::get(&self.resources.get(&id::key(&parent))?.body, &["properties", slot]).as_array()?;
                let name = id::name_of(id);
                list.iter().find(|one| one["name"].as_str().is_some_and(|other| other.eq_ignore_ascii_case(name)))
            }
            None => self.resources.get(&id::key(id)).map(|resource| &resource.body),
        }
    }

    /// The stored resource, not one inside another.
    pub(super) fn stored(&self, id: &str) -> Option<&Resource> {
        self.resources.get(&id::key(id))
    }

    /// Whether there is such a resource.
    pub(crate) fn exists(&self, id: &str) -> bool {
        self.body(id).is_some()
    }

    /// Writes a resource as a whole, as Azure's interface does: what is not in the body is gone.
    pub(crate) fn put(&mut self, id: &str, body: Value) -> Result<(), Failure> {
        if self.trouble.broken.as_deref() == Some(id) {
            return Err(Failure::refused("InternalServerError", id));
        }
        if id::kind(id) == "Microsoft.ContainerService/managedClusters" && self.trouble.unauthorized > 0 {
            self.trouble.unauthorized -= 1;
            return Err(Failure::refused("AuthorizationFailed", "the identity does not have permission on the subnet"));
        }
        let body = rules::kept(id, body);
        rules::check(self, id, &body)?;
        if let Some((parent, slot)) = id::slot(id) {
            let Some(holder) = self.resources.get_mut(&id::key(&parent)) else {
                return Err(Failure::not_found(&parent));
            };
            let list = body::list(&mut holder.body, &["properties", slot]);
            let mut entry = json!({ "name": id::name_of(id) });
            entry.as_object_mut().unwrap().extend(body.as_object().cloned().unwrap_or_default());
            match list.iter().position(|one| one["name"] == entry["name"]) {
                Some(at) => list[at] = entry,
                None => list.push(entry),
            }
            return Ok(());
        }
        let assigned = match self.resources.get(&id::key(id)) {
            Some(old) => old.assigned.clone(),
            None => rules::assign(self, id),
        };
        self.resources.insert(id::key(id), Resource { id: id.to_owned(), body, assigned });
        Ok(())
    }

    /// Takes a resource away.
    pub(crate) fn remove(&mut self, id: &str) {
        assert!(self.resources.remove(&id::key(id)).is_some(), "no {id}");
    }

    /// Reads a resource, changes it and writes it back.
    pub(super) fn edit(
        &mut self,
        id: &str,
        change: impl FnOnce(&mut Value) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        let mut body = self.body(id).ok_or_else(|| Failure::not_found(id))?.clone();
        change(&mut body)?;
        self.put(id, body)
    }

    /// A resource with what Azure computes, as its interface shows it.
    pub(super) fn get(&self, id: &str) -> Answer {
        rules::rendered(self, id).ok_or_else(|| Failure::not_found(id))
    }

    /// A resource as the CLI shows it.
    pub(super) fn show(&self, id: &str) -> Answer {
        self.get(id).map(|resource| body::flatten(&resource))
    }

    /// Texts that Azure chose, and what they stand for.
    pub(crate) fn symbols(&self) -> BTreeMap<String, String> {
        let mut symbols = BTreeMap::new();
        for resource in self.resources.values() {
            for (name, value) in &resource.assigned {
                symbols.insert(value.clone(), format!("<{name} of {}>", resource.id));
            }
        }
        symbols
    }
}
