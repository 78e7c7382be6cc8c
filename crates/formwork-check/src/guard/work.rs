//! Runs rule files over templates, on two threads or a few, within a time. Judges nothing: what a report says is in `report`.

use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use super::engine::{self, Silent};
use super::report::{self, Outcome};

/// How long all rules may take for one share of the templates: 237 rules on 500 resources take half a minute in a build for
/// development.
const PATIENCE: Duration = Duration::from_secs(90);

/// How long one file may take for one template, if all together failed, and how long all of them.
const ALONE: Duration = Duration::from_secs(10);
const ALL_ALONE: Duration = Duration::from_mins(1);

/// The most threads. Each holds a report, which repeats what the templates say.
const MOST_THREADS: usize = 4;

/// What became of all rules.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// One for each template.
    pub outcomes: Vec<Outcome>,
    /// Files that could not be run, by their place, each with the template and why.
    pub failed: Vec<(usize, usize, Silent)>,
}

/// Runs all files over all templates. The order of what is found does not depend on who was first.
pub(super) fn run(files: &[&str], templates: &[String]) -> Done {
    let shares = shares(templates);
    let done = Mutex::new(Done {
        outcomes: vec![Outcome::default(); templates.len()],
        failed: Vec::new(),
    });
    thread::scope(|scope| {
        for share in &shares {
            let done = &done;
            scope.spawn(move || {
                let (outcomes, failed) = of_share(files, templates, share);
                let mut done = done.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                for (template, outcome) in share.iter().zip(outcomes) {
                    done.outcomes[*template] = outcome;
                }
                done.failed.extend(failed);
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    done.failed.sort_by_key(|(file, template, _)| (*file, *template));
    done
}

/// Templates for each thread, about as much text for each.
fn shares(templates: &[String]) -> Vec<Vec<usize>> {
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let threads = threads.min(MOST_THREADS).min(templates.len()).max(1);
    let mut order: Vec<usize> = (0..templates.len()).collect();
    order.sort_by_key(|at| std::cmp::Reverse(templates[*at].len()));
    let mut shares = vec![(0, Vec::new()); threads];
    for at in order {
        if let Some((bytes, share)) = shares.iter_mut().min_by_key(|(bytes, _)| *bytes) {
            *bytes += templates[at].len();
            share.push(at);
        }
    }
    shares.into_iter().map(|(_, share)| share).collect()
}

type Failed = Vec<(usize, usize, Silent)>;

fn of_share(files: &[&str], templates: &[String], share: &[usize]) -> (Vec<Outcome>, Failed) {
    let texts: Vec<&str> = share.iter().map(|at| templates[*at].as_str()).collect();
    if let Ok(report) = engine::run(files, &texts, PATIENCE) {
        return (report::outcomes(&report), Vec::new());
    }
    // One rule that fails takes all others with it. Which one it is, only each by itself can say.
    let (mut outcomes, mut failed) = (vec![Outcome::default(); share.len()], Vec::new());
    let start = Instant::now();
    for (number, file) in files.iter().enumerate() {
        for (at, text) in texts.iter().enumerate() {
            let left = ALL_ALONE.saturating_sub(start.elapsed()).min(ALONE);
            let report = if left.is_zero() {
                Err(Silent::Failed("no time was left for it".to_owned()))
            } else {
                engine::run(&[file], &[text], left)
            };
            match report {
                Ok(report) => {
                    for outcome in report::outcomes(&report) {
                        outcomes[at].broken.extend(outcome.broken);
                        outcomes[at].stuck.extend(outcome.stuck);
                    }
                }
                Err(why) => failed.push((number, share[at], why)),
            }
        }
    }
    (outcomes, failed)
}
