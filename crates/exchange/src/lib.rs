//! Tables and calendars that other programs write and read: CSV, XLSX, iCalendar. Must never know what they are about.

use rapporteur_encoding as encoding;
use rapporteur_kernel::{db, problem, text_enum};

pub mod exchange;
