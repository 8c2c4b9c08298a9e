//! What is left of a name when it does not matter how somebody wrote it. Pure.

/// A name without the differences of spelling: lower case, and every run of white space and punctuation one space.
pub fn normalized(name: &str) -> String {
    let folded: String = name
        .chars()
        .flat_map(char::to_lowercase)
        .map(|c| if is_separator(c) { ' ' } else { c })
        .collect();
    folded.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// White space, controls and punctuation. Not "everything but letters": the vowel signs of many scripts are no letters.
fn is_separator(c: char) -> bool {
    let blocks = [
        '\u{a1}'..='\u{a9}',
        '\u{ab}'..='\u{b1}',
        '\u{b4}'..='\u{b8}',
        '\u{bb}'..='\u{bf}',
        '\u{2000}'..='\u{206f}',
        '\u{3000}'..='\u{3004}',
        '\u{3008}'..='\u{3020}',
        '\u{ff01}'..='\u{ff0f}',
    ];
    c.is_whitespace()
        || c.is_control()
        || c.is_ascii_punctuation()
        || blocks.iter().any(|block| block.contains(&c))
}
