//! Runs a task over many items on a few threads and gathers what they say, in the order of the items.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;

use crate::failure::Failure;

/// How many failures are said in full. What follows is mostly the same: a server that is gone says so to every thread.
const SAID: usize = 3;

/// Runs `task` for every item, `threads` at a time. After a failure no further item is begun; the failures of those that were under
/// way are gathered.
pub(crate) fn each<T: Sync, R: Send>(
    items: &[T],
    threads: usize,
    task: impl Fn(&T) -> Result<R, Failure> + Sync,
) -> Result<Vec<R>, Failure> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Result<R, Failure>)>> = Mutex::new(Vec::new());
    let stop = AtomicBool::new(false);
    thread::scope(|scope| {
        for _ in 0..threads.clamp(1, items.len().max(1)) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = items.get(at) else { return };
                    if stop.load(Ordering::Relaxed) {
                        return;
                    }
                    let result = task(item);
                    stop.fetch_or(result.is_err(), Ordering::Relaxed);
                    if let Ok(mut done) = done.lock() {
                        done.push((at, result));
                    }
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_default();
    done.sort_by_key(|(at, _)| *at);
    let (mut results, mut problems) = (Vec::with_capacity(done.len()), Vec::new());
    for (_, result) in done {
        match result {
            Ok(result) => results.push(result),
            Err(Failure(said)) => problems.extend(said),
        }
    }
    if problems.is_empty() { Ok(results) } else { Err(shortened(problems)) }
}

/// The first failures in full, and how many more there are.
fn shortened(mut problems: Vec<String>) -> Failure {
    let more = problems.len().saturating_sub(SAID);
    problems.truncate(SAID);
    let failure = Failure(problems);
    if more == 0 { failure } else { failure.note(&format!("and {more} more that were under way")) }
}
