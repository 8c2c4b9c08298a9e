//! The words that Zoom and others write around names, in the languages that they are used in. It must never guess: a
//! recipient that is not listed here is not everyone.

/// The words of one language.
pub(in super::super) struct Words {
    /// Before the sender.
    pub(in super::super) from: &'static [&'static str],
    /// Before the recipient.
    pub(in super::super) to: &'static [&'static str],
    /// Everyone.
    pub(in super::super) everyone: &'static [&'static str],
}

/// By language; a word may be one in several of them.
pub(in super::super) const LANGUAGES: &[Words] = &[
    Words {
        from: &["from"],
        to: &["to"],
        everyone: &[
            "everyone",
            "everyone (in meeting)",
            "everyone(in meeting)",
            "everyone in meeting",
            "meeting group chat",
            "all panelists and attendees",
            "everybody",
            "all participants",
            "all",
        ],
    },
    // French.
    Words {
        from: &["de"],
        to: &["à", "a"],
        everyone: &["tout le monde", "tous", "tous les participants"],
    },
    // Spanish.
    Words { from: &["de", "desde"], to: &["a", "para"], everyone: &["todos", "todo el mundo"] },
    // Portuguese.
    Words { from: &["de"], to: &["para"], everyone: &["todos"] },
    // Italian.
    Words { from: &["da"], to: &["a"], everyone: &["tutti"] },
    // German.
    Words { from: &["von"], to: &["an"], everyone: &["alle"] },
    // Dutch.
    Words { from: &["van"], to: &["aan", "naar"], everyone: &["iedereen"] },
    // Swedish and Danish.
    Words { from: &["från", "fra"], to: &["till", "til"], everyone: &["alla", "alle"] },
    // Polish.
    Words { from: &["od"], to: &["do"], everyone: &["wszyscy", "wszystkich"] },
    // Russian.
    Words {
        from: &["от"], to: &["до", "к", "кому", "для"], everyone: &["все", "всем", "всех"]
    },
    // Turkish.
    Words { from: &["gönderen"], to: &["alıcı"], everyone: &["herkes"] },
    // Indonesian.
    Words { from: &["dari"], to: &["kepada", "ke"], everyone: &["semua orang"] },
    // Vietnamese.
    Words { from: &["từ"], to: &["đến"], everyone: &["mọi người"] },
    // Chinese.
    Words {
        from: &["从", "来自", "從", "开始", "開始"],
        to: &["到", "至", "给", "給"],
        everyone: &["所有人", "每个人", "每個人"],
    },
    // Japanese.
    Words { from: &["開始", "送信元"], to: &["に", "宛先"], everyone: &["全員"] },
    // Korean.
    Words { from: &["시작", "보낸"], to: &["수신자", "받는"], everyone: &["모두"] },
    // Arabic.
    Words { from: &["من"], to: &["إلى", "الى"], everyone: &["الجميع"] },
    // Persian.
    Words { from: &["از"], to: &["به"], everyone: &["همه"] },
    // Hebrew.
    Words { from: &["מאת"], to: &["אל"], everyone: &["כולם"] },
    // Thai.
    Words {
        from: &["จาก"], to: &["ถึง"], everyone: &["ทุกคน", "ทุกคน (ในการประชุม)"]
    },
    // Lao.
    Words { from: &["ຈາກ"], to: &["ເຖິງ"], everyone: &["ທຸກຄົນ"] },
    // Khmer.
    Words {
        from: &["ពី"], to: &["ទៅ", "ដល់"], everyone: &["អ្នករាល់គ្នា", "គ្រប់គ្នា", "ទាំងអស់គ្នា"]
    },
    // Malay.
    Words { from: &["daripada"], to: &["kepada"], everyone: &["semua"] },
    // Ukrainian.
    Words {
        from: &["від"],
        to: &["до", "для"],
        everyone: &["усі", "всі", "усіх", "всіх", "усім", "всім"],
    },
    // Czech.
    Words { from: &["od"], to: &["komu", "pro"], everyone: &["všichni", "všem", "všechny"] },
    // Romanian.
    Words { from: &["de"], to: &["către"], everyone: &["toți", "toată lumea"] },
    // Greek.
    Words { from: &["από"], to: &["προς"], everyone: &["όλους", "όλοι"] },
];

/// What Zoom writes after the recipient of a private message. Other languages are told by their recipient, which is not
/// everyone; these are known even where the recipient cannot be told. Words that people put in brackets themselves,
/// such as “(private)”, are not among them.
pub(in super::super) const PRIVATE: &[&str] = &[
    "(direct message)",
    "(privately)",
    "(message direct)",
    "(en privé)",
    "(mensaje directo)",
    "(en privado)",
    "(mensagem direta)",
    "(messaggio diretto)",
    "(direktnachricht)",
    "(direct bericht)",
    "(личное сообщение)",
    "(私聊)",
    "(私信)",
    "(直接消息)",
    "(ダイレクトメッセージ)",
    "(プライベート)",
    "(비공개)",
    "(다이렉트 메시지)",
    "(رسالة مباشرة)",
    "(ข้อความโดยตรง)",
    "(ส่วนตัว)",
    "(tin nhắn trực tiếp)",
    "(pesan langsung)",
    "(doğrudan mesaj)",
    "(wiadomość bezpośrednia)",
    "(direktmeddelande)",
    "(privat)",
    "(privé)",
];
