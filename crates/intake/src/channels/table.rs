//! A table of who said what (CSV), as programs export chats and transcripts. It must never show a row whose recipient is not
//! known to be everyone, nor guess what a column holds that may say so.

use super::gather::{Gather, Said};
use super::speech::{Common, To, addressed, heard, is_everyone};
use super::{Kind, Unreadable, Why};
use crate::encoding;
use crate::terms::fold::fold;

/// A row: the line of the file that it begins on, and its cells.
type Cells = (u32, Vec<String>);

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Speaker,
    Recipient,
    Text,
    /// Whether it was said to one alone, or which sort of message it is.
    Sort,
    /// Nothing that is wanted.
    Other,
}

const SPEAKERS: &[&str] = &[
    "name",
    "speaker",
    "from",
    "sender",
    "author",
    "user",
    "username",
    "user name",
    "participant",
    "display name",
    "who",
    "speaker name",
    "sender name",
    "full name",
    "first name",
    "last name",
    "von",
    "sprecher",
    "absender",
    "de",
    "nom",
    "auteur",
    "intervenant",
    "expediteur",
    "nombre",
    "autor",
    "orador",
    "remitente",
    "от",
    "имя",
    "автор",
    "спикер",
    "отправитель",
    "发言人",
    "发送人",
    "发送者",
    "姓名",
    "名前",
    "発言者",
    "이름",
    "ผู้พูด",
    "ชื่อ",
    "จาก",
    "ผู้ส่ง",
    "من",
    "الاسم",
    "المتحدث",
    "المرسل",
];
const RECIPIENTS: &[&str] = &[
    "to",
    "recipient",
    "recipients",
    "receiver",
    "audience",
    "addressee",
    "sent to",
    "an",
    "empfanger",
    "a",
    "destinataire",
    "para",
    "destinatario",
    "до",
    "кому",
    "получатель",
    "发送给",
    "接收人",
    "收件人",
    "宛先",
    "받는 사람",
    "ถึง",
    "ผู้รับ",
    "إلى",
    "الى",
    "المستلم",
];
const TEXTS: &[&str] = &[
    "text",
    "message",
    "content",
    "transcript",
    "comment",
    "chat",
    "caption",
    "body",
    "said",
    "utterance",
    "sentence",
    "nachricht",
    "texte",
    "contenu",
    "mensaje",
    "texto",
    "сообщение",
    "текст",
    "内容",
    "消息",
    "发言内容",
    "文本",
    "メッセージ",
    "本文",
    "메시지",
    "내용",
    "ข้อความ",
    "الرسالة",
    "النص",
    "remarks",
    "question",
];
const SORTS: &[&str] = &[
    "type",
    "message type",
    "visibility",
    "private",
    "is private",
    "privately",
    "scope",
    "channel",
    "direct",
    "sichtbarkeit",
    "privat",
];
const OTHERS: &[&str] = &[
    "time",
    "timestamp",
    "date",
    "start",
    "end",
    "start time",
    "end time",
    "begin",
    "duration",
    "id",
    "message id",
    "no",
    "nr",
    "#",
    "row",
    "number",
    "index",
    "email",
    "e-mail",
    "user email",
    "sender email",
    "language",
    "lang",
    "confidence",
    "meeting",
    "meeting id",
    "session",
    "zeit",
    "datum",
    "heure",
    "fecha",
    "hora",
    "время",
    "дата",
    "时间",
    "日期",
    "時間",
    "日付",
    "시간",
    "เวลา",
    "วันที่",
    "الوقت",
    "التاريخ",
    "reactions",
    "upvotes",
    "likes",
    "sequence",
];
/// What a row's sort may be for everybody to see it. Folded.
const OPEN: &[&str] = &[
    "", "public", "everyone", "all", "group", "no", "false", "0", "message", "text", "chat",
    "meeting", "general", "n", "non", "nein", "нет", "否",
];

/// Whether the first row names a speaker's and a text's column.
pub(super) fn has_header(text: &str) -> bool {
    let head: String = text.lines().take(2).collect::<Vec<_>>().join("\n");
    if head.len() > 2000 {
        return false;
    }
    let Some(rows) = rows(&head) else { return false };
    let found: Vec<Option<Column>> =
        rows.first().map(|row| row.1.iter().map(|cell| named(cell)).collect()).unwrap_or_default();
    found.len() > 1 && found.contains(&Some(Column::Text)) && found.contains(&Some(Column::Speaker))
}

