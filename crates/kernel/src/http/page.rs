//! Lists by keyset: a page continues after the last row of the one before, at the same cost however long the list is.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::problem::{Code, Problem};
use crate::tokens::KeyedHash;

/// Rows of a page when the caller does not say.
const DEFAULT_LIMIT: u32 = 50;
/// Rows of a page at most.
pub const LARGEST_LIMIT: u32 = 200;
/// Rows of a part of a list that is not answered in pages.
const PART: usize = 500;

#[derive(Serialize, Deserialize)]
struct Cursor {
    /// Sort values and id of the last row.
    k: Vec<String>,
    /// That we wrote them, for this list with these filters.
    s: String,
}

/// Which part of a list is asked for.
#[derive(Debug, Clone)]
pub struct Paging {
    /// Rows wanted.
    pub limit: usize,
    after: Option<Vec<String>>,
    list: List,
}

/// Whose cursors are read and written.
#[derive(Debug, Clone)]
enum List {
    /// Those of a list that is answered, which go out and come back.
    Answered(KeyedHash),
    /// Those of a list that is read in here, in parts.
    Inside,
}

impl Paging {
    /// Reads `limit` and `cursor`; `filters` is everything else that shapes the list, and the list's own name. A cursor says, by `key`,
    /// that it was written here for that: what it holds need not be doubted.
    ///
    /// # Errors
    /// 400 when either is not what was given.
    pub fn new(
        limit: Option<u32>,
        cursor: Option<&str>,
        filters: &impl Serialize,
        key: KeyedHash,
    ) -> Result<Self, Problem> {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        if !(1..=LARGEST_LIMIT).contains(&limit) {
            let detail = format!("must be from 1 to {LARGEST_LIMIT}");
            return Err(Problem::new(Code::InvalidQuery, detail.clone()).at("?limit", detail));
        }
        let filters = serde_json::to_vec(filters).map_err(Problem::internal)?;
        let list = List::Answered(key.with(b"cursor").with(&filters));
        let after = cursor.map(|cursor| list.read(cursor)).transpose()?;
        Ok(Self { limit: limit as usize, after, list })
    }

    /// The first rows of a list that is shown whole, without a cursor.
    pub const fn first(limit: usize) -> Self {
        Self { limit, after: None, list: List::Inside }
    }

    /// All rows of a list, for what is not answered in pages.
    ///
    /// # Errors
    /// Those of `part`, which reads one part of them.
    pub fn all<T>(
        part: impl FnMut(&Self) -> Result<Listing<T>, Problem>,
    ) -> Result<Vec<T>, Problem> {
        let mut all = Vec::new();
        Self::each(part, |row| {
            all.push(row);
            Ok(())
        })?;
        Ok(all)
    }

    /// Takes all rows of a list one after the other, for what has no room for all of them.
    ///
    /// # Errors
    /// Those of `part`, which reads one part of them, and of `take`.
    pub fn each<T>(
        mut part: impl FnMut(&Self) -> Result<Listing<T>, Problem>,
        mut take: impl FnMut(T) -> Result<(), Problem>,
    ) -> Result<(), Problem> {
        let mut paging = Self::first(PART);
        loop {
            let read = part(&paging)?;
            read.items.into_iter().try_for_each(&mut take)?;
            let Some(next) = read.next else { return Ok(()) };
            paging.after = Some(paging.list.read(&next)?);
        }
    }

    /// How many rows to load: one more than wanted tells whether there is a next page.
    pub fn load(&self) -> i64 {
        self.limit as i64 + 1
    }

    /// The sort values and id of the row to continue after, parsed; 400 when the cursor is not of this list.
    pub fn after<const N: usize>(&self) -> Result<Option<[&str; N]>, Problem> {
        let Some(values) = &self.after else { return Ok(None) };
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        values.try_into().map(Some).map_err(|_| wrong_cursor())
    }

    /// As [`Paging::after`], for a list in the order of one parsed value.
    pub fn after_one<T: std::str::FromStr>(&self) -> Result<Option<T>, Problem> {
        let after = self.after::<1>()?;
        after.map(|[value]| value.parse().map_err(|_| wrong_cursor())).transpose()
    }

    /// As [`Paging::after`], for a list in the order of two parsed values.
    pub fn after_two<A, B>(&self) -> Result<Option<(A, B)>, Problem>
    where
        A: std::str::FromStr,
        B: std::str::FromStr,
    {
        let Some([first, second]) = self.after::<2>()? else { return Ok(None) };
        match (first.parse(), second.parse()) {
            (Ok(first), Ok(second)) => Ok(Some((first, second))),
            _ => Err(wrong_cursor()),
        }
    }

    /// Cuts the loaded rows to a page; `key` gives the sort values and id of a row.
    pub fn finish<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> Vec<String>) -> Listing<T> {
        let more = rows.len() > self.limit;
        rows.truncate(self.limit);
        let next = rows.last().filter(|_| more).map(|last| self.list.write(key(last)));
        Listing { items: rows, next }
    }
}

impl List {
    fn seal(&self, values: &[String]) -> String {
        let Self::Answered(key) = self else { return String::new() };
        let key = values.iter().fold(key.clone(), |key, value| key.with(value.as_bytes()));
        URL_SAFE_NO_PAD.encode(&key.finish()[..16])
    }

    fn write(&self, values: Vec<String>) -> String {
        let cursor = Cursor { s: self.seal(&values), k: values };
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&cursor).unwrap_or_default())
    }

    fn read(&self, text: &str) -> Result<Vec<String>, Problem> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| wrong_cursor())?;
        let cursor: Cursor = serde_json::from_slice(&bytes).map_err(|_| wrong_cursor())?;
        Some(cursor.k).filter(|values| self.seal(values) == cursor.s).ok_or_else(wrong_cursor)
    }
}

/// The rows of a page and where the next begins, before they are answered.
#[derive(Debug, Clone)]
pub struct Listing<T> {
    /// The rows.
    pub items: Vec<T>,
    /// The cursor of the next part, if there is one.
    pub next: Option<String>,
}

impl<T> Listing<T> {
    /// The same part with every row turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Listing<U> {
        Listing { items: self.items.into_iter().map(turn).collect(), next: self.next }
    }

    /// As [`Listing::map`], where turning a row may fail.
    pub fn try_map<U>(
        self,
        turn: impl FnMut(T) -> Result<U, Problem>,
    ) -> Result<Listing<U>, Problem> {
        let items = self.items.into_iter().map(turn).collect::<Result<_, _>>()?;
        Ok(Listing { items, next: self.next })
    }
}

/// A page of a list as it is answered.
#[derive(Debug, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The rows of this page.
    pub items: Vec<T>,
    /// The cursor of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// 400 for a cursor after which nobody can say what comes.
pub fn overtaken(why: &str) -> Problem {
    let detail = format!("{why}: start again without it");
    Problem::new(Code::InvalidCursor, detail.clone()).at("?cursor", detail)
}

fn wrong_cursor() -> Problem {
    let detail = "This cursor belongs to another list or to other filters. Start again without it.";
    Problem::new(Code::InvalidCursor, detail).at("?cursor", detail)
}
