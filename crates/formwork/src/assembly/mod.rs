//! An assembly: rendered templates, packed assets, and `manifest.json` that lists them.
//!
//! [`Assembly::synth`] checks and renders everything in memory and says all problems at once;
//! [`Synthesized::write`] puts it on disk; [`run`] is both, as a program's `main`. Only this module and its
//! children touch files, and nothing here reads a clock, the environment or a random source: the same program
//! gives the same bytes.

mod manifest;
mod pack;
mod program;
mod synth;
mod write;

use std::path::Path;

pub use manifest::{
    AssetEntry, BranchEntry, FORMAT, LaunchEntry, Manifest, ParameterEntry, ResourceEntry,
    TemplateEntry,
};
pub use pack::{Packed, sha256};
pub use program::run;
use synth::Synth;
pub use write::{MANIFEST, WriteError, Written};

use crate::check;
use crate::graph::Graph;
use crate::launch::LaunchPage;
use crate::problem::{Problem, Problems};
use crate::render::Format;
use crate::template::Template;

/// The stacks of a program, each with what it nests.
///
/// ```
/// use formwork::prelude::*;
/// use formwork::assembly::{Assembly, Settings};
///
/// const STACK: Stack<(), ()> = Stack::new("things", "Two things", define);
///
/// fn define(t: &mut Template, _: ()) {
///     t.add("First", Raw::new("AWS::New::Thing"));
/// }
///
/// let assembly = Assembly::new().with(STACK.template());
/// let synthesized = assembly.synth(Settings::default())?;
/// assert!(synthesized.template("things").unwrap().text.contains("Type: AWS::New::Thing"));
/// # Ok::<(), formwork::Problems>(())
/// ```
#[derive(Debug, Default)]
pub struct Assembly {
    roots: Vec<Root>,
    schemas: Option<&'static str>,
    launch: Option<LaunchPage>,
}

#[derive(Debug)]
struct Root {
    template: Template,
    stack_name: String,
}

/// How an assembly is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settings {
    /// YAML or JSON.
    pub format: Format,
    /// What keys in the release bucket look like.
    pub keys: KeyStyle,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { format: Format::Yaml, keys: KeyStyle::Hashed }
    }
}

/// What keys of nested templates and assets look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyStyle {
    /// `templates/deploy-infra.<SHA-256>.yaml`: what is released.
    Hashed,
    /// `templates/deploy-infra.yaml`: for snapshots, which then change only where their own template does.
    Named,
}

/// A rendered template.
#[derive(Clone, Debug)]
pub struct RenderedTemplate {
    /// Its name, file, hash and the rest of what the manifest says of it.
    pub entry: TemplateEntry,
    /// The file's text.
    pub text: String,
}

/// An assembly in memory.
#[derive(Clone, Debug, Default)]
pub struct Synthesized {
    /// The templates; one comes after those that it nests or releases.
    pub templates: Vec<RenderedTemplate>,
    /// The assets.
    pub assets: Vec<(AssetEntry, Packed)>,
    schemas: Option<&'static str>,
    launch: Option<LaunchPage>,
}

impl Assembly {
    /// An assembly without stacks.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a stack that is launched by itself, under its own name.
    #[must_use]
    pub fn with(self, template: Template) -> Self {
        let name = template.name().to_owned();
        self.with_named(template, name)
    }

    /// Adds a stack that is launched under the given name.
    #[must_use]
    pub fn with_named(mut self, template: Template, stack_name: impl Into<String>) -> Self {
        self.roots.push(Root { template, stack_name: stack_name.into() });
        self
    }

    /// Says what the resource types were generated from, for the manifest.
    #[must_use]
    pub fn made_with(mut self, schemas: &'static str) -> Self {
        self.schemas = Some(schemas);
        self
    }

    /// Says where and how it is launched, for the manifest: whoever publishes or checks the assembly knows it from there.
    #[must_use]
    pub fn launched_from(mut self, page: LaunchPage) -> Self {
        self.launch = Some(page);
        self
    }

