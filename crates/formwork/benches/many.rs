//! A whole program with many stacks, to be measured from outside: `many STACKS` makes that many of 500
//! resources, checks and renders them, and prints how much text that was.

#![allow(missing_docs, reason = "a benchmark")]

mod common;

use formwork::assembly::{Assembly, Settings};

fn main() {
    let stacks: usize = std::env::args().find_map(|word| word.parse().ok()).unwrap_or(1);
    let names = (0..stacks).map(|number| format!("made-up-{number}").leak());
    let mut bytes = 0;
    for name in names {
        // Each stack is rendered and dropped by itself, as a program does that writes one file after another.
        let assembly = Assembly::new().with(common::stack(name, 500));
        match assembly.synth(Settings::default()) {
            Ok(done) => bytes += done.templates[0].text.len(),
            Err(problems) => eprintln!("{problems}"),
        }
    }
    println!("{bytes} bytes");
}
