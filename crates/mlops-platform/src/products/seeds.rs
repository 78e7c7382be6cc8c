//! What a project's repository begins with: one for each kind of problem and each kind of inference.
//!
//! The four share nearly all their files: `assets/seed/common`. Beside it a directory for each holds its configuration and its
//! README; the code reads in the configuration which of the four it is.

use std::path::Path;

use formwork::Asset;

use super::sagemaker_project::{InferenceType, ProblemType};

/// The most bytes that one may have, compressed: it is code to be read, and no place for data.
pub const LIMIT: u64 = 2_000_000;

/// All four, in the order of the choices that a project's form offers.
pub const ALL: [(ProblemType, InferenceType); 4] = [
    (ProblemType::Supervised, InferenceType::RealTime),
    (ProblemType::Supervised, InferenceType::Batch),
    (ProblemType::Unsupervised, InferenceType::RealTime),
    (ProblemType::Unsupervised, InferenceType::Batch),
];

/// The asset's name, `seed-<problem>-<inference>`.
#[must_use]
pub const fn name(problem: ProblemType, inference: InferenceType) -> &'static str {
    match (problem, inference) {
        (ProblemType::Supervised, InferenceType::RealTime) => "seed-supervised-real-time",
        (ProblemType::Supervised, InferenceType::Batch) => "seed-supervised-batch",
        (ProblemType::Unsupervised, InferenceType::RealTime) => "seed-unsupervised-real-time",
        (ProblemType::Unsupervised, InferenceType::Batch) => "seed-unsupervised-batch",
    }
}

/// The first content of a project's repository, zipped.
#[must_use]
pub fn asset(problem: ProblemType, inference: InferenceType) -> Asset {
    let name = name(problem, inference);
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/seed");
    let own = name.strip_prefix("seed-").unwrap_or(name);
    Asset::directory(name, seeds.join("common"))
        .with_directory(seeds.join(own))
        // A repository begins with `.gitignore`; other hidden files and these are what tools leave behind.
        .except_directories("__pycache__")
        .except_directories(".ipynb_checkpoints")
        .except_directories(".pytest_cache")
        .except_directories(".venv")
}
