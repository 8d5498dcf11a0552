//! Resource IDs: making them, taking them apart, and which resources live inside their parent.

/// The subscription of every test.
pub(crate) const SUBSCRIPTION: &str = "11111111-2222-4333-8444-555555555555";

/// The type of a resource group.
pub(crate) const GROUP_TYPE: &str = "Microsoft.Resources/resourceGroups";

/// Types whose resources are entries of a list in their parent, and that list.
pub(super) const INLINE: [(&str, &str); 3] = [
    ("Microsoft.Network/virtualNetworks/subnets", "subnets"),
    ("Microsoft.Network/virtualNetworks/virtualNetworkPeerings", "virtualNetworkPeerings"),
    ("Microsoft.Network/routeTables/routes", "routes"),
];

/// The subscription's ID.
pub(super) fn subscription() -> String {
    format!("/subscriptions/{SUBSCRIPTION}")
}

/// A resource group's ID.
pub(crate) fn group(name: &str) -> String {
    format!("{}/resourceGroups/{name}", subscription())
}

/// The ID of a resource group in a subscription: that of every test, unless another one is named by its GUID.
pub(super) fn group_of_subscription(subscription: Option<&str>, name: &str) -> String {
    let other = subscription.filter(|text| is_guid(text));
    format!("/subscriptions/{}/resourceGroups/{name}", other.unwrap_or(SUBSCRIPTION))
}

/// Whether a text has the form of a GUID.
pub(super) fn is_guid(text: &str) -> bool {
    uuid::Uuid::try_parse(text).is_ok()
}

/// Microsoft's name space for the function `guid` of templates.
const NAMES: uuid::Uuid = uuid::uuid!("11fb06fb-712d-4ddd-98c7-e71bbd588830");

/// What the function `guid` of templates makes of texts.
pub(crate) fn guid<S: AsRef<str>>(texts: &[S]) -> String {
    let text: Vec<&str> = texts.iter().map(AsRef::as_ref).collect();
    uuid::Uuid::new_v5(&NAMES, text.join("-").as_bytes()).to_string()
}

/// The ID of a resource in a group: names of the parents first.
pub(crate) fn resource<S: AsRef<str>>(group_id: &str, kind: &str, names: &[S]) -> String {
    let mut parts = kind.split('/');
    let provider = parts.next().unwrap();
    let mut id = format!("{group_id}/providers/{provider}");
    for (part, name) in parts.zip(names) {
        id.push_str(&format!("/{part}/{}", name.as_ref()));
    }
    assert_eq!(kind.split('/').count() - 1, names.len(), "{kind}");
    id
}

/// What follows the last `/providers/`: the provider, and types with names.
fn tail(id: &str) -> Option<(&str, Vec<&str>)> {
    let at = id.to_ascii_lowercase().rfind("/providers/")?;
    let mut parts = id[at + "/providers/".len()..].split('/');
    Some((parts.next()?, parts.collect()))
}

/// The type of the resource that an ID names.
pub(crate) fn kind(id: &str) -> String {
    match tail(id) {
        Some((provider, parts)) => {
            let types: Vec<&str> = parts.iter().step_by(2).copied().collect();
            format!("{provider}/{}", types.join("/"))
        }
        None => GROUP_TYPE.to_owned(),
    }
}

/// The last name of an ID.
pub(crate) fn name_of(id: &str) -> &str {
    id.rsplit('/').next().unwrap_or(id)
}

/// The group's ID in a resource's ID.
pub(super) fn group_of(id: &str) -> Option<String> {
    let parts: Vec<&str> = id.split('/').take(5).collect();
    (parts.len() == 5 && parts[3].eq_ignore_ascii_case("resourceGroups")).then(|| parts.join("/"))
}

/// The ID of the resource that a child resource belongs to.
pub(super) fn parent(id: &str) -> Option<String> {
    let (_, parts) = tail(id)?;
    if parts.len() > 2 {
        let cut: Vec<&str> = id.rsplitn(3, '/').collect();
        return Some(cut[2].to_owned());
    }
    let scope = &id[..id.to_ascii_lowercase().rfind("/providers/")?];
    // Something that extends a resource, such as a diagnostic setting.
    scope.to_ascii_lowercase().contains("/providers/").then(|| scope.to_owned())
}

/// The list of the parent that holds a resource, for types that live inside their parent.
pub(super) fn slot(id: &str) -> Option<(String, &'static str)> {
    let kind = kind(id);
    let (_, slot) = INLINE.iter().find(|(inline, _)| inline.eq_ignore_ascii_case(&kind))?;
    Some((parent(id)?, slot))
}

/// Azure compares IDs without regard to case.
pub(crate) fn same_id(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// The key under which a resource is kept.
pub(super) fn key(id: &str) -> String {
    id.to_ascii_lowercase()
}
