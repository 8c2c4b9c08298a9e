//! None of the planted faults that block is missed, and what is right is left alone.

mod planted;

use planted::Corpus;

/// Most false alarms in a hundred texts that are right.
const FALSE_ALARMS: usize = 2;

#[test]
fn planted_faults_are_found_and_what_is_right_is_left_alone() {
    let corpus = Corpus::read();
    assert!(corpus.faults.len() >= 150 && corpus.rights.len() >= 150);
    let (tallies, wrong) = planted::tally(&corpus);
    let missed: usize = tallies.values().map(|tally| tally.missed_blocking).sum();
    let alarms: usize = tallies.values().map(|tally| tally.false_alarms).sum();
    println!("{}", wrong.join("\n"));
    assert_eq!(missed, 0, "{}", wrong.join("\n"));
    assert!(
        alarms * 100 < corpus.rights.len() * FALSE_ALARMS,
        "{alarms} false alarms:\n{}",
        wrong.join("\n")
    );
}
