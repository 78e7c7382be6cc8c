//! Of which day generated data are. Reads their heads and nothing else.

/// The date that stands behind a text, for constants: what is generated says in its head of which day it is.
pub(crate) const fn date_behind(text: &'static str, before: &str) -> &'static str {
    let (bytes, before) = (text.as_bytes(), before.as_bytes());
    let mut at = 0;
    loop {
        let mut same = 0;
        while same < before.len() && bytes[at + same] == before[same] {
            same += 1;
        }
        if same == before.len() {
            return text.split_at(at + same).1.split_at("YYYY-MM-DD".len()).0;
        }
        at += 1;
    }
}
