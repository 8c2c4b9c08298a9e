//! SQL of translations: of a report as they are worked on, and of editions as they were published, which never change.

use std::collections::BTreeMap;

use diesel::prelude::*;

use super::{EditionTranslation, Translated, Translation, TranslationId, TranslationIssue};
use crate::accounts::AccountId;
use crate::consultations::programme::printed_names::PrintedName;
use crate::db::errors::{self, Meaning};
use crate::db::schema::{
    edition_translations, report_editions, report_translations, translated_portions,
};
use crate::db::types::{Json, Timestamp};
use crate::db::{Conn, keyset};
use crate::http::page::Paging;
use crate::i18n::Language;
use crate::problem::Problem;
use crate::reports::{EditionId, ReportId};

#[derive(Queryable, Insertable)]
#[diesel(table_name = report_translations, treat_none_as_default_value = false)]
struct Row {
    id: TranslationId,
    report_id: ReportId,
    language: Language,
    translator_id: Option<AccountId>,
    version: i64,
    created_at: Timestamp,
    updated_at: Timestamp,
}

impl From<Row> for Translation {
    fn from(row: Row) -> Self {
        let Row { id, report_id, language, translator_id, version, created_at, updated_at } = row;
        let translator = translator_id;
        Self { id, report_id, language, translator, version, created_at, updated_at }
    }
}

/// Stores a new translation; 409 when there is one into that language.
pub fn insert(conn: &mut Conn, translation: &Translation) -> Result<(), Problem> {
    let one = translation.clone();
    let row = Row {
        id: one.id,
        report_id: one.report_id,
        language: one.language,
        translator_id: one.translator,
        version: one.version,
        created_at: one.created_at,
        updated_at: one.updated_at,
    };
    let there = || errors::taken("/language", "There is a translation into this language already.");
    diesel::insert_into(report_translations::table).values(&row).execute(conn).on_unique(there)?;
    Ok(())
}

/// The translation, or 404.
pub fn translation(conn: &mut Conn, id: TranslationId) -> Result<Translation, Problem> {
    let row = report_translations::table.find(id).first::<Row>(conn).optional()?;
    row.map(Translation::from).ok_or_else(|| Problem::not_found("translation"))
}

/// Some of the translations of a report, by language.
pub fn translations(
    conn: &mut Conn,
    report: ReportId,
    paging: &Paging,
) -> Result<Vec<Translation>, Problem> {
    let query =
        report_translations::table.filter(report_translations::report_id.eq(report)).into_boxed();
    let part = keyset::after(
        query,
        (report_translations::language,),
        paging.after_one::<Language>()?,
        paging.load(),
    );
    let rows = part.load::<Row>(conn)?;
    Ok(rows.into_iter().map(Translation::from).collect())
}

/// Stores who translates, and that something changed; its version is the next one already.
pub fn update(conn: &mut Conn, translation: &Translation) -> Result<(), Problem> {
    let before = translation.version - 1;
    let this = report_translations::table
        .filter(report_translations::id.eq(translation.id))
        .filter(report_translations::version.eq(before));
    let rows = diesel::update(this)
        .set((
            report_translations::translator_id.eq(translation.translator),
            report_translations::version.eq(translation.version),
            report_translations::updated_at.eq(translation.updated_at),
        ))
        .execute(conn)?;
    errors::written(rows, before)
}

/// Takes a translation away, with its portions; 412 when it is not of that version any more.
pub fn delete(conn: &mut Conn, id: TranslationId, version: i64) -> Result<(), Problem> {
    let portions = translated_portions::table.filter(translated_portions::translation_id.eq(id));
    diesel::delete(portions).execute(conn)?;
    let this = report_translations::table
        .filter(report_translations::id.eq(id))
        .filter(report_translations::version.eq(version));
    errors::written(diesel::delete(this).execute(conn)?, version)
}

/// Everything that is translated, by what it is known by.
pub fn portions(
    conn: &mut Conn,
    of: TranslationId,
) -> Result<BTreeMap<String, Translated>, Problem> {
    let rows: Vec<(String, String, String, i64)> = translated_portions::table
        .filter(translated_portions::translation_id.eq(of))
        .select((
            translated_portions::portion,
            translated_portions::text,
            translated_portions::made_from,
            translated_portions::version,
        ))
        .load(conn)?;
    let read =
        |(portion, text, made_from, version)| (portion, Translated { text, made_from, version });
    Ok(rows.into_iter().map(read).collect())
}

