//! Whether the launch links in a document are those that there are now.
//!
//! Text in, [`Problems`] out: each link that says something else, each that is missing. It reads no file and knows no
//! markup, so that any document will do; and it never looks at anything but links.

use super::found::{Found, Parts, decoded, find};
use super::{LaunchBranch, LaunchPage, LaunchRegion, unknown};
use crate::nearest::nearest;
use crate::problem::{Problem, Problems};

impl LaunchPage {
    /// Compares every launch link of a document with what there should be for these branches and regions, and tells how
    /// many there are. `file` is what the document is called in messages; links of other branches and regions are not
    /// looked at.
    ///
    /// # Errors
    /// Every link that is not current, with the part that differs, and every link that is missing.
    pub fn check(
        &self,
        file: &str,
        text: &str,
        branches: &[LaunchBranch],
        regions: &[LaunchRegion],
    ) -> Result<usize, Problems> {
        let found = find(text);
        if found.is_empty() {
            return Err(Problems(vec![Problem::new(
                None,
                "",
                format!("{file} has no launch link"),
            )]));
        }
        let links: Vec<Link> = found.into_iter().map(|found| self.place(found)).collect();
        let wanted = |link: &&Link| {
            link.branch.is_none_or(|branch| branches.contains(&branch))
                && link.region.is_none_or(|region| regions.contains(&region))
        };
        let links: Vec<&Link> = links.iter().filter(wanted).collect();
        let mut problems: Vec<Problem> =
            links.iter().flat_map(|link| self.faults(file, link, &links)).collect();
        for branch in branches {
            problems.extend(missing(file, branch, regions, &links));
        }
        if problems.is_empty() { Ok(links.len()) } else { Err(Problems(problems)) }
    }

    /// Tells which branch and which region a link seems to be for.
    fn place(&self, found: Found) -> Link {
        let parts = Parts::of(&found.url);
        let subdomain = parts.host.split('.').next();
        let mut codes = parts.region().into_iter().chain(subdomain);
        let region = codes.find_map(|code| self.regions.iter().find(|region| region.code == code));
        let (region, branch) = (region.copied(), self.branch_of(&parts).copied());
        Link { found, branch, region }
    }

    /// The branch whose bucket the template is in; else the one whose parameters the link has most of; else the one
    /// whose bucket is called nearly so.
    fn branch_of(&self, parts: &Parts<'_>) -> Option<&LaunchBranch> {
        let bucket = parts.bucket().unwrap_or_default();
        if let Some(branch) = self.branches.iter().find(|branch| branch.bucket == bucket) {
            return Some(branch);
        }
        // What all branches fill in tells nothing.
        let tells = |parameter: &(&str, &str)| {
            !self.branches.iter().all(|branch| branch.parameters.contains(parameter))
        };
        let score = |branch: &LaunchBranch| {
            let parameters = branch.parameters.iter().filter(|parameter| tells(parameter));
            parameters.filter(|(name, value)| has(parts, name, value)).count()
        };
        let best = self.branches.iter().map(score).max().filter(|best| *best > 0);
        let mut like = self.branches.iter().filter(|branch| Some(score(branch)) == best);
        if let (Some(branch), None) = (like.next(), like.next()) {
            return Some(branch);
        }
        let buckets: Vec<&str> = self.branches.iter().map(|branch| branch.bucket).collect();
        let near = nearest(&bucket, &buckets)?;
        self.branches.iter().find(|branch| branch.bucket == near)
    }

    /// What is wrong with one link.
    fn faults(&self, file: &str, link: &Link, links: &[&Link]) -> Vec<Problem> {
        let place = format!("{file}:{}", link.found.line);
        let parts = Parts::of(&link.found.url);
        if let (Some(branch), Some(region)) = (&link.branch, &link.region) {
            let expected = self.link(branch, region).url;
            if link.found.url == expected {
                return Vec::new();
            }
            let message =
                format!("{place}: the link of `{}` for {} is stale", branch.name, region.code);
            let mut problem = Problem::new(None, "", message);
            problem.notes = differences(&parts, &Parts::of(&expected));
            let twin = links.iter().find(|other| other.twin(link));
            problem.notes.extend(twin.map(|twin| {
                format!("line {} links the same with another target", twin.found.line)
            }));
            return vec![problem];
        }
        let mut problems = Vec::new();
        if link.region.is_none() {
            let codes: Vec<&str> = self.regions.iter().map(|region| region.code).collect();
            let given = parts.region().or(parts.host.split('.').next());
            problems.extend(unknown("region", &[given.unwrap_or_default().to_owned()], &codes));
        }
        if link.branch.is_none() {
            let buckets: Vec<&str> = self.branches.iter().map(|branch| branch.bucket).collect();
            problems.extend(unknown("bucket", &[parts.bucket().unwrap_or_default()], &buckets));
        }
        for problem in &mut problems {
            problem.message = format!("{place}: {}", problem.message);
        }
        problems
    }
}

