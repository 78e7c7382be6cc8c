//! Code that lies in one region while the template is launched in several. Lambda and SageMaker take code, models and images
//! from their own region only; a bucket that a link fills in is as fixed as one that is written.

use std::collections::BTreeMap;

use formwork::evaluate::{Known, Part, Text};
use formwork::read::Tree;
use indexmap::IndexMap;

use super::rules::{ELSEWHERE, MAY_BE_ELSEWHERE};
use super::scene::resource_pointer;
use super::stacks::{self, Budget};
use crate::finding::{Finding, shown};
use crate::subject::{Subject, stack_resources};

/// What is taken from the region only in which the resource is, and the property with the bucket or image.
/// Source: the property pages of each type.
pub(super) const CODE: &[(&str, &str, What)] = &[
    ("AWS::Lambda::Function", "Code.S3Bucket", What::Bucket),
    ("AWS::Lambda::Function", "Code.ImageUri", What::Image),
    ("AWS::Lambda::LayerVersion", "Content.S3Bucket", What::Bucket),
    ("AWS::Serverless::Function", "CodeUri.Bucket", What::Bucket),
    ("AWS::Serverless::Function", "ImageUri", What::Image),
    ("AWS::Serverless::LayerVersion", "ContentUri.Bucket", What::Bucket),
    ("AWS::ElasticBeanstalk::ApplicationVersion", "SourceBundle.S3Bucket", What::Bucket),
    ("AWS::SageMaker::Model", "PrimaryContainer.ModelDataUrl", What::Url),
    ("AWS::SageMaker::Model", "PrimaryContainer.Image", What::Image),
];

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    Bucket,
    /// `s3://bucket/key`
    Url,
    Image,
}

