//! Texts of which parts may be unknown, and what can be said of them all the same. Never guesses what
//! stands in a gap.

use std::fmt;

use super::Unknown;

/// The most bytes that a text is followed to; CloudFormation takes no template above 1 MB.
const MOST: usize = 1 << 20;

/// The source of what a text was beyond that, and of what was too much to work out; two of them need not be the same.
pub(super) const GIVEN_UP: &str = "what was too much to work out";

/// A text of which parts may be unknown: `https://`, unknown, `.s3.amazonaws.com/key`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// No known part is empty or stands beside another.
    parts: Vec<Part>,
    size: usize,
}

/// A stretch of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// These characters.
    Known(String),
    /// Any characters, or none.
    Unknown(Unknown),
}

impl Text {
    /// A text that is known as a whole.
    #[must_use]
    pub fn known(text: &str) -> Self {
        let mut whole = Text::default();
        whole.push_str(text);
        whole
    }

    /// A text of which nothing is known.
    #[must_use]
    pub fn unknown(unknown: Unknown) -> Self {
        let mut text = Text::default();
        text.push(Part::Unknown(unknown));
        text
    }

    /// The parts in their order; an empty text has none.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The text, if nothing in it is unknown.
    #[must_use]
    pub fn whole(&self) -> Option<&str> {
        match self.parts.as_slice() {
            [] => Some(""),
            [Part::Known(text)] => Some(text),
            _ => None,
        }
    }

    /// What is unknown, if that is all of it.
    #[must_use]
    pub fn as_unknown(&self) -> Option<&Unknown> {
        match self.parts.as_slice() {
            [Part::Unknown(unknown)] => Some(unknown),
            _ => None,
        }
    }

    /// The known characters that it begins with.
    #[must_use]
    pub fn prefix(&self) -> &str {
        known(self.parts.first())
    }

    /// The known characters that it ends with.
    #[must_use]
    pub fn suffix(&self) -> &str {
        known(self.parts.last())
    }

    /// The longest stretch of known characters.
    #[must_use]
    pub fn longest(&self) -> &str {
        let known = self.parts.iter().map(known_of);
        known.fold("", |longest, known| if known.len() > longest.len() { known } else { longest })
    }

    /// How many characters (Unicode scalar values) it has at least: those that are known.
    #[must_use]
    pub fn least_chars(&self) -> usize {
        self.parts.iter().map(|part| known_of(part).chars().count()).sum()
    }

    /// Whether the whole text may come out as `text`.
    #[must_use]
    pub fn may_be(&self, text: &str) -> bool {
        if let Some(whole) = self.whole() {
            return whole == text;
        }
        let (prefix, suffix) = (self.prefix(), self.suffix());
        let Some(rest) = text.strip_prefix(prefix).and_then(|rest| rest.strip_suffix(suffix))
        else {
            return false;
        };
        let inner = self.parts.get(1..self.parts.len() - 1).unwrap_or_default();
        let mut known = inner.iter().map(known_of);
        known.try_fold(rest, |rest, known| rest.split_once(known).map(|(_, rest)| rest)).is_some()
    }

    /// Whether both are the same text, if that can be known.
    #[must_use]
    pub fn same(&self, other: &Text) -> Option<bool> {
        if self.parts == other.parts {
            let is_given_up = |part: &Part| matches!(part, Part::Unknown(unknown) if unknown.source() == GIVEN_UP);
            return (!self.parts.iter().any(is_given_up)).then_some(true);
        }
        let possible = match (self.whole(), other.whole()) {
            (_, Some(text)) => self.may_be(text),
            (Some(text), None) => other.may_be(text),
            (None, None) => {
                let starts = self.prefix().bytes().zip(other.prefix().bytes()).all(|(a, b)| a == b);
                let ends = self.suffix().bytes().rev().zip(other.suffix().bytes().rev());
                starts && ends.into_iter().all(|(a, b)| a == b)
            }
        };
        (!possible).then_some(false)
    }

    /// How much room it takes, in bytes, counted with the names of what is unknown.
    pub(super) fn size(&self) -> usize {
        self.size
    }

    pub(super) fn push_str(&mut self, text: &str) {
        if text.is_empty() || !self.grow(text.len()) {
            return;
        }
        if let Some(Part::Known(last)) = self.parts.last_mut() {
            last.push_str(text);
        } else {
            self.parts.push(Part::Known(text.to_owned()));
        }
    }

    pub(super) fn push(&mut self, part: Part) {
        match part {
            Part::Known(text) => self.push_str(&text),
            Part::Unknown(unknown) => {
                if self.grow(unknown.source().len().max(1)) {
                    self.parts.push(Part::Unknown(unknown));
                }
            }
        }
    }

    pub(super) fn append(&mut self, other: &Text) {
        for part in &other.parts {
            match part {
                Part::Known(text) => self.push_str(text),
                Part::Unknown(unknown) => self.push(Part::Unknown(unknown.clone())),
            }
        }
    }

    /// The same text with each unknown part replaced.
    pub(super) fn map(&self, mut replace: impl FnMut(&Unknown) -> Text) -> Text {
        let mut text = Text::default();
        for part in &self.parts {
            match part {
                Part::Known(known) => text.push_str(known),
                Part::Unknown(unknown) => text.append(&replace(unknown)),
            }
        }
        text
    }

    /// Makes room; a text that would become too long is given up, and unknown from then on.
    fn grow(&mut self, bytes: usize) -> bool {
        if self.size.saturating_add(bytes) <= MOST {
            self.size += bytes;
            return true;
        }
        self.size = MOST;
        self.parts = vec![Part::Unknown(Unknown::new(GIVEN_UP))];
        false
    }
}

fn known(part: Option<&Part>) -> &str {
    part.map_or("", known_of)
}

fn known_of(part: &Part) -> &str {
    match part {
        Part::Known(text) => text,
        Part::Unknown(_) => "",
    }
}

impl Text {
    /// The text; of a long one its beginning and a number that no other text is likely to have.
    pub(super) fn brief(&self) -> String {
        const SHOWN: usize = 128;
        let whole = self.to_string();
        if whole.len() <= SHOWN {
            return whole;
        }
        let start: String = whole.chars().take(SHOWN / 2).collect();
        // FNV-1a, which is the same in every run.
        let digest = whole.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |digest, byte| {
            (digest ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        format!("{start}… ({digest:016x})")
    }
}

/// The text with each unknown part as `‹its source›`.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            match part {
                Part::Known(text) => f.write_str(text)?,
                Part::Unknown(unknown) => unknown.fmt(f)?,
            }
        }
        Ok(())
    }
}
