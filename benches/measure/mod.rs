//! What benchmarks have in common: when there is nothing to measure, and how large it is to be.

/// Whether the program is only asked whether it has tests, as `cargo test --benches` asks every bench target.
pub fn asks_for_tests() -> bool {
    std::env::args().any(|argument| argument == "--test" || argument == "--list")
}

/// These sizes, or those that `RAPPORTEUR_BENCH_SIZES` names, for a shorter run: "1000,10000".
#[allow(dead_code, reason = "some have one size only")]
pub fn sizes(usual: &[usize]) -> Vec<usize> {
    let named = std::env::var("RAPPORTEUR_BENCH_SIZES").unwrap_or_default();
    let named: Vec<usize> = named.split(',').filter_map(|size| size.trim().parse().ok()).collect();
    if named.is_empty() { usual.to_vec() } else { named }
}