/// Reads a table of who said what.
pub(super) fn read(text: &str, gather: &mut Gather) -> Result<Kind, Unreadable> {
    let missing = Unreadable::NoSpeechTable { column: None };
    let rows = rows(text.trim_start_matches('\u{feff}')).ok_or_else(|| missing.clone())?;
    let Some((head, said)) = rows.split_first() else { return Err(missing) };
    let headed =
        head.1.iter().any(|cell| named(cell).is_some_and(|column| column != Column::Other));
    let (columns, said) =
        if headed { (by_header(&head.1, said)?, said) } else { (by_shape(&rows)?, &rows[..]) };
    let cell = |row: &[String], wanted: Column| -> String {
        let cells = columns.iter().zip(row).filter(|(column, _)| **column == wanted);
        cells
            .map(|(_, cell)| cell.trim())
            .filter(|cell| !cell.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let has = |wanted: Column| columns.contains(&wanted);
    let common = Common::default();
    for &(number, ref row) in said {
        let (speaker, body) = (cell(row, Column::Speaker), cell(row, Column::Text));
        let (name, to) = addressed(&speaker, &common);
        let open = OPEN.contains(&fold(&cell(row, Column::Sort)).trim());
        let everyone = !has(Column::Recipient) || is_everyone(&cell(row, Column::Recipient));
        // A row with more cells than there are columns is torn: who knows what it says to whom.
        if to == To::Others || !open || !everyone || row.len() > columns.len() {
            let recipient = cell(row, Column::Recipient);
            let names = [speaker.as_str(), recipient.as_str()];
            names
                .iter()
                .flat_map(|names| heard(names, &common))
                .for_each(|name| gather.hear(&name));
            gather.pass_over(number, number, Why::Private)?;
            continue;
        }
        let speaker = Some(name).filter(|name| !name.is_empty());
        gather.take(&Said {
            first: number,
            last: number,
            speaker,
            body: &body,
            ..Said::default()
        })?;
    }
    let chat = has(Column::Recipient) || has(Column::Sort);
    Ok(if chat { Kind::Chat } else { Kind::Transcript })
}

fn named(cell: &str) -> Option<Column> {
    let folded = fold(cell.trim().trim_end_matches(':')).replace('_', " ");
    let lists = [
        (SPEAKERS, Column::Speaker),
        (RECIPIENTS, Column::Recipient),
        (TEXTS, Column::Text),
        (SORTS, Column::Sort),
        (OTHERS, Column::Other),
    ];
    lists
        .into_iter()
        .find(|(words, _)| words.iter().any(|word| fold(word) == folded))
        .map(|(_, column)| column)
}

/// Columns by their headings; those without must hold nothing but times, numbers and addresses.
fn by_header(header: &[String], rows: &[Cells]) -> Result<Vec<Column>, Unreadable> {
    let mut columns = Vec::new();
    for (at, cell) in header.iter().enumerate() {
        let column = named(cell).or_else(|| is_harmless(rows, at).then_some(Column::Other));
        let column =
            column.ok_or(Unreadable::NoSpeechTable { column: u32::try_from(at + 1).ok() })?;
        columns.push(column);
    }
    let texts = columns.iter().filter(|column| **column == Column::Text).count();
    if texts == 0 { Err(Unreadable::NoSpeechTable { column: None }) } else { Ok(columns) }
}

/// Columns of a table without headings: times and numbers, then a name, then what was said.
fn by_shape(rows: &[Cells]) -> Result<Vec<Column>, Unreadable> {
    let width = rows.iter().map(|(_, row)| row.len()).max().unwrap_or(0);
    let open: Vec<usize> = (0..width).filter(|at| !is_harmless(rows, *at)).collect();
    let [name, text] = open[..] else { return Err(Unreadable::NoSpeechTable { column: None }) };
    let mut columns = vec![Column::Other; width];
    (columns[name], columns[text]) = (Column::Speaker, Column::Text);
    Ok(columns)
}

/// Whether a column can say nothing of names: it is empty, or of numbers, times and addresses.
fn is_harmless(rows: &[Cells], at: usize) -> bool {
    rows.iter().filter_map(|(_, row)| row.get(at)).all(|cell| {
        let cell = cell.trim();
        let sign = |c: char| c.is_numeric() || " :./-–,+TZ%#".contains(c);
        let bare = cell.trim_end_matches(['A', 'P', 'M', 'a', 'p', 'm']);
        bare.chars().all(sign) || cell.contains('@') && !cell.contains(' ')
    })
}

/// The rows with their numbers.
fn rows(text: &str) -> Option<Vec<Cells>> {
    let said = encoding::told_delimiter(text);
    let (said, text) = (said.map(|(sign, _)| sign), &text[said.map_or(0, |(_, line)| line)..]);
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let most = [b',', b';', b'\t', b'|']
        .into_iter()
        .max_by_key(|sign| first.bytes().filter(|byte| byte == sign).count());
    let delimiter = said.or(most).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(text.as_bytes());
    let mut found = Vec::new();
    for record in reader.records() {
        let record = record.ok()?;
        let line = record
            .position()
            .map_or(1, |position| u32::try_from(position.line()).unwrap_or(u32::MAX));
        if record.iter().any(|cell| !cell.trim().is_empty()) {
            found.push((line, record.iter().map(str::to_owned).collect()));
        }
        if found.len() > 2 * super::MOST_LINES {
            return None;
        }
    }
    Some(found)
}