/// Template, resource and property.
type Spot = (usize, String, &'static str);

/// Of each text, in which regions it is asked for.
type Found = BTreeMap<Spot, (What, BTreeMap<String, Vec<String>>)>;

pub(super) fn check(subject: &Subject, findings: &mut Vec<Finding>) {
    let has_code = |at: usize| {
        stack_resources(subject.templates[at].root()).iter().any(|(_, tree)| {
            let kind = tree.get("Type").and_then(Tree::as_str);
            CODE.iter().any(|(known, path, _)| {
                kind == Some(known)
                    && path
                        .split('.')
                        .try_fold(tree.get("Properties"), |at, step| Some(at?.get(step)))
                        .flatten()
                        .is_some()
            })
        })
    };
    if !(0..subject.templates.len()).any(has_code) {
        return;
    }
    let (mut certain, mut likely) = (Found::new(), Found::new());
    let budget = Budget::new();
    for root in stacks::roots(subject) {
        for region in &regions(subject) {
            look(subject, root, region, None, &budget, &mut certain);
            for given in launches(subject, root) {
                look(subject, root, region, Some(&given), &budget, &mut certain);
            }
        }
        for region in &regions(subject) {
            look(subject, root, region, Some(&IndexMap::new()), &budget, &mut likely);
        }
    }
    likely.retain(|spot, _| !says(&certain, spot, subject));
    for (found, is_certain) in [(certain, true), (likely, false)] {
        for (spot, (what, texts)) in &found {
            say(subject, spot, *what, texts, is_certain, findings);
        }
    }
}

/// The regions to compare: where nobody said where it is launched, any two.
fn regions(subject: &Subject) -> Vec<String> {
    const TWO: [&str; 2] = ["us-east-1", "eu-central-1"];
    if subject.regions_are_meant {
        subject.regions.clone()
    } else {
        TWO.map(str::to_owned).to_vec()
    }
}

fn says(found: &Found, spot: &Spot, subject: &Subject) -> bool {
    found.get(spot).is_some_and(|(what, texts)| {
        texts.iter().any(|(text, regions)| !wrong(subject, *what, text, regions).is_empty())
    })
}

/// What each launch link fills in, if the template is the one that is launched.
fn launches(subject: &Subject, root: usize) -> Vec<IndexMap<String, Known>> {
    let Some(launch) = &subject.launch else { return Vec::new() };
    let entry = subject.templates[root].entry.as_ref();
    if entry.is_none_or(|entry| entry.file != launch.template) {
        return Vec::new();
    }
    let declared = subject.templates[root].root().get("Parameters").and_then(Tree::as_map);
    let unknown = |name: &String| (name.clone(), Known::unknown(name.as_str()));
    let base: IndexMap<String, Known> =
        declared.unwrap_or_default().iter().map(|one| unknown(&one.key)).collect();
    let branches = launch.branches.iter().map(|branch| {
        let mut given = base.clone();
        given.extend(
            branch.parameters.iter().map(|(name, value)| (name.clone(), Known::text(value))),
        );
        given
    });
    branches.collect()
}

fn look(
    subject: &Subject,
    root: usize,
    region: &str,
    given: Option<&IndexMap<String, Known>>,
    budget: &Budget,
    found: &mut Found,
) {
    stacks::walk(subject, root, region, given, budget, &mut |instance| {
        if super::is_foreign(instance.evaluation) {
            return;
        }
        for resource in instance.evaluation.resources() {
            let (Some(kind), Some(id)) = (resource.kind.whole(), resource.id.whole()) else {
                continue;
            };
            for (_, path, what) in CODE.iter().filter(|(known, ..)| *known == kind) {
                let mut term = resource.attribute("Properties");
                for step in path.split('.') {
                    term = term.and_then(|term| term.get(step));
                }
                let value = term.map(|term| instance.evaluation.value(&term));
                let Some(text) = value.and_then(|value| value.to_text()) else { continue };
                let Some(text) = fixed(*what, &text) else { continue };
                let spot = (instance.template, id.to_owned(), *path);
                let entry = found.entry(spot).or_insert_with(|| (*what, BTreeMap::new()));
                let regions = entry.1.entry(text).or_default();
                if !regions.iter().any(|known| known == region) {
                    regions.push(region.to_owned());
                }
            }
        }
    });
}

/// The bucket, or the region of the image's registry, if it is written out.
fn fixed(what: What, text: &Text) -> Option<String> {
    const REGISTRY: &str = ".dkr.ecr.";
    match what {
        What::Bucket => text.whole().filter(|name| !name.contains("{{")).map(str::to_owned),
        What::Url => {
            let (bucket, _) = text.prefix().strip_prefix("s3://")?.split_once('/')?;
            Some(bucket.to_owned())
        }
        What::Image => text.parts().iter().find_map(|part| match part {
            Part::Known(known) => {
                let (region, _) = known.split_once(REGISTRY)?.1.split_once('.')?;
                Some(region.to_owned())
            }
            Part::Unknown(_) => None,
        }),
    }
}

/// The regions in which it cannot be right.
fn wrong(subject: &Subject, what: What, text: &str, regions: &[String]) -> Vec<String> {
    match what {
        What::Image if subject.regions_are_meant => {
            regions.iter().filter(|region| *region != text).cloned().collect()
        }
        What::Bucket | What::Url if subject.regions_are_meant && regions.len() > 1 => {
            regions.to_vec()
        }
        _ => Vec::new(),
    }
}

fn say(
    subject: &Subject,
    (at, id, path): &Spot,
    what: What,
    texts: &BTreeMap<String, Vec<String>>,
    is_certain: bool,
    findings: &mut Vec<Finding>,
) {
    const FIX: &str = "copy the code into the region as the stack is made, write it inline, or put `${AWS::Region}` into the name";
    let pointer = format!("{}/Properties/{}", resource_pointer(id), path.replace('.', "/"));
    // Lambda refuses it; of SageMaker there is only the word of its documentation.
    let is_refused = is_certain && kind_of(subject, *at, id) != Some("AWS::SageMaker::Model");
    for (text, regions) in texts {
        let mut wrong = wrong(subject, what, text, regions);
        let is_lone = !subject.regions_are_meant && is_certain && regions.len() > 1;
        if wrong.is_empty() && !is_lone {
            continue;
        }
        let is_refused = is_refused && !wrong.is_empty();
        let (rule, message) = (
            if is_refused { ELSEWHERE } else { MAY_BE_ELSEWHERE },
            message(id, what, &wrong, is_certain),
        );
        if wrong.len() == subject.regions.len() {
            wrong.clear();
        }
        let finding = Finding::new(rule, subject.templates[*at].place_of(&pointer), message);
        findings.push(finding.given(shown(text)).regions(wrong).fix(FIX));
    }
}

fn message(id: &str, what: What, wrong: &[String], is_certain: bool) -> String {
    let (id, by) = (shown(id), if is_certain { "" } else { " by default" });
    match (what, wrong.len()) {
        (What::Image, 0) => format!("the image of `{id}` is{by} in one region"),
        (What::Image, _) => format!("the image of `{id}` is{by} in another region"),
        (What::Bucket | What::Url, 0) => {
            format!("the code of `{id}` comes{by} from a bucket whose name hangs on no region")
        }
        (What::Bucket | What::Url, count) => format!(
            "the code of `{id}` comes{by} from one bucket in {count} target regions, and can be in one of them only"
        ),
    }
}

fn kind_of<'s>(subject: &'s Subject, at: usize, id: &str) -> Option<&'s str> {
    let root = subject.templates[at].root();
    root.at(&resource_pointer(id))?.get("Type")?.as_str()
}