    /// Checks and renders all stacks, and packs their assets.
    ///
    /// # Errors
    /// Everything that is wrong with any of them, at once.
    pub fn synth(&self, settings: Settings) -> Result<Synthesized, Problems> {
        self.run_with(Synth::new(settings, None))
    }

    /// The same, with the zips of an earlier assembly in a directory taken over where nothing in them has changed.
    ///
    /// # Errors
    /// As [`synth`](Self::synth).
    pub fn synth_over(&self, settings: Settings, earlier: &Path) -> Result<Synthesized, Problems> {
        self.run_with(Synth::new(settings, write::Earlier::read(earlier)))
    }

    /// What the stacks hold and what they give to each other, to be drawn. Nothing is checked, so that stacks that synth
    /// refuses can be looked at too.
    #[must_use]
    pub fn graph(&self) -> Graph {
        Graph::launched(self.roots.iter().map(|root| (&root.template, root.stack_name.as_str())))
    }

    fn run_with<'a>(&'a self, mut synth: Synth<'a>) -> Result<Synthesized, Problems> {
        for root in &self.roots {
            synth.template(&root.template, Some(&root.stack_name));
        }
        check::exports(&synth.checked, &mut synth.problems);
        let synthesized = synth.finish()?;
        Ok(Synthesized { schemas: self.schemas, launch: self.launch, ..synthesized })
    }
}

impl Synthesized {
    /// The template of this name.
    #[must_use]
    pub fn template(&self, name: &str) -> Option<&RenderedTemplate> {
        self.templates.iter().find(|template| template.entry.name == name)
    }

    /// The manifest.
    #[must_use]
    pub fn manifest(&self) -> Manifest {
        Manifest {
            format: FORMAT,
            generator: generator(),
            schemas: self.schemas.map(str::to_owned),
            launch: self.launch.as_ref().map(LaunchEntry::from),
            templates: self.templates.iter().map(|template| template.entry.clone()).collect(),
            assets: self.assets.iter().map(|(entry, _)| entry.clone()).collect(),
        }
    }

    /// Leaves out every template that is not one of these, nor nested in one or released by one, and their assets.
    ///
    /// # Errors
    /// A name that no template has, with the nearest that one has.
    pub fn only(mut self, names: &[String]) -> Result<Self, Problems> {
        let known: Vec<&str> = self.templates.iter().map(|one| one.entry.name.as_str()).collect();
        all_known(names, &known)?;
        // Children come before their parents: one pass from the end finds everything that belongs to one.
        let mut wanted: Vec<String> = names.to_vec();
        for template in self.templates.iter().rev() {
            if wanted.contains(&template.entry.name) {
                wanted.extend(template.entry.nests.values().cloned());
                wanted.extend(template.entry.releases.iter().cloned());
            }
        }
        self.templates.retain(|template| wanted.contains(&template.entry.name));
        let used: Vec<&String> =
            self.templates.iter().flat_map(|template| &template.entry.assets).collect();
        self.assets.retain(|(entry, _)| used.contains(&&entry.name));
        Ok(self)
    }
}

/// That every name is one of the stacks'.
pub(crate) fn all_known(names: &[String], known: &[&str]) -> Result<(), Problems> {
    let unknown = names.iter().filter(|name| !known.contains(&name.as_str())).map(|name| {
        let problem = Problem::new(None, "", format!("there is no stack `{name}`"));
        match crate::nearest::nearest(name, known) {
            Some(near) => problem.note(format!("did you mean `{near}`?")),
            None => problem.note(format!("there are: {}", known.join(", "))),
        }
    });
    let unknown: Vec<Problem> = unknown.collect();
    if unknown.is_empty() { Ok(()) } else { Err(Problems(unknown)) }
}

/// The generator's name and version.
fn generator() -> String {
    format!("formwork {}", env!("CARGO_PKG_VERSION"))
}
