//! SageMaker's own images for monitors. They are in accounts of AWS, other ones in each region.
//!
//! The numbers are those of `image_uri_config/model-monitor.json` and `image_uri_config/clarify.json` in the package `sagemaker`
//! 2.245.0 of the Python package index, AWS's own SDK.

use formwork::prelude::*;
use formwork::{Early, Text};

/// The image that compares data and quality with a baseline.
pub const ANALYZER: &str = "sagemaker-model-monitor-analyzer";

/// The image that measures bias and explains answers.
pub const CLARIFY: &str = "sagemaker-clarify-processing";

/// A region, the account that has [`ANALYZER`] there, and the one that has [`CLARIFY`].
pub const ACCOUNTS: [(&str, &str, &str); 13] = [
    ("us-east-1", "156813124566", "205585389593"),
    ("us-east-2", "777275614652", "211330385671"),
    ("us-west-2", "159807026194", "306415355426"),
    ("ap-south-1", "126357580389", "452307495513"),
    ("ap-southeast-1", "245545462676", "834264404009"),
    ("ap-southeast-2", "563025443158", "007051062584"),
    ("ap-northeast-1", "574779866223", "377024640650"),
    ("eu-central-1", "048819808253", "017069133835"),
    ("eu-west-1", "468650794304", "131013547314"),
    ("eu-west-2", "749857270468", "440796970383"),
    ("eu-west-3", "680080141114", "341593696636"),
    ("eu-south-1", "933208885752", "638885417683"),
    ("eu-north-1", "895015795356", "763603941244"),
];

/// The two images, and their repositories' ARNs.
#[derive(Clone, Copy)]
pub(super) struct Images {
    pub(super) analyzer: Text<Early>,
    pub(super) clarify: Text<Early>,
    pub(super) repositories: [Text<Early>; 2],
}

pub(super) fn images(t: &mut Template) -> Images {
    let accounts = t.mapping::<AccountId, _, _, _, _>(
        "ImageAccounts",
        ACCOUNTS.map(|(region, analyzer, clarify)| {
            (region, [("Analyzer", analyzer), ("Clarify", clarify)])
        }),
    );
    let (partition, region, suffix) = (pseudo::PARTITION, pseudo::REGION, pseudo::URL_SUFFIX);
    let analyzer = accounts.get(region, "Analyzer");
    let clarify = accounts.get(region, "Clarify");
    Images {
        analyzer: sub!("{analyzer}.dkr.ecr.{region}.{suffix}/{ANALYZER}"),
        clarify: sub!("{clarify}.dkr.ecr.{region}.{suffix}/{CLARIFY}:1.0"),
        repositories: [
            sub!("arn:{partition}:ecr:{region}:{analyzer}:repository/{ANALYZER}"),
            sub!("arn:{partition}:ecr:{region}:{clarify}:repository/{CLARIFY}"),
        ],
    }
}
