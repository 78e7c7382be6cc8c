//! Where the platform is launched from: branches, buckets, regions, stack name and launch parameters. This is the one
//! place that knows them.

use formwork::launch::{LaunchBranch, LaunchPage, LaunchRegion};

/// The name of the stack that a Launch Stack link makes.
pub const STACK_NAME: &str = "aws-mlops-accelerator-stack";

/// The name of a branch's bucket: `main` has the one without a suffix.
macro_rules! bucket {
    (main) => {
        "aws-enterprise-mlops-platform"
    };
    ($branch:literal) => {
        concat!("aws-enterprise-mlops-platform-", $branch)
    };
}

/// A branch beside `main`: its name, and what the names of its links end in.
macro_rules! branch {
    ($name:literal, $suffix:literal) => {
        LaunchBranch {
            name: $name,
            bucket: bucket!($name),
            suffix: $suffix,
            parameters: &[
                ("BucketName", bucket!($name)),
                ("CostCenter", COST_CENTER),
                // The customer's own repository has one branch of this name, whatever was launched.
                ("BranchName", "main"),
            ],
        }
    };
}

/// The bucket that `main` is released into; other branches have theirs beside it.
pub const BUCKET: &str = bucket!(main);

/// The cost center that a link fills in, to be replaced by the person who launches.
pub const COST_CENTER: &str = "12345";

/// The key of the template that is launched: the only one in a bucket that ever changes.
pub const TEMPLATE: &str = "mlops_entry_point.yaml";

/// The links: two branches, 13 regions.
pub const PAGE: LaunchPage = LaunchPage {
    branches: &BRANCHES,
    regions: &REGIONS,
    template: TEMPLATE,
    stack_name: STACK_NAME,
    capabilities: &["CAPABILITY_NAMED_IAM"],
};

/// The branches that are released. A further one is a line, such as `branch!("staging", "stg")`.
pub const BRANCHES: [LaunchBranch; 2] = [
    LaunchBranch {
        name: "main",
        bucket: BUCKET,
        suffix: "",
        parameters: &[("BucketName", BUCKET), ("CostCenter", COST_CENTER)],
    },
    branch!("develop", "dev"),
];

/// The regions that the platform can be launched in: exactly those that have CodeArtifact.
pub const REGIONS: [LaunchRegion; 13] = [
    LaunchRegion { name: "US East (N. Virginia)", code: "us-east-1" },
    LaunchRegion { name: "US East (Ohio)", code: "us-east-2" },
    LaunchRegion { name: "US West (Oregon)", code: "us-west-2" },
    LaunchRegion { name: "Asia Pacific (Mumbai)", code: "ap-south-1" },
    LaunchRegion { name: "Asia Pacific (Singapore)", code: "ap-southeast-1" },
    LaunchRegion { name: "Asia Pacific (Sydney)", code: "ap-southeast-2" },
    LaunchRegion { name: "Asia Pacific (Tokyo)", code: "ap-northeast-1" },
    LaunchRegion { name: "EU (Frankfurt)", code: "eu-central-1" },
    LaunchRegion { name: "EU (Ireland)", code: "eu-west-1" },
    LaunchRegion { name: "Europe (London)", code: "eu-west-2" },
    LaunchRegion { name: "Europe (Paris)", code: "eu-west-3" },
    LaunchRegion { name: "Europe (Milan)", code: "eu-south-1" },
    LaunchRegion { name: "Europe (Stockholm)", code: "eu-north-1" },
];
