//! Which of many prefixes overlap, without comparing each with each.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Cidr;

/// Calls `found` with those that overlap and clash: each with the first that holds it, and with those that would not be told
/// of anything else. So every one that clashes is told, and not every pair.
///
/// `place` tells the prefix and the kind of an item; kinds that do not `meet` are not compared. Of equal prefixes the first
/// item holds the others.
pub(crate) fn overlaps<'g, T, K: Ord + Copy>(
    items: &'g [T],
    place: impl Fn(&T) -> (Cidr, K),
    meet: impl Fn(K, K) -> bool,
    clash: impl Fn(&T, &T) -> bool,
    mut found: impl FnMut(&'g T, &'g T),
) {
    let mut order: Vec<&'g T> = items.iter().collect();
    order.sort_by_key(|item| {
        let (prefix, _) = place(item);
        (prefix.base(), Reverse(prefix.size()))
    });
    // Two prefixes are apart or one of them holds the other: these hold the one that is looked at, by kind.
    let mut holding: BTreeMap<K, Holding<'g, T>> = BTreeMap::new();
    for item in order {
        let (prefix, kind) = place(item);
        let holds = |one: &T| place(one).0.covers(prefix);
        let mut others: Vec<&T> = Vec::new();
        for (_, list) in holding.iter_mut().filter(|(other, _)| meet(**other, kind)) {
            list.keep(holds);
            list.clashing(|one| clash(one, item), &mut others);
        }
        let own = holding.entry(kind).or_default();
        own.keep(holds);
        own.all.push(item);
        if others.is_empty() {
            own.untold.push(item);
        }
        others.into_iter().for_each(|one| found(one, item));
    }
}

/// Prefixes that hold another one, the widest first.
#[derive(Debug)]
struct Holding<'g, T> {
    all: Vec<&'g T>,
    /// Those that were not told of anything yet.
    untold: Vec<&'g T>,
}

impl<T> Default for Holding<'_, T> {
    fn default() -> Self {
        Holding { all: Vec::new(), untold: Vec::new() }
    }
}

impl<'g, T> Holding<'g, T> {
    /// Forgets what does not hold the next one.
    fn keep(&mut self, holds: impl Fn(&T) -> bool) {
        for list in [&mut self.all, &mut self.untold] {
            while list.last().is_some_and(|last| !holds(last)) {
                list.pop();
            }
        }
    }

    /// Adds the first that clashes, and those that clash and were not told yet.
    fn clashing(&mut self, clash: impl Fn(&T) -> bool, others: &mut Vec<&'g T>) {
        let first = self.all.iter().copied().find(|one| clash(one));
        others.extend(first);
        self.untold.retain(|one| {
            let told = first.is_some() && clash(one);
            others.extend(Some(*one).filter(|one| told && first.is_none_or(|first| !std::ptr::eq(first, *one))));
            !told
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A prefix, its kind and whose it is.
    type Item = (Cidr, u32, u32);

    /// Numbers that look like chance and are the same every time.
    fn numbers(seed: u32) -> impl FnMut(u32) -> u32 {
        let mut state = seed;
        move |below| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % below
        }
    }

    #[test]
    fn every_one_that_clashes_is_told_and_not_every_pair() {
        let mut met = 0;
        for seed in 0..200 {
            let mut next = numbers(seed);
            let mut byte = |below| u8::try_from(next(below)).unwrap();
            let prefixes: Vec<Cidr> =
                (0..24).map(|_| Cidr::holding([10, 0, 0, byte(256)].into(), 26 + byte(5))).collect();
            let items: Vec<Item> = prefixes.into_iter().map(|prefix| (prefix, next(2), next(6))).collect();
            // Two of kind 1 may overlap, and so may what belongs to one owner.
            let meet = |one, other| (one, other) != (1, 1);
            let clash = |one: &Item, other: &Item| one.2 != other.2;
            let bad = |one: &Item, other: &Item| one.0.overlaps(other.0) && clash(one, other) && meet(one.1, other.1);
            let mut told: Vec<*const Item> = Vec::new();
            overlaps(
                &items,
                |item| (item.0, item.1),
                meet,
                clash,
                |one, other| {
                    assert!(bad(one, other), "{one:?} {other:?}");
                    told.extend([std::ptr::from_ref(one), std::ptr::from_ref(other)]);
                },
            );
            for item in &items {
                let expected = items.iter().any(|other| bad(item, other));
                assert_eq!(told.contains(&std::ptr::from_ref(item)), expected, "seed {seed}: {item:?}");
            }
            met += told.len();
        }
        assert!(met > 1000, "{met}");
    }

    #[test]
    fn of_many_equal_ones_the_first_is_told_of_each() {
        let items: Vec<Item> = (0..500).map(|owner| (Cidr::holding([10, 0, 0, 0].into(), 16), 0, owner)).collect();
        let mut pairs = Vec::new();
        overlaps(
            &items,
            |item| (item.0, item.1),
            |_, _| true,
            |one, other| one.2 != other.2,
            |one, other| {
                pairs.push((one.2, other.2));
            },
        );
        assert_eq!(pairs, (1..500).map(|other| (0, other)).collect::<Vec<_>>());
    }
}
