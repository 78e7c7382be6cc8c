//! Checks of documents, as data with one runner; and the small page that the other tests of this module share.

use proptest::prelude::*;

use super::{LaunchBranch, LaunchFormat, LaunchPage, LaunchRegion};

pub(super) const REGION: LaunchRegion = LaunchRegion { name: "EU (Ireland)", code: "eu-west-1" };

const REGIONS: [LaunchRegion; 2] =
    [REGION, LaunchRegion { name: "EU (Frankfurt)", code: "eu-central-1" }];

const PAGE: LaunchPage = LaunchPage {
    branches: &[
        LaunchBranch {
            name: "main",
            bucket: "shop-main",
            suffix: "",
            parameters: &[("Bucket", "shop-main"), ("Owner", "a & b")],
        },
        LaunchBranch {
            name: "next",
            bucket: "shop-next",
            suffix: "next",
            parameters: &[("Bucket", "shop-next"), ("Owner", "a & b")],
        },
    ],
    regions: &REGIONS,
    template: "shop.yaml",
    stack_name: "shop",
    capabilities: &["CAPABILITY_NAMED_IAM"],
};

/// The page with `main` alone, filling in these parameters.
pub(super) fn page_with(parameters: Vec<(&'static str, &'static str)>) -> LaunchPage {
    let main = LaunchBranch { parameters: parameters.leak(), ..PAGE.branches[0] };
    LaunchPage { branches: vec![main].leak(), ..PAGE }
}

fn render(format: LaunchFormat) -> String {
    PAGE.render(format, PAGE.branches, PAGE.regions)
}

/// Checks the Markdown page in which the first `old` is `new`; with both empty it is as printed.
fn check(old: &str, new: &str) -> Result<usize, String> {
    let text = render(LaunchFormat::Markdown);
    assert!(text.contains(old), "`{old}` is not in the page");
    let text = text.replacen(old, new, 1);
    let checked = PAGE.check("page.md", &text, PAGE.branches, PAGE.regions);
    checked.map_err(|problems| problems.to_string())
}

/// What the page has, what a document has in its place, and what is said about that.
const EDITS: &[(&str, &str, &str)] = &[
    (
        "shop.yaml",
        "old.yaml",
        "page.md:5: the link of `main` for eu-west-1 is stale\n  \
         `templateUrl`: given `https://shop-main.s3.amazonaws.com/old.yaml`, expected \
         `https://shop-main.s3.amazonaws.com/shop.yaml`",
    ),
    (
        "shop-main.s3",
        "shop-mian.s3",
        "page.md:5: the link of `main` for eu-west-1 is stale\n  \
         `templateUrl`: given `https://shop-mian.s3.amazonaws.com/shop.yaml`, expected \
         `https://shop-main.s3.amazonaws.com/shop.yaml`",
    ),
    (
        "shop-main.s3.amazonaws.com%2Fshop.yaml&stackName=shop&param_Bucket=shop-main",
        "other.s3.amazonaws.com%2Fshop.yaml&stackName=shop&param_Bucket=other",
        "page.md:5: there is no bucket `other`\n  allowed: shop-main, shop-next\n\
         page.md: no link of `main` for eu-west-1",
    ),
    (
        "region=eu-west-1",
        "region=eu-wst-1",
        "page.md:5: the link of `main` for eu-west-1 is stale\n  \
         `query`: given `region=eu-wst-1`, expected `region=eu-west-1`",
    ),
    (
        "https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1",
        "https://eu-wst-1.console.aws.amazon.com/cloudformation/home?region=eu-wst-1",
        "page.md:5: there is no region `eu-wst-1`\n  did you mean `eu-west-1`?\n  \
         allowed: eu-west-1, eu-central-1\n\
         page.md: no link of `main` for eu-west-1",
    ),
    (
        "https://eu-west-1.console",
        "http://eu-central-1.console",
        "page.md:5: the link of `main` for eu-west-1 is stale\n  \
         `scheme`: given `http`, expected `https`\n  \
         `host`: given `eu-central-1.console.aws.amazon.com`, expected \
         `eu-west-1.console.aws.amazon.com`",
    ),
    (
        "/stacks/quickcreate",
        "/stacks/new",
        "page.md:5: the link of `main` for eu-west-1 is stale\n  \
         `page`: given `/stacks/new`, expected `/stacks/quickcreate`",
    ),
    (
        "&param_Owner=a%20%26%20b",
        "",
        "page.md:5: the link of `main` for eu-west-1 is stale\n  \
         `param_Owner`: missing, expected `a & b`",
    ),
    (
        "&param_Owner=a%20%26%20b",
        "&param_owner=c&param_More=1",
        "page.md:5: the link of `main` for eu-west-1 is stale\n  \
         `param_owner`: given in other letters, expected `param_Owner`\n  \
         `param_Owner`: given `c`, expected `a & b`\n  \
         `param_More`: given `1`, and no such parameter is expected",
    ),
    (
        "templateUrl=https%3A%2F%2F",
        "templateUrl=https://",
        "page.md:5: the link of `main` for eu-west-1 is stale\n  \
         `templateUrl`: encoded as `https://shop-main.s3.amazonaws.com%2Fshop.yaml`, expected \
         `https%3A%2F%2Fshop-main.s3.amazonaws.com%2Fshop.yaml`",
    ),
    (
        "&stackName=shop&param_Bucket=shop-main",
        "&param_Bucket=shop-main&stackName=shop",
        "page.md:5: the link of `main` for eu-west-1 is stale\n  \
         order: given templateUrl, param_Bucket, stackName, param_Owner, expected templateUrl, \
         stackName, param_Bucket, param_Owner",
    ),
    (
        "quickcreate?templateUrl",
        "quickcreate?&templateUrl",
        "page.md:5: the link of `main` for eu-west-1 is stale\n  \
         the same parts with other signs between them",
    ),
    (
        "](https://eu-west-1",
        "](htt ps://eu-west-1",
        "page.md:5: the link of `main` for eu-west-1 is stale\n  \
         `scheme`: given `ps`, expected `https`",
    ),
    (
        "cloudformation/home?region=eu-west-1#",
        "elsewhere",
        "page.md: no link of `main` for eu-west-1",
    ),
    (
        "https://eu-central-1.console.aws.amazon.com/cloudformation/home?region=eu-central-1#/stacks/quickcreate?templateUrl=https%3A%2F%2Fshop-main",
        "https://eu-west-1.console.aws.amazon.com/cloudformation/home?region=eu-west-1#/stacks/quickcreate?templateUrl=http%3A%2F%2Fshop-main",
        "page.md:6: the link of `main` for eu-west-1 is stale\n  \
         `templateUrl`: given `http://shop-main.s3.amazonaws.com/shop.yaml`, expected \
         `https://shop-main.s3.amazonaws.com/shop.yaml`\n  \
         line 5 links the same with another target\n\
         page.md: no link of `main` for eu-central-1",
    ),
];

