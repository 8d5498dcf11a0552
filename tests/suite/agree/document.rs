//! Strict reading of `plan.json`: what is not read is an error, so that nothing of the plan goes unnoticed.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// What says nothing about a resource in Azure, and why.
pub(super) const ASIDE: [(&str, &str); 39] = [
    ("plan.format", "the form of the plan itself"),
    ("plan.artifact-format", "the form of the artifacts"),
    ("plan.inputs", "where the plan comes from"),
    ("plan.file", "where the plan comes from"),
    ("plan.cloud", "already in every name and version that it made"),
    ("plan.name", "already in every name that it made"),
    ("plan.inbound", "stands in the DNAT rules; the load balancers are the manifests'"),
    ("plan.expect", "what the probes try"),
    ("plan.packs", "where rules come from"),
    ("plan.registries", "stand in the rules"),
    ("plan.api-server-address", "stands in the rules"),
    ("plan.files", "the artifacts"),
    ("plan.calendar", "the days of the rules, and when waivers end"),
    ("plan.switched-off", "what is not there"),
    ("plan.overrides.reason", "for people"),
    ("plan.gateway.service", "the service whose address and ports stand beside it"),
    ("plan.waive", "findings that the profile accepts"),
    ("plan.assumptions.why", "for people"),
    ("plan.assumptions.claim.longest-prefix", "what the scripts look at first; `scripts` proves that they stop"),
    ("plan.assumptions.claim.prefixes", "what the scripts look at first; `scripts` proves that they stop"),
    ("plan.assumptions.claim.delegated-to", "what the scripts look at first; `scripts` proves that they stop"),
    ("plan.assumptions.claim.free-priority", "what the scripts look at first; `scripts` proves that they stop"),
    ("plan.assumptions.claim.for", "whose group may have that priority"),
    ("plan.assumptions.claim.subscription", "what the scripts look at first; `scripts` proves that they stop"),
    ("plan.network.custom-dns-servers", "the servers that the firewall asks are the firewall's"),
    ("plan.network.dns-servers-read", "when the template knows them"),
    ("plan.hub.network.dns-servers-read", "when the template knows them"),
    ("plan.hub.network.custom-dns-servers", "the servers that the firewall asks are the firewall's"),
    ("plan.route-table.shared-with-aks", "how the template writes the table, not what stands in it"),
    ("plan.tunnel-route-table.shared-with-aks", "how the template writes the table, not what stands in it"),
    ("plan.firewall.private-ip", "Azure chooses it; the guard and the default route hold it to the plan"),
    ("plan.firewall.groups.collections.pack", "where its rules come from"),
    ("plan.firewall.groups.collections.rules.why", "part of the description"),
    ("plan.firewall.groups.collections.rules.owner", "part of the description"),
    ("plan.firewall.groups.collections.rules.ticket", "part of the description"),
    ("plan.firewall.groups.collections.rules.expires", "part of the description"),
    ("plan.roles.role", "the name of the ID beside it"),
    ("plan.logs.structured", "which queries there are"),
    ("plan.logs.legacy", "which queries there are"),
];

/// A place without indexes.
fn bare(place: &str) -> String {
    place.split(']').map(|part| part.split('[').next().unwrap_or_default()).collect()
}

/// An object of the plan while it is read.
pub(super) struct Document {
    place: String,
    fields: Map<String, Value>,
}

/// What went wrong, with the place.
pub(super) type Read<T> = Result<T, String>;

impl Document {
    pub(super) fn new(place: &str, value: &Value) -> Read<Document> {
        match value.as_object() {
            Some(fields) => Ok(Document { place: place.to_owned(), fields: fields.clone() }),
            None => Err(format!("{place} is no object: {value}")),
        }
    }

    /// Takes a field; `null` is one.
    pub(super) fn take(&mut self, name: &str) -> Read<Value> {
        self.fields.shift_remove(name).ok_or_else(|| format!("{}.{name} is missing", self.place))
    }

    /// Takes a field that is not always there.
    pub(super) fn maybe(&mut self, name: &str) -> Option<Value> {
        self.fields.shift_remove(name)
    }

    /// Takes a text.
    pub(super) fn text(&mut self, name: &str) -> Read<String> {
        let value = self.take(name)?;
        value.as_str().map(str::to_owned).ok_or_else(|| format!("{}.{name} is no text: {value}", self.place))
    }

    /// Takes a boolean.
    pub(super) fn flag(&mut self, name: &str) -> Read<bool> {
        let value = self.take(name)?;
        value.as_bool().ok_or_else(|| format!("{}.{name} is no boolean: {value}", self.place))
    }

    /// Takes a list.
    pub(super) fn list(&mut self, name: &str) -> Read<Vec<Value>> {
        let value = self.take(name)?;
        value.as_array().cloned().ok_or_else(|| format!("{}.{name} is no list: {value}", self.place))
    }

    /// Takes a list of texts.
    pub(super) fn texts(&mut self, name: &str) -> Read<Vec<String>> {
        let list = self.list(name)?;
        let text =
            |value: &Value| value.as_str().map(str::to_owned).ok_or_else(|| format!("{}.{name}: {value}", self.place));
        list.iter().map(text).collect()
    }

    /// Takes an object.
    pub(super) fn document(&mut self, name: &str) -> Read<Document> {
        let value = self.take(name)?;
        Document::new(&format!("{}.{name}", self.place), &value)
    }

    /// Takes a list of objects.
    pub(super) fn documents(&mut self, name: &str) -> Read<Vec<Document>> {
        let list = self.list(name)?;
        let document = |(at, value)| Document::new(&format!("{}.{name}[{at}]", self.place), value);
        list.iter().enumerate().map(document).collect()
    }

    /// Looks at a text without taking it.
    pub(super) fn peek(&self, name: &str) -> Read<String> {
        let text = self.fields.get(name).and_then(Value::as_str);
        text.map(str::to_owned).ok_or_else(|| format!("{}.{name} is no text", self.place))
    }

    /// Looks at a text in an object without taking it.
    pub(super) fn inner(&self, name: &str, field: &str) -> Read<String> {
        let value = self.fields.get(name).and_then(|inner| inner[field].as_str());
        value.map(str::to_owned).ok_or_else(|| format!("{}.{name}.{field} is no text", self.place))
    }

    /// Takes the fields of this place that [`ASIDE`] lists.
    pub(super) fn aside(&mut self) -> Read<()> {
        let place = bare(&self.place);
        let names = ASIDE.iter().filter_map(|(path, _)| path.rsplit_once('.')).filter(|(of, _)| *of == place);
        names.map(|(_, name)| name).try_for_each(|name| self.take(name).map(|_| ()))
    }

    /// Everything has been read.
    pub(super) fn end(self) -> Read<()> {
        let rest: BTreeSet<&String> = self.fields.keys().collect();
        if rest.is_empty() {
            Ok(())
        } else {
            Err(format!("{}: tests/suite/agree does not say what {rest:?} means in Azure", self.place))
        }
    }
}
