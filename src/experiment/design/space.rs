//! The space of parameters: what a point of the unit cube means as values written in a scenario.

use super::Prior;
use notation::{Rate, Ratio, Span, Unit, WorkCalendar};
use scenario::study::Setting;
use serde::{Deserialize, Serialize};

/// How a number is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Form {
    /// 1.8
    Plain,
    /// 25%, from 0.25
    Percent,
    /// "3 days", from hours, in a unit of sensible size.
    Span,
    /// "0.7/day", from a rate an hour.
    Rate,
}

/// What a parameter may be.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Number {
        low: f64,
        high: f64,
        /// Equal ratios are equally likely, rather than equal differences.
        log: bool,
        /// Whole numbers only, both ends included.
        whole: bool,
        form: Form,
    },
    /// One of these values, as written, all equally likely.
    Choice(Vec<String>),
    /// One of the rows of a file, the same row for all that are listed in it.
    Listed { values: Vec<ParameterValue>, form: Form },
}

/// Where a parameter matters at all: another path has this value.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    pub path: String,
    pub value: String,
}

/// What a number is drawn together with: its ratio to the number at another path stays within two ends.
#[derive(Clone, Debug, PartialEq)]
pub struct Companion {
    pub path: String,
    pub low: f64,
    pub high: f64,
}

/// An uncertain parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    pub path: String,
    pub kind: Kind,
    /// All must hold; none for most parameters.
    pub when: Vec<Condition>,
    /// None for most parameters.
    pub companions: Vec<Companion>,
    /// The figure of `[plausible]`, inversely proportional to it, that it keeps; see [`Space::keeping`].
    pub keeps: Option<String>,
}

/// A parameter's value at a point.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ParameterValue {
    /// As written.
    pub text: String,
    /// In the base unit (a fraction, hours, a rate an hour), or the choice's position.
    pub number: f64,
}

impl Parameter {
    /// One that always matters and is drawn by itself.
    pub fn alone(path: impl Into<String>, kind: Kind) -> Parameter {
        Parameter { path: path.into(), kind, when: Vec::new(), companions: Vec::new(), keeps: None }
    }

    /// Its value at a place between 0 and 1.
    pub fn at(&self, place: f64, calendar: &WorkCalendar) -> ParameterValue {
        match &self.kind {
            Kind::Choice(values) => {
                let nth = ((place * values.len() as f64) as usize).min(values.len().saturating_sub(1));
                ParameterValue { text: values[nth].clone(), number: nth as f64 }
            }
            Kind::Listed { values, .. } => {
                values[((place * values.len() as f64) as usize).min(values.len() - 1)].clone()
            }
            Kind::Number { .. } => {
                let text = self.write(self.number_at(place), calendar);
                // What is run is what is written, rounding included.
                let number = read(&text, calendar).map_or(f64::NAN, |(number, _)| number);
                ParameterValue { text, number }
            }
        }
    }

    /// The same parameter with the range that its companions, which have these numbers, leave of its own; where they
    /// leave nothing, the end that is nearest. A companion without a number takes nothing away.
    fn beside(&self, companion: impl Fn(&str) -> Option<f64>) -> Parameter {
        let mut left = self.clone();
        for at in &self.companions {
            if let (Kind::Number { low, high, whole, .. }, Some(number)) =
                (&mut left.kind, companion(&at.path))
            {
                let (mut from, mut to) = (at.low * number, at.high * number);
                if *whole {
                    (from, to) = (from.ceil(), to.floor().max(from.ceil()));
                }
                (*low, *high) = (from.clamp(*low, *high), to.clamp(*low, *high));
            }
        }
        left
    }

    /// A number of this parameter at a share of the way from its least to its greatest.
    pub fn between(&self, share: f64, calendar: &WorkCalendar) -> f64 {
        match &self.kind {
            Kind::Listed { values, .. } => {
                let [low, high] = ends(values);
                low + share * (high - low)
            }
            _ => self.at(share, calendar).number,
        }
    }

