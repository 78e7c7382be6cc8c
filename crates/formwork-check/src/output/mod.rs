//! Ways to say what was found. Each writes a whole report into a text; none looks at a template.

pub mod human;
pub mod json;
pub mod matrix;
pub mod sarif;

use crate::cli::Format;
use crate::report::Report;
use crate::subject::Subject;

/// The report in one of its forms.
#[must_use]
pub fn write(format: Format, report: &Report, subject: &Subject, styled: bool) -> String {
    match format {
        Format::Human => human::write(report, subject, styled),
        Format::Json => json::write(report),
        Format::Sarif => sarif::write(report),
    }
}
