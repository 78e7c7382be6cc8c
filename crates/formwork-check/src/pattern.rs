//! Matches texts against the patterns of schemas, which are written for ECMA's and Java's engines.
//!
//! `regress` backtracks, so that a pattern may take for ever: one whose steps cannot be few at the worst runs on a
//! thread of its own and is given up after a while. What cannot be run is said, never passed over.

use std::borrow::Cow;
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use regress::{Flags, Regex};

/// How long a pattern that may take for ever may take.
const LONGEST: Duration = Duration::from_millis(200);

/// How long all patterns that might take long may take together.
const ALL: Duration = Duration::from_secs(2);

/// How many steps a pattern may take, at the worst, without a thread of its own.
const FEW: f64 = 1e7;

/// How many patterns a run has patience for: templates may bring their own.
const PATIENCE: u32 = 10;

/// How many it may take, at the worst, without its time being counted.
const VERY_FEW: f64 = 1e5;

/// What a pattern says of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Match {
    Yes,
    No,
    /// No engine here can run it.
    NotRunnable,
    /// It took too long.
    GivenUp,
}

#[derive(Clone)]
struct Compiled {
    regex: Arc<Regex>,
    /// By which power of a text's length the steps grow at the worst; none if they grow faster.
    power: Option<i32>,
    was_given_up: bool,
}

thread_local! {
    static COMPILED: RefCell<HashMap<String, Option<Compiled>>> = RefCell::default();
    static GIVEN_UP: Cell<u32> = const { Cell::new(0) };
    /// What patterns that might take long have taken.
    static TAKEN: Cell<Duration> = const { Cell::new(Duration::ZERO) };
}

/// Whether the pattern matches somewhere in the text, as JSON Schema has it.
pub(crate) fn matches(pattern: &str, text: &str) -> Match {
    let Some(compiled) = compiled(pattern) else { return Match::NotRunnable };
    let most = compiled.power.map_or(f64::INFINITY, |power| steps(text, power));
    if most < VERY_FEW {
        return verdict(&compiled.regex, text);
    }
    if compiled.was_given_up || GIVEN_UP.get() >= PATIENCE || TAKEN.get() > ALL {
        return Match::GivenUp;
    }
    let start = Instant::now();
    let verdict =
        if most < FEW { verdict(&compiled.regex, text) } else { beside(compiled, pattern, text) };
    TAKEN.set(TAKEN.get() + start.elapsed());
    verdict
}

/// The same on a thread of its own, for so long as there is patience.
fn beside(compiled: Compiled, pattern: &str, text: &str) -> Match {
    let (sender, receiver) = channel();
    let text = text.to_owned();
    std::thread::spawn(move || sender.send(verdict(&compiled.regex, &text)));
    receiver.recv_timeout(LONGEST).unwrap_or_else(|_| {
        GIVEN_UP.set(GIVEN_UP.get() + 1);
        // Its thread goes on to the end of the program, so that there must not be many.
        COMPILED.with_borrow_mut(|known| {
            if let Some(Some(compiled)) = known.get_mut(pattern) {
                compiled.was_given_up = true;
            }
        });
        Match::GivenUp
    })
}

/// How many steps a text takes at the worst.
fn steps(text: &str, power: i32) -> f64 {
    f64::from(u32::try_from(text.len()).unwrap_or(u32::MAX)).powi(power)
}

fn verdict(regex: &Regex, text: &str) -> Match {
    if regex.find(text).is_some() { Match::Yes } else { Match::No }
}

fn compiled(pattern: &str) -> Option<Compiled> {
    COMPILED.with_borrow_mut(|known| {
        if let Some(compiled) = known.get(pattern) {
            return compiled.clone();
        }
        let compiled = compile(pattern);
        known.insert(pattern.to_owned(), compiled.clone());
        compiled
    })
}

fn compile(pattern: &str) -> Option<Compiled> {
    let (pattern, mut flags) = ecma(pattern);
    let needs_unicode =
        pattern.contains("\\p{") || pattern.contains("\\P{") || pattern.contains("\\u{");
    let mut regex = None;
    if needs_unicode {
        flags.unicode = true;
        let strict = without_idle_escapes(&pattern);
        regex = Regex::with_flags(&strict, flags).ok();
    } else if let Ok(plain) = Regex::with_flags(&pattern, flags) {
        regex = Some(plain);
    }
    let regex = Arc::new(regex?);
    Some(Compiled { regex, power: power(&pattern), was_given_up: false })
}

