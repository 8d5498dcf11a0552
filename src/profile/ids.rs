//! Resources that others own, named by their IDs.

use super::codes::BAD_RESOURCE_ID;
use super::texts;
use crate::rules::cursor::{Item, Slot, Table, quoted, shown};
use crate::rules::values;
use crate::value::{ResourceId, ResourceIdFault, ResourceType};

/// The ID of a resource of one type.
pub(super) fn resource(item: &Item<'_>, wanted: ResourceType) -> Option<ResourceId> {
    let text = item.words()?;
    let (message, label, whole) = match ResourceId::parse(text, wanted) {
        Ok(id) => return Some(id),
        Err(ResourceIdFault::Form(why)) => (format!("`{}` is not the ID of a resource", shown(text)), why, None),
        Err(ResourceIdFault::Type(found)) => {
            let message = format!("this is the ID of {found}, not of {}", wanted.words());
            (message, format!("{} stands here", wanted.words()), None)
        }
        Err(ResourceIdFault::Part { of, whole }) => {
            let message = format!("this is the ID of one of the {of} of {}, not of {}", wanted.words(), wanted.words());
            (message, format!("goes on behind the name of {}", wanted.words()), Some(whole))
        }
    };
    item.refuse(&BAD_RESOURCE_ID, message, label, |finding| match whole {
        Some(whole) => {
            finding.help(format!("write {whole}")).edit(item.origin.at, quoted(&whole));
        }
        None => {
            let command = wanted.command();
            finding.help(format!("copy it from: {command} --resource-group GROUP --name NAME --query id --output tsv"));
        }
    })
}

/// `logs.workspace` as it is written.
#[derive(Debug)]
pub(super) enum RawWorkspace {
    /// The name of one that is created.
    Named(String),
    /// One that is there.
    Existing {
        /// Its ID.
        id: Slot<ResourceId>,
        /// Its region.
        region: Slot<String>,
    },
}

const WORKSPACE: &[&str] = &["id", "region"];

/// A name, or a table with an ID.
pub(super) fn workspace(item: &Item<'_>) -> Option<RawWorkspace> {
    if !item.is_table() {
        return values::text(item).map(RawWorkspace::Named);
    }
    Some(item.table(WORKSPACE, |t: &Table<'_>| RawWorkspace::Existing {
        id: t.required("id", |item| resource(item, ResourceType::Workspace)),
        region: t.get("region", texts::region),
    }))
}
