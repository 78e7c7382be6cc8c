//! What a project's repository begins with: one asset for each kind of problem and of inference.

use std::path::Path;

use formwork::Asset;

use super::sagemaker_project::{InferenceType, ProblemType};

/// The first content of the repository of such a project.
#[must_use]
pub fn asset(problem: ProblemType, inference: InferenceType) -> Asset {
    let name = match (problem, inference) {
        (ProblemType::Supervised, InferenceType::RealTime) => "seed-supervised-real-time",
        (ProblemType::Supervised, InferenceType::Batch) => "seed-supervised-batch",
        (ProblemType::Unsupervised, InferenceType::RealTime) => "seed-unsupervised-real-time",
        (ProblemType::Unsupervised, InferenceType::Batch) => "seed-unsupervised-batch",
    };
    let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets");
    crate::sources::choose(Asset::directory(name, assets), ["seed", "pyproject.toml"])
}
