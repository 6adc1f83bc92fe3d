//! Units: what people read beside an amount, and what an amount of a row is multiplied by for it. One place decides it.

use std::borrow::Cow;

/// What an engineer-month costs, in the reader's currency.
#[derive(Clone, Debug, PartialEq)]
pub struct Money {
    pub engineer_month: f64,
    /// The currency as the scenario writes it.
    pub currency: String,
}

/// The unit of a metric.
#[derive(Clone, Debug, PartialEq)]
pub struct Unit {
    written: Cow<'static, str>,
    name: Cow<'static, str>,
    /// What an amount of a row is multiplied by.
    factor: f64,
    is_money: bool,
}

/// Of value, cost and harm, in rows and files.
const MONTHS: &str = "engineer-months";

/// Of value over cost.
const RATIO: &str = "engineer-months per engineer-month";

impl Unit {
    /// For numbers of no unit.
    pub const NONE: Unit =
        Unit { written: Cow::Borrowed(""), name: Cow::Borrowed(""), factor: 1.0, is_money: false };

    /// Shares, which people read in per cent.
    pub const SHARE: Unit =
        Unit { written: Cow::Borrowed("share"), name: Cow::Borrowed("share"), factor: 1.0, is_money: false };

    /// What people read of amounts whose unit is written like this in rows and files: amounts of value, cost and harm in
    /// money where a month has a price; else in "engineer-months of cost", so that nobody takes them for effort.
    pub fn of(written: impl Into<Cow<'static, str>>, money: Option<&Money>) -> Unit {
        let written = written.into();
        let per = match &*written {
            RATIO => None,
            months => months.strip_prefix(MONTHS).map(str::to_owned),
        };
        let (name, factor, is_money) = match (per, money) {
            (Some(per), Some(money)) => {
                (format!("{}{per}", money.currency).into(), money.engineer_month, true)
            }
            (Some(per), None) => (format!("{MONTHS} of cost{per}").into(), 1.0, false),
            (None, _) if *written == *RATIO => (Cow::Borrowed(""), 1.0, false),
            (None, _) => (written.clone(), 1.0, false),
        };
        Unit { written, name, factor, is_money }
    }

    /// The unit of amounts of value, cost and harm.
    pub fn of_value(money: Option<&Money>) -> Unit {
        Unit::of(MONTHS, money)
    }

    /// As rows and files have it.
    pub fn written(&self) -> &str {
        &self.written
    }

    /// As people read it; nothing for what has no unit.
    pub fn name(&self) -> &str {
        &self.name
    }

    pub fn factor(&self) -> f64 {
        self.factor
    }

    pub fn is_money(&self) -> bool {
        self.is_money
    }

    pub fn is_share(&self) -> bool {
        self.written == "share"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_has_a_price_or_is_one_of_cost() {
        let money = Money { engineer_month: 12_000.0, currency: "€".to_owned() };
        let told = |written: &'static str| {
            [None, Some(&money)].map(|money| {
                let unit = Unit::of(written, money);
                (unit.name().to_owned(), unit.factor())
            })
        };
        let pair = |a: &str, b: &str, factor: f64| [(a.to_owned(), 1.0), (b.to_owned(), factor)];
        assert_eq!(told("engineer-months"), pair("engineer-months of cost", "€", 12_000.0));
        let yearly = pair("engineer-months of cost per year", "€ per year", 12_000.0);
        assert_eq!(told("engineer-months per year"), yearly);
        assert_eq!(told("engineer-months per engineer-month"), pair("", "", 1.0));
        assert_eq!(told("working days"), pair("working days", "working days", 1.0));
    }
}
