//! Reads any bytes as a template: they are read, or refused with places that are in the text.
#![no_main]

use formwork::read::{Limits, parse, parse_within};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    match parse(bytes) {
        Ok(document) => {
            let mut deepest = 0;
            document.root.walk(|path, _| deepest = deepest.max(path.len()));
            assert!(deepest <= Limits::default().depth, "deeper than its limit");
        }
        Err(problems) => {
            // A carriage return alone breaks a line too.
            let lines = bytes.iter().filter(|byte| matches!(byte, b'\n' | b'\r')).count() + 1;
            for problem in problems.list() {
                let position = problem.position;
                assert!(position.line >= 1 && position.column >= 1, "{problem}");
                assert!(position.line as usize <= lines + 1, "{problem}");
            }
        }
    }
    let _ = parse_within(bytes, &Limits { bytes: 10_000, nodes: 100, depth: 1_000 });
});