/// Stores a portion in place of what was there, with whom its original prints. Whoever writes holds the translation.
pub fn put(
    conn: &mut Conn,
    of: TranslationId,
    portion: &str,
    translated: Option<(&Translated, Vec<PrintedName>)>,
) -> Result<(), Problem> {
    diesel::delete(translated_portions::table.find((of, portion))).execute(conn)?;
    if let Some((one, named)) = translated {
        let row = (
            translated_portions::translation_id.eq(of),
            translated_portions::portion.eq(portion),
            translated_portions::text.eq(&one.text),
            translated_portions::made_from.eq(&one.made_from),
            translated_portions::named.eq(Json(named)),
            translated_portions::version.eq(one.version),
        );
        diesel::insert_into(translated_portions::table).values(row).execute(conn)?;
    }
    Ok(())
}

#[derive(Queryable, Insertable)]
#[diesel(table_name = edition_translations)]
struct PublishedRow {
    edition_id: EditionId,
    language: Language,
    document: String,
    sha256: String,
    published_at: Timestamp,
}

/// Freezes the translation of an edition; 409 when there is one in that language.
pub fn insert_published(
    conn: &mut Conn,
    edition: EditionId,
    translation: &EditionTranslation,
) -> Result<(), Problem> {
    let one = translation.clone();
    let row = PublishedRow {
        edition_id: edition,
        language: one.language,
        document: one.document,
        sha256: one.sha256,
        published_at: one.published_at,
    };
    let there = || {
        let detail =
            "A translation of this edition into this language is published: it stays as it is.";
        errors::taken("/edition", detail)
    };
    diesel::insert_into(edition_translations::table).values(&row).execute(conn).on_unique(there)?;
    Ok(())
}

/// The published translation of an edition into a language, or 404.
pub fn published(
    conn: &mut Conn,
    report: ReportId,
    number: i32,
    language: Language,
) -> Result<EditionTranslation, Problem> {
    let row = edition_translations::table
        .inner_join(report_editions::table)
        .filter(report_editions::report_id.eq(report))
        .filter(report_editions::number.eq(number))
        .filter(edition_translations::language.eq(language))
        .select(edition_translations::all_columns)
        .first::<PublishedRow>(conn)
        .optional()?;
    let row = row.ok_or_else(|| Problem::not_found("translation"))?;
    Ok(EditionTranslation {
        language: row.language,
        document: row.document,
        sha256: row.sha256,
        published_at: row.published_at,
    })
}

/// In which languages an edition is published beside its own, by language.
pub fn issues(
    conn: &mut Conn,
    report: ReportId,
    number: i32,
) -> Result<Vec<TranslationIssue>, Problem> {
    let rows: Vec<(Language, String, Timestamp)> = edition_translations::table
        .inner_join(report_editions::table)
        .filter(report_editions::report_id.eq(report))
        .filter(report_editions::number.eq(number))
        .order(edition_translations::language)
        .select((
            edition_translations::language,
            edition_translations::sha256,
            edition_translations::published_at,
        ))
        .load(conn)?;
    let read =
        |(language, sha256, published_at)| TranslationIssue { language, sha256, published_at };
    Ok(rows.into_iter().map(read).collect())
}

/// What an account translates: the report and the language.
pub fn translated_by(
    conn: &mut Conn,
    account: AccountId,
) -> Result<Vec<(ReportId, Language)>, Problem> {
    Ok(report_translations::table
        .filter(report_translations::translator_id.eq(account))
        .order(report_translations::id)
        .select((report_translations::report_id, report_translations::language))
        .load(conn)?)
}

/// What one account translates, another one does from now on, or nobody.
pub fn hand_over(conn: &mut Conn, from: AccountId, to: Option<AccountId>) -> Result<(), Problem> {
    let own = report_translations::table.filter(report_translations::translator_id.eq(from));
    diesel::update(own).set(report_translations::translator_id.eq(to)).execute(conn)?;
    Ok(())
}

/// Forgets portions whose original printed somebody: nobody can tell where in another language, and script, they stand.
pub fn forget_name(conn: &mut Conn, account: AccountId) -> Result<(), Problem> {
    let all: Vec<(TranslationId, String, Json<Vec<PrintedName>>)> = translated_portions::table
        .select((
            translated_portions::translation_id,
            translated_portions::portion,
            translated_portions::named,
        ))
        .load(conn)?;
    for (of, portion, Json(named)) in all {
        if named.iter().any(|one| one.is_of(account)) {
            put(conn, of, &portion, None)?;
        }
    }
    Ok(())
}
