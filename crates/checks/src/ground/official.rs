//! Official titles, word by word. It must never know where somebody wrote one.

use crate::drafted::Objective;
use crate::strand::Reading;

/// The words of an official title.
#[derive(Debug)]
pub(crate) struct Title<'g> {
    pub objective: &'g Objective,
    /// In small letters.
    pub words: Vec<String>,
}

impl<'g> Title<'g> {
    pub(crate) fn all(objectives: &'g [Objective]) -> Vec<Self> {
        let words = |objective: &'g Objective| {
            let title = Reading::plain(&objective.title).body;
            title.words.iter().map(|word| word.small.to_string()).collect()
        };
        objectives.iter().map(|objective| Self { objective, words: words(objective) }).collect()
    }
}
