//! Worth: what is live earns at a rate that fades, is counted for its whole life when it goes live, and is what
//! incidents hit.

use super::domain_event::DomainEvent;
use super::mechanism::Context;
use super::plan::ValuePlan;
use super::replication::Replication;
use kernel::math;
use kernel::units::{Instant, TeamId};

/// How long what is live goes on earning, and how much later earnings count.
#[derive(Clone, Copy, Debug)]
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
        self.org.products.iter().map(Product::released).collect()
    }

    /// From now on what each team has live is in balance with what it released over the last hours; until then so much
    /// `before` had been released.
    pub fn balance_products(&mut self, before: &[Values], hours: f64) {
        let now = self.now();
        let Some(value) = &self.plan.value else { return };
        for (product, before) in self.org.products.iter_mut().zip(before) {
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

    fn of_products(&mut self, change: impl Fn(&mut Product, Instant, &Worth)) {
        let now = self.now();
        let Some(value) = &self.plan.value else { return };
        self.org.products.iter_mut().for_each(|product| change(product, now, &value.worth));
    }
}
