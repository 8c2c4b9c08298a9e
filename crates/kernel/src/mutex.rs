//! Locks among threads of this process.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the lock guards, also after a thread panicked with it: for what is whole between any two statements.
pub fn unpoisoned<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
