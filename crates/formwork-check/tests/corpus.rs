//! The policies of public templates: none is called an error by mistake. Run where `FORMWORK_CORPUS` says where they are.

mod support;

use formwork_check::finding::Finding;
use formwork_check::iam;

#[test]
fn public_templates() {
    let Some(corpus) = std::env::var_os("FORMWORK_CORPUS") else { return };
    let corpus = std::path::Path::new(&corpus);
    let mut findings: Vec<Finding> = Vec::new();
    for path in support::templates_below(corpus) {
        let shown = path.strip_prefix(corpus).unwrap_or(&path).display().to_string();
        let text = std::fs::read(&path).expect("a template");
        let Some(subject) = support::alone(&shown, &String::from_utf8_lossy(&text)) else {
            continue;
        };
        iam::check(&subject, &mut findings);
    }
    for finding in &findings {
        println!("{}", support::line(finding));
    }
}

#[test]
fn an_assembly() {
    let Some(directory) = std::env::var_os("FORMWORK_ASSEMBLY") else { return };
    let mut findings: Vec<Finding> = Vec::new();
    iam::check(&support::assembly(directory.as_ref()), &mut findings);
    for finding in &findings {
        println!("{}", support::line(finding));
    }
}
