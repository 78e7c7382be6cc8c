//! An assembly: rendered templates, packed assets, and `manifest.json` that lists them.
//!
//! [`Assembly::synth`] checks and renders everything in memory and says all problems at once;
//! [`Synthesized::write`] puts it on disk; [`run`] is both, as a program's `main`. Only this module and its
//! children touch files, and nothing here reads a clock, the environment or a random source: the same program
//! gives the same bytes.

mod manifest;
mod pack;
mod write;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

pub use manifest::{AssetEntry, FORMAT, Manifest, ParameterEntry, ResourceEntry, TemplateEntry};
pub use pack::{Packed, sha256};
pub use write::{MANIFEST, WriteError, Written};

use crate::check::{self, Facts, Index};
use crate::document::{self, LANGUAGE_EXTENSIONS};
use crate::node::{Key, Node};
use crate::problem::{Problem, Problems};
use crate::render::{self, Format};
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
#[derive(Clone, Debug)]
pub struct Synthesized {
    /// The templates; one comes after those that it nests.
    pub templates: Vec<RenderedTemplate>,
    /// The assets.
    pub assets: Vec<(AssetEntry, Packed)>,
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

    fn run_with<'a>(&'a self, mut synth: Synth<'a>) -> Result<Synthesized, Problems> {
        for root in &self.roots {
            synth.template(&root.template, Some(&root.stack_name));
        }
        let templates: Vec<&Template> = synth.seen.iter().map(|(_, template)| *template).collect();
        check::exports(templates.into_iter(), &mut synth.problems);
        synth.finish()
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
            templates: self.templates.iter().map(|template| template.entry.clone()).collect(),
            assets: self.assets.iter().map(|(entry, _)| entry.clone()).collect(),
        }
    }

    /// Leaves out every template that is not one of these or nested in one, and their assets.
    ///
    /// # Errors
    /// A name that no template has, with the nearest that one has.
    pub fn only(mut self, names: &[String]) -> Result<Self, Problems> {
        let known: Vec<&str> = self.templates.iter().map(|one| one.entry.name.as_str()).collect();
        let unknown = names.iter().filter(|name| !known.contains(&name.as_str())).map(|name| {
            let problem = Problem::new(None, "", format!("there is no stack `{name}`"));
            match crate::nearest::nearest(name, &known) {
                Some(near) => problem.note(format!("did you mean `{near}`?")),
                None => problem.note(format!("there are: {}", known.join(", "))),
            }
        });
        let unknown: Vec<Problem> = unknown.collect();
        if !unknown.is_empty() {
            return Err(Problems(unknown));
        }
        // Children come before their parents: one pass from the end finds everything that is nested.
        let mut wanted: Vec<String> = names.to_vec();
        for template in self.templates.iter().rev() {
            if wanted.contains(&template.entry.name) {
                wanted.extend(template.entry.nests.values().cloned());
            }
        }
        self.templates.retain(|template| wanted.contains(&template.entry.name));
        let used: Vec<&String> =
            self.templates.iter().flat_map(|template| &template.entry.assets).collect();
        self.assets.retain(|(entry, _)| used.contains(&&entry.name));
        Ok(self)
    }
}

/// The `main` of a program that is one assembly: writes it to the directory that the command line names, `out` if
/// it names none, and says on the standard error what was written, or everything that is wrong.
///
/// The exit code is 0 if it was written, 1 if it was not, 2 if the command line is anything but one directory.
///
/// ```no_run
/// use std::process::ExitCode;
///
/// use formwork::assembly::{run, Assembly};
///
/// pub fn assembly() -> Assembly {
///     Assembly::new()
/// }
///
/// fn main() -> ExitCode {
///     run(&assembly())
/// }
/// ```
#[must_use]
pub fn run(assembly: &Assembly) -> ExitCode {
    let mut arguments = std::env::args_os();
    let program = arguments.next().unwrap_or_default();
    let directory = arguments.next().map_or_else(|| PathBuf::from("out"), PathBuf::from);
    let option = directory.as_os_str().as_encoded_bytes().starts_with(b"-");
    if option || arguments.next().is_some() {
        eprintln!("usage: {} [DIRECTORY, else `out`]", program.display());
        return ExitCode::from(2);
    }
    match write_to(&directory, assembly) {
        Ok(written) => {
            let path = |file: &String| directory.join(file).display().to_string();
            written.changed.iter().for_each(|file| eprintln!("wrote {}", path(file)));
            written.unchanged.iter().for_each(|file| eprintln!("unchanged {}", path(file)));
            written.removed.iter().for_each(|file| eprintln!("removed {}", path(file)));
            ExitCode::SUCCESS
        }
        Err(problems) => {
            eprintln!("{problems}");
            ExitCode::FAILURE
        }
    }
}

