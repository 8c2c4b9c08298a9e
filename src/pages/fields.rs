//! What a page's form was sent with. Pure.

use actix_web::web::Query;

/// The fields of a form as they were sent: a name may come several times.
#[derive(Debug, Clone, Default)]
pub struct Fields(Vec<(String, String)>);

impl From<Vec<(String, String)>> for Fields {
    fn from(fields: Vec<(String, String)>) -> Self {
        Self(fields)
    }
}

impl Fields {
    /// From `application/x-www-form-urlencoded`; what is no such thing has no fields.
    pub fn of(body: &[u8]) -> Self {
        let text = std::str::from_utf8(body).unwrap_or_default();
        let fields = Query::<Vec<(String, String)>>::from_query(text);
        fields.map_or_else(|_| Self::default(), |fields| Self(fields.into_inner()))
    }

    /// A field that says something.
    pub fn one(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Everything a name was sent with.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let same = self.0.iter().filter(move |(known, _)| known == name);
        same.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Everything a name was sent with, also what says nothing: of fields that stand in rows.
    pub fn sent<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let same = self.0.iter().filter(move |(known, _)| known == name);
        same.map(|(_, value)| value.as_str())
    }

    /// A field that can be read as something.
    pub fn parsed<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.one(name)?.parse().ok()
    }

    /// A text that says something.
    pub fn text(&self, name: &str) -> Option<String> {
        self.one(name).map(str::to_owned)
    }

    /// A box that is ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        self.one(name).is_some()
    }
}
