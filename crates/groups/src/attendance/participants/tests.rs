//! Reports as the platforms write them, with people of our own invention.

use super::*;
use crate::exchange::table::read_rows;

fn report(text: &str) -> Read {
    let (rows, _) = read_rows(text.as_bytes(), Some("text/csv"), None).unwrap();
    read(&rows, &Columns::default()).unwrap()
}

fn told(read: &Read) -> Vec<(String, Option<String>, Option<i32>, usize)> {
    let told = |one: &Participant| {
        let email = one.email.as_ref().map(|email| email.as_str().to_owned());
        (one.name.clone(), email, one.minutes(), one.rows.len())
    };
    read.participants.iter().map(told).collect()
}

fn person(
    name: &str,
    email: Option<&str>,
    minutes: Option<i32>,
    rows: usize,
) -> (String, Option<String>, Option<i32>, usize) {
    (name.to_owned(), email.map(str::to_owned), minutes, rows)
}

#[test]
fn zoom_with_the_block_about_the_meeting_above_the_table() {
    let read = report(
        "\u{feff}Meeting ID,Topic,Start Time,End Time,User Email,Duration (Minutes),Participants\r\n\
         912 3456 7890,Borders and rights,11/19/2020 10:50:01 AM,11/19/2020 02:31:12 PM,host@example.org,222,3\r\n\
         \r\n\
         Name (Original Name),User Email,Join Time,Leave Time,Duration (Minutes),Guest,In Waiting Room\r\n\
         Asha (Asha Example),asha@example.org,11/19/2020 10:58:00 AM,11/19/2020 11:40:00 AM,42,No,No\r\n\
         \"Sample, Binh\",,11/19/2020 11:00:00 AM,11/19/2020 02:30:00 PM,210,Yes,No\r\n\
         Asha (Asha Example),asha@example.org,11/19/2020 11:41:00 AM,11/19/2020 02:30:00 PM,169,No,No\r\n\
         Chen Late,,11/19/2020 02:25:00 PM,11/19/2020 02:30:00 PM,5,Yes,Yes\r\n\
         Binh Sample,binh@example.org,11/19/2020 02:30:00 PM,11/19/2020 02:30:20 PM,0,Yes,No\r\n",
    );
    assert_eq!(
        told(&read),
        [
            person("Asha (Asha Example)", Some("asha@example.org"), Some(211), 2),
            person("Sample, Binh", Some("binh@example.org"), Some(210), 2),
        ]
    );
    assert_eq!(read.rows, 5);
    assert_eq!(read.ignored, ["Guest"]);
}

#[test]
fn zoom_with_one_row_for_each_person_and_nothing_above() {
    let read = report(
        "Name (Original Name),User Email,Total Duration (Minutes),Guest\n\
         Asha Example,asha@example.org,190,No\n\
         ,nobody@example.org,12,No\n\
         Binh Sample,binh@example.org,soon,No\n",
    );
    assert_eq!(told(&read), [person("Asha Example", Some("asha@example.org"), Some(190), 1)]);
    let wrong: Vec<u32> = read.wrong.iter().map(|(row, ..)| *row).collect();
    assert_eq!(wrong, [3, 4]);
}

#[test]
fn teams_with_parts_that_have_titles_and_tabs() {
    let read = report(
        "1. Summary\nMeeting title\tBorders and rights\nAttended participants\t2\n\n\
         2. Participants\nName\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n\
         Asha Example\t11/19/20, 10:58:00 AM\t11/19/20, 2:30:00 PM\t3h 32m 4s\tasha@example.org\tasha@example.org\tOrganizer\n\
         Binh Sample (Guest)\t11/19/20, 11:00:00 AM\t11/19/20, 11:00:20 AM\t20s\t\t\tPresenter\n\n\
         3. In-Meeting Activities\nName\tJoin Time\tLeave Time\tDuration\tEmail\tRole\n\
         Asha Example\t11/19/20, 10:58:00 AM\t11/19/20, 2:30:00 PM\t3h 32m 4s\tasha@example.org\tOrganizer\n",
    );
    assert_eq!(
        told(&read),
        [
            person("Asha Example", Some("asha@example.org"), Some(212), 1),
            person("Binh Sample (Guest)", None, Some(1), 1),
        ]
    );
}

