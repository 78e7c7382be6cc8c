//! `cargo xtask graph`: pictures of the stacks, drawn from the code.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::Failure;

#[derive(Args)]
pub(crate) struct Arguments {
    /// How the picture is written
    #[arg(long, value_enum, default_value_t = PictureFormat::Svg)]
    format: PictureFormat,
    /// File to write to [default: stdout]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// The resources of these stacks; without one, all stacks and what they give to each other
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,
}

#[derive(Clone, Copy, ValueEnum)]
enum PictureFormat {
    Svg,
    Mermaid,
    Dot,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let graph = mlops_platform::assembly().graph();
    let picture = match &arguments.stacks[..] {
        [] => graph.overview(),
        names => graph.detail(names)?,
    };
    let text = match arguments.format {
        PictureFormat::Svg => picture.svg(),
        PictureFormat::Mermaid => picture.mermaid(),
        PictureFormat::Dot => picture.dot(),
    };
    let Some(file) = &arguments.out else {
        return match std::io::stdout().write_all(text.as_bytes()) {
            // Whoever reads it has seen enough.
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            written => Ok(written?),
        };
    };
    fs::write(file, text)
        .map_err(|error| format!("{} cannot be written: {error}", file.display()))?;
    eprintln!("  wrote   {}", file.display());
    Ok(())
}
