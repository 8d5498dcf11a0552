//! Node pools: the one that `[cluster]` describes, and those of `[[cluster.pools]]`.

use super::cluster_codes::{EMPTY_SYSTEM_POOL, NODE_RANGE, SPOT_POOL_SURGE};
use super::resolve::following;
use super::{Cni, NodeCount, Os, PoolMode, PoolSpec, Surge, texts};
use crate::diag::{At, Origin};
use crate::rules::cursor::{Context, Item, Slot, Table};
use crate::rules::read;
use crate::rules::values;
use crate::tables::limits;

/// Keys of one pool.
pub(super) const KEYS: &[&str] =
    &["name", "nodes", "node-size", "os", "gpu", "mode", "zones", "spot", "pods-per-node", "max-surge"];

/// Keys of `nodes` as a table.
const NODES: &[&str] = &["min", "max"];

/// Name of the pool that `[cluster]` describes.
pub(super) const SYSTEM: &str = "system";

/// A pool as it is written.
pub(super) struct RawPool {
    name: Slot<String>,
    nodes: Slot<NodeCount>,
    node_size: Slot<String>,
    os: Slot<Os>,
    gpu: Slot<bool>,
    mode: Slot<PoolMode>,
    zones: Slot<Vec<At<u8>>>,
    spot: Slot<bool>,
    pods_per_node: Slot<u32>,
    max_surge: Slot<Surge>,
    origin: Origin,
}

/// The pool that `[cluster]` describes: Linux nodes that never go away.
pub(super) fn system(t: &Table<'_>) -> RawPool {
    RawPool {
        name: Slot::Absent,
        os: Slot::Absent,
        gpu: Slot::Absent,
        mode: Slot::Absent,
        spot: Slot::Absent,
        ..common(t, 1)
    }
}

/// One of `[[cluster.pools]]`.
pub(super) fn raw(t: &Table<'_>) -> RawPool {
    RawPool {
        name: t.required("name", texts::pool_name),
        os: t.get("os", |i| i.one_of(&Os::ALL.map(|v| (v.word(), v)))),
        gpu: t.get("gpu", values::flag),
        mode: t.get("mode", |i| i.one_of(&PoolMode::ALL.map(|v| (v.word(), v)))),
        spot: t.get("spot", values::flag),
        ..common(t, 0)
    }
}

fn common(t: &Table<'_>, least: u32) -> RawPool {
    RawPool {
        name: Slot::Absent,
        nodes: t.get("nodes", |i| nodes(i, least)),
        node_size: t.get("node-size", texts::node_size),
        os: Slot::Absent,
        gpu: Slot::Absent,
        mode: Slot::Absent,
        zones: t.list("zones", texts::zone),
        spot: Slot::Absent,
        pods_per_node: t.get("pods-per-node", |i| i.number(limits::PODS_PER_NODE)),
        max_surge: t.get("max-surge", texts::surge),
        origin: t.origin,
    }
}

/// A number, or `{ min, max }` for the autoscaler.
fn nodes(item: &Item<'_>, least: u32) -> Option<NodeCount> {
    let number = |i: &Item<'_>| i.number(least..=limits::NODES_PER_POOL);
    if !item.is_table() {
        return number(item).map(NodeCount::Fixed);
    }
    let (min, max, sound) = item.table(NODES, |t| {
        let min = t.required("min", number);
        let max = t.required("max", number);
        (min.read(), max.read(), !t.has_unknown())
    });
    let (min, max) = (min?, max?);
    if *min > *max {
        let message = format!("`min` is {}, more than `max`, {}", *min, *max);
        item.cx.raise(&NODE_RANGE, min.origin, message, "the fewest nodes").also(max.origin, "the most nodes");
        return None;
    }
    sound.then_some(NodeCount::Between { min: *min, max: *max })
}

/// Every pool with its defaults; the system pool is the first.
pub(super) fn read(cx: &Context<'_>, system: RawPool, more: Vec<RawPool>, cni: &At<Cni>) -> Vec<PoolSpec> {
    let size = system.node_size.or(system.origin, || "Standard_D4s_v5".to_owned());
    let system = RawPool {
        name: Slot::Read(At::new(SYSTEM.to_owned(), system.origin)),
        mode: Slot::Read(At::new(PoolMode::System, system.origin)),
        node_size: Slot::Read(size.clone()),
        ..system
    };
    let mut list = vec![pool(cx, system, cni, &size)];
    list.extend(more.into_iter().map(|raw| pool(cx, raw, cni, &size)));
    read::unique(cx, "pool", list.iter().map(|p| &p.name));
    list
}

fn pool(cx: &Context<'_>, raw: RawPool, cni: &At<Cni>, size: &At<String>) -> PoolSpec {
    let origin = raw.origin;
    let spot = raw.spot.or(origin, || false);
    let pool = PoolSpec {
        name: raw.name.or(origin, || "pool".to_owned()),
        mode: raw.mode.or(origin, || PoolMode::User),
        os: raw.os.or(origin, || Os::Linux),
        gpu: raw.gpu.or(origin, || false),
        nodes: raw.nodes.or(origin, || NodeCount::Fixed(2)),
        node_size: raw.node_size.or(following(origin, size.origin), || size.value.clone()),
        pods_per_node: raw.pods_per_node.or(following(origin, cni.origin), || usual_pods(**cni)),
        max_surge: surge(cx, raw.max_surge, origin, &spot),
        zones: raw.zones.list(),
        spot,
        origin,
    };
    if *pool.mode == PoolMode::System && pool.nodes.least() == 0 && !pool.mode.origin.poisoned {
        let message = format!("system pool `{}` may have no node at all", *pool.name);
        cx.raise(&EMPTY_SYSTEM_POOL, pool.nodes.origin, message, "at least 1 node")
            .also(pool.mode.origin, "a system pool");
    }
    pool
}

/// Pods per node unless the profile says otherwise (F3.3).
fn usual_pods(cni: Cni) -> u32 {
    match cni {
        Cni::AzureOverlay => 250,
        Cni::Azure => 30,
        Cni::AzurePodSubnet | Cni::Kubenet | Cni::None => 110,
    }
}

/// Azure takes no surge for a spot pool, not even the usual one.
fn surge(cx: &Context<'_>, slot: Slot<Surge>, implied: Origin, spot: &At<bool>) -> Option<At<Surge>> {
    if !spot.value {
        return Some(slot.or(implied, || Surge::Percent(10)));
    }
    if let Slot::Read(written) = slot {
        let message = format!("a spot pool cannot have the surge {}", *written);
        cx.raise(&SPOT_POOL_SURGE, written.origin, message, "no surge here").also(spot.origin, "a spot pool");
    }
    None
}
