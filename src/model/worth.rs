//! Worth: what is live earns at a rate that fades, is counted for its whole life when it goes live, and is what
//! incidents hit.

use super::compiled_plan::CompiledPlan;
use super::domain_event::DomainEvent;
use super::mechanism::Context;
use super::plan::ValuePlan;
use super::replication::Replication;
use kernel::distribution::Distribution;
use kernel::math;
use kernel::streams::{Key, StreamId, Streams};
use kernel::units::{Instant, TeamId};

const DATED: StreamId = StreamId::named("value/dated");
const DATE: StreamId = StreamId::named("value/date");

/// How long what is live goes on earning, and how much later earnings count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Worth {
    /// The rate of earning falls by this part an hour, evenly.
    pub fade: f64,
    /// What is earned an hour later counts less by this part, evenly.
    pub discount: f64,
}

impl Worth {
    /// What a rate of 1 an hour at the beginning comes to over a whole life: ∫ e^(−(fade + discount)·t) dt, in hours.
    #[inline]
    pub fn annuity(&self) -> f64 {
        1.0 / (self.fade + self.discount)
    }

    /// The part of the rate that is left after so many hours.
    #[inline]
    pub fn left(&self, hours: f64) -> f64 {
        math::exp(-self.fade * hours)
    }

    /// What a rate of 1 at the beginning of a stretch earns within it, undiscounted: ∫ e^(−fade·t) dt.
    fn within(&self, hours: f64) -> f64 {
        let faded = self.fade * hours;
        // For a short stretch the difference from 1 has few digits.
        if faded < 1e-5 { hours * (1.0 - faded / 2.0) } else { (1.0 - math::exp(-faded)) / self.fade }
    }
}

/// How worth depends on when work goes live.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The worth of what is asked for falls by this part an hour, evenly, until it is live.
    pub fade: f64,
    /// The chance that it has a date, hours from the request to that, and the part of its worth that is left after it.
    pub dated: f64,
    pub date: Distribution,
    pub late: f64,
}

/// When an item was asked for, and by when it is wanted. What repairs another item has that one's.
#[derive(Clone, Copy, Debug)]
pub struct Urgency {
    pub requested: Instant,
    /// Hours from then to its date; ∞ where it has none.
    pub due_after: f32,
}

impl Urgency {
    pub fn none(now: Instant) -> Urgency {
        Urgency { requested: now, due_after: f32::INFINITY }
    }
}

impl Waiting {
    /// Hours from request to the date of an item, if it has one.
    #[inline]
    pub fn due_after(&self, streams: &Streams, key: Key) -> f32 {
        let is_dated = self.dated > 0.0 && streams.chance(self.dated, DATED, key);
        if is_dated { self.date.draw(streams, DATE, key) as f32 } else { f32::INFINITY }
    }

    /// The part of its worth that an item has kept which goes live now.
    pub fn left(&self, urgency: &Urgency, now: Instant) -> f64 {
        let waited = (now - urgency.requested).hours();
        self.left_by(waited) * if waited > f64::from(urgency.due_after) { self.late } else { 1.0 }
    }

    /// The part that is left after so many hours of waiting, dates apart.
    pub fn left_by(&self, hours: f64) -> f64 {
        if self.fade > 0.0 { math::exp(-self.fade * hours) } else { 1.0 }
    }
}

/// Engineer-hours, or engineer-hours an hour, under each of the three value models.
pub type Values = [f64; 3];

fn add(to: &mut Values, what: Values, times: f64) {
    for (sum, part) in to.iter_mut().zip(what) {
        *sum += times * part;
    }
}

/// What a team has live, and what incidents do to it.
///
/// Its sums run from the first instant of a replication; whoever measures a window takes differences.
#[derive(Clone, Debug, Default)]
pub struct Product {
    /// What it earns an hour at `at`.
    rate: Values,
    at: Instant,
    /// Incidents that hit it at present, and the sum of the shares of it that they hit.
    incidents: u32,
    severity: f64,
    /// Value of what went live over its life, less what was taken back.
    earned: Values,
    /// What incidents took of what it earned.
    harm: Values,
    /// Hours of being hit, each times the share that was.
    hit_hours: f64,
    /// Rates that went live, less what was left of those that were taken back.
    released: Values,
}