/// The classes that Java knows besides Unicode's, as what stands between brackets.
const CLASSES: [(&str, &str); 10] = [
    ("ASCII", "\\x00-\\x7F"),
    ("Alnum", "a-zA-Z0-9"),
    ("Alpha", "a-zA-Z"),
    ("Blank", " \\t"),
    ("Digit", "0-9"),
    ("Graph", "!-~"),
    ("IsAlphabetic", "\\p{Alphabetic}"),
    ("Lower", "a-z"),
    ("Print", " -~"),
    ("Punct", "!-\\/:-@\\[-`{-~"),
];

/// The pattern without what only Java's and Python's engines know: flags, classes of POSIX, anchors.
fn ecma(pattern: &str) -> (String, Flags) {
    let mut flags = Flags::default();
    let mut text = Cow::Borrowed(pattern);
    // Wherever such a flag stands in a schema, all that matters is behind it.
    for (flag, set) in [("(?i)", 'i'), ("(?s)", 's'), ("(?m)", 'm')] {
        if text.contains(flag) {
            text = Cow::Owned(text.replace(flag, ""));
            match set {
                'i' => flags.icase = true,
                's' => flags.dot_all = true,
                _ => flags.multiline = true,
            }
        }
    }
    // Java may repeat even the end of a text.
    if let Some((start, repeated)) = pattern.rsplit_once("${")
        && repeated.ends_with('}')
    {
        text = Cow::Owned(format!("{start}$"));
    }
    (escapes(&text), flags)
}

/// The pattern with each escape that only Java knows as what it stands for.
fn escapes(pattern: &str) -> String {
    let (mut plain, mut rest, mut in_class) = (String::new(), pattern, false);
    while let Some(c) = rest.chars().next() {
        let escaped = rest[c.len_utf8()..].chars().next().filter(|_| c == '\\');
        let Some(escaped) = escaped else {
            in_class = match c {
                '[' => true,
                ']' => false,
                _ => in_class,
            };
            plain.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        };
        let behind = &rest[c.len_utf8() + escaped.len_utf8()..];
        rest = behind;
        match escaped {
            'A' => plain.push('^'),
            'Z' | 'z' => plain.push('$'),
            'h' => plain.push_str(if in_class { " \\t\\xA0" } else { "[ \\t\\xA0]" }),
            'p' | 'P' => {
                let (name, after) = class_name(behind);
                rest = after;
                plain.push_str(&class(name, escaped == 'P', in_class));
            }
            _ => {
                plain.push('\\');
                plain.push(escaped);
            }
        }
    }
    plain
}

/// The name behind `\p`, which needs no braces in Java if it is one letter, and what follows.
fn class_name(text: &str) -> (&str, &str) {
    match text.strip_prefix('{').and_then(|text| text.split_once('}')) {
        Some(found) => found,
        None => text.split_at(text.chars().next().map_or(0, char::len_utf8)),
    }
}

fn class(name: &str, is_negated: bool, in_class: bool) -> String {
    let known = CLASSES.iter().find(|(java, _)| *java == name).map(|(_, characters)| *characters);
    match known {
        Some(characters) if in_class && !is_negated => characters.to_owned(),
        Some(characters) if !in_class => {
            format!("[{}{characters}]", if is_negated { "^" } else { "" })
        }
        _ => format!("\\{}{{{name}}}", if is_negated { 'P' } else { 'p' }),
    }
}

/// Without the backslashes that mean nothing, which ECMA refuses beside Unicode classes.
fn without_idle_escapes(pattern: &str) -> String {
    let mut strict = String::new();
    let (mut characters, mut in_class) = (pattern.chars().peekable(), false);
    while let Some(c) = characters.next() {
        match c {
            '\\' => match characters.next() {
                Some('-') if in_class => strict.push_str("\\-"),
                Some(next) if next.is_ascii_alphanumeric() || "^$\\.*+?()[]{}|/".contains(next) => {
                    strict.push('\\');
                    strict.push(next);
                }
                Some(next) => strict.push(next),
                None => strict.push('\\'),
            },
            '[' => {
                if in_class {
                    strict.push('\\');
                }
                in_class = true;
                strict.push(c);
            }
            ']' => {
                in_class = false;
                strict.push(c);
            }
            // Between a class and a character no range can be meant.
            '-' if in_class && strict.ends_with('}') && characters.peek() != Some(&']') => {
                strict.push_str("\\-");
            }
            _ => strict.push(c),
        }
    }
    strict
}

