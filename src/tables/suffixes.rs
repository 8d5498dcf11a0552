//! Which part of a host name somebody registered, and under which names every customer has a host (public suffix list).

use super::Table;

/// Suffixes under which every tenant of Azure or of a content network gets names, beside those of the public suffix list.
pub static SHARED: Table<(&str, &str)> = Table {
    as_of: "2026-08-21",
    source: "https://learn.microsoft.com/azure/private-link/private-endpoint-dns",
    rows: &[
        ("amazonaws.com", "Amazon Web Services"),
        ("azure-api.net", "API Management"),
        ("azurecr.io", "Azure Container Registry"),
        ("azureedge.net", "Azure CDN"),
        ("azurefd.net", "Azure Front Door"),
        ("azurewebsites.net", "App Service"),
        ("blob.core.windows.net", "Azure blob storage"),
        ("cloudapp.azure.com", "virtual machines of Azure"),
        ("cloudapp.net", "classic cloud services"),
        ("cloudfront.net", "Amazon CloudFront"),
        ("core.windows.net", "Azure storage"),
        ("database.windows.net", "Azure SQL"),
        ("dfs.core.windows.net", "Azure Data Lake"),
        ("documents.azure.com", "Cosmos DB"),
        ("file.core.windows.net", "Azure file shares"),
        ("github.io", "GitHub Pages"),
        ("githubusercontent.com", "files of every GitHub user"),
        ("googleapis.com", "Google Cloud"),
        ("queue.core.windows.net", "Azure storage queues"),
        ("r2.cloudflarestorage.com", "Cloudflare R2"),
        ("servicebus.windows.net", "Service Bus and Event Hubs"),
        ("storage.googleapis.com", "Google Cloud Storage"),
        ("table.core.windows.net", "Azure storage tables"),
        ("trafficmanager.net", "Traffic Manager"),
        ("vault.azure.net", "Azure Key Vault"),
        ("windows.net", "Azure services"),
    ],
};

/// The registrable domain of `name` (`auth.docker.io` gives `docker.io`), or nothing when `name` is itself a public suffix.
///
/// Suffixes that companies registered for their customers do not count: `blob.core.windows.net` belongs to `windows.net`.
pub fn registrable(name: &str) -> Option<&str> {
    let starts = name.rmatch_indices('.').map(|(dot, _)| dot + 1).chain([0]);
    starts.map(|start| &name[start..]).find(|tail| !is_registry_suffix(tail))
}

/// Whether `name` is a suffix below which a registry, not a company, hands out names.
fn is_registry_suffix(name: &str) -> bool {
    psl::suffix(name.as_bytes()).is_some_and(|s| s.as_bytes() == name.as_bytes() && s.typ() != Some(psl::Type::Private))
}

/// Who hands out names below `domain` to everybody, if anybody does.
pub fn shared_by(domain: &str) -> Option<&'static str> {
    if let Some((_, who)) = SHARED.rows.iter().find(|(suffix, _)| *suffix == domain) {
        return Some(who);
    }
    let suffix = psl::suffix(domain.as_bytes())?;
    let whole = suffix.as_bytes() == domain.as_bytes();
    (whole && suffix.typ() == Some(psl::Type::Private)).then_some("customers of its owner")
}
