//! The headings that stand above a line. It must never let a heading vanish: one with nothing below it is passed over
//! by its number.

use super::gather::{Gather, Said, tidy};
use super::text::is_visible;
use super::{Unreadable, Why};

/// Longest text that is taken for a heading, in bytes; what is longer is text that looks like one.
pub(super) const LONGEST_HEADING: usize = 600;

/// The headings above the place that reading has come to.
#[derive(Debug, Default)]
pub(super) struct Headings {
    marks: Vec<Mark>,
    texts: Vec<String>,
}

#[derive(Debug)]
struct Mark {
    level: u8,
    at: u32,
    used: bool,
}

impl Headings {
    /// A heading begins; those of its level and below end.
    pub(super) fn begin(
        &mut self,
        level: u8,
        at: u32,
        text: &str,
        gather: &mut Gather,
    ) -> Result<(), Unreadable> {
        let text = tidy(text).replace('\n', " ");
        if !is_visible(&text) {
            return Ok(());
        }
        self.end(level, gather)?;
        self.marks.push(Mark { level, at, used: false });
        self.texts.push(text);
        Ok(())
    }

    /// Ends the headings of this level and below it.
    pub(super) fn end(&mut self, level: u8, gather: &mut Gather) -> Result<(), Unreadable> {
        while self.marks.last().is_some_and(|mark| mark.level >= level) {
            self.texts.pop();
            let Some(mark) = self.marks.pop() else { break };
            if !mark.used {
                gather.pass_over(mark.at, mark.at, Why::HeadingAlone)?;
            }
        }
        Ok(())
    }

    /// Takes a line that stands under them.
    pub(super) fn take(&mut self, said: &Said<'_>, gather: &mut Gather) -> Result<(), Unreadable> {
        for mark in &mut self.marks {
            mark.used = true;
        }
        gather.take(&Said { under: &self.texts, ..*said })
    }
}
