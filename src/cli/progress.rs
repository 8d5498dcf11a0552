//! A progress bar, on a terminal only and only when more than a second of work is ahead.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::World;

/// How long the first look at the pace takes.
const SAMPLE: Duration = Duration::from_millis(100);
/// Work ahead below which nothing is shown.
const LONG: Duration = Duration::from_secs(1);

/// How far a run is. May be shared by threads.
pub(super) struct Progress {
    total: usize,
    done: AtomicUsize,
    terminal: bool,
    started: Instant,
    before: Duration,
    bar: OnceLock<ProgressBar>,
}

impl Progress {
    /// Nothing of `total` is done.
    pub(super) fn new(total: usize, world: &World) -> Self {
        let (terminal, started) = (world.terminal_err, world.started);
        Progress {
            total,
            done: AtomicUsize::new(0),
            terminal,
            started,
            before: started.elapsed(),
            bar: OnceLock::new(),
        }
    }

    /// One more is done.
    pub(super) fn step(&self) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        if !self.terminal {
            return;
        }
        if let Some(bar) = self.bar.get() {
            bar.set_position(done as u64);
        } else if is_long(self.started.elapsed().saturating_sub(self.before), done, self.total) {
            self.bar.get_or_init(|| bar(self.total));
        }
    }

    /// Takes the bar away.
    pub(super) fn end(&self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

/// Whether, at this pace, the rest takes long.
fn is_long(elapsed: Duration, done: usize, total: usize) -> bool {
    let ahead = elapsed.as_secs_f64() / done as f64 * total.saturating_sub(done) as f64;
    elapsed >= SAMPLE && ahead > LONG.as_secs_f64()
}

fn bar(total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} profiles");
    ProgressBar::new(total as u64).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_is_worth_its_room_only_for_long_work() {
        let after = |ms, done, total| is_long(Duration::from_millis(ms), done, total);
        assert!(!after(50, 1, 1000), "too early to tell");
        assert!(!after(100, 100, 1000), "0.9 seconds ahead");
        assert!(after(100, 50, 1000), "1.9 seconds ahead");
        assert!(!after(5000, 1000, 1000), "nothing ahead");
    }
}