fn write_to(directory: &Path, assembly: &Assembly) -> Result<Written, Box<dyn std::error::Error>> {
    Ok(assembly.synth(Settings::default())?.write(directory)?)
}

/// The generator's name and version.
fn generator() -> String {
    format!("formwork {}", env!("CARGO_PKG_VERSION"))
}

/// One run over all templates, children first.
struct Synth<'a> {
    settings: Settings,
    earlier: Option<write::Earlier>,
    problems: Vec<Problem>,
    keys: HashMap<Key, String>,
    /// Every template once, by its place in `done.templates`, with the template it was rendered from.
    seen: Vec<(usize, &'a Template)>,
    done: Synthesized,
}

impl<'a> Synth<'a> {
    fn new(settings: Settings, earlier: Option<write::Earlier>) -> Self {
        let done = Synthesized { templates: Vec::new(), assets: Vec::new() };
        let (problems, keys, seen) = (Vec::new(), HashMap::new(), Vec::new());
        Synth { settings, earlier, problems, keys, seen, done }
    }

    fn finish(mut self) -> Result<Synthesized, Problems> {
        if self.problems.is_empty() {
            return Ok(self.done);
        }
        // A stack that is nested twice says everything twice.
        let mut said: Vec<Problem> = Vec::with_capacity(self.problems.len());
        for problem in self.problems.drain(..) {
            if !said.contains(&problem) {
                said.push(problem);
            }
        }
        said.sort_by(|a, b| (a.source, &a.message).cmp(&(b.source, &b.message)));
        Err(Problems(said))
    }

    fn template(&mut self, template: &'a Template, stack_name: Option<&str>) {
        for child in &template.children {
            self.template(&child.template, None);
        }
        for asset in &template.assets {
            self.asset(asset, template);
        }
        let before = self.problems.len();
        let facts = check::template(template, &mut self.problems);
        if template.locate.is_none()
            && let Some(child) = template.children.first()
        {
            self.problems.push(
                Problem::new(
                    Some(child.resource.added()),
                    template.name(),
                    "a stack is nested, but nothing says where its template is",
                )
                .note("call `t.templates_at(…)` before the first `t.nest(…)`"),
            );
        }
        if self.problems.len() > before {
            return;
        }
        match self.render(template, &facts) {
            Ok(text) => self.keep(template, text, &facts, stack_name),
            Err(error) => self.problems.push(Problem::new(
                Some(template.added),
                template.name(),
                error.to_string(),
            )),
        }
    }

    fn render(&self, template: &Template, facts: &Facts) -> Result<String, render::RenderError> {
        let head = [
            format!("Generated by {} from the stack `{}`.", generator(), template.name()),
            "Do not edit: change the Rust source and synthesize again.".to_owned(),
        ];
        let mut transforms = template.transforms.clone();
        if facts.language_extensions && !transforms.contains(&LANGUAGE_EXTENSIONS) {
            transforms.insert(0, LANGUAGE_EXTENSIONS);
        }
        let keys = |key: &Key| match key {
            Key::Release => Some(self.release_id(template)),
            known => self.keys.get(known).cloned(),
        };
        render::to_text(self.settings.format, &head, &keys, |w| {
            document::write(w, template, &transforms)
        })
    }

    /// See [`Template::release_id`].
    fn release_id(&self, template: &Template) -> String {
        if self.settings.keys == KeyStyle::Named {
            return "release-id".to_owned();
        }
        let mut keys = Vec::new();
        template.collect_keys(&mut keys);
        let mut files: Vec<&str> =
            keys.iter().filter_map(|key| self.keys.get(key)).map(String::as_str).collect();
        files.sort_unstable();
        sha256(files.join("\n").as_bytes())[..16].to_owned()
    }

    fn keep(
        &mut self,
        template: &'a Template,
        text: String,
        facts: &Facts,
        stack_name: Option<&str>,
    ) {
        check::limit_of_size(template, text.len(), &mut self.problems);
        let name = template.name();
        if let Some((place, other)) =
            self.seen.iter().find(|(place, _)| self.done.templates[*place].entry.name == name)
        {
            if self.done.templates[*place].text != text {
                self.problems.push(
                    Problem::new(Some(template.added), name, "two different stacks have one name")
                        .also("the other is declared at", other.added)
                        .note("a stack's name is the name of its template in the release"),
                );
            }
            return;
        }
        let hash = sha256(text.as_bytes());
        let extension = match self.settings.format {
            Format::Yaml => "yaml",
            Format::Json => "json",
        };
        let file = match stack_name {
            Some(_) => format!("{name}.{extension}"),
            None => self.key("templates", name, &hash, extension),
        };
        self.keys.insert(Key::Template(name), file.clone());
        let entry = self.entry(template, file, hash, &text, facts, stack_name);
        self.seen.push((self.done.templates.len(), template));
        self.done.templates.push(RenderedTemplate { entry, text });
    }

