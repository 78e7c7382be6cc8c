//! Checks any bytes as a template, for two regions of two partitions, and says what it finds in every form.
#![no_main]

use formwork_check::cli::Format;
use formwork_check::families;
use formwork_check::output;
use formwork_check::report::Report;
use formwork_check::subject::Subject;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut findings = Vec::new();
    let regions = ["us-east-1", "cn-north-1"].map(str::to_owned);
    let subject = Subject::of_text("t.yaml", bytes, &regions, &mut findings);
    families::check(&subject, &mut findings);
    let report = Report::new(&subject, findings);
    for format in [Format::Human, Format::Json, Format::Sarif] {
        let text = output::write(format, &report, &subject, false);
        if format != Format::Human {
            assert!(text.starts_with('{') && text.trim_end().ends_with('}'));
        }
    }
});
