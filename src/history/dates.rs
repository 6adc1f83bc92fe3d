//! Dates as trackers write them, in all layouts that were seen.
//!
//! `24/Jun/26 5:39 PM`, `19/Jan/2025 12:00 AM`, `Jan/2/06 3:04 PM`, `02/oct/25 2:15 PM`, `2026-01-30 15:04`,
//! `2021-01-25T11:09:27.985+0800`, `Tue May 14 2024 08:53:33 GMT+0000 (GMT)`, `7.6.2025 14:59:28`, `12-12-2024 14:42`.
//! Where day and month are both numbers and neither is above 12, the cell alone does not say which is which: that
//! is decided for a whole file, or asked.

use crate::when::{LAST_YEAR, When};
use jiff::civil::{Date, DateTime, Time};
use jiff::tz::{Offset, TimeZone};

/// Which of two numbers is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    DayFirst,
    MonthFirst,
}

impl Order {
    /// As it stands in files and options.
    pub fn word(self) -> &'static str {
        match self {
            Self::DayFirst => "dmy",
            Self::MonthFirst => "mdy",
        }
    }

    /// The order that a word names.
    pub fn of(word: &str) -> Option<Self> {
        [Self::DayFirst, Self::MonthFirst].into_iter().find(|order| order.word() == word)
    }
}

/// A date as it is written, before it is known which number is the day and which zone's clock was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    day: Day,
    time: Option<Time>,
    offset: Option<Offset>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Day {
    Known(Date),
    /// Two numbers of which either is the day, and the year.
    Numbers([i8; 2], i16),
}

impl Written {
    /// Reads a cell; None where it is no date in any layout.
    pub fn read(text: &str) -> Option<Written> {
        // No date is longer, and nothing is gained by looking at a novel.
        if text.len() < 6 || text.len() > 80 {
            return None;
        }
        let mut reader = Reader { parts: parts(text)?, at: 0 };
        let day = reader.day()?;
        let time = reader.time()?;
        let offset = if time.is_some() { reader.offset()? } else { None };
        reader.is_done().then_some(Written { day, time, offset })
    }

    /// The order that this cell proves, if its numbers can be read in one order only.
    pub fn proves(&self) -> Option<Order> {
        match self.day {
            Day::Numbers([first, _], _) if first > 12 => Some(Order::DayFirst),
            Day::Numbers([_, second], _) if second > 12 => Some(Order::MonthFirst),
            _ => None,
        }
    }

    /// Whether it must be known which number is the day, and the cell does not say. The fifth of May is itself in both.
    pub fn is_open(&self) -> bool {
        matches!(self.day, Day::Numbers([first, second], _) if first <= 12 && second <= 12 && first != second)
    }

    /// Whether the hour is written.
    pub fn has_time(&self) -> bool {
        self.time.is_some()
    }

    /// Whether the offset from UTC is written.
    pub fn has_offset(&self) -> bool {
        self.offset.is_some()
    }

    /// When that is; None where there is no such day.
    pub fn when(&self, order: Order, zone: &TimeZone) -> Option<When> {
        let date = match (self.day, self.proves().unwrap_or(order)) {
            (Day::Known(date), _) => date,
            (Day::Numbers([day, month], year), Order::DayFirst)
            | (Day::Numbers([month, day], year), Order::MonthFirst) => Date::new(year, month, day).ok()?,
        };
        let Some(time) = self.time else { return Some(When::Day(date)) };
        let local = DateTime::from_parts(date, time);
        let at = match self.offset {
            Some(offset) => offset.to_timestamp(local).ok()?,
            None => zone.to_timestamp(local).ok()?,
        };
        Some(When::At(at))
    }
}

/// A piece of a date.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Part<'a> {
    /// A number and how many digits it has.
    Number(u32, usize),
    Word(&'a str),
    Sign(char),
}

/// Cuts a cell into numbers, words and signs; spaces part and are no piece. None where it is too long to be a date.
fn parts(text: &str) -> Option<Vec<Part<'_>>> {
    // JavaScript names the zone once more at the end.
    let text = text.split(" (").next().unwrap_or(text).trim();
    let mut found = Vec::with_capacity(16);
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let end = |is: fn(char) -> bool| rest.find(|other| !is(other)).unwrap_or(rest.len());
        let length = if letter.is_ascii_digit() {
            let end = end(|letter| letter.is_ascii_digit());
            // Fractions of a second are the only long numbers, and seconds are enough.
            let digits = &rest[..end.min(9)];
            found.push(Part::Number(digits.parse().ok()?, end));
            end
        } else if letter.is_alphabetic() {
            let end = end(|letter| letter.is_alphabetic());
            found.push(Part::Word(&rest[..end]));
            end
        } else {
            if !letter.is_whitespace() {
                found.push(Part::Sign(letter));
            }
            letter.len_utf8()
        };
        rest = &rest[length..];
        if found.len() > 24 {
            return None;
        }
    }
    Some(found)
}