#[test]
fn webex_and_columns_that_the_caller_names() {
    let webex = report(
        "Meeting Name\tMeeting Start Time\tName\tAttendee Email\tJoin Time\tAttendance Duration\n\
         Borders\t2020-11-19 10:50\tAsha Example\tasha@example.org\t2020-11-19 10:58\t65 mins\n",
    );
    assert_eq!(told(&webex), [person("Asha Example", Some("asha@example.org"), Some(65), 1)]);
    let text = "Nom;Courriel;Durée\nAsha Example;asha@example.org;1:05:00\n";
    let (rows, _) = read_rows(text.as_bytes(), None, None).unwrap();
    assert!(read(&rows, &Columns::default()).is_err());
    let columns = Columns {
        name: Some("nom".into()),
        email: Some("Courriel".into()),
        duration: Some("Durée".into()),
    };
    let named = read(&rows, &columns).unwrap();
    assert_eq!(told(&named), [person("Asha Example", Some("asha@example.org"), Some(65), 1)]);
    let missing = Columns { email: Some("E-Mail".into()), ..columns };
    assert!(read(&rows, &missing).is_err());
}

#[test]
fn two_devices_at_once_are_one_person_and_nobody_vanishes_who_shares_an_address() {
    let read = report(
        "Name,User Email,Join Time,Leave Time,Duration (Minutes),In Waiting Room\n\
         Pat One,pat@example.org,11/28/2026 09:00:00 AM,11/28/2026 10:00:00 AM,60,No\n\
         Pat One,pat@example.org,11/28/2026 09:30:00 AM,11/28/2026 10:00:00 AM,30,No\n\
         Pat One,pat@example.org,11/28/2026 08:50:00 AM,11/28/2026 09:00:00 AM,10,Yes\n\
         P. (Pat One),,11/28/2026 10:10:00 AM,11/28/2026 10:20:00 AM,10,No\n\
         Jo Sample,office@example.org,11/28/2026 09:00:00 AM,11/28/2026 10:00:00 AM,60,No\n\
         Ren Two,office@example.org,11/28/2026 09:00:00 AM,11/28/2026 09:55:00 AM,55,No\n",
    );
    assert_eq!(
        told(&read),
        [
            person("Pat One", Some("pat@example.org"), Some(70), 3),
            person("Jo Sample", Some("office@example.org"), Some(60), 1),
            person("Ren Two", Some("office@example.org"), Some(55), 1),
        ]
    );
    let shared: Vec<bool> = read.participants.iter().map(|one| one.shares_address).collect();
    assert_eq!(shared, [false, true, true]);
    // A name alone is nobody in particular where two have it, whichever row comes first.
    for rows in [
        ["Jo,,5", "Jo,a@example.org,6", "Jo,b@example.org,7"],
        ["Jo,a@example.org,6", "Jo,b@example.org,7", "Jo,,5"],
    ] {
        let read = report(&format!("Name,Email,Duration\n{}\n", rows.join("\n")));
        assert_eq!(read.participants.len(), 3, "{rows:?}");
    }
}

#[test]
fn meet_with_two_columns_of_names_and_masked_addresses() {
    let read = report(
        "First name,Last name,Email,Duration,Time joined,Time exited\n\
         Pat,One,pa*****@example.org,1 hr 5 min,9:00 AM,10:05 AM\n\
         Jo,Sample,,45 min,9:00 AM,9:45 AM\n\
         Asha,,asha@example.org,45 min,9:00 AM,9:45 AM\n",
    );
    assert_eq!(
        told(&read),
        [
            person("Pat One", None, Some(65), 1),
            person("Jo Sample", None, Some(45), 1),
            person("Asha", Some("asha@example.org"), Some(45), 1),
        ]
    );
}

#[test]
fn numbers_of_any_locale_are_read_right_or_refused() {
    let read = report(
        "Name;User Email;Duration (Minutes)\n\
         Pat One;pat.one@example.org;65,5\n\
         Asha Example;asha.example@example.org;1.065,0\n\
         Jo Sample;jo@example.org;1.065\n",
    );
    assert_eq!(
        told(&read),
        [
            person("Pat One", Some("pat.one@example.org"), Some(66), 1),
            person("Asha Example", Some("asha.example@example.org"), Some(1065), 1),
        ]
    );
    assert_eq!(read.wrong.iter().map(|(row, ..)| *row).collect::<Vec<_>>(), [4]);
}
