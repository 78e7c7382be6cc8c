//! What is taken for granted on the way to one of several values, so that the same question has the same
//! answer at each place of it. Knows nothing of templates: it is told of questions and answers.

use indexmap::IndexMap;

use super::{Known, Text, Unknown};

/// A question that only the launch decides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// Whether both are the same.
    Equal(Known, Known),
    /// Whether the condition of this name holds, of which nothing else can be said.
    Named(String),
    /// What the function at this place, in this turn of its loops, finds.
    Place(String),
}

/// Yes, no, or the first question on which it depends.
pub(super) type Truth = Result<bool, Box<Question>>;

/// The texts that parameters may have, by what is unknown of them.
pub(super) type Choices = IndexMap<String, Vec<String>>;

/// Answers to questions, and what follows from them.
#[derive(Debug, Default)]
pub(super) struct Assumptions {
    answers: Vec<(Question, bool)>,
    /// What something unknown has to be.
    pinned: IndexMap<String, Text>,
}

impl Assumptions {
    pub(super) fn answer(&self, question: &Question) -> Option<bool> {
        self.answers.iter().find(|(asked, _)| asked == question).map(|(_, answer)| *answer)
    }

    pub(super) fn count(&self) -> usize {
        self.answers.len()
    }

    /// Takes an answer for granted: who equals a text is that text, and who equals none of its allowed
    /// values but one is that one.
    pub(super) fn assume(&mut self, question: Question, answer: bool, choices: &Choices) {
        let pinned = match &question {
            Question::Equal(Known::Text(a), Known::Text(b)) => pair(a, b),
            _ => None,
        };
        let pinned = pinned.and_then(|(source, text)| {
            let source = source.to_owned();
            let text =
                if answer { Some(text.to_owned()) } else { self.last(&source, text, choices) };
            text.map(|text| (source, text))
        });
        self.answers.push((question, answer));
        if let Some((source, text)) = pinned {
            self.pinned.insert(source, Text::known(&text));
        }
    }

    /// The one allowed value that is left if it is none of those denied before, and not `denied`.
    fn last(&self, source: &str, denied: &str, choices: &Choices) -> Option<String> {
        let before = |choice: &str| {
            self.answers.iter().any(|(question, answer)| match question {
                Question::Equal(Known::Text(a), Known::Text(b)) => {
                    !answer && pair(a, b) == Some((source, choice))
                }
                _ => false,
            })
        };
        let mut left =
            choices.get(source)?.iter().filter(|choice| *choice != denied && !before(choice));
        let last = left.next()?;
        left.next().is_none().then(|| last.clone())
    }

    /// The value with everything in it that the answers fix.
    pub(super) fn apply(&self, value: Known) -> Known {
        if self.pinned.is_empty() {
            return value;
        }
        value.map(&|unknown: &Unknown| self.pinned.get(unknown.source()).cloned())
    }
}

/// The source of what is unknown and the text that it is compared with.
pub(super) fn pair<'k>(a: &'k Text, b: &'k Text) -> Option<(&'k str, &'k str)> {
    match (a.as_unknown(), b.as_unknown()) {
        (Some(unknown), None) => Some((unknown.source(), b.whole()?)),
        (None, Some(unknown)) => Some((unknown.source(), a.whole()?)),
        _ => None,
    }
}
