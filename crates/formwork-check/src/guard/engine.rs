//! The way into Guard's engine and back: the builder with a payload, because the library's plain entry point cuts its
//! report off at 8 KiB. Says nothing of places in the template.

use std::io::Cursor;
use std::panic;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use cfn_guard::commands::Executable;
use cfn_guard::commands::validate::{OutputFormatType, ShowSummaryType};
use cfn_guard::utils::reader::{ReadBuffer, Reader};
use cfn_guard::utils::writer::{WriteBuffer, Writer};
use cfn_guard::{CommandBuilder, ParseTreeBuilder, ValidateBuilder};
use formwork::read::{Content, Scalar, Tree};
use serde_json::{Map, Number, Value, json};

/// What the engine answers if a rule file does not parse, unless a template fails as well; its report says nothing of it.
const UNREADABLE: i32 = 5;

/// Room for the engine's recursion into the deepest template that it is shown, in a build for development.
const STACK: usize = 128 << 20;

/// The most levels that the engine is shown: its report repeats them within its own, and is read within a limit. No rule
/// looks further down.
const DEEPEST: usize = 90;

/// The name of the threads in which the engine runs.
const THREAD: &str = "rule engine";

/// From here on nothing is printed when the engine panics, which is a finding. For a program, not for a library.
pub fn hush() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        if thread::current().name() != Some(THREAD) {
            usual(panicked);
        }
    }));
}

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Silent {
    /// It was not done in this time.
    Late(Duration),
    /// What the engine says, or that it broke off.
    Failed(String),
}

impl std::fmt::Display for Silent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Silent::Late(limit) => {
                write!(f, "the engine was not done after {} s", limit.as_secs_f32())
            }
            Silent::Failed(said) => f.write_str(said),
        }
    }
}

/// A template as the engine is to have it. Numbers and booleans are such; everything else stays the text it was.
pub(super) fn json(tree: &Tree) -> Value {
    down_to(tree, DEEPEST)
}

fn down_to(tree: &Tree, depth: usize) -> Value {
    let inner = |tree: &Tree| down_to(tree, depth - 1);
    match tree.content() {
        Content::List(_) | Content::Map(_) if depth == 0 => Value::Null,
        Content::Scalar(text, _) => match tree.as_scalar() {
            Some(Scalar::Bool(value)) => Value::Bool(value),
            Some(Scalar::Null) => Value::Null,
            // An account's id such as 012345670123 is no octal number.
            Some(Scalar::Integer(number)) if number.to_string() == *text => number.into(),
            Some(Scalar::Number(number)) if text.parse() == Ok(number) => {
                Number::from_f64(number).map_or_else(|| Value::String(text.clone()), Value::Number)
            }
            _ => Value::String(text.clone()),
        },
        Content::List(items) => Value::Array(items.iter().map(inner).collect()),
        Content::Map(entries) => {
            let entries = entries.iter().map(|entry| (entry.key.clone(), inner(&entry.value)));
            Value::Object(entries.collect::<Map<String, Value>>())
        }
    }
}

/// What a rule file says, as the engine reads it: JSON of its rules. Nothing for a file of comments alone.
pub(super) fn read(text: &str, limit: Duration) -> Result<Value, Silent> {
    let text = text.to_owned();
    let tree = within(limit, move || {
        let mut writer = writer()?;
        let mut reader = Reader::new(ReadBuffer::Cursor(Cursor::new(text.into_bytes())));
        let command = ParseTreeBuilder::default().print_json(true).try_build().map_err(said)?;
        command.execute(&mut writer, &mut reader).map_err(said)?;
        writer.into_string().map_err(said)
    })?;
    serde_json::from_str(&tree).map_err(|error| Silent::Failed(error.to_string()))
}

/// Runs rule files over templates: the engine's report, with one item a template.
pub(super) fn run(rules: &[&str], templates: &[&str], limit: Duration) -> Result<Value, Silent> {
    let payload = json!({"rules": rules, "data": templates}).to_string();
    let report = within(limit, move || {
        let mut writer = writer()?;
        let mut reader = Reader::new(ReadBuffer::Cursor(Cursor::new(payload.into_bytes())));
        let command = ValidateBuilder::default()
            .payload(true)
            .structured(true)
            .output_format(OutputFormatType::JSON)
            .show_summary(vec![ShowSummaryType::None])
            .try_build()
            .map_err(said)?;
        let code = command.execute(&mut writer, &mut reader).map_err(said)?;
        if code == UNREADABLE {
            return Err(writer.err_to_stripped().map_err(said)?);
        }
        writer.into_string().map_err(said)
    })?;
    serde_json::from_str(&report)
        .map_err(|error| Silent::Failed(format!("the engine's report cannot be read: {error}")))
}

fn writer() -> Result<Writer, String> {
    let (out, err) = (WriteBuffer::Vec(Vec::new()), WriteBuffer::Vec(Vec::new()));
    Writer::new_with_err(out, err).map_err(said)
}

#[allow(clippy::needless_pass_by_value, reason = "it is given to `map_err`")]
fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

/// What a task gives that runs in a thread with room for recursion. One that takes too long is left behind; it ends with the
/// program.
fn within<T: Send + 'static>(
    limit: Duration,
    task: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, Silent> {
    let (send, receive) = mpsc::channel();
    let run = move || {
        // Nobody listens any more if it took too long.
        let _ = send.send(task());
    };
    let started = thread::Builder::new().name(THREAD.to_owned()).stack_size(STACK).spawn(run);
    if let Err(error) = started {
        return Err(Silent::Failed(format!("the engine cannot be started: {error}")));
    }
    match receive.recv_timeout(limit) {
        Ok(done) => done.map_err(Silent::Failed),
        Err(mpsc::RecvTimeoutError::Timeout) => Err(Silent::Late(limit)),
        Err(mpsc::RecvTimeoutError::Disconnected) => Err(Silent::Failed(
            "the engine breaks off, which is a mistake in it: write the rule in another way"
                .to_owned(),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scalars_are_what_they_were_meant_as() {
        let text = b"[yes, 7, 1.5, 012345670123, 2012-10-17, '7', ~, 1_000, !Ref A]";
        let document = formwork::read::parse(text).expect("a list");
        let expected = json!([
            true, 7, 1.5, "012345670123", "2012-10-17", "7", null, "1_000", {"Ref": "A"}
        ]);
        assert_eq!(json(&document.root), expected);
    }

    #[test]
    fn what_is_deeper_than_any_rule_looks_is_left_out() {
        let deep = format!("{}1{}", "[".repeat(150), "]".repeat(150));
        let document = formwork::read::parse(deep.as_bytes()).expect("lists");
        let shown = json(&document.root).to_string();
        assert_eq!(shown.matches('[').count(), DEEPEST);
    }

    #[test]
    fn what_takes_too_long_is_left_behind() {
        let limit = Duration::from_millis(20);
        let sleep = || {
            thread::sleep(Duration::from_secs(5));
            Ok(())
        };
        assert_eq!(within(limit, sleep), Err(Silent::Late(limit)));
        let breaks = || -> Result<(), String> { panic!("as the engine might") };
        assert!(matches!(within(Duration::from_secs(5), breaks), Err(Silent::Failed(_))));
    }
}