    /// The exact number at a place between 0 and 1.
    fn number_at(&self, place: f64) -> f64 {
        let Kind::Number { low, high, log, whole, .. } = self.kind else { return f64::NAN };
        // Half a unit on both sides makes the end values as likely as those between.
        let (from, to) = if whole { (low - 0.5, high + 0.5) } else { (low, high) };
        let number = match log {
            true => from * libm::exp(place * libm::log(to / from)),
            false => from + place * (to - from),
        };
        if whole { number.round().clamp(low, high) } else { number }
    }

    /// Where a number of this parameter lies between 0 and 1; the inverse of drawing it.
    pub fn place_of(&self, number: f64) -> f64 {
        match &self.kind {
            Kind::Choice(values) => (number + 0.5) / values.len().max(1) as f64,
            Kind::Listed { values, .. } => {
                let [low, high] = ends(values);
                if high > low { (number - low) / (high - low) } else { 0.5 }
            }
            Kind::Number { low, high, log, whole, .. } => {
                let (from, to) = if *whole { (low - 0.5, high + 0.5) } else { (*low, *high) };
                match log {
                    true => libm::log(number / from) / libm::log(to / from),
                    false => (number - from) / (to - from),
                }
            }
        }
    }

    /// A number of this parameter as a scenario writes it, with as many digits as anybody could mean.
    pub fn write(&self, number: f64, calendar: &WorkCalendar) -> String {
        self.written(number, calendar, 4)
    }

    /// The same with two digits, for sentences and axes.
    pub fn short(&self, number: f64, calendar: &WorkCalendar) -> String {
        self.written(number, calendar, 2)
    }

    fn written(&self, number: f64, calendar: &WorkCalendar, digits: usize) -> String {
        match &self.kind {
            Kind::Choice(values) => values.get(number as usize).cloned().unwrap_or_default(),
            Kind::Number { form, .. } | Kind::Listed { form, .. } => written(number, *form, calendar, digits),
        }
    }

    /// Its range in words: "0.6 to 4", "none, resumption or weinberg".
    pub fn range(&self, calendar: &WorkCalendar) -> String {
        match &self.kind {
            Kind::Choice(values) => values.join(", "),
            Kind::Listed { values, .. } => ends(values).map(|end| self.write(end, calendar)).join(" to "),
            Kind::Number { low, high, .. } => {
                format!("{} to {}", self.write(*low, calendar), self.write(*high, calendar))
            }
        }
    }
}

/// The least and the greatest.
fn ends(values: &[ParameterValue]) -> [f64; 2] {
    let numbers = || values.iter().map(|value| value.number);
    [numbers().fold(f64::INFINITY, f64::min), numbers().fold(f64::NEG_INFINITY, f64::max)]
}

pub(super) fn written(number: f64, form: Form, calendar: &WorkCalendar, digits: usize) -> String {
    let rounded = |number: f64| format!("{number:.0$e}", digits - 1).parse::<f64>().unwrap_or(number);
    match form {
        Form::Plain => rounded(number).to_string(),
        Form::Percent => format!("{}%", rounded(number * 100.0)),
        Form::Rate => format!("{}/day", rounded(number * Unit::Day.hours(calendar))),
        Form::Span => {
            let units = [Unit::Year, Unit::Month, Unit::Week, Unit::Day, Unit::Hour];
            let fits = |unit: &Unit| number >= unit.hours(calendar) * 0.999_95;
            let unit = units.into_iter().find(fits).unwrap_or(Unit::Minute);
            let amount = rounded(number / unit.hours(calendar));
            format!("{amount} {}{}", unit.name(), if amount == 1.0 { "" } else { "s" })
        }
    }
}

