//! `cargo xtask synth`: from the platform's Rust source to an assembly on disk.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use formwork::assembly::{KeyStyle, Settings, Synthesized};
use formwork::render::Format;
use formwork_publish::progress::counted;

use crate::Failure;
use crate::run::workspace;

#[derive(Args)]
pub(crate) struct Arguments {
    /// Directory to write to [default: `out` of the workspace]
    #[arg(long)]
    out: Option<PathBuf>,
    /// Format of the templates
    #[arg(long, value_enum, default_value_t = TemplateFormat::Yaml)]
    format: TemplateFormat,
    /// Only these stacks, and what they nest; the output then holds nothing else
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
pub(crate) enum TemplateFormat {
    Yaml,
    Json,
}

impl From<TemplateFormat> for Format {
    fn from(format: TemplateFormat) -> Self {
        match format {
            TemplateFormat::Yaml => Format::Yaml,
            TemplateFormat::Json => Format::Json,
        }
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let out = arguments.out.clone().unwrap_or_else(default_out);
    build(&out, arguments.format.into(), &arguments.stacks, false)
}

/// Synthesizes the whole platform to where it belongs, and says where that is.
pub(crate) fn platform(quiet: bool) -> Result<PathBuf, Failure> {
    let out = default_out();
    build(&out, Format::Yaml, &[], quiet)?;
    Ok(out)
}

fn default_out() -> PathBuf {
    workspace().join("out")
}

fn build(out: &Path, format: Format, stacks: &[String], quiet: bool) -> Result<(), Failure> {
    let settings = Settings { format, keys: KeyStyle::Hashed };
    let mut synthesized = mlops_platform::assembly().synth_over(settings, out)?;
    if !stacks.is_empty() {
        synthesized = synthesized.only(stacks)?;
    }
    let written = synthesized.write(out)?;
    if quiet {
        return Ok(());
    }
    for file in &written.changed {
        eprintln!("  wrote   {file}");
    }
    for file in &written.removed {
        eprintln!("  removed {file}");
    }
    eprintln!("{}", summary(&synthesized, out, written.changed.is_empty()));
    Ok(())
}

fn summary(synthesized: &Synthesized, out: &Path, unchanged: bool) -> String {
    let (templates, assets) = (synthesized.templates.len(), synthesized.assets.len());
    let resources: usize = synthesized.templates.iter().map(|one| one.entry.resources.len()).sum();
    format!(
        "{}, {}, {} in {}{}",
        counted(templates, "template"),
        counted(resources, "resource"),
        counted(assets, "asset"),
        out.strip_prefix(std::env::current_dir().unwrap_or_default()).unwrap_or(out).display(),
        if unchanged { ", unchanged" } else { "" },
    )
}