    fn key(&self, folder: &str, name: &str, hash: &str, extension: &str) -> String {
        let dot = if extension.is_empty() { "" } else { "." };
        match self.settings.keys {
            KeyStyle::Hashed => format!("{folder}/{name}.{hash}{dot}{extension}"),
            KeyStyle::Named => format!("{folder}/{name}{dot}{extension}"),
        }
    }

    fn asset(&mut self, asset: &crate::Asset, template: &Template) {
        let packed = match pack::pack(asset, template.name(), &|name, hash| {
            self.earlier.as_ref().and_then(|earlier| earlier.zip(name, hash))
        }) {
            Ok(packed) => packed,
            Err(problem) => return self.problems.push(problem),
        };
        if let Some((_, known)) = self.done.assets.iter().find(|(_, one)| one.name == asset.name) {
            if known.hash != packed.hash {
                let message = format!("two different assets are called `{}`", asset.name);
                self.problems.push(
                    Problem::new(Some(asset.added), template.name(), message)
                        .note("give one of the two another name"),
                );
            }
            return;
        }
        let file = self.key("assets", packed.name, &packed.hash, &packed.extension);
        self.keys.insert(Key::Asset(packed.name), file.clone());
        let entry = AssetEntry {
            name: packed.name.to_owned(),
            file,
            hash: packed.hash.clone(),
            sha256: packed.sha256.clone(),
            bytes: u64::try_from(packed.bytes.len()).unwrap_or(u64::MAX),
        };
        self.done.assets.push((entry, packed));
    }

    fn entry(
        &self,
        template: &Template,
        file: String,
        sha256: String,
        text: &str,
        facts: &Facts,
        stack_name: Option<&str>,
    ) -> TemplateEntry {
        let index = Index::of(template);
        let resources = index.resources.iter().map(|resource| {
            let source = resource.target.added();
            let entry = ResourceEntry {
                resource_type: resource.type_name.to_owned(),
                source: format!("{}:{}", source.file, source.line),
            };
            (resource.target.id().to_owned(), entry)
        });
        let parameters = template.inputs.iter().map(|(_, spec)| ParameterEntry {
            name: spec.name.to_owned(),
            parameter_type: spec.parameter_type.to_string(),
            default: spec.default.map(default_text),
            source: format!("{}:{}", spec.declared.file, spec.declared.line),
        });
        let nests = template.children.iter();
        let nests =
            nests.map(|child| (child.resource.id().to_owned(), child.template.name().to_owned()));
        TemplateEntry {
            name: template.name().to_owned(),
            file,
            sha256,
            bytes: u64::try_from(text.len()).unwrap_or(u64::MAX),
            stack_name: stack_name.map(str::to_owned),
            description: template.description.to_owned(),
            parameters: parameters.collect(),
            capabilities: self.capabilities(template, &index, facts),
            nests: nests.collect(),
            assets: template.assets.iter().map(|asset| asset.name.to_owned()).collect(),
            resources: resources.collect(),
        }
    }

    /// What a launch must acknowledge. Source: "Acknowledging IAM resources in CloudFormation templates", AWS
    /// CloudFormation User Guide; a named IAM resource includes the others.
    fn capabilities(&self, template: &Template, index: &Index<'_>, facts: &Facts) -> Vec<String> {
        let (mut iam, mut named, mut expand) = (false, false, facts.macros);
        expand |= facts.language_extensions;
        for resource in &index.resources {
            if let Some(kind) = resource.type_name.strip_prefix("AWS::IAM::") {
                iam = true;
                let name = match kind {
                    "ManagedPolicy" => "ManagedPolicyName",
                    "Role" => "RoleName",
                    "User" => "UserName",
                    "Group" => "GroupName",
                    "InstanceProfile" => "InstanceProfileName",
                    _ => "",
                };
                named |= resource.properties.iter().any(|(property, _)| *property == name);
            }
        }
        for child in &template.children {
            let entry =
                self.done.templates.iter().find(|one| one.entry.name == child.template.name());
            for capability in entry.iter().flat_map(|one| &one.entry.capabilities) {
                match capability.as_str() {
                    "CAPABILITY_NAMED_IAM" => named = true,
                    "CAPABILITY_IAM" => iam = true,
                    _ => expand = true,
                }
            }
        }
        let mut capabilities = Vec::new();
        if named {
            capabilities.push("CAPABILITY_NAMED_IAM".to_owned());
        } else if iam {
            capabilities.push("CAPABILITY_IAM".to_owned());
        }
        if expand {
            capabilities.push("CAPABILITY_AUTO_EXPAND".to_owned());
        }
        capabilities
    }
}

fn default_text(node: Node) -> String {
    match node {
        Node::Text(text) => text.to_owned(),
        Node::Integer(number) => number.to_string(),
        Node::Number(number) => number.to_string(),
        Node::Bool(value) => value.to_string(),
        _ => String::new(),
    }
}