impl Product {
    /// The share that is hit: incidents add up to all there is at most.
    fn hit_share(&self) -> f64 {
        if self.incidents == 0 { 0.0 } else { self.severity.clamp(0.0, 1.0) }
    }

    fn settle(&mut self, now: Instant, worth: &Worth) {
        self.harm = self.harm(now, worth);
        self.rate = self.rate(now, worth);
        self.hit_hours += self.hit_share() * (now - self.at).hours();
        self.at = now;
    }

    /// Something goes live.
    pub fn release(&mut self, now: Instant, rates: Values, worth: &Worth) {
        self.settle(now, worth);
        add(&mut self.rate, rates, 1.0);
        add(&mut self.released, rates, 1.0);
        add(&mut self.earned, rates, worth.annuity());
    }

    /// What went live then, and earned so much then, is taken back: what it would still have earned is not.
    pub fn take_back(&mut self, now: Instant, since: Instant, rates: Values, worth: &Worth) {
        self.release(now, rates.map(|rate| -rate * worth.left((now - since).hours())), worth);
    }

    /// An incident hits this share of it from now on.
    pub fn hit(&mut self, now: Instant, share: f64, worth: &Worth) {
        self.settle(now, worth);
        self.incidents += 1;
        self.severity += share;
    }

    /// One that hit this share of it is over.
    pub fn spare(&mut self, now: Instant, share: f64, worth: &Worth) {
        self.settle(now, worth);
        self.incidents = self.incidents.saturating_sub(1);
        self.severity = if self.incidents == 0 { 0.0 } else { self.severity - share };
    }

    /// What it earns an hour.
    pub fn rate(&self, now: Instant, worth: &Worth) -> Values {
        let left = worth.left((now - self.at).hours());
        self.rate.map(|rate| rate * left)
    }

    pub fn earned(&self) -> Values {
        self.earned
    }

    pub fn released(&self) -> Values {
        self.released
    }

    /// What incidents have taken until now; of what loses anyway they take nothing.
    pub fn harm(&self, now: Instant, worth: &Worth) -> Values {
        let mut harm = self.harm;
        let share = self.hit_share();
        if share > 0.0 {
            let earned = self.rate.map(|rate| rate.max(0.0));
            add(&mut harm, earned, share * worth.within((now - self.at).hours()));
        }
        harm
    }

    /// From now on it is what would be in balance with what went live over a stretch of time, as much fading as came,
    /// times a share. Where nothing fades, it stays what it is.
    pub fn balance(&mut self, now: Instant, before: Values, hours: f64, plan: &ValuePlan) {
        self.settle(now, &plan.worth);
        if plan.worth.fade > 0.0 && hours > 0.0 {
            let times = plan.product / (plan.worth.fade * hours);
            let released = self.released;
            self.rate = std::array::from_fn(|at| times * (released[at] - before[at]));
        }
    }

    /// What incidents took is counted from now on.
    pub fn count_harm_anew(&mut self, now: Instant, worth: &Worth) {
        self.settle(now, worth);
        self.harm = Values::default();
        self.hit_hours = 0.0;
    }

    /// What incidents have taken since [`Product::count_harm_anew`] is what they would have taken of what is there now.
    pub fn harm_as_of_now(&mut self, now: Instant, worth: &Worth) {
        self.settle(now, worth);
        self.harm = self.rate.map(|rate| rate.max(0.0) * self.hit_hours);
    }

    /// Another team's product is this team's from now on. No incident hits it until whoever keeps incidents says so.
    pub(super) fn take_over(&mut self, mut other: Product, now: Instant, worth: &Worth) {
        self.settle(now, worth);
        other.settle(now, worth);
        add(&mut self.rate, other.rate, 1.0);
        add(&mut self.earned, other.earned, 1.0);
        add(&mut self.harm, other.harm, 1.0);
        add(&mut self.released, other.released, 1.0);
        self.hit_hours += other.hit_hours;
    }
}

