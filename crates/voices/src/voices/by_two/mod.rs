//! What is done to voices by two people: a voice that abuses the channel is refused, and the key by which voices are counted is
//! destroyed before its time. Nobody is named by either, to the two neither.

pub(super) mod http;
pub(super) mod service;