struct Reader<'a> {
    parts: Vec<Part<'a>>,
    at: usize,
}

impl<'a> Reader<'a> {
    fn next(&self, ahead: usize) -> Option<Part<'a>> {
        self.parts.get(self.at + ahead).copied()
    }

    fn is_done(&self) -> bool {
        self.at >= self.parts.len()
    }

    fn skip(&mut self, signs: &[char]) {
        while matches!(self.next(0), Some(Part::Sign(sign)) if signs.contains(&sign)) {
            self.at += 1;
        }
    }

    fn number(&mut self) -> Option<(u32, usize)> {
        let Some(Part::Number(number, digits)) = self.next(0) else { return None };
        self.at += 1;
        Some((number, digits))
    }

    fn day(&mut self) -> Option<Day> {
        // A day of the week says nothing that the date does not.
        if let (Some(Part::Word(word)), Some(next)) = (self.next(0), self.next(1))
            && month(word).is_none()
            && word.chars().count() <= 12
            && !matches!(next, Part::Sign(sign) if sign != ',' && sign != '.')
        {
            self.at += 1;
            self.skip(&[',', '.']);
        }
        let between = ['/', '-', '.', ',', '\u{2010}'];
        let mut three = Vec::with_capacity(3);
        let mut is_dotted = false;
        for place in 0..3 {
            let part = self.next(0)?;
            self.at += 1;
            three.push(part);
            if place == 0 {
                is_dotted = self.next(0) == Some(Part::Sign('.'));
            }
            if place < 2 {
                // "15 de mayo de 2024"
                self.skip(&between);
                if let Some(Part::Word("de" | "of")) = self.next(0) {
                    self.at += 1;
                }
            }
        }
        let day = match (three[0], three[1], three[2]) {
            (Part::Number(year, 4), Part::Number(month, _), Part::Number(day, _)) => {
                Day::Known(date(year, month, day)?)
            }
            (Part::Number(year, 4), Part::Word(name), Part::Number(day, _)) => {
                Day::Known(date(year, month(name)?, day)?)
            }
            (Part::Number(day, 1 | 2), Part::Word(name), Part::Number(year, digits))
            | (Part::Word(name), Part::Number(day, 1 | 2), Part::Number(year, digits)) => {
                Day::Known(date(whole_year(year, digits)?, month(name)?, day)?)
            }
            // Wherever a date is written with points and the year last, the day comes first.
            (Part::Number(day, 1 | 2), Part::Number(month, 1 | 2), Part::Number(year, digits))
                if is_dotted =>
            {
                Day::Known(date(whole_year(year, digits)?, month, day)?)
            }
            (Part::Number(first, 1 | 2), Part::Number(second, 1 | 2), Part::Number(year, digits)) => {
                numbers(first, second, whole_year(year, digits)?)?
            }
            _ => return None,
        };
        if self.next(0) == Some(Part::Sign('.')) {
            self.at += 1;
        }
        Some(day)
    }

    /// The time of day: None where what stands there is none, Some(None) where nothing does.
    fn time(&mut self) -> Option<Option<Time>> {
        self.skip(&[',']);
        if let Some(Part::Word(word)) = self.next(0)
            && ["t", "at", "um", "à"].contains(&word.to_lowercase().as_str())
        {
            self.at += 1;
        }
        if self.is_done() {
            return Some(None);
        }
        let (hour, _) = self.number()?;
        let is_colon = |part| matches!(part, Some(Part::Sign(':' | '.')) | Some(Part::Word("h")));
        if !is_colon(self.next(0)) {
            return None;
        }
        self.at += 1;
        let (minute, _) = self.number()?;
        let mut second = 0;
        if is_colon(self.next(0)) && matches!(self.next(1), Some(Part::Number(..))) {
            self.at += 1;
            second = self.number()?.0;
            if let (Some(Part::Sign('.' | ',')), Some(Part::Number(..))) = (self.next(0), self.next(1)) {
                self.at += 2;
            }
        }
        let hour = self.half_day(hour)?;
        let small = |number: u32| i8::try_from(number).ok();
        // A leap second is the last of its minute.
        Time::new(small(hour)?, small(minute)?, small(second.min(59))?, 0).ok().map(Some)
    }

    /// The hour of 24, with "PM", "p. m." and their like read.
    fn half_day(&mut self, hour: u32) -> Option<u32> {
        let Some(Part::Word(word)) = self.next(0) else { return Some(hour) };
        let (mut letters, mut used) = (word.to_lowercase(), 1);
        if letters.len() == 1 && letters != "z" {
            if self.next(used) == Some(Part::Sign('.')) {
                used += 1;
            }
            let Some(Part::Word(second)) = self.next(used) else { return Some(hour) };
            letters.push_str(&second.to_lowercase());
            used += 1;
            if self.next(used) == Some(Part::Sign('.')) {
                used += 1;
            }
        }
        let afternoon = match letters.as_str() {
            "am" => 0,
            "pm" => 12,
            _ => return Some(hour),
        };
        self.at += used;
        (1..=12).contains(&hour).then_some(hour % 12 + afternoon)
    }

    /// The offset from UTC: None where what stands there is none, Some(None) where nothing does.
    fn offset(&mut self) -> Option<Option<Offset>> {
        let mut found = None;
        if let Some(Part::Word(word)) = self.next(0) {
            if !["z", "utc", "gmt"].contains(&word.to_lowercase().as_str()) {
                return None;
            }
            self.at += 1;
            found = Some(Offset::UTC);
        }
        let Some(Part::Sign(sign @ ('+' | '-' | '\u{2212}'))) = self.next(0) else { return Some(found) };
        self.at += 1;
        let (number, digits) = self.number()?;
        let (hours, minutes) = match digits {
            1 | 2 if self.next(0) == Some(Part::Sign(':')) => {
                self.at += 1;
                (number, self.number()?.0)
            }
            1 | 2 => (number, 0),
            4 => (number / 100, number % 100),
            _ => return None,
        };
        let seconds = i32::try_from(hours.checked_mul(3600)? + minutes.checked_mul(60)?).ok()?;
        let signed = if sign == '+' { seconds } else { -seconds };
        // No clock on Earth is further off.
        (minutes < 60 && seconds <= 15 * 3600).then(|| Offset::from_seconds(signed).ok())
    }
}

fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = i16::try_from(year).ok().filter(|year| (1900..=LAST_YEAR).contains(year))?;
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// Two numbers in either order: a date in one of them at least.
fn numbers(first: u32, second: u32, year: u32) -> Option<Day> {
    date(year, second, first).or_else(|| date(year, first, second))?;
    let (first, second) = (i8::try_from(first).ok()?, i8::try_from(second).ok()?);
    Some(Day::Numbers([first, second], i16::try_from(year).ok()?))
}

fn whole_year(year: u32, digits: usize) -> Option<u32> {
    match digits {
        4 => Some(year),
        2 => Some(if year < 80 { 2000 + year } else { 1900 + year }),
        _ => None,
    }
}

/// How months begin in English, German, Spanish and French (and Portuguese, Italian and Dutch where these do not
/// contradict them), without accents.
const MONTHS: [&[&str]; 12] = [
    &["jan", "ene", "gen"],
    &["feb", "fev", "fevr"],
    &["mar", "mrz", "maerz", "mrt", "maa"],
    &["apr", "abr", "avr"],
    &["may", "mai", "mei", "mag"],
    &["jun", "juin", "giu"],
    &["jul", "juil", "lug"],
    &["aug", "ago", "aou"],
    &["sep", "set"],
    &["oct", "okt", "out", "ott"],
    &["nov"],
    &["dec", "dez", "dic"],
];

fn month(word: &str) -> Option<u32> {
    let plain: String = word.chars().flat_map(char::to_lowercase).map(without_accent).collect();
    // A word that goes on as no month does is none; three letters tell all but June and July in French.
    if plain.len() < 3 || plain.len() > 10 {
        return None;
    }
    if plain.starts_with("juil") {
        return Some(7);
    }
    if plain.starts_with("juin") {
        return Some(6);
    }
    let begins = |names: &[&str]| names.iter().any(|name| plain.starts_with(name));
    MONTHS.iter().position(|names| begins(names)).map(|at| at as u32 + 1)
}