impl Context<'_> {
    /// An incident hits this share of what a team has live.
    pub fn hit_product(&mut self, team: TeamId, share: f32) {
        let (now, plan) = (self.now(), self.plan);
        if let Some(value) = plan.value.as_ref().filter(|_| share > 0.0) {
            self.org.products[team.at()].hit(now, f64::from(share), &value.worth);
        }
    }

    /// One that hit this share is over.
    pub fn spare_product(&mut self, team: TeamId, share: f32) {
        let (now, plan) = (self.now(), self.plan);
        if let Some(value) = plan.value.as_ref().filter(|_| share > 0.0) {
            self.org.products[team.at()].spare(now, f64::from(share), &value.worth);
        }
    }

    /// What a team has had live since then, earning so much then, is taken back.
    pub fn take_back(&mut self, team: TeamId, since: Instant, rates: Values) {
        let (now, plan) = (self.now(), self.plan);
        if let Some(value) = &plan.value {
            self.org.products[team.at()].take_back(now, since, rates, &value.worth);
        }
        self.emit(DomainEvent::Withdrawn { team });
    }
}

impl Replication<'_> {
    /// Rates that went live so far, by team.
    pub fn released(&self) -> Vec<Values> {
        self.ctx.org.products.iter().map(Product::released).collect()
    }

    /// From now on what each team has live is in balance with what it released over the last hours; until then so much
    /// `before` had been released.
    pub fn balance_products(&mut self, before: &[Values], hours: f64) {
        let now = self.now();
        let Some(value) = &self.ctx.plan.value else { return };
        for (product, before) in self.ctx.org.products.iter_mut().zip(before) {
            product.balance(now, *before, hours, value);
        }
    }

    /// What incidents take is counted from now on, of what is live at whichever time
    /// [`Replication::count_harm_as_of_now`] is asked for.
    pub fn count_harm_anew(&mut self) {
        self.of_products(Product::count_harm_anew);
    }

    pub fn count_harm_as_of_now(&mut self) {
        self.of_products(Product::harm_as_of_now);
    }

    /// What is live has earned until now as the plan in force says, where the next one says otherwise.
    pub(super) fn settle_products(&mut self, next: &CompiledPlan) {
        let worth = |plan: &CompiledPlan| plan.value.as_ref().map(|value| value.worth);
        if worth(self.ctx.plan) != worth(next) {
            self.of_products(Product::settle);
        }
    }

    fn of_products(&mut self, change: impl Fn(&mut Product, Instant, &Worth)) {
        let now = self.now();
        let Some(value) = &self.ctx.plan.value else { return };
        self.ctx.org.products.iter_mut().for_each(|product| change(product, now, &value.worth));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::units::Ticks;

    fn at(hours: f64) -> Instant {
        Instant::START + Ticks::from_hours(hours)
    }

    /// Half of it is hit for ten hours, when nobody knows yet that it will be 2 an hour.
    #[test]
    fn what_incidents_took_may_be_of_what_is_there_at_last() {
        let worth = Worth { fade: 0.0, discount: 0.1 };
        let mut product = Product::default();
        product.hit(at(0.0), 1.0, &worth);
        product.spare(at(5.0), 1.0, &worth);
        product.count_harm_anew(at(8.0), &worth);
        product.hit(at(10.0), 0.5, &worth);
        product.spare(at(20.0), 0.5, &worth);
        product.release(at(30.0), [2.0, 0.0, -2.0], &worth);
        assert_eq!(product.harm(at(40.0), &worth), [0.0; 3]);
        product.harm_as_of_now(at(40.0), &worth);
        assert_eq!(product.harm(at(50.0), &worth), [10.0, 0.0, 0.0]);
    }

    /// Two teams become one: what both have live, earned and lost is its own, and no incident hits it any more.
    #[test]
    fn a_team_takes_over_what_others_have_live() {
        let worth = Worth { fade: 0.0, discount: 0.5 };
        let mut before = [Product::default(), Product::default()];
        before[0].release(at(0.0), [1.0; 3], &worth);
        before[1].release(at(0.0), [2.0; 3], &worth);
        before[1].hit(at(0.0), 0.5, &worth);
        let mut team = Product::default();
        before.into_iter().for_each(|product| team.take_over(product, at(4.0), &worth));
        assert_eq!(team.rate(at(9.0), &worth), [3.0; 3]);
        assert_eq!(team.earned(), [6.0; 3]);
        assert_eq!(team.harm(at(9.0), &worth), [4.0; 3]);
    }
}