/// A written quantity as a number in its base unit, and how it is written.
pub(super) fn read(text: &str, calendar: &WorkCalendar) -> Option<(f64, Form)> {
    let text = text.trim();
    if let Ok(number) = text.parse::<f64>() {
        return number.is_finite().then_some((number, Form::Plain));
    }
    let percent = || Some((text.parse::<Ratio>().ok()?.fraction(), Form::Percent));
    let span = || Some((text.parse::<Span>().ok()?.hours(calendar), Form::Span));
    let rate = || Some((text.parse::<Rate>().ok()?.per_hour(calendar), Form::Rate));
    percent().or_else(span).or_else(rate)
}

/// Parameters, and the calendar by which spans are written.
#[derive(Clone, Debug)]
pub struct Space {
    pub parameters: Vec<Parameter>,
    pub calendar: WorkCalendar,
}

impl Space {
    /// The value of each parameter at a point; nothing where its condition does not hold.
    ///
    /// `fixed` says what the scenario itself has at a path that no parameter moves.
    pub fn places(
        &self,
        point: &[f64],
        prior: Prior,
        fixed: impl Fn(&str) -> Option<String>,
    ) -> Vec<Option<ParameterValue>> {
        let draw = |parameter: &Parameter, at: f64| {
            // Names have no middle, and rows are as likely as they are: a narrower prior leaves both as they are.
            let named = matches!(parameter.kind, Kind::Choice(_) | Kind::Listed { .. });
            parameter.at(if named { at } else { prior.place(at) }, &self.calendar)
        };
        let alone: Vec<ParameterValue> =
            self.parameters.iter().zip(point).map(|(parameter, at)| draw(parameter, *at)).collect();
        let companion = |path: &str| {
            let drawn = self.parameters.iter().position(|parameter| parameter.path == path);
            drawn.map(|of| alone[of].number).or_else(|| Some(read(&fixed(path)?, &self.calendar)?.0))
        };
        let together = |((parameter, at), alone): ((&Parameter, &f64), &ParameterValue)| match parameter
            .companions
            .is_empty()
        {
            true => alone.clone(),
            false => draw(&parameter.beside(companion), *at),
        };
        let all: Vec<ParameterValue> = self.parameters.iter().zip(point).zip(&alone).map(together).collect();
        let is = |condition: &Condition| {
            let drawn = self.parameters.iter().position(|parameter| parameter.path == condition.path);
            let text = drawn.map(|of| all[of].text.clone()).or_else(|| fixed(&condition.path));
            text.as_deref() == Some(condition.value.as_str())
        };
        let matters: Vec<bool> =
            self.parameters.iter().map(|parameter| parameter.when.iter().all(is)).collect();
        all.into_iter().zip(matters).map(|(place, matters)| matters.then_some(place)).collect()
    }

    /// Another value for the parameter `of` of an organisation in which the figure that it keeps was seen to be `seen`, which
    /// is to lie between two ends: drawn from what of the parameter's range keeps it. Nothing where none of it does, or where
    /// the figure is kept already.
    ///
    /// Those that are kept stay as they were drawn, and of the others what is left of their place is uniform: together that
    /// is what drawing again and again until the figure is kept would come to.
    pub fn keeping(
        &self,
        of: usize,
        places: &[Option<ParameterValue>],
        seen: f64,
        ends: [f64; 2],
    ) -> Option<ParameterValue> {
        let drawn = places[of].as_ref()?;
        let number = |path: &str| {
            let at = self.parameters.iter().position(|parameter| parameter.path == path)?;
            Some(places[at].as_ref()?.number)
        };
        let range = self.parameters[of].beside(number);
        let inside = |at: f64| if at.is_nan() { 0.0 } else { at.clamp(0.0, 1.0) };
        let product = seen * drawn.number;
        let (from, to) =
            (inside(range.place_of(product / ends[1])), inside(range.place_of(product / ends[0])));
        let at = inside(range.place_of(drawn.number));
        if from >= to || (from..=to).contains(&at) {
            return None;
        }
        let rest = if at > to { (at - to) / (1.0 - to) } else { at / from };
        Some(range.at(from + rest * (to - from), &self.calendar))
    }