#[test]
fn edited_documents() {
    for (old, new, expected) in EDITS {
        assert_eq!(check(old, new).unwrap_err(), *expected, "{old} -> {new}");
    }
}

#[test]
fn current_documents() {
    assert_eq!(check("", ""), Ok(4));
    let formats =
        [LaunchFormat::Rst, LaunchFormat::Markdown, LaunchFormat::Html, LaunchFormat::Json];
    for format in formats {
        let checked = PAGE.check("page", &render(format), PAGE.branches, PAGE.regions);
        assert_eq!(checked, Ok(4), "{format:?}");
    }
    let twice = render(LaunchFormat::Rst).repeat(2);
    assert_eq!(PAGE.check("page", &twice, PAGE.branches, PAGE.regions), Ok(8));
}

#[test]
fn a_branch_that_is_not_there_is_one_problem() {
    let text = PAGE.render(LaunchFormat::Rst, &PAGE.branches[..1], PAGE.regions);
    let problems = PAGE.check("page", &text, PAGE.branches, PAGE.regions).unwrap_err();
    assert_eq!(problems.to_string(), "page: no link of `next`: all 2 are missing");
    assert_eq!(PAGE.check("page", &text, &PAGE.branches[..1], PAGE.regions), Ok(2));
    let one = PAGE.check("page", &text, &PAGE.branches[1..], &[REGION]).unwrap_err();
    assert_eq!(one.to_string(), "page: no link of `next` for eu-west-1");
}

#[test]
fn only_what_is_asked_for_is_looked_at() {
    let text = render(LaunchFormat::Rst).replace("Fshop.yaml", "Fold.yaml");
    let count = |branches, regions| {
        PAGE.check("page", &text, branches, regions).map_err(|problems| problems.0.len())
    };
    assert_eq!(count(PAGE.branches, PAGE.regions), Err(4));
    assert_eq!(count(&PAGE.branches[1..], PAGE.regions), Err(2));
    assert_eq!(count(&PAGE.branches[1..], &[REGION]), Err(1));
}

#[test]
fn a_document_without_links() {
    for text in ["", "nothing", "https://eu-west-1.console.aws.amazon.com/cloudformation/home"] {
        let problems = PAGE.check("page", text, PAGE.branches, PAGE.regions).unwrap_err();
        assert_eq!(problems.to_string(), "page has no launch link");
    }
}

/// What links are made of, and what could stand in its place.
const PIECES: &[&str] = &[
    "https",
    "://",
    "eu-west-1",
    ".console.aws.amazon.com",
    "/cloudformation",
    "/home",
    "?region=",
    "#",
    "/stacks/quickcreate",
    "?",
    "templateUrl=",
    "https%3A%2F%2Fshop-main",
    ".s3",
    "&",
    "&amp;",
    "param_Bucket=",
    "%",
    "%4",
    "é",
    "\\u0026",
    " ",
    "\n",
    "=",
    "/",
    ")",
    "\0",
    "",
];

proptest! {
    #[test]
    fn no_document_is_too_odd(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..40)) {
        let text = pieces.concat();
        let checked = PAGE.check("page", &text, PAGE.branches, PAGE.regions);
        prop_assert!(checked.is_err(), "{text}");
    }
}
