//! Which number is the day: decided for a whole file from what its dates prove, or asked.

use crate::dates::Order;
use crate::raw::{Batch, ImportError};
use jiff::tz::TimeZone;

/// The order of a file's dates, and whether it matters.
///
/// # Errors
/// When dates contradict one another or what a person said, or nothing tells.
pub fn decide(batch: &Batch, said: Option<Order>) -> Result<Order, ImportError> {
    let evidence = &batch.order;
    let proven = match (evidence.day_first, evidence.month_first) {
        ((days, row), (months, other)) if days > 0 && months > 0 => {
            return Err(ImportError::new(format!(
                "{}: dates are written in two ways: in {days} cells (first in row {row}) only the first number can be the day, in \
                 {months} (first in row {other}) only the second. Export it with one date format",
                batch.file
            )));
        }
        ((days, _), _) if days > 0 => Some(Order::DayFirst),
        (_, (months, _)) if months > 0 => Some(Order::MonthFirst),
        _ => None,
    };
    match (proven, said) {
        (Some(order), Some(said)) if order != said && evidence.open > 0 => Err(ImportError::new(format!(
            "{}: its dates are {}, as row {} proves, and not {}: leave --date-order out, or correct date_order in import.toml",
            batch.file,
            order.word(),
            if order == Order::DayFirst { evidence.day_first.1 } else { evidence.month_first.1 },
            said.word()
        ))),
        (Some(order), _) => Ok(order),
        (None, Some(said)) => Ok(said),
        (None, None) if evidence.open > 0 => Err(question(batch)),
        (None, None) => Ok(Order::DayFirst),
    }
}

fn question(batch: &Batch) -> ImportError {
    let shares = [Order::DayFirst, Order::MonthFirst].map(|order| ascending(batch, order));
    let hint = match shares {
        [Some(days), Some(months)] => format!(
            " (Keys should ascend with the day of creation: they do in {:.0} % of neighbouring rows if the day comes first, in \
             {:.0} % if the month does.)",
            days * 100.0,
            months * 100.0
        ),
        _ => String::new(),
    };
    ImportError::new(format!(
        "{}: in {} dates either number could be the day, and no date settles it. Is 03/04/2024 the third of April \
         or the fourth of March? Say --date-order dmy for the third of April, --date-order mdy for the fourth of March.{hint}",
        batch.file, batch.order.open
    ))
}

/// The share of items, in the order of their numbers, that were created no earlier than the one before.
fn ascending(batch: &Batch, order: Order) -> Option<f64> {
    let number = |key: &str| {
        let digits: String = key.chars().rev().take_while(char::is_ascii_digit).collect();
        digits.chars().rev().collect::<String>().parse::<u64>().ok()
    };
    let day = |at: usize| batch.items[at].created?.when(order, &TimeZone::UTC);
    let mut dated: Vec<(u64, f64)> = (0..batch.items.len())
        .filter_map(|at| Some((number(&batch.items[at].key)?, day(at)?.days(&TimeZone::UTC))))
        .collect();
    dated.sort_by_key(|(number, _)| *number);
    let pairs = dated.len().checked_sub(1).filter(|pairs| *pairs >= 5)?;
    let up = dated.windows(2).filter(|pair| pair[1].1 >= pair[0].1).count();
    Some(up as f64 / pairs as f64)
}