/// By which power of a text's length the steps grow at the worst: one for each repetition, and one if a match may
/// begin anywhere. None if something is repeated that repeats or chooses itself, for which there is no such power.
fn power(pattern: &str) -> Option<i32> {
    let mut groups = vec![false];
    let (mut last_varies, mut in_class) = (false, false);
    let mut power = i32::from(!pattern.starts_with('^'));
    let mut characters = pattern.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => {
                characters.next();
                last_varies = false;
            }
            _ if in_class => {
                in_class = c != ']';
                last_varies = false;
            }
            '[' => in_class = true,
            '(' => groups.push(false),
            ')' => {
                last_varies = groups.pop().unwrap_or_default();
                mark(&mut groups, last_varies);
            }
            '|' => mark(&mut groups, true),
            '*' | '+' | '{' => {
                if last_varies {
                    return None;
                }
                power += 1;
                mark(&mut groups, true);
            }
            _ => last_varies = false,
        }
    }
    Some(power)
}

/// What stands in the innermost open group may vary.
fn mark(groups: &mut Vec<bool>, varies: bool) {
    match groups.last_mut() {
        Some(group) => *group |= varies,
        None => groups.push(varies),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::registry;
    use crate::schema::model::{IfThenElse, Prop};

    #[test]
    fn texts_match_or_do_not() {
        for (pattern, text, expected) in [
            ("^[a-z]+$", "abc", Match::Yes),
            ("^[a-z]+$", "aBc", Match::No),
            ("[a-z]", "1a1", Match::Yes),
            ("^(?!aws:)[\\w]+$", "aws:x", Match::No),
            ("(?i)^abc$", "ABC", Match::Yes),
            ("^[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*$", "Größe 7", Match::Yes),
            ("^[\\p{L}]*$", "7", Match::No),
            ("^\\p{Alpha}{2}$", "ab", Match::Yes),
            ("^[\\p{Alpha}_]+$", "a_b", Match::Yes),
            ("^\\p{Print}+$", "A step", Match::Yes),
            ("^\\pL+$", "ä", Match::Yes),
            ("(", "", Match::NotRunnable),
        ] {
            assert_eq!(matches(pattern, text), expected, "{pattern} {text}");
        }
    }

    fn patterns_of(prop: &Prop, found: &mut BTreeSet<String>) {
        found.extend(prop.pattern.clone());
        found.extend(prop.pattern_properties.keys().cloned());
        let maps = prop.properties.values().chain(prop.pattern_properties.values());
        let lists = prop.all_of.iter().chain(&prop.any_of).chain(&prop.one_of);
        let parts = |part: &IfThenElse| [part.condition.is_some(), part.then_schema.is_some()];
        assert!(prop.if_then_else.iter().all(|part| parts(part)[0]), "a condition is always there");
        let branches = prop.if_then_else.iter().flat_map(|part| {
            [&part.condition, &part.then_schema, &part.else_schema].into_iter().flatten()
        });
        let all =
            maps.chain(lists).chain(prop.items.as_deref()).chain(branches.map(|part| &**part));
        all.for_each(|part| patterns_of(part, found));
    }

    #[test]
    fn every_pattern_of_the_schemas_can_be_run() {
        let mut all = BTreeSet::new();
        for kind in registry::types() {
            let schema = registry::schema(kind).expect("listed types have schemas");
            patterns_of(&schema.top, &mut all);
            schema.definitions.values().for_each(|prop| patterns_of(prop, &mut all));
        }
        let refused: Vec<&String> =
            all.iter().filter(|pattern| compiled(pattern).is_none()).collect();
        let bounded = all.iter().filter_map(|pattern| compiled(pattern)?.power).count();
        assert!(all.len() > 2_000 && bounded * 10 > all.len() * 6, "{bounded} of {}", all.len());
        assert_eq!(refused, [""; 0], "of {}", all.len());
    }

    #[test]
    fn what_takes_for_ever_is_given_up() {
        let text = "a".repeat(60) + "!";
        assert_eq!(matches("^(a+)+$", &text), Match::GivenUp);
        assert_eq!(matches("^(([a-z])+.)+[A-Z]([a-z])+$", &text), Match::GivenUp);
        assert_eq!(matches("^(a|a)*$", &text), Match::GivenUp);
        assert_eq!(matches("^a*a*a*a*a*a*a*a*a*a*$", &text), Match::GivenUp);
    }

    #[test]
    fn many_that_take_long_are_given_up_together() {
        let start = Instant::now();
        let texts = (0..1_000).map(|at| format!("{}{at}", "a".repeat(20)));
        let given_up = texts.filter(|text| matches("^(a+)+$", text) == Match::GivenUp);
        assert!(given_up.count() > 0);
        assert!(start.elapsed() < 3 * ALL, "{:?}", start.elapsed());
    }
}