    /// The settings that make an organisation of these values.
    pub fn settings(&self, places: &[Option<ParameterValue>]) -> Vec<Setting> {
        let set = self.parameters.iter().zip(places);
        set.filter_map(|(parameter, place)| Some((parameter.path.clone(), place.as_ref()?.text.clone())))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(low: f64, high: f64, log: bool, whole: bool, form: Form) -> Parameter {
        Parameter::alone("a", Kind::Number { low, high, log, whole, form })
    }

    #[test]
    fn spans_are_written_in_a_unit_of_sensible_size() {
        let calendar = WorkCalendar::default();
        let day_to_month = number(8.0, 160.0, true, false, Form::Span);
        let texts = [0.0, 0.3, 0.5, 1.0].map(|at| day_to_month.at(at, &calendar).text);
        assert_eq!(texts[0], "1 day");
        assert!(texts[1].ends_with(" days") && texts[3].ends_with(" weeks"), "{texts:?}");
        let back = day_to_month.at(0.5, &calendar);
        assert!((back.number - (8.0_f64 * 160.0).sqrt()).abs() < 0.02, "{back:?}");
        assert_eq!(written(0.05, Form::Span, &calendar, 4), "3 minutes");
        assert_eq!(written(0.1234567, Form::Percent, &calendar, 4), "12.35%");
        assert_eq!(written(0.0875, Form::Rate, &calendar, 4), "0.7/day");
        assert_eq!(written(23.248, Form::Span, &calendar, 2), "2.9 days");
    }

    #[test]
    fn whole_numbers_are_equally_likely_ends_included() {
        let calendar = WorkCalendar::default();
        let team = number(3.0, 12.0, false, true, Form::Plain);
        let mut counts = std::collections::BTreeMap::new();
        for at in 0..1_000 {
            *counts.entry(team.at((f64::from(at) + 0.5) / 1_000.0, &calendar).text).or_insert(0) += 1;
        }
        assert_eq!(counts.len(), 10);
        assert!(counts.values().all(|count| *count == 100), "{counts:?}");
        let log = number(1.0, 7.0, true, true, Form::Plain);
        assert_eq!(
            (log.at(0.001, &calendar).text.as_str(), log.at(0.999, &calendar).text.as_str()),
            ("1", "7")
        );
    }

    #[test]
    fn a_number_leads_back_to_its_place() {
        let calendar = WorkCalendar::default();
        for parameter in
            [number(0.6, 4.0, true, false, Form::Plain), number(0.0, 0.3, false, false, Form::Percent)]
        {
            for at in [0.1, 0.5, 0.93] {
                let place = parameter.at(at, &calendar);
                assert!((parameter.place_of(place.number) - at).abs() < 1e-3, "{place:?}");
            }
        }
    }

    #[test]
    fn a_conditional_parameter_exists_only_where_its_condition_holds() {
        let choice = Parameter {
            path: "switching.efficiency".into(),
            kind: Kind::Choice(vec!["none".into(), "resumption".into()]),
            when: Vec::new(),
            companions: Vec::new(),
            keeps: None,
        };
        let mut inner = number(1.0, 6.0, true, false, Form::Plain);
        inner.when = vec![Condition { path: "switching.efficiency".into(), value: "resumption".into() }];
        let space = Space { parameters: vec![choice, inner.clone()], calendar: WorkCalendar::default() };
        let count = |point: &[f64]| space.settings(&space.places(point, Prior::Whole, |_| None)).len();
        assert_eq!((count(&[0.1, 0.5]), count(&[0.9, 0.5])), (1, 2));
        // Not drawn, the condition is looked up in the scenario.
        let alone = Space { parameters: vec![inner], calendar: WorkCalendar::default() };
        let held = alone.places(&[0.5], Prior::Whole, |_| Some("resumption".into()));
        assert!(held[0].is_some() && alone.places(&[0.5], Prior::Whole, |_| None)[0].is_none());
    }

    #[test]
    fn what_belongs_together_is_drawn_together() {
        let calendar = WorkCalendar::default();
        let mut part = number(1.0, 12.0, true, true, Form::Plain);
        part.companions = vec![Companion { path: "whole".into(), low: 0.2, high: 1.2 }];
        let mut whole = number(3.0, 12.0, false, true, Form::Plain);
        whole.path = "whole".into();
        let space = Space { parameters: vec![part.clone(), whole], calendar };
        let drawn = |a: f64, b: f64| {
            let places = space.places(&[a, b], Prior::Whole, |_| None);
            [0, 1].map(|of| places[of].as_ref().map_or(f64::NAN, |place| place.number))
        };
        // Three people: 0.6 to 3.6; twelve: 2.4 to 14.4, of which the part's own range has 3 to 12.
        assert_eq!([drawn(0.001, 0.01), drawn(0.999, 0.01)], [[1.0, 3.0], [3.0, 3.0]]);
        assert_eq!([drawn(0.001, 0.99), drawn(0.999, 0.99)], [[3.0, 12.0], [12.0, 12.0]]);
        // A companion that is not drawn is what the scenario says; what leaves nothing of the range takes its end.
        let alone = Space { parameters: vec![part], calendar };
        let beside = |people: &str| {
            let places = alone.places(&[0.9], Prior::Whole, |_| Some(people.to_owned()));
            places[0].as_ref().map_or(f64::NAN, |place| place.number)
        };
        // Whole numbers on a logarithmic scale: 0.5 · 13^0.9 = 5.03 and 0.5 · 25^0.9 = 9.06, rounded.
        assert_eq!((beside("5"), beside("100"), beside("text")), (5.0, 12.0, 9.0));
    }

    #[test]
    fn what_keeps_a_figure_is_drawn_from_what_keeps_it() {
        let space = |low: f64, high: f64| {
            let parameters = vec![number(low, high, false, false, Form::Plain)];
            Space { parameters, calendar: WorkCalendar::default() }
        };
        let again = |space: &Space, drawn: f64, seen: f64| {
            let places = [Some(ParameterValue { text: drawn.to_string(), number: drawn })];
            space.keeping(0, &places, seen, [1.0, 8.0]).map(|value| value.number)
        };
        // The figure is 4 over the number: 1 to 4 keep it, of a range from 1 to 9. Uniform beyond 4 is uniform from 1 to 4.
        let wide = space(1.0, 9.0);
        assert_eq!([2.0, 4.0].map(|drawn| again(&wide, drawn, 4.0 / drawn)), [None, None]);
        let drawn =
            [4.05, 6.5, 9.0].map(|drawn| again(&wide, drawn, 4.0 / drawn).expect("it is drawn again"));
        assert!((drawn[0] - 1.03).abs() < 1e-9 && drawn[1] == 2.5 && drawn[2] == 4.0, "{drawn:?}");
        // 16 over the number: below 2 it is more than 8.
        assert_eq!(again(&wide, 1.5, 16.0 / 1.5), Some(5.5));
        // Nothing of the range keeps it.
        assert_eq!(again(&space(5.0, 9.0), 6.0, 4.0 / 6.0), None);
        assert_eq!(again(&wide, 6.0, 0.0), None);
    }

    #[test]
    fn the_narrower_prior_is_the_middle_half() {
        let calendar = WorkCalendar::default();
        let space = Space { parameters: vec![number(0.0, 8.0, false, false, Form::Plain)], calendar };
        let at = |point: f64| {
            space.places(&[point], Prior::MiddleHalf, |_| None)[0].as_ref().map_or(0.0, |place| place.number)
        };
        assert_eq!((at(0.0), at(0.5), at(1.0)), (2.0, 4.0, 6.0));
    }
}