/// A link of a document, and what it seems to be for.
#[derive(Debug)]
struct Link {
    found: Found,
    branch: Option<LaunchBranch>,
    region: Option<LaunchRegion>,
}

impl Link {
    fn is_for(&self, branch: &LaunchBranch, region: &LaunchRegion) -> bool {
        self.branch.as_ref() == Some(branch) && self.region.as_ref() == Some(region)
    }

    /// Whether both are for the same, but go elsewhere.
    fn twin(&self, other: &Link) -> bool {
        (self.branch, self.region) == (other.branch, other.region)
            && self.found.url != other.found.url
    }
}

/// Each region that a branch has no link for; one problem if it has none at all.
fn missing(
    file: &str,
    branch: &LaunchBranch,
    regions: &[LaunchRegion],
    links: &[&Link],
) -> Vec<Problem> {
    let name = branch.name;
    let lacks = |region: &&LaunchRegion| !links.iter().any(|link| link.is_for(branch, region));
    let lacking: Vec<&str> = regions.iter().filter(lacks).map(|region| region.code).collect();
    let problem = |message: String| Problem::new(None, "", message);
    if lacking.len() > 1 && !links.iter().any(|link| link.branch.as_ref() == Some(branch)) {
        let count = lacking.len();
        return vec![problem(format!("{file}: no link of `{name}`: all {count} are missing"))];
    }
    lacking.iter().map(|code| problem(format!("{file}: no link of `{name}` for {code}"))).collect()
}

fn has(parts: &Parts<'_>, name: &str, value: &str) -> bool {
    parts.parameters.iter().any(|(given_name, given)| {
        given_name.strip_prefix("param_") == Some(name) && decoded(given) == value
    })
}

/// What differs between two links, part by part.
fn differences(given: &Parts<'_>, expected: &Parts<'_>) -> Vec<String> {
    let mut notes: Vec<String> = [
        ("scheme", given.scheme, expected.scheme),
        ("host", given.host, expected.host),
        ("path", given.path, expected.path),
        ("query", given.query, expected.query),
        ("page", given.page, expected.page),
    ]
    .into_iter()
    .filter_map(|(part, given, expected)| differs(part, given, expected))
    .collect();
    let mut rest = given.parameters.clone();
    for (name, value) in &expected.parameters {
        let place = rest.iter().position(|(given, _)| given == name);
        let place = place.or(rest.iter().position(|(given, _)| given.eq_ignore_ascii_case(name)));
        if let Some(place) = place {
            let (given_name, given) = rest.remove(place);
            if given_name != *name {
                notes.push(format!("`{given_name}`: given in other letters, expected `{name}`"));
            }
            notes.extend(differs(name, given, value));
        } else {
            notes.push(format!("`{name}`: missing, expected `{}`", decoded(value)));
        }
    }
    let unexpected = |(name, value): &(&str, &str)| {
        format!("`{name}`: given `{}`, and no such parameter is expected", decoded(value))
    };
    notes.extend(rest.iter().map(unexpected));
    if notes.is_empty() {
        let names = |parts: &Parts<'_>| {
            parts.parameters.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
        };
        let (given, expected) = (names(given), names(expected));
        notes.push(if given == expected {
            "the same parts with other signs between them".to_owned()
        } else {
            format!("order: given {given}, expected {expected}")
        });
    }
    notes
}

/// A difference of one part: as it reads, or as it is written where it reads the same.
fn differs(part: &str, given: &str, expected: &str) -> Option<String> {
    let (read, wanted) = (decoded(given), decoded(expected));
    if given == expected {
        None
    } else if read == wanted {
        Some(format!("`{part}`: encoded as `{given}`, expected `{expected}`"))
    } else {
        Some(format!("`{part}`: given `{read}`, expected `{wanted}`"))
    }
}