/// A letter without its accent, as far as the names that are read here have one.
pub fn without_accent(letter: char) -> char {
    match letter {
        'á' | 'à' | 'â' | 'ä' | 'ã' => 'a',
        'é' | 'è' | 'ê' | 'ë' => 'e',
        'í' | 'ì' | 'î' | 'ï' => 'i',
        'ó' | 'ò' | 'ô' | 'ö' | 'õ' => 'o',
        'ú' | 'ù' | 'û' | 'ü' => 'u',
        'ç' => 'c',
        'ñ' => 'n',
        letter => letter,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> String {
        let written = Written::read(text).unwrap_or_else(|| panic!("{text} is a date"));
        written.when(Order::DayFirst, &TimeZone::UTC).expect("a day").written(&TimeZone::UTC)
    }

    #[test]
    fn every_layout_that_was_seen_is_read() {
        for (text, due) in [
            ("24/Jun/26 5:39 PM", "2026-06-24T17:39:00+00:00"),
            ("22/Oct/21 16:55", "2021-10-22T16:55:00+00:00"),
            ("2026-01-30 15:04", "2026-01-30T15:04:00+00:00"),
            ("2026-01-30 15:04:05", "2026-01-30T15:04:05+00:00"),
            ("19/Jan/2025 12:00 AM", "2025-01-19T00:00:00+00:00"),
            ("19/Jan/2025 12:00 PM", "2025-01-19T12:00:00+00:00"),
            ("Jan/2/06 3:04 PM", "2006-01-02T15:04:00+00:00"),
            ("2024-02-29", "2024-02-29"),
            ("13-12-2024 14:42", "2024-12-13T14:42:00+00:00"),
            ("7/9/2026 10:00", "2026-09-07T10:00:00+00:00"),
            ("2024-05-01T04:00:00.000+0000", "2024-05-01T04:00:00+00:00"),
            ("2021-01-25T11:09:27.985+0800", "2021-01-25T03:09:27+00:00"),
            ("2023-11-02T09:15:00Z", "2023-11-02T09:15:00+00:00"),
            ("2010-10-04 12:49:14+00:00", "2010-10-04T12:49:14+00:00"),
            ("2024-01-15 10:22:11 UTC", "2024-01-15T10:22:11+00:00"),
            ("Tue May 14 2024 08:53:33 GMT+0000 (GMT)", "2024-05-14T08:53:33+00:00"),
            ("Tue May 14 2024 08:53:33 GMT-0330 (Newfoundland)", "2024-05-14T12:23:33+00:00"),
            ("02/oct/25 2:15 PM", "2025-10-02T14:15:00+00:00"),
            ("02/oct/25 2:15 p. m.", "2025-10-02T14:15:00+00:00"),
            ("02/oct/25 2:15 p.\u{a0}m.", "2025-10-02T14:15:00+00:00"),
            ("01/Dez/24 11:30 AM", "2024-12-01T11:30:00+00:00"),
            ("3/Mär/24 08:00", "2024-03-03T08:00:00+00:00"),
            ("12/févr./24 14:05", "2024-02-12T14:05:00+00:00"),
            ("15/août/24 09:00", "2024-08-15T09:00:00+00:00"),
            ("15/juil./24 09:00", "2024-07-15T09:00:00+00:00"),
            ("7.6.2025 14:59:28", "2025-06-07T14:59:28+00:00"),
            ("3/24/2026 6:55:03 PM", "2026-03-24T18:55:03+00:00"),
            ("15. Januar 2025", "2025-01-15"),
            ("Jan 5, 2024", "2024-01-05"),
            ("January 5, 2024 3:04 PM", "2024-01-05T15:04:00+00:00"),
            ("5 de mayo de 2024", "2024-05-05"),
        ] {
            assert_eq!(read(text), due, "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "Fix login",
            "12",
            "2024",
            "99/99/2024",
            "31/02/2024 25:00",
            "2024-02-30",
            "1.2.3",
            "v1.2.2024-rc1",
            "10:30",
            "24/Jun/26 5:39 XM",
            "0000-00-00",
            "Sam 2024",
            "2024-01-01 10:00 by",
            "5/5/205",
        ] {
            assert!(Written::read(text).is_none(), "{text}");
        }
    }

    #[test]
    fn a_cell_says_which_number_is_the_day_or_not() {
        let read = |text: &str| Written::read(text).expect("a date");
        assert_eq!(read("13/04/2024").proves(), Some(Order::DayFirst));
        assert_eq!(read("04/13/2024").proves(), Some(Order::MonthFirst));
        assert!(read("03/04/2024").is_open() && read("03/04/2024").proves().is_none());
        assert!(
            !read("05/05/2024").is_open() && !read("2024-03-04").is_open() && !read("3.4.2024").is_open()
        );
    }
}
