//! x
use formwork_codegen::*;
fn main() {
    let s = source::fetch(std::path::Path::new("/tmp/target-codegen/work")).unwrap();
    let t = std::time::Instant::now();
    let mut s = s;
    patch::apply(&mut s.schemas, patch::PATCHES).unwrap();
    let schemas = schema::read(&s.schemas).unwrap();
    let plan = match plan::plan(&schemas, &s) { Ok(p) => p, Err(e) => { eprintln!("{e}"); std::process::exit(1) } };
    let mut w = count::Counts::default();
    let files = emit::files(&plan, &mut w).unwrap();
    eprintln!("{:?} {} files {} bytes; {} res {} props {} values", t.elapsed(), files.len(), files.values().map(String::len).sum::<usize>(), w.resources.len(), w.properties.len(), w.values.len());
    let root = std::path::PathBuf::from(std::env::args().nth(1).unwrap());
    for (p, t) in files { let p = root.join(p); std::fs::create_dir_all(p.parent().unwrap()).unwrap(); std::fs::write(p, t).unwrap(); }
}
